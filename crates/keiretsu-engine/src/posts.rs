//! What each purse pays and receives in a month, path by path.

use keiretsu_maths::lanes::Lanes;

use crate::rows::{Arg, Rows};
use crate::steps;

/// Postings: first what each purse pays, then what each receives.
pub struct Posts {
    rows: Rows,
    purses: usize,
}

impl Posts {
    /// Nothing posted.
    pub fn new(purses: usize, width: usize) -> Self {
        Self { rows: Rows::new(2 * purses, width), purses }
    }

    /// Which rows a payment is added to.
    pub fn rows_of(from: usize, to: usize, purses: usize) -> [usize; 2] {
        [from, purses + to]
    }

    /// Nothing posted again.
    pub fn clear(&mut self) {
        self.all_mut().fill(0.0);
    }

    /// All rows as one slice.
    pub fn all_mut(&mut self) -> &mut [f64] {
        self.rows.first_mut(2 * self.purses)
    }

    /// All rows.
    pub fn all(&self) -> impl Iterator<Item = &[f64]> {
        (0..2 * self.purses).map(|at| self.rows.row(at))
    }

    /// What a purse pays.
    pub fn paid(&self, purse: usize) -> &[f64] {
        self.rows.row(purse)
    }

    /// What a purse receives.
    pub fn received(&self, purse: usize) -> &[f64] {
        self.rows.row(self.purses + purse)
    }

    /// What a purse pays on one path.
    pub fn paid_on(&mut self, purse: usize, lane: usize) -> &mut f64 {
        self.rows.cell(purse, lane)
    }

    /// A payment on one path.
    pub fn add(&mut self, from: usize, to: usize, amount: f64, lane: usize) {
        *self.rows.cell(from, lane) += amount;
        *self.rows.cell(self.purses + to, lane) += amount;
    }

    /// Nothing posted on one path.
    pub fn clear_path(&mut self, lane: usize) {
        (0..2 * self.purses).for_each(|row| *self.rows.cell(row, lane) = 0.0);
    }

    /// A payment on every path.
    pub fn post(&mut self, lanes: Lanes, from: usize, to: usize, amount: &[f64]) {
        let (out, into) = self.two(Self::rows_of(from, to, self.purses));
        lanes.run(steps::Post { out, into, amount: Arg::Many(amount) });
    }

    /// The two rows of a payment.
    pub fn two(&mut self, [from, to]: [usize; 2]) -> (&mut [f64], &mut [f64]) {
        self.rows.two(from, to)
    }
}
