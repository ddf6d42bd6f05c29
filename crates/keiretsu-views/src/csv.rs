//! Tables to CSV (RFC 4180) for spreadsheets and data frames: one header line of keys, amounts in base units.
//!
//! Every column of numbers `x` is followed by `x_bound`, always, so that the shape of a measure's table does
//! not hang on its numbers; between them stands `x_unit` where rows have units of their own. An unknown
//! amount is the word `unknown`, and an empty field is empty. Several tables follow each other with an empty
//! line between them, each with its own header.
//! Words that a spreadsheet would run as a formula get an apostrophe in front.
//! Absent: title, notes, assumptions and reasons; JSON has them.

use crate::machine::{self, Siblings};
use crate::{Format, Style, amount::UNKNOWN};
use ::csv::{Terminator, Writer, WriterBuilder};
use keiretsu_values::{Cell, Column, Table, Value};

/// `--format csv`.
pub struct Csv;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["csv"]
    }

    fn one_table(&self) -> bool {
        true
    }

    fn write(&self, tables: &[Table], _: &Style) -> Vec<u8> {
        tables.iter().map(one).collect::<Vec<_>>().join(&b"\r\n"[..])
    }
}

fn one(table: &Table) -> Vec<u8> {
    let siblings = machine::siblings(table);
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    record(&mut writer, &header(&table.columns, &siblings));
    for cells in &table.rows {
        record(&mut writer, &row(&table.columns, &siblings, cells));
    }
    writer.into_inner().expect("a write to memory does not fail")
}

fn record(writer: &mut Writer<Vec<u8>>, fields: &[String]) {
    writer.write_record(fields).expect("a write to memory does not fail, and all records have one length");
}

fn header(columns: &[Column], siblings: &[Siblings]) -> Vec<String> {
    let keys = |(column, beside): (&Column, &Siblings)| {
        [Some(column.key.clone()), beside.unit.clone(), beside.bound.clone()]
    };
    columns.iter().zip(siblings).flat_map(keys).flatten().map(|key| harmless(&key)).collect()
}

fn row(columns: &[Column], siblings: &[Siblings], cells: &[Cell]) -> Vec<String> {
    let mut fields = Vec::new();
    for ((column, beside), cell) in columns.iter().zip(siblings).zip(cells) {
        fields.push(field(cell));
        if beside.unit.is_some() {
            fields.push(machine::cell_unit(column, cell).map(machine::unit_name).unwrap_or_default());
        }
        if beside.bound.is_some() {
            fields.push(cell.value().and_then(machine::bound).unwrap_or_default().to_owned());
        }
    }
    fields
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Value(value) | Cell::Measured(value, _) => number(value),
    }
}

/// The shortest decimal that reads back as the same f64.
fn number(value: &Value) -> String {
    machine::amount(value).map_or(UNKNOWN.to_owned(), |amount| format!("{amount}"))
}

/// Text that no spreadsheet takes for a formula (OWASP, "CSV injection").
fn harmless(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("{guard}{text}")
}
