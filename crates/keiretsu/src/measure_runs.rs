//! Runs of the model for measures that adapt while they work.

use keiretsu_measures::{Runs, RunsError, SimulationOutputs};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

use keiretsu_engine::PriorRun;
use keiretsu_program::{Observations, Overlay, Paths, Probe, Reading, RunSpec};

use crate::AskError;
use crate::request::Request;
use crate::runner::Runner;

/// A runner that a measure uses while it works.
pub(crate) struct MeasureRuns<'a> {
    runner: &'a Runner<'a>,
    request: &'a Request,
    /// How far the measure has said to be.
    told: Cell<Option<(u32, u32)>>,
    /// Runs with what they saw, on top of which others are made.
    made: RefCell<Vec<MadeRun>>,
}

/// A run with its overlays, and what it saw.
type MadeRun = (RunSpec, Vec<Overlay>, Arc<Observations>);

/// Limit of the runs kept for others on top of them. Those that come first are the simplest.
const MADE_MAX: usize = 3;

impl<'a> MeasureRuns<'a> {
    /// For a measure that begins its work.
    pub fn new(runner: &'a Runner<'a>, request: &'a Request) -> Self {
        Self { runner, request, told: Cell::new(None), made: RefCell::default() }
    }

    /// The same with a watch that hears how far the measure is, where it has said so.
    fn with_runner<T>(&self, run: impl FnOnce(&Runner<'_>) -> T) -> T {
        match self.told.get() {
            None => run(self.runner),
            Some((done, total)) => {
                let watch = |_, _| (self.runner.watch)(done, total);
                run(&Runner { watch: &watch, ..*self.runner })
            }
        }
    }
}

impl MeasureRuns<'_> {
    /// A reading with overlays, on top of runs made before.
    fn on_top(
        &self,
        runner: &Runner<'_>,
        spec: RunSpec,
        overlays: &[Overlay],
        last: u32,
    ) -> Result<Arc<Observations>, AskError> {
        let mut made = self.made.borrow_mut();
        made.retain(|(known, ..)| known.mode == spec.mode);
        if let Some((.., seen)) = made.iter().find(|(known, some, _)| *known == spec && some == overlays) {
            return Ok(seen.clone());
        }
        let seen = if overlays.is_empty() {
            runner.once(spec.clone(), self.request, &[])?
        } else {
            let below = made.iter();
            let below = below.map(|(spec, overlays, seen)| PriorRun { overlays, probes: &spec.probes, seen });
            let below: Vec<PriorRun<'_>> = below.collect();
            let (program, spec) =
                (&runner.lowered.program, runner.completed(spec.clone(), self.request, &[])?);
            let seen = keiretsu_engine::run_on_top(program, &spec, &below, overlays, last, runner.watch);
            Arc::new(seen.map_err(|error| runner.refused(&error))?)
        };
        if runner.lowered.program.months <= last {
            made.truncate(MADE_MAX - 1);
            made.push((spec, overlays.to_vec(), seen.clone()));
        }
        Ok(seen)
    }
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
        let program = &self.runner.lowered.program;
        let done = self.with_runner(|runner| {
            keiretsu_engine::run_worlds(program, &spec, worlds, last, runner.watch, see)
        });
        done.map_err(|error| stopped(self.runner.refused(&error)))
    }

    fn possible(
        &self,
        reading: Reading,
        overlays: &[Overlay],
        probes: &[Probe],
        last: u32,
    ) -> Result<Observations, RunsError> {
        let spec = RunSpec { possible: true, ..RunSpec::reading(reading, probes.to_vec()) };
        let seen = self.with_runner(|runner| {
            if runner.lazy.is_some() {
                return runner.once(spec, self.request, overlays).map(Arc::unwrap_or_clone);
            }
            self.on_top(runner, spec, overlays, last).map(Arc::unwrap_or_clone)
        });
        seen.map_err(stopped)
    }

    fn tell(&self, done: u32, total: u32) -> Result<(), RunsError> {
        self.told.set(Some((done, total)));
        if (self.runner.watch)(done, total) { Ok(()) } else { Err(RunsError::Interrupted) }
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

/// Why a question whose runs a measure makes has no answer.
pub(crate) fn refused(stopped: RunsError) -> AskError {
    match stopped {
        RunsError::Interrupted => AskError::Interrupted,
        RunsError::Refused(what, hint) => AskError::invalid(what, hint),
    }
}
