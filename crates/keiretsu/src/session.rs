//! An open model, and all questions to it.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use keiretsu_contracts::Lowered;
use keiretsu_measures::{Subject, WatchedQuantity};
use keiretsu_model::formula::Formula;
use keiretsu_model::{Diagnostic, Files, MemoryFiles, Model, Severity, Watched, fingerprint, has_errors};
use keiretsu_program::{Observations, Program, Reg, RunSpec};

use crate::asks::{self, Ask};
use crate::cache::Cache;
use crate::partial::PathsOf;
use crate::question::StatementChange;
use crate::reading::{self, Dates, Reading};
use crate::request::Request;
use crate::resolved::{self, Faults};
use crate::runner::Runner;
use crate::{Answer, AskError, Control, OpenError, Question, changed, correlations, watching};

/// A model that is open: owned, cheap to clone, and shared between threads.
///
/// It holds the readable part of the text, with the diagnostics; questions to a model with errors answer with
/// those. Runs made for one question are kept for the next, from any caller.
///
/// ```
/// use keiretsu::{Control, Question, Session};
/// let session = Session::of_text(
///     r#"
/// keiretsu = 1
/// title = "A lab buys compute"
/// as_of = 2025-12-31
/// horizon = "3 years"
/// [parties]
/// lab = { cash = "$500M", because = "an example" }
/// cloud = {}
/// [contracts.compute]
/// type = "supply"
/// buyer = "lab"
/// seller = "cloud"
/// from = "2026-01"
/// minimum = "$360M over 3 years"
/// because = "an example"
/// "#,
/// );
/// assert!(session.diagnostics().is_empty());
/// let question = Question { by: Some("total".into()), ..Question::of("cash", ["lab"]) };
/// let answer = session.ask(&question, &Control::default()).unwrap();
/// let lowest = |answer: &keiretsu::Answer| {
///     let keys = [("party", "lab"), ("reading", "firm")];
///     answer.number(("cash", "short"), &keys, "lowest_cash").and_then(|lowest| lowest.amount())
/// };
/// assert_eq!(lowest(&answer), Some(140e6));
/// // A figure in other words: 600 - 360 = 240.
/// let changed = session.ask(&question.with("lab.cash", "$600M"), &Control::default()).unwrap();
/// assert_eq!(lowest(&changed), Some(240e6));
/// ```
#[derive(Clone, Debug)]
pub struct Session {
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    model: Model,
    diagnostics: Vec<Diagnostic>,
    dates: Dates,
    revision: u128,
    ready: OnceLock<Result<Arc<Ready>, AskError>>,
    watching: Mutex<Recent<Vec<String>, Arc<Ready>>>,
    derived: Mutex<Recent<(Vec<StatementChange>, Dates), Session>>,
    cache: Arc<Cache>,
}

/// A model that is lowered, with registers for formulas that are not in its text.
#[derive(Debug)]
pub(crate) struct Ready {
    pub lowered: Lowered,
    /// The note on repaired correlations, printed with simulated tables.
    pub repaired: Option<String>,
    pub watched: Vec<WatchedQuantity>,
    /// The fingerprint of its program.
    pub program: u128,
}

/// The few values that were used last.
#[derive(Debug)]
struct Recent<K, V>(Vec<(K, V)>);

impl<K: PartialEq, V: Clone> Recent<K, V> {
    const KEPT: usize = 8;

    fn get(&mut self, key: &K) -> Option<V> {
        let at = self.0.iter().position(|(known, _)| known == key)?;
        let entry = self.0.remove(at);
        let value = entry.1.clone();
        self.0.push(entry);
        Some(value)
    }

    fn put(&mut self, key: K, value: V) {
        if Self::KEPT <= self.0.len() {
            self.0.remove(0);
        }
        self.0.push((key, value));
    }
}

impl Session {
    /// Opens a folder with a `keiretsu.toml`, or such a file.
    ///
    /// # Errors
    /// If there is none, or it cannot be read. Errors in its text are diagnostics of the session.
    pub fn open(path: &Path, dates: Dates) -> Result<Self, OpenError> {
        Ok(Self::new(reading::path(path, dates)?, dates, Arc::default()))
    }

    /// Opens a model from any files, of which `root` is the first.
    pub fn of(files: &dyn Files, root: &str, dates: Dates) -> Self {
        Self::new(reading::files(files, root, dates), dates, Arc::default())
    }

    /// Opens a model of one file.
    pub fn of_text(text: &str) -> Self {
        Self::of(&MemoryFiles::root(text), "keiretsu.toml", Dates::default())
    }

    pub(crate) fn new(reading: Reading, dates: Dates, cache: Arc<Cache>) -> Self {
        let Reading { model, diagnostics } = reading;
        let revision = fingerprint(&model.document);
        let (watching, derived) = (Mutex::new(Recent(vec![])), Mutex::new(Recent(vec![])));
        let ready = OnceLock::new();
        let state = State { model, diagnostics, dates, revision, ready, watching, derived, cache };
        Self { state: Arc::new(state) }
    }

    /// The text, as far as it could be read.
    pub fn model(&self) -> &Model {
        &self.state.model
    }

    /// Errors and warnings of the text and of its contracts, in the order of the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.state.diagnostics
    }

    /// Whether the model cannot be run.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.state.diagnostics)
    }

    /// How many errors and how many warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let is_error = |finding: &&Diagnostic| finding.severity() == Severity::Error;
        let errors = self.state.diagnostics.iter().filter(is_error).count();
        (errors, self.state.diagnostics.len() - errors)
    }

    /// The as-of date and the known-on date.
    pub fn dates(&self) -> Dates {
        self.state.dates
    }

    /// The fingerprint of its text.
    pub fn revision(&self) -> u128 {
        self.state.revision
    }

    /// How many runs of a program were made for this session and those that come from it.
    pub fn runs(&self) -> u64 {
        self.state.cache.made()
    }

    /// The program of the model, and its side table.
    ///
    /// # Errors
    /// [`AskError::Diagnostics`], or [`AskError::Internal`].
    pub fn lowered(&self) -> Result<(&Program, Subject<'_>), AskError> {
        let ready = self.ready()?;
        let subject =
            Subject { model: self.model(), program: &ready.lowered.program, side: &ready.lowered.side };
        Ok((&ready.lowered.program, subject))
    }

    /// The same model with statements in other words.
    ///
    /// # Errors
    /// [`AskError::InvalidRequest`] where the text has no such statement. Words that make no sense are
    /// diagnostics of the session.
    pub fn with(&self, changes: &[StatementChange]) -> Result<Self, AskError> {
        self.derived(changes, self.dates())
    }

    /// The files that statements in other words alter, each with its text so altered: what the changes do not
    /// name stays as it is, to the last space and comment.
    ///
    /// # Errors
    /// [`AskError::InvalidRequest`] where the text has no such statement.
    pub fn rewritten(&self, changes: &[StatementChange]) -> Result<Vec<(String, String)>, AskError> {
        let mut faults = Faults::default();
        let files = changed::files(self.model(), changes, &mut faults);
        faults.settle()?;
        let before = &self.model().document.files;
        let is_new = |(path, text): &(String, String)| {
            before.iter().any(|file| file.path == *path && file.text != *text)
        };
        let texts = files.0.into_iter();
        let texts = texts.map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()));
        Ok(texts.filter(is_new).collect())
    }

    /// The same model looked at from other dates.
    #[must_use]
    pub fn at(&self, dates: Dates) -> Self {
        let reading = reading::document(&self.model().document, dates);
        Self::new(reading, dates, self.state.cache.clone())
    }

    fn derived(&self, changes: &[StatementChange], dates: Dates) -> Result<Self, AskError> {
        if changes.is_empty() && dates == self.dates() {
            return Ok(self.clone());
        }
        let recent = || self.state.derived.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (changes.to_vec(), dates);
        if let Some(session) = recent().get(&key) {
            return Ok(session);
        }
        let session = if changes.is_empty() {
            self.at(dates)
        } else {
            // What stands in the text hangs on the dates: of several claims and amendments one counts.
            let then = if dates == self.dates() { self.clone() } else { self.at(dates) };
            let mut faults = Faults::default();
            let files = changed::files(then.model(), changes, &mut faults);
            faults.settle()?;
            let reading = reading::files(&files, changed::root(&self.model().document), dates);
            Self::new(reading, dates, self.state.cache.clone())
        };
        recent().put(key, session.clone());
        Ok(session)
    }

    /// Answers a question.
    ///
    /// # Errors
    /// [`AskError`]: everything wrong with the question at once.
    pub fn ask(&self, question: &Question, control: &Control<'_>) -> Result<Answer, AskError> {
        self.about(question)?.answer(question, control, PathsOf::Whole)
    }

    /// The session that a question is about: with its changes and dates. Changes that make no sense are among
    /// its diagnostics.
    ///
    /// # Errors
    /// [`AskError::InvalidRequest`] where the text has no such statement, or a date is none.
    pub fn about(&self, question: &Question) -> Result<Self, AskError> {
        let mut faults = Faults::default();
        let dates = resolved::dates(question, self.dates(), &mut faults);
        faults.settle()?;
        self.derived(&question.changes, dates)
    }

    pub(crate) fn answer(
        &self,
        question: &Question,
        control: &Control<'_>,
        paths: PathsOf<'_>,
    ) -> Result<Answer, AskError> {
        if self.has_errors() {
            return Err(AskError::Diagnostics);
        }
        let mut faults = Faults::default();
        let ask = faults.take(asks::find(&question.ask));
        let mut query = resolved::query(self.model(), question, &mut faults);
        let words = if ask.is_none_or(Ask::watches) { &question.of[..] } else { &[] };
        let formulas = watching::formulas(self.model(), words, &mut faults);
        asks::check(self.model(), question, ask, &mut faults);
        faults.settle()?;
        let Some(ask) = ask else { return Err(AskError::Internal("a question without a name".to_owned())) };
        let ready = self.watching(words, &formulas)?;
        query.watched.clone_from(&ready.watched);
        let request = Request::new(question, query);
        let watch = |done, of| (control.progress)(crate::Progress { done, of }).is_continue();
        let runner = Runner { paths, ..self.runner(&ready, &watch, control) };
        let (mut parts, mut remarks) = ask.answer(&runner, &request)?;
        remarks.extend(changed::overruled(self.model(), &question.changes));
        for table in parts.iter_mut().flat_map(|part| &mut part.tables) {
            question
                .changes
                .iter()
                .for_each(|StatementChange { place, words }| table.note(format!("with {place} = {words}")));
        }
        Ok(Answer { revision: self.revision(), parts, remarks })
    }

    /// The runner of a question.
    pub(crate) fn runner<'a>(
        &'a self,
        ready: &'a Ready,
        watch: keiretsu_engine::Watch<'a>,
        control: &Control<'_>,
    ) -> Runner<'a> {
        Runner {
            model: self.model(),
            lowered: &ready.lowered,
            repaired: ready.repaired.as_deref(),
            watch,
            threads: control.threads,
            paths: PathsOf::Whole,
            kept: Some((&self.state.cache, ready.program)),
            whole: true,
            lazy: None,
        }
    }

    /// The model, lowered once.
    pub(crate) fn ready(&self) -> Result<&Arc<Ready>, AskError> {
        let ready = self.state.ready.get_or_init(|| {
            if self.has_errors() {
                return Err(AskError::Diagnostics);
            }
            let (lowered, _, repaired) = lowered(self.model(), &[])?;
            Ok(Arc::new(Ready::new(lowered, repaired, vec![])))
        });
        ready.as_ref().map_err(AskError::clone)
    }

    /// The model with registers of formulas and conditions in its words, in their order.
    fn watching(&self, words: &[String], formulas: &[Watched]) -> Result<Arc<Ready>, AskError> {
        if words.is_empty() {
            return self.ready().cloned();
        }
        let recent = || self.state.watching.lock().unwrap_or_else(PoisonError::into_inner);
        let key = words.to_vec();
        if let Some(ready) = recent().get(&key) {
            return Ok(ready);
        }
        let nodes: Vec<&Formula> = formulas.iter().map(|one| &one.formula).collect();
        let (lowered, registers, repaired) = lowered(self.model(), &nodes)?;
        let watches = formulas.iter().zip(registers);
        let watches = watches.map(|(one, register)| watching::watch(self.model(), one, register)).collect();
        let ready = Arc::new(Ready::new(lowered, repaired, watches));
        recent().put(key, ready.clone());
        Ok(ready)
    }

    /// Runs the model's program under a specification, in scenarios, later ones on top.
    ///
    /// # Errors
    /// [`AskError`] where a scenario is unknown or the run is refused.
    pub fn run(
        &self,
        spec: RunSpec,
        scenarios: &[String],
        control: &Control<'_>,
    ) -> Result<Arc<Observations>, AskError> {
        let watch = |done, of| (control.progress)(crate::Progress { done, of }).is_continue();
        let request = Request { scenarios: scenarios.to_vec(), ..Request::default() };
        self.runner(self.ready()?, &watch, control).once(spec, &request, &[])
    }
}

impl Ready {
    fn new(lowered: Lowered, repaired: Option<String>, watched: Vec<WatchedQuantity>) -> Self {
        let program = keiretsu_program::fingerprint(&lowered.program);
        Self { lowered, repaired, watched, program }
    }
}

/// The program of a model, a register for each formula outside its text, and the note on repairs; the model
/// has no errors.
///
/// # Errors
/// [`AskError::Internal`], if lowering breaks a rule of programs.
pub(crate) fn lowered(
    model: &Model,
    formulas: &[&Formula],
) -> Result<(Lowered, Vec<Reg>, Option<String>), AskError> {
    let (mut lowered, watched) = keiretsu_contracts::lower_watching(model, formulas);
    let repaired = correlations::repair(model, &mut lowered.program);
    match keiretsu_program::verify(&lowered.program) {
        Ok(()) => Ok((lowered, watched, repaired)),
        Err(faults) => {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            Err(AskError::Internal(first))
        }
    }
}
