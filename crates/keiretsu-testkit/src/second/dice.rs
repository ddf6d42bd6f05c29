//! Random choices from a seed, the same on every machine.
//!
//! Absent: anything that a simulation would need.

use keiretsu_maths::splitmix::SplitMix;

/// A stream of choices.
#[derive(Clone, Debug)]
pub struct Dice {
    words: SplitMix,
}

impl Dice {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Dice {
        Dice { words: SplitMix(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66_D1CE_4E5B) }
    }

    /// A number from `low` to `high`, both included.
    pub fn from(&mut self, low: i32, high: i32) -> i32 {
        assert!(low <= high, "an empty range");
        low + (self.words.word() % (high - low + 1) as u64) as i32
    }

    /// True in so many of a hundred.
    pub fn chance(&mut self, percent: i32) -> bool {
        self.from(1, 100) <= percent
    }

    /// One of several.
    pub fn one_of<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.from(0, of.len() as i32 - 1) as usize]
    }
}
