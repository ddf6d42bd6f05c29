//! Parquet files, read back with the reader of the crate that writes them.

use super::samples::{DOLLARS, compare, coverage, strategy, yearly};
use super::{Cell, Column, Style, Table, Unit, Value, by_name};
use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::file::metadata::RowGroupMetaData;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::{Field, Row};
use ::parquet::schema::types::Type;
use bytes::Bytes;
use std::collections::BTreeMap;

/// Contents of a file: its columns with type, its rows, and its metadata.
struct Read {
    header: Vec<String>,
    rows: Vec<String>,
    metadata: BTreeMap<String, String>,
    created_by: String,
}

impl Read {
    /// The unit of a column, as the metadata has it.
    fn unit(&self, key: &str) -> Option<String> {
        let columns: Vec<serde_json::Value> = serde_json::from_str(&self.metadata["columns"]).unwrap();
        let column = columns.iter().find(|column| column["key"] == key).unwrap();
        column["unit"].as_str().map(str::to_owned)
    }
}

fn bytes(table: &Table) -> Vec<u8> {
    by_name("parquet").unwrap().write(std::slice::from_ref(table), &Style::default())
}

fn read(table: &Table) -> Read {
    let reader = SerializedFileReader::new(Bytes::from(bytes(table))).unwrap();
    let mut chunks = reader.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns);
    assert!(chunks.all(|chunk| chunk.compression() == Compression::SNAPPY));
    let file = reader.metadata().file_metadata();
    let entries = file.key_value_metadata().into_iter().flatten();
    let metadata = entries.map(|entry| (entry.key.clone(), entry.value.clone().unwrap())).collect();
    let header = file.schema().get_fields().iter().map(|field| headed(field)).collect();
    let rows: Vec<String> = reader.get_row_iter(None).unwrap().map(|row| line(&row.unwrap())).collect();
    assert_eq!(file.num_rows(), rows.len() as i64);
    Read { header, rows, metadata, created_by: file.created_by().unwrap().to_owned() }
}

fn headed(field: &Type) -> String {
    let info = field.get_basic_info();
    assert_eq!(info.repetition(), Repetition::OPTIONAL, "{field:?}");
    let kind = match (field.get_physical_type(), info.logical_type_ref()) {
        (Physical::BYTE_ARRAY, Some(LogicalType::String)) => "",
        (Physical::DOUBLE, None) => ":f64",
        other => panic!("{other:?} is no type of ours"),
    };
    format!("{}{kind}", field.name())
}

fn line(row: &Row) -> String {
    let shown = row.get_column_iter().map(|(_, field)| match field {
        Field::Null => "null".to_owned(),
        Field::Str(words) => format!("{words:?}"),
        Field::Double(amount) => amount.to_string(),
        other => panic!("{other} is no value of ours"),
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn amounts_bounds_and_unknowns_read_back() {
    let read = read(&coverage());
    let header = "pair paid:f64 paid_bound paid_low:f64 paid_high:f64 paid_state contracted_back:f64 \
                  contracted_back_bound contracted_back_low:f64 contracted_back_high:f64 \
                  contracted_back_state coverage:f64 coverage_bound coverage_low:f64 coverage_high:f64 \
                  coverage_state";
    assert_eq!(read.header.join(" "), header);
    let units = ["pair", "paid", "contracted_back", "coverage"].map(|key| read.unit(key));
    assert_eq!(units.each_ref().map(Option::as_deref), [None, Some("USD"), Some("USD"), Some("x")]);
    let rows = [
        r#""amazon in anthropic" 13000000000 "=" 13000000000 13000000000 "known" 100000000000 "≥" 100000000000 null "known" 7.6923 "≥" 7.6923 null "known""#,
        r#""microsoft in openai" 13800000000 "=" 13800000000 13800000000 "known" 250000000000 "=" 250000000000 250000000000 "known" 18.1159420289855 null null null "known""#,
        r#""google in anthropic" 3000000000 "~" 3000000000 3000000000 "known" 0 "=" 0 0 "known" null null null null "unknown""#,
    ];
    assert_eq!(read.rows, rows);
}

#[test]
fn rows_with_units_of_their_own_name_them() {
    let mut table = compare();
    let unknown = Cell::Value(Value::unknown("undisclosed"));
    table.push(vec![Cell::text("power to come"), Cell::Unit(Unit::Power), unknown, Cell::Empty]);
    let read = read(&table);
    let header = "question unit amazon:f64 amazon_bound amazon_low:f64 amazon_high:f64 amazon_state \
                  microsoft:f64 microsoft_bound microsoft_low:f64 microsoft_high:f64 microsoft_state";
    assert_eq!(read.header.join(" "), header);
    assert_eq!(read.unit("microsoft"), None);
    let known = r#""capacity promised" "GW" 5 "=" 5 5 "known" 1.5 "=" 1.5 1.5 "known""#;
    assert_eq!(read.rows[3], known);
    let unknown = r#""power to come" "GW" null null null null "unknown" null null null null "none""#;
    assert_eq!(read.rows[4], unknown);
}

#[test]
fn dates_stay_text_and_empty_is_null() {
    let mut table = Table::new("a", "A", vec![Column::date("day"), Column::number("paid", DOLLARS)]);
    for day in ["2026-05-01", "2026-05", "2026", ""] {
        table.push(vec![Cell::text(day), Cell::Empty]);
    }
    table.push(vec![Cell::Empty, Cell::exact(-0.1)]);
    let rows = [
        r#""2026-05-01" null null null null "none""#,
        r#""2026-05" null null null null "none""#,
        r#""2026" null null null null "none""#,
        r#""" null null null null "none""#,
        r#"null -0.1 "=" -0.1 -0.1 "known""#,
    ];
    assert_eq!(read(&table).rows, rows);
}

#[test]
fn what_stands_beside_the_rows_is_metadata() {
    let mut read = read(&strategy());
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
    assert_eq!(keys.join(" "), "assumptions columns known_on left_out measure notes title version");
}

#[test]
fn tables_without_rows_or_columns_are_files_too() {
    let table = Table::new("a", "A", vec![Column::text("x"), Column::number("paid", DOLLARS)]);
    let empty = read(&table);
    assert_eq!(empty.header.join(" "), "x paid:f64 paid_bound paid_low:f64 paid_high:f64 paid_state");
    assert_eq!(empty.unit("paid").as_deref(), Some("USD"));
    assert!(empty.rows.is_empty());
    assert_eq!(empty.metadata["left_out"], "[]");
    let mut bare = Table { measure: "a".into(), ..Table::default() };
    for rows in [0, 2] {
        bare.rows = vec![Vec::new(); rows];
        let read = read(&bare);
        assert!(read.header.is_empty() && read.rows.is_empty());
        assert_eq!(read.metadata["measure"], "a");
    }
}

#[test]
fn a_column_of_nulls_and_words_of_any_script_read_back() {
    let mut table = Table::new("a", "A", vec![Column::text("x"), Column::number("paid", DOLLARS)]);
    for word in ["三菱", "é\n\0"] {
        table.push(vec![Cell::text(word), Cell::Empty]);
    }
    let rows = [r#""三菱" null null null null "none""#, r#""é\n\0" null null null null "none""#];
    assert_eq!(read(&table).rows, rows);
    table.rows = vec![vec![Cell::Empty, Cell::Empty]; 2_000];
    assert_eq!(read(&table).rows, vec![r#"null null null null null "none""#; 2_000]);
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
    assert_eq!(names("json", &tables), ["returns.json"]);
    assert_eq!(names("csv", &tables), ["returns.csv", "returns-2.csv", "returns-3.csv"]);
    assert_eq!(names("parquet", &tables), ["returns.parquet", "returns-2.parquet", "returns-3.parquet"]);
    assert_eq!(names("parquet", &tables[..1]), ["returns.parquet"]);
    assert!(names("parquet", &[]).is_empty());
    assert_eq!(crate::files(by_name("parquet").unwrap(), "a", &tables)[1].1, bytes(&yearly()));
}
