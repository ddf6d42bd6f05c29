//! Parties side by side: money at risk, money coming back, stakes, power, control, and on whom they rest.
//!
//! Each row asks one question of every party; its numbers come from the measures of the same name and carry
//! their bound marks. Rows stand in groups: money in, money back, power, control, dependence, value,
//! risk; a screen has the twelve that are read first, `--all` every one, and `--define` says what each means.
//! Money put in and contracted back is summed over the parties in which it has a stake.
//! `firm` is paid plus binding, `headline` adds what is conditional or announced, at the cap. Ratios name the
//! reading of the money put in. Without names on the command line the parties are those of `[compare]
//! strategies`, else all that hold a stake.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Two strategies"
//! as_of    = 2026-01-01
//!
//! [sources.article]
//! title = "An article"
//!
//! [parties]
//! buyer   = { name = "Buyer of stakes" }
//! builder = { name = "Builder" }
//! lab     = { name = "Lab" }
//!
//! [holdings.stake]
//! owner  = "buyer"
//! issuer = "lab"
//! stake  = "27%"
//! cost   = "$13.8B"
//! value  = "$135B to more than $200B"
//! source = "article"
//!
//! [contracts.cloud]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "buyer"
//! minimum = "$250B over 10 years"
//! source  = "article"
//!
//! [contracts.own]
//! type     = "capex"
//! spender  = "builder"
//! amount   = "about $75B"
//! standing = "announced"
//! source   = "article"
//!
//! [compare]
//! strategies = ["buyer", "builder"]
//! ```
//!
//! By hand: 250 / 13.8 = 18.1; 135 / 13.8 = 9.8 and 200 / 13.8 = 14.5 or more; 135 / 27% = 500, 200 / 27% =
//! 741.
//!
//! ```console
//! $ keiretsu compare model
//! Two strategies: strategies side by side
//! as of 2026-01-01
//!
//! Contracted back for each unit of firm money put in: Buyer of stakes 18.1x.
//! Firm money at risk without a right to see: Buyer of stakes $13.8B.
//!
//!                                                    Buyer of stakes  Builder
//! ───────────────────────────────────────────────────────────────────────────
//! money in
//!   holds a part of                                  Lab
//!   money put in: firm                               $13.8B
//! money back
//!   contracted back                                  $250B
//!   coverage of firm money                           18.1x
//! power
//!   own infrastructure                                                  ~$75B
//! control
//!   stakes                                           27%
//!   firm money at risk unseen                        $13.8B
//! dependence
//!   partners depend on it: of their supply           100%
//!   it depends on partners: of its contracted sales  100%
//! value
//!   lowest mark                                      ≥$135B
//! risk
//!   exposure to partners, peak                       ?$415B
//!
//! firm = paid + binding; headline = also conditional and announced, at the cap.
//! Marks are figures on paper, unrealised. Contracted back is nominal and not yet due.
//! An empty cell: the question does not apply to the party. `unknown`: it does.
//! 16 more rows: --all. What each row means: --define.
//! ? as read: it may be more and it may be less
//! ```

mod across;
mod findings;
mod questions;
mod risks;
mod side;

use std::collections::BTreeSet;

use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, ColumnSpec, Currency, Finding, Table, TableSpec, Unit, Value};

use self::across::Across;
use self::questions::{DEFINITIONS, PARTS, QUESTIONS, RISK, VALUE};
use self::side::Side;
use crate::{Measure, Query, Seen, Subject};

/// The strategy table.
pub struct Compare;

const NAME: &str = "compare";

const SIDES: TableSpec = TableSpec::new(
    NAME,
    "sides",
    "Strategies side by side",
    &[&[
        ColumnSpec::text("question", "the question that is asked of every party").titled(""),
        ColumnSpec::party("party", "the party that answers"),
        ColumnSpec::unit(),
        ColumnSpec::measured("value", "its answer as a number")
            .by("as the measure says that the row is named after: coverage, returns, capacity, visibility"),
        ColumnSpec::text("words", "its answer where it is no number").instead_of("value"),
        ColumnSpec::text("group", "what the question is about: money in, money back, power ..."),
        ColumnSpec::text("means", "what its answers mean").when_asked(),
    ]],
)
.filled_by("parties with stakes in others, or the `strategies` of `[compare]`")
.of_each("question")
.under_heads("group")
.across("party", "value");

impl Measure for Compare {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "parties side by side: money in, money back, stakes, power, control, dependence"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&SIDES, &risks::RISKS, &DEFINITIONS]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        [across::needs(subject, &subject.strategies(query)), risks::needs(subject)].concat()
    }

    fn wants_scenarios(&self) -> bool {
        true
    }

    fn needs_of_scenarios(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        [across::exposed(subject, &subject.strategies(query)), risks::needs(subject)].concat()
    }

    fn readings(&self, _: &Query) -> Vec<Reading> {
        Reading::ALL.to_vec()
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let parties = subject.strategies(query);
        let mut table = subject.table(&SIDES);
        if !subject.model.title.is_empty() {
            table.title = format!("{}: strategies side by side", subject.model.title);
        }
        table.across = parties.iter().map(|party| subject.party(*party)).collect();
        let sides: Vec<Side<'_>> = parties.iter().map(|party| Side::new(subject, *party)).collect();
        let across = Across::of(subject, &parties, seen);
        let currency = subject.model.currency;
        // The value that it captures stands before what is at risk.
        let first_risk = QUESTIONS.iter().position(|asked| asked.group == RISK);
        for (at, asked) in QUESTIONS.iter().enumerate() {
            if Some(at) == first_risk {
                values(&mut table, &sides, &across, currency);
            }
            let answers =
                sides.iter().map(|side| (asked.answer)(side, &across, &mut table)).collect::<Vec<_>>();
            let row = RowHead { group: asked.group, question: asked.words.to_owned(), means: asked.means };
            ask(&mut table, &row, asked.unit.map(|unit| unit.of(currency)), answers);
        }
        table.note("firm = paid + binding; headline = also conditional and announced, at the cap.");
        table.note("Marks are figures on paper, unrealised. Contracted back is nominal and not yet due.");
        table.note("An empty cell: the question does not apply to the party. `unknown`: it does.");
        let risks = risks::table(subject, &sides, seen, &across);
        std::iter::once(table).chain(risks).collect()
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// The answer for one party.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    /// The question does not apply to it.
    Nothing,
    /// Words.
    Words(String),
    /// A number in the unit of the question.
    Number(Value),
}

/// What names a row, and what it means.
struct RowHead {
    group: &'static str,
    question: String,
    means: &'static str,
}

/// The parts of the value that parties capture, and whether their stakes are marked or modelled.
fn values(table: &mut Table, sides: &[Side<'_>], across: &Across<'_>, currency: Currency) {
    for part in across.parts() {
        let answers = sides.iter().map(|side| across.captured(side.party(), part)).collect();
        let means = PARTS.iter().find(|(name, _)| *name == part).map_or("", |(_, means)| *means);
        let row = RowHead { group: VALUE, question: format!("value: {part}"), means };
        ask(table, &row, Some(Unit::Money(currency)), answers);
        if part == "stake" {
            let means = "whether that value is of marks, as modelled, or of both: unlike ones do not compare";
            let row = RowHead { group: VALUE, question: "value: stake, which is".to_owned(), means };
            ask(table, &row, None, sides.iter().map(Side::stakes_are).collect());
        }
    }
}

/// A row for each party; a question that applies to no party is left out.
fn ask(table: &mut Table, head: &RowHead, unit: Option<Unit>, answers: Vec<Answer>) {
    if answers.iter().all(|answer| *answer == Answer::Nothing) {
        return;
    }
    for (party, answer) in table.across.clone().into_iter().zip(answers) {
        let [value, words] = match answer {
            Answer::Nothing => [Cell::Empty, Cell::Empty],
            Answer::Words(words) => [Cell::Empty, Cell::Text(words)],
            Answer::Number(value) => [Cell::Value(value), Cell::Empty],
        };
        let (group, means) = (Cell::text(head.group), Cell::text(head.means));
        let unit = unit.map_or(Cell::Empty, Cell::Unit);
        table.push(vec![Cell::text(&head.question), party, unit, value, words, group, means]);
    }
}

/// Keeps the rows of a comparison that are read first, if there are any, and says how many others there are.
pub fn at_a_glance(table: &mut Table) {
    let (Some(at), "sides") = (table.column("question"), table.name) else { return };
    let first = |row: &Vec<Cell>| {
        let word = row[at].key();
        QUESTIONS.iter().any(|asked| asked.first && Some(asked.words) == word.as_deref())
    };
    let others = |rows: &[Vec<Cell>]| {
        let words: BTreeSet<Option<String>> =
            rows.iter().filter(|row| !first(row)).map(|row| row[at].key()).collect();
        words.len()
    };
    // Where none of those has an answer, the others are all that there is.
    let more = if table.rows.iter().any(first) { others(&table.rows) } else { 0 };
    if 0 < more {
        table.rows.retain(first);
        table.note(format!("{more} more rows: --all. What each row means: --define."));
    }
}

/// The rows that a comparison may have, each with its meaning.
pub fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    QUESTIONS.iter().map(|asked| (asked.words, asked.means)).chain(questions::PARTS)
}

/// What each row of a comparison means.
pub fn definitions(sides: &Table) -> Table {
    let mut table = Table::declared(&DEFINITIONS, Currency::USD);
    table.window = sides.window.clone();
    let columns = ["group", "question", "means"].map(|key| sides.column(key));
    for row in &sides.rows {
        let cells: Vec<Cell> = columns.iter().flatten().map(|at| row[*at].clone()).collect();
        if cells.len() == columns.len() && !table.rows.contains(&cells) {
            table.push(cells);
        }
    }
    table
}
