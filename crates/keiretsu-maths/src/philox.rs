//! Turns a counter and a key into four random words: Philox 4x32-10.
//!
//! ```
//! use keiretsu_maths::philox::philox;
//!
//! assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
//! ```
//!
//! Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). The
//! published known answers are a test.
//! Absent: any state. A draw is a function of its counter and key, so draws can be made in any order,
//! on any machine, and again.

/// The multipliers of Philox 4x32.
const MULTIPLIER: [u64; 2] = [0xd251_1f53, 0xcd9e_8d57];
/// The increment of the key after each round.
const WEYL: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];
/// The lower half of a lane.
const LOWER: u64 = 0xffff_ffff;
/// How many rounds are made.
const ROUNDS: usize = 10;

/// The four output words for a counter and a key, words least significant first.
#[inline(always)]
#[must_use]
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let [words] = philox_lanes([counter.map(u64::from)], key);
    words.map(|word| (word & LOWER) as u32)
}

/// The same of several, in 64-bit lanes, for loops that are to be vectorised: SSE2, AVX2 and AVX-512 all
/// multiply the lower halves of 64-bit lanes. Only the lower half of each word, in and out, has a meaning.
/// Round by round: one's round waits for the one before, and meanwhile another's is made.
#[inline(always)]
pub(crate) fn philox_lanes<const N: usize>(counters: [[u64; 4]; N], key: [u32; 2]) -> [[u64; 4]; N] {
    let mut lanes = counters;
    let [mut k0, mut k1] = key;
    let mut round = 0;
    while round < ROUNDS {
        for lane in &mut lanes {
            let [c0, c1, c2, c3] = *lane;
            let first = (c0 & LOWER).wrapping_mul(MULTIPLIER[0]);
            let second = (c2 & LOWER).wrapping_mul(MULTIPLIER[1]);
            *lane = [(second >> 32) ^ c1 ^ u64::from(k0), second, (first >> 32) ^ c3 ^ u64::from(k1), first];
        }
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
        round += 1;
    }
    lanes
}
