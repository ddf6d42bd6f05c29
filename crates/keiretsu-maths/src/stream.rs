//! Turns (seed, purpose, month, pair, path) into the counter and key of a draw.
//!
//! ```
//! use keiretsu_maths::stream::{DrawPurpose, Stream};
//!
//! let stream = Stream { seed: 7, purpose: DrawPurpose::Factor, month: 3, pair: 1 };
//! assert_eq!(stream.counter(5, 0), [5, 3 << 8, 1, 0]);
//! assert_eq!(stream.key(), [7, 0]);
//! ```
//!
//! The counter, least significant bit first:
//!
//! | word | bits | holds |
//! |---|---|---|
//! | 0 | 0-31 | path, lower 32 bits |
//! | 1 | 0-7 | path, upper 8 bits |
//! | 1 | 8-23 | month |
//! | 1 | 24-31 | purpose |
//! | 2 | 0-31 | pair: factors 2 pair and 2 pair + 1, or the event, figure or count |
//! | 3 | 0-31 | block: 0, and above for a draw that needs more than four words |
//!
//! Invariant: no two different (purpose, month, pair, path, block) share a counter.
//! Absent: a global generator, and any order in which draws would have to be made.

use crate::philox::philox;

/// How many paths a seed can tell apart.
pub const PATHS_MAX: u64 = 1 << 40;
/// How many months a seed can tell apart.
pub const MONTHS_MAX: u32 = 1 << 16;

/// The purpose of a draw. Different purposes never share a random number. The numbers are part of the meaning
/// of a seed: never change one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DrawPurpose {
    /// The correlated moves of factors.
    Factor = 0,
    /// Whether an event happens.
    Event = 1,
    /// The value of an uncertain figure.
    Figure = 2,
    /// A number of arrivals.
    Count = 3,
    /// The sizes of jumps.
    Jump = 4,
    /// The common divisor of a Student t copula.
    Mixing = 5,
}

/// All the draws of one purpose, month and pair: one a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stream {
    /// The seed of the run.
    pub seed: u64,
    /// The purpose of the draws.
    pub purpose: DrawPurpose,
    /// The month's number, below [`MONTHS_MAX`].
    pub month: u32,
    /// The number of the pair of factors, event, figure or count.
    pub pair: u32,
}

impl Stream {
    /// The counter of a path's draw; `path` below [`PATHS_MAX`].
    #[must_use]
    pub fn counter(&self, path: u64, block: u32) -> [u32; 4] {
        assert!(path < PATHS_MAX, "path {path} is beyond what a counter holds");
        let upper = (path >> 32) as u32 | self.upper();
        [path as u32, upper, self.pair, block]
    }

    /// The key of every draw of this seed.
    #[inline(always)]
    #[must_use]
    pub fn key(&self) -> [u32; 2] {
        [self.seed as u32, (self.seed >> 32) as u32]
    }

    /// Four random words for a path.
    #[must_use]
    pub fn words(&self, path: u64, block: u32) -> [u32; 4] {
        philox(self.counter(path, block), self.key())
    }

    /// Two independent uniforms for a path, as [`crate::normals::uniforms`] would fill them.
    #[must_use]
    pub fn uniforms(&self, path: u64, block: u32) -> [f64; 2] {
        let [w0, w1, w2, w3] = self.words(path, block).map(u64::from);
        [uniform(w0 | w1 << 32), uniform(w2 | w3 << 32)]
    }

    /// Month and purpose in their place in word 1.
    #[inline(always)]
    pub(crate) fn upper(&self) -> u32 {
        assert!(self.month < MONTHS_MAX, "month {} is beyond what a counter holds", self.month);
        self.month << 8 | (self.purpose as u32) << 24
    }
}

/// A number strictly between 0 and 1 from the upper 52 bits of a word: the midpoints of 2^52 equal cells,
/// so 0 and 1 cannot come, and `u` and `1 - u` are equally likely.
#[inline(always)]
#[must_use]
pub fn uniform(word: u64) -> f64 {
    one_to_two(word) - (1.0 - f64::EPSILON / 2.0)
}

/// The upper 52 bits of a word as a number in [1, 2).
#[inline(always)]
pub(crate) fn one_to_two(word: u64) -> f64 {
    f64::from_bits(word >> 12 | 0x3ff0_0000_0000_0000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_bits_of_its_own() {
        let base = Stream { seed: 1, purpose: DrawPurpose::Factor, month: 0, pair: 0 };
        let pack = |stream: Stream, path, block| {
            stream.counter(path, block).iter().rev().fold(0u128, |all, word| all << 32 | u128::from(*word))
        };
        let fields = [
            pack(base, PATHS_MAX - 1, 0),
            pack(Stream { month: MONTHS_MAX - 1, ..base }, 0, 0),
            pack(Stream { purpose: DrawPurpose::Mixing, ..base }, 0, 0),
            pack(Stream { pair: u32::MAX, ..base }, 0, 0),
            pack(base, 0, u32::MAX),
        ];
        for (i, a) in fields.iter().enumerate() {
            for b in &fields[i + 1..] {
                assert_eq!(a & b, 0, "two fields share a bit");
            }
        }
    }

    #[test]
    fn uniforms_stay_strictly_inside() {
        assert_eq!(uniform(0).to_bits(), (f64::EPSILON / 2.0).to_bits());
        assert_eq!(uniform(u64::MAX).to_bits(), (1.0 - f64::EPSILON / 2.0).to_bits());
        assert_eq!(uniform(1 << 63).to_bits(), (0.5 + f64::EPSILON / 2.0).to_bits());
    }
}
