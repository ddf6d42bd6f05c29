//! Tables to JSON for machines: amounts in base units to 15 digits, every unknown with its reason.
//!
//! One table is one object, several are an array. Beside every column of numbers `x` stand `x_bound` (`=`,
//! `~`, `≥`, `≤`, `≳`, `≲`; null where no bound holds or the amount is unknown), `x_low` and `x_high` (what
//! is possible; null where it is open), `x_state` (`known`, `unknown`, or `none` where nothing applies) and,
//! where it is unknown, `x_reason`. Beside a column of parties stands `x_id`, beside stretches of time
//! `x_months`. Where rows have units of their own, a column `unit` names them.
//!
//! `findings` are what the measure says first: each a sentence (`text`) with its `numbers`, and of each
//! number its `address`, as `explain` reads it, and what the table has there.
//!
//! `totals` are the sums over the rows, one for each reading, where rows may be added: no row is one of them.
//!
//! Where people see things of one column side by side, `rows` are what they see, and `relation` has the
//! columns and rows as every program gets them: the same columns whatever the model.

use crate::machine::{self, Numbers, Siblings};
use crate::{Format, Style, finding, gaps, is_hidden, people};
use keiretsu_values::{Cell, Column, Table, Value};
use serde_json::{Map, Value as Tree, json};

/// `--format json`.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn write(&self, tables: &[Table], _: &Style) -> Vec<u8> {
        shown(&format!("{:#}\n", whole(tables))).into_bytes()
    }
}

/// The same JSON on one line, for other programs alone.
pub fn compact(tables: &[Table]) -> String {
    shown(&whole(tables).to_string())
}

fn whole(tables: &[Table]) -> Tree {
    let settled: Vec<Table> = tables.iter().map(machine::settled).collect();
    let object = |table: &Table| object(table, &settled);
    match tables {
        [table] => object(table),
        tables => tables.iter().map(object).collect(),
    }
}

/// The same JSON in which no character is hidden: in JSON, these stand nowhere but in strings.
fn shown(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter != '\n' && is_hidden(letter) {
            let parts = letter
                .encode_utf16(&mut [0; 2])
                .iter()
                .map(|part| format!("\\u{part:04x}"))
                .collect::<String>();
            shown += &parts;
        } else {
            shown.push(letter);
        }
    }
    shown
}

fn object(table: &Table, all: &[Table]) -> Tree {
    let window = &table.window;
    let seen = table.pivot.map(|_| machine::settled(&people::laid_out(table)));
    let table = &machine::settled(table);
    let shown = seen.as_ref().unwrap_or(table);
    let mut object = Map::new();
    let mut put = |key: &str, value: Tree| object.insert(key.to_owned(), value);
    put("measure", json!(table.measure));
    put("table", unless_empty(table.name));
    put("title", json!(table.title));
    put("findings", finding::json(&table.findings, all));
    put("unit", common((0..table.columns.len()).flat_map(|at| machine::unit_names(table, at))));
    put("columns", columns(shown));
    put("rows", rows(shown));
    let totals = Table { rows: table.totals(), ..table.clone() };
    if !totals.rows.is_empty() {
        put("totals", rows(&totals));
    }
    if seen.is_some() {
        put("relation", json!({ "columns": columns(table), "rows": rows(table) }));
    }
    if let Some(reading) = &table.reading {
        put("reading", json!(reading));
    }
    put("as_of", unless_empty(&window.as_of));
    put("known_on", json!(window.known_on));
    put("model_hash", unless_empty(&window.model_hash));
    if let Some((seed, paths)) = window.simulation {
        put("seed", json!(seed));
        put("paths", json!(paths));
    }
    put("version", json!(env!("CARGO_PKG_VERSION")));
    put("notes", json!(table.notes));
    put("assumptions", json!(table.assumptions));
    put("left_out", json!(gaps::left_out_by_cell(shown)));
    Tree::Object(object)
}

/// Description of each column: its key, its title, its kind and its unit.
pub fn columns(table: &Table) -> Tree {
    (0..table.columns.len()).map(|at| column(table, at)).collect()
}

fn unless_empty(text: &str) -> Tree {
    if text.is_empty() { Tree::Null } else { json!(text) }
}

/// The one unit that all have, or null.
fn common(mut units: impl Iterator<Item = String>) -> Tree {
    let first = units.next();
    if units.all(|unit| Some(&unit) == first.as_ref()) { json!(first) } else { Tree::Null }
}

fn column(table: &Table, at: usize) -> Tree {
    let Column { key, title, kind, .. } = &table.columns[at];
    let unit = common(machine::unit_names(table, at).into_iter());
    json!({ "key": key, "title": title, "kind": machine::kind_name(*kind), "unit": unit })
}

fn rows(table: &Table) -> Tree {
    let siblings = machine::siblings(table);
    table.rows.iter().map(|cells| row(table, &siblings, cells)).collect()
}

fn row(table: &Table, siblings: &[Siblings], cells: &[Cell]) -> Tree {
    let mut row = Map::new();
    for ((column, beside), cell) in table.columns.iter().zip(siblings).zip(cells) {
        let shown = cell.value().map_or_else(|| json!(machine::words(cell)), number);
        let had = row.insert(column.key.clone(), shown);
        assert!(had.is_none(), "two columns of `{}` have the key `{}`", table.measure, column.key);
        if let Some(key) = &beside.id {
            row.insert(key.clone(), json!(machine::id(cell)));
        }
        if let Some(key) = &beside.months {
            row.insert(key.clone(), machine::months(cell).map_or(Tree::Null, plain));
        }
        if let Some(names) = &beside.numbers {
            numbers(&mut row, column, names, cell);
        }
    }
    Tree::Object(row)
}

/// The companions of a number.
fn numbers(row: &mut Map<String, Tree>, column: &Column, names: &Numbers, cell: &Cell) {
    let value = cell.value();
    row.insert(names.bound.clone(), json!(value.and_then(machine::bound)));
    for (at, key) in names.ends.iter().enumerate() {
        let end = value.and_then(|value| machine::ends(value)[at]);
        row.insert(key.clone(), end.map_or(Tree::Null, plain));
    }
    let state = machine::state(cell);
    row.insert(names.state.clone(), json!(state));
    if state == "unknown" {
        let reason = value.and_then(Value::reason).unwrap_or("not a finite number");
        row.insert(format!("{}_reason", column.key), json!(reason));
    }
}

/// A settled amount that reads back as the same f64; whole numbers without a point, up to where f64 has them
/// all.
fn number(value: &Value) -> Tree {
    machine::amount(value).map_or(Tree::Null, plain)
}

pub fn plain(amount: f64) -> Tree {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    let is_whole = amount.abs() <= WHOLE && amount.fract().abs() <= 0.0;
    if is_whole { json!(amount as i64) } else { json!(amount) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_back_as_they_were() {
        for amount in [13e9, 0.1, 1.0 / 3.0, -2.5e-310, 1.797e308, 9.1e15, 123_456_789.123_456_79] {
            let written = number(&Value::exact(amount)).to_string();
            assert_eq!(written.parse::<f64>().map(f64::to_bits), Ok(amount.to_bits()), "{written}");
        }
        assert_eq!(number(&Value::exact(13e9)).to_string(), "13000000000");
        assert_eq!(number(&Value::exact(-0.0)).to_string(), "0");
    }
}
