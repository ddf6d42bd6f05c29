//! Runs of one world, used again in worlds that differ from it in a few places.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use keiretsu_engine::{Known, RunError, Watch};
use keiretsu_program::{Observations, Program, RunSpec, Target};

/// Limit of the runs kept: each has all that was watched, month by month.
const RUNS_MAX: usize = 12;

/// Runs of readings, each to be compared with those of the same question in other worlds.
#[derive(Default)]
pub(crate) struct KnownRuns(Mutex<BTreeMap<String, Arc<Known>>>);

impl fmt::Debug for KnownRuns {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("KnownRuns")
    }
}

impl KnownRuns {
    /// Runs a reading; none where neither it nor room for it is there.
    pub fn run(
        &self,
        program: &Program,
        spec: &RunSpec,
        scenarios: &[String],
        watch: Watch<'_>,
    ) -> Option<Result<Observations, RunError>> {
        // Registers have other places in other worlds. Any two runs may be compared: what differs is run.
        let places = spec.overlays.iter().filter(|overlay| !matches!(overlay.target, Target::Register(_)));
        let overlays: Vec<_> = places.collect();
        let key =
            format!("{:?} {} {scenarios:?} {overlays:?} {}", spec.mode, program.months, spec.overlays.len());
        let runs = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = runs().get(&key).cloned();
        let room = runs().len() < RUNS_MAX;
        match known {
            Some(known) => Some(known.run(program, spec, watch)),
            None if room => Some(keiretsu_engine::run_watched_part(program, spec, watch).inspect(|seen| {
                runs().insert(key, Arc::new(Known::new(program, spec, seen.clone())));
            })),
            None => None,
        }
    }
}
