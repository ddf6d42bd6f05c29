//! Parquet files, read back with the reader of the crate that writes them.

use super::samples::{DOLLARS, compare, coverage, strategy, yearly};
use super::{Cell, Column, Style, Table, Unit, Value, by_name};
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_schema::{DataType, Field};
use bytes::Bytes;
use std::collections::BTreeMap;

/// What a file holds: its columns with type and unit, its rows, and its metadata.
struct Read {
    header: Vec<String>,
    rows: Vec<String>,
    metadata: BTreeMap<String, String>,
    created_by: String,
}

fn bytes(table: &Table) -> Vec<u8> {
    by_name("parquet").unwrap().write(std::slice::from_ref(table), &Style::default())
}

fn read(table: &Table) -> Read {
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes(table))).unwrap();
    let file = builder.metadata().file_metadata().clone();
    let entries = file.key_value_metadata().into_iter().flatten();
    let metadata: BTreeMap<String, String> =
        entries.map(|entry| (entry.key.clone(), entry.value.clone().unwrap())).collect();
    let ours = metadata.iter().filter(|(key, _)| *key != "ARROW:schema");
    assert!(ours.eq(builder.schema().metadata().iter()), "the schema has the file's metadata");
    let header = builder.schema().fields().iter().map(|field| headed(field)).collect();
    let batches = builder.build().unwrap().map(Result::unwrap);
    let rows =
        batches.flat_map(|batch| (0..batch.num_rows()).map(|row| line(&batch, row)).collect::<Vec<_>>());
    Read { header, rows: rows.collect(), metadata, created_by: file.created_by().unwrap().to_owned() }
}

fn headed(field: &Field) -> String {
    assert!(field.is_nullable(), "{field}");
    let kind = match field.data_type() {
        DataType::Utf8 => "",
        DataType::Float64 => ":f64",
        other => panic!("{other} is no type of ours"),
    };
    let unit = field.metadata().get("unit").map(|unit| format!("[{unit}]")).unwrap_or_default();
    format!("{}{kind}{unit}", field.name())
}

fn line(batch: &RecordBatch, row: usize) -> String {
    let shown = batch.columns().iter().map(|array| match array.as_string_opt::<i32>() {
        _ if array.is_null(row) => "null".to_owned(),
        Some(words) => format!("{:?}", words.value(row)),
        None => array.as_primitive::<Float64Type>().value(row).to_string(),
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn amounts_bounds_and_unknowns_read_back() {
    let read = read(&coverage());
    let header = "pair paid:f64[USD] paid_bound contracted_back:f64[USD] contracted_back_bound \
                  coverage:f64[x] coverage_bound";
    assert_eq!(read.header.join(" "), header);
    let rows = [
        r#""amazon in anthropic" 13000000000 "=" 100000000000 "≥" 7.6923 "≥""#,
        r#""microsoft in openai" 13800000000 "=" 250000000000 "=" 18.115942028985508 null"#,
        r#""google in anthropic" 3000000000 "~" 0 "=" null null"#,
    ];
    assert_eq!(read.rows, rows);
}

#[test]
fn rows_with_units_of_their_own_have_them_beside_and_words_are_kept() {
    let mut table = compare();
    let none = Cell::Measured(Value::unknown("undisclosed"), Unit::Power);
    table.push(vec![Cell::text("seat on the board"), none, Cell::text("given up")]);
    let read = read(&table);
    let header = "question amazon:f64 amazon_unit amazon_bound microsoft:f64 microsoft_unit microsoft_bound \
                  microsoft_text";
    assert_eq!(read.header.join(" "), header);
    assert_eq!(read.rows[3], r#""capacity promised" 5 "GW" "=" 1.5 "GW" "=" null"#);
    assert_eq!(read.rows[4], r#""seat on the board" null "GW" null null null null "given up""#);
}

#[test]
fn dates_stay_text_and_empty_is_null() {
    let mut table = Table::new("a", "A", vec![Column::date("day"), Column::number("paid", DOLLARS)]);
    for day in ["2026-05-01", "2026-05", "2026", ""] {
        table.push(vec![Cell::text(day), Cell::Empty]);
    }
    table.push(vec![Cell::Empty, Cell::exact(-0.1)]);
    let rows = [
        r#""2026-05-01" null null"#,
        r#""2026-05" null null"#,
        r#""2026" null null"#,
        r#""" null null"#,
        r#"null -0.1 "=""#,
    ];
    assert_eq!(read(&table).rows, rows);
}

#[test]
fn what_stands_beside_the_rows_is_metadata() {
    let mut read = read(&strategy());
    assert!(read.metadata.remove("ARROW:schema").is_some());
    let columns: serde_json::Value = serde_json::from_str(&read.metadata.remove("columns").unwrap()).unwrap();
    assert_eq!(columns[7]["title"], "stake value (mark, unrealised)");
    assert_eq!(columns[7]["unit"], "USD");
    let left_out: Vec<String> = serde_json::from_str(&read.metadata.remove("left_out").unwrap()).unwrap();
    assert_eq!(left_out[0], "google: credits given to start-ups are undisclosed");
    assert_eq!(left_out[1], "google.firm.stake_value: holding is undisclosed");
    let version = env!("CARGO_PKG_VERSION");
    let note =
        "Losses are shown before guarantees; what can be resold is taken at the price of the factor compute.";
    let expected = [
        ("as_of", "2026-05-01"),
        ("assumptions", r#"["openai-azure: the $250bn is a total, without a minimum by year"]"#),
        ("measure", "compare"),
        ("model_hash", "b3f1"),
        ("notes", &serde_json::json!([note]).to_string()),
        ("paths", "10000"),
        ("seed", "1"),
        ("title", "Strategies side by side"),
        ("version", version),
    ];
    let read_back: Vec<(&str, &str)> = read.metadata.iter().map(|(key, value)| (&**key, &**value)).collect();
    assert_eq!(read_back, expected);
    assert_eq!(read.created_by, format!("keiretsu version {version}"));
}

#[test]
fn what_does_not_apply_has_no_key() {
    let mut table = yearly();
    assert_eq!(read(&table).metadata["reading"], "firm");
    table.window = keiretsu_values::Window { known_on: Some("2026-04-30".into()), ..Default::default() };
    table.reading = None;
    let keys: Vec<String> = read(&table).metadata.into_keys().collect();
    let expected = "ARROW:schema assumptions columns known_on left_out measure notes title version";
    assert_eq!(keys.join(" "), expected);
}

#[test]
fn tables_without_rows_or_columns_are_files_too() {
    let table = Table::new("a", "A", vec![Column::text("x"), Column::number("paid", DOLLARS)]);
    let empty = read(&table);
    assert_eq!(empty.header.join(" "), "x paid:f64[USD] paid_bound");
    assert!(empty.rows.is_empty());
    assert_eq!(empty.metadata["left_out"], "[]");
    assert!(read(&Table::default()).header.is_empty());
}

#[test]
fn equal_tables_give_equal_bytes() {
    for table in [strategy, yearly, compare, coverage, Table::default] {
        assert!(bytes(&table()) == bytes(&table()), "{}", table().title);
    }
}

#[test]
fn several_tables_are_several_files() {
    let names = |format: &str, tables: &[Table]| -> Vec<String> {
        let files = crate::files(by_name(format).unwrap(), "returns", tables);
        files.into_iter().map(|(name, _)| name).collect()
    };
    let tables = [coverage(), yearly(), compare()];
    assert_eq!(names("csv", &tables), ["returns.csv"]);
    assert_eq!(names("parquet", &tables), ["returns.parquet", "returns-2.parquet", "returns-3.parquet"]);
    assert_eq!(names("parquet", &tables[..1]), ["returns.parquet"]);
    assert!(names("parquet", &[]).is_empty());
    assert_eq!(crate::files(by_name("parquet").unwrap(), "a", &tables)[1].1, bytes(&yearly()));
}
