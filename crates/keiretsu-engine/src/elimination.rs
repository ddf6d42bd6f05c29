//! Solves the linear system of own money on all paths of a block at once.
//!
//! Elimination without subtraction (Grassmann, Taksar and Heyman 1985): the sums of rows are known, so a
//! pivot is the sum of what is left of its row. No cancellation: fractions stay in `[0, 1]` to rounding, and
//! a ring of parties that only pass money around, with a pivot of zero, carries nothing, which is the
//! smallest solution. Which entries elimination fills is found once, before the run.

use keiretsu_maths::lanes::{Kernel, Lanes};
use keiretsu_program::PartyId;

use crate::plan::Plan;
use crate::rows::{Arg, Rows};
use crate::steps;

/// The linear system of a group: its plan, made once a run.
#[derive(Clone, Debug)]
pub struct Group {
    /// The group of which money is followed.
    pub is_member: Vec<bool>,
    /// Purses with an unknown fraction, in the order of elimination.
    pub open: Vec<usize>,
    /// Row of `a[i][j]`, by `i * open.len() + j`.
    pub entries: Vec<Option<usize>>,
    /// Rows of the matrix, then of slacks, right-hand sides, inverse pivots.
    pub rows: usize,
}

/// The system of a group, with the entries that elimination will fill. `pays`: whether a party ever pays
/// another.
pub fn group(plan: &Plan, list: &[PartyId], pays: impl Fn(usize, usize) -> bool) -> Group {
    let count = plan.purses.len();
    let mut is_member = vec![false; count];
    for party in list {
        is_member[plan.purses[party.at()]] = true;
    }
    let open: Vec<usize> = (1..count).filter(|at| plan.purses[*at] == *at && !is_member[*at]).collect();
    let n = open.len();
    let mut filled = vec![false; n * n];
    for (i, to) in open.iter().enumerate() {
        for (j, from) in open.iter().enumerate() {
            filled[i * n + j] = pays(*from, *to);
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

impl Group {
    /// Row of what a party received and held of a known mixture.
    pub fn slack(&self, open: usize) -> usize {
        self.rows + open
    }

    /// Row of what of it is the group's; after [`Group::solve`] the party's fraction.
    pub fn right(&self, open: usize) -> usize {
        self.rows + self.open.len() + open
    }

    fn inverse(&self, open: usize) -> usize {
        self.rows + 2 * self.open.len() + open
    }

    /// How many rows the system takes.
    pub fn rows_all(&self) -> usize {
        self.rows + 3 * self.open.len()
    }

    fn entry(&self, i: usize, j: usize) -> Option<usize> {
        self.entries[i * self.open.len() + j]
    }

    /// The smallest solution, in the rows of the right-hand sides.
    pub fn solve(&self, lanes: Lanes, work: &mut Rows) {
        let n = self.open.len();
        for k in 0..n {
            self.pivot(lanes, work, k);
            for i in k + 1..n {
                if let Some(weight) = self.entry(i, k) {
                    self.eliminate(lanes, work, weight, i, k);
                }
            }
        }
        for k in (0..n).rev() {
            for j in k + 1..n {
                if let Some(entry) = self.entry(k, j) {
                    mul_add(lanes, work, self.right(k), entry, self.right(j));
                }
            }
            scale(lanes, work, self.right(k), self.inverse(k));
        }
    }

    /// Replaces party `k` in the row of party `i`.
    fn eliminate(&self, lanes: Lanes, work: &mut Rows, weight: usize, i: usize, k: usize) {
        let (slack, others) = work.split(self.slack(i));
        let (weights, inverse) = (others.row(weight), others.row(self.inverse(k)));
        let other = others.row(self.slack(k));
        lanes.run(AddSlack { to: slack, weights, other, inverse });
        // From here on the weight is divided by the pivot.
        scale(lanes, work, weight, self.inverse(k));
        mul_add(lanes, work, self.right(i), weight, self.right(k));
        for j in (k + 1..self.open.len()).filter(|j| *j != i) {
            if let Some(entry) = self.entry(k, j) {
                let out = self.entry(i, j).expect("filled beforehand");
                mul_add(lanes, work, out, weight, entry);
            }
        }
    }

    /// One over the sum of what is left of row `k`.
    fn pivot(&self, lanes: Lanes, work: &mut Rows, k: usize) {
        let (out, others) = work.split(self.inverse(k));
        out.copy_from_slice(others.row(self.slack(k)));
        for j in k + 1..self.open.len() {
            if let Some(entry) = self.entry(k, j) {
                lanes.run(steps::AddTo { out, by: Arg::Many(others.row(entry)) });
            }
        }
        lanes.run(Inverse(out));
    }
}

/// `out += a * b`.
pub struct MulAdd<'a> {
    /// Grows.
    pub out: &'a mut [f64],
    /// A factor.
    pub a: Arg<'a>,
    /// The other.
    pub b: Arg<'a>,
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
struct AddSlack<'a> {
    to: &'a mut [f64],
    weights: &'a [f64],
    other: &'a [f64],
    inverse: &'a [f64],
}

impl Kernel for AddSlack<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) {
        let rest = self.weights.iter().zip(self.other).zip(self.inverse);
        for (to, ((weight, other), inverse)) in self.to.iter_mut().zip(rest) {
            *to += if *inverse > 0.0 { weight * inverse * other } else { *weight };
        }
    }
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
