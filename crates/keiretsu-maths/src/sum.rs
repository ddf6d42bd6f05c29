//! Turns a column into its mean and its second moment, in an order fixed by its length alone.
//!
//! ```
//! use keiretsu_maths::sum::{Moments, Sums};
//!
//! let mut sums = Sums::default();
//! sums.add(Moments::of(&[1.0, 2.0]));
//! sums.add(Moments::of(&[3.0]));
//! assert_eq!((sums.mean(), sums.variance()), (2.0, 1.0));
//! ```
//!
//! Blocks of `BLOCK` values are summed in `STRIDES` strides, and the blocks' results are added in pairs,
//! pairs of pairs and so on (pairwise summation: Higham, "Accuracy and Stability", section 4.2).
//! Invariant: no thread, no instruction set and no cut changes a bit, if the cuts fall on multiples of
//! a power of two of blocks and the parts are merged in their order. [`Sums`] of the moments of columns are
//! exact, and the same in any order and any cut between the columns.

use crate::exact::Exact;

/// Values summed together before anything is added in pairs.
pub const BLOCK: usize = 256;
/// Independent running sums inside a block, so that they can be vectors.
const STRIDES: usize = 8;

/// Count, mean and spread of a set of values, in a form that can be merged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// How many values.
    pub count: u64,
    /// Their mean; 0 for none.
    pub mean: f64,
    /// The sum of the squares of their distances from the mean.
    pub squares: f64,
}

impl Moments {
    /// The moments of a column.
    #[must_use]
    pub fn of(values: &[f64]) -> Moments {
        if values.len() <= BLOCK {
            return Moments::of_block(values);
        }
        let (left, right) = values.split_at(half(values.len()));
        Moments::of(left).merge(Moments::of(right))
    }

    /// The moments of both sets together (Chan, Golub and `LeVeque` 1979, equation 2.1).
    #[must_use]
    pub fn merge(self, other: Moments) -> Moments {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { other } else { self };
        }
        let count = self.count + other.count;
        let share = other.count as f64 / count as f64;
        let apart = other.mean - self.mean;
        Moments {
            count,
            mean: self.mean + apart * share,
            squares: self.squares + other.squares + apart * apart * (self.count as f64 * share),
        }
    }

    fn of_block(values: &[f64]) -> Moments {
        if values.is_empty() {
            return Moments::default();
        }
        let mean = block_sum(values, |value| value) / values.len() as f64;
        let squares = block_sum(values, |value| (value - mean) * (value - mean));
        Moments { count: values.len() as u64, mean, squares }
    }
}

/// The moments of many columns together, not rounded until they are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    count: u64,
    sum: Exact,
    /// Of the squares of the values, as far as the columns' moments say.
    squares: Exact,
}

impl Sums {
    /// Adds a column of at most 65,535 values.
    pub fn add(&mut self, column: Moments) {
        let count = u16::try_from(column.count).expect("a column is a block or a little more");
        if count == 0 {
            return;
        }
        self.count += column.count;
        self.sum.add_times(column.mean, column.count);
        self.squares.add_square(column.mean, count);
        self.squares.add_times(column.squares, 1);
    }

    /// Adds other columns.
    pub fn merge(&mut self, other: &Sums) {
        self.count += other.count;
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; 0 for none.
    pub fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum.quotient(self.count) }
    }

    /// The unbiased variance; 0 for fewer than two values.
    pub fn variance(&self) -> f64 {
        if self.count < 2 {
            return 0.0;
        }
        // The sum of (x - m)^2 is that of x^2 less m * (2 * the sum of x - n * m), for any m: nothing is lost
        // where the mean is large beside the spread. That m is rounded costs a square of its error.
        let mean = self.mean();
        let mut twice = self.sum.clone();
        twice.merge(&self.sum);
        twice.add_times(-mean, self.count);
        let mut squares = self.squares.clone();
        squares.add_multiple(&twice, -mean);
        squares.quotient(self.count - 1)
    }

    /// The Monte Carlo standard error of the mean; 0 for fewer than two values.
    pub fn standard_error(&self) -> f64 {
        if self.count < 2 { 0.0 } else { (self.variance() / self.count as f64).sqrt() }
    }

    /// The count, the sum of the values and the sum of their squares.
    pub fn to_parts(&self) -> (u64, &Exact, &Exact) {
        (self.count, &self.sum, &self.squares)
    }

    /// Sums of these parts; none where no values have them.
    pub fn from_parts(count: u64, sum: Exact, squares: Exact) -> Option<Sums> {
        sum.is_of_values().then_some(Sums { count, sum, squares })
    }
}

/// Where a column is cut: the largest power of two of blocks that leaves something on the right.
fn half(count: usize) -> usize {
    let blocks = count.div_ceil(BLOCK);
    BLOCK * (blocks.next_power_of_two() / 2)
}

#[inline(always)]
fn block_sum(values: &[f64], made: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; STRIDES];
    let (chunks, rest) = values.as_chunks::<STRIDES>();
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += made(*value);
        }
    }
    for (sum, value) in sums.iter_mut().zip(rest) {
        *sum += made(*value);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(count: usize) -> Vec<f64> {
        (0..count).map(|i| 1e6 + ((i * 7919) % 1013) as f64 * 0.37).collect()
    }

    #[test]
    fn a_mean_is_accurate_for_any_length() {
        for count in [1, 7, 8, 9, 255, 256, 257, 511, 513, 10_000, 100_003] {
            let values = column(count);
            let exact: i128 = (0..count).map(|i| 100_000_000 + ((i * 7919) % 1013) as i128 * 37).sum();
            let exact = exact as f64 / 100.0 / count as f64;
            assert!((Moments::of(&values).mean - exact).abs() <= exact * 1e-15, "{count}");
        }
    }

    #[test]
    fn parts_cut_at_the_fixed_place_merge_to_the_same_bits() {
        let values = column(5000);
        let (left, right) = values.split_at(16 * BLOCK);
        assert_eq!(Moments::of(left).merge(Moments::of(right)), Moments::of(&values));
    }

    /// The sums of a column in pieces of so many values.
    fn sums(values: &[f64], piece: usize) -> Sums {
        let mut sums = Sums::default();
        values.chunks(piece).for_each(|piece| sums.add(Moments::of(piece)));
        sums
    }

    #[test]
    fn variance_survives_a_large_mean() {
        let values: Vec<f64> = (0..1000).map(|i| 1e9 + f64::from(i % 2)).collect();
        for piece in [1, 7, 256, 1000] {
            let sums = sums(&values, piece);
            assert_eq!((sums.count(), sums.mean()), (1000, 1e9 + 0.5));
            // The mean of a piece is rounded, so its distance from the mean of all is.
            let error = (sums.variance() - 0.25 * 1000.0 / 999.0).abs();
            assert!(error < 1e9 * f64::EPSILON, "{piece}: {error}");
            assert!((sums.standard_error() - (sums.variance() / 1000.0).sqrt()).abs() < 1e-18);
        }
        let moments = Moments::of(&values);
        assert_eq!(Moments::default().merge(moments), moments);
    }

    #[test]
    fn equals_have_their_own_mean_and_no_spread() {
        for value in [0.1, 1.0 / 3.0, -7e200] {
            let sums = sums(&vec![value; 10_007], 1);
            assert_eq!(sums.mean().to_bits(), value.to_bits());
            assert_eq!(sums.variance().to_bits(), 0.0_f64.to_bits());
        }
    }

    #[test]
    fn blocks_in_any_order_have_the_same_sums() {
        let values = column(5000);
        let mut backwards = Sums::default();
        values.chunks(256).rev().for_each(|piece| backwards.add(Moments::of(piece)));
        let (left, right) = values.split_at(256 * 7);
        let mut merged = sums(right, 256);
        merged.merge(&sums(left, 256));
        assert_eq!(backwards, sums(&values, 256));
        assert_eq!(merged, backwards);
    }

    #[test]
    fn an_unknown_value_makes_the_mean_unknown() {
        let sums = sums(&[1.0, f64::NAN, 2.0], 1);
        assert!(sums.mean().is_nan() && sums.standard_error().is_nan());
    }
}
