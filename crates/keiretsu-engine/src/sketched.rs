//! A simulation of more paths than are kept: blocks are the outer loop, quantiles come from sketches.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use keiretsu_maths::moves::BLOCK;
use keiretsu_maths::sum::Moments;
use keiretsu_program::{Observations, Paths};
use rayon::prelude::*;

use crate::error::RunError;
use crate::paths::{Crew, PART_BLOCKS, copy, empty, moments_of, write_moments};
use crate::plan::Plan;
use crate::sketch::{RELATIVE_ERROR, Sketch};
use crate::watch::Watcher;
use crate::work::Work;

/// Parts that are kept before they are merged.
const WAVE_PARTS: u64 = 64;

/// What a thread has counted.
struct Counts {
    sketches: Vec<Sketch>,
    /// The numbers of one block: a row for each probe and piece.
    numbers: Vec<f64>,
}

/// What a part adds up to.
struct Part {
    moments: Vec<Moments>,
    failed: u64,
}

/// Runs a simulation.
pub fn run(plan: &Plan, paths: Paths, crew: &Crew, watcher: &Watcher<'_>) -> Result<Observations, RunError> {
    let pieces: Vec<usize> = plan.watches.iter().map(|watch| watch.pieces.len()).collect();
    let total: usize = pieces.iter().sum();
    let counts: Vec<Mutex<Counts>> = (0..crew.size())
        .map(|_| {
            Mutex::new(Counts { sketches: vec![Sketch::default(); total], numbers: vec![0.0; total * BLOCK] })
        })
        .collect();
    let block = BLOCK as u64;
    let (first, end) = (paths.first / block, (paths.first + paths.count).div_ceil(block));
    // At most 2^32 blocks: see `PATHS_MAX`.
    let (done, blocks) = (AtomicU32::new(0), (end - first) as u32);
    let goes_on = || watcher.goes_on(done.fetch_add(1, Ordering::Relaxed).min(blocks), blocks);
    // Parts begin at multiples of their size, wherever the request begins.
    let (first_part, end_part) = (first / PART_BLOCKS, end.div_ceil(PART_BLOCKS));
    let mut all = Part { moments: vec![Moments::default(); total], failed: 0 };
    let mut next = first_part;
    while next < end_part {
        let wave: Vec<u64> = (next..(next + WAVE_PARTS).min(end_part)).collect();
        let one = |part: &u64| {
            let mut counts = counts[crew.own_number()].lock().expect("no thread panics with this memory");
            run_part(plan, paths, *part, crew, &mut counts, &goes_on)
        };
        let parts: Vec<Part> = if crew.is_parallel() {
            crew.install(|| wave.par_iter().with_max_len(1).map(one).collect())
        } else {
            wave.iter().map(one).collect()
        };
        if watcher.is_stopped() {
            return Err(RunError::Interrupted);
        }
        for part in &parts {
            all.merge(part);
        }
        next += WAVE_PARTS;
    }
    if !watcher.goes_on(blocks, blocks) {
        return Err(RunError::Interrupted);
    }
    Ok(observations(plan, &all, counts, crew, &pieces))
}

impl Part {
    fn merge(&mut self, other: &Part) {
        self.failed += other.failed;
        for (mine, other) in self.moments.iter_mut().zip(&other.moments) {
            *mine = mine.merge(*other);
        }
    }
}

fn run_part(
    plan: &Plan,
    paths: Paths,
    part: u64,
    crew: &Crew,
    counts: &mut Counts,
    goes_on: &(dyn Fn() -> bool + Sync),
) -> Part {
    let block = BLOCK as u64;
    let total = counts.sketches.len();
    let mut sum = Part { moments: vec![Moments::default(); total], failed: 0 };
    let end = paths.first + paths.count;
    for number in part * PART_BLOCKS..(part + 1) * PART_BLOCKS {
        let first_path = number * block;
        if first_path + block <= paths.first || end <= first_path {
            continue;
        }
        if !goes_on() {
            break;
        }
        let from = paths.first.saturating_sub(first_path) as usize;
        let wanted = from..(end - first_path).min(block) as usize;
        let failed = crew.with_work(|work| run_block(plan, work, first_path, wanted.clone(), counts));
        sum.failed += failed[wanted.clone()].iter().filter(|failed| **failed).count() as u64;
        count_block(counts, &mut sum, &failed, wanted);
    }
    sum
}

/// All months of a block; returns the paths that are in no figure.
fn run_block(
    plan: &Plan,
    work: &mut Work,
    first_path: u64,
    wanted: std::ops::Range<usize>,
    counts: &mut Counts,
) -> Vec<bool> {
    work.state.wanted = wanted;
    work.start(first_path);
    for t in 1..=plan.program.months {
        work.month(t);
        let mut first = 0;
        for (probe, watch) in plan.watches.iter().enumerate() {
            if let Some(piece) = watch.piece_ending(t) {
                let row = (first + piece) * BLOCK;
                copy(work.watched(probe, t), &mut counts.numbers[row..row + BLOCK]);
            }
            first += watch.pieces.len();
        }
    }
    work.state.failed.clone()
}

fn count_block(counts: &mut Counts, sum: &mut Part, failed: &[bool], wanted: std::ops::Range<usize>) {
    let Counts { sketches, numbers } = counts;
    let rows = numbers.chunks_exact(BLOCK).zip(sketches).zip(&mut sum.moments);
    for ((numbers, sketch), moments) in rows {
        *moments = moments.merge(moments_of(numbers, failed, wanted.clone()));
        let kept = wanted.clone().filter(|lane| !failed[*lane]).map(|lane| numbers[lane]);
        // Unknown on any path is unknown: the mean says so.
        kept.filter(|value| !value.is_nan()).for_each(|value| sketch.add(value));
    }
}

fn observations(
    plan: &Plan,
    all: &Part,
    counts: Vec<Mutex<Counts>>,
    crew: &Crew,
    pieces: &[usize],
) -> Observations {
    let mut counts = counts.into_iter().map(|counts| counts.into_inner().expect("no thread has panicked"));
    let mut sketches = counts.next().expect("a crew has a member").sketches;
    for other in counts {
        sketches.iter_mut().zip(&other.sketches).for_each(|(mine, other)| mine.merge(other));
    }
    let mut row = 0;
    let mut series = vec![];
    for count in pieces {
        let mut one = empty(*count, plan.spec);
        for piece in 0..*count {
            let moments = &all.moments[row];
            write_moments(moments, &mut one, piece);
            if moments.count > 0 && !moments.mean.is_nan() {
                for (out, q) in one.quantiles.iter_mut().zip(&plan.spec.quantiles) {
                    out[piece] = sketches[row].quantile(*q);
                }
                for (out, level) in one.tails.iter_mut().zip(&plan.spec.tails) {
                    out[piece] = sketches[row].tail(*level);
                }
            }
            row += 1;
        }
        series.push(one);
    }
    debug_assert_eq!(series.len(), plan.watches.len());
    let (left_out, unread) = (crew.left_out(), crew.unread());
    Observations { series, left_out, unread, failed: all.failed, quantile_error: RELATIVE_ERROR }
}
