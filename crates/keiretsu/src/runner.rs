//! Questions to tables: collects what measures must watch, runs the readings and the paths, lets the measures
//! say what was seen.
//!
//! Invariant: one run of each reading answers any number of measures; each thing is watched once.
//! Absent: what a number means.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_contracts::Lowered;
use keiretsu_engine::RunError;
use keiretsu_measures::{Measure, Query, Seen, Stopped, Subject};
use keiretsu_model::{Model, PartyRef};
use keiretsu_program::{Observations, Overlay, PartyId, Paths, Probe, Quantity, Reading, RunSpec};
use keiretsu_values::Table;

use crate::again::Again;
use crate::{RunTrouble, beyond, scenario};

/// Up to so many paths quantiles are exact; beyond, they come from a sketch that says its error.
const EXACT_LIMIT: u64 = 100_000;

/// A simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// How many paths.
    pub paths: u64,
    /// Key of the random numbers.
    pub seed: u64,
    /// How many threads; they change nothing but the time it takes.
    pub threads: usize,
}

/// What is asked of measures, and in which states of the world.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Which parties, reading, cut of time.
    pub query: &'a Query,
    /// The simulation, if one is wanted.
    pub simulation: Option<Simulation>,
    /// The scenarios in which everything is run, later ones on top.
    pub scenarios: &'a [String],
    /// The scenarios that are set against it, one by one, where a measure does so; none: all of the model.
    pub against: &'a [String],
}

impl Question<'_> {
    /// The paths and the threads to run them on, if a simulation is wanted.
    pub(crate) fn paths(&self) -> Option<(Paths, usize)> {
        let Simulation { paths, seed, threads } = self.simulation?;
        Some((Paths { seed, first: 0, count: paths, exact_limit: EXACT_LIMIT }, threads.max(1)))
    }
}

/// What a run of a model saw, and what it watched.
#[derive(Clone, Debug)]
pub struct Run {
    /// What was watched, each once.
    pub probes: Vec<Probe>,
    /// Firm, expected and headline, where they were run.
    pub readings: [Option<Observations>; 3],
    /// The simulation, if there was one.
    pub simulated: Option<Observations>,
    /// Its seed and its number of paths.
    pub simulation: Option<(u64, u64)>,
}

impl Run {
    /// As measures read it.
    pub fn seen(&self) -> Seen<'_> {
        let simulated = self.simulated.as_ref().zip(self.simulation);
        Seen::new(&self.probes, self.readings.each_ref().map(Option::as_ref), simulated)
    }
}

/// A model that is ready to be run.
#[derive(Clone, Debug)]
pub struct Runner<'a> {
    /// What the text says.
    pub model: &'a Model,
    /// Its program, and what its ids stand for.
    pub lowered: Lowered,
    /// What had to be repaired before it could be run; simulated tables say so.
    pub repaired: Option<String>,
    /// Told how much of a simulation is done, and of how much; stops it by saying false.
    pub watch: fn(u32, u32) -> bool,
}

impl Runner<'_> {
    /// What measures speak of.
    pub fn subject(&self) -> Subject<'_> {
        Subject { model: self.model, program: &self.lowered.program, side: &self.lowered.side }
    }

    /// The tables of a measure, with the distribution beside the readings if a simulation is asked for.
    ///
    /// # Errors
    /// If the model cannot be run as asked.
    pub fn measure(
        &self,
        measure: &dyn Measure,
        query: &Query,
        simulation: Option<Simulation>,
    ) -> Result<Vec<Table>, RunTrouble> {
        let question = Question { query, simulation, scenarios: &[], against: &[] };
        Ok(self.measures(&[measure], &question)?.concat())
    }

    /// The tables of several measures from the same runs, a list for each.
    ///
    /// # Errors
    /// If the model cannot be run as asked.
    pub fn measures(
        &self,
        measures: &[&dyn Measure],
        question: &Question<'_>,
    ) -> Result<Vec<Vec<Table>>, RunTrouble> {
        let Question { query, scenarios, .. } = *question;
        let subject = self.subject();
        let mut needs: Vec<Probe> =
            measures.iter().flat_map(|measure| measure.needs(&subject, query)).collect();
        if question.simulation.is_some() {
            needs.extend(measures.iter().flat_map(|measure| measure.needs_of_paths(&subject, query)));
        }
        let readings: Vec<Reading> = measures.iter().flat_map(|measure| measure.readings(query)).collect();
        let base = self.run(needs, &readings, question)?;
        let wanted = || measures.iter().filter(|measure| measure.wants_scenarios());
        let probes: Vec<Probe> =
            wanted().flat_map(|measure| measure.needs_of_scenarios(&subject, query)).collect();
        let stressed =
            if wanted().next().is_some() { self.against(&probes, &readings, question)? } else { vec![] };
        let beyond = if measures.iter().any(|measure| measure.looks_beyond()) {
            beyond::look(self, question)?
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
            self.repaired.iter().for_each(|repaired| table.note(repaired));
        }
        let again = Again { runner: self, question };
        for (list, measure) in lists.iter_mut().zip(measures) {
            let more = measure.adapts(&subject, query, &seen, &again);
            list.extend(more.map_err(|stopped| match stopped {
                Stopped::Interrupted => RunTrouble::Interrupted,
                Stopped::Refused(what, hint) => RunTrouble::Asked(what, hint),
            })?);
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
        question: &Question<'_>,
    ) -> Result<Vec<(String, Run)>, RunTrouble> {
        let all = || self.model.scenarios.iter().map(|scenario| scenario.name.clone()).collect();
        let names = if question.against.is_empty() { all() } else { question.against.to_vec() };
        let run = |name: String| {
            let world = [question.scenarios, std::slice::from_ref(&name)].concat();
            let run = self.run(probes.to_vec(), readings, &Question { scenarios: &world, ..*question })?;
            Ok((name, run))
        };
        names.into_iter().map(run).collect()
    }

    /// Runs readings, and the paths if a simulation is asked for, in the question's scenarios. Where nothing
    /// is watched, nothing is run.
    ///
    /// # Errors
    /// If the model cannot be run as asked.
    pub fn run(
        &self,
        probes: Vec<Probe>,
        readings: &[Reading],
        question: &Question<'_>,
    ) -> Result<Run, RunTrouble> {
        let probes = distinct(probes);
        let beside_paths = |reading| question.simulation.is_some() && reading == Reading::Expected;
        let reading = |reading| {
            if !readings.contains(&reading) && !beside_paths(reading) {
                return Ok(None);
            }
            if probes.is_empty() {
                return Ok(Some(Observations::default()));
            }
            let spec = RunSpec { possible: true, ..RunSpec::reading(reading, probes.clone()) };
            self.once(spec, 1, question, &[]).map(Some)
        };
        let readings = [reading(Reading::Firm)?, reading(Reading::Expected)?, reading(Reading::Headline)?];
        let simulated = if probes.is_empty() { None } else { self.simulate(&probes, question, &[])? };
        let simulation = question.simulation.map(|simulation| (simulation.seed, simulation.paths));
        Ok(Run { probes, readings, simulated, simulation })
    }

    pub(crate) fn simulate(
        &self,
        probes: &[Probe],
        question: &Question<'_>,
        overlays: &[Overlay],
    ) -> Result<Option<Observations>, RunTrouble> {
        let Some((paths, threads)) = question.paths() else { return Ok(None) };
        let spec = RunSpec::paths(paths, probes.to_vec());
        self.once(spec, threads, question, overlays).map(Some)
    }

    /// One run in the question's scenarios, with more overlays on top.
    pub(crate) fn once(
        &self,
        spec: RunSpec,
        threads: usize,
        question: &Question<'_>,
        overlays: &[Overlay],
    ) -> Result<Observations, RunTrouble> {
        let spec = self.completed(spec, question, overlays)?;
        let seen = keiretsu_engine::run_watched(&self.lowered.program, &spec, threads, &self.watch);
        seen.map_err(|error| self.refused(&error))
    }

    /// The parties of each group whose own money can be followed, in the order of [`Subject::tied`].
    fn own_money(&self) -> Vec<Vec<PartyId>> {
        let mut members: BTreeMap<PartyRef, Vec<PartyId>> = BTreeMap::new();
        for party in (1..self.model.parties.len()).map(|at| PartyRef(at as u32)) {
            members.entry(self.model.group(party)).or_default().push(PartyId(party.0));
        }
        self.subject().tied().iter().map(|group| members.remove(group).unwrap_or_default()).collect()
    }

    pub(crate) fn completed(
        &self,
        mut spec: RunSpec,
        question: &Question<'_>,
        overlays: &[Overlay],
    ) -> Result<RunSpec, RunTrouble> {
        let follows = |probe: &Probe| matches!(probe.quantity, Quantity::OwnReceipts { .. });
        if spec.probes.iter().any(follows) {
            spec.own_money = self.own_money();
            spec.convention = question.query.own_money;
        }
        spec.overlays = scenario::overlays(self.model, &self.lowered, question.scenarios)?;
        spec.overlays.extend_from_slice(overlays);
        Ok(spec)
    }

    pub(crate) fn refused(&self, error: &RunError) -> RunTrouble {
        let refused = |what: String, hint: &str| RunTrouble::Refused(what, hint.to_owned());
        match error {
            RunError::Interrupted => RunTrouble::Interrupted,
            RunError::NotVerified { faults } => RunTrouble::Ours(format!("{faults} faults")),
            RunError::UnknownTarget => RunTrouble::Ours("a measure watches what is not there".to_owned()),
            RunError::NotPaths => {
                RunTrouble::Ours("paths were needed and a reading was asked for".to_owned())
            }
            RunError::Range { first, end } => {
                RunTrouble::Ours(format!("paths {first} to {end} are not of the run"))
            }
            RunError::Level { level } => RunTrouble::Ours(format!("{level} is not between 0 and 1")),
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

/// Says what a reader of simulated figures must know of the simulation itself.
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

/// Each probe once, in an order that does not depend on who asked.
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
