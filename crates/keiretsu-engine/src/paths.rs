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
use crate::reading::left_out;
use crate::work::Work;

/// What is kept of a block between two months.
struct Block {
    /// The first path.
    first_path: u64,
    /// Paths that were asked for.
    wanted: std::ops::Range<usize>,
    /// Rows that last.
    lasting: Vec<f64>,
    /// Lots of own money, where they are followed.
    lots: Vec<Lots>,
    /// Paths that are in no figure: given up, or not asked for.
    failed: Vec<bool>,
    /// The numbers of the probes whose piece ends this month, one row each.
    out: Vec<f64>,
}

/// Runs a simulation.
pub fn run(program: &Program, spec: &RunSpec, paths: Paths, threads: usize) -> Result<Observations, RunError> {
    let plan = Plan::new(program, spec, BLOCK)?;
    let crew = Crew::new(&plan, threads);
    if paths.count > paths.exact_limit {
        return Ok(crate::sketched::run(&plan, paths, &crew));
    }
    check_memory(&plan, paths)?;
    let mut blocks = blocks(&plan, paths);
    let mut seen = simulate(&plan, &crew, &mut blocks);
    if seen.failed > 0 {
        // A path that is given up late must not be in the figures of earlier months either.
        let failed = std::mem::take(&mut seen.failed);
        seen = simulate(&plan, &crew, &mut blocks);
        debug_assert_eq!(failed, seen.failed, "the same paths fail again");
    }
    seen.left_out = crew.left_out();
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
            lots: vec![Lots::default(); if follows_lots(plan) { BLOCK } else { 0 }],
            failed: vec![false; BLOCK],
            out: vec![0.0; plan.watches.len() * BLOCK],
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
    columns: Vec<Mutex<Vec<f64>>>,
}

impl<'p> Crew<'p> {
    fn new(plan: &'p Plan<'p>, threads: usize) -> Self {
        let pool = (threads > 1).then(|| {
            let built = ThreadPoolBuilder::new().num_threads(threads).build();
            built.expect("the system grants the threads that were asked for")
        });
        Self {
            pool,
            works: (0..threads).map(|_| Mutex::new(Work::new(plan))).collect(),
            columns: (0..threads).map(|_| Mutex::new(vec![])).collect(),
        }
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

    /// Flows with an unknown amount on any path.
    pub fn left_out(&self) -> Vec<keiretsu_program::FlowId> {
        let mut marked: Vec<bool> = vec![];
        for work in &self.works {
            let work = work.lock().expect("no thread panics with this memory");
            marked.resize(work.left_out.len(), false);
            marked.iter_mut().zip(&work.left_out).for_each(|(all, one)| *all |= one);
        }
        left_out(&marked)
    }
}

/// One pass over all months.
fn simulate(plan: &Plan, crew: &Crew, blocks: &mut [Block]) -> Observations {
    let mut series: Vec<Series> = plan.watches.iter().map(|watch| empty(watch.pieces.len())).collect();
    each(crew, blocks, |work, block| {
        work.start(block.first_path);
        save(work, block);
    });
    for t in 1..=plan.program.months {
        let due: Vec<(usize, usize)> = plan.watches.iter().enumerate()
            .filter_map(|(at, watch)| Some((at, watch.piece_ending(t)?)))
            .collect();
        each(crew, blocks, |work, block| {
            load(work, block);
            work.month(t);
            for (row, (probe, _)) in block.out.chunks_exact_mut(BLOCK).zip(&due) {
                copy(work.watched(*probe, t), row);
            }
            save(work, block);
        });
        let blocks = &*blocks;
        let summarise = |row: usize| {
            let mut values = crew.columns[crew.own_number()].lock().expect("no thread panics with this memory");
            gather(blocks, row, &mut values);
            Summary::of(&mut values)
        };
        let summaries: Vec<Summary> = if crew.is_parallel() {
            crew.install(|| (0..due.len()).into_par_iter().map(summarise).collect())
        } else {
            (0..due.len()).map(summarise).collect()
        };
        for ((probe, piece), summary) in due.iter().zip(summaries) {
            summary.write(&mut series[*probe], *piece);
        }
    }
    let failed = blocks.iter().map(|block| block.failed[block.wanted.clone()].iter().filter(|f| **f).count());
    let failed = failed.sum::<usize>() as u64;
    Observations { series, left_out: vec![], failed, quantile_error: 0.0 }
}

/// A series of so many pieces that nothing has been seen of.
pub fn empty(pieces: usize) -> Series {
    let unknown = || vec![f64::NAN; pieces];
    Series {
        mean: unknown(),
        standard_error: unknown(),
        quantiles: Observations::QUANTILES.iter().map(|_| unknown()).collect(),
    }
}

/// Does something with every block, in any order.
fn each(crew: &Crew, blocks: &mut [Block], job: impl Fn(&mut Work, &mut Block) + Sync) {
    let one = |block: &mut Block| crew.with_work(|work| job(work, block));
    if crew.is_parallel() {
        crew.install(|| blocks.par_iter_mut().for_each(one));
    } else {
        blocks.iter_mut().for_each(one);
    }
}

fn load(work: &mut Work, block: &mut Block) {
    work.first_path = block.first_path;
    work.wanted = block.wanted.clone();
    work.rows.first_mut(work.plan.layout.lasting).copy_from_slice(&block.lasting);
    work.failed.copy_from_slice(&block.failed);
    std::mem::swap(&mut work.lots, &mut block.lots);
}

fn save(work: &mut Work, block: &mut Block) {
    block.lasting.copy_from_slice(work.rows.first(work.plan.layout.lasting));
    block.failed.iter_mut().zip(&work.failed).for_each(|(all, now)| *all |= now);
    std::mem::swap(&mut work.lots, &mut block.lots);
}

/// The numbers of a probe on every path that is in the figures.
fn gather(blocks: &[Block], row: usize, values: &mut Vec<f64>) {
    values.clear();
    for block in blocks {
        let wanted = block.wanted.clone();
        let numbers = &block.out[row * BLOCK..(row + 1) * BLOCK][wanted.clone()];
        let failed = &block.failed[wanted];
        if failed.contains(&true) {
            values.extend(numbers.iter().zip(failed).filter(|(_, failed)| !**failed).map(|(value, _)| value));
        } else {
            values.extend_from_slice(numbers);
        }
    }
}

/// Copies a value of each path.
pub fn copy(from: crate::rows::Arg, to: &mut [f64]) {
    match from {
        crate::rows::Arg::One(value) => to.fill(value),
        crate::rows::Arg::Many(values) => to.copy_from_slice(values),
    }
}

/// What is kept of the numbers of one probe and piece.
struct Summary {
    moments: Moments,
    quantiles: [f64; Observations::QUANTILES.len()],
}

impl Summary {
    /// Unknown if it is unknown on any path, or if there are no paths.
    fn of(values: &mut [f64]) -> Self {
        let moments = Moments::of(values);
        let mut found = [f64::NAN; Observations::QUANTILES.len()];
        if !values.is_empty() && !moments.mean.is_nan() {
            quantiles(Lanes::best(), values, &Observations::QUANTILES, &mut found);
        }
        Self { moments, quantiles: found }
    }

    fn write(&self, series: &mut Series, piece: usize) {
        write_moments(&self.moments, series, piece);
        for (all, quantile) in series.quantiles.iter_mut().zip(self.quantiles) {
            all[piece] = quantile;
        }
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
