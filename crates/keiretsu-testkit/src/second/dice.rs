//! Random choices from a seed, the same on every machine.
//!
//! Absent: anything that a simulation would need.

/// A stream of choices (splitmix64, Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Dice {
        Dice { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66_D1CE_4E5B }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn from(&mut self, low: i32, high: i32) -> i32 {
        assert!(low <= high, "an empty range");
        low + (self.next() % (high - low + 1) as u64) as i32
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
