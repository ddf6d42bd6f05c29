//! Turns a column into its mean and its second moment, in an order fixed by its length alone.
//!
//! ```
//! use keiretsu_maths::sum::Moments;
//!
//! let moments = Moments::of(&[1.0, 2.0, 3.0]);
//! assert_eq!((moments.mean, moments.variance()), (2.0, 1.0));
//! ```
//!
//! Blocks of `BLOCK` values are summed in `STRIDES` strides, and the blocks' results are added in pairs,
//! pairs of pairs and so on (pairwise summation: Higham, "Accuracy and Stability", section 4.2).
//! Invariant: no thread, no instruction set and no cut changes a bit, if the cuts fall on multiples of
//! a power of two of blocks and the parts are merged in their order.
//! Absent: exact sums. Money that must add up to the cent is summed in integers by the caller.

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

    /// The unbiased variance; 0 for fewer than two values.
    #[must_use]
    pub fn variance(&self) -> f64 {
        if self.count < 2 { 0.0 } else { self.squares / (self.count - 1) as f64 }
    }

    /// The Monte Carlo standard error of the mean; 0 for fewer than two values.
    #[must_use]
    pub fn standard_error(&self) -> f64 {
        if self.count < 2 { 0.0 } else { (self.variance() / self.count as f64).sqrt() }
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

    #[test]
    fn variance_survives_a_large_mean() {
        let values: Vec<f64> = (0..1000).map(|i| 1e9 + f64::from(i % 2)).collect();
        let moments = Moments::of(&values);
        assert!((moments.variance() - 0.25 * 1000.0 / 999.0).abs() < 1e-12);
        assert!((moments.standard_error() - (moments.variance() / 1000.0).sqrt()).abs() < 1e-18);
        assert_eq!(Moments::default().merge(moments), moments);
    }
}
