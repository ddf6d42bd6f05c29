//! Turns a seed into one stream of random words (Steele, Lea and Flood 2014): for draws outside of a
//! simulation, whose numbers are functions of path and month ([`crate::stream`]).
//!
//! ```
//! use keiretsu_maths::splitmix::SplitMix;
//!
//! let mut random = SplitMix(1);
//! assert_eq!(random.word(), 0x910a_2dec_8902_5cc1);
//! assert!(random.below(6) < 6 && random.uniform() < 1.0);
//! ```

/// A stream: its state, at the start the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitMix(pub u64);

impl SplitMix {
    /// The next 64 random bits.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform on (0, 1).
    pub fn uniform(&mut self) -> f64 {
        ((self.word() >> 11) as f64 + 0.5) * (1.0 / (1_u64 << 53) as f64)
    }

    /// One of 0, 1, ... `count` - 1, and 0 for none; uneven by less than `count` in 2^64.
    pub fn below(&mut self, count: usize) -> usize {
        (self.word() % count.max(1) as u64) as usize
    }
}
