//! The blocks that a range of paths runs.
//!
//! Invariant: paths are cut at multiples of a block, and moments of a block are those of all its paths in the
//! run. A block is run by the range that has its first path, so that no path is run twice.

use std::ops::Range;

use keiretsu_maths::moves::BLOCK;
use keiretsu_maths::sum::Moments;
use keiretsu_program::Paths;

use crate::rows::Arg;

/// The blocks of a range of paths.
#[derive(Clone, Debug)]
pub struct Share {
    whole: Range<u64>,
    blocks: Range<u64>,
}

/// A block of paths of a run.
#[derive(Clone, Debug)]
pub struct Block {
    /// The first path, in the run or not.
    pub first_path: u64,
    /// Those of its paths that are in the run.
    pub wanted: Range<usize>,
}

impl Share {
    /// The blocks of a range of all paths.
    pub fn new(whole: Paths, range: &Range<u64>) -> Self {
        let block = BLOCK as u64;
        let whole = whole.first..whole.first + whole.count;
        // The first block of the run is that of the first path of the run, which need not be its own first.
        let first =
            if range.start == whole.start { range.start / block } else { range.start.div_ceil(block) };
        Self { whole, blocks: first..range.end.div_ceil(block).max(first) }
    }

    /// How many blocks: at most 2^32, see [`crate::PATHS_MAX`].
    pub fn count(&self) -> u32 {
        (self.blocks.end - self.blocks.start) as u32
    }

    /// One of its blocks, counted from 0.
    pub fn block(&self, at: u32) -> Block {
        let block = BLOCK as u64;
        let first_path = (self.blocks.start + u64::from(at)) * block;
        let from = self.whole.start.saturating_sub(first_path).min(block) as usize;
        let until = (self.whole.end - first_path).min(block) as usize;
        Block { first_path, wanted: from..until }
    }
}

/// Whether quantiles are exact: a matter of the whole run, whatever the range.
pub fn is_exact(whole: Paths) -> bool {
    whole.count <= whole.exact_limit
}

/// The moments of some numbers of a block: of the paths that are in the figures.
pub fn moments_of(numbers: &[f64], failed: &[bool], wanted: Range<usize>) -> Moments {
    if !failed[wanted.clone()].contains(&true) {
        return Moments::of(&numbers[wanted]);
    }
    let kept: Vec<f64> = wanted.filter(|lane| !failed[*lane]).map(|lane| numbers[lane]).collect();
    Moments::of(&kept)
}

/// Copies a value of each path.
pub fn copy(from: Arg, to: &mut [f64]) {
    match from {
        Arg::One(value) => to.fill(value),
        Arg::Many(values) => to.copy_from_slice(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_run_by_exactly_one_range() {
        for (first, count, cuts) in [(0, 1000, vec![1, 255, 256, 257, 700]), (300, 900, vec![301, 511, 512])]
        {
            let whole = Paths { seed: 1, first, count, exact_limit: 0 };
            let ends = cuts.iter().copied().chain([first + count]);
            let starts = [first].into_iter().chain(cuts.iter().copied());
            let mut found = vec![];
            for range in starts.zip(ends).map(|(start, end)| start..end) {
                let share = Share::new(whole, &range);
                found.extend((0..share.count()).map(|at| share.block(at)));
            }
            let paths = found.iter().map(|block| {
                block.first_path + block.wanted.start as u64..block.first_path + block.wanted.end as u64
            });
            assert!(paths.flatten().eq(first..first + count), "{first} and {count} more");
        }
    }
}
