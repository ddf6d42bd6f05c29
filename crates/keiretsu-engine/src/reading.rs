//! One of the three readings: one path on which every factor keeps to its middle.

use keiretsu_program::{Observations, Program, RunSpec, Series};

use crate::error::RunError;
use crate::plan::Plan;
use crate::state::marked;
use crate::watch::Watch;
use crate::work::Work;

/// Runs a reading.
pub fn run(program: &Program, spec: &RunSpec, watch: Watch<'_>) -> Result<Observations, RunError> {
    let plan = Plan::new(program, spec, 1)?;
    let mut work = Work::new(&plan);
    let mut series: Vec<Series> = plan
        .watches
        .iter()
        .map(|watch| Series { mean: vec![f64::NAN; watch.pieces.len()], ..Series::default() })
        .collect();
    work.start(0);
    for t in 1..=program.months {
        // A month of ten thousand contracts takes milliseconds.
        if !watch(t - 1, program.months) {
            return Err(RunError::Interrupted);
        }
        work.month(t);
        for (at, watch) in plan.watches.iter().enumerate() {
            if let Some(piece) = watch.piece_ending(t) {
                series[at].mean[piece] = work.watched(at, t).at(0);
            }
        }
    }
    if !watch(program.months, program.months) {
        return Err(RunError::Interrupted);
    }
    let left_out = marked(&work.state.left_out);
    let unread = work.state.unread.iter().copied().collect();
    let mut seen = Observations { series, left_out, unread, failed: 0, quantile_error: 0.0 };
    if spec.possible {
        crate::possible::fill(program, spec, &mut seen)?;
    }
    Ok(seen)
}
