//! A simulation, or a range of its paths: which blocks are run, and in which of two ways.
//!
//! Up to `exact_limit` paths of the whole run, months are the outer loop and blocks the inner one, so that
//! only some months' numbers are kept; quantiles are exact ([`crate::tiled`]). Beyond it, blocks are the
//! outer loop and quantiles come from a sketch ([`crate::sketched`]), so that memory does not grow with
//! paths.
//! Either way the figures are those of a partial result ([`crate::partial`]) of all paths.

use std::ops::Range;

use keiretsu_maths::moves::BLOCK;
use keiretsu_program::{Mode, Observations, Paths, Program, RunSpec};

use crate::crew::Crew;
use crate::error::RunError;
use crate::partial::{Partial, Shape};
use crate::plan::Plan;
use crate::share::{Share, is_exact};
use crate::watch::{Watch, Watcher};
use crate::{sketched, tiled};

/// Runs a simulation.
pub fn run(
    program: &Program,
    spec: &RunSpec,
    whole: Paths,
    threads: usize,
    watch: Watch<'_>,
) -> Result<Observations, RunError> {
    let plan = Plan::new(program, spec, BLOCK)?;
    let (crew, watcher) = (Crew::new(&plan, threads), Watcher::new(watch));
    let share = Share::new(whole, &(whole.first..whole.first + whole.count));
    if is_exact(whole) {
        tiled::observe(&plan, &share, &crew, &watcher)
    } else {
        Ok(sketched::seen(&plan, &share, &crew, &watcher)?.observe(&Shape::new(&plan, whole)))
    }
}

/// Runs some paths of a simulation.
pub fn run_partial(
    program: &Program,
    spec: &RunSpec,
    range: Range<u64>,
    threads: usize,
    watch: Watch<'_>,
) -> Result<Partial, RunError> {
    let Mode::Paths(whole) = spec.mode else { return Err(RunError::NotPaths) };
    let plan = Plan::new(program, spec, BLOCK)?;
    if !(whole.first <= range.start && range.start < range.end && range.end <= whole.first + whole.count) {
        return Err(RunError::Range { first: range.start, end: range.end });
    }
    let (crew, watcher) = (Crew::new(&plan, threads), Watcher::new(watch));
    let share = Share::new(whole, &range);
    let way = if is_exact(whole) { tiled::seen } else { sketched::seen };
    let seen = way(&plan, &share, &crew, &watcher)?;
    Ok(Partial::new(&plan, whole, range, seen))
}
