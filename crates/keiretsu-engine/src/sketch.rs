//! Quantiles of more numbers than are kept: counts in buckets of equal relative width.
//!
//! A bucket holds the numbers that agree in sign, exponent and the first nine bits of the mantissa, so its
//! middle is within [`RELATIVE_ERROR`] of each of them. Counts are integers: sketches merge exactly, in any
//! order. Zero, with what is too small to be a normal number, has a count of its own.

use std::collections::BTreeMap;

/// Greatest distance of a bucket's middle from a number in it, relative to the number: 2^-10.
pub const RELATIVE_ERROR: f64 = 1.0 / 1024.0;
/// Buckets of one exponent.
const BUCKETS: usize = 512;
/// Mantissa bits that do not count.
const SHIFT: u32 = 43;

type Pages = BTreeMap<u16, Box<[u64; BUCKETS]>>;

/// Counts of numbers.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    negative: Pages,
    zeros: u64,
    positive: Pages,
    count: u64,
}

impl Sketch {
    /// Counts a finite number.
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        let bits = value.abs().to_bits() >> SHIFT;
        let (page, bucket) = ((bits >> 9) as u16, (bits & (BUCKETS as u64 - 1)) as usize);
        if page == 0 {
            self.zeros += 1;
            return;
        }
        let pages = if value < 0.0 { &mut self.negative } else { &mut self.positive };
        pages.entry(page).or_insert_with(|| Box::new([0; BUCKETS]))[bucket] += 1;
    }

    /// Adds the counts of another sketch.
    pub fn merge(&mut self, other: &Sketch) {
        self.count += other.count;
        self.zeros += other.zeros;
        merge_pages(&mut self.negative, &other.negative);
        merge_pages(&mut self.positive, &other.positive);
    }

    /// A quantile, linear between the two order statistics next to it.
    pub fn quantile(&self, q: f64) -> f64 {
        assert!(self.count > 0, "a quantile of nothing");
        let last = self.count - 1;
        let position = last as f64 * q;
        let rank = (position as u64).min(last);
        let (a, b) = (self.at_rank(rank), self.at_rank((rank + 1).min(last)));
        a + (position - rank as f64).clamp(0.0, 1.0) * (b - a)
    }

    /// The mean of the greatest `1 - level` of the numbers, the bucket at the edge in part.
    pub fn tail(&self, level: f64) -> f64 {
        assert!(self.count > 0, "a tail of nothing");
        let wanted = (1.0 - level).max(0.0) * self.count as f64;
        let (mut left, mut sum) = (wanted, 0.0);
        let mut take = |count: u64, value: f64| {
            let taken = (count as f64).min(left);
            left -= taken;
            sum += taken * value;
        };
        for (page, counts) in self.positive.iter().rev() {
            (0..BUCKETS).rev().for_each(|bucket| take(counts[bucket], middle(*page, bucket)));
        }
        take(self.zeros, 0.0);
        for (page, counts) in &self.negative {
            (0..BUCKETS).for_each(|bucket| take(counts[bucket], -middle(*page, bucket)));
        }
        if wanted > 0.0 { sum / wanted } else { self.at_rank(self.count - 1) }
    }

    fn at_rank(&self, rank: u64) -> f64 {
        let mut below = 0;
        for (page, counts) in self.negative.iter().rev() {
            for bucket in (0..BUCKETS).rev() {
                below += counts[bucket];
                if rank < below {
                    return -middle(*page, bucket);
                }
            }
        }
        below += self.zeros;
        if rank < below {
            return 0.0;
        }
        for (page, counts) in &self.positive {
            for (bucket, count) in counts.iter().enumerate() {
                below += count;
                if rank < below {
                    return middle(*page, bucket);
                }
            }
        }
        unreachable!("a rank lies below the count")
    }
}

/// The middle of a bucket.
fn middle(page: u16, bucket: usize) -> f64 {
    let low = (u64::from(page) << 9 | bucket as u64) << SHIFT;
    f64::from_bits(low | 1 << (SHIFT - 1))
}

fn merge_pages(pages: &mut Pages, others: &Pages) {
    for (page, counts) in others {
        let mine = pages.entry(*page).or_insert_with(|| Box::new([0; BUCKETS]));
        for (mine, count) in mine.iter_mut().zip(counts.iter()) {
            *mine += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_keep_their_relative_error() {
        let mut values: Vec<f64> = (0..5000).map(|i| (f64::from(i) - 2000.0) * 1.7e3).collect();
        let (mut a, mut b) = (Sketch::default(), Sketch::default());
        for (at, value) in values.iter().enumerate() {
            if at % 3 == 0 { a.add(*value) } else { b.add(*value) }
        }
        a.merge(&b);
        values.sort_unstable_by(f64::total_cmp);
        for q in [0.0, 0.05, 0.25, 0.4, 0.5, 0.95, 1.0] {
            let exact = values[((values.len() - 1) as f64 * q).round() as usize];
            let error = (a.quantile(q) - exact).abs();
            assert!(error <= exact.abs() * RELATIVE_ERROR + 1.7e3, "{q}: {error} beside {exact}");
            let exact = keiretsu_methods::exposure::expected_shortfall(&mut values.clone(), q);
            let error = (a.tail(q) - exact).abs();
            // Numbers of both signs may cancel in the mean, not their errors.
            assert!(error <= 5.1e6 * RELATIVE_ERROR, "tail {q}: {error} beside {exact}");
        }
    }

    #[test]
    fn zero_is_exact() {
        let mut sketch = Sketch::default();
        for value in [-1.0, 0.0, 0.0, 0.0, 1.0] {
            sketch.add(value);
        }
        assert_eq!(sketch.quantile(0.5).to_bits(), 0.0_f64.to_bits());
    }
}
