//! Questions to tables: collects the probes of measures, runs the readings and the paths, and calls the
//! measures with the observations.
//!
//! Invariant: one run of each reading answers any number of measures; each quantity is watched once. Absent:
//! the meaning of a number.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use keiretsu_contracts::Lowered;
use keiretsu_engine::{RunError, Watch};
use keiretsu_measures::{Measure, Seen, Subject};
use keiretsu_model::{Model, PartyRef};
use keiretsu_program::{Mode, Observations, Overlay, PartyId, Probe, Quantity, Reading, RunSpec};
use keiretsu_values::Table;

use crate::cache::Cache;
use crate::lazy_runs::LazyRuns;
use crate::measure_runs::{MeasureRuns, refused};
use crate::partial::PathsOf;
use crate::request::Request;
use crate::{AskError, beyond, scenario};

/// The observations of a run, and its probes.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// What was watched in readings, each once.
    pub probes: Vec<Probe>,
    /// What was watched on paths.
    pub probes_of_paths: Vec<Probe>,
    /// Firm, expected and headline, where they were run.
    pub readings: [Option<Arc<Observations>>; 3],
    /// The simulation, if there was one.
    pub simulated: Option<Arc<Observations>>,
    /// Its seed and its number of paths.
    pub simulation: Option<(u64, u64)>,
}

impl Run {
    /// As measures read it.
    pub fn seen(&self) -> Seen<'_> {
        let simulated = self.simulated.as_deref().zip(self.simulation);
        let simulated = simulated.map(|(seen, simulation)| (&self.probes_of_paths[..], seen, simulation));
        Seen::new(&self.probes, self.readings.each_ref().map(Option::as_deref), simulated)
    }
}

/// A model that is ready to be run, for one request.
#[derive(Clone, Copy)]
pub(crate) struct Runner<'a> {
    /// The model.
    pub model: &'a Model,
    /// Its program and side table.
    pub lowered: &'a Lowered,
    /// The note on repaired correlations, printed with simulated tables.
    pub repaired: Option<&'a str>,
    /// Hears how much of a run is done, and of how much; stops it by saying false.
    pub watch: Watch<'a>,
    /// Threads to run on.
    pub threads: NonZeroUsize,
    /// Which paths of simulations are run.
    pub paths: PathsOf<'a>,
    /// Runs that are kept, and the fingerprint of the program; none for programs that are run once.
    pub kept: Option<(&'a Cache, u128)>,
    /// Whether all that could not be read in a reading is named, not only seen where it is watched.
    pub whole: bool,
    /// Where readings are run only as far as they are read.
    pub lazy: Option<&'a LazyRuns<'a>>,
}

impl<'a> Runner<'a> {
    /// The subject of measures.
    pub fn subject(&self) -> Subject<'a> {
        Subject { model: self.model, program: &self.lowered.program, side: &self.lowered.side }
    }

    /// The tables of several measures from the same runs, a list for each.
    ///
    /// # Errors
    /// If the model cannot be run as requested.
    pub fn measures(
        &self,
        measures: &[&dyn Measure],
        request: &Request,
    ) -> Result<Vec<Vec<Table>>, AskError> {
        let Request { query, scenarios, .. } = request;
        let subject = self.subject();
        let mut needs: Vec<Probe> =
            measures.iter().flat_map(|measure| measure.needs(&subject, query)).collect();
        if request.simulation.is_some() {
            needs.extend(measures.iter().flat_map(|measure| measure.needs_of_paths(&subject, query)));
        }
        let readings: Vec<Reading> = measures.iter().flat_map(|measure| measure.readings(query)).collect();
        let of_paths: Vec<Probe> =
            measures.iter().flat_map(|measure| measure.reads_of_paths(&subject, query)).collect();
        let base = self.run(needs, of_paths, &readings, request)?;
        let wanted = || measures.iter().filter(|measure| measure.wants_scenarios());
        let probes: Vec<Probe> =
            wanted().flat_map(|measure| measure.needs_of_scenarios(&subject, query)).collect();
        let stressed =
            if wanted().next().is_some() { self.against(&probes, &readings, request)? } else { vec![] };
        let beyond = if measures.iter().any(|measure| measure.looks_beyond(query)) {
            beyond::look(self, request, &readings)?
        } else {
            None
        };
        let beside = stressed.iter().map(|(name, run)| (name.clone(), run.seen())).collect();
        let seen = base.seen().with_scenarios(beside).with_beyond(beyond.as_ref());
        let mut lists: Vec<Vec<Table>> =
            measures.iter().map(|measure| measure.tables(&subject, query, &seen)).collect();
        let over_paths = |table: &&mut Table| table.window.simulation.is_some();
        for table in lists.iter_mut().flatten().filter(over_paths) {
            base.simulated.iter().for_each(|simulated| stands_on(table, simulated));
            self.repaired.iter().for_each(|repaired| table.note(*repaired));
        }
        for (list, measure) in lists.iter_mut().zip(measures) {
            let runs = MeasureRuns::new(self, request);
            let more = measure.adapts(&subject, query, &seen, &runs);
            if let (Some(runs), Some(beyond)) = (self.lazy, &beyond)
                && beyond.is_read.load(Ordering::Relaxed)
            {
                runs.want_beyond();
            }
            list.extend(more.map_err(refused)?);
        }
        if !scenarios.is_empty() {
            let note = format!("in the scenario {}", scenarios.join(" and "));
            lists.iter_mut().flatten().for_each(|table| table.note(note.clone()));
        }
        Ok(lists)
    }

    /// The same run in each of the scenarios that are set against the base.
    fn against(
        &self,
        probes: &[Probe],
        readings: &[Reading],
        request: &Request,
    ) -> Result<Vec<(String, Run)>, AskError> {
        let all = || self.model.scenarios.iter().map(|scenario| scenario.name.clone()).collect();
        let names = if request.against.is_empty() { all() } else { request.against.clone() };
        let run = |name: String| {
            let world = [&request.scenarios[..], std::slice::from_ref(&name)].concat();
            let run = self.run(
                probes.to_vec(),
                probes.to_vec(),
                readings,
                &Request { scenarios: world, ..request.clone() },
            )?;
            Ok((name, run))
        };
        names.into_iter().map(run).collect()
    }

    /// Runs readings, and the paths if a simulation is requested, in the request's scenarios. Without probes
    /// nothing is run.
    ///
    /// # Errors
    /// If the model cannot be run as requested.
    pub fn run(
        &self,
        probes: Vec<Probe>,
        of_paths: Vec<Probe>,
        readings: &[Reading],
        request: &Request,
    ) -> Result<Run, AskError> {
        let (probes, probes_of_paths) = (distinct(probes), distinct(of_paths));
        let beside_paths = |reading| request.simulation.is_some() && reading == Reading::Expected;
        let reading = |reading| {
            if !readings.contains(&reading) && !beside_paths(reading) {
                return Ok(None);
            }
            if probes.is_empty() {
                return Ok(Some(Arc::default()));
            }
            let spec = RunSpec { possible: true, ..RunSpec::reading(reading, probes.clone()) };
            self.once(spec, request, &[]).map(Some)
        };
        let readings = [reading(Reading::Firm)?, reading(Reading::Expected)?, reading(Reading::Headline)?];
        let nothing = probes.is_empty() || probes_of_paths.is_empty();
        let simulated = if nothing { None } else { self.simulate(&probes_of_paths, request, &[])? };
        let simulation = request.simulation.map(|simulation| (simulation.seed, simulation.paths));
        Ok(Run { probes, probes_of_paths, readings, simulated, simulation })
    }

    pub(crate) fn simulate(
        &self,
        probes: &[Probe],
        request: &Request,
        overlays: &[Overlay],
    ) -> Result<Option<Arc<Observations>>, AskError> {
        let Some(paths) = request.paths() else { return Ok(None) };
        let spec = RunSpec::paths(paths, probes.to_vec());
        self.once(spec, request, overlays).map(Some)
    }

    /// One run in the request's scenarios, with more overlays on top; earlier runs are used again.
    pub(crate) fn once(
        &self,
        spec: RunSpec,
        request: &Request,
        overlays: &[Overlay],
    ) -> Result<Arc<Observations>, AskError> {
        let spec = self.completed(spec, request, overlays)?;
        // A reading is a lane of work or two, whatever the threads.
        let threads = if matches!(spec.mode, Mode::Paths(_)) { self.threads.get() } else { 1 };
        if let (Mode::Paths(_), Some(seen)) = (spec.mode, self.paths.seen(self, &spec)) {
            return seen.map(Arc::new);
        }
        let program = &self.lowered.program;
        if !self.whole && spec.possible {
            let seen = match self.lazy {
                Some(runs) => runs.run(program, &spec, &request.scenarios, self.watch),
                None => keiretsu_engine::run_watched_part(program, &spec, self.watch),
            };
            return seen.map(Arc::new).map_err(|error| self.refused(&error));
        }
        let run = |spec: &RunSpec| {
            let seen = keiretsu_engine::run_watched(program, spec, threads, self.watch);
            seen.map_err(|error| self.refused(&error))
        };
        match self.kept {
            // Worlds that a measure tries are many, and none is asked for again.
            Some((cache, program)) if overlays.is_empty() => cache.run(program, spec, run),
            _ => run(&spec).map(Arc::new),
        }
    }

    /// The parties of each group with own money to follow, in the order of [`Subject::tied`].
    fn own_money(&self) -> Vec<Vec<PartyId>> {
        let mut members: BTreeMap<PartyRef, Vec<PartyId>> = BTreeMap::new();
        for party in (1..self.model.parties.len()).map(|at| PartyRef(at as u32)) {
            members.entry(self.model.group(party)).or_default().push(PartyId(party.0));
        }
        self.subject().tied().iter().map(|group| members.remove(group).unwrap_or_default()).collect()
    }

    /// The specification in the scenarios of the request, its own overlays on top, and more on top of these;
    /// with the groups of the model where it follows own money and names none.
    pub(crate) fn completed(
        &self,
        mut spec: RunSpec,
        request: &Request,
        overlays: &[Overlay],
    ) -> Result<RunSpec, AskError> {
        let follows = |probe: &Probe| matches!(probe.quantity, Quantity::OwnReceipts { .. });
        if spec.own_money.is_empty() && spec.probes.iter().any(follows) {
            spec.own_money = self.own_money();
            spec.convention = request.query.own_money;
        }
        let mut all = scenario::overlays(self.model, self.lowered, &request.scenarios)?;
        all.append(&mut spec.overlays);
        all.extend_from_slice(overlays);
        spec.overlays = all;
        Ok(spec)
    }

    pub(crate) fn refused(&self, error: &RunError) -> AskError {
        let refused = |what: String, hint: &str| AskError::refused(what, hint.to_owned());
        match error {
            RunError::Interrupted => AskError::Interrupted,
            RunError::NotVerified { faults } => AskError::Internal(format!("{faults} faults")),
            RunError::UnknownTarget => AskError::Internal("a measure watches what is not there".to_owned()),
            RunError::NotPaths => {
                AskError::Internal("paths were needed and a reading was asked for".to_owned())
            }
            RunError::Range { first, end } => AskError::invalid(
                format!("paths {first} to {end} are not of the question"),
                "give a range within its number of paths, counted from 0",
            ),
            RunError::Level { level } => AskError::Internal(format!("{level} is not between 0 and 1")),
            RunError::PathCount { count } => refused(
                format!("{count} paths cannot be run"),
                "give a number from 1 to 1 000 000 000, such as `--paths 10000`",
            ),
            RunError::TooLarge { bytes } => refused(
                format!("this run would need about {} GiB of memory", bytes.div_ceil(1 << 30)),
                "ask for fewer paths, fewer parties, or years instead of months",
            ),
            RunError::Correlation { .. } => refused(
                "the correlations of the factors contradict each other".to_owned(),
                "lower some of them, or set `repair = \"nearest\"` in [correlations]",
            ),
            RunError::Freedom { freedom } => {
                refused(format!("the copula has {freedom} degrees of freedom"), "they must be above 2")
            }
            RunError::Parameter { factor, slot, value } => {
                let factor = self.model.factors.get(factor.at()).map_or("?", |factor| factor.name.as_str());
                let slot = self.lowered.side.slots.get(slot.at()).map_or("?", |slot| slot.path.as_str());
                let value = if value.is_nan() { "unknown".to_owned() } else { value.to_string() };
                let hint = format!("give `{factor}` a figure that its process can take");
                refused(format!("the factor `{factor}` cannot be run: `{slot}` is {value}"), &hint)
            }
        }
    }
}

/// Adds the notes on the simulation that a reader of simulated figures needs.
pub(crate) fn stands_on(table: &mut Table, simulated: &Observations) {
    if simulated.failed > 0 {
        let words = match simulated.failed {
            1 => "1 path overflowed and is in no figure".to_owned(),
            failed => format!("{failed} paths overflowed and are in no figure"),
        };
        table.note(words);
    }
    if simulated.quantile_error > 0.0 {
        table.note(format!("quantiles are within {:.2}%", simulated.quantile_error * 100.0));
    }
}

/// Each probe once, in an order independent of the measures.
fn distinct(probes: Vec<Probe>) -> Vec<Probe> {
    let set: BTreeSet<Probe> = probes.into_iter().collect();
    set.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use keiretsu_program::Span;

    use super::*;

    #[test]
    fn each_probe_is_watched_once() {
        let probe = |party, span| Probe { quantity: Quantity::Cash(PartyId(party)), span };
        let probes = distinct(vec![
            probe(2, Span::Year),
            probe(1, Span::Whole),
            probe(2, Span::Year),
            probe(1, Span::Month),
        ]);
        assert_eq!(probes, [probe(1, Span::Month), probe(1, Span::Whole), probe(2, Span::Year)]);
    }
}
