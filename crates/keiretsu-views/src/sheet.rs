//! A table to printed words: the common part of text, Markdown and HTML, before layout.
//!
//! Each number carries its unit, so that it looks the same wherever it stands.

use crate::amount::{grouped, inline};
use crate::{finding, gaps, machine, people, wrap::one_line};
use keiretsu_values::{Bound, Cell, ColumnKind, Table, Unit, Value, Weight};

/// A cell in words.
#[derive(Clone, Debug)]
pub struct Words {
    pub text: String,
    pub unknown: bool,
}

/// A column in words.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of a column by itself")]
pub struct Printed {
    pub heading: String,
    /// Numbers stand right, words left.
    pub numeric: bool,
    /// Stretches of time, which may be broken early.
    pub time: bool,
    pub weight: Weight,
    /// Whether rows could not be told apart without it.
    pub names_rows: bool,
    /// Whether nothing but zero and nothing stands in it.
    pub idle: bool,
    pub cells: Vec<Words>,
}

/// A table in words.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub title: String,
    /// Reading and place in time, where the table has them.
    pub subtitle: String,
    pub columns: Vec<Printed>,
    /// What it says first, in sentences.
    pub findings: Vec<String>,
    pub notes: Vec<String>,
    pub left_out: Vec<String>,
    pub assumptions: Vec<String>,
}

impl Sheet {
    /// The table in words, whole.
    pub fn of(table: &Table) -> Self {
        Self::seen(&machine::settled(&people::laid_out(table)))
    }

    /// A table that is laid out, in words.
    pub fn seen(table: &Table) -> Self {
        let naming = gaps::naming_columns(table);
        let title = if table.title.is_empty() { &table.measure } else { &table.title };
        Self {
            title: one_line(title),
            subtitle: subtitle(table),
            columns: people::shown(table).map(|at| printed(table, at, &naming)).collect(),
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
    let open = |cell: &Cell| cell.value().and_then(Value::bound) == Some(Bound::Open);
    let mark = || "? as read: it may be more and it may be less".to_owned();
    let mark = table.rows.iter().flatten().any(open).then(mark);
    lines(&table.notes).into_iter().chain(mark).collect()
}

fn subtitle(table: &Table) -> String {
    let window = &table.window;
    let mut parts = Vec::new();
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

fn printed(table: &Table, at: usize, naming: &[usize]) -> Printed {
    let column = &table.columns[at];
    let mut cells: Vec<Words> = (0..table.rows.len()).map(|row| words(table, row, at)).collect();
    if let Some(Unit::Number { .. }) = machine::column_unit(column) {
        even(&mut cells);
    }
    let has_words = || machine::cells(table, at).any(|cell| matches!(cell, Cell::Text(_)));
    let one_unit = machine::column_unit(column).is_some();
    let numeric = one_unit || (column.kind == ColumnKind::Measured && !has_words());
    let nothing = |cell: &Cell| *cell == Cell::Empty || cell.value().is_some_and(Value::is_zero);
    Printed {
        heading: one_line(&column.title),
        numeric,
        time: column.kind == ColumnKind::Period,
        weight: column.weight,
        names_rows: naming.contains(&at),
        idle: machine::cells(table, at).all(nothing),
        cells,
    }
}

/// Gives plain numbers below each other the same decimals, so that their points stand below each other.
fn even(cells: &mut [Words]) {
    let is_plain =
        |cell: &&mut Words| !cell.unknown && !cell.text.is_empty() && !cell.text.contains(['e', '<']);
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let most = cells.iter_mut().filter(is_plain).map(|cell| decimals(&cell.text)).max().unwrap_or(0);
    for cell in cells.iter_mut().filter(is_plain) {
        let missing = most - decimals(&cell.text);
        if missing > 0 && missing == most {
            cell.text.push('.');
        }
        cell.text.push_str(&"0".repeat(missing));
    }
}

fn words(table: &Table, row: usize, at: usize) -> Words {
    let cell = &table.rows[row][at];
    let unknown = cell.value().is_some_and(|value| machine::amount(value).is_none());
    Words { text: cell_words(table, row, at), unknown }
}

/// A cell as people read it.
pub fn cell_words(table: &Table, row: usize, at: usize) -> String {
    let cell = &table.rows[row][at];
    match (cell.value(), cell) {
        (Some(value), _) => inline(value, table.unit(row, at).unwrap_or(Unit::Number { digits: 2 })),
        (None, Cell::Period(period)) => period.words(),
        (None, _) => one_line(&machine::words(cell).unwrap_or_default()),
    }
}
