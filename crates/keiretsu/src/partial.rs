//! Some of the paths of a question, on any machine, to the answer of all of them.
//!
//! ```
//! use keiretsu::{Control, Partial, PathsRequest, Question, Session};
//! let session = Session::of_text(
//!     r#"
//! keiretsu = 1
//! as_of = 2025-12-31
//! horizon = "2 years"
//! [parties]
//! lab = { cash = "$50M", revenue = "demand", because = "an example" }
//! [factors.demand]
//! start = "$10M/yr"
//! volatility = "20%"
//! because = "an example"
//! "#,
//! );
//! let paths = Some(PathsRequest { seed: 1, count: 1_000 });
//! let question = Question { paths, ..Question::of("cash", ["lab"]) };
//! let control = Control::default();
//! // Each range may be run by another process; what it saw travels as bytes.
//! let part = |range| session.partial(&question, range, &control).map(|part| part.to_bytes());
//! let [late, early] = [part(400..1_000)?, part(0..400)?];
//! let mut all = Partial::from_bytes(&late).unwrap();
//! all.merge(Partial::from_bytes(&early).unwrap()).unwrap();
//! assert_eq!(session.merged(&question, &all, &control)?, session.ask(&question, &control)?);
//! # Ok::<(), keiretsu::AskError>(())
//! ```
//!
//! Invariants: ranges that tile the paths give the bits of one run, in any order of merging; merged results
//! are of one version, program and question. Absent: a measure with simulations that depend on earlier ones;
//! there is none.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::PoisonError;

use keiretsu_engine::{MergeError, Partial as PartialRun, run_partial};
use keiretsu_program::{Observations, RunSpec, from_bytes, to_bytes};

use crate::runner::Runner;
use crate::{Answer, AskError, Control, Question, Session};

/// The partial results of a range of paths: of each simulation that the question makes.
#[derive(Clone, Debug, Default)]
pub struct Partial {
    runs: Vec<PartialRun>,
}

/// The letters and the version that the bytes begin with.
const HEAD: &[u8; 8] = b"keirprt1";

impl Partial {
    /// Adds the partial results of other paths.
    ///
    /// # Errors
    /// [`MergeError`], by name: another version, program or question, or paths that are in both.
    pub fn merge(&mut self, other: Self) -> Result<(), MergeError> {
        if self.runs.is_empty() {
            *self = other;
            return Ok(());
        }
        let mut runs = self.runs.clone();
        for run in other.runs {
            let same = |mine: &&mut PartialRun| mine.program() == run.program() && mine.spec() == run.spec();
            match runs.iter_mut().find(same) {
                Some(mine) => mine.merge(run)?,
                // The reason why it does not fit: its version, its program, or its run.
                None => runs.first().map_or(Err(MergeError::Spec), |mine| mine.clone().merge(run))?,
            }
        }
        self.runs = runs;
        Ok(())
    }

    /// As bytes, with their version.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = HEAD.to_vec();
        for run in &self.runs {
            let run = to_bytes(run);
            bytes.extend((run.len() as u64).to_le_bytes());
            bytes.extend(run);
        }
        bytes
    }

    /// From bytes.
    ///
    /// # Errors
    /// The error in the bytes: another version, or not whole.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let wrong = || "this is no partial result of this version".to_owned();
        let mut rest = bytes.strip_prefix(HEAD).ok_or_else(wrong)?;
        let mut runs = Vec::new();
        while let Some((length, more)) = rest.split_first_chunk::<8>() {
            let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| wrong())?;
            let (run, more) = more.split_at_checked(length).ok_or("the partial result is cut off")?;
            runs.push(from_bytes(run).map_err(|error| error.to_string())?);
            rest = more;
        }
        if rest.is_empty() { Ok(Self { runs }) } else { Err("the partial result is cut off".to_owned()) }
    }
}

/// Which paths of simulations are run for a question.
#[derive(Clone, Copy)]
pub(crate) enum PathsOf<'a> {
    /// All.
    Whole,
    /// This range only; its partial results are collected.
    Range(&'a Range<u64>, &'a Mutex<Vec<PartialRun>>),
    /// None: they were run before.
    Merged(&'a Partial),
}

impl PathsOf<'_> {
    /// The merged results of a simulation; none where all its paths are to be run.
    pub fn seen(self, runner: &Runner<'_>, spec: &RunSpec) -> Option<Result<Observations, AskError>> {
        match self {
            Self::Whole => None,
            Self::Range(range, collected) => Some(of_range(runner, spec, range, collected)),
            Self::Merged(partial) => Some(of_merged(runner, spec, partial)),
        }
    }
}

fn of_range(
    runner: &Runner<'_>,
    spec: &RunSpec,
    range: &Range<u64>,
    collected: &Mutex<Vec<PartialRun>>,
) -> Result<Observations, AskError> {
    let program = &runner.lowered.program;
    let run = run_partial(program, spec, range.clone(), runner.threads.get(), runner.watch);
    let run = run.map_err(|error| runner.refused(&error))?;
    let seen = run.so_far();
    let mut collected = collected.lock().unwrap_or_else(PoisonError::into_inner);
    let known = |had: &PartialRun| had.program() == run.program() && had.spec() == run.spec();
    if !collected.iter().any(known) {
        collected.push(run);
    }
    Ok(seen)
}

fn of_merged(runner: &Runner<'_>, spec: &RunSpec, partial: &Partial) -> Result<Observations, AskError> {
    let program = keiretsu_program::fingerprint(&runner.lowered.program);
    let spec = keiretsu_program::fingerprint(spec);
    let run = partial.runs.iter().find(|run| run.program() == program && run.spec() == spec);
    let run = run.ok_or_else(|| {
        let hint = "merge partial results that were made for this question, model and version";
        AskError::invalid("the partial results are of another question or model", hint)
    })?;
    run.finish()
        .map_err(|missing| AskError::invalid(missing.to_string(), "merge the partial result of these"))
}

impl Session {
    /// What a range of the question's paths sees. Nothing where no measure of the question runs paths; else
    /// about eight bytes for each number of each path up to 100,000 paths, and sketches beyond.
    ///
    /// # Errors
    /// [`AskError`], as of [`Session::ask`]; [`AskError::InvalidRequest`] where the question asks for no
    /// paths.
    pub fn partial(
        &self,
        question: &Question,
        range: Range<u64>,
        control: &Control<'_>,
    ) -> Result<Partial, AskError> {
        if question.paths.is_none() {
            return Err(AskError::invalid("the question asks for no paths", "give it `paths`"));
        }
        if range.is_empty() {
            return Ok(Partial::default());
        }
        let collected = Mutex::default();
        self.about(question)?.answer(question, control, PathsOf::Range(&range, &collected))?;
        Ok(Partial { runs: collected.into_inner().unwrap_or_else(PoisonError::into_inner) })
    }

    /// Answers a question from paths that were run before.
    ///
    /// # Errors
    /// [`AskError`], as of [`Session::ask`]; [`AskError::InvalidRequest`] where paths are missing, or are of
    /// another question or model.
    pub fn merged(
        &self,
        question: &Question,
        partial: &Partial,
        control: &Control<'_>,
    ) -> Result<Answer, AskError> {
        self.about(question)?.answer(question, control, PathsOf::Merged(partial))
    }
}
