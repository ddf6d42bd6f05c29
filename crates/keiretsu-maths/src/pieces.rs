//! Turns a smooth function that is costly into polynomials that are not, cell by cell.
//!
//! ```
//! use keiretsu_maths::pieces::Pieces;
//!
//! let pieces = Pieces::new(0.0, 2.0, 8, |x| 1.0 / (1.0 + x));
//! assert!((pieces.at(1.25) - 1.0 / 2.25).abs() < 1e-10);
//! ```
//!
//! Method: in each cell the polynomial through the function's values at Chebyshev's nodes, eight of them, in
//! powers of the place in the cell.
//! Invariant: the caller has tested how far the polynomials are off; nothing here knows.
//! Absent: cells of different widths, functions with corners.

use crate::sincos::sincos_turns;

/// Coefficients of a cell: one line of a cache.
const COEFFICIENTS: usize = 8;
/// 2^52: adding it rounds a smaller positive number to an integer and leaves that in the low bits.
const TWO_52: f64 = 4_503_599_627_370_496.0;

/// A function between two ends, as polynomials.
#[derive(Clone, Debug, PartialEq)]
pub struct Pieces {
    low: f64,
    cells_per_unit: f64,
    cells: Vec<[f64; COEFFICIENTS]>,
}

impl Pieces {
    /// From `low` to `high`, in `cells` cells.
    #[must_use]
    pub fn new(low: f64, high: f64, cells: usize, function: impl Fn(f64) -> f64) -> Pieces {
        assert!(low < high && 0 < cells, "cells between two ends");
        let width = (high - low) / cells as f64;
        let cell = |at: usize| {
            let middle = low + (at as f64 + 0.5) * width;
            polynomial(|place| function(middle + place * width))
        };
        Pieces { low, cells_per_unit: 1.0 / width, cells: (0..cells).map(cell).collect() }
    }

    /// The value at `x`, which lies between the ends.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        let (cell, place) = self.find(x);
        self.value(cell, place).expect("a number between the ends")
    }

    /// The number of the cell of `x` and its place there, from -1/2 to 1/2. Below the low end nonsense.
    #[inline(always)]
    pub(crate) fn find(&self, x: f64) -> (u64, f64) {
        let height = (x - self.low) * self.cells_per_unit - 0.5;
        let height = if height < 0.0 { 0.0 } else { height };
        let shifted = height + TWO_52;
        let place = (x - self.low) * self.cells_per_unit - 0.5 - (shifted - TWO_52);
        (shifted.to_bits() ^ TWO_52.to_bits(), place)
    }

    /// The polynomial of a cell; none beyond the high end.
    #[inline(always)]
    pub(crate) fn value(&self, cell: u64, place: f64) -> Option<f64> {
        let c = self.cells.get(cell as usize)?;
        let square = place * place;
        let low = (c[0] + c[1] * place) + square * (c[2] + c[3] * place);
        let high = (c[4] + c[5] * place) + square * (c[6] + c[7] * place);
        Some(low + square * square * high)
    }
}

/// The powers of the polynomial through a function's values at Chebyshev's nodes of [-1/2, 1/2].
fn polynomial(function: impl Fn(f64) -> f64) -> [f64; COEFFICIENTS] {
    let n = COEFFICIENTS as f64;
    // T_j at the node k.
    let at_node = |j: usize, k: usize| sincos_turns(j as f64 * (k as f64 + 0.5) / (2.0 * n)).1;
    let values: [f64; COEFFICIENTS] = std::array::from_fn(|k| function(0.5 * at_node(1, k)));
    let mut powers = [0.0; COEFFICIENTS];
    // T_j in powers of 2 x, by its recurrence.
    let (mut before, mut chebyshev) = ([0.0; COEFFICIENTS], [0.0; COEFFICIENTS]);
    chebyshev[0] = 1.0;
    for j in 0..COEFFICIENTS {
        let share = if j == 0 { 1.0 } else { 2.0 } / n;
        let sum: f64 = values.iter().enumerate().map(|(k, value)| value * at_node(j, k)).sum();
        powers.iter_mut().zip(&chebyshev).for_each(|(power, c)| *power += share * sum * c);
        let mut next = before.map(|c| -c);
        let factor = if j == 0 { 1.0 } else { 2.0 };
        (1..COEFFICIENTS).for_each(|k| next[k] += factor * chebyshev[k - 1]);
        (before, chebyshev) = (chebyshev, next);
    }
    let mut scale = 1.0;
    for power in &mut powers {
        *power *= scale;
        scale *= 2.0;
    }
    powers
}
