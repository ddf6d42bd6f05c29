//! Lets a measure run the model again while it works.

use keiretsu_measures::{Keeps, Runs, Stopped};
use keiretsu_program::{Observations, Overlay, Paths, Probe, Reading, RunSpec};

use crate::RunTrouble;
use crate::runner::{Question, Runner};

/// A runner that a measure uses while it works.
pub(crate) struct Again<'a> {
    pub runner: &'a Runner<'a>,
    pub question: &'a Question<'a>,
}

impl Runs for Again<'_> {
    fn worlds(
        &self,
        reading: Reading,
        worlds: &[Vec<Overlay>],
        probes: &[Probe],
        last: u32,
        see: &mut dyn FnMut(&[Vec<f64>]),
    ) -> Result<(), Stopped> {
        let spec = RunSpec::reading(reading, probes.to_vec());
        let spec = self.runner.completed(spec, self.question, &[]).map_err(stopped)?;
        let (program, watch) = (&self.runner.lowered.program, &self.runner.watch);
        let done = keiretsu_engine::run_worlds(program, &spec, worlds, last, watch, see);
        done.map_err(|error| stopped(self.runner.refused(&error)))
    }

    fn possible(
        &self,
        reading: Reading,
        overlays: &[Overlay],
        probes: &[Probe],
    ) -> Result<Observations, Stopped> {
        let spec = RunSpec { possible: true, ..RunSpec::reading(reading, probes.to_vec()) };
        self.runner.once(spec, 1, self.question, overlays).map_err(stopped)
    }

    fn simulation(&self) -> Option<(u64, u64)> {
        self.question.simulation.map(|simulation| (simulation.seed, simulation.paths))
    }

    fn simulated(&self, overlays: &[Overlay], probes: &[Probe]) -> Result<Option<Observations>, Stopped> {
        self.runner.simulate(probes, self.question, overlays).map_err(stopped)
    }

    fn simulated_keeping(&self, keeps: &Keeps<'_>) -> Result<Option<Observations>, Stopped> {
        let Some((paths, threads)) = self.question.paths() else { return Ok(None) };
        let spec = RunSpec {
            exposures: keeps.exposures.to_vec(),
            quantiles: keeps.quantiles.to_vec(),
            tails: keeps.tails.to_vec(),
            ..RunSpec::paths(paths, keeps.probes.to_vec())
        };
        self.runner.once(spec, threads, self.question, &[]).map(Some).map_err(stopped)
    }

    fn path(
        &self,
        path: Option<u64>,
        overlays: &[Overlay],
        probes: &[Probe],
    ) -> Result<Vec<Vec<f64>>, Stopped> {
        let seed = self.question.simulation.map_or(1, |simulation| simulation.seed);
        let paths = Paths { seed, first: 0, count: 1, exact_limit: 1 };
        let spec = match path {
            None => RunSpec::reading(Reading::Expected, probes.to_vec()),
            Some(_) => RunSpec::paths(paths, probes.to_vec()),
        };
        let spec = self.runner.completed(spec, self.question, overlays).map_err(stopped)?;
        let program = &self.runner.lowered.program;
        let replay = keiretsu_engine::replay(program, &spec, path.unwrap_or_default());
        let replay = replay.map_err(|error| stopped(self.runner.refused(&error)))?;
        let number = |probe: &Probe, t| replay.get(probe.quantity, t).unwrap_or(f64::NAN);
        let series = |probe| (1..=program.months).map(|t| number(probe, t)).collect();
        Ok(probes.iter().map(series).collect())
    }
}

fn stopped(trouble: RunTrouble) -> Stopped {
    match trouble {
        RunTrouble::Interrupted => Stopped::Interrupted,
        other => Stopped::Refused(other.to_string(), other.hint()),
    }
}
