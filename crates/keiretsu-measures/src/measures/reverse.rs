//! The mildest shocks that make a stated event happen: which factors move how far, from when, how likely.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "How little is needed"
//! as_of    = 2025-12-31
//! horizon  = "12 months"
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = "$24M"
//! revenue = "lab_revenue"
//! costs   = "$60M/yr"
//! funding = { keep = "1 month of burn", raise = "6 months of burn", else = "default" }
//! because = "an example"
//!
//! [factors.lab_revenue]
//! start      = "$60M/yr"
//! volatility = "50%"
//! because    = "an example"
//! ```
//!
//! By hand: the lab earns 60 a year and spends 60. It fails when its 24 are gone by the end of the year, so
//! when it earns less than 36: 60% of the central path in all twelve months. The logarithm of that is -0.511.
//! The mean over twelve months of a walk with 50% a year has the variance 0.25/12 x 13 x 25/72 = 0.0940, and
//! its middle lies at -0.25/2 x 6.5/12 = -0.0677, so the distance is (0.511 - 0.068)/0.307 = 1.45. A later
//! beginning leaves fewer months to lose 24 in, and needs a deeper fall.
//!
//! ```console
//! $ keiretsu reverse model --event 'defaulted(lab)'
//! What makes `defaulted(lab)` happen by 2026-12, the likeliest first
//! as of 2025-12-31
//!
//! The likeliest way is reverse-1, in 2026-12: shocks 1.45 standard deviations out, plausibility 14.8%.
//! In it lab_revenue moves most: from $60M/yr to $36M/yr (59.99% of its central path).
//!
//! scenario   happens in  distance  plausibility  chance of events
//! ───────────────────────────────────────────────────────────────
//! reverse-1  2026-12         1.45         14.8%
//!
//! Distance: how many standard deviations the factors' shocks lie from the middle of their law.
//!   Plausibility: the chance of shocks at least so far out.
//! In the expected reading, everything else on its central path; a chance from one half on counts.
//!
//! What moves, and from when until when
//! as of 2025-12-31
//!
//! scenario   what         becomes                        base  stressed  deviations  from     until
//! ───────────────────────────────────────────────────────────────────────────────────────────────────
//! reverse-1  lab_revenue  59.99% of its central path  $60M/yr   $36M/yr       -1.45  2026-01  2026-12
//!
//! As scenarios of the model:
//!
//! [scenarios.reverse-1]
//! text    = "makes defaulted(lab) happen by 2026-12"
//! scale   = { lab_revenue = "59.99%" }
//! from    = "2026-01"
//! until   = "2026-12"
//! because = "found by reverse stress"
//! ```
//!
//! A shock multiplies factors by something over a stretch of months, and may force events (a market that
//! shuts). Whether the event then happens is decided in the expected reading, with everything else on its
//! central path; a chance of at least one half counts as happening. How far-fetched a shock is:
//!
//! - `distance`: the Mahalanobis distance of the factors' shocks from the middle of their law,
//!   `sqrt((x - mu)' S⁻¹ (x - mu))`, where x is the mean over the stretch of the logarithm of each factor
//!   over its central path, and mu and S follow from the factors' own processes and correlations;
//! - `plausibility`: the chance that shocks of these factors lie at least as far out (chi-squared with as
//!   many degrees of freedom as factors);
//! - `chance`: of the forced events, that they are so in the first month and stay so to the last.
//!
//! Answers stand in the order of `exp(-distance²/2) x chance`, the likelihood beside that of the middle, and
//! an answer that only adds to a likelier one is left out. For a linear loss the distance is that of the
//! closed form `l²/(a' S a)`. The search is that of `keiretsu_methods::design_point` (Hasofer and Lind 1974;
//! Breuer, Jandacka, Rheinberger and Summer 2009) from each factor alone and from all together. Each answer
//! comes with a scenario that repeats it.
//!
//! Absent: shocks that change shape within their stretch, more than one forced event in an answer, uncertain
//! figures other than factors (they stay as expected), a proof that nothing milder exists.

mod findings;
pub(in crate::measures) mod law;
mod oracle;
mod search;
mod words;
mod world;

use keiretsu_maths::exp::exp;
use keiretsu_methods::design_point::{self, Search};
use keiretsu_program::{FactorId, Month, Probe};
use keiretsu_values::{Cell, ColumnSpec, Entity, Finding, Table, TableSpec, Unit};

use self::search::{Answer, Hunt};
use self::world::{Shock, WHOLE, World};
use crate::{Measure, Query, Runs, RunsError, Seen, Subject, WatchedQuantity};

#[expect(missing_docs, reason = "the page of the measure is its module")]
#[derive(Clone, Copy, Debug)]
pub struct Reverse;

impl Reverse {
    /// The greatest distance that is looked at where the query names none: 1 in 1.7 million by one factor
    /// alone.
    pub const WITHIN: f64 = 5.0;
}

/// The measure's name; its tables are the answers, their parts, and the scenarios.
pub const NAME: &str = "reverse";
const LIKELIEST: TableSpec = TableSpec::new(
    NAME,
    "likeliest",
    "What makes a condition happen, the likeliest first",
    &[&[
        ColumnSpec::id("scenario", Entity::Scenario, "the scenario that makes the condition happen"),
        ColumnSpec::date("happens_in", "the first month in which the condition holds").titled("happens in"),
        ColumnSpec::number("distance", PLAIN, "standard deviations from the middle of the factors' law")
            .by("square root of the sum of squared deviations, correlations counted"),
        ColumnSpec::share("plausibility", "the chance of shocks at least so far out"),
        ColumnSpec::share("chance_of_events", "the chance of the forced events in the base")
            .titled("chance of events"),
    ]],
)
.filled_by("factors with a `volatility`");

const MOVES: TableSpec = TableSpec::new(
    NAME,
    "moves",
    "What moves, and from when until when",
    &[&[
        ColumnSpec::id("scenario", Entity::Scenario, "the scenario that makes the condition happen"),
        ColumnSpec::text("what", "the factor or event that moves"),
        ColumnSpec::text("becomes", "its state in the scenario"),
        ColumnSpec::unit(),
        ColumnSpec::measured("base", "its level on the central path in the first month"),
        ColumnSpec::measured("stressed", "its level in the scenario"),
        ColumnSpec::number("deviations", PLAIN, "its shock in standard deviations"),
        ColumnSpec::date("from", "the first month of the shock"),
        ColumnSpec::date("until", "the last month of the shock"),
    ]],
)
.filled_by("factors with a `volatility`");

const SCENARIOS: TableSpec = TableSpec::new(
    NAME,
    "scenarios",
    "The scenarios as text for the model",
    &[&[
        ColumnSpec::id("scenario", Entity::Scenario, "the scenario that makes the condition happen"),
        ColumnSpec::text("toml", "its text, to be put into the model"),
    ]],
)
.filled_by("scenarios, as `[scenarios.NAME]`");

const PLAIN: Unit = Unit::Number { digits: 2 };

/// How many answers are shown.
const ANSWERS: usize = 5;

impl Measure for Reverse {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "the mildest shocks that make an event (`--of`) happen, each as a scenario"
    }

    fn is_of_watched(&self) -> bool {
        true
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&LIKELIEST, &MOVES, &SCENARIOS]
    }

    fn needs(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, _: &Subject<'_>, _: &Query, _: &Seen<'_>) -> Vec<Table> {
        vec![]
    }

    fn adapts(
        &self,
        subject: &Subject<'_>,
        query: &Query,
        _: &Seen<'_>,
        runs: &dyn Runs,
    ) -> Result<Vec<Table>, RunsError> {
        let mut tables = Vec::new();
        for event in &query.watched {
            tables.extend(of(subject, query, event, runs)?);
        }
        Ok(tables)
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

fn of(
    subject: &Subject<'_>,
    query: &Query,
    event: &WatchedQuantity,
    runs: &dyn Runs,
) -> Result<Vec<Table>, RunsError> {
    let within = query.within.unwrap_or(Reverse::WITHIN);
    let by = last_month(subject, query)?;
    let world = World::new(subject.program, runs, event);
    open_question(subject, &world, event, by)?;
    let factors = (0..subject.program.factors.len()).map(|at| FactorId(at as u32));
    let factors: Vec<FactorId> = factors.filter(|id| law::moves(subject.program, *id)).collect();
    if factors.is_empty() && subject.program.events.is_empty() {
        let hint = "give a factor a `volatility`, or add `[events]` with chances";
        return Err(refused("nothing in this model is uncertain, so nothing can be stressed", hint));
    }
    let search = Search { reach: within, tolerance: 5e-4, turn: 0.15, rounds: 4 };
    let hunt = Hunt::new(&world, factors, by, search);
    let mut answers = Vec::new();
    for answer in hunt.answers()?.into_iter().take(ANSWERS) {
        answers.extend(replayable(&hunt, &answer)?);
    }
    let mut tables = shown(subject, event, by, &world, &answers)?;
    runs.tell(WHOLE, WHOLE)?;
    if answers.is_empty() {
        tables[0].note(format!(
            "No shock within a distance of {} makes it happen by {}: no factor alone, not all that were \
             tried together, and no single forced event. Further out nothing was looked at.",
            within,
            subject.program.month(by)
        ));
    }
    Ok(tables)
}

fn refused(what: impl Into<String>, hint: impl Into<String>) -> RunsError {
    RunsError::Refused(what.into(), hint.into())
}

/// The last month by which the event shall happen: that of `at`, else the last of the run.
fn last_month(subject: &Subject<'_>, query: &Query) -> Result<u32, RunsError> {
    let program = subject.program;
    let Some(at) = query.at else { return Ok(program.months) };
    let month = Month::new(i32::from(at.year()), i32::from(at.month()));
    let first = program.month(1);
    let last = program.month(program.months);
    if month < first {
        let what = format!("{month} is not after {}, from which the model looks", subject.model.as_of);
        return Err(refused(what, format!("name a month from {first} to {last}")));
    }
    Ok(program.index(month).unwrap_or(program.months))
}

/// An error for a question that is already answered by the model.
fn open_question(
    subject: &Subject<'_>,
    world: &World<'_>,
    event: &WatchedQuantity,
    by: u32,
) -> Result<(), RunsError> {
    if event.dimension.is_some() {
        let hint = format!("compare it with something: `{} < $0`", event.words);
        return Err(refused(format!("`{}` is an amount, not an event", event.words), hint));
    }
    if !world.is_known()? {
        let hint = "it reads something undisclosed; `keiretsu show MODEL assumptions` shows what is expected";
        return Err(refused(format!("whether `{}` holds is unknown in every month", event.words), hint));
    }
    match world.month(&[])? {
        Some(month) if month <= by => {
            let when = subject.program.month(month);
            let what = format!("`{}` holds in {when} without any shock", event.words);
            let hint = if month == 1 {
                "it is so from the start; ask for something that is not yet so".to_owned()
            } else {
                format!("ask whether it can be so earlier: --by {}", subject.program.month(month - 1))
            };
            Err(refused(what, hint))
        }
        _ => Ok(()),
    }
}

/// The answer as its scenario prints it, rounded; a little further out where needed.
fn replayable(hunt: &Hunt<'_>, answer: &Answer) -> Result<Option<Answer>, RunsError> {
    for further in [1.0, 1.001, 1.003, 1.01, 1.03] {
        let round = |(_, x): &(FactorId, f64)| words::read(&words::printed(x * further));
        let shocks: Vec<f64> = answer.shock.factors.iter().map(round).collect();
        if let Some(rounded) = hunt.again(answer, &shocks)
            && hunt.world.all(1, 950..WHOLE - 1, |_, _| hunt.world.happens(&rounded.shock))? == [true]
        {
            return Ok(Some(rounded));
        }
    }
    Ok(None)
}

fn shown(
    subject: &Subject<'_>,
    event: &WatchedQuantity,
    by: u32,
    world: &World<'_>,
    answers: &[Answer],
) -> Result<Vec<Table>, RunsError> {
    let until = subject.program.month(by);
    let title = format!("What makes `{}` happen by {until}, the likeliest first", event.words);
    let mut table = subject.table(&LIKELIEST);
    table.title = title;
    let (mut parts, mut scenarios) = (subject.table(&MOVES), subject.table(&SCENARIOS));
    for (at, answer) in answers.iter().enumerate() {
        let name = format!("reverse-{}", at + 1);
        let month = world.month(&answer.shock.overlays())?.unwrap_or(by);
        table.push(vec![
            Cell::named(&name),
            Cell::text(subject.program.month(month).to_string()),
            Cell::exact(answer.distance),
            Cell::exact(design_point::plausibility(answer.distance, answer.shock.factors.len())),
            if answer.shock.events.is_empty() { Cell::Empty } else { Cell::exact(answer.chance) },
        ]);
        parts_of(subject, world, &mut parts, &name, answer)?;
        let text = format!("makes {} happen by {until}", event.words);
        let toml = words::scenario(subject, &name, &text, &answer.shock);
        scenarios.push(vec![Cell::named(&name), Cell::text(toml)]);
    }
    if answers.is_empty() {
        return Ok(vec![table]);
    }
    table.note(
        "Distance: how many standard deviations the factors' shocks lie from the middle of their law. \
         Plausibility: the chance of shocks at least so far out.",
    );
    table.note(
        "In the expected reading, everything else on its central path; a chance from one half on counts.",
    );
    Ok(vec![table, parts, scenarios])
}

fn parts_of(
    subject: &Subject<'_>,
    world: &World<'_>,
    parts: &mut Table,
    name: &str,
    answer: &Answer,
) -> Result<(), RunsError> {
    let Shock { from, until, factors, events } = &answer.shock;
    let (first, last) = (subject.program.month(*from).to_string(), subject.program.month(*until).to_string());
    for ((factor, x), deviation) in factors.iter().zip(&answer.deviations) {
        let level = world.levels(*factor)?.get(*from as usize - 1).copied().unwrap_or(f64::NAN);
        let dimension = subject.model.factors[factor.at()].dimension;
        let plain = Unit::Number { digits: if 1e3 <= level.abs() { 0 } else { 3 } };
        let unit = dimension.and_then(|dimension| subject.unit(dimension)).unwrap_or(plain);
        parts.push(vec![
            Cell::named(name),
            Cell::text(words::factor(subject, *factor)),
            Cell::text(format!("{} of its central path", words::printed(*x))),
            Cell::Unit(unit),
            Cell::exact(level),
            Cell::exact(level * exp(*x)),
            Cell::exact(*deviation),
            Cell::text(&first),
            Cell::text(&last),
        ]);
    }
    for (event, stands) in events {
        let becomes = if *stands { "holds" } else { "does not hold" };
        parts.push(vec![
            Cell::named(name),
            Cell::text(words::event(subject, *event)),
            Cell::text(becomes),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::text(&first),
            Cell::text(&last),
        ]);
    }
    Ok(())
}
