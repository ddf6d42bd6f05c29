//! One of the three readings: one path on which every factor keeps to its middle.

use keiretsu_program::{Observations, Overlay, Program, RunSpec, Series};

use crate::error::RunError;
use crate::plan::Plan;
use crate::state::marked;
use crate::watch::Watch;
use crate::work::Work;

/// Runs a reading, without what its numbers may be.
pub fn run(program: &Program, spec: &RunSpec, watch: Watch<'_>) -> Result<Observations, RunError> {
    observe(&Plan::new(program, spec, 1)?, spec.probes.len(), watch, &mut |_| {})
}

/// Runs a plan of a reading: what the first of its probes saw. `keep` sees the block at as-of and at the end
/// of each month.
pub fn observe<'p>(
    plan: &'p Plan<'p>,
    probes: usize,
    watch: Watch<'_>,
    keep: &mut dyn FnMut(&Work<'p>),
) -> Result<Observations, RunError> {
    let mut work = Work::new(plan);
    let watches = &plan.watches[..probes];
    let mut series: Vec<Series> = watches
        .iter()
        .map(|watch| Series { mean: vec![f64::NAN; watch.pieces.len()], ..Series::default() })
        .collect();
    work.start(0);
    keep(&work);
    let months = plan.program.months;
    for t in 1..=months {
        // A month of ten thousand contracts takes milliseconds.
        if !watch(t - 1, months) {
            return Err(RunError::Interrupted);
        }
        work.month(t);
        keep(&work);
        for (at, watch) in watches.iter().enumerate() {
            if let Some(piece) = watch.piece_ending(t) {
                series[at].mean[piece] = work.watched(at, t).at(0);
            }
        }
    }
    if !watch(months, months) {
        return Err(RunError::Interrupted);
    }
    let left_out = marked(&work.state.left_out);
    let unread = work.state.unread.iter().copied().collect();
    Ok(Observations { series, left_out, unread, ..Observations::default() })
}

/// Worlds that are run side by side: enough that a step is mostly arithmetic, few enough that their rows stay
/// in the caches.
const TOGETHER: usize = 64;

/// Runs a reading in several worlds, up to a month.
pub fn run_worlds(
    program: &Program,
    spec: &RunSpec,
    worlds: &[Vec<Overlay>],
    last: u32,
    watch: Watch<'_>,
    see: &mut dyn FnMut(&[Vec<f64>]),
) -> Result<(), RunError> {
    let last = last.min(program.months);
    let total = worlds.len().div_ceil(TOGETHER) as u32 * last;
    for (done, worlds) in (0..).step_by(last.max(1) as usize).zip(worlds.chunks(TOGETHER)) {
        let seen = side_by_side(program, spec, worlds, last, &|t, _| watch(done + t, total))?;
        for numbers in &seen {
            see(numbers);
        }
    }
    Ok(())
}

/// What the probes of each world saw.
fn side_by_side(
    program: &Program,
    spec: &RunSpec,
    worlds: &[Vec<Overlay>],
    last: u32,
    watch: Watch<'_>,
) -> Result<Vec<Vec<Vec<f64>>>, RunError> {
    let plan = Plan::of_worlds(program, spec, worlds)?;
    let mut work = Work::new(&plan);
    let blank: Vec<Vec<f64>> = plan.watches.iter().map(|watch| vec![f64::NAN; watch.pieces.len()]).collect();
    let mut seen = vec![blank; worlds.len()];
    work.start(0);
    for t in 1..=last {
        if !watch(t, last) {
            return Err(RunError::Interrupted);
        }
        work.month(t);
        for (at, watch) in plan.watches.iter().enumerate() {
            let Some(piece) = watch.piece_ending(t) else { continue };
            let watched = work.watched(at, t);
            seen.iter_mut().enumerate().for_each(|(world, seen)| seen[at][piece] = watched.at(world));
        }
    }
    Ok(seen)
}
