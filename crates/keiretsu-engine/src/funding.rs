//! Who is short, who raises money, and what is paid: first clearing, raising, final clearing.
//!
//! Only paths on which somebody cannot pay in full go to the solver; on all others every due is paid,
//! which is the greatest clearing vector there.

use keiretsu_methods::clearing::{Debt, Workspace, clear_small};

use crate::plan::Funded;
use crate::work::Work;

/// Memory for clearing one path after the other.
#[derive(Debug, Default)]
pub struct Clearing {
    workspace: Workspace,
    debts: Vec<Debt>,
    /// The flow of each debt.
    flows: Vec<usize>,
    paid: Vec<f64>,
    assets: Vec<f64>,
    /// Paths on which somebody could not pay in the first clearing.
    tight: Vec<usize>,
}

impl Work<'_> {
    /// Pays what is due, raising money where that is needed.
    pub fn settle(&mut self, t: u32) {
        let plan = self.plan;
        if plan.funded.is_empty() {
            return;
        }
        let count = plan.purses.len();
        for funded in &plan.funded {
            let receipts = plan.layout.receipts[funded.purse].expect("a funded purse has receipts");
            self.rows.row_mut(receipts).copy_from_slice(self.posts.row(count + funded.purse));
            let shortfall = plan.layout.shortfall[funded.purse].expect("a funded purse has a shortfall");
            self.rows.row_mut(shortfall).fill(0.0);
        }
        self.find_tight();
        let tight = std::mem::take(&mut self.clearing.tight);
        for &lane in &tight {
            self.solve(lane, false);
            self.note_receipts(lane);
        }
        for funded in &plan.funded {
            self.raise(funded, t);
        }
        for &lane in &tight {
            self.solve(lane, true);
            self.pay(lane);
        }
        self.clearing.tight = tight;
        self.post_raised();
    }

    /// Paths on which somebody could not pay even if all others did.
    fn find_tight(&mut self) {
        let plan = self.plan;
        let count = plan.purses.len();
        let mut tight = std::mem::take(&mut self.clearing.tight);
        tight.clear();
        for funded in &plan.funded {
            let cash = self.rows.row(plan.layout.cash[funded.purse].expect("a funded purse has cash"));
            let (dues, into) = (self.posts.row(funded.purse), self.posts.row(count + funded.purse));
            let (pairs, short) = (cash.iter().zip(into).zip(dues), |((c, r), d): ((&f64, &f64), &f64)| {
                c.max(0.0) + r - d < 0.0
            });
            let lanes = pairs.enumerate().filter(|(_, balance)| short(*balance)).map(|(lane, _)| lane);
            tight.extend(lanes);
        }
        tight.sort_unstable();
        tight.dedup();
        self.clearing.tight = tight;
    }

    /// The greatest clearing vector of one path, with what was raised or without.
    fn solve(&mut self, lane: usize, raised: bool) {
        let plan = self.plan;
        let clearing = &mut self.clearing;
        clearing.debts.clear();
        clearing.flows.clear();
        for (at, flow) in plan.program.flows.iter().enumerate() {
            let (from, to) = (plan.purses[flow.from.at()], plan.purses[flow.to.at()]);
            let amount = self.rows.get(plan.layout.due[at].expect("with funding every flow is kept"), lane);
            if from != to && amount > 0.0 {
                let (debtor, creditor) = (from as u32, to as u32);
                clearing.debts.push(Debt { debtor, creditor, rank: u32::from(flow.rank), amount });
                clearing.flows.push(at);
            }
        }
        clearing.assets.clear();
        // Who cannot be short always has what is due.
        clearing.assets.extend((0..plan.purses.len()).map(|at| self.posts.get(at, lane)));
        for funded in &plan.funded {
            let cash = plan.layout.cash[funded.purse].expect("a funded purse has cash");
            let mut assets = self.rows.get(cash, lane).max(0.0);
            if raised {
                assets += self.rows.get(plan.layout.raised[funded.purse].expect("it may raise"), lane);
            }
            clearing.assets[funded.purse] = assets;
        }
        clearing.paid.clear();
        clearing.paid.resize(clearing.debts.len(), 0.0);
        let Clearing { workspace, debts, assets, paid, .. } = clearing;
        if clear_small(workspace, debts, assets, &[], paid).is_err() {
            // An infinite amount: the path is given up below, whatever was paid.
            self.failed[lane] = true;
            paid.fill(0.0);
        }
    }

    /// What each funded purse receives in the first clearing.
    fn note_receipts(&mut self, lane: usize) {
        let plan = self.plan;
        for funded in &plan.funded {
            let row = plan.layout.receipts[funded.purse].expect("a funded purse has receipts");
            let to = funded.purse as u32;
            let paid = self.clearing.debts.iter().zip(&self.clearing.paid);
            let sum = paid.filter(|(debt, _)| debt.creditor == to).map(|(_, paid)| paid).sum();
            *self.rows.cell(row, lane) = sum;
        }
    }

    /// What a party raises, decided on the first clearing.
    fn raise(&mut self, funded: &Funded, t: u32) {
        let plan = self.plan;
        let layout = &plan.layout;
        let at = funded.purse;
        let [last, before] = layout.outflows[at].expect("a funded purse has outflows");
        let (raised, cash) = (layout.raised[at].expect("it may raise"), layout.cash[at].expect("it has cash"));
        let receipts = layout.receipts[at].expect("a funded purse has receipts");
        let months = f64::from(t.min(3));
        for lane in 0..self.rows.width() {
            let (dues, received) = (self.posts.get(at, lane), self.rows.get(receipts, lane));
            let outflow = dues - received;
            let (one, two) = (self.rows.get(last, lane), self.rows.get(before, lane));
            let burn = ((outflow + one + two) / months).max(0.0);
            let after = self.rows.get(cash, lane) + received - dues;
            *self.rows.cell(before, lane) = one;
            *self.rows.cell(last, lane) = outflow;
            let wanted = funded.funding.raise * burn - after;
            let low = after < 0.0 || after < funded.funding.keep * burn;
            let can = low && wanted > 0.0 && self.can_raise(funded, lane, t);
            *self.rows.cell(raised, lane) = if can { wanted } else { 0.0 };
        }
        self.dilute_for(at, raised, funded.price, t);
    }

    fn can_raise(&self, funded: &Funded, lane: usize, t: u32) -> bool {
        let Some(price) = funded.price else { return false };
        let defaulted = self.plan.layout.defaulted[funded.purse];
        let gone = defaulted.is_some_and(|row| self.rows.get(row, lane) > 0.5);
        // A chance (in the expected reading) stands if it is more likely than not.
        let stands = self.arg(funded.market, t).at(lane) > 0.5;
        !gone && stands && self.arg(price, t).at(lane) > 0.0
    }

    /// Writes what was paid on one path, if it is less than what was due.
    fn pay(&mut self, lane: usize) {
        let plan = self.plan;
        let layout = &plan.layout;
        if !self.short {
            self.short = true;
            for at in 0..plan.program.flows.len() {
                let due = layout.due[at].expect("with funding every flow is kept");
                let paid = layout.paid[at].expect("with funding payments may be less");
                let (out, others) = self.rows.split(paid);
                out.copy_from_slice(others.row(due));
            }
        }
        let count = plan.purses.len();
        for funded in &plan.funded {
            let row = layout.shortfall[funded.purse].expect("a funded purse has a shortfall");
            *self.rows.cell(row, lane) = self.posts.get(funded.purse, lane);
        }
        (0..2 * count).for_each(|row| *self.posts.cell(row, lane) = 0.0);
        for (at, paid) in self.clearing.flows.iter().zip(&self.clearing.paid) {
            let flow = &plan.program.flows[*at];
            let row = layout.paid[*at].expect("with funding payments may be less");
            *self.rows.cell(row, lane) = *paid;
            *self.posts.cell(plan.purses[flow.from.at()], lane) += paid;
            *self.posts.cell(count + plan.purses[flow.to.at()], lane) += paid;
            debug_assert!(0.0 <= *paid, "a payment below nothing");
        }
        for funded in &plan.funded {
            let row = layout.shortfall[funded.purse].expect("a funded purse has a shortfall");
            let owed = self.rows.get(row, lane);
            *self.rows.cell(row, lane) = (owed - self.posts.get(funded.purse, lane)).max(0.0);
        }
    }

    /// Raised money comes from outside.
    fn post_raised(&mut self) {
        let plan = self.plan;
        let count = plan.purses.len();
        for funded in &plan.funded {
            let raised = self.rows.row(plan.layout.raised[funded.purse].expect("it may raise"));
            let (out, into) = self.posts.two(0, count + funded.purse);
            self.lanes.run(crate::steps::Post { out, into, amount: crate::rows::Arg::Many(raised) });
        }
    }
}
