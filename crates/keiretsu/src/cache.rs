//! Runs that were made, kept for the next question; the oldest go first where memory is short.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use keiretsu_program::{Observations, RunSpec};

/// Bytes of observations that are kept, about.
const BYTES_MAX: usize = 256 << 20;
/// Limit of the runs kept; a search through them is cheap next to a run.
const RUNS_MAX: usize = 256;

/// Runs by program and specification. Shared by all sessions that come from one another.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The one that was used last comes last.
    runs: VecDeque<Run>,
    bytes: usize,
    /// How many runs were made.
    made: u64,
}

#[derive(Debug)]
struct Run {
    program: u128,
    spec: RunSpec,
    seen: Arc<Observations>,
    bytes: usize,
}

impl Cache {
    /// The run of a program, made by `run` unless it is kept. Two threads that ask for one run at the same
    /// time may both make it: it is the same.
    pub fn run<E>(
        &self,
        program: u128,
        spec: RunSpec,
        run: impl FnOnce(&RunSpec) -> Result<Observations, E>,
    ) -> Result<Arc<Observations>, E> {
        if let Some(seen) = self.find(program, &spec) {
            return Ok(seen);
        }
        let seen = Arc::new(run(&spec)?);
        self.keep(program, spec, &seen);
        Ok(seen)
    }

    fn find(&self, program: u128, spec: &RunSpec) -> Option<Arc<Observations>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.runs.iter().position(|run| run.program == program && run.spec == *spec)?;
        let run = kept.runs.remove(at)?;
        let seen = run.seen.clone();
        kept.runs.push_back(run);
        Some(seen)
    }

    /// Keeps a run that was made.
    pub fn keep(&self, program: u128, spec: RunSpec, seen: &Arc<Observations>) {
        let bytes = size(seen);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.made += 1;
        if BYTES_MAX < bytes {
            return;
        }
        kept.bytes += bytes;
        kept.runs.push_back(Run { program, spec, seen: seen.clone(), bytes });
        while BYTES_MAX < kept.bytes || RUNS_MAX < kept.runs.len() {
            let Some(oldest) = kept.runs.pop_front() else { return };
            kept.bytes -= oldest.bytes;
        }
    }

    /// How many runs were made so far.
    pub fn made(&self) -> u64 {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).made
    }
}

/// About how many bytes the series take.
fn size(seen: &Observations) -> usize {
    let series = seen.series.iter().map(|series| {
        let lists = series.quantiles.iter().chain(&series.tails).map(Vec::len).sum::<usize>();
        8 * (series.mean.len() + series.standard_error.len() + lists) + 64 * series.possible.len() + 200
    });
    series.sum::<usize>() + 1_000
}
