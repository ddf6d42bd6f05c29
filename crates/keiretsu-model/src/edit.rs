//! What a model states, one statement at a time, and copies of the model in which some are different.
//!
//! ```
//! use keiretsu_model::edit::{Change, edited, statements};
//! use keiretsu_model::{MemoryFiles, Options, open};
//! let text = "keiretsu = 1\ntitle = \"t\"\nas_of = 2026-01-01\n[parties]\nlab = { cash = \"$8B\" }\n";
//! let model = open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&[])).model;
//! let cash = statements(&model).into_iter().find(|statement| statement.path == "lab.cash").unwrap();
//! let other = edited(&model, &[(cash.place, Change::Scale(2.0))]);
//! let figure = other.parties[1].record.figure("cash").unwrap();
//! assert_eq!(figure.firm().amount(), Some(16e9));
//! ```
//!
//! Invariants: a statement is known by its place in the text, so that every copy of it changes (earlier
//! versions of a contract, what a party or factor keeps apart); the copies have no text and are only to be
//! run. Absent: names, flags and words, which have no amount to change.

mod change;
mod list;

pub use change::{edited, without};
pub(crate) use change::{records, scaled};
pub use list::{beside_the_program, statements};

use crate::Span;
use crate::record::{Basis, SourceClaim};

/// Where a statement stands: its characters, and whether an analyst's `expect` beside the figure is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its characters.
    pub span: Span,
    /// Whether it is the `expect` of the figure that stands there.
    pub expect: bool,
}

/// What a statement is, which decides how it can be different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An amount, or a range of amounts.
    Figure,
    /// A figure of which nothing is known.
    Undisclosed,
    /// A formula that yields an amount.
    Formula,
    /// A condition.
    Condition,
    /// A date, or a span of dates.
    Date,
    /// A length of time.
    Duration,
    /// How a total spreads over time.
    Ramp,
}

/// One statement of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement<'a> {
    /// Its dotted path: `contract.tranches.first.amount`, `party.cash`, `factor.growth.2026`.
    pub path: String,
    /// Its words.
    pub words: String,
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
    /// What it rests on.
    pub basis: &'a Basis,
    /// What other sources say instead.
    pub claims: &'a [SourceClaim],
    /// Which rule or name chose what counts, where sources disagree.
    pub chosen_by: Option<&'a str>,
}

/// How a statement is different.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Every amount, rate, length of time, or result of the formula, times this.
    Scale(f64),
    /// A number of months later.
    Later(i32),
    /// What this other source says, by its position among them.
    Claim(usize),
    /// An undisclosed amount is this.
    Known(f64),
    /// A condition that always holds, or never.
    Holds(bool),
    /// Spread evenly; what is even already grows in a line.
    Otherwise,
}
