//! A simulation: blocks of paths to means, standard errors and quantiles.
//!
//! Up to `exact_limit` paths, months are the outer loop and blocks the inner one, so that only one month's
//! numbers are kept; quantiles are exact. Beyond it, blocks are the outer loop and quantiles come from a
//! sketch ([`crate::sketch`]), so that memory does not grow with paths.
//!
//! Paths are cut at multiples of a block. A request that does not end there is widened and masked.

use std::sync::Mutex;

use keiretsu_maths::lanes::Lanes;
use keiretsu_maths::moves::BLOCK;
use keiretsu_maths::select::quantiles;
use keiretsu_maths::sum::Moments;
use keiretsu_program::{Observations, Paths, Program, RunSpec, Series};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::RunError;
use crate::lots::{Lots, follows_lots};
use crate::plan::Plan;
use crate::state::marked;
use crate::watch::{Watch, Watcher};
use crate::work::Work;

/// Numbers of one tile of months: small enough to stay in the outer caches while they are sorted, large
/// enough that the state of a block is not fetched anew for every month. Figures do not depend on it.
const TILE_BYTES: usize = 32 << 20;
/// Months of a tile at most.
const TILE_MONTHS: usize = 12;

/// Blocks whose moments are merged one after the other; these parts are then merged in their order. Parts
/// begin at multiples of their size, so that sums do not depend on the number of threads.
pub const PART_BLOCKS: u64 = 64;

/// What is kept of a block between two tiles of months.
struct Block {
    /// The first path.
    first_path: u64,
    /// Paths that were asked for.
    wanted: std::ops::Range<usize>,
    /// Rows that last.
    lasting: Vec<f64>,
    /// Moments of the numbers of this tile, in their order.
    moments: Vec<Moments>,
    /// Lots of own money, where they are followed.
    lots: Vec<Lots>,
    /// Paths that are in no figure: given up, or not asked for.
    failed: Vec<bool>,
}

/// Runs a simulation.
pub fn run(
    program: &Program,
    spec: &RunSpec,
    paths: Paths,
    threads: usize,
    watch: Watch<'_>,
) -> Result<Observations, RunError> {
    let plan = Plan::new(program, spec, BLOCK)?;
    let crew = Crew::new(&plan, threads);
    let watcher = Watcher::new(watch);
    if paths.count > paths.exact_limit {
        return crate::sketched::run(&plan, paths, &crew, &watcher);
    }
    check_memory(&plan, paths)?;
    let mut blocks = blocks(&plan, paths);
    let mut seen = simulate(&plan, &crew, &mut blocks, &watcher)?;
    if seen.failed > 0 {
        // A path that is given up late must not be in the figures of earlier months either.
        let failed = std::mem::take(&mut seen.failed);
        seen = simulate(&plan, &crew, &mut blocks, &watcher)?;
        debug_assert_eq!(failed, seen.failed, "the same paths fail again");
    }
    seen.left_out = crew.left_out();
    seen.unread = crew.unread();
    Ok(seen)
}

/// The blocks that cover the paths asked for.
fn blocks(plan: &Plan, paths: Paths) -> Vec<Block> {
    let block = BLOCK as u64;
    let end = paths.first + paths.count;
    let numbers = paths.first / block..end.div_ceil(block);
    let new = |number: u64| {
        let first_path = number * block;
        let from = paths.first.saturating_sub(first_path).min(block) as usize;
        let until = (end - first_path).min(block) as usize;
        Block {
            first_path,
            wanted: from..until,
            lasting: vec![0.0; plan.layout.lasting * BLOCK],
            moments: vec![],
            lots: vec![Lots::default(); if follows_lots(plan) { BLOCK } else { 0 }],
            failed: vec![false; BLOCK],
        }
    };
    numbers.map(new).collect()
}

/// What all blocks and one month's numbers take.
fn check_memory(plan: &Plan, paths: Paths) -> Result<(), RunError> {
    // At most a lot a month, of two numbers.
    let lots = plan.spec.own_money.len() * plan.purses.len() * plan.program.months as usize * 2;
    let lots = if follows_lots(plan) { lots } else { 0 };
    let rows = (plan.layout.lasting + plan.watches.len() + lots + 2) as u64;
    let bytes = (paths.count + 2 * BLOCK as u64).saturating_mul(rows).saturating_mul(8);
    if bytes > crate::MEMORY_BYTES_MAX { Err(RunError::TooLarge { bytes }) } else { Ok(()) }
}

/// Threads and their memory.
pub struct Crew<'p> {
    pool: Option<ThreadPool>,
    works: Vec<Mutex<Work<'p>>>,
}

impl<'p> Crew<'p> {
    fn new(plan: &'p Plan<'p>, threads: usize) -> Self {
        let pool = (threads > 1).then(|| {
            let built = ThreadPoolBuilder::new().num_threads(threads).build();
            built.expect("the system grants the threads that were asked for")
        });
        Self { pool, works: (0..threads).map(|_| Mutex::new(Work::new(plan))).collect() }
    }

    /// Runs a job on this crew's threads.
    pub fn install<R: Send>(&self, job: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            Some(pool) => pool.install(job),
            None => job(),
        }
    }

    /// How many threads there are.
    pub fn size(&self) -> usize {
        self.works.len()
    }

    /// Whether there is more than one thread.
    pub fn is_parallel(&self) -> bool {
        self.pool.is_some()
    }

    /// Which of the crew this thread is.
    pub fn own_number(&self) -> usize {
        if self.pool.is_some() { rayon::current_thread_index().unwrap_or(0) } else { 0 }
    }

    /// This thread's memory for a block.
    pub fn with_work<R>(&self, job: impl FnOnce(&mut Work<'p>) -> R) -> R {
        let mut work = self.works[self.own_number()].lock().expect("no thread panics with this memory");
        job(&mut work)
    }

    /// What else was unknown on any path.
    pub fn unread(&self) -> Vec<keiretsu_program::Unread> {
        let works = self.works.iter().map(|work| work.lock().expect("no thread panics with this memory"));
        let all: std::collections::BTreeSet<_> = works.flat_map(|work| work.state.unread.clone()).collect();
        all.into_iter().collect()
    }

    /// Flows with an unknown amount on any path.
    pub fn left_out(&self) -> Vec<keiretsu_program::FlowId> {
        let mut all: Vec<bool> = vec![];
        for work in &self.works {
            let work = work.lock().expect("no thread panics with this memory");
            all.resize(work.state.left_out.len(), false);
            all.iter_mut().zip(&work.state.left_out).for_each(|(any, one)| *any |= one);
        }
        marked(&all)
    }
}

/// A number that is kept: in which month which probe's which piece ends.
#[derive(Clone, Copy)]
struct Kept {
    t: u32,
    probe: usize,
    piece: usize,
}

/// One pass over all months, a few of them at a time.
fn simulate(
    plan: &Plan,
    crew: &Crew,
    blocks: &mut [Block],
    watcher: &Watcher<'_>,
) -> Result<Observations, RunError> {
    let months = plan.program.months;
    let blank = |watch: &crate::plan::probes::Watch| empty(watch.pieces.len(), plan.spec);
    let mut series: Vec<Series> = plan.watches.iter().map(blank).collect();
    let width = blocks.len() * BLOCK;
    let mut numbers = vec![];
    for (first, last) in tiles(plan, width) {
        let kept = kept(plan, first, last);
        numbers.resize(kept.len() * width, 0.0);
        // Between blocks too: a tile of many paths takes a while.
        let goes_on = || watcher.goes_on(first - 1, months);
        move_blocks(crew, blocks, &kept, (first, last), &mut numbers, &goes_on);
        if watcher.is_stopped() {
            return Err(RunError::Interrupted);
        }
        let moments = moments(blocks, kept.len());
        let found = all_quantiles(crew, blocks, &mut numbers, &moments, plan.spec);
        for ((kept, moments), (quantiles, tails)) in kept.iter().zip(moments).zip(found) {
            let series = &mut series[kept.probe];
            write_moments(&moments, series, kept.piece);
            series.quantiles.iter_mut().zip(quantiles).for_each(|(all, found)| all[kept.piece] = found);
            series.tails.iter_mut().zip(tails).for_each(|(all, found)| all[kept.piece] = found);
        }
    }
    let failed = blocks.iter().map(|block| block.failed[block.wanted.clone()].iter().filter(|f| **f).count());
    let failed = failed.sum::<usize>() as u64;
    if !watcher.goes_on(months, months) {
        return Err(RunError::Interrupted);
    }
    Ok(Observations { series, left_out: vec![], unread: vec![], failed, quantile_error: 0.0 })
}

/// Months that are run together before anything is sorted: the first and the last of each tile.
fn tiles(plan: &Plan, width: usize) -> Vec<(u32, u32)> {
    let months = plan.program.months;
    let a_month = (plan.watches.len() * width * 8).max(1);
    let together = (TILE_BYTES / a_month).clamp(1, TILE_MONTHS) as u32;
    (1..=months).step_by(together as usize).map(|first| (first, (first + together - 1).min(months))).collect()
}

/// What is kept of some months, month by month.
fn kept(plan: &Plan, first: u32, last: u32) -> Vec<Kept> {
    let of = |t: u32| {
        let watches = plan.watches.iter().enumerate();
        watches.filter_map(move |(probe, watch)| Some(Kept { t, probe, piece: watch.piece_ending(t)? }))
    };
    (first..=last).flat_map(of).collect()
}

/// Runs some months of all blocks; `numbers` has a row for each of `kept`, a column for each path.
fn move_blocks(
    crew: &Crew,
    blocks: &mut [Block],
    kept: &[Kept],
    (first, last): (u32, u32),
    numbers: &mut [f64],
    goes_on: &(dyn Fn() -> bool + Sync),
) {
    let width = blocks.len() * BLOCK;
    let mut outs: Vec<Vec<&mut [f64]>> = blocks.iter().map(|_| vec![]).collect();
    for row in numbers.chunks_exact_mut(width) {
        row.chunks_exact_mut(BLOCK).zip(&mut outs).for_each(|(part, out)| out.push(part));
    }
    let one = |(block, mut outs): (&mut Block, Vec<&mut [f64]>)| {
        if !goes_on() {
            return;
        }
        crew.with_work(|work| {
            if first == 1 {
                work.start(block.first_path);
                save(work, block);
            }
            load(work, block);
            block.moments.clear();
            let all = !block.failed[block.wanted.clone()].contains(&true);
            let mut next = 0;
            for t in first..=last {
                work.month(t);
                while next < kept.len() && kept[next].t == t {
                    copy(work.watched(kept[next].probe, t), outs[next]);
                    let wanted = block.wanted.clone();
                    let seen = &outs[next];
                    let moments = if all {
                        Moments::of(&seen[wanted])
                    } else {
                        moments_of(seen, &block.failed, wanted)
                    };
                    block.moments.push(moments);
                    next += 1;
                }
            }
            save(work, block);
        });
    };
    let jobs: Vec<_> = blocks.iter_mut().zip(outs).collect();
    if crew.is_parallel() {
        crew.install(|| jobs.into_par_iter().for_each(one));
    } else {
        jobs.into_iter().for_each(one);
    }
}

/// The moments of each row: those of the blocks, merged in the same order as in a sketched run.
fn moments(blocks: &[Block], rows: usize) -> Vec<Moments> {
    let of_part = |blocks: &[Block], row: usize| {
        blocks.iter().fold(Moments::default(), |sum, block| sum.merge(block.moments[row]))
    };
    let part = |block: &Block| block.first_path / (PART_BLOCKS * BLOCK as u64);
    let parts: Vec<&[Block]> = blocks.chunk_by(|a, b| part(a) == part(b)).collect();
    let of_row =
        |row: usize| parts.iter().fold(Moments::default(), |sum, blocks| sum.merge(of_part(blocks, row)));
    (0..rows).map(of_row).collect()
}

/// The moments of some numbers of a block: of the paths that are in the figures.
pub fn moments_of(numbers: &[f64], failed: &[bool], wanted: std::ops::Range<usize>) -> Moments {
    if !failed[wanted.clone()].contains(&true) {
        return Moments::of(&numbers[wanted]);
    }
    let kept: Vec<f64> = wanted.filter(|lane| !failed[*lane]).map(|lane| numbers[lane]).collect();
    Moments::of(&kept)
}

/// What a row's quantiles are, and the means beyond them.
type Quantiles = (Vec<f64>, Vec<f64>);

/// The quantiles and tails of each row, of the paths that are in the figures. The rows are permuted.
fn all_quantiles(
    crew: &Crew,
    blocks: &[Block],
    numbers: &mut [f64],
    moments: &[Moments],
    asked: &RunSpec,
) -> Vec<Quantiles> {
    let width = blocks.len() * BLOCK;
    let wanted = wanted(blocks);
    let given_up: Vec<bool> = blocks.iter().flat_map(|block| &block.failed).copied().collect();
    let any_given_up = given_up[wanted.clone()].contains(&true);
    let one = |(row, moments): (&mut [f64], &Moments)| {
        let row = &mut row[wanted.clone()];
        if !any_given_up {
            return quantiles_of(row, moments, asked);
        }
        let kept = row.iter().zip(&given_up[wanted.clone()]).filter(|(_, given_up)| !**given_up);
        quantiles_of(&mut kept.map(|(value, _)| *value).collect::<Vec<f64>>(), moments, asked)
    };
    if crew.is_parallel() {
        crew.install(|| numbers.par_chunks_exact_mut(width).zip(moments).map(one).collect())
    } else {
        numbers.chunks_exact_mut(width).zip(moments).map(one).collect()
    }
}

/// Unknown if a number is unknown on any path, or if there are no paths.
fn quantiles_of(values: &mut [f64], moments: &Moments, asked: &RunSpec) -> Quantiles {
    let mut found = vec![f64::NAN; asked.quantiles.len()];
    let mut tails = vec![f64::NAN; asked.tails.len()];
    if !values.is_empty() && !moments.mean.is_nan() {
        quantiles(Lanes::best(), values, &asked.quantiles, &mut found);
        for (tail, level) in tails.iter_mut().zip(&asked.tails) {
            *tail = keiretsu_methods::exposure::expected_shortfall(values, *level);
        }
    }
    (found, tails)
}

/// The columns that were asked for; blocks follow each other without a gap.
fn wanted(blocks: &[Block]) -> std::ops::Range<usize> {
    let (first, last) = (&blocks[0], &blocks[blocks.len() - 1]);
    first.wanted.start..(blocks.len() - 1) * BLOCK + last.wanted.end
}

/// A series of so many pieces that nothing has been seen of.
pub fn empty(pieces: usize, asked: &RunSpec) -> Series {
    let unknown = || vec![f64::NAN; pieces];
    Series {
        mean: unknown(),
        standard_error: unknown(),
        quantiles: asked.quantiles.iter().map(|_| unknown()).collect(),
        tails: asked.tails.iter().map(|_| unknown()).collect(),
        ..Series::default()
    }
}

fn load(work: &mut Work, block: &mut Block) {
    work.state.first_path = block.first_path;
    work.state.wanted = block.wanted.clone();
    let lasting = work.state.plan.layout.lasting;
    work.state.rows.first_mut(lasting).copy_from_slice(&block.lasting);
    work.state.failed.copy_from_slice(&block.failed);
    work.own.swap_lots(&mut block.lots);
}

fn save(work: &mut Work, block: &mut Block) {
    block.lasting.copy_from_slice(work.state.rows.first(work.state.plan.layout.lasting));
    block.failed.iter_mut().zip(&work.state.failed).for_each(|(all, now)| *all |= now);
    work.own.swap_lots(&mut block.lots);
}

/// Copies a value of each path.
pub fn copy(from: crate::rows::Arg, to: &mut [f64]) {
    match from {
        crate::rows::Arg::One(value) => to.fill(value),
        crate::rows::Arg::Many(values) => to.copy_from_slice(values),
    }
}

/// Mean and standard error of a piece.
pub fn write_moments(moments: &Moments, series: &mut Series, piece: usize) {
    if moments.count > 0 {
        series.mean[piece] = moments.mean;
        series.standard_error[piece] =
            if moments.mean.is_nan() { f64::NAN } else { moments.standard_error() };
    }
}
