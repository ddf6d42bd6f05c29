//! Runs of the model for measures that adapt while they work.

use keiretsu_measures::{Runs, RunsError, SimulationOutputs};
use std::sync::Arc;

use keiretsu_program::{Observations, Overlay, Paths, Probe, Reading, RunSpec};

use crate::AskError;
use crate::request::Request;
use crate::runner::Runner;

/// A runner that a measure uses while it works.
pub(crate) struct MeasureRuns<'a> {
    pub runner: &'a Runner<'a>,
    pub request: &'a Request,
}

impl Runs for MeasureRuns<'_> {
    fn worlds(
        &self,
        reading: Reading,
        worlds: &[Vec<Overlay>],
        probes: &[Probe],
        last: u32,
        see: &mut dyn FnMut(&[Vec<f64>]),
    ) -> Result<(), RunsError> {
        let spec = RunSpec::reading(reading, probes.to_vec());
        let spec = self.runner.completed(spec, self.request, &[]).map_err(stopped)?;
        let (program, watch) = (&self.runner.lowered.program, self.runner.watch);
        let done = keiretsu_engine::run_worlds(program, &spec, worlds, last, watch, see);
        done.map_err(|error| stopped(self.runner.refused(&error)))
    }

    fn possible(
        &self,
        reading: Reading,
        overlays: &[Overlay],
        probes: &[Probe],
    ) -> Result<Observations, RunsError> {
        let spec = RunSpec { possible: true, ..RunSpec::reading(reading, probes.to_vec()) };
        self.runner.once(spec, self.request, overlays).map(Arc::unwrap_or_clone).map_err(stopped)
    }

    fn simulation(&self) -> Option<(u64, u64)> {
        self.request.simulation.map(|simulation| (simulation.seed, simulation.paths))
    }

    fn simulated(&self, overlays: &[Overlay], probes: &[Probe]) -> Result<Option<Observations>, RunsError> {
        let seen = self.runner.simulate(probes, self.request, overlays).map_err(stopped)?;
        Ok(seen.map(Arc::unwrap_or_clone))
    }

    fn simulated_keeping(&self, keeps: &SimulationOutputs<'_>) -> Result<Option<Observations>, RunsError> {
        let Some(paths) = self.request.paths() else { return Ok(None) };
        let spec = RunSpec {
            exposures: keeps.exposures.to_vec(),
            quantiles: keeps.quantiles.to_vec(),
            tails: keeps.tails.to_vec(),
            ..RunSpec::paths(paths, keeps.probes.to_vec())
        };
        let seen = self.runner.once(spec, self.request, &[]).map_err(stopped)?;
        Ok(Some(Arc::unwrap_or_clone(seen)))
    }

    fn path(
        &self,
        path: Option<u64>,
        overlays: &[Overlay],
        probes: &[Probe],
    ) -> Result<Vec<Vec<f64>>, RunsError> {
        let seed = self.request.simulation.map_or(1, |simulation| simulation.seed);
        let paths = Paths { seed, first: 0, count: 1, exact_limit: 1 };
        let spec = match path {
            None => RunSpec::reading(Reading::Expected, probes.to_vec()),
            Some(_) => RunSpec::paths(paths, probes.to_vec()),
        };
        let spec = self.runner.completed(spec, self.request, overlays).map_err(stopped)?;
        let program = &self.runner.lowered.program;
        let replay = keiretsu_engine::replay(program, &spec, path.unwrap_or_default());
        let replay = replay.map_err(|error| stopped(self.runner.refused(&error)))?;
        let number = |probe: &Probe, t| replay.get(probe.quantity, t).unwrap_or(f64::NAN);
        let series = |probe| (1..=program.months).map(|t| number(probe, t)).collect();
        Ok(probes.iter().map(series).collect())
    }
}

fn stopped(error: AskError) -> RunsError {
    match error {
        AskError::Interrupted => RunsError::Interrupted,
        other => RunsError::Refused(other.to_string(), other.hint()),
    }
}
