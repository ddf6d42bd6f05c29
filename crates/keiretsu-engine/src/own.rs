//! Own money, pro rata: which fraction of a party's cash has come from a group.
//!
//! Each month the fractions of all parties solve one linear system (docs/MONTH.md, step 10). It is solved
//! by elimination without subtraction (Grassmann, Taksar and Heyman 1985): row sums are known, so a pivot is
//! the sum of what is left of its row. No cancellation: fractions stay in `[0, 1]` to rounding, and a ring of
//! parties that only pass money around, with a pivot of zero, carries nothing, which is the smallest solution.

use keiretsu_maths::lanes::{Kernel, Lanes};

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

/// An entry of the matrix of a group that elimination fills or reads.
#[derive(Clone, Debug)]
struct Group {
    /// Whose money.
    is_member: Vec<bool>,
    /// Purses whose fraction is not known beforehand, in the order of elimination.
    open: Vec<usize>,
    /// Row of `a[i][j]`, by `i * open.len() + j`.
    entries: Vec<Option<usize>>,
    /// Rows of the matrix, then of slacks, right-hand sides, inverse pivots.
    rows: usize,
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
        let groups: Vec<Group> = plan.spec.own_money.iter().map(|list| group(plan, list, &pairs)).collect();
        let rows = groups.iter().map(|group| group.rows + 3 * group.open.len()).max().unwrap_or(0);
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
    for holding in &program.holdings {
        add(holding.issuer.at(), plan.purses[holding.owner.at()]);
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The matrix of a group, with the entries that elimination will fill.
fn group(plan: &Plan, list: &[keiretsu_program::PartyId], pairs: &[Pair]) -> Group {
    let count = plan.purses.len();
    let mut is_member = vec![false; count];
    list.iter().for_each(|party| is_member[plan.purses[party.at()]] = true);
    let open: Vec<usize> = (1..count).filter(|at| plan.purses[*at] == *at && !is_member[*at]).collect();
    let n = open.len();
    let mut filled = vec![false; n * n];
    for (i, to) in open.iter().enumerate() {
        for (j, from) in open.iter().enumerate() {
            filled[i * n + j] = pairs.binary_search(&Pair { from: *from, to: *to }).is_ok();
        }
    }
    for k in 0..n {
        for i in k + 1..n {
            for j in k + 1..n {
                filled[i * n + j] |= i != j && filled[i * n + k] && filled[k * n + j];
            }
        }
    }
    let mut rows = 0;
    let entries = filled.iter().map(|filled| {
        filled.then(|| {
            rows += 1;
            rows - 1
        })
    });
    let entries = entries.collect();
    Group { is_member, open, entries, rows }
}

/// `out += a * b`.
struct MulAdd<'a> {
    out: &'a mut [f64],
    a: Arg<'a>,
    b: Arg<'a>,
}

impl Kernel for MulAdd<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) {
        match (self.a, self.b) {
            (Arg::Many(a), Arg::Many(b)) => {
                for ((out, a), b) in self.out.iter_mut().zip(a).zip(b) {
                    *out += a * b;
                }
            }
            (Arg::Many(a), Arg::One(b)) | (Arg::One(b), Arg::Many(a)) => {
                for (out, a) in self.out.iter_mut().zip(a) {
                    *out += a * b;
                }
            }
            (Arg::One(a), Arg::One(b)) => self.out.iter_mut().for_each(|out| *out += a * b),
        }
    }
}

/// One over a pivot; 0 where it is zero.
struct Inverse<'a>(&'a mut [f64]);

impl Kernel for Inverse<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) {
        for value in self.0 {
            *value = if *value > 0.0 { 1.0 / *value } else { 0.0 };
        }
    }
}

/// One step of elimination: `slack += weight * slack_k / pivot`, all of it where the pivot is zero.
struct Slack<'a> {
    slack: &'a mut [f64],
    weight: &'a [f64],
    other: &'a [f64],
    inverse: &'a [f64],
}

impl Kernel for Slack<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) {
        let rest = self.weight.iter().zip(self.other).zip(self.inverse);
        for (slack, ((weight, other), inverse)) in self.slack.iter_mut().zip(rest) {
            *slack += if *inverse > 0.0 { weight * inverse * other } else { *weight };
        }
    }
}

impl Work<'_> {
    /// Fractions at as-of: what past flows leave.
    pub fn open_own(&mut self) {
        let plan = self.plan;
        for (group, rows) in plan.layout.fractions.iter().enumerate() {
            if rows.is_empty() {
                continue;
            }
            let fractions = crate::past::fractions(plan.program, &plan.spec.own_money[group]);
            for (row, fraction) in rows.iter().zip(fractions) {
                self.rows.row_mut(*row).fill(fraction);
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
            self.eliminate(at);
            self.substitute(at);
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
            let (slack, right) = (group.rows + i, group.rows + n + i);
            match plan.layout.cash_before[*purse].filter(|_| plan.cash_known[*purse]) {
                Some(cash) => {
                    let fraction = plan.layout.fractions[at][*purse];
                    let (cash, q) = (self.rows.row(cash), self.rows.row(fraction));
                    for (out, cash) in work.row_mut(slack).iter_mut().zip(cash) {
                        *out = crate::logic::due(*cash);
                    }
                    for ((out, cash), q) in work.row_mut(right).iter_mut().zip(cash).zip(q) {
                        *out = crate::logic::due(*cash) * q;
                    }
                }
                None => {
                    work.row_mut(slack).fill(0.0);
                    work.row_mut(right).fill(0.0);
                }
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
            self.lanes.run(steps::AddTo { out: work.row_mut(group.rows + i), by });
            if group.is_member[pair.from] {
                self.lanes.run(steps::AddTo { out: work.row_mut(group.rows + n + i), by });
            }
        }
    }

    fn eliminate(&mut self, at: usize) {
        let lanes = self.lanes;
        let Own { groups, work, .. } = &mut self.own;
        let group = &groups[at];
        let n = group.open.len();
        for k in 0..n {
            pivot(lanes, group, work, k);
            for i in k + 1..n {
                let Some(weight) = group.entries[i * n + k] else { continue };
                let (slack, others) = work.split(group.rows + i);
                let (weight_row, inverse) = (others.row(weight), others.row(group.rows + 2 * n + k));
                let other = others.row(group.rows + k);
                lanes.run(Slack { slack, weight: weight_row, other, inverse });
                // From here on the weight is divided by the pivot.
                scale(lanes, work, weight, group.rows + 2 * n + k);
                mul_add(lanes, work, group.rows + n + i, weight, group.rows + n + k);
                for j in (k + 1..n).filter(|j| *j != i) {
                    if let Some(entry) = group.entries[k * n + j] {
                        let out = group.entries[i * n + j].expect("filled beforehand");
                        mul_add(lanes, work, out, weight, entry);
                    }
                }
            }
        }
    }

    /// Back from the last party; the fraction of each goes to its row.
    fn substitute(&mut self, at: usize) {
        let plan = self.plan;
        let lanes = self.lanes;
        let Own { groups, work, .. } = &mut self.own;
        let group = &groups[at];
        let n = group.open.len();
        for k in (0..n).rev() {
            let right = group.rows + n + k;
            for j in k + 1..n {
                if let Some(entry) = group.entries[k * n + j] {
                    mul_add(lanes, work, right, entry, group.rows + n + j);
                }
            }
            scale(lanes, work, right, group.rows + 2 * n + k);
            let fraction = plan.layout.fractions[at][group.open[k]];
            self.rows.row_mut(fraction).copy_from_slice(work.row(right));
        }
        for (purse, is_member) in group.is_member.iter().enumerate() {
            if *is_member {
                self.rows.row_mut(plan.layout.fractions[at][purse]).fill(1.0);
            }
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

/// One over the sum of what is left of row `k`.
fn pivot(lanes: Lanes, group: &Group, work: &mut Rows, k: usize) {
    let n = group.open.len();
    let inverse = group.rows + 2 * n + k;
    let (out, others) = work.split(inverse);
    out.copy_from_slice(others.row(group.rows + k));
    for j in k + 1..n {
        if let Some(entry) = group.entries[k * n + j] {
            lanes.run(steps::AddTo { out, by: Arg::Many(others.row(entry)) });
        }
    }
    lanes.run(Inverse(out));
}

fn mul_add(lanes: Lanes, work: &mut Rows, out: usize, a: usize, b: usize) {
    let (out, others) = work.split(out);
    lanes.run(MulAdd { out, a: Arg::Many(others.row(a)), b: Arg::Many(others.row(b)) });
}

/// Multiplies a row by another.
fn scale(lanes: Lanes, work: &mut Rows, row: usize, by: usize) {
    let (row, others) = work.split(row);
    lanes.run(Scale { row, by: others.row(by) });
}

struct Scale<'a> {
    row: &'a mut [f64],
    by: &'a [f64],
}

impl Kernel for Scale<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) {
        for (row, by) in self.row.iter_mut().zip(self.by) {
            *row *= by;
        }
    }
}
