//! Random choices as a function of a seed.

use keiretsu_maths::splitmix::SplitMix;

/// Added to each seed, so that neighbouring seeds have streams of their own.
const KEY: u64 = 0xcd2d_efb8_e629_f760;

/// A stream of choices.
pub(crate) struct Random {
    words: SplitMix,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { words: SplitMix(SplitMix(seed.wrapping_add(KEY)).word()) }
    }

    fn bits(&mut self) -> u64 {
        self.words.word()
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// From `low` to `high`, both included.
    pub(crate) fn count(&mut self, low: u32, high: u32) -> u32 {
        low + (self.bits() % u64::from(high - low + 1)) as u32
    }

    pub(crate) fn chance(&mut self, chance: f64) -> bool {
        self.unit() < chance
    }

    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.count(0, list.len() as u32 - 1) as usize]
    }

    pub(crate) fn maybe<T: Copy>(&mut self, chance: f64, list: &[T]) -> Option<T> {
        (!list.is_empty() && self.chance(chance)).then(|| self.pick(list))
    }
}
