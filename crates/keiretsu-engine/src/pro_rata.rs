//! Own money, pro rata: which fraction of a party's cash has come from a group.
//!
//! Each month the fractions of all parties solve one linear system (docs/MONTH.md, step 10;
//! `crate::elimination`). What a party pays beyond what it had and received has come from elsewhere and
//! carries nothing, so that payments never carry more of a group's money than the group has paid.

use crate::elimination::{Group, MulAdd};
use crate::logic;
use crate::past;
use crate::payments::Payments;
use crate::rows::{Arg, Rows};
use crate::state::State;
use crate::steps;

/// Fractions at as-of: what past flows leave.
pub fn open(state: &mut State<'_>) {
    let plan = state.plan;
    for (group, rows) in plan.layout.groups.iter().enumerate().filter(|(_, rows)| !rows.fractions.is_empty())
    {
        let past = past::fractions(plan.program, &plan.spec.own_money[group]);
        for (purse, row) in rows.fractions.iter().enumerate() {
            for lane in 0..state.width() {
                *state.rows.cell(*row, lane) = past.opening(purse, state.cash_known(purse, lane));
            }
        }
    }
}

/// Groups with fractions that are followed, and memory for their systems.
pub struct ProRata {
    groups: Vec<Group>,
    work: Rows,
}

impl ProRata {
    /// Memory for groups of a run.
    pub fn new(groups: Vec<Group>, width: usize) -> Self {
        let rows = groups.iter().map(Group::rows_all).max().unwrap_or(0);
        Self { groups, work: Rows::new(rows, width) }
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The fractions of this month and what each party received of a group's money.
    pub fn month(&mut self, state: &mut State<'_>, payments: &Payments, at: usize) {
        self.load(state, payments, at);
        self.load_unexplained(state, payments, at);
        self.spread(state, at);
        receipts(state, payments, at);
    }

    /// Matrix, slacks and right-hand sides of a group.
    fn load(&mut self, state: &State<'_>, payments: &Payments, at: usize) {
        let plan = state.plan;
        let (group, work) = (&self.groups[at], &mut self.work);
        let n = group.open.len();
        for (i, purse) in group.open.iter().enumerate() {
            let (slack, right) = (group.slack(i), group.right(i));
            if let Some(cash) = cash_before(state, *purse) {
                let fraction = plan.layout.groups[at].fractions[*purse];
                let (cash, q) = (state.rows.row(cash), state.rows.row(fraction));
                for (out, cash) in work.row_mut(slack).iter_mut().zip(cash) {
                    *out = logic::due(*cash);
                }
                for ((out, cash), q) in work.row_mut(right).iter_mut().zip(cash).zip(q) {
                    *out = logic::due(*cash) * q;
                }
            } else {
                work.row_mut(slack).fill(0.0);
                work.row_mut(right).fill(0.0);
            }
            for entry in group.entries[i * n..(i + 1) * n].iter().flatten() {
                work.row_mut(*entry).fill(0.0);
            }
        }
        for (pair, paid) in payments.each() {
            let Ok(i) = group.open.binary_search(&pair.to) else { continue };
            let by = Arg::Many(paid);
            if let Ok(j) = group.open.binary_search(&pair.from) {
                let entry = group.entries[i * n + j].expect("a pair that pays is an entry");
                work.row_mut(entry).copy_from_slice(paid);
                continue;
            }
            state.lanes.run(steps::AddTo { out: work.row_mut(group.slack(i)), by });
            if group.is_member[pair.from] {
                state.lanes.run(steps::AddTo { out: work.row_mut(group.right(i)), by });
            }
        }
    }

    /// What a party pays beyond its cash and receipts joins what is of a known mixture. Who can be short
    /// never pays more than it has.
    fn load_unexplained(&mut self, state: &State<'_>, payments: &Payments, at: usize) {
        let (group, work) = (&self.groups[at], &mut self.work);
        let open = group.open.iter().enumerate();
        for (i, purse) in open.filter(|(_, purse)| !state.plan.can_be_short[**purse]) {
            let cash = cash_before(state, *purse);
            for lane in 0..state.width() {
                let mut lacks = -cash.map_or(0.0, |cash| logic::due(state.rows.get(cash, lane)));
                for (pair, paid) in payments.each() {
                    if pair.from == *purse {
                        lacks += paid[lane];
                    } else if pair.to == *purse {
                        lacks -= paid[lane];
                    }
                }
                *work.cell(group.slack(i), lane) += lacks.max(0.0);
            }
        }
    }

    /// Solves the system; the fraction of each party goes to its row.
    fn spread(&mut self, state: &mut State<'_>, at: usize) {
        let rows = &state.plan.layout.groups[at].fractions;
        let (group, work) = (&self.groups[at], &mut self.work);
        group.solve(state.lanes, work);
        for (open, purse) in group.open.iter().enumerate() {
            state.rows.row_mut(rows[*purse]).copy_from_slice(work.row(group.right(open)));
        }
        for (row, _) in rows.iter().zip(&group.is_member).filter(|(_, is_member)| **is_member) {
            state.rows.row_mut(*row).fill(1.0);
        }
    }
}

/// The row of a purse's cash of the end of last month, where it is known.
fn cash_before(state: &State<'_>, purse: usize) -> Option<usize> {
    state.plan.layout.purses[purse].cash_before.filter(|_| state.plan.cash_known[purse])
}

fn receipts(state: &mut State<'_>, payments: &Payments, at: usize) {
    let rows = &state.plan.layout.groups[at];
    for row in &rows.receipts {
        state.rows.row_mut(*row).fill(0.0);
    }
    for (pair, paid) in payments.each() {
        let (out, others) = state.rows.split(rows.receipts[pair.to]);
        let fraction = others.row(rows.fractions[pair.from]);
        let (a, b) = (Arg::Many(paid), Arg::Many(fraction));
        state.lanes.run(MulAdd { out, a, b });
    }
    debug_assert!(
        rows.fractions.iter().all(|row| {
            let inside = |q: &f64| (0.0..=1.0 + 1e-9).contains(q) || !q.is_finite();
            state.rows.row(*row).iter().all(inside)
        }),
        "an own-money fraction outside 0 to 1"
    );
}
