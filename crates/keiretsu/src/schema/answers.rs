//! The declared tables of answers to JSON: the same for every face and every model.

use keiretsu_measures::MEASURES;
use keiretsu_measures::measures::{changes, rests};
use keiretsu_values::{ColumnFormula, ColumnKind, ColumnSpec, Currency, Expr, TableSpec};
use keiretsu_views::schema;
use serde_json::{Map, Value, json};

use crate::{asks, distribution, expect, explain, glossary, import, limits, show};

/// Every table that an answer may hold, measures first.
pub(crate) fn specs() -> Vec<&'static TableSpec> {
    let measures = MEASURES.iter().flat_map(|measure| measure.schema().iter().copied());
    let topics = show::TOPICS.iter().map(|topic| topic.spec);
    let others: [&'static TableSpec; 11] = [
        &changes::TEXT,
        &changes::MOVED,
        &changes::CAUSES,
        &rests::RESTS,
        &expect::EXPECTED,
        &distribution::CASH,
        &distribution::FAILURES,
        &import::IMPORTED,
        &limits::LIMITS,
        &asks::MEASURES_LISTED,
        &glossary::WORDS,
    ];
    measures.chain(topics).chain(explain::specs()).chain(others).collect()
}

/// The schema of every table.
pub fn tables() -> Value {
    Value::Array(specs().into_iter().map(table).collect())
}

fn table(spec: &TableSpec) -> Value {
    let columns: Vec<Value> = spec.columns().map(column).collect();
    let across = spec.pivot.map(|pivot| json!({ "across": pivot.across, "cells": pivot.cell }));
    json!({
        "measure": spec.measure,
        "table": spec.name,
        "title": spec.title,
        "columns": columns,
        "people_see": across,
        "row_is": spec.screen.noun,
        "main": spec.screen.main,
    })
}

/// The declared part of a column. The currency of a model stands for `money`.
fn column(spec: &ColumnSpec) -> Value {
    const NO_CURRENCY: Currency = Currency(*b"XXX");
    let column = spec.column(NO_CURRENCY);
    let unit = if let ColumnKind::Number(unit) = column.kind { Some(schema::unit_name(unit)) } else { None };
    let mut described = Map::new();
    described.insert("key".to_owned(), json!(column.key));
    described.insert("title".to_owned(), json!(column.title));
    described.insert("kind".to_owned(), json!(schema::kind_name(column.kind)));
    described.insert("unit".to_owned(), json!(unit.map(|unit| unit.replace("XXX", "money"))));
    described.insert("meaning".to_owned(), json!(spec.meaning));
    if column.adds {
        described.insert("adds".to_owned(), json!(true));
    }
    match spec.formula {
        ColumnFormula::None => {}
        ColumnFormula::Words(words) => {
            described.insert("made_by".to_owned(), json!(words));
        }
        ColumnFormula::Arithmetic(text) => {
            described.insert("formula".to_owned(), json!(text));
            described.insert("tree".to_owned(), Expr::parse(text).map_or(Value::Null, |expr| tree(&expr)));
        }
    }
    described.insert("beside".to_owned(), json!(schema::beside(&column)));
    Value::Object(described)
}

/// Arithmetic as a tree: a column, a number, or an operator with its two sides.
fn tree(expr: &Expr) -> Value {
    match expr {
        Expr::Column(key) => json!({ "column": key }),
        Expr::Number(number) => json!(number),
        Expr::Binary(sign, one, other) => json!({ "op": sign.to_string(), "of": [tree(one), tree(other)] }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_table_has_a_name_and_every_column_a_key_of_its_own() {
        let mut names = BTreeSet::new();
        for spec in specs() {
            assert!(names.insert((spec.measure, spec.name)), "{} {}", spec.measure, spec.name);
            let mut keys = BTreeSet::new();
            for column in spec.columns() {
                let built = column.column(Currency::USD);
                let all = std::iter::once(built.key.clone()).chain(schema::beside(&built));
                for key in all {
                    assert!(keys.insert(key.clone()), "{} {}: {key} twice", spec.measure, spec.name);
                }
                assert!(!column.meaning.is_empty(), "{} {}.{}", spec.measure, spec.name, column.key);
            }
            if let Some(pivot) = spec.pivot {
                let has = |key| spec.columns().any(|column| column.key == key);
                assert!(has(pivot.across) && has(pivot.cell), "{} {}", spec.measure, spec.name);
            }
        }
    }

    #[test]
    fn what_a_screen_shows_is_in_the_table() {
        for TableSpec { measure, name, screen, columns, .. } in specs() {
            let has = |key: &str| columns.iter().any(|list| list.iter().any(|column| column.key == key));
            let pivot = screen.pivot.iter().flat_map(|pivot| [pivot.across, pivot.cell]);
            let range = screen.interval.iter().flat_map(|range| [range.low, range.high]);
            let keys = screen.main.into_iter().chain(screen.versions.iter().copied());
            for key in keys.chain(pivot).chain(range) {
                assert!(has(key), "{measure} {name}: {key}");
            }
        }
    }

    #[test]
    fn arithmetic_reads_columns_of_its_own_table() {
        for spec in specs() {
            for column in spec.columns() {
                let ColumnFormula::Arithmetic(text) = column.formula else { continue };
                let expr = Expr::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
                for key in expr.columns() {
                    assert!(spec.columns().any(|other| other.key == key), "{}: {text}", spec.name);
                }
            }
        }
    }

    #[test]
    fn rows_with_units_of_their_own_have_a_column_of_units() {
        for spec in specs() {
            let kind = |column: &ColumnSpec| column.column(Currency::USD).kind;
            let measured = spec.columns().any(|column| kind(column) == ColumnKind::Measured);
            let units = spec.columns().filter(|column| kind(column) == ColumnKind::Unit).count();
            assert_eq!(usize::from(measured), units, "{} {}", spec.measure, spec.name);
        }
    }
}
