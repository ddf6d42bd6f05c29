//! A table of answers: columns with units, rows of cells, notes and omissions.

use crate::{ColumnFormula, Currency, Entity, Finding, Id, Period, Pivot, Screen, TableSpec, Unit, Value};

/// The kind of cells in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words.
    Text,
    /// An ISO 8601 date, month or year.
    Date,
    /// Things of the model.
    Id(Entity),
    /// Firm, expected or headline.
    Reading,
    /// Stretches of time.
    Period,
    /// Numbers in one unit.
    Number(Unit),
    /// Numbers in the unit that the row's column of units names.
    Measured,
    /// The unit of the row's measured numbers.
    Unit,
}

impl ColumnKind {
    /// Whether it is numbers.
    pub fn is_numbers(self) -> bool {
        matches!(self, Self::Number(_) | Self::Measured)
    }

    /// Whether a cell may stand in such a column.
    fn takes(self, cell: &Cell) -> bool {
        match cell {
            Cell::Empty => true,
            // A word that is no thing, such as `total`, may stand where things do.
            Cell::Text(_) => matches!(self, Self::Text | Self::Date | Self::Reading | Self::Id(_)),
            Cell::Id(_) => matches!(self, Self::Id(_)),
            Cell::Period(_) => self == Self::Period,
            Cell::Unit(_) => self == Self::Unit,
            Cell::Value(_) => self.is_numbers(),
        }
    }
}

/// When people see a column; programs see every one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Always.
    #[default]
    Always,
    /// Where some row has something in it.
    WhenFilled,
    /// Its words in the place of the empty cells of the column of this key.
    InsteadOf(&'static str),
    /// Only where it is asked for, in a table of its own.
    WhenAsked,
}

/// How much a column counts where there is no room for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It goes when no minor one is left, the last first.
    #[default]
    Usual,
    /// It is one of the first to go.
    Minor,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The key in JSON and CSV, in snake case.
    pub key: String,
    /// The heading for people.
    pub title: String,
    /// The kind of its cells.
    pub kind: ColumnKind,
    /// How its numbers are made.
    pub formula: ColumnFormula,
    /// When people see it.
    pub shown: Shown,
    /// How much it counts.
    pub weight: Weight,
    /// Whether its numbers may be summed over the rows of a reading.
    pub adds: bool,
}

impl Column {
    /// A column with its key as heading.
    pub fn new(key: &str, kind: ColumnKind) -> Self {
        Self {
            key: key.to_owned(),
            title: key.replace('_', " "),
            kind,
            formula: ColumnFormula::None,
            shown: Shown::Always,
            weight: Weight::Usual,
            adds: false,
        }
    }

    /// A column of words.
    pub fn text(key: &str) -> Self {
        Self::new(key, ColumnKind::Text)
    }

    /// A column of dates.
    pub fn date(key: &str) -> Self {
        Self::new(key, ColumnKind::Date)
    }

    /// A column of numbers in a unit.
    pub fn number(key: &str, unit: Unit) -> Self {
        Self::new(key, ColumnKind::Number(unit))
    }

    /// The same column under another heading.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing belongs here (not the same as unknown).
    Empty,
    /// Words, or a date as ISO 8601 text.
    Text(String),
    /// A thing of the model.
    Id(Id),
    /// A stretch of time.
    Period(Period),
    /// The unit of the row's measured numbers.
    Unit(Unit),
    /// A number in the unit of its column or its row, with its bound mark, or unknown.
    Value(Value),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A thing that is shown by its name.
    pub fn named(name: &str) -> Self {
        Self::Id(Id::named(name))
    }

    /// A number without a direction.
    pub fn exact(amount: f64) -> Self {
        Self::Value(Value::exact(amount))
    }

    /// The number in this cell.
    pub fn value(&self) -> Option<&Value> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }

    /// The text that names its row, by names in the model; none for numbers and units.
    pub fn key(&self) -> Option<String> {
        match self {
            Self::Empty => Some(String::new()),
            Self::Text(text) => Some(text.clone()),
            Self::Id(id) => Some(id.name.to_string()),
            Self::Period(period) => Some(period.label()),
            Self::Unit(_) | Self::Value(_) => None,
        }
    }

    /// The same for people: by titles, and parts of years in words.
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Id(id) => Some(id.title.to_string()),
            Self::Period(period) => Some(period.words()),
            _ => self.key(),
        }
    }
}

/// Dates, scenarios and simulation of a table. Empty fields do not apply.
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

/// A table: the answer of a measure, before rendering.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The measure's name.
    pub measure: String,
    /// Its name, unique in its measure; empty for a table that is not declared.
    pub name: &'static str,
    /// One line on the content, for people.
    pub title: String,
    /// The reading, where all rows share one.
    pub reading: Option<String>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with one cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// How people see it, where not as it stands.
    pub pivot: Option<Pivot>,
    /// The items that run across in a pivot, including those without a row.
    pub across: Vec<Cell>,
    /// What its measure says first: sentences made from numbers of the measure's tables.
    pub findings: Vec<Finding>,
    /// What of it fits on a screen.
    pub screen: Screen,
    /// The column by whose size its rows are sorted for people, where a user wants another than the main one.
    pub sorted_by: Option<String>,
    /// Notes for its readers.
    pub notes: Vec<String>,
    /// The assumptions that it rests on.
    pub assumptions: Vec<String>,
    /// Omissions from its numbers, with reasons.
    pub left_out: Vec<String>,
    /// Where it stands in time.
    pub window: Window,
}

impl Table {
    /// An empty table of a measure with its columns.
    pub fn new(measure: &str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { measure: measure.to_owned(), title: title.into(), columns, ..Self::default() }
    }

    /// An empty table as it is declared, in a model of this currency.
    pub fn declared(spec: &TableSpec, currency: Currency) -> Self {
        let columns = spec.columns().map(|column| column.column(currency)).collect();
        let TableSpec { name, pivot, screen, .. } = *spec;
        Self { name, pivot, screen, ..Self::new(spec.measure, spec.title, columns) }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it has not one cell a column, each of the column's kind: a measure's own mistake, never a user's.
    pub fn push(&mut self, row: Vec<Cell>) {
        assert_eq!(row.len(), self.columns.len(), "a row has one cell a column");
        for (cell, column) in row.iter().zip(&self.columns) {
            assert!(column.kind.takes(cell), "{cell:?} in the column `{}` of {}", column.key, self.measure);
        }
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

    /// A number by the keys of its row (a column and what it says, by the names of things) and its column;
    /// none where no row has these keys, or several have.
    pub fn number(&self, keys: &[(&str, &str)], column: &str) -> Option<&Value> {
        let places: Option<Vec<(usize, &str)>> =
            keys.iter().map(|(key, word)| Some((self.column(key)?, *word))).collect();
        let (places, column) = (places?, self.column(column)?);
        let fits =
            |row: &&Vec<Cell>| places.iter().all(|(at, word)| row[*at].key().is_some_and(|key| key == *word));
        let mut rows = self.rows.iter().filter(fits);
        let row = rows.next()?;
        if rows.next().is_some() { None } else { row[column].value() }
    }

    /// The unit of a cell, if it has one: that of its column, or of its row.
    pub fn unit(&self, row: usize, column: usize) -> Option<Unit> {
        match self.columns[column].kind {
            ColumnKind::Number(unit) => Some(unit),
            ColumnKind::Measured => self.rows[row].iter().find_map(|cell| match cell {
                Cell::Unit(unit) => Some(*unit),
                _ => None,
            }),
            _ => None,
        }
    }

    /// How many leading columns name the rows: those before the first of numbers or units.
    pub fn keys(&self) -> usize {
        let is_key = |column: &&Column| !column.kind.is_numbers() && column.kind != ColumnKind::Unit;
        self.columns.iter().take_while(is_key).count()
    }
}
