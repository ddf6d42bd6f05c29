//! Tables to CSV (RFC 4180) for spreadsheets and data frames: one header line of keys, amounts in base units.
//!
//! Every column of numbers `x` is followed by `x_bound`, always, so that the shape of a measure's table does
//! not hang on its numbers; between them stands `x_unit` where rows have units of their own. An unknown
//! amount is the word `unknown`, and an empty field is empty. Several tables follow each other with an empty
//! line between them, each with its own header. Words that a spreadsheet would run as a formula get an
//! apostrophe in front, and so do words that begin with apostrophes before such a sign: taking one away gives
//! the words back. Characters that would not be seen stand as `<U+202E>`. `csv-raw` does neither, for
//! programs that run no formulas. Absent: title, notes, assumptions and reasons; JSON has them.

use crate::machine::{self, Siblings};
use crate::{Format, Style, amount::UNKNOWN, visible};
use ::csv::{Terminator, Writer, WriterBuilder};
use keiretsu_values::{Cell, Column, Table, Value};

/// `--format csv`: for people's spreadsheets.
pub struct Csv;
/// `--format csv-raw`: for programs, with words as they are.
pub struct Raw;

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
        all(tables, harmless)
    }
}

impl Format for Raw {
    fn name(&self) -> &'static str {
        "csv-raw"
    }

    fn extensions(&self) -> &'static [&'static str] {
        Csv.extensions()
    }

    fn one_table(&self) -> bool {
        true
    }

    fn write(&self, tables: &[Table], _: &Style) -> Vec<u8> {
        all(tables, str::to_owned)
    }
}

fn all(tables: &[Table], words: Words) -> Vec<u8> {
    let one = |table: &Table| one(&machine::settled(table), words);
    tables.iter().map(one).collect::<Vec<_>>().join(&b"\r\n"[..])
}

/// How words stand in a field.
type Words = fn(&str) -> String;

fn one(table: &Table, words: Words) -> Vec<u8> {
    let siblings = machine::siblings(table);
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    record(&mut writer, &header(&table.columns, &siblings, words));
    for cells in &table.rows {
        record(&mut writer, &row(&table.columns, &siblings, cells, words));
    }
    writer.into_inner().expect("a write to memory does not fail")
}

fn record(writer: &mut Writer<Vec<u8>>, fields: &[String]) {
    writer.write_record(fields).expect("a write to memory does not fail, and all records have one length");
}

fn header(columns: &[Column], siblings: &[Siblings], words: Words) -> Vec<String> {
    let keys = |(column, beside): (&Column, &Siblings)| {
        [Some(column.key.clone()), beside.unit.clone(), beside.bound.clone()]
    };
    columns.iter().zip(siblings).flat_map(keys).flatten().map(|key| words(&key)).collect()
}

fn row(columns: &[Column], siblings: &[Siblings], cells: &[Cell], words: Words) -> Vec<String> {
    let mut fields = Vec::new();
    for ((column, beside), cell) in columns.iter().zip(siblings).zip(cells) {
        fields.push(field(cell, words));
        if beside.unit.is_some() {
            fields.push(machine::cell_unit(column, cell).map(machine::unit_name).unwrap_or_default());
        }
        if beside.bound.is_some() {
            fields.push(cell.value().and_then(machine::bound).unwrap_or_default().to_owned());
        }
    }
    fields
}

fn field(cell: &Cell, words: Words) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => words(text),
        Cell::Value(value) | Cell::Measured(value, _) => number(value),
    }
}

/// The shortest decimal that reads back as the same f64, which is settled.
fn number(value: &Value) -> String {
    machine::amount(value).map_or(UNKNOWN.to_owned(), |amount| format!("{amount}"))
}

/// Text that no spreadsheet takes for a formula (OWASP, "CSV injection"), and in which nothing is hidden.
fn harmless(text: &str) -> String {
    const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let guard = if text.trim_start_matches('\'').starts_with(SIGNS) { "'" } else { "" };
    format!("{guard}{}", visible(text))
}
