//! Program and run specification to observations.
//!
//! ```
//! use keiretsu_program::{Builder, Month, Probe, Quantity, Reading, RunSpec, Span, Tag};
//! let mut program = Builder::new(Month::new(2025, 12), 12);
//! let buyer = program.party();
//! let seller = program.party();
//! let (minimum, usage) = (program.number(5e6), program.number(3e6));
//! let owed = program.max(usage, minimum);
//! program.flow(owed, buyer, seller, Tag::Service);
//! let program = program.finish();
//! let probe = Probe { quantity: Quantity::Net(seller), span: Span::Whole };
//! let spec = RunSpec::reading(Reading::Firm, vec![probe]);
//! let seen = keiretsu_engine::run(&program, &spec, 1).unwrap();
//! assert_eq!(seen.series[0].mean, [60e6]);
//! ```
//!
//! Invariant: a run is a pure function of (program, spec). The same bits for any number of threads, any cut
//! of the paths, any instruction set.
//! Partial results of ranges of the paths ([`run_partial`]), made wherever and merged in any order, give the
//! bits of the run.
//! Absent: names, text, clocks, contract types, files.
// Conditions in the loops over paths are joined without branches, so that the loops become vectors.
#![expect(clippy::needless_bitwise_bool, reason = "no branch in the loops over paths")]

mod calls;
mod charges;
mod check;
mod clearing;
mod cover;
mod credits;
mod crew;
mod elimination;
mod error;
mod estate;
mod exposures;
mod funding;
mod logic;
mod lots;
mod moves;
mod own;
mod part;
mod partial;
mod past;
mod paths;
mod payments;
mod plan;
mod possible;
mod posts;
mod pro_rata;
mod random;
mod reading;
mod registers;
mod replay;
mod rows;
mod share;
mod sketch;
mod sketched;
mod stakes;
mod state;
mod steps;
mod tiled;
mod watch;
mod work;

#[cfg(test)]
#[path = "../tests/it/rich.rs"]
mod rich;

pub use error::RunError;
pub use part::Known;
pub use partial::{MergeError, Missing, Partial};
pub use random::{correlations_are_possible, nearest_correlations};
pub use replay::{Draws, Replay, draws, replay};
pub use watch::Watch;

use std::collections::BTreeMap;
use std::ops::Range;

use keiretsu_program::{Mode, Observations, Overlay, Probe, Program, RunSpec, Series};

/// The most paths that one run takes: hours of work even for a small web. More are run as several ranges.
pub const PATHS_MAX: u64 = 1_000_000_000;
/// The most memory that one run takes, in bytes. Stated, so that a run does not depend on the machine.
pub const MEMORY_BYTES_MAX: u64 = 16 << 30;

/// Runs a program and returns what its probes saw. `threads` changes nothing but the time it takes.
///
/// Cost: in a reading, registers and flows times months.
///
/// # Errors
/// [`RunError`], before anything is computed.
pub fn run(program: &Program, spec: &RunSpec, threads: usize) -> Result<Observations, RunError> {
    run_watched(program, spec, threads, &|_, _| true)
}

/// The same, watched: `watch` is told how much of a run is done, and of how much (months, or blocks of paths
/// where there are more than are kept), and stops it by saying false. It is called from all threads,
/// often enough to stop a run within a fraction of a second, and for the last time when all is done. What has
/// to be gone through twice starts again from 0.
///
/// # Errors
/// [`RunError`]; [`RunError::Interrupted`] if the watch stopped it.
pub fn run_watched(
    program: &Program,
    spec: &RunSpec,
    threads: usize,
    watch: Watch<'_>,
) -> Result<Observations, RunError> {
    assert!(1 <= threads, "a run needs a thread");
    match spec.mode {
        Mode::Reading(_) if spec.possible => possible::run(program, spec, watch),
        Mode::Reading(_) => reading::run(program, spec, watch),
        Mode::Paths(range) => paths::run(program, spec, range, threads, watch),
    }
}

/// A reading as [`run_watched`] runs it, of as little of the program as its probes rest on: each sees the
/// same bits. What could not be read elsewhere is not named.
///
/// Cost: what the probes rest on, times months.
///
/// # Errors
/// As [`run_watched`].
///
/// # Panics
/// If the run is one of paths.
pub fn run_watched_part(
    program: &Program,
    spec: &RunSpec,
    watch: Watch<'_>,
) -> Result<Observations, RunError> {
    assert!(matches!(spec.mode, Mode::Reading(_)), "paths are run whole");
    check::check(program, spec, &plan::overlays::Overlays::new(spec, &[]))?;
    run_part(program, spec, program.months, watch)
}

/// The work of [`run_watched_part`]: registers and flows that the probes rest on, times months.
pub fn work_of_part(program: &Program, spec: &RunSpec) -> u64 {
    let work =
        |program: &Program| (program.ops.len() + program.flows.len()) as u64 * u64::from(program.months);
    let part = part::of(program, spec, program.months);
    part.map_or_else(|| work(program), |part| work(&part.program))
}

/// The same up to a month.
fn run_part(
    program: &Program,
    spec: &RunSpec,
    last: u32,
    watch: Watch<'_>,
) -> Result<Observations, RunError> {
    match part::of(program, spec, last) {
        Some(part) => run_watched(&part.program, &part.spec, 1, watch).map(|seen| part.seen(seen)),
        None => run_watched(program, spec, 1, watch),
    }
}

/// A run that was made: its overlays beside those of the specification, what it watched, and what it saw.
#[derive(Clone, Copy, Debug)]
pub struct PriorRun<'a> {
    /// The overlays.
    pub overlays: &'a [Overlay],
    /// The probes.
    pub probes: &'a [Probe],
    /// What was seen.
    pub seen: &'a Observations,
}

/// A reading with overlays on top of runs of which all has been seen already, each with some of the
/// overlays: only what may be different in each of them is run, the rest is what was seen. Each probe sees
/// the same bits as in a run of its own, up to month `last`; what could not be read is not named.
///
/// Cost: what the other overlays may change in each of the runs, and what that rests on, times months.
///
/// # Errors
/// As [`run_watched`].
///
/// # Panics
/// If the run is one of paths.
pub fn run_on_top(
    program: &Program,
    spec: &RunSpec,
    made: &[PriorRun<'_>],
    overlays: &[Overlay],
    last: u32,
    watch: Watch<'_>,
) -> Result<Observations, RunError> {
    let all = [&spec.overlays[..], overlays].concat();
    let mut changed = RunSpec { overlays: all, ..spec.clone() };
    check::check(program, &changed, &plan::overlays::Overlays::new(&changed, &[]))?;
    let mut series: Vec<Option<Series>> = vec![None; spec.probes.len()];
    let is_below = |run: &&PriorRun<'_>| run.overlays.iter().all(|one| overlays.contains(one));
    for run in made.iter().filter(is_below) {
        let (below, others): (Vec<Overlay>, Vec<Overlay>) =
            overlays.iter().partition(|overlay| run.overlays.contains(overlay));
        let below = RunSpec { overlays: [&spec.overlays[..], &below].concat(), ..spec.clone() };
        let Some(touched) = part::touched(program, &below, &others) else { continue };
        let seen: BTreeMap<&Probe, &Series> = run.probes.iter().zip(&run.seen.series).collect();
        for ((series, probe), touched) in series.iter_mut().zip(&spec.probes).zip(touched) {
            if !touched && series.is_none() {
                *series = seen.get(probe).map(|seen| Series::clone(seen));
            }
        }
    }
    let mut places = series.iter();
    changed.probes.retain(|_| places.next().is_some_and(Option::is_none));
    let mut again = if changed.probes.is_empty() {
        Observations::default()
    } else {
        run_part(program, &changed, last, watch)?
    };
    let mut new = std::mem::take(&mut again.series).into_iter();
    let series = series.into_iter().map(|seen| seen.or_else(|| new.next()));
    again.series = series.map(|seen| seen.expect("it was seen, or run")).collect();
    Ok(again)
}

/// Runs the paths `range` of a simulation, which are a part of those in the spec: seed, number of all paths
/// and limit of exact quantiles are those of the whole run. Watched as [`run_watched`] is.
///
/// Paths are run in blocks; a block is run with the range that has its first path, and with it the paths of
/// the block that are in the next ranges. So any cut is good, and ranges of fewer than some hundred paths
/// have more or less to do than they seem to.
///
/// # Errors
/// [`RunError`]; [`RunError::NotPaths`] for a reading, [`RunError::Range`] for no paths or others than those
/// of the run.
pub fn run_partial(
    program: &Program,
    spec: &RunSpec,
    range: Range<u64>,
    threads: usize,
    watch: Watch<'_>,
) -> Result<Partial, RunError> {
    assert!(1 <= threads, "a run needs a thread");
    paths::run_partial(program, spec, range, threads, watch)
}

/// Runs a reading in several worlds, each with overlays on top of the run's, up to month `last`. `see` is
/// told, in the order of the worlds, the numbers of each probe in each piece of its span: the same bits as in
/// a run of that world alone, NaN in pieces that end later. What numbers may be besides is not asked.
///
/// Cost: the more worlds, the less for each: many are run side by side, and what they have in common once.
///
/// # Errors
/// As [`run_watched`].
///
/// # Panics
/// If the run is one of paths.
pub fn run_worlds(
    program: &Program,
    spec: &RunSpec,
    worlds: &[Vec<Overlay>],
    last: u32,
    watch: Watch<'_>,
    see: &mut dyn FnMut(&[Vec<f64>]),
) -> Result<(), RunError> {
    reading::run_worlds(program, spec, worlds, last, watch, see)
}
