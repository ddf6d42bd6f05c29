//! Guarantees: what each cover answers for, what its calls came to, and what that leaves of it.

use std::ops::Range;

use keiretsu_program::{Cover, CoverId, Outstanding, Unread};

use crate::calls::{Answer, Calls, Covered, Item, Missing};
use crate::logic::due;
use crate::work::Work;

/// A part of a call: path, cover, the covered flow, and the amount.
pub type Part = (usize, usize, usize, f64);

/// How a cover stands on one path this month.
enum Stands {
    /// Its own flow has ended, or it has not begun.
    Still,
    /// Something about it is unknown.
    Blind,
    /// It answers: share, what the limit leaves, what the beneficiary loses first and has been brought.
    Answers(f64, f64, [f64; 2]),
}

impl Work<'_> {
    /// What has been drawn and lost first, in money of this month.
    pub fn grow_covers(&mut self, t: u32) {
        let plan = self.plan;
        for (cover, [drawn, kept, _]) in plan.program.covers.iter().zip(&plan.layout.covers) {
            for row in [drawn, kept] {
                self.grow(*row, cover.grows, t);
            }
        }
    }

    /// Paths on which a call is due whoever can pay: something falls due of a claim on who has failed.
    /// Covers that cannot be read are reported.
    pub fn find_called(&mut self, t: u32, lanes: &mut Vec<usize>) {
        let plan = self.plan;
        for (at, cover) in plan.program.covers.iter().enumerate() {
            for lane in 0..self.rows.width() {
                match self.stands(at, lane, t) {
                    Stands::Still => {}
                    Stands::Blind => {
                        self.note_unread(f64::NAN, Unread::Cover(CoverId(at as u32)), lane);
                    }
                    Stands::Answers(..) => {
                        if cover.claims.iter().any(|one| self.falls(*one, lane, t) > Some(0.0)) {
                            lanes.push(lane);
                        }
                    }
                }
            }
        }
    }

    fn stands(&self, at: usize, lane: usize, t: u32) -> Stands {
        let plan = self.plan;
        let cover = &plan.program.covers[at];
        let read = |reg| self.arg(plan.register(reg), t).at(lane);
        let call = &plan.program.flows[cover.call.at()];
        let gone = self.is_gone(call.from.at(), lane) || self.is_gone(call.to.at(), lane);
        let share = read(cover.share);
        if (gone && !call.survives) || share <= 0.0 {
            return Stands::Still;
        }
        let limit = cover.limit.map_or(f64::INFINITY, read);
        let cushion = cover.cushion.map_or(0.0, read);
        let dark = |one: &Outstanding| self.falls(*one, lane, t).is_some_and(|x| !x.is_finite());
        if share.is_nan() || limit.is_nan() || cushion.is_nan() || cover.claims.iter().any(dark) {
            return Stands::Blind;
        }
        let [drawn, kept, recovered] = plan.layout.covers[at].map(|row| self.rows.get(row, lane));
        let brought = recovered / self.worth(cover, lane, t);
        Stands::Answers(share.min(1.0), due(limit - drawn), [due(cushion - kept), due(brought)])
    }

    /// What would have fallen due of a claim, where its debtor has failed; NaN where unknown.
    fn falls(&self, one: Outstanding, lane: usize, t: u32) -> Option<f64> {
        let claim = &self.plan.program.claims[one.claim.at()];
        let open = self.is_gone(claim.debtor.at(), lane) && !self.is_gone(claim.creditor.at(), lane);
        let amount = self.arg(self.plan.register(one.falls), t).at(lane);
        open.then_some(if amount.is_nan() { amount } else { amount.max(0.0) })
    }

    /// What money of this month is worth to a cover.
    fn worth(&self, cover: &Cover, lane: usize, t: u32) -> f64 {
        cover.worth.map_or(1.0, |reg| self.arg(self.plan.register(reg), t).at(lane))
    }

    /// Repeats the clearing of a path with calls, if there are any. `assets` are those of the clearing.
    pub fn clear_covered(&mut self, lane: usize, range: &Range<usize>, t: u32) {
        let plan = self.plan;
        if plan.program.covers.is_empty() || self.failed[lane] {
            return;
        }
        let mut calls = std::mem::take(&mut self.clearing.calls);
        self.list_calls(&mut calls, lane, range, t);
        let debts = &mut self.clearing.debts[range.clone()];
        let paid = &mut self.clearing.paid[range.clone()];
        calls.evaluate(debts, paid, |_, _, _| {});
        if calls.any() && !calls.clear(debts, &self.clearing.assets, &plan.can_be_short, paid) {
            self.failed[lane] = true;
            paid.fill(0.0);
        }
        self.write_calls(&calls, lane, range);
        self.clearing.calls = calls;
    }

    /// What is covered on a path, and the covers that answer for it.
    fn list_calls(&mut self, calls: &mut Calls, lane: usize, range: &Range<usize>, t: u32) {
        let plan = self.plan;
        let debt_of = |flow: usize| self.clearing.flows[range.clone()].iter().position(|at| *at == flow);
        calls.covered.clear();
        calls.answers.clear();
        calls.own.clear();
        calls.own.extend(self.clearing.debts[range.clone()].iter().map(|debt| debt.amount));
        for (at, cover) in plan.program.covers.iter().enumerate() {
            let Stands::Answers(share, room, first) = self.stands(at, lane, t) else { continue };
            let of_flow = |flow: usize| debt_of(flow).map_or(Missing::Nothing, Missing::Of);
            let flows = cover.flows.iter().map(|flow| (Item::Flow(flow.at()), of_flow(flow.at())));
            let of_claim =
                |one: &Outstanding| self.falls(*one, lane, t).map_or(Missing::Nothing, Missing::All);
            let claims = cover.claims.iter().map(|one| (Item::Claim(one.claim.at()), of_claim(one)));
            let mut items = vec![];
            for (item, missing) in flows.chain(claims) {
                let known = calls.covered.iter().position(|covered| covered.item == item);
                items.push(known.unwrap_or(calls.covered.len()));
                if known.is_none() {
                    calls.covered.push(Covered::new(item, missing));
                }
            }
            let debt = debt_of(cover.call.at()).expect("the flow of a call is always listed");
            let (kept, call) = ([0.0; 2], 0.0);
            calls.answers.push(Answer { cover: at, debt, items, share, room, first, kept, call });
        }
    }

    /// What is due with the calls, on the flows and from those who can be short.
    fn write_calls(&mut self, calls: &Calls, lane: usize, range: &Range<usize>) {
        let plan = self.plan;
        for answer in &calls.answers {
            let debt = range.start + answer.debt;
            let row = plan.layout.due[self.clearing.flows[debt]].expect("with covers every flow is kept");
            *self.rows.cell(row, lane) = self.clearing.debts[debt].amount;
        }
        // From scratch and in the order in which payments are added, so that paid in full is no shortfall.
        (0..plan.purses.len()).for_each(|at| *self.posts.cell(at, lane) = 0.0);
        for debt in &self.clearing.debts[range.clone()] {
            *self.posts.cell(debt.debtor as usize, lane) += debt.amount;
        }
    }

    /// Takes the calls out of the dues of a path, for another clearing.
    pub fn without_calls(&mut self, lane: usize, range: &Range<usize>, t: u32) {
        let plan = self.plan;
        for (at, cover) in plan.program.covers.iter().enumerate() {
            if let Stands::Answers(..) = self.stands(at, lane, t) {
                let is_call = |debt: &usize| self.clearing.flows[*debt] == cover.call.at();
                let debt = range.clone().find(is_call).expect("the flow of a call is always listed");
                self.clearing.debts[debt].amount = self.clearing.before[debt];
            }
        }
        let owed = |at: usize| {
            let mine = self.clearing.debts[range.clone()].iter().filter(|debt| debt.debtor as usize == at);
            mine.map(|debt| debt.amount).sum::<f64>()
        };
        let owed: Vec<f64> = (0..plan.purses.len()).map(owed).collect();
        owed.into_iter().enumerate().for_each(|(at, owed)| *self.posts.cell(at, lane) = owed);
    }

    /// What the final clearing of a path leaves of its covers, and who has paid for what.
    pub fn draw_covers(&mut self, lane: usize, range: &Range<usize>, t: u32) {
        let plan = self.plan;
        if plan.program.covers.is_empty() || self.failed[lane] {
            return;
        }
        let mut calls = std::mem::take(&mut self.clearing.calls);
        self.list_calls(&mut calls, lane, range, t);
        let (debts, paid) = (&self.clearing.debts[range.clone()], &self.clearing.paid[range.clone()]);
        let mut parts = vec![];
        calls.evaluate(debts, paid, |cover, item, amount| {
            // Who answers for a claim has no estate to turn to any more.
            if let Item::Flow(flow) = item {
                parts.push((lane, cover, flow, amount));
            }
        });
        let share = |debt: usize| {
            if debts[debt].amount > 0.0 { paid[debt] / debts[debt].amount } else { 1.0 }
        };
        for answer in &calls.answers {
            let [drawn, kept, recovered] = plan.layout.covers[answer.cover];
            let worth = self.worth(&plan.program.covers[answer.cover], lane, t);
            let share = share(answer.debt);
            *self.rows.cell(drawn, lane) += share * answer.call;
            *self.rows.cell(kept, lane) += answer.kept[0];
            *self.rows.cell(recovered, lane) -= answer.kept[1] * worth;
            debug_assert!(share * answer.call <= answer.room * (1.0 + 1e-9), "more is drawn than the limit");
            let mine = parts.iter_mut().filter(|part: &&mut Part| part.1 == answer.cover);
            mine.for_each(|part| part.3 *= share);
        }
        self.clearing.parts.extend(parts);
        self.clearing.calls = calls;
    }

    /// What a claim of the list has brought counts for the covers that name it.
    pub fn recover(&mut self, claim: usize, amount: f64, lane: usize, t: u32) {
        let plan = self.plan;
        for (at, cover) in plan.program.covers.iter().enumerate() {
            if cover.claims.iter().any(|listed| listed.claim.at() == claim) {
                let worth = self.worth(cover, lane, t);
                *self.rows.cell(plan.layout.covers[at][2], lane) += amount * worth;
            }
        }
    }
}
