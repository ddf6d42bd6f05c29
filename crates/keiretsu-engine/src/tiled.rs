//! A simulation that keeps every number for a while: months are the outer loop, quantiles are exact.
//!
//! Some months of all blocks are a tile. A run turns each number of a tile into figures before it goes on; a
//! partial result keeps the numbers themselves, since quantiles are of all paths.

use std::ops::Range;

use keiretsu_maths::moves::BLOCK;
use keiretsu_maths::sum::{Moments, Sums};
use keiretsu_program::{Observations, Series};

use crate::crew::Crew;
use crate::error::RunError;
use crate::lots::{Lots, follows_lots};
use crate::partial::{Asked, Kept, Row, Seen, Stretch, empty, of_values, write};
use crate::plan::Plan;
use crate::share::{self, Share, copy, moments_of};
use crate::watch::Watcher;
use crate::work::Work;

/// Numbers of one tile of months: small enough to stay in the outer caches while they are sorted, large
/// enough that the state of a block is not fetched anew for every month. Figures do not depend on it.
const TILE_BYTES: usize = 32 << 20;
/// Months of a tile at most.
const TILE_MONTHS: usize = 12;

/// What is kept of a block between two tiles of months.
struct Block {
    /// The first path.
    first_path: u64,
    /// Paths that are in the run.
    wanted: Range<usize>,
    /// Rows that last.
    lasting: Vec<f64>,
    /// Moments of the numbers of this tile, in their order.
    moments: Vec<Moments>,
    /// Lots of own money, where they are followed.
    lots: Vec<Lots>,
    /// Paths that are in no figure: given up, or not in the run.
    failed: Vec<bool>,
}

/// A number that is kept: in which month which probe's which piece ends.
#[derive(Clone, Copy)]
struct Place {
    t: u32,
    probe: usize,
    piece: usize,
}

/// A number on all paths that are in the figures, in their order.
struct Column<'n> {
    place: Place,
    /// Its position in the moments of every block.
    at: usize,
    blocks: &'n [Block],
    values: &'n mut [f64],
}

impl Column<'_> {
    fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        self.blocks.iter().for_each(|block| sums.add(block.moments[self.at]));
        sums
    }
}

/// What all blocks of a run have seen.
pub fn observe(
    plan: &Plan,
    share: &Share,
    crew: &Crew,
    watcher: &Watcher<'_>,
) -> Result<Observations, RunError> {
    check_memory(plan, share, 0)?;
    let asked = Asked::of(plan.spec);
    let mut series: Vec<Series> =
        plan.watches.iter().map(|watch| empty(watch.pieces.len(), &asked)).collect();
    let failed = simulate(plan, share, crew, watcher, |columns| {
        let seen =
            crew.map(columns, |column| (column.place, of_values(&column.sums(), column.values, &asked)));
        for (place, figures) in seen {
            write(figures, &mut series[place.probe], place.piece);
        }
    })?;
    let (left_out, unread) = (crew.left_out(), crew.unread());
    Ok(Observations { series, left_out, unread, failed, ..Observations::default() })
}

/// What some blocks of a run have seen.
pub fn seen(plan: &Plan, share: &Share, crew: &Crew, watcher: &Watcher<'_>) -> Result<Seen, RunError> {
    let firsts: Vec<usize> = plan
        .watches
        .iter()
        .scan(0, |next, watch| Some(std::mem::replace(next, *next + watch.pieces.len())))
        .collect();
    let count = plan.watches.iter().map(|watch| watch.pieces.len()).sum();
    check_memory(plan, share, count)?;
    let mut rows = vec![Row { sums: Sums::default(), kept: Kept::Values(vec![]) }; count];
    let first = if share.count() == 0 { 0 } else { share.block(0).first_path };
    let failed = simulate(plan, share, crew, watcher, |columns| {
        for column in columns {
            let kept = Kept::Values(vec![Stretch { first, values: column.values.to_vec() }]);
            rows[firsts[column.place.probe] + column.place.piece] = Row { sums: column.sums(), kept };
        }
    })?;
    Ok(Seen { failed, left_out: crew.left_out(), unread: crew.unread(), rows })
}

/// What all blocks, one month's numbers and so many that are kept to the end take.
fn check_memory(plan: &Plan, share: &Share, kept: usize) -> Result<(), RunError> {
    // At most a lot a month, of two numbers.
    let lots = plan.spec.own_money.len() * plan.purses.len() * plan.program.months as usize * 2;
    let lots = if follows_lots(plan) { lots } else { 0 };
    let rows = (plan.layout.lasting + plan.watches.len() + lots + 2 + kept) as u64;
    let paths = u64::from(share.count()) * BLOCK as u64;
    let bytes = paths.saturating_mul(rows).saturating_mul(8);
    if bytes > crate::MEMORY_BYTES_MAX { Err(RunError::TooLarge { bytes }) } else { Ok(()) }
}

/// Runs all months, and hands over the columns of each tile; returns how many paths are in no figure.
fn simulate(
    plan: &Plan,
    share: &Share,
    crew: &Crew,
    watcher: &Watcher<'_>,
    mut take: impl FnMut(Vec<Column>),
) -> Result<u64, RunError> {
    let mut blocks: Vec<Block> = (0..share.count()).map(|at| Block::new(plan, share.block(at))).collect();
    let mut failed = pass(plan, crew, &mut blocks, watcher, &mut take)?;
    if failed > 0 {
        // A path that is given up late must not be in the figures of earlier months either.
        let before = std::mem::take(&mut failed);
        failed = pass(plan, crew, &mut blocks, watcher, &mut take)?;
        debug_assert_eq!(before, failed, "the same paths fail again");
    }
    Ok(failed)
}

impl Block {
    fn new(plan: &Plan, block: share::Block) -> Self {
        Self {
            first_path: block.first_path,
            wanted: block.wanted,
            lasting: vec![0.0; plan.layout.lasting * BLOCK],
            moments: vec![],
            lots: vec![Lots::default(); if follows_lots(plan) { BLOCK } else { 0 }],
            failed: vec![false; BLOCK],
        }
    }

    fn failed(&self) -> &[bool] {
        &self.failed[self.wanted.clone()]
    }
}

/// One pass over all months, a few of them at a time.
fn pass(
    plan: &Plan,
    crew: &Crew,
    blocks: &mut [Block],
    watcher: &Watcher<'_>,
    take: &mut impl FnMut(Vec<Column>),
) -> Result<u64, RunError> {
    let months = plan.program.months;
    let width = blocks.len() * BLOCK;
    let mut numbers = vec![];
    for (first, last) in tiles(plan, width) {
        let places = places(plan, first, last);
        numbers.resize(places.len() * width, 0.0);
        // Between blocks too: a tile of many paths takes a while.
        let goes_on = || watcher.goes_on(first - 1, months);
        move_blocks(crew, blocks, &places, (first, last), &mut numbers, &goes_on);
        if watcher.is_stopped() {
            return Err(RunError::Interrupted);
        }
        take(columns(blocks, &places, &mut numbers));
    }
    if !watcher.goes_on(months, months) {
        return Err(RunError::Interrupted);
    }
    Ok(blocks.iter().flat_map(Block::failed).filter(|failed| **failed).count() as u64)
}

/// Months that are run together before anything is sorted: the first and the last of each tile.
fn tiles(plan: &Plan, width: usize) -> Vec<(u32, u32)> {
    let months = plan.program.months;
    let a_month = (plan.watches.len() * width * 8).max(1);
    let together = (TILE_BYTES / a_month).clamp(1, TILE_MONTHS) as u32;
    (1..=months).step_by(together as usize).map(|first| (first, (first + together - 1).min(months))).collect()
}

/// What is kept of some months, month by month.
fn places(plan: &Plan, first: u32, last: u32) -> Vec<Place> {
    let of = |t: u32| {
        let watches = plan.watches.iter().enumerate();
        watches.filter_map(move |(probe, watch)| Some(Place { t, probe, piece: watch.piece_ending(t)? }))
    };
    (first..=last).flat_map(of).collect()
}

/// Runs some months of all blocks; `numbers` has a row for each of `places`, a column for each path.
fn move_blocks(
    crew: &Crew,
    blocks: &mut [Block],
    places: &[Place],
    (first, last): (u32, u32),
    numbers: &mut [f64],
    goes_on: &(dyn Fn() -> bool + Sync),
) {
    if blocks.is_empty() {
        return;
    }
    let mut outs: Vec<Vec<&mut [f64]>> = blocks.iter().map(|_| vec![]).collect();
    for row in numbers.chunks_exact_mut(blocks.len() * BLOCK) {
        row.chunks_exact_mut(BLOCK).zip(&mut outs).for_each(|(part, out)| out.push(part));
    }
    crew.map(blocks.iter_mut().zip(outs).collect(), |(block, mut outs): (&mut Block, Vec<&mut [f64]>)| {
        if !goes_on() {
            return;
        }
        crew.with_work(|work| {
            if first == 1 {
                work.state.wanted = block.wanted.clone();
                work.start(block.first_path);
                save(work, block);
            }
            load(work, block);
            block.moments.clear();
            let all = !block.failed().contains(&true);
            let mut next = 0;
            for t in first..=last {
                work.month(t);
                while next < places.len() && places[next].t == t {
                    copy(work.watched(places[next].probe, t), outs[next]);
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
    });
}

/// The columns of a tile: of the paths that are in the figures, which are moved together.
fn columns<'n>(blocks: &'n [Block], places: &[Place], numbers: &'n mut [f64]) -> Vec<Column<'n>> {
    let width = blocks.len() * BLOCK;
    let wanted = match blocks {
        // Blocks follow each other without a gap.
        [first, .., last] => first.wanted.start..width - BLOCK + last.wanted.end,
        [only] => only.wanted.clone(),
        [] => return vec![],
    };
    let failed: Vec<bool> = blocks.iter().flat_map(Block::failed).copied().collect();
    let any_failed = failed.contains(&true);
    let column = |(at, (row, place)): (usize, (&'n mut [f64], &Place))| {
        let values = &mut row[wanted.clone()];
        let values = if any_failed { without(values, &failed) } else { values };
        Column { place: *place, at, blocks, values }
    };
    numbers.chunks_exact_mut(width).zip(places).enumerate().map(column).collect()
}

/// The values of the paths that have not failed, moved to the front.
fn without<'n>(values: &'n mut [f64], failed: &[bool]) -> &'n mut [f64] {
    let mut count = 0;
    for at in (0..values.len()).filter(|at| !failed[*at]) {
        values[count] = values[at];
        count += 1;
    }
    &mut values[..count]
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
