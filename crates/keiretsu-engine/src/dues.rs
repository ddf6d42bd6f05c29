//! Service credits: granted, used before cash, expired. Then what is still due is posted.

use keiretsu_program::{CreditsId, Reg, Unread};

use crate::plan::tape::Step;
use crate::rows::{Arg, Place};
use crate::steps;
use crate::work::Work;

impl Work<'_> {
    /// Pools in order: each grants, then settles its flows in order.
    pub fn use_credits(&mut self, t: u32) {
        let plan = self.plan;
        if plan.program.credits.is_empty() {
            return;
        }
        for settled in plan.layout.settled.iter().flatten() {
            self.rows.row_mut(*settled).fill(0.0);
        }
        for at in 0..plan.program.credits.len() {
            self.use_pool(at, t);
        }
        self.post_dues();
    }

    fn use_pool(&mut self, at: usize, t: u32) {
        let plan = self.plan;
        let pool = &plan.program.credits[at];
        let [used, expired] = plan.layout.used[at];
        self.rows.row_mut(used).fill(0.0);
        self.rows.row_mut(expired).fill(0.0);
        if t > pool.expiry {
            return;
        }
        self.grow(plan.layout.left[at], pool.grows, t);
        self.grant(at, t);
        for flow in &pool.flows {
            self.use_on(at, flow.at());
        }
        if t == pool.expiry {
            let left = plan.layout.left[at];
            self.set(expired, Place::Row(left), t);
            self.rows.row_mut(left).fill(0.0);
        }
    }

    /// What was counted in a row in other money, at its worth of this month; an unknown worth changes
    /// nothing.
    pub fn grow(&mut self, row: usize, by: Option<Reg>, t: u32) {
        let Some(by) = by else { return };
        for lane in 0..self.rows.width() {
            let by = self.arg(self.plan.register(by), t).at(lane);
            if by.is_finite() {
                *self.rows.cell(row, lane) *= by;
            }
        }
    }

    /// A grant that is unknown while the grantor stands is noted.
    fn note_grant(&mut self, at: usize, grantor: Option<usize>, t: u32) {
        let grant = self.plan.register(self.plan.program.credits[at].grant);
        if matches!(self.arg(grant, t), Arg::One(amount) if !amount.is_nan()) {
            return;
        }
        for lane in 0..self.rows.width() {
            let stands = grantor.is_none_or(|row| self.rows.get(row, lane) < 0.5);
            if stands {
                let amount = self.arg(grant, t).at(lane);
                self.note_unread(amount, Unread::Grant(CreditsId(at as u32)), lane);
            }
        }
    }

    /// An unknown grant is left out; a defaulted grantor grants nothing.
    fn grant(&mut self, at: usize, t: u32) {
        let plan = self.plan;
        let pool = &plan.program.credits[at];
        let grantor = plan.layout.defaulted[plan.purses[pool.grantor.at()]];
        let month = plan.table.month(t);
        self.note_grant(at, grantor, t);
        let spare = plan.layout.spare;
        let (out, others) = self.rows.split(spare);
        let amount = others.arg(plan.register(pool.grant), month);
        self.lanes.run(steps::DueRow { out, amount });
        if let Some(grantor) = grantor {
            self.lanes.run(steps::EndRow { out, ended: others.row(grantor) });
        }
        self.add(plan.layout.left[at], Place::Row(spare), t);
    }

    fn use_on(&mut self, at: usize, flow: usize) {
        let layout = &self.plan.layout;
        let due = layout.due[flow].expect("a flow with credits is kept");
        let settled = layout.settled[flow].expect("a flow with credits says what they settled");
        let (left, used) = (layout.left[at], layout.used[at][0]);
        for lane in 0..self.rows.width() {
            let use_now = self.rows.get(left, lane).min(self.rows.get(due, lane));
            *self.rows.cell(left, lane) -= use_now;
            *self.rows.cell(due, lane) -= use_now;
            *self.rows.cell(used, lane) += use_now;
            *self.rows.cell(settled, lane) += use_now;
            debug_assert!(0.0 <= self.rows.get(left, lane), "credits beyond what is left");
        }
    }

    /// What credits have left of each flow, in the order of flows.
    fn post_dues(&mut self) {
        let plan = self.plan;
        let count = plan.purses.len();
        for step in &plan.tape.steps {
            let (Step::Due(due) | Step::Product(crate::plan::tape::Product { due, .. })) = step else {
                continue;
            };
            let flow = &plan.program.flows[due.flow.at()];
            let (from, to) = (plan.purses[flow.from.at()], plan.purses[flow.to.at()]);
            if from != to {
                let row = due.out.expect("with credits every flow is kept");
                let (out, into) = self.posts.two(from, count + to);
                self.lanes.run(steps::Post { out, into, amount: Arg::Many(self.rows.row(row)) });
            }
        }
    }
}
