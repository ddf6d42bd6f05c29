//! One table to one Parquet file for data frames and databases: typed columns, null where there is nothing.
//!
//! Words and dates are UTF-8 text; a date stays ISO 8601 text, since a year or a month is not a day. A
//! column of numbers `x` is a nullable double in base units. Beside it stand `x_bound`, `x_low`, `x_high` and
//! `x_state` (`known`, `unknown`, or `none` where nothing applies), beside a column of parties `x_id`, beside
//! stretches of time `x_months`. Where rows have units of their own, a column `unit` names them. An unknown
//! amount and an empty cell are null; the first has an entry in `left_out`.
//! The rest is the file's own metadata, under the names of the JSON format; lists are JSON text, and what
//! does not apply has no key. `columns` has titles and units: Parquet keeps nothing of the kind by field.
//!
//! Invariant: equal tables give equal bytes. A table without columns is a file without rows.
//! Absent: several tables in one file (they are several files: [`Format::one_table`]).

use crate::machine::{self, Siblings};
use crate::{Format, Style, gaps, json};
use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::column::writer::ColumnWriterImpl;
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType};
use ::parquet::errors::Result;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::{Type, TypePtr};
use keiretsu_values::{Cell, Table};
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

    fn is_binary(&self) -> bool {
        true
    }

    fn write(&self, tables: &[Table], _: &Style) -> Vec<u8> {
        let [table] = tables else { panic!("a Parquet file holds one table, not {}", tables.len()) };
        file(&machine::settled(table)).expect("a write to memory does not fail")
    }
}

/// A column of the file.
struct Field {
    name: String,
    values: Values,
}

/// A value a row, or null.
enum Values {
    Text(Vec<Option<ByteArray>>),
    Numbers(Vec<Option<f64>>),
}

fn file(table: &Table) -> Result<Vec<u8>> {
    let siblings = machine::siblings(table).into_iter().enumerate();
    let fields: Vec<Field> = siblings.flat_map(|(at, beside)| fields(table, at, beside)).collect();
    let properties = Arc::new(properties(metadata(table)));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema(&fields)?, properties)?;
    // A group without rows or without columns holds nothing, and readers differ on it.
    if !fields.is_empty() && !table.rows.is_empty() {
        write_rows(&mut writer, &fields)?;
    }
    writer.into_inner()
}

fn schema(fields: &[Field]) -> Result<TypePtr> {
    let fields = fields.iter().map(field_type).collect::<Result<_>>()?;
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

fn field_type(field: &Field) -> Result<TypePtr> {
    let (physical, logical) = match field.values {
        Values::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Values::Numbers(_) => (Physical::DOUBLE, None),
    };
    let leaf = Type::primitive_type_builder(&field.name, physical).with_logical_type(logical);
    Ok(Arc::new(leaf.with_repetition(Repetition::OPTIONAL).build()?))
}

/// Writes all rows, as one group.
fn write_rows(writer: &mut SerializedFileWriter<Vec<u8>>, fields: &[Field]) -> Result<()> {
    let mut group = writer.next_row_group()?;
    for field in fields {
        let mut column = group.next_column()?.expect("the schema has every field");
        match &field.values {
            Values::Text(values) => write_values::<ByteArrayType>(column.typed(), values)?,
            Values::Numbers(values) => write_values::<DoubleType>(column.typed(), values)?,
        }
        column.close()?;
    }
    group.close()?;
    Ok(())
}

fn write_values<T: DataType>(writer: &mut ColumnWriterImpl<'_, T>, values: &[Option<T::T>]) -> Result<()> {
    let there: Vec<T::T> = values.iter().flatten().cloned().collect();
    // The definition level of a value of an optional column is 1, of a null 0.
    let levels: Vec<i16> = values.iter().map(|value| value.is_some().into()).collect();
    writer.write_batch(&there, Some(&levels), None)?;
    Ok(())
}

/// A column of the table and its siblings.
fn fields(table: &Table, at: usize, beside: Siblings) -> Vec<Field> {
    let key = table.columns[at].key.clone();
    let Some(names) = beside.numbers else {
        let mut fields = vec![text(table, at, key, machine::words)];
        fields
            .extend(beside.id.map(|name| text(table, at, name, |cell| machine::id(cell).map(str::to_owned))));
        fields.extend(beside.months.map(|name| numbers(table, at, name, machine::months)));
        return fields;
    };
    let mut fields = vec![numbers(table, at, key, |cell| machine::amount(cell.value()?))];
    let bound = |cell: &Cell| cell.value().and_then(machine::bound).map(str::to_owned);
    fields.push(text(table, at, names.bound, bound));
    for (end, name) in names.ends.into_iter().enumerate() {
        fields.push(numbers(table, at, name, |cell| machine::ends(cell.value()?)[end]));
    }
    fields.push(text(table, at, names.state, |cell| Some(machine::state(cell).to_owned())));
    fields
}

fn text(table: &Table, at: usize, name: String, of: impl Fn(&Cell) -> Option<String>) -> Field {
    let values = machine::cells(table, at).map(|cell| of(cell).map(|text| text.into_bytes().into()));
    Field { name, values: Values::Text(values.collect()) }
}

fn numbers(table: &Table, at: usize, name: String, of: impl Fn(&Cell) -> Option<f64>) -> Field {
    Field { name, values: Values::Numbers(machine::cells(table, at).map(of).collect()) }
}

fn properties(metadata: Vec<KeyValue>) -> WriterProperties {
    WriterProperties::builder()
        // The form in which the Parquet standard wants it, so that readers can parse it.
        .set_created_by(format!("keiretsu version {VERSION}"))
        .set_compression(Compression::SNAPPY)
        // Tables are of thousands of rows at most, one page a column: an index of pages finds nothing.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_key_value_metadata(Some(metadata))
        .build()
}

/// Notes, units and other metadata of the table.
fn metadata(table: &Table) -> Vec<KeyValue> {
    let window = &table.window;
    let unless_empty = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let entries = [
        ("measure", Some(table.measure.clone())),
        ("table", unless_empty(table.name)),
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
    entries.into_iter().filter_map(|(key, value)| Some(KeyValue::new(key.to_owned(), value?))).collect()
}
