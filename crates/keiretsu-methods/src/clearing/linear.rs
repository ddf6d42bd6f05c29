//! Turns a sparse system x = c + W x, W >= 0, into its solution.
//!
//! Small systems by elimination; large ones by Gauss-Seidel sweeps, and where these are slow, component by
//! component in topological order (so that a tree takes one pass), each by elimination if it is small.

use super::network::NONE;
use super::order::components;
use super::system::System;

/// Rows up to which elimination is faster than sweeps.
const DENSE_MAX: usize = 48;
/// Rows of a component up to which elimination is used where sweeps are slow: 1,000³/3 operations, 0.2 s.
const COMPONENT_MAX: usize = 1000;
/// Sweeps before components are looked for.
const SWEEPS_MAX: u32 = 40;
/// Sweeps between two settings of the level of a large component.
const SWEEPS_A_LEVEL: u32 = 10;
/// Sweeps over one component too large for elimination.
const SWEEPS_COMPONENT_MAX: u32 = 20_000;
/// A change below this share of a row's terms is rounding.
const CHANGE_MIN: f64 = 4.0 * f64::EPSILON;

/// When sweeps have settled: no change above this share of a row's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    /// 1e-7.
    Rough,
    /// Four units in the last place.
    Full,
}
/// Pivots of I - W below this mean that payments run in a closed ring, with no single solution.
const PIVOT_MIN: f64 = 1e-14;

impl System {
    /// Solves in place; false if the matrix is singular or sweeps do not settle.
    pub(super) fn solve(&mut self, precision: Precision) -> bool {
        let rows = self.x.len();
        self.position.clear();
        self.position.resize(rows, NONE);
        if rows <= DENSE_MAX {
            let mut members = std::mem::take(&mut self.members);
            members.clear();
            members.extend(0..rows as u32);
            let solved = self.eliminate(&members);
            self.members = members;
            return solved;
        }
        let change_min = if precision == Precision::Rough { 1e-7 } else { CHANGE_MIN };
        (0..SWEEPS_MAX).any(|_| self.sweep_rows(0..rows as u32) <= change_min) || self.solve_components()
    }

    fn solve_components(&mut self) -> bool {
        let (order, ends) = components(&self.starts, &self.columns);
        ends.windows(2).all(|pair| match &order[pair[0] as usize..pair[1] as usize] {
            // No row refers to itself, since nobody owes or owns itself.
            [row] => {
                self.x[*row as usize] = self.row(*row).0;
                true
            }
            members if members.len() <= COMPONENT_MAX => self.eliminate(members),
            members => self.settle(members),
        })
    }

    /// Sweeps over a large component. Where little money leaves it, sweeps reduce the level of all payments
    /// slowly; every few sweeps that level is set so that the money adds up (one step of aggregation, Koury,
    /// `McAllister` and Stewart 1984, SIAM J. Algebraic and Discrete Methods 5).
    fn settle(&mut self, members: &[u32]) -> bool {
        for _ in 0..SWEEPS_COMPONENT_MAX / SWEEPS_A_LEVEL {
            for _ in 0..SWEEPS_A_LEVEL {
                if self.sweep_rows(members.iter().copied()) <= CHANGE_MIN {
                    return true;
                }
            }
            self.set_level(members);
        }
        false
    }

    /// Multiplies x on the members so that sum of x = sum of c + W x there, in money.
    fn set_level(&mut self, members: &[u32]) {
        for row in members {
            self.position[*row as usize] = 0;
        }
        let (mut given, mut lost) = (0.0, 0.0);
        for row in members {
            let at = *row as usize;
            let (mut from_outside, mut from_members) = (self.constants[at], 0.0);
            for claim in self.starts[at] as usize..self.starts[at + 1] as usize {
                let column = self.columns[claim] as usize;
                let term = self.weights[claim] * self.x[column];
                if self.position[column] == NONE {
                    from_outside += term;
                } else {
                    from_members += term;
                }
            }
            given += self.sizes[at] * from_outside;
            lost += self.sizes[at] * (self.x[at] - from_members);
        }
        let level = given / lost;
        // Rounding may spoil the differences once x is nearly exact; sweeps then go on alone.
        let sensible = 0.1 < level && level < 10.0;
        for row in members {
            self.position[*row as usize] = NONE;
            self.x[*row as usize] *= if sensible { level } else { 1.0 };
        }
    }

    /// c + W x of a row, and the size of its terms.
    fn row(&self, row: u32) -> (f64, f64) {
        let range = self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize;
        let terms = self.columns[range.clone()].iter().zip(&self.weights[range]);
        let sum: f64 = terms.map(|(column, weight)| weight * self.x[*column as usize]).sum();
        let constant = self.constants[row as usize];
        (constant + sum, constant.abs() + sum.abs())
    }

    /// One Gauss-Seidel sweep; the largest change as a share of its row's terms.
    fn sweep_rows(&mut self, rows: impl Iterator<Item = u32>) -> f64 {
        let mut change_max = 0.0_f64;
        for row in rows {
            let (value, size) = self.row(row);
            let x = &mut self.x[row as usize];
            change_max = change_max.max((value - *x).abs() / size.max(f64::MIN_POSITIVE));
            *x = value;
        }
        change_max
    }

    /// Solves for `members` given all other rows, by elimination with row exchanges.
    fn eliminate(&mut self, members: &[u32]) -> bool {
        self.fill_dense(members);
        let n = members.len();
        for k in 0..n {
            let pivot = (k..n).fold(k, |best, row| {
                if self.dense[best * n + k].abs() < self.dense[row * n + k].abs() { row } else { best }
            });
            if self.dense[pivot * n + k].abs() < PIVOT_MIN {
                return false;
            }
            if pivot != k {
                (k..n).for_each(|column| self.dense.swap(k * n + column, pivot * n + column));
                self.dense_right.swap(k, pivot);
            }
            self.clear_below(n, k);
        }
        self.substitute_back(n);
        for (row, x) in members.iter().zip(&self.dense_right) {
            self.x[*row as usize] = *x;
        }
        true
    }

    /// I - W on the members, and c + W x of all else.
    fn fill_dense(&mut self, members: &[u32]) {
        let n = members.len();
        for (k, row) in members.iter().enumerate() {
            self.position[*row as usize] = k as u32;
        }
        self.dense.clear();
        self.dense.resize(n * n, 0.0);
        self.dense_right.clear();
        for (k, row) in members.iter().enumerate() {
            self.dense[k * n + k] = 1.0;
            let mut right = self.constants[*row as usize];
            for at in self.starts[*row as usize] as usize..self.starts[*row as usize + 1] as usize {
                let column = self.columns[at] as usize;
                match self.position[column] {
                    NONE => right += self.weights[at] * self.x[column],
                    position => self.dense[k * n + position as usize] -= self.weights[at],
                }
            }
            self.dense_right.push(right);
        }
        for row in members {
            self.position[*row as usize] = NONE;
        }
    }

    fn clear_below(&mut self, n: usize, k: usize) {
        let (upper, lower) = self.dense.split_at_mut((k + 1) * n);
        let pivot_row = &upper[k * n + k..];
        for (row, below) in lower.chunks_exact_mut(n).enumerate() {
            let factor = below[k] / pivot_row[0];
            if factor.abs() <= 0.0 {
                continue;
            }
            for (entry, pivot) in below[k..].iter_mut().zip(pivot_row) {
                *entry -= factor * pivot;
            }
            self.dense_right[k + 1 + row] -= factor * self.dense_right[k];
        }
    }

    fn substitute_back(&mut self, n: usize) {
        for k in (0..n).rev() {
            let row = &self.dense[k * n..(k + 1) * n];
            let known: f64 = row[k + 1..].iter().zip(&self.dense_right[k + 1..]).map(|(a, x)| a * x).sum();
            self.dense_right[k] = (self.dense_right[k] - known) / row[k];
        }
    }
}
