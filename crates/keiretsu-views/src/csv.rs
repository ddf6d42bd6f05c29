//! Tables to CSV (RFC 4180) for spreadsheets and data frames: one header line of keys, amounts in base units.
//!
//! Every column of numbers `x` is followed by `x_bound`, `x_low`, `x_high` and `x_state` (`known`, `unknown`,
//! or `none` where nothing applies), every column of parties by `x_id`, every column of stretches of time by
//! `x_months`: the shape of a table does not hang on its rows. Where rows have units of their own, a column
//! `unit` names them. An unknown amount is the word `unknown`, and an empty field is empty. Several tables
//! follow each other with an empty line between them, each with its own header. Words that a spreadsheet
//! would run as a formula get an apostrophe in front, and so do words that begin with apostrophes before
//! such a sign: taking one away gives the words back. Characters that would not be seen stand as
//! `<U+202E>`. `csv-raw` does neither, for programs that run no formulas. Absent: title, notes, assumptions
//! and reasons; JSON has them.

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
        record(&mut writer, &row(&siblings, cells, words));
    }
    writer.into_inner().expect("a write to memory does not fail")
}

fn record(writer: &mut Writer<Vec<u8>>, fields: &[String]) {
    writer.write_record(fields).expect("a write to memory does not fail, and all records have one length");
}

fn header(columns: &[Column], siblings: &[Siblings], words: Words) -> Vec<String> {
    let mut keys = Vec::new();
    for (column, beside) in columns.iter().zip(siblings) {
        keys.push(words(&column.key));
        keys.extend(beside.id.iter().chain(&beside.months).map(|key| words(key)));
        if let Some(numbers) = &beside.numbers {
            keys.extend(
                [&numbers.bound, &numbers.ends[0], &numbers.ends[1], &numbers.state].map(|key| words(key)),
            );
        }
    }
    keys
}

fn row(siblings: &[Siblings], cells: &[Cell], words: Words) -> Vec<String> {
    let mut fields = Vec::new();
    for (beside, cell) in siblings.iter().zip(cells) {
        fields.push(field(cell, words));
        if beside.id.is_some() {
            fields.push(words(machine::id(cell).unwrap_or_default()));
        }
        if beside.months.is_some() {
            fields.push(plain(machine::months(cell)));
        }
        if beside.numbers.is_some() {
            let value = cell.value();
            fields.push(value.and_then(machine::bound).unwrap_or_default().to_owned());
            fields.extend(value.map_or([None; 2], machine::ends).map(plain));
            fields.push(machine::state(cell).to_owned());
        }
    }
    fields
}

fn field(cell: &Cell, words: Words) -> String {
    match cell.value() {
        Some(value) => number(value),
        None => machine::words(cell).map(|text| words(&text)).unwrap_or_default(),
    }
}

fn plain(number: Option<f64>) -> String {
    number.map(|number| format!("{number}")).unwrap_or_default()
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
