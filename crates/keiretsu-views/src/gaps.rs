//! Unknown cells to sentences: which cell, and why.
//!
//! A machine gets one entry a cell; a reader gets one a reason, unless the table has it already.

use crate::machine;
use keiretsu_values::{Cell, Table};
use std::collections::BTreeSet;

/// Number of rows or columns given by name before the rest is counted.
const NAMED: usize = 4;

/// How many leading columns of words it takes to tell the rows apart; at least one, where there are columns.
pub fn key_columns(table: &Table) -> usize {
    let leading = table.keys();
    (1..leading)
        .find(|count| rows_differ_in(table, *count))
        .unwrap_or(leading.max(1))
        .min(table.columns.len())
}

/// The columns without which rows could not be told apart, the first among them.
pub fn naming_columns(table: &Table) -> Vec<usize> {
    let mut needed: Vec<usize> = (0..key_columns(table)).collect();
    let apart = |columns: &[usize]| {
        let names = table
            .rows
            .iter()
            .map(|row| columns.iter().map(|at| row[*at].label().unwrap_or_default()).collect::<Vec<_>>());
        names.collect::<BTreeSet<_>>().len()
    };
    let all = apart(&needed);
    for at in (1..needed.len()).rev() {
        let without: Vec<usize> = needed.iter().copied().filter(|column| *column != at).collect();
        if apart(&without) == all {
            needed = without;
        }
    }
    needed
}

fn rows_differ_in(table: &Table, count: usize) -> bool {
    let mut labels: Vec<String> = table.rows.iter().map(|row| label(&row[..count])).collect();
    labels.sort();
    labels.windows(2).all(|pair| pair[0] != pair[1])
}

fn label(cells: &[Cell]) -> String {
    let words = cells.iter().filter(|cell| cell.key().is_some()).filter_map(machine::words);
    words.collect::<Vec<_>>().join(".")
}

/// An unknown cell.
struct Gap<'a> {
    /// `row.column`, as exact as it takes.
    name: String,
    /// The first words of its row.
    row: String,
    /// The heading of its column.
    column: &'a str,
    reason: &'a str,
}

fn gaps(table: &Table) -> Vec<Gap<'_>> {
    let keys = key_columns(table);
    let mut found = Vec::new();
    for (number, row) in table.rows.iter().enumerate() {
        for (column, cell) in table.columns.iter().zip(row) {
            let Some(value) = cell.value().filter(|value| machine::amount(value).is_none()) else { continue };
            let mut name = label(&row[..keys]);
            if name.is_empty() {
                name = format!("row {}", number + 1);
            }
            let first = label(&row[..1]);
            found.push(Gap {
                row: if first.is_empty() { name.clone() } else { first },
                name: format!("{name}.{}", column.key),
                column: &column.title,
                reason: value.reason().unwrap_or("not a finite number"),
            });
        }
    }
    found
}

/// Omissions of the table, with an entry `row.column: reason` for every unknown cell.
pub fn left_out_by_cell(table: &Table) -> Vec<String> {
    let by_cell = gaps(table).into_iter().map(|gap| format!("{}: {}", gap.name, gap.reason));
    let mut seen = BTreeSet::new();
    let entries = table.left_out.iter().cloned().chain(by_cell);
    entries.filter(|entry| seen.insert(entry.clone())).collect()
}

/// Omissions of the table, then further reasons of unknown cells, each once: the rows, and in brackets the
/// columns.
pub fn left_out_by_reason(table: &Table) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<String>, Vec<String>)> = Vec::new();
    let gaps = gaps(table);
    for gap in &gaps {
        let at = reasons.iter().position(|(had, ..)| *had == gap.reason).unwrap_or_else(|| {
            reasons.push((gap.reason, vec![], vec![]));
            reasons.len() - 1
        });
        add(&mut reasons[at].1, &gap.row);
        add(&mut reasons[at].2, gap.column);
    }
    let said = |reason: &str| table.left_out.iter().any(|entry| entry.contains(reason));
    let unsaid = reasons.iter().filter(|(reason, ..)| !said(reason));
    let entries =
        unsaid.map(|(reason, rows, columns)| format!("{} ({}): {reason}", listed(rows), listed(columns)));
    table.left_out.iter().cloned().chain(entries).collect()
}

fn add(list: &mut Vec<String>, item: &str) {
    if !list.iter().any(|had| had == item) {
        list.push(item.to_owned());
    }
}

fn listed(items: &[String]) -> String {
    match items.len() {
        count if count <= NAMED + 1 => items.join(", "),
        count => format!("{} and {} more", items[..NAMED].join(", "), count - NAMED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keiretsu_values::{Column, Unit, Value};

    fn table(rows: &[(&str, &str)]) -> Table {
        let columns =
            vec![Column::text("party"), Column::text("reading"), Column::number("irr", Unit::Share)];
        let mut table = Table::new("returns", "Returns", columns);
        for (party, reading) in rows {
            let irr = Cell::Value(Value::unknown("undated"));
            table.push(vec![Cell::text(*party), Cell::text(*reading), irr]);
        }
        table
    }

    #[test]
    fn rows_are_named_by_as_many_columns_as_it_takes() {
        assert_eq!(
            left_out_by_cell(&table(&[("a", "firm"), ("b", "firm")])),
            ["a.irr: undated", "b.irr: undated"]
        );
        assert_eq!(
            left_out_by_cell(&table(&[("a", "firm"), ("a", "headline")]))[1],
            "a.headline.irr: undated"
        );
        assert_eq!(left_out_by_cell(&table(&[("", "")])), ["row 1.irr: undated"]);
    }

    #[test]
    fn a_reader_is_told_a_reason_once() {
        let rows: Vec<(&str, &str)> = ["a", "b", "c", "d", "e", "f"].map(|party| (party, "firm")).into();
        assert_eq!(left_out_by_reason(&table(&rows)), ["a, b, c, d and 2 more (irr): undated"]);
        let mut said = table(&rows);
        said.leave_out("cost of a: undated");
        assert_eq!(left_out_by_reason(&said), ["cost of a: undated"]);
        assert_eq!(left_out_by_cell(&said).len(), 7);
    }
}
