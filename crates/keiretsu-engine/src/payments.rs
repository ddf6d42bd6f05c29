//! Payments of a month between two purses, path by path: what own money follows.

use crate::plan::Plan;
use crate::rows::{Arg, Rows};
use crate::state::State;
use crate::steps;

/// A payer and a payee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Who pays.
    pub from: usize,
    /// Who is paid.
    pub to: usize,
}

/// What was paid between each pair this month; nothing where no own money is followed.
pub struct Payments {
    pairs: Vec<Pair>,
    paid: Rows,
    /// What estates paid: path, payer, payee, amount.
    estates: Vec<(usize, usize, usize, f64)>,
    follows: bool,
}

impl Payments {
    /// Memory for the pairs of a run.
    pub fn new(plan: &Plan) -> Self {
        let follows = !plan.spec.own_money.is_empty();
        let pairs = if follows { pairs(plan) } else { vec![] };
        Self { paid: Rows::new(pairs.len(), plan.width), pairs, estates: vec![], follows }
    }

    /// All pairs between which money can move, each with what was paid.
    pub fn each(&self) -> impl Iterator<Item = (Pair, &[f64])> {
        self.pairs.iter().enumerate().map(|(at, pair)| (*pair, self.paid.row(at)))
    }

    /// Whether money can move between two purses.
    pub fn can_pay(&self, from: usize, to: usize) -> bool {
        self.pairs.binary_search(&Pair { from, to }).is_ok()
    }

    /// All payments of a path this month, `n` by `n`, payer by payer.
    pub fn matrix(&self, n: usize, lane: usize) -> Vec<f64> {
        let mut matrix = vec![0.0; n * n];
        for (pair, paid) in self.each() {
            matrix[pair.from * n + pair.to] = paid[lane];
        }
        matrix
    }

    /// An estate paid money.
    pub fn note_estate(&mut self, lane: usize, from: usize, to: usize, amount: f64) {
        if self.follows && from != to {
            self.estates.push((lane, from, to, amount));
        }
    }

    /// Adds up the payments of a month: flows, then what was raised, then estates.
    pub fn gather(&mut self, state: &State<'_>) {
        let plan = state.plan;
        self.paid.first_mut(self.pairs.len()).fill(0.0);
        for (at, flow) in plan.program.flows.iter().enumerate() {
            let (from, to) = (plan.purses[flow.from.at()], plan.purses[flow.to.at()]);
            if from != to {
                self.add(state, from, to, state.paid(at));
            }
        }
        for funded in &plan.funded {
            self.add(state, 0, funded.purse, funded.rows.raised);
        }
        for (lane, from, to, amount) in std::mem::take(&mut self.estates) {
            let pair = self.pair(from, to);
            *self.paid.cell(pair, lane) += amount;
        }
    }

    fn add(&mut self, state: &State<'_>, from: usize, to: usize, row: usize) {
        let out = self.paid.row_mut(self.pair(from, to));
        state.lanes.run(steps::AddTo { out, by: Arg::Many(state.rows.row(row)) });
    }

    fn pair(&self, from: usize, to: usize) -> usize {
        self.pairs.binary_search(&Pair { from, to }).expect("all pairs that pay are known beforehand")
    }
}

/// All pairs between which money can move.
fn pairs(plan: &Plan) -> Vec<Pair> {
    let program = plan.program;
    let mut pairs = vec![];
    let mut add = |from: usize, to: usize| {
        if from != to {
            pairs.push(Pair { from, to });
        }
    };
    program.flows.iter().for_each(|flow| add(plan.purses[flow.from.at()], plan.purses[flow.to.at()]));
    plan.funded.iter().for_each(|funded| add(0, funded.purse));
    let purses = plan.layout.purses.iter().enumerate().skip(1);
    for (at, _) in purses.filter(|(_, rows)| rows.defaulted.is_some()) {
        add(0, at);
        add(at, 0);
    }
    for claim in &program.claims {
        add(plan.purses[claim.debtor.at()], plan.purses[claim.creditor.at()]);
    }
    for cover in &program.covers {
        // A guarantor who has paid has the creditor's claim on the estate.
        let guarantor = plan.purses[program.flows[cover.call.at()].from.at()];
        let payers = cover.flows.iter().map(|flow| plan.purses[program.flows[flow.at()].from.at()]);
        payers.for_each(|payer| add(payer, guarantor));
    }
    for holding in &program.holdings {
        add(holding.issuer.at(), plan.purses[holding.owner.at()]);
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
