//! Unknown cells to sentences: which cell, and why.
//!
//! A machine gets one entry a cell; a reader gets one a reason, and only where the table has not said it.

use crate::machine;
use keiretsu_values::{Cell, Table};
use std::collections::BTreeSet;

/// Cells that a reader is told by name before the rest is counted.
const NAMED: usize = 4;

/// How many leading columns of words it takes to tell the rows apart; at least one, where there are columns.
pub fn key_columns(table: &Table) -> usize {
    let leading = (0..table.columns.len()).take_while(|at| !machine::has_numbers(table, *at)).count();
    (1..leading)
        .find(|count| rows_differ_in(table, *count))
        .unwrap_or(leading.max(1))
        .min(table.columns.len())
}

fn rows_differ_in(table: &Table, count: usize) -> bool {
    let mut labels: Vec<String> = table.rows.iter().map(|row| label(&row[..count])).collect();
    labels.sort();
    labels.windows(2).all(|pair| pair[0] != pair[1])
}

fn label(cells: &[Cell]) -> String {
    let words =
        cells.iter().filter_map(|cell| if let Cell::Text(text) = cell { Some(&**text) } else { None });
    words.collect::<Vec<_>>().join(".")
}

/// Every unknown cell as `row.column`, with its reason.
fn gaps(table: &Table) -> Vec<(String, &str)> {
    let keys = key_columns(table);
    let mut found = Vec::new();
    for (number, row) in table.rows.iter().enumerate() {
        for (column, cell) in table.columns.iter().zip(row) {
            if let Some(value) = cell.value().filter(|value| machine::amount(value).is_none()) {
                let mut name = label(&row[..keys]);
                if name.is_empty() {
                    name = format!("row {}", number + 1);
                }
                found.push((
                    format!("{name}.{}", column.key),
                    value.reason().unwrap_or("not a finite number"),
                ));
            }
        }
    }
    found
}

/// What the table leaves out, with an entry `row.column: reason` for every unknown cell.
pub fn left_out_by_cell(table: &Table) -> Vec<String> {
    let by_cell = gaps(table).into_iter().map(|(cell, reason)| format!("{cell}: {reason}"));
    let mut seen = BTreeSet::new();
    let entries = table.left_out.iter().cloned().chain(by_cell);
    entries.filter(|entry| seen.insert(entry.clone())).collect()
}

/// What the table leaves out, then the reasons of unknown cells that it has not given, each once.
pub fn left_out_by_reason(table: &Table) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for (cell, reason) in gaps(table) {
        match reasons.iter_mut().find(|(had, _)| *had == reason) {
            Some((_, cells)) => cells.push(cell),
            None => reasons.push((reason, vec![cell])),
        }
    }
    let said = |reason: &str| table.left_out.iter().any(|entry| entry.contains(reason));
    let unsaid = reasons.iter().filter(|(reason, _)| !said(reason));
    let entries = unsaid.map(|(reason, cells)| format!("{}: {reason}", enumerated(cells)));
    table.left_out.iter().cloned().chain(entries).collect()
}

fn enumerated(cells: &[String]) -> String {
    match cells.len() {
        count if count <= NAMED + 1 => cells.join(", "),
        count => format!("{} and {} more", cells[..NAMED].join(", "), count - NAMED),
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
        assert_eq!(left_out_by_reason(&table(&rows)), ["a.irr, b.irr, c.irr, d.irr and 2 more: undated"]);
        let mut said = table(&rows);
        said.leave_out("cost of a: undated");
        assert_eq!(left_out_by_reason(&said), ["cost of a: undated"]);
        assert_eq!(left_out_by_cell(&said).len(), 7);
    }
}
