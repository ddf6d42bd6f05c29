//! Debts of the paths on which a party cannot pay in full, and payments on them.

use std::ops::Range;

use keiretsu_methods::clearing::{Debt, Workspace, clear_small};

use crate::calls::Calls;
use crate::state::State;

/// A part of a call: path, cover, the covered flow, and the amount.
pub type CallPart = (usize, usize, usize, f64);

/// Memory for clearing one path after the other.
#[derive(Debug, Default)]
pub struct Clearing {
    workspace: Workspace,
    /// What each party may spend beside its receipts.
    pub assets: Vec<f64>,
    /// Debts of all tight paths, one path after the other.
    pub debts: Vec<Debt>,
    /// The flow of each debt.
    pub flows: Vec<usize>,
    /// What is paid on each debt.
    pub paid: Vec<f64>,
    /// What is due on each debt without calls.
    pub before: Vec<f64>,
    /// Memory for calls on guarantors.
    pub calls: Calls,
    /// What calls have paid this month.
    pub parts: Vec<CallPart>,
    /// Paths on which a party could not pay in the first clearing, with the range of their debts.
    pub tight: Vec<(usize, Range<usize>)>,
}

impl Clearing {
    /// The debts of these paths, without calls and unpaid.
    pub fn list(&mut self, state: &State<'_>, lanes: &[usize]) {
        self.debts.clear();
        self.flows.clear();
        self.before.clear();
        self.parts.clear();
        self.tight.clear();
        for lane in lanes {
            let debts = self.list_path(state, *lane);
            self.tight.push((*lane, debts));
        }
        self.paid.clear();
        self.paid.resize(self.debts.len(), 0.0);
    }

    fn list_path(&mut self, state: &State<'_>, lane: usize) -> Range<usize> {
        let plan = state.plan;
        let first = self.debts.len();
        // Flows on which calls may fall due come last where nothing else is due on them.
        let flows = (0..plan.program.flows.len()).map(|at| (at, false));
        let calls = plan.program.covers.iter().map(|cover| (cover.call.at(), true));
        for (at, is_call) in flows.chain(calls) {
            let flow = &plan.program.flows[at];
            let (from, to) = (plan.purses[flow.from.at()], plan.purses[flow.to.at()]);
            let amount = state.rows.get(plan.layout.cleared[at].due, lane);
            if from != to && (amount > 0.0) != is_call {
                let (debtor, creditor) = (from as u32, to as u32);
                self.debts.push(Debt { debtor, creditor, rank: u32::from(flow.rank), amount });
                self.flows.push(at);
                self.before.push(amount);
            }
        }
        first..self.debts.len()
    }

    /// The greatest clearing vector of one path, with what was raised or without.
    pub fn solve(&mut self, state: &mut State<'_>, lane: usize, range: Range<usize>, raised: bool) {
        let plan = state.plan;
        let Self { workspace, assets, debts, paid, .. } = self;
        assets.clear();
        // Who cannot be short always has what is due.
        assets.extend((0..plan.purses.len()).map(|at| state.posts.paid(at)[lane]));
        for funded in &plan.funded {
            assets[funded.purse] = state.rows.get(funded.rows.cash, lane).max(0.0);
            if raised {
                assets[funded.purse] += state.rows.get(funded.rows.raised, lane);
            }
        }
        let debts = &debts[range.clone()];
        let some = debts.iter().rposition(|debt| debt.amount > 0.0).map_or(0, |last| last + 1);
        let (paid, none) = paid[range].split_at_mut(some);
        none.fill(0.0);
        if clear_small(workspace, &debts[..some], assets, &[], paid).is_err() {
            // An infinite amount: the path is given up, whatever was paid.
            state.failed[lane] = true;
            paid.fill(0.0);
        }
    }

    /// What each funded purse receives in the first clearing.
    pub fn note_receipts(&self, state: &mut State<'_>, lane: usize, range: Range<usize>) {
        let plan = state.plan;
        for funded in &plan.funded {
            *state.rows.cell(funded.rows.receipts, lane) = 0.0;
        }
        for at in range {
            let to = self.debts[at].creditor as usize;
            if let Some(funded) = plan.layout.purses[to].funded {
                *state.rows.cell(funded.receipts, lane) += self.paid[at];
            }
        }
    }

    /// Writes what was paid on one path, which may be less than what was due.
    pub fn pay(&self, state: &mut State<'_>, lane: usize, range: Range<usize>) {
        let plan = state.plan;
        if !state.short {
            state.short = true;
            for rows in plan.layout.cleared.iter().filter(|rows| rows.paid != rows.due) {
                let (out, others) = state.rows.split(rows.paid);
                out.copy_from_slice(others.row(rows.due));
            }
        }
        for funded in &plan.funded {
            *state.rows.cell(funded.rows.shortfall, lane) = *state.posts.paid_on(funded.purse, lane);
        }
        state.posts.clear_path(lane);
        for at in range {
            let (paid, debt) = (self.paid[at], self.debts[at]);
            let rows = plan.layout.cleared[self.flows[at]];
            if rows.paid != rows.due {
                *state.rows.cell(rows.paid, lane) = paid;
            }
            state.posts.add(debt.debtor as usize, debt.creditor as usize, paid, lane);
            debug_assert!(0.0 <= paid && paid <= debt.amount * (1.0 + 1e-9), "paid beyond what was due");
        }
        for funded in &plan.funded {
            let owed = state.rows.get(funded.rows.shortfall, lane);
            let paid = *state.posts.paid_on(funded.purse, lane);
            *state.rows.cell(funded.rows.shortfall, lane) = (owed - paid).max(0.0);
        }
    }
}
