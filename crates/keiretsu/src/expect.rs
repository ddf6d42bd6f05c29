//! Expectations of a model against its answers: each holds, is broken, or cannot be told.
//!
//! ```toml
//! [expect.covered]
//! that    = "coverage(amazon, anthropic, firm) >= 7x"
//! because = "the ratio that the article prints"
//!
//! [expect.commitments]
//! that   = "sum of commitments(openai, headline, total) = about $1.4T"
//! source = "press"
//!
//! [expect.no-failure]
//! that    = "no default by 2028 in headline"
//! because = "agreed in the review of May"
//! ```
//!
//! Sets decide, not the amount as read: `>= 7x` holds where every possible number is at least 7, is broken
//! where none is, and cannot be told in between. What is about a number may be off by the tolerance of
//! "about". Unknown is never a pass. Absent: formulas over several numbers.

mod told;
mod words;

use keiretsu_measures::Subject;
use keiretsu_model::{Diagnostic, Expectation, Model};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit, Value};

use crate::AskError;
use crate::request::Request;
use crate::runner::Runner;
use words::That;

/// What a model expects, and whether it holds.
pub(crate) const EXPECTED: TableSpec = TableSpec::new(
    "expect",
    "expect",
    "What is expected, and whether it holds",
    &[&[
        ColumnSpec::text("expectation", "its name in the text"),
        ColumnSpec::text("that", "its words"),
        ColumnSpec::text("outcome", "holds, broken, cannot be told, or cannot be read"),
        ColumnSpec::unit(),
        ColumnSpec::measured("is", "the number that it is about"),
        ColumnSpec::text("why", "what decides it"),
    ]],
)
.of_each("expectation");

/// Whether an expectation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Holds,
    Broken,
    Untold,
    Misread,
}

impl Outcome {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Holds, "holds"),
        (Self::Broken, "broken"),
        (Self::Untold, "cannot be told"),
        (Self::Misread, "cannot be read"),
    ];

    fn word(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(outcome, _)| *outcome)
    }
}

/// An outcome, the number that decides it, and why.
pub(crate) struct Tested {
    outcome: Outcome,
    is: Option<(Value, Unit)>,
    why: String,
}

impl Tested {
    fn of(outcome: Outcome, why: impl Into<String>) -> Self {
        Self { outcome, is: None, why: why.into() }
    }
}

/// A row for each expectation, in the order of the text.
///
/// # Errors
/// If the model cannot be run, or the work was stopped.
pub(crate) fn tested(runner: &Runner<'_>, request: &Request) -> Result<Table, AskError> {
    let subject = runner.subject();
    let mut table = subject.table(&EXPECTED);
    for expectation in &runner.model.expectations {
        let Tested { outcome, is, why } = test(runner, request, &subject, expectation)?;
        let (unit, is) = match is {
            Some((value, unit)) => (Cell::Unit(unit), Cell::Value(value)),
            None => (Cell::Empty, Cell::Empty),
        };
        let words = [&expectation.name, &expectation.that].map(Cell::text);
        let row = words.into_iter().chain([Cell::text(outcome.word()), unit, is, Cell::text(why)]);
        table.push(row.collect());
    }
    Ok(table)
}

fn test(
    runner: &Runner<'_>,
    request: &Request,
    subject: &Subject<'_>,
    expectation: &Expectation,
) -> Result<Tested, AskError> {
    let that = match That::read(&expectation.that, subject.model) {
        Ok(that) => that,
        Err(why) => return Ok(Tested::of(Outcome::Misread, why)),
    };
    let tested = match that {
        That::Number(number) => told::number(runner, request, &number),
        That::NoDefault(failure) => told::no_default(runner, request, &failure),
    };
    match tested {
        Err(AskError::InvalidRequest { what, hint }) => {
            let hint = if hint.is_empty() { String::new() } else { format!("; {hint}") };
            Ok(Tested::of(Outcome::Misread, format!("{what}{hint}")))
        }
        tested => tested,
    }
}

/// Whether an expectation of a table of them is broken or cannot be read.
pub fn is_broken(table: &Table) -> bool {
    outcomes(table).any(|(_, outcome, _)| matches!(outcome, Outcome::Broken | Outcome::Misread))
}

/// What of a model's expectations does not hold, as warnings at their places.
pub fn diagnostics(model: &Model, table: &Table) -> Vec<Diagnostic> {
    let warning = |(name, outcome, why): (String, Outcome, String)| {
        let expectation = model.expectations.iter().find(|expectation| expectation.name == name)?;
        let (code, message, hint) = match outcome {
            Outcome::Holds => return None,
            Outcome::Broken => {
                ("W0901", "is broken", "see what moved it (`keiretsu diff`), or agree on another")
            }
            Outcome::Untold => {
                ("W0902", "cannot be told", "state what is unknown, or expect what can be told")
            }
            Outcome::Misread => ("W0903", "cannot be read", words::HINT),
        };
        let message = format!("the expectation `{name}` {message}: {why}");
        Some(Diagnostic::new(code, expectation.span, message).hint(hint))
    };
    outcomes(table).filter_map(warning).collect()
}

fn outcomes(table: &Table) -> impl Iterator<Item = (String, Outcome, String)> {
    let columns = ["expectation", "outcome", "why"].map(|key| table.column(key));
    table.rows.iter().filter_map(move |row| {
        let word = |at: Option<usize>| row[at?].key();
        let [name, outcome, why] = columns.map(word);
        Some((name?, Outcome::of(&outcome?)?, why?))
    })
}
