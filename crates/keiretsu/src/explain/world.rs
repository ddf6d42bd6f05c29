//! A number in other worlds: the model with some statements different, or without a contract.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU32, Ordering};

use keiretsu_measures::{Query, SoughtNumber};
use keiretsu_model::Model;
use keiretsu_model::edit::{Change, Place, beside_the_program, edited, statements};
use keiretsu_program::Reading;
use keiretsu_values::{Column, ColumnKind, Entity, Table, Value};

use super::names::{Number, keys_of, with_totals};
use crate::AskError;
use crate::lazy_runs::{KnownRuns, LazyRuns};
use crate::request::Request;
use crate::runner::Runner;
use crate::session::lowered;

/// Relative movement below which a number has not moved: rounding.
const STILL: f64 = 1e-9;

/// What is tried at once, in nanoseconds of the machine on which these were measured; what it takes there to
/// lower a statement, and to run a register or flow over a month.
const AT_ONCE_NS: u64 = 350_000_000;
const AT_ONCE_MIN: usize = 24;
const STATEMENT_NS: u64 = 8_000;
const STEP_NS: u64 = 60;
/// The part of the known runs that is made again where one statement is different: one in so many.
const AGAIN: u64 = 5;

/// Where a number is computed again.
pub struct World<'a> {
    runner: &'a Runner<'a>,
    request: &'a Request,
    /// The number as it is.
    pub number: &'a Number,
    /// The scenarios that are set against the base: the one that the number's row names, if it names one.
    against: Vec<String>,
    /// The question that makes the number, and as little else as can be.
    query: Query,
    /// How many rows its table has, and which is the number's.
    place: (usize, usize),
    /// Statements without which the program is the same.
    beside: BTreeSet<Place>,
    /// Runs of the model as it is.
    known: KnownRuns,
    threads: usize,
    /// How many worlds have been tried, and about how many it takes.
    tried: AtomicU32,
    about: u32,
}

fn is_party((column, _): &(&Column, &String)) -> bool {
    column.kind == ColumnKind::Id(Entity::Party)
}

/// A number in another world; `None`: the world cannot be run, or has no such number.
pub type Outcome = Option<Value>;

impl<'a> World<'a> {
    pub fn new(runner: &'a Runner<'a>, request: &'a Request, number: &'a Number) -> Self {
        let threads = runner.threads.get();
        let scenarios = runner.model.scenarios.iter().map(|scenario| &scenario.name);
        let named: Vec<String> = scenarios.filter(|name| number.keys.contains(name)).cloned().collect();
        let against = if named.is_empty() { request.against.clone() } else { named };
        let (query, place) = (number.query.clone(), (number.table.rows.len(), number.row));
        let beside = beside_the_program(runner.model);
        let (tried, about) = (AtomicU32::new(0), statements(runner.model).len() as u32 / 4);
        let known = KnownRuns::default();
        let mut world =
            Self { runner, request, number, against, query, place, beside, known, threads, tried, about };
        for query in world.smaller() {
            let runs = LazyRuns::default();
            let tables = world.tables(&Runner { kept: None, ..*runner }, &query, &runs);
            let found = tables.ok().and_then(|tables| {
                let (table, row, column) = world.keyed(&tables)?;
                let same = table.rows[row].get(column)?.value() == Some(&number.value);
                same.then_some((table.rows.len(), row))
            });
            if let Some(place) = found {
                (world.query, world.place, world.known) = (query, place, runs.known());
                break;
            }
        }
        world
    }

    /// Smaller questions that may make the same number: only its table, its reading, its parties,
    /// the smallest first.
    fn smaller(&self) -> Vec<Query> {
        let (number, subject) = (self.number, self.runner.subject());
        let column = number.table.columns.iter().position(|column| column.key == "reading");
        let word = column.and_then(|at| number.keys.get(at));
        let reading =
            Reading::ALL.into_iter().find(|reading| word.is_some_and(|word| word == reading.name()));
        let names: Vec<&String> =
            number.table.columns.iter().zip(&number.keys).filter(is_party).map(|(_, key)| key).collect();
        let groups = subject.groups().into_iter();
        let parties: Vec<_> =
            groups.filter(|group| names.contains(&&subject.model.party(*group).name)).collect();
        let row: Vec<_> = number.table.columns.iter().zip(&number.keys).collect();
        let row = row.into_iter().map(|(column, key)| (column.key.clone(), key.clone())).collect();
        let table = number.table.name.to_owned();
        let wide = SoughtNumber { table: table.clone(), row: vec![], column: None };
        let column = Some(number.table.columns[number.column].key.clone());
        let sought = SoughtNumber { table, row, column };
        let had = (number.query.reading, number.query.parties.clone());
        let reading = reading.or(had.0);
        let all = [
            (reading, parties.clone(), sought),
            (reading, parties.clone(), wide.clone()),
            (had.0, parties, wide.clone()),
            (reading, had.1.clone(), wide.clone()),
            (had.0, had.1, wide),
        ];
        let with = |(reading, parties, sought)| Query {
            reading,
            parties,
            sought: Some(sought),
            ..number.query.clone()
        };
        let mut all: Vec<Query> = all.map(with).into();
        all.dedup();
        all
    }

    /// The model as it is.
    pub fn model(&self) -> &'a Model {
        self.runner.model
    }

    /// How many worlds can be tried in about half a second, by the work of each: the same on all machines.
    pub fn affordable(&self) -> usize {
        let lowering = statements(self.model()).len() as u64 * STATEMENT_NS;
        let each = lowering + self.known.work() * STEP_NS / AGAIN;
        ((AT_ONCE_NS / each.max(1)) as usize).max(AT_ONCE_MIN)
    }

    /// The number where these statements are different, for each list of changes.
    ///
    /// # Errors
    /// If the control interrupts the work.
    pub fn changed(&self, lists: &[Vec<(Place, Change)>]) -> Result<Vec<Outcome>, AskError> {
        self.each(lists.len(), &|at| {
            let same_program = lists[at].iter().all(|(place, _)| self.beside.contains(place));
            (edited(self.model(), &lists[at]), same_program)
        })
    }

    /// The number in each of `count` worlds.
    ///
    /// # Errors
    /// If the control interrupts the work.
    pub fn all(
        &self,
        count: usize,
        world: &(dyn Fn(usize) -> Model + Sync),
    ) -> Result<Vec<Outcome>, AskError> {
        self.each(count, &|at| (world(at), false))
    }

    /// The same, with a flag for each model: whether its program is unchanged.
    fn each(
        &self,
        count: usize,
        world: &(dyn Fn(usize) -> (Model, bool) + Sync),
    ) -> Result<Vec<Outcome>, AskError> {
        let share = count.div_ceil(self.threads).max(1);
        let mut outcomes: Vec<Result<Outcome, AskError>> = vec![];
        std::thread::scope(|scope| {
            let starts = (0..count).step_by(share);
            let work = |from: usize| {
                let places = from..(from + share).min(count);
                scope.spawn(move || places.map(|at| self.once(world(at))).collect::<Vec<_>>())
            };
            let threads: Vec<_> = starts.map(work).collect();
            for thread in threads {
                outcomes.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
        });
        outcomes.into_iter().collect()
    }

    fn once(&self, (model, same_program): (Model, bool)) -> Result<Outcome, AskError> {
        let made;
        let (lowered, repaired) = if same_program {
            (self.runner.lowered, self.runner.repaired)
        } else {
            let Ok(new) = lowered(&model, &[]) else { return Ok(None) };
            made = new;
            (&made.0, made.2.as_deref())
        };
        let (model, one) = (&model, NonZeroUsize::MIN);
        // A run of one world says how far all of them are.
        let tried = self.tried.fetch_add(1, Ordering::Relaxed);
        let watch = |_, _| (self.runner.watch)(tried, self.about.max(tried + 1));
        if !watch(0, 0) {
            return Err(AskError::Interrupted);
        }
        let runner =
            Runner { model, lowered, repaired, threads: one, kept: None, watch: &watch, ..*self.runner };
        match self.tables(&runner, &self.query, &LazyRuns::beside(&self.known)) {
            Ok(tables) => Ok(self.find(&tables)),
            Err(AskError::Interrupted) => Err(AskError::Interrupted),
            Err(_) => Ok(None),
        }
    }

    /// The tables of the number's measure, from runs of as much as they read.
    fn tables(
        &self,
        runner: &Runner<'_>,
        query: &Query,
        runs: &LazyRuns<'_>,
    ) -> Result<Vec<Table>, AskError> {
        let runner = Runner { whole: false, lazy: Some(runs), ..*runner };
        let request = Request { against: self.against.clone(), ..self.request.with(query.clone()) };
        loop {
            let lists = runner.measures(&[self.number.measure], &request);
            if runs.is_settled() || matches!(lists, Err(AskError::Interrupted)) {
                let tables = lists.map(|lists| lists.concat());
                return if self.number.is_total { tables.map(with_totals) } else { tables };
            }
        }
    }

    /// The same number in tables of another world: by its row's keys, else by its place.
    fn find(&self, tables: &[Table]) -> Outcome {
        let (rows, row) = self.place;
        let by_place = || {
            let (table, column) = self.table(tables)?;
            (table.rows.len() == rows).then_some((table, row, column))
        };
        let (table, row, column) = self.keyed(tables).or_else(by_place)?;
        table.rows.get(row)?.get(column)?.value().cloned()
    }

    /// The number's table and column among those of another world.
    fn table<'t>(&self, tables: &'t [Table]) -> Option<(&'t Table, usize)> {
        let own = &self.number.table;
        let key = &own.columns[self.number.column].key;
        let same = |table: &&Table| table.measure == own.measure && table.name == own.name;
        let table = tables.iter().find(same)?;
        Some((table, table.column(key)?))
    }

    /// Its table, its row by its keys, and its column.
    fn keyed<'t>(&self, tables: &'t [Table]) -> Option<(&'t Table, usize, usize)> {
        let (table, column) = self.table(tables)?;
        let mut rows = (0..table.rows.len()).filter(|row| keys_of(table, *row) == self.number.keys);
        Some((table, rows.nth(self.number.ordinal)?, column))
    }

    /// Whether a number is another one.
    pub fn moves(&self, outcome: &Outcome) -> bool {
        let (was, Some(is)) = (&self.number.value, outcome) else { return true };
        match (was.amount(), is.amount()) {
            (Some(a), Some(b)) => was.bound() != is.bound() || (a - b).abs() > STILL * a.abs().max(b.abs()),
            (None, None) => false,
            _ => true,
        }
    }

    /// The movement as a share of the number; none where one of the two is unknown or the number is zero.
    pub fn relative(&self, outcome: &Outcome) -> Option<f64> {
        let (was, is) = (self.number.value.amount()?, outcome.as_ref()?.amount()?);
        (was.abs() > 0.0).then(|| (is - was) / was.abs())
    }
}
