//! A table of answers: columns with units, rows of cells, and what the reader must know beside them.

use crate::{Unit, Value};

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// An ISO 8601 date, month or year.
    Date,
    /// Numbers in one unit.
    Number(Unit),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The key in JSON and CSV, in snake case.
    pub key: String,
    /// The heading for people.
    pub title: String,
    /// What its cells hold.
    pub kind: Kind,
}

impl Column {
    /// A column of words whose heading is its key.
    pub fn text(key: &str) -> Self {
        Self::new(key, Kind::Text)
    }

    /// A column of dates.
    pub fn date(key: &str) -> Self {
        Self::new(key, Kind::Date)
    }

    /// A column of numbers in a unit.
    pub fn number(key: &str, unit: Unit) -> Self {
        Self::new(key, Kind::Number(unit))
    }

    /// The same column under another heading.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    fn new(key: &str, kind: Kind) -> Self {
        Self { key: key.to_owned(), title: key.replace('_', " "), kind }
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing belongs here (not the same as unknown).
    Empty,
    /// Words, or a date as ISO 8601 text.
    Text(String),
    /// A number in the unit of its column, with its bound mark, or unknown.
    Value(Value),
    /// A number in a unit of its own, for tables whose rows answer different questions.
    Measured(Value, Unit),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number without a direction.
    pub fn exact(amount: f64) -> Self {
        Self::Value(Value::exact(amount))
    }

    /// The value in this cell, whatever its unit.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) | Self::Measured(value, _) => Some(value),
            Self::Empty | Self::Text(_) => None,
        }
    }
}

/// Where in time a table stands, and what made it. Empty fields do not apply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// The day the model looks from, ISO 8601.
    pub as_of: String,
    /// The day after which nothing was known, where one was given.
    pub known_on: Option<String>,
    /// Fingerprint of the model text.
    pub model_hash: String,
    /// Seed and number of paths, where there was a simulation.
    pub simulation: Option<(u64, u64)>,
}

/// A table: what a measure says, before anybody renders it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The measure's name.
    pub measure: String,
    /// One line for people: what the table shows.
    pub title: String,
    /// The reading, where all rows share one.
    pub reading: Option<String>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with one cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// What to know when reading it.
    pub notes: Vec<String>,
    /// The assumptions that it rests on.
    pub assumptions: Vec<String>,
    /// What is missing from its numbers, and why.
    pub left_out: Vec<String>,
    /// Where it stands in time.
    pub window: Window,
}

impl Table {
    /// An empty table of a measure with its columns.
    pub fn new(measure: &str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { measure: measure.to_owned(), title: title.into(), columns, ..Self::default() }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it has not one cell a column: a measure's own mistake, never a user's.
    pub fn push(&mut self, row: Vec<Cell>) {
        assert_eq!(row.len(), self.columns.len(), "a row has one cell a column");
        self.rows.push(row);
    }

    /// Notes that something is missing, once.
    pub fn leave_out(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.left_out.contains(&what) {
            self.left_out.push(what);
        }
    }

    /// Adds a note, once.
    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The position of a column by its key.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }
}
