//! Own money, pro rata: which fraction of a party's cash has come from a group.
//!
//! Each month the fractions of all parties solve one linear system (docs/MONTH.md, step 10;
//! `crate::elimination`). What a party pays beyond what it had and received has come from elsewhere and
//! carries nothing, so that payments never carry more of a group's money than the group has paid.

use crate::elimination::{Group, MulAdd, group};
use crate::plan::Plan;
use crate::rows::{Arg, Rows};
use crate::steps;
use crate::work::Work;

/// Payments between two purses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    from: usize,
    to: usize,
}

/// Memory and plan of own money.
pub struct Own {
    pairs: Vec<Pair>,
    /// What was paid between each pair this month.
    paid: Rows,
    groups: Vec<Group>,
    work: Rows,
    /// What estates paid: path, payer, payee, amount.
    estates: Vec<(usize, usize, usize, f64)>,
    follows: bool,
}

impl Own {
    /// Memory for the groups of a run.
    pub fn new(plan: &Plan) -> Self {
        let follows = !plan.spec.own_money.is_empty();
        let pairs = if follows { pairs(plan) } else { vec![] };
        let groups: Vec<Group> = plan
            .spec
            .own_money
            .iter()
            .map(|list| group(plan, list, |from, to| pairs.binary_search(&Pair { from, to }).is_ok()))
            .collect();
        let rows = groups.iter().map(Group::rows_all).max().unwrap_or(0);
        Self {
            paid: Rows::new(pairs.len(), plan.width),
            pairs,
            groups,
            work: Rows::new(rows, plan.width),
            estates: vec![],
            follows,
        }
    }

    /// An estate paid money.
    pub fn note_estate(&mut self, lane: usize, from: usize, to: usize, amount: f64) {
        if self.follows && from != to {
            self.estates.push((lane, from, to, amount));
        }
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
    for at in (1..plan.purses.len()).filter(|at| plan.layout.defaulted[*at].is_some()) {
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

impl Work<'_> {
    /// Fractions at as-of: what past flows leave.
    pub fn open_own(&mut self) {
        let plan = self.plan;
        for (group, rows) in plan.layout.fractions.iter().enumerate() {
            if rows.is_empty() {
                continue;
            }
            let past = crate::past::fractions(plan.program, &plan.spec.own_money[group]);
            for (purse, row) in rows.iter().enumerate() {
                for lane in 0..self.rows.width() {
                    let fraction = past.opening(purse, self.cash_known_at(purse, lane));
                    *self.rows.cell(*row, lane) = fraction;
                }
            }
        }
    }

    /// The fractions of this month and what each party received of the group's money.
    pub fn own_money(&mut self, _t: u32) {
        if !self.own.follows {
            return;
        }
        self.gather_pairs();
        for at in 0..self.own.groups.len() {
            if self.follows_lots() {
                self.spend_lots(at);
                continue;
            }
            self.load(at);
            self.spread(at);
            self.own_receipts(at);
        }
    }

    fn gather_pairs(&mut self) {
        let plan = self.plan;
        let count = self.own.pairs.len();
        self.own.paid.first_mut(count).fill(0.0);
        for (at, flow) in plan.program.flows.iter().enumerate() {
            let (from, to) = (plan.purses[flow.from.at()], plan.purses[flow.to.at()]);
            if from != to {
                let row = self.paid(at);
                let pair = self.own.pair(from, to);
                let by = Arg::Many(self.rows.row(row));
                self.lanes.run(steps::AddTo { out: self.own.paid.row_mut(pair), by });
            }
        }
        for funded in &plan.funded {
            let raised = plan.layout.raised[funded.purse].expect("it may raise");
            let pair = self.own.pair(0, funded.purse);
            let by = Arg::Many(self.rows.row(raised));
            self.lanes.run(steps::AddTo { out: self.own.paid.row_mut(pair), by });
        }
        for (lane, from, to, amount) in std::mem::take(&mut self.own.estates) {
            let pair = self.own.pair(from, to);
            *self.own.paid.cell(pair, lane) += amount;
        }
    }

    /// Matrix, slacks and right-hand sides of a group.
    fn load(&mut self, at: usize) {
        let plan = self.plan;
        let Own { pairs, paid, groups, work, .. } = &mut self.own;
        let group = &groups[at];
        let n = group.open.len();
        for (i, purse) in group.open.iter().enumerate() {
            let (slack, right) = (group.slack(i), group.right(i));
            if let Some(cash) = plan.layout.cash_before[*purse].filter(|_| plan.cash_known[*purse]) {
                let fraction = plan.layout.fractions[at][*purse];
                let (cash, q) = (self.rows.row(cash), self.rows.row(fraction));
                for (out, cash) in work.row_mut(slack).iter_mut().zip(cash) {
                    *out = crate::logic::due(*cash);
                }
                for ((out, cash), q) in work.row_mut(right).iter_mut().zip(cash).zip(q) {
                    *out = crate::logic::due(*cash) * q;
                }
            } else {
                work.row_mut(slack).fill(0.0);
                work.row_mut(right).fill(0.0);
            }
            for (j, _) in group.open.iter().enumerate() {
                if let Some(entry) = group.entries[i * n + j] {
                    work.row_mut(entry).fill(0.0);
                }
            }
        }
        for (pair, row) in pairs.iter().zip(0..) {
            let Ok(i) = group.open.binary_search(&pair.to) else { continue };
            let by = Arg::Many(paid.row(row));
            if let Ok(j) = group.open.binary_search(&pair.from) {
                let entry = group.entries[i * n + j].expect("a pair that pays is an entry");
                work.row_mut(entry).copy_from_slice(paid.row(row));
                continue;
            }
            self.lanes.run(steps::AddTo { out: work.row_mut(group.slack(i)), by });
            if group.is_member[pair.from] {
                self.lanes.run(steps::AddTo { out: work.row_mut(group.right(i)), by });
            }
        }
        self.load_unexplained(at);
    }

    /// What a party pays beyond its cash and receipts joins what is of a known mixture. Who can be short
    /// never pays more than it has.
    fn load_unexplained(&mut self, at: usize) {
        let plan = self.plan;
        let Own { pairs, paid, groups, work, .. } = &mut self.own;
        let group = &groups[at];
        let can_be_short = |purse: usize| plan.funded.iter().any(|funded| funded.purse == purse);
        for (i, purse) in group.open.iter().enumerate().filter(|(_, purse)| !can_be_short(**purse)) {
            let cash = plan.layout.cash_before[*purse].filter(|_| plan.cash_known[*purse]);
            for lane in 0..self.rows.width() {
                let mut lacks = -cash.map_or(0.0, |cash| crate::logic::due(self.rows.get(cash, lane)));
                for (pair, row) in pairs.iter().zip(0..) {
                    if pair.from == *purse {
                        lacks += paid.get(row, lane);
                    } else if pair.to == *purse {
                        lacks -= paid.get(row, lane);
                    }
                }
                *work.cell(group.slack(i), lane) += lacks.max(0.0);
            }
        }
    }

    /// Solves the system; the fraction of each party goes to its row.
    fn spread(&mut self, at: usize) {
        let rows = &self.plan.layout.fractions[at];
        let Own { groups, work, .. } = &mut self.own;
        let group = &groups[at];
        group.solve(self.lanes, work);
        for (open, purse) in group.open.iter().enumerate() {
            self.rows.row_mut(rows[*purse]).copy_from_slice(work.row(group.right(open)));
        }
        for (row, _) in rows.iter().zip(&group.is_member).filter(|(_, is_member)| **is_member) {
            self.rows.row_mut(*row).fill(1.0);
        }
    }

    fn own_receipts(&mut self, at: usize) {
        let plan = self.plan;
        for row in &plan.layout.own[at] {
            self.rows.row_mut(*row).fill(0.0);
        }
        for (pair, row) in self.own.pairs.iter().zip(0..) {
            let (out, others) = self.rows.split(plan.layout.own[at][pair.to]);
            let fraction = others.row(plan.layout.fractions[at][pair.from]);
            let (a, b) = (Arg::Many(self.own.paid.row(row)), Arg::Many(fraction));
            self.lanes.run(MulAdd { out, a, b });
        }
        debug_assert!(
            plan.layout.fractions[at].iter().all(|row| {
                let inside = |q: &f64| (0.0..=1.0 + 1e-9).contains(q) || !q.is_finite();
                self.rows.row(*row).iter().all(inside)
            }),
            "an own-money fraction outside 0 to 1"
        );
    }
}

impl Own {
    /// All payments of a path this month, `n` by `n`, payer by payer.
    pub fn matrix(&self, n: usize, lane: usize) -> Vec<f64> {
        let mut matrix = vec![0.0; n * n];
        for (pair, row) in self.pairs.iter().zip(0..) {
            matrix[pair.from * n + pair.to] = self.paid.get(row, lane);
        }
        matrix
    }

    /// Who belongs to a group.
    pub fn members(&self, group: usize) -> &[bool] {
        &self.groups[group].is_member
    }

    fn pair(&self, from: usize, to: usize) -> usize {
        self.pairs.binary_search(&Pair { from, to }).expect("all pairs that pay are known beforehand")
    }
}
