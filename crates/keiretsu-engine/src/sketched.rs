//! A simulation of more paths than are kept: blocks are the outer loop, quantiles come from sketches.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use keiretsu_maths::moves::BLOCK;
use keiretsu_maths::sum::Sums;

use crate::crew::Crew;
use crate::error::RunError;
use crate::partial::{Kept, Row, Seen};
use crate::plan::Plan;
use crate::share::{Block, Share, copy, moments_of};
use crate::sketch::Sketch;
use crate::watch::Watcher;
use crate::work::Work;

/// What a thread has counted.
struct Counts {
    /// By probe and piece.
    sums: Vec<Sums>,
    /// By probe and piece.
    sketches: Vec<Sketch>,
    /// The numbers of one block: a row for each probe and piece.
    numbers: Vec<f64>,
    failed: u64,
}

impl Counts {
    fn new(rows: usize) -> Self {
        Self {
            sums: vec![Sums::default(); rows],
            sketches: vec![Sketch::default(); rows],
            numbers: vec![0.0; rows * BLOCK],
            failed: 0,
        }
    }

    /// Counts are integers and sums exact: which thread has which does not matter.
    fn merge(mut self, other: Self) -> Self {
        let Self { sums, sketches, numbers: _, failed } = other;
        self.failed += failed;
        self.sums.iter_mut().zip(sums).for_each(|(mine, other)| mine.merge(&other));
        self.sketches.iter_mut().zip(sketches).for_each(|(mine, other)| mine.merge(&other));
        self
    }
}

/// What some blocks have seen.
pub fn seen(plan: &Plan, share: &Share, crew: &Crew, watcher: &Watcher<'_>) -> Result<Seen, RunError> {
    let rows = plan.watches.iter().map(|watch| watch.pieces.len()).sum();
    let counts: Vec<_> = (0..crew.size()).map(|_| Mutex::new(Counts::new(rows))).collect();
    let (done, blocks) = (AtomicU32::new(0), share.count());
    crew.each(blocks, |at| {
        if !watcher.goes_on(done.fetch_add(1, Ordering::Relaxed).min(blocks), blocks) {
            return;
        }
        let mut counts = counts[crew.own_number()].lock().expect("no thread panics with this memory");
        let block = share.block(at);
        let failed = crew.with_work(|work| run_block(plan, work, &block, &mut counts.numbers));
        count(&mut counts, &failed, &block);
    });
    if !watcher.goes_on(blocks, blocks) {
        return Err(RunError::Interrupted);
    }
    let counts = counts.into_iter().map(|counts| counts.into_inner().expect("no thread has panicked"));
    let Counts { sums, sketches, failed, .. } = counts.reduce(Counts::merge).expect("a crew has a member");
    let rows = sums.into_iter().zip(sketches);
    let rows = rows.map(|(sums, sketch)| Row { sums, kept: Kept::Sketch(sketch) }).collect();
    Ok(Seen { failed, left_out: crew.left_out(), unread: crew.unread(), rows })
}

/// All months of a block; returns the paths that are in no figure.
fn run_block(plan: &Plan, work: &mut Work, block: &Block, numbers: &mut [f64]) -> Vec<bool> {
    work.state.wanted = block.wanted.clone();
    work.start(block.first_path);
    for t in 1..=plan.program.months {
        work.month(t);
        let mut first = 0;
        for (probe, watch) in plan.watches.iter().enumerate() {
            if let Some(piece) = watch.piece_ending(t) {
                let row = (first + piece) * BLOCK;
                copy(work.watched(probe, t), &mut numbers[row..row + BLOCK]);
            }
            first += watch.pieces.len();
        }
    }
    work.state.failed.clone()
}

fn count(counts: &mut Counts, failed: &[bool], block: &Block) {
    let wanted = &block.wanted;
    counts.failed += failed[wanted.clone()].iter().filter(|failed| **failed).count() as u64;
    let rows = counts.numbers.chunks_exact(BLOCK).zip(&mut counts.sketches).zip(&mut counts.sums);
    for ((numbers, sketch), sums) in rows {
        sums.add(moments_of(numbers, failed, wanted.clone()));
        let kept = wanted.clone().filter(|lane| !failed[*lane]).map(|lane| numbers[lane]);
        // Unknown or infinite on any path is so in all: the mean says it.
        kept.filter(|value| value.is_finite()).for_each(|value| sketch.add(value));
    }
}
