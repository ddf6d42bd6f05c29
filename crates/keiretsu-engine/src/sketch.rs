//! Quantiles of more numbers than are kept: counts in buckets of equal relative width.
//!
//! A bucket holds the numbers that agree in sign, exponent and the first nine bits of the mantissa, so its
//! middle is within [`RELATIVE_ERROR`] of each of them. Counts are integers: sketches merge exactly, in any
//! order. Zero, with what is too small to be a normal number, has a count of its own.
//!
//! As bytes, a page is its exponent and all its counts, each as few bytes of seven bits as it takes (LEB128):
//! one byte where there is nothing, so that a page takes no more than eight times its bytes in memory.

use std::collections::BTreeMap;

use keiretsu_program::{Wire, WireError};

/// Greatest distance of a bucket's middle from a number in it, relative to the number: 2^-10.
pub const RELATIVE_ERROR: f64 = 1.0 / 1024.0;
/// Buckets of one exponent.
const BUCKETS: usize = 512;
/// Mantissa bits that do not count.
const SHIFT: u32 = 43;
/// The exponent of the greatest finite numbers.
const PAGE_MAX: u16 = 0x7fe;

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

    /// How many numbers were counted.
    pub fn count(&self) -> u64 {
        self.count
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

impl Wire for Sketch {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { negative, zeros, positive, count: _ } = self;
        put_count(*zeros, out);
        for pages in [negative, positive] {
            (pages.len() as u16).put(out);
            for (page, counts) in pages {
                page.put(out);
                counts.iter().for_each(|count| put_count(*count, out));
            }
        }
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        let zeros = take_count(input)?;
        let (negative, positive) = (take_pages(input)?, take_pages(input)?);
        let mut counts = negative.values().chain(positive.values()).flat_map(|counts| counts.iter());
        let count = counts.try_fold(zeros, |sum, count| sum.checked_add(*count)).ok_or(COUNTS)?;
        Ok(Self { negative, zeros, positive, count })
    }
}

const COUNTS: WireError = WireError::Contradiction("counts of a sketch");

fn take_pages(input: &mut &[u8]) -> Result<Pages, WireError> {
    let mut pages = Pages::new();
    let mut above = 0;
    for _ in 0..u16::take(input)? {
        let page = u16::take(input)?;
        if page <= above || PAGE_MAX < page {
            return Err(COUNTS);
        }
        above = page;
        let mut counts = Box::new([0; BUCKETS]);
        for count in counts.iter_mut() {
            *count = take_count(input)?;
        }
        pages.insert(page, counts);
    }
    Ok(pages)
}

fn put_count(mut count: u64, out: &mut Vec<u8>) {
    while 0x80 <= count {
        out.push(count as u8 | 0x80);
        count >>= 7;
    }
    out.push(count as u8);
}

fn take_count(input: &mut &[u8]) -> Result<u64, WireError> {
    let mut count = 0;
    for shift in (0..64).step_by(7) {
        let byte = u8::take(input)?;
        let bits = u64::from(byte & 0x7f);
        let fits = bits << shift >> shift == bits && (byte != 0 || shift == 0);
        if !fits {
            return Err(COUNTS);
        }
        count |= bits << shift;
        if byte < 0x80 {
            return Ok(count);
        }
    }
    Err(COUNTS)
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

    #[test]
    fn a_sketch_comes_back_and_a_cut_or_longer_one_does_not() {
        let mut sketch = Sketch::default();
        for at in 0..70_000 {
            sketch.add(if at % 3 == 0 { -0.25 } else { f64::from(at % 7) * 1e9 });
        }
        let mut bytes = vec![];
        sketch.put(&mut bytes);
        let mut input = bytes.as_slice();
        let back = Sketch::take(&mut input).expect("a sketch");
        assert!(input.is_empty());
        assert_eq!(format!("{back:?}"), format!("{sketch:?}"));
        for length in 0..bytes.len() {
            assert!(Sketch::take(&mut &bytes[..length]).is_err(), "{length}");
        }
        for count in [0, 1, 127, 128, u64::MAX] {
            let mut bytes = vec![];
            put_count(count, &mut bytes);
            assert_eq!(take_count(&mut bytes.as_slice()), Ok(count));
        }
        // 0 in two bytes, and a bit beyond the 64th.
        assert_eq!(take_count(&mut [0x80, 0].as_slice()), Err(COUNTS));
        assert_eq!(take_count(&mut [[0xff; 9].as_slice(), &[2]].concat().as_slice()), Err(COUNTS));
    }
}
