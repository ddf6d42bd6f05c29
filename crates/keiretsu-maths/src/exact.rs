//! Adds numbers without any rounding, so that a sum is the same in every order and every cut.
//!
//! ```
//! use keiretsu_maths::exact::Exact;
//!
//! let mut sum = Exact::default();
//! for value in [1e300, 0.1, -1e300, 0.2] {
//!     sum.add_times(value, 1);
//! }
//! // Both addends as they are, rounded once.
//! assert_eq!(sum.quotient(1), 0.1 + 0.2);
//! ```
//!
//! Every finite number is a whole multiple of 2^-1074, and every product of two of 2^-2148: a sum is one
//! integer (Kulisch and Miranker 1986, "The arithmetic of the digital computer"), of which only the words
//! between the lowest and the highest bit that was ever set are kept.
//! Invariant: the value depends on what was added alone, not on the order. What is not finite is kept apart
//! and wins: infinities of both signs, or one NaN, make the sum NaN.
//! Absent: speed for single values. Kernels add a block of values as floats and the block's sum here.

/// The place of 2^0, in bits above the lowest bit of the lowest word; 2^-2148 has its place too.
const ONE: i32 = 2240;
/// Bits of a word.
const BITS: i32 = 64;
/// More words than any sum of fewer than 2^64 products has.
const WORDS_MAX: usize = 72;

/// A sum that was never rounded.
#[derive(Clone, Debug, Default)]
pub struct Exact {
    /// The place of the first word.
    low: usize,
    /// Two's complement, the lowest word first.
    words: Vec<u64>,
    /// The sum of the non-finite terms; 0 if there are none.
    beyond: f64,
}

impl Exact {
    /// Adds `times` times a value.
    pub fn add_times(&mut self, value: f64, times: u64) {
        if !value.is_finite() {
            self.beyond += value;
            return;
        }
        let (mantissa, exponent) = parts(value);
        self.add(u128::from(mantissa) * u128::from(times), exponent, value < 0.0);
    }

    /// Adds `times` times the square of a value.
    pub fn add_square(&mut self, value: f64, times: u16) {
        if !value.is_finite() {
            self.beyond += value * value;
            return;
        }
        let (mantissa, exponent) = parts(value);
        // 106 bits and 16.
        let square = u128::from(mantissa) * u128::from(mantissa);
        self.add(square * u128::from(times), 2 * exponent, false);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Exact) {
        self.beyond += other.beyond;
        if other.words.is_empty() {
            return;
        }
        self.cover(other.low, other.low + other.words.len() + 1);
        let sign = sign(&other.words);
        let mut carry = false;
        for (at, word) in self.words[other.low - self.low..].iter_mut().enumerate() {
            let more = other.words.get(at).copied().unwrap_or(sign);
            (*word, carry) = word.carrying_add(more, carry);
        }
    }

    /// Adds a sum of single values, each times a factor.
    pub(crate) fn add_multiple(&mut self, other: &Exact, factor: f64) {
        if other.beyond != 0.0 || !factor.is_finite() {
            self.beyond += other.beyond * factor;
            return;
        }
        let (mantissa, exponent) = parts(factor);
        let (negative, words) = other.magnitude();
        for (at, word) in (other.low as i32..).zip(words) {
            let product = u128::from(word) * u128::from(mantissa);
            self.add(product, exponent + BITS * at - ONE, negative != (factor < 0.0));
        }
    }

    /// The sum divided by a whole number, rounded once (twice where it is not even a normal number).
    pub fn quotient(&self, divisor: u64) -> f64 {
        assert!(0 < divisor && divisor < 1 << 63, "a divisor between 1 and 2^63");
        if self.beyond != 0.0 {
            return self.beyond;
        }
        let (negative, words) = self.magnitude();
        let Some(top) = words.iter().rposition(|word| *word != 0) else { return 0.0 };
        let word = |below: usize| top.checked_sub(below).map_or(0, |at| words[at]);
        let lead = words[top].leading_zeros();
        let upper = u128::from(word(0)) << 64 | u128::from(word(1));
        let window = upper << lead | u128::from(word(2)) << lead >> BITS;
        let rest = word(2) << lead != 0 || words[..top.saturating_sub(2)].iter().any(|word| *word != 0);
        let divisor = u128::from(divisor);
        let (whole, rest) = (window / divisor, rest || !window.is_multiple_of(divisor));
        // 64 bits of the quotient, the last of which also says whether anything is left below: a float
        // takes 53 of them and rounds as if it saw all.
        let drop = BITS - whole.leading_zeros() as i32;
        let rest = rest || whole << (128 - drop) != 0;
        let mantissa = (whole >> drop) as u64 | u64::from(rest);
        let exponent = BITS * (self.low + top) as i32 - BITS - ONE - lead as i32 + drop;
        let size = scaled(mantissa as f64, exponent);
        if negative { -size } else { size }
    }

    /// Place of the lowest word, the words, and the non-finite part: the same for equal sums.
    pub fn to_parts(&self) -> (usize, &[u64], f64) {
        let sign = sign(&self.words);
        let Some(first) = self.words.iter().position(|word| *word != 0) else { return (0, &[], self.beyond) };
        // One word of sign stays where the word below it says another.
        let end = self.words.iter().rposition(|word| *word != sign).map_or(first, |at| at + 1);
        let end =
            if first < end && is_negative(self.words[end - 1]) == is_negative(sign) { end } else { end + 1 };
        (self.low + first, &self.words[first..end], self.beyond)
    }

    /// A sum of parts; none where no sum has such parts.
    pub fn from_parts(low: usize, words: &[u64], beyond: f64) -> Option<Exact> {
        let fits = low < WORDS_MAX && words.len() <= WORDS_MAX - low;
        if !fits || beyond.is_finite() && beyond != 0.0 {
            return None;
        }
        let sum = Exact { low, words: words.to_vec(), beyond };
        let (shortest_low, shortest, _) = sum.to_parts();
        (shortest_low == low && shortest == words).then_some(sum)
    }

    /// Whether nothing below the lowest bit of a single value is set.
    pub(crate) fn is_of_values(&self) -> bool {
        self.to_parts().1.is_empty() || (ONE - 1074) / BITS <= self.to_parts().0 as i32
    }

    /// Adds or subtracts `magnitude * 2^exponent`.
    fn add(&mut self, magnitude: u128, exponent: i32, negative: bool) {
        if magnitude == 0 {
            return;
        }
        assert!(-ONE <= exponent, "below the lowest bit");
        let bit = (exponent + ONE) as u32;
        let (first, shift) = ((bit / 64) as usize, bit % 64);
        let low = u128::from(magnitude as u64) << shift;
        let high = ((magnitude >> 64) << shift) + (low >> 64);
        let more = [low as u64, high as u64, (high >> 64) as u64];
        self.cover(first, first + more.len() + 1);
        let mut carry = false;
        for (at, word) in self.words[first - self.low..].iter_mut().enumerate() {
            if more.len() <= at && !carry {
                break;
            }
            let more = more.get(at).copied().unwrap_or(0);
            (*word, carry) =
                if negative { word.borrowing_sub(more, carry) } else { word.carrying_add(more, carry) };
        }
    }

    /// Makes room for words from `first` to `end`, and for one more of sign.
    fn cover(&mut self, first: usize, end: usize) {
        if self.words.is_empty() {
            self.low = first;
        }
        if first < self.low {
            self.words.splice(0..0, std::iter::repeat_n(0, self.low - first));
            self.low = first;
        }
        let sign = sign(&self.words);
        let end = end - self.low;
        if self.words.len() < end {
            self.words.resize(end, sign);
        }
        if self.words.last() != Some(&sign) {
            self.words.push(sign);
        }
    }

    /// Whether it is negative, and the words of its size.
    fn magnitude(&self) -> (bool, Vec<u64>) {
        let mut words = self.words.clone();
        let negative = sign(&words) != 0;
        if negative {
            let mut carry = true;
            for word in &mut words {
                (*word, carry) = (!*word).carrying_add(0, carry);
            }
        }
        (negative, words)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Exact) -> bool {
        let (a, b) = (self.to_parts(), other.to_parts());
        (a.0, a.1) == (b.0, b.1) && a.2.to_bits() == b.2.to_bits()
    }
}

/// The words above the last one, by sign extension.
fn sign(words: &[u64]) -> u64 {
    if words.last().is_some_and(|last| is_negative(*last)) { u64::MAX } else { 0 }
}

fn is_negative(word: u64) -> bool {
    word >> 63 == 1
}

/// The size of a finite number as `mantissa * 2^exponent`.
fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let (field, fraction) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
    if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) }
}

/// `value * 2^exponent`, in steps that are powers of two themselves.
fn scaled(mut value: f64, mut exponent: i32) -> f64 {
    while exponent != 0 {
        let step = exponent.clamp(-1000, 1000);
        value *= f64::from_bits(((step + 1023) as u64) << 52);
        exponent -= step;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::splitmix::SplitMix;

    fn sum(values: &[f64]) -> Exact {
        let mut sum = Exact::default();
        for value in values {
            sum.add_times(*value, 1);
        }
        sum
    }

    /// Numbers of all sizes and both signs.
    fn wild(count: usize) -> Vec<f64> {
        let mut random = SplitMix(7);
        let finite = std::iter::from_fn(|| Some(f64::from_bits(random.word()))).filter(|x| x.is_finite());
        finite.take(count).collect()
    }

    #[test]
    fn no_order_and_no_cut_changes_a_sum() {
        let values = wild(500);
        let whole = sum(&values);
        let backwards: Vec<f64> = values.iter().rev().copied().collect();
        assert_eq!(sum(&backwards), whole);
        for cut in [1, 250, 499] {
            let (left, right) = values.split_at(cut);
            let mut merged = sum(right);
            merged.merge(&sum(left));
            assert_eq!(merged, whole);
            assert_eq!(merged.quotient(1).to_bits(), whole.quotient(1).to_bits());
        }
    }

    #[test]
    fn what_is_added_and_taken_away_leaves_nothing() {
        let values = wild(300);
        let mut all = sum(&values);
        for value in &values {
            all.add_times(-value, 1);
        }
        assert_eq!(all.to_parts(), (0, [].as_slice(), 0.0));
        let mut squares = Exact::default();
        for value in &values {
            squares.add_square(*value, 3);
            let one = sum(&[*value]);
            (0..3).for_each(|_| squares.add_multiple(&one, -value));
        }
        assert_eq!(squares.quotient(1).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn a_quotient_is_rounded_once() {
        // Integers of 128 bits are rounded by the language in the same way.
        let mut random = SplitMix(3);
        for _ in 0..2000 {
            let value = (random.word() as i64 >> (random.word() % 60)) as f64;
            let (times, divisor) = (random.word() >> 30, 1 + (random.word() >> 40));
            let mut sum = Exact::default();
            sum.add_times(value, times);
            let product = value as i128 * i128::from(times);
            if product % i128::from(divisor) == 0 {
                let exact = (product / i128::from(divisor)) as f64;
                assert_eq!(sum.quotient(divisor).to_bits(), exact.to_bits(), "{value} * {times} / {divisor}");
            }
            assert_eq!(sum.quotient(1).to_bits(), (product as f64).to_bits(), "{value} * {times}");
        }
        // Division of two floats that hold their integers is rounded once too.
        for divisor in [3_u64, 7, 1_000_003] {
            let mut sum = Exact::default();
            sum.add_times(123_456_789.0, 1);
            assert_eq!(sum.quotient(divisor).to_bits(), (123_456_789.0 / divisor as f64).to_bits());
        }
        let third = 1.0 / 3.0;
        let mut thirds = Exact::default();
        thirds.add_times(third, 999_999_937);
        assert_eq!(thirds.quotient(999_999_937).to_bits(), third.to_bits(), "the mean of equals");
    }

    #[test]
    fn the_ends_of_the_numbers_have_room() {
        for value in [f64::MAX, -f64::MAX, f64::MIN_POSITIVE, 5e-324, -5e-324] {
            assert_eq!(sum(&[value]).quotient(1).to_bits(), value.to_bits());
            let mut many = Exact::default();
            many.add_times(value, 1 << 40);
            assert_eq!(many.quotient(1 << 40).to_bits(), value.to_bits());
        }
        assert_eq!(sum(&[f64::MAX; 2]).quotient(1).to_bits(), f64::INFINITY.to_bits());
        let mut squares = Exact::default();
        squares.add_square(f64::MAX, u16::MAX);
        squares.add_square(5e-324, 1);
        let (low, words, _) = squares.to_parts();
        assert!(low + words.len() <= WORDS_MAX, "{low} and {}", words.len());
    }

    #[test]
    fn what_is_not_finite_wins() {
        assert_eq!(sum(&[1.0, f64::INFINITY]).quotient(3).to_bits(), f64::INFINITY.to_bits());
        assert!(sum(&[f64::NEG_INFINITY, 1.0, f64::INFINITY]).quotient(1).is_nan());
        assert!(sum(&[1.0, f64::NAN]).quotient(1).is_nan());
    }

    #[test]
    fn parts_come_back_and_others_are_refused() {
        for values in [vec![], vec![-1.0], vec![1e300, -1e-300], wild(9)] {
            let sum = sum(&values);
            let (low, words, beyond) = sum.to_parts();
            assert_eq!(Exact::from_parts(low, words, beyond), Some(sum.clone()));
        }
        assert_eq!(Exact::from_parts(WORDS_MAX, &[1], 0.0), None);
        assert_eq!(Exact::from_parts(1, &[0; WORDS_MAX], 0.0), None);
        assert_eq!(Exact::from_parts(usize::MAX, &[], 0.0), None);
        assert_eq!(Exact::from_parts(0, &[], 1.0), None, "1 is finite");
        assert_eq!(Exact::from_parts(3, &[1, 0], 0.0), None, "a word too many");
        assert_eq!(Exact::from_parts(3, &[0, 1], 0.0), None, "a word too many");
        assert_eq!(Exact::from_parts(3, &[], 0.0), None, "nothing has no place");
    }
}
