//! A table to printed words: what text and Markdown share, before either lays it out.
//!
//! Says each unit once: in the heading of a column, or above the table where all columns have the same.

use crate::amount::{Notation, behind_the_units, grouped, inline};
use crate::{gaps, machine, wrap::one_line};
use keiretsu_values::{Bound, Cell, Column, Table, Unit, Value};

/// Columns of numbers from which one unit is said above the table and not in each heading.
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
    pub notes: Vec<String>,
    pub left_out: Vec<String>,
    pub assumptions: Vec<String>,
}

impl Sheet {
    /// The table in words.
    pub fn of(table: &Table) -> Self {
        let notations: Vec<Option<Notation>> =
            (0..table.columns.len()).map(|at| notation(table, at)).collect();
        let above = unit_above(table, &notations);
        let columns = (0..table.columns.len()).map(|at| printed(table, at, notations[at], above.is_none()));
        let title = if table.title.is_empty() { &table.measure } else { &table.title };
        Self {
            title: one_line(title),
            subtitle: subtitle(table, above.as_deref()),
            keys: gaps::key_columns(table),
            columns: columns.collect(),
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

/// How the numbers in a column's own unit are printed; none where it has no such unit.
fn notation(table: &Table, at: usize) -> Option<Notation> {
    let unit = machine::column_kind_unit(&table.columns[at])?;
    let beside = |other: &usize| machine::column_kind_unit(&table.columns[*other]) == Some(unit);
    let all: Vec<f64> = (0..table.columns.len()).filter(beside).flat_map(|at| amounts(table, at)).collect();
    let largest = all.iter().fold(0.0, |most: f64, amount| most.max(amount.abs()));
    let own: Vec<f64> = amounts(table, at).collect();
    Some(Notation::of_column(unit, &own, largest))
}

fn amounts(table: &Table, at: usize) -> impl Iterator<Item = f64> {
    machine::cells(table, at).filter_map(|cell| match cell {
        Cell::Value(value) => machine::amount(value),
        _ => None,
    })
}

/// The unit that all columns of numbers share, if it is worth saying once.
fn unit_above(table: &Table, notations: &[Option<Notation>]) -> Option<String> {
    let mut labels = notations.iter().flatten().map(Notation::label);
    let first = labels.next().filter(|label| !label.is_empty() && label != "x")?;
    let several = SAY_ABOVE <= notations.iter().flatten().count();
    let own = (0..table.columns.len()).any(|at| machine::has_own_units(table, at));
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
    let mut cells: Vec<Words> = machine::cells(table, at).map(|cell| words(column, cell, notation)).collect();
    let plain = |cell: &Cell| matches!(cell, Cell::Value(value) if machine::amount(value).is_some());
    align(&mut cells, &machine::cells(table, at).map(plain).collect::<Vec<_>>());
    let only_own = machine::has_own_units(table, at) && amounts(table, at).next().is_none();
    let unit = notation.filter(|_| unit_in_heading && !only_own).map(|notation| notation.label());
    let heading = match unit.filter(|unit| !unit.is_empty()) {
        Some(unit) => format!("{}, {unit}", column.title),
        None => column.title.clone(),
    };
    let only_numbers = || machine::cells(table, at).all(|cell| !matches!(cell, Cell::Text(_)));
    let numeric = notation.is_some() || (machine::has_numbers(table, at) && only_numbers());
    Printed { heading: one_line(&heading), numeric, cells }
}

fn words(column: &Column, cell: &Cell, notation: Option<Notation>) -> Words {
    let text = match (cell, notation) {
        (Cell::Empty, _) => String::new(),
        (Cell::Text(text), _) => one_line(text),
        (Cell::Value(value), Some(notation)) => notation.number(value),
        (Cell::Value(value) | Cell::Measured(value, _), _) => {
            let unit = machine::cell_unit(column, cell).unwrap_or(Unit::Number { digits: 2 });
            inline(value, unit)
        }
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
