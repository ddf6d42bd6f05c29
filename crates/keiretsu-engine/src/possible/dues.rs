//! What may be due on each flow, and what credits settle of it.

use keiretsu_program::{Feed, FlowId};

use super::range::OpenRange;
use super::registers::{kept, kept_as};
use super::{Cell, Pass};
use std::rc::Rc;

/// The dues of a month before calls.
pub struct Dues {
    /// What is due on each flow in cash.
    pub due: Vec<Cell>,
    /// What credits have settled of each flow.
    pub settled: Vec<OpenRange>,
    /// Flows of which something could not be read.
    pub unread: Vec<bool>,
    /// Of each pool: used, expired.
    pub used: Vec<[OpenRange; 2]>,
}

impl Pass<'_> {
    /// What is due in month `t` before calls.
    pub fn dues(&mut self, t: u32) -> Dues {
        let flows = 0..self.program.flows.len();
        let nothing = || OpenRange::point(0.0);
        let credited = |at: usize| if self.is_credited[at] { self.owed(at, t) } else { nothing() };
        let mut due: Vec<OpenRange> = flows.clone().map(credited).collect();
        let mut dues = Dues {
            due: vec![],
            settled: flows.clone().map(|_| nothing()).collect(),
            unread: flows.clone().map(|at| self.is_unread(at, t)).collect(),
            used: self.program.credits.iter().map(|_| [nothing(), nothing()]).collect(),
        };
        for at in 0..self.program.credits.len() {
            self.use_pool(at, t, &mut due, &mut dues);
        }
        let in_cash = |(due, at): (OpenRange, usize)| {
            if self.is_credited[at] { self.in_cash(at, due, t) } else { self.owed_in_cash(at, t) }
        };
        dues.due = due.into_iter().zip(flows).map(in_cash).collect();
        dues
    }

    /// What is due on a flow that no credits settle: often just its amount.
    fn owed_in_cash(&self, at: usize, t: u32) -> Cell {
        let flow = &self.program.flows[at];
        let read = self.numbers.due(at, t);
        if !self.is_call[at] && self.stands(at, t) {
            match self.cell(flow.amount, t) {
                None if self.numbers.register(flow.amount.0 as usize, t).max(0.0).to_bits()
                    == read.to_bits() =>
                {
                    return None;
                }
                Some(amount) if 0.0 <= self.set(amount).low && amount.base.to_bits() == read.to_bits() => {
                    return kept_as(self.cell(flow.amount, t), read);
                }
                _ => {}
            }
        }
        self.in_cash(at, self.owed(at, t), t)
    }

    /// Whether neither side of a flow has failed, or may have.
    fn stands(&self, at: usize, t: u32) -> bool {
        let flow = &self.program.flows[at];
        let mut sides = [flow.from, flow.to].into_iter().map(|party| self.purse(party));
        flow.survives || sides.all(|purse| !self.may_fail[purse] && !self.numbers.defaulted(purse, t - 1))
    }

    /// What is due in cash; what is called comes on top of it, and is in what the run has.
    fn in_cash(&self, at: usize, due: OpenRange, t: u32) -> Cell {
        if self.is_call[at] {
            let read = due.base;
            return kept(Some(due), read);
        }
        kept(Some(due), self.numbers.due(at, t))
    }

    /// What is due on a flow before credits: its amount, not below zero, as long as the flow stands.
    fn owed(&self, at: usize, t: u32) -> OpenRange {
        let flow = &self.program.flows[at];
        let sides = [self.purse(flow.from), self.purse(flow.to)];
        let nothing = OpenRange::point(0.0);
        let gone = |purse: usize| !self.may_fail[purse] && self.numbers.defaulted(purse, t - 1);
        if !flow.survives && sides.into_iter().any(gone) {
            return nothing;
        }
        let due = if let Some(amount) = self.cell(flow.amount, t) {
            amount.positive(&self.symbols)
        } else {
            let read = self.numbers.register(flow.amount.0 as usize, t);
            OpenRange::point(if read < 0.0 { 0.0 } else { read })
        };
        let ends = !flow.survives && sides.into_iter().any(|purse| self.may_fail[purse]);
        if ends { due.or(&nothing, &self.symbols) } else { due }
    }

    fn is_unread(&self, at: usize, t: u32) -> bool {
        let flow = &self.program.flows[at];
        let gone = [flow.from, flow.to].into_iter().any(|p| self.numbers.defaulted(self.purse(p), t - 1));
        let read = self.numbers.register(flow.amount.0 as usize, t);
        !read.is_finite() && (flow.survives || !gone)
    }

    fn use_pool(&mut self, at: usize, t: u32, due: &mut [OpenRange], dues: &mut Dues) {
        let pool = &self.program.credits[at];
        if t > pool.expiry {
            return;
        }
        let grantor = self.purse(pool.grantor);
        let mut grant = self.value(pool.grant, t).positive(&self.symbols);
        if self.may_fail[grantor] {
            grant = grant.or(&OpenRange::point(0.0), &self.symbols);
        } else if self.numbers.defaulted(grantor, t - 1) {
            grant = OpenRange::point(0.0);
        }
        let dark = !self.numbers.register(pool.grant.0 as usize, t).is_finite();
        self.dark_pools[at] |= dark || pool.flows.iter().any(|flow| dues.unread[flow.at()]);
        let mut left = self.grown(&self.left[at], pool.grows, t).plus(&grant);
        for FlowId(flow) in pool.flows.iter().copied() {
            let flow = flow as usize;
            let now = left.min(&due[flow], &self.symbols);
            left = left.minus(&now).positive(&self.symbols);
            due[flow] = due[flow].minus(&now).positive(&self.symbols);
            dues.settled[flow] = dues.settled[flow].plus(&now);
            dues.used[at][0] = dues.used[at][0].plus(&now);
        }
        if t == pool.expiry {
            dues.used[at][1] = left;
            left = OpenRange::point(0.0);
        }
        self.left[at] = left;
    }

    /// Accounts take their feeds.
    pub fn feed(&mut self, t: u32, dues: &Dues) {
        for (at, account) in self.program.accounts.iter().enumerate() {
            let feed = |feed: &Feed| match *feed {
                Feed::Value(reg) => self.value(reg, t),
                Feed::Payment(flow) => {
                    let paid = self.cleared.paid[flow.at()].as_deref().cloned();
                    let paid = paid.unwrap_or_else(|| OpenRange::point(self.numbers.paid(flow.at(), t)));
                    paid.plus(&dues.settled[flow.at()])
                }
            };
            let sum = account.feeds.iter().map(feed).fold(self.account_before(at), |sum, x| sum.plus(&x));
            self.account_base[at] = sum.base;
            self.account[at] = if sum.is_closed() { None } else { Some(Rc::new(sum)) };
        }
    }

    fn account_before(&self, at: usize) -> OpenRange {
        let known = || OpenRange::point(self.account_base[at]);
        self.account[at].as_deref().cloned().unwrap_or_else(known)
    }
}
