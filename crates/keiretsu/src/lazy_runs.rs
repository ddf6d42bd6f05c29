//! Runs of readings that are made as far as a measure reads them, beside the runs of a world that differs
//! in a few places.
//!
//! The measure is computed several times. Nothing is run at first; what it has read then is run for the next
//! time, until it reads nothing that has not been run.
//!
//! Invariant: what is read in the end is, to the bit, what runs of all that the measure needs would show.
//! Absent: paths, and names of what could not be read where nothing was run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use keiretsu_engine::{Known, RunError, Watch};
use keiretsu_program::{Observations, Probe, Program, ReadNotes, RunSpec, Series, Target};

/// Limit of the runs of a world that are kept for others.
const RUNS_MAX: usize = 12;

/// The runs of one world, read so far by one measure.
#[derive(Default)]
pub(crate) struct LazyRuns<'a> {
    /// Those of another world, which this one differs from in a few places.
    base: Option<&'a KnownRuns>,
    runs: Mutex<Vec<LazyRun>>,
    /// Whether anything beyond the horizon is wanted, and whether it has not been run.
    beyond: AtomicBool,
    beyond_is_open: AtomicBool,
}

/// Runs as far as they were read, for other worlds.
#[derive(Default)]
pub(crate) struct KnownRuns {
    runs: Vec<LazyRun>,
    beyond: bool,
}

struct LazyRun {
    /// What distinguishes it, whatever is where in its program.
    key: String,
    probes: Vec<Probe>,
    /// Series to be run, and those that were.
    wanted: BTreeSet<usize>,
    seen: BTreeMap<usize, Series>,
    /// All else that was seen.
    beside: Observations,
    reads: ReadNotes,
    /// What was seen, ready to be compared with, and the work of it; only in runs that others are beside.
    known: Option<Known>,
    work: u64,
}

impl KnownRuns {
    /// The work of all of them, in registers and flows times months.
    pub fn work(&self) -> u64 {
        self.runs.iter().map(|run| run.work).sum()
    }
}

impl fmt::Debug for LazyRuns<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LazyRuns")
    }
}

impl<'a> LazyRuns<'a> {
    /// Runs beside those of another world.
    pub fn beside(base: &'a KnownRuns) -> Self {
        Self { base: Some(base), beyond: AtomicBool::new(base.beyond), ..Self::default() }
    }

    fn runs(&self) -> MutexGuard<'_, Vec<LazyRun>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A run as far as it has been read; what has not been is unknown.
    pub fn run(
        &self,
        program: &Program,
        spec: &RunSpec,
        scenarios: &[String],
        watch: Watch<'_>,
    ) -> Result<Observations, RunError> {
        let mut runs = self.runs();
        let key = key(program, spec, scenarios);
        let known = runs.iter().position(|run| run.key == key && run.probes == spec.probes);
        let rank = runs.iter().filter(|run| run.key == key).count();
        let twin =
            |rank: usize| self.base.and_then(|base| base.runs.iter().filter(|run| run.key == key).nth(rank));
        let at = known.unwrap_or_else(|| {
            runs.push(LazyRun::new(key.clone(), &spec.probes, twin(rank)));
            runs.len() - 1
        });
        let rank = runs[..at].iter().filter(|run| run.key == key).count();
        let keep = self.base.is_none() && at < RUNS_MAX;
        runs[at].complete(program, spec, twin(rank), keep, watch)?;
        Ok(runs[at].observations(program))
    }

    /// Whether all that has been read was run; else it will be the next time.
    pub fn is_settled(&self) -> bool {
        let open = self.runs().iter_mut().map(LazyRun::want).filter(|open| *open).count();
        !self.beyond_is_open.swap(false, Ordering::Relaxed) && open == 0
    }

    /// Whether anything beyond the horizon is wanted.
    pub fn wants_beyond(&self) -> bool {
        self.beyond.load(Ordering::Relaxed)
    }

    /// Something beyond the horizon has been read.
    pub fn want_beyond(&self) {
        let is_known = self.beyond.swap(true, Ordering::Relaxed);
        self.beyond_is_open.fetch_or(!is_known, Ordering::Relaxed);
    }

    /// What was read, for other worlds.
    pub fn known(self) -> KnownRuns {
        let beyond = self.wants_beyond();
        KnownRuns { runs: self.runs.into_inner().unwrap_or_else(PoisonError::into_inner), beyond }
    }
}

/// Registers have other places in other worlds. Any two runs may be compared: what differs is run.
fn key(program: &Program, spec: &RunSpec, scenarios: &[String]) -> String {
    let places = spec.overlays.iter().filter(|overlay| !matches!(overlay.target, Target::Register(_)));
    let overlays: Vec<_> = places.collect();
    format!("{:?} {} {scenarios:?} {overlays:?} {}", spec.mode, program.months, spec.overlays.len())
}

impl LazyRun {
    /// A run that is read as its twin was, if it is of as many probes.
    fn new(key: String, probes: &[Probe], twin: Option<&Self>) -> Self {
        let twin = twin.filter(|twin| twin.probes.len() == probes.len());
        Self {
            key,
            probes: probes.to_vec(),
            wanted: twin.map(|twin| twin.seen.keys().copied().collect()).unwrap_or_default(),
            seen: BTreeMap::new(),
            beside: Observations::default(),
            reads: ReadNotes::noted(probes.len()),
            known: None,
            work: 0,
        }
    }

    /// Runs what is wanted and has not been run, or takes it from the twin where it is the same.
    fn complete(
        &mut self,
        program: &Program,
        spec: &RunSpec,
        twin: Option<&Self>,
        keep: bool,
        watch: Watch<'_>,
    ) -> Result<(), RunError> {
        let open: Vec<usize> =
            self.wanted.iter().copied().filter(|place| !self.seen.contains_key(place)).collect();
        if open.is_empty() {
            return Ok(());
        }
        let part = RunSpec { probes: open.iter().map(|place| self.probes[*place]).collect(), ..spec.clone() };
        let mut seen = match twin.and_then(|twin| twin.known.as_ref()) {
            Some(known) => known.run(program, &part, watch)?,
            None => keiretsu_engine::run_watched_part(program, &part, watch)?,
        };
        self.seen.extend(open.into_iter().zip(std::mem::take(&mut seen.series)));
        merge(&mut self.beside.left_out, &seen.left_out);
        merge(&mut self.beside.unread, &seen.unread);
        if keep {
            let probes = self.seen.keys().map(|place| self.probes[*place]).collect();
            let series = self.seen.values().cloned().collect();
            let (seen, spec) =
                (Observations { series, ..Observations::default() }, RunSpec { probes, ..spec.clone() });
            self.work = keiretsu_engine::work_of_part(program, &spec);
            self.known = Some(Known::new(program, &spec, seen));
        }
        Ok(())
    }

    fn observations(&self, program: &Program) -> Observations {
        let unknown = |probe: &Probe| {
            let mean = vec![f64::NAN; probe.span.pieces(program).len()];
            Series { mean, ..Series::default() }
        };
        let series = |(place, probe)| self.seen.get(&place).cloned().unwrap_or_else(|| unknown(probe));
        let series = self.probes.iter().enumerate().map(series).collect();
        Observations { series, reads: self.reads.clone(), ..self.beside.clone() }
    }

    /// Wants what has been read since the last time; says whether some of it has not been run.
    fn want(&mut self) -> bool {
        let reads = std::mem::replace(&mut self.reads, ReadNotes::noted(self.probes.len()));
        let open: Vec<usize> = reads.places().filter(|place| !self.seen.contains_key(place)).collect();
        self.wanted.extend(&open);
        !open.is_empty()
    }
}

/// Adds what is not there yet.
fn merge<T: Copy + Ord>(list: &mut Vec<T>, more: &[T]) {
    list.extend(more);
    list.sort();
    list.dedup();
}
