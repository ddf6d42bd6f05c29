//! One table to one Parquet file for data frames and databases: typed columns, null where there is nothing.
//!
//! Words and dates are UTF-8 text; a date stays ISO 8601 text, since a year or a month is not a day. A
//! column of numbers `x` is a nullable double in base units, with its unit as the field's metadata `unit`
//! where all its numbers share one. Beside it stand `x_unit` where rows have units of their own, always
//! `x_bound`, and `x_text` where some rows have words in the place of a number. An unknown amount and an
//! empty cell are null; the first has an entry in `left_out`.
//! The rest is the file's own metadata, under the names of the JSON format; lists are JSON text, and what
//! does not apply has no key. `columns` repeats titles and units for readers that skip Arrow's metadata.
//! The Arrow schema carries the same metadata again: pyarrow's `read_table` shows no other.
//!
//! Invariant: equal tables give equal bytes.
//! Absent: several tables in one file (they are several files: [`Format::one_table`]).

use crate::machine::{self, Siblings};
use crate::{Format, Style, gaps, json};
use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{DataType, Field, Metadata, Schema};
use keiretsu_values::{Cell, Column, Table};
use serde_json::json;
use std::sync::Arc;

/// The version of this tool.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `--format parquet`.
pub struct Parquet;

impl Format for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["parquet"]
    }

    fn one_table(&self) -> bool {
        true
    }

    fn write(&self, tables: &[Table], _: &Style) -> Vec<u8> {
        let [table] = tables else { panic!("a Parquet file holds one table, not {}", tables.len()) };
        let metadata = metadata(table);
        let properties = properties(&metadata);
        let batch = batch(table, metadata);
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))
            .expect("text and doubles have a place in Parquet");
        writer.write(&batch).expect("a write to memory does not fail");
        writer.into_inner().expect("a write to memory does not fail")
    }
}

fn batch(table: &Table, metadata: Metadata) -> RecordBatch {
    let siblings = machine::siblings(table);
    let columns = siblings.into_iter().enumerate().flat_map(|(at, beside)| columns(table, at, beside));
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
    // A table without columns has rows too, as far as Arrow knows.
    let options = RecordBatchOptions::new().with_row_count(Some(table.rows.len()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays, &options)
        .expect("every array has the type of its field and a value a row")
}

/// A column and what stands beside it.
fn columns(table: &Table, at: usize, beside: Siblings) -> Vec<(Field, ArrayRef)> {
    let column = &table.columns[at];
    let Some(bound_key) = beside.bound else { return vec![text(table, at, column.key.clone(), word)] };
    let mut columns = vec![numbers(table, at)];
    if let Some(key) = beside.unit {
        columns.push(text(table, at, key, |cell| machine::cell_unit(column, cell).map(machine::unit_name)));
    }
    let bound = |cell: &Cell| cell.value().and_then(machine::bound).map(str::to_owned);
    columns.push(text(table, at, bound_key, bound));
    if machine::cells(table, at).any(|cell| word(cell).is_some()) {
        columns.push(text(table, at, format!("{}_text", column.key), word));
    }
    columns
}

fn word(cell: &Cell) -> Option<String> {
    if let Cell::Text(text) = cell { Some(text.clone()) } else { None }
}

fn text(table: &Table, at: usize, key: String, of: impl Fn(&Cell) -> Option<String>) -> (Field, ArrayRef) {
    let array: StringArray = machine::cells(table, at).map(of).collect();
    (Field::new(key, DataType::Utf8, true), Arc::new(array))
}

fn numbers(table: &Table, at: usize) -> (Field, ArrayRef) {
    let Column { key, .. } = &table.columns[at];
    let array: Float64Array =
        machine::cells(table, at).map(|cell| cell.value().and_then(machine::amount)).collect();
    let field = Field::new(key, DataType::Float64, true);
    let field = match &machine::unit_names(table, at)[..] {
        [unit] => field.with_metadata([("unit", unit)]),
        _ => field,
    };
    (field, Arc::new(array))
}

fn properties(metadata: &Metadata) -> WriterProperties {
    let entries = metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    WriterProperties::builder()
        // The form in which the Parquet standard wants it, so that readers can parse it.
        .set_created_by(format!("keiretsu version {VERSION}"))
        .set_compression(Compression::SNAPPY)
        // Tables are of thousands of rows at most, one page a column: an index of pages finds nothing.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_key_value_metadata(Some(entries.collect()))
        .build()
}

/// What the reader must know beside the rows.
fn metadata(table: &Table) -> Metadata {
    let window = &table.window;
    let unless_empty = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let entries = [
        ("measure", Some(table.measure.clone())),
        ("title", Some(table.title.clone())),
        ("columns", Some(json::columns(table).to_string())),
        ("reading", table.reading.clone()),
        ("as_of", unless_empty(&window.as_of)),
        ("known_on", window.known_on.clone()),
        ("model_hash", unless_empty(&window.model_hash)),
        ("seed", window.simulation.map(|(seed, _)| seed.to_string())),
        ("paths", window.simulation.map(|(_, paths)| paths.to_string())),
        ("version", Some(VERSION.to_owned())),
        ("notes", Some(json!(table.notes).to_string())),
        ("assumptions", Some(json!(table.assumptions).to_string())),
        ("left_out", Some(json!(gaps::left_out_by_cell(table)).to_string())),
    ];
    entries.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}
