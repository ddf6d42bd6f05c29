//! What the product answers to a text, as cells named as the second reading names them.

use std::collections::BTreeMap;

use keiretsu::{Dates, Project};
use keiretsu_measures::{Period, Query, by_name};
use keiretsu_model::MemoryFiles;
use keiretsu_testkit::second::compare::Shown;
use keiretsu_values::{Bound, Cell, Table, Value};

/// Cells by name.
pub type Told = BTreeMap<String, Shown>;

/// The answers, or why there are none.
pub fn answers(text: &str) -> Result<Told, String> {
    let project = Project::of(&MemoryFiles::root(text), "keiretsu.toml", Dates::default());
    if let Some(found) = project.found.iter().find(|found| found.code.starts_with('E')) {
        return Err(format!("{} {}", found.code, found.message));
    }
    let runner = project.runner().map_err(|trouble| format!("{trouble:?}"))?;
    let measure = |name: &str, by: Option<Period>| -> Result<Vec<Table>, String> {
        let query = Query { by, ..Query::default() };
        let measure = by_name(name).ok_or("no such measure")?;
        runner.measure(measure, &query, None).map_err(|trouble| format!("{trouble:?}"))
    };
    let mut told = Told::new();
    let cash = measure("cash", Some(Period::Month))?;
    rows(&cash[0], "cash", &["party", "reading", "time"], &["service", "capex", "equity", "other", "net"], &mut told);
    let commitments = measure("commitments", None)?;
    let columns = ["paid", "binding", "conditional", "announced", "total"];
    rows(&commitments[0], "between", &["payer", "payee", "reading"], &columns, &mut told);
    for reading in ["firm", "expected", "headline"] {
        named(&commitments[1], "commitments", &["contract", "payer", "payee"], &[(reading, "")], reading, &mut told);
    }
    let by_year = measure("commitments", Some(Period::Year))?;
    let years: Vec<&str> = by_year[0].columns.iter().map(|column| column.key.as_str()).collect();
    let years: Vec<&str> = years.into_iter().skip(5).collect();
    rows(&by_year[0], "by year", &["contract", "payer", "payee", "reading"], &years, &mut told);
    let coverage = measure("coverage", None)?;
    let columns = ["equity", "convertibles", "loans", "prepayments", "put_in", "back", "coverage"];
    rows(&coverage[0], "coverage", &["investor", "party", "put_in_reading"], &columns, &mut told);
    let concentration = measure("concentration", None)?;
    let keys = ["party", "of", "reading", "counterparty"];
    rows(&concentration[0], "concentration", &keys, &["amount"], &mut told);
    rows(&concentration[0], "share", &keys, &["share", "hhi"], &mut told);
    let obligations = measure("obligations", None)?;
    let columns = ["at_most", "weighed"];
    rows(&obligations[0], "obligations", &["contract", "bearer", "in_favour_of"], &columns, &mut told);
    rows(&obligations[1], "borne", &["bearer"], &columns, &mut told);
    told.retain(|name, _| !name.starts_with("borne|all|"));
    let returns = measure("returns", None)?;
    let columns = ["share", "paid_in", "value", "moic", "implied_value"];
    rows(&returns[0], "returns", &["stake", "reading"], &columns, &mut told);
    Ok(told)
}

fn rows(table: &Table, measure: &str, keys: &[&str], columns: &[&str], told: &mut Told) {
    let columns: Vec<(&str, &str)> = columns.iter().map(|column| (*column, *column)).collect();
    named(table, measure, keys, &columns, "", told);
}

/// Adds the cells of a table: `measure|keys|column`, or `measure|keys|last` where a last word is given.
fn named(
    table: &Table,
    measure: &str,
    keys: &[&str],
    columns: &[(&str, &str)],
    last: &str,
    told: &mut Told,
) {
    for row in &table.rows {
        let word = |key: &&str| match table.column(key).map(|at| &row[at]) {
            Some(Cell::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let keys: Vec<String> = keys.iter().map(word).collect();
        for (column, shown_as) in columns {
            let Some(value) = table.column(column).and_then(|at| row[at].value()) else { continue };
            let end = if last.is_empty() { shown_as } else { &last };
            let name = format!("{measure}|{}|{end}", keys.join("|"));
            // A tranche that is paid in part has two rows of one name.
            let shown = match told.get(&name) {
                Some(other) if measure == "commitments" || measure == "by year" => both(other, &shown(value)),
                _ => shown(value),
            };
            told.insert(name, shown);
        }
    }
}

/// Two rows of one name as one.
fn both(a: &Shown, b: &Shown) -> Shown {
    let nothing = |shown: &Shown| shown.amount == Some(0.0) && shown.mark == "=";
    if nothing(a) || nothing(b) {
        return if nothing(a) { b.clone() } else { a.clone() };
    }
    let ends = a.ends.zip(b.ends).map(|(a, b)| (a.0 + b.0, a.1 + b.1));
    Shown { amount: a.amount.zip(b.amount).map(|(a, b)| a + b), mark: a.mark.clone(), ends }
}

fn shown(value: &Value) -> Shown {
    let mark = match value.bound() {
        None => "?",
        Some(Bound::Open) => "",
        Some(bound) => bound.mark(),
    };
    let set = value.set();
    Shown { amount: value.amount(), mark: mark.to_owned(), ends: Some((set.low, set.high)) }
}
