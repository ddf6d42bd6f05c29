//! A table to printed words: the common part of text and Markdown, before layout.
//!
//! Each unit stands once: in the heading of a column, or above the table where all columns have the same.

use crate::amount::{Notation, behind_the_units, grouped, inline};
use crate::{finding, gaps, machine, people, wrap::one_line};
use keiretsu_values::{Bound, Cell, ColumnKind, Table, Unit, Value};

/// Number of columns from which a common unit stands above the table and not in each heading.
const SAY_ABOVE: usize = 3;

/// A cell in words.
#[derive(Clone, Debug)]
pub struct Words {
    pub text: String,
    pub unknown: bool,
}

/// A column in words.
#[derive(Clone, Debug)]
pub struct Printed {
    pub key: String,
    pub heading: String,
    /// Numbers stand right, words left.
    pub numeric: bool,
    pub cells: Vec<Words>,
}

/// A table in words.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub title: String,
    /// Unit, reading and place in time, where the table has them.
    pub subtitle: String,
    /// The leading columns that name the rows.
    pub keys: usize,
    pub columns: Vec<Printed>,
    /// What it says first, in sentences.
    pub findings: Vec<String>,
    pub notes: Vec<String>,
    pub left_out: Vec<String>,
    pub assumptions: Vec<String>,
}

impl Sheet {
    /// The table in words.
    pub fn of(table: &Table) -> Self {
        let table = &people::laid_out(table);
        let notations: Vec<Option<Notation>> =
            (0..table.columns.len()).map(|at| notation(table, at)).collect();
        let above = unit_above(table, &notations);
        let columns = people::shown(table).map(|at| printed(table, at, notations[at], above.is_none()));
        let title = if table.title.is_empty() { &table.measure } else { &table.title };
        Self {
            title: one_line(title),
            subtitle: subtitle(table, above.as_deref()),
            keys: gaps::key_columns(table),
            columns: columns.collect(),
            findings: table.findings.iter().map(finding::sentence).collect(),
            notes: notes(table),
            left_out: lines(&gaps::left_out_by_reason(table)),
            assumptions: lines(&table.assumptions),
        }
    }
}

fn lines(entries: &[String]) -> Vec<String> {
    entries.iter().map(|entry| one_line(entry)).collect()
}

fn notes(table: &Table) -> Vec<String> {
    let mut notes = lines(&table.notes);
    let open = |cell: &Cell| cell.value().and_then(Value::bound) == Some(Bound::Open);
    if table.rows.iter().flatten().any(open) {
        notes.push("? as read: it may be more and it may be less".into());
    }
    notes
}

/// How the numbers of a column in one unit are printed; none where rows have units of their own.
fn notation(table: &Table, at: usize) -> Option<Notation> {
    let unit = machine::column_unit(&table.columns[at])?;
    let beside = |other: &usize| machine::column_unit(&table.columns[*other]) == Some(unit);
    let all = (0..table.columns.len()).filter(beside).flat_map(|at| machine::amounts(table, at));
    let largest = all.fold(0.0, |most: f64, amount| most.max(amount.abs()));
    let own: Vec<f64> = machine::amounts(table, at).collect();
    Some(Notation::of_column(unit, &own, largest))
}

/// The unit that all columns of numbers share, if it is worth saying once.
fn unit_above(table: &Table, notations: &[Option<Notation>]) -> Option<String> {
    let mut labels = notations.iter().flatten().map(Notation::label);
    let first = labels.next().filter(|label| !label.is_empty() && label != "x")?;
    let several = SAY_ABOVE <= notations.iter().flatten().count();
    let own = table.columns.iter().any(|column| column.kind == ColumnKind::Measured);
    (several && !own && labels.all(|label| label == first)).then_some(first)
}

fn subtitle(table: &Table, unit: Option<&str>) -> String {
    let window = &table.window;
    let mut parts = Vec::new();
    parts.extend(unit.map(|unit| format!("in {unit}")));
    parts.extend(table.reading.iter().map(|reading| format!("{reading} reading")));
    if !window.as_of.is_empty() {
        parts.push(format!("as of {}", window.as_of));
    }
    parts.extend(window.known_on.iter().map(|day| format!("known on {day}")));
    let simulation =
        |(seed, paths): (u64, u64)| format!("{} paths, seed {seed}", grouped(&paths.to_string()));
    parts.extend(window.simulation.map(simulation));
    one_line(&parts.join(", "))
}

fn printed(table: &Table, at: usize, notation: Option<Notation>, unit_in_heading: bool) -> Printed {
    let column = &table.columns[at];
    let rows = 0..table.rows.len();
    let mut cells: Vec<Words> = rows.map(|row| words(table, row, at, notation)).collect();
    let amounts = |cell: &Cell| notation.is_some() && cell.value().and_then(machine::amount).is_some();
    align(&mut cells, &machine::cells(table, at).map(amounts).collect::<Vec<_>>());
    let unit = notation.filter(|_| unit_in_heading).map(|notation| notation.label());
    let heading = match unit.filter(|unit| !unit.is_empty()) {
        Some(unit) => format!("{}, {unit}", column.title),
        None => column.title.clone(),
    };
    let has_words = || machine::cells(table, at).any(|cell| matches!(cell, Cell::Text(_)));
    let numeric = notation.is_some() || (column.kind == ColumnKind::Measured && !has_words());
    Printed { key: column.key.clone(), heading: one_line(&heading), numeric, cells }
}

fn words(table: &Table, row: usize, at: usize, notation: Option<Notation>) -> Words {
    let cell = &table.rows[row][at];
    let text = match (cell.value(), notation) {
        (Some(value), Some(notation)) => notation.number(value),
        (Some(value), None) => inline(value, table.unit(row, at).unwrap_or(Unit::Number { digits: 2 })),
        (None, _) => one_line(&machine::words(cell).unwrap_or_default()),
    };
    let unknown = cell.value().is_some_and(|value| machine::amount(value).is_none());
    Words { text, unknown }
}

/// Fills numbers up on the right, so that their points stand below each other once the column is set right.
fn align(cells: &mut [Words], plain: &[bool]) {
    let behind = |cell: &Words| behind_the_units(&cell.text);
    let numbers = cells.iter().zip(plain).filter(|(_, plain)| **plain);
    let most = numbers.map(|(cell, _)| behind(cell)).max().unwrap_or(0);
    for (cell, _) in cells.iter_mut().zip(plain).filter(|(_, plain)| **plain) {
        let fill = most - behind(cell);
        cell.text.push_str(&" ".repeat(fill));
    }
}
