//! What the product answers to a text, as cells named as the second reading names them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use keiretsu::{Control, PathsRequest, Question, Session};
use keiretsu_testkit::second::compare::Shown;
use keiretsu_values::{Bound, Table, Value};

/// Cells by name.
pub type Told = BTreeMap<String, Shown>;

/// The answers, or why there are none.
pub fn answers(text: &str) -> Result<Told, String> {
    let session = Session::of_text(text);
    if let Some(found) = session.diagnostics().iter().find(|found| found.code.starts_with('E')) {
        return Err(format!("{} {}", found.code, found.message));
    }
    let mut told = Told::new();
    let asked = |name: &str, by: Option<&str>| {
        tables(&session, &Question { by: by.map(str::to_owned), ..Question::of(name, [""; 0]) })
    };
    let cash = asked("cash", Some("month"))?;
    let columns = ["service", "capex", "equity", "other", "net"];
    rows(&cash[0], "cash", &["party", "reading", "time"], &columns, &mut told);
    let by_year = asked("commitments", Some("year"))?;
    let keys = ["contract", "payer", "payee", "reading", "year"];
    named(&by_year[0], "by year", &keys, &[("amount", "")], "", &mut told);
    let names = ["commitments", "coverage", "concentration", "obligations", "returns"];
    let all: Result<Vec<Vec<Table>>, String> = names.iter().map(|name| asked(name, None)).collect();
    let all = all?;
    let [commitments, coverage, concentration, obligations, returns] = &all[..] else {
        return Err("tables are missing".to_owned());
    };
    let columns = ["paid", "binding", "conditional", "announced", "total"];
    rows(&commitments[0], "between", &["payer", "payee", "reading"], &columns, &mut told);
    for reading in ["firm", "expected", "headline"] {
        let keys = ["contract", "payer", "payee"];
        named(&commitments[1], "commitments", &keys, &[(reading, "")], reading, &mut told);
    }
    let columns = ["equity", "convertibles", "loans", "prepayments", "put_in", "back", "coverage"];
    rows(&coverage[0], "coverage", &["investor", "party", "put_in_reading"], &columns, &mut told);
    let keys = ["party", "of", "reading", "counterparty"];
    rows(&concentration[0], "concentration", &keys, &["amount"], &mut told);
    rows(&concentration[0], "share", &keys, &["share", "hhi"], &mut told);
    let columns = ["at_most", "weighed"];
    rows(&obligations[0], "obligations", &["contract", "bearer", "in_favour_of"], &columns, &mut told);
    rows(&obligations[1], "borne", &["bearer"], &columns, &mut told);
    told.retain(|name, _| !name.starts_with("borne|all|"));
    let columns = ["share", "paid_in", "value", "moic", "implied_value"];
    rows(&returns[0], "returns", &["stake", "reading"], &columns, &mut told);
    Ok(told)
}

fn tables(session: &Session, question: &Question) -> Result<Vec<Table>, String> {
    let answer = session.ask(question, &Control::silent(NonZeroUsize::MIN));
    answer.map(|answer| answer.tables()).map_err(|why| format!("{why:?}"))
}

/// The mean over a few paths of what a party receives net in a year, by `party|year`.
pub fn simulated_net(text: &str) -> Result<Vec<(String, f64)>, String> {
    let paths = Some(PathsRequest { seed: 1, count: 4 });
    let by = Some("year".to_owned());
    let tables = tables(&Session::of_text(text), &Question { by, paths, ..Question::of("cash", [""; 0]) })?;
    let Some(table) = tables.get(1) else { return Ok(vec![]) };
    let mut told = Told::new();
    rows(table, "mean", &["party", "time", "what"], &["mean"], &mut told);
    let net = told.into_iter().filter_map(|(name, shown)| {
        let words: Vec<&str> = name.split('|').collect();
        (words[3] == "net").then_some(())?;
        Some((format!("{}|{}", words[1], words[2]), shown.amount?))
    });
    Ok(net.collect())
}

fn rows(table: &Table, measure: &str, keys: &[&str], columns: &[&str], told: &mut Told) {
    let columns: Vec<(&str, &str)> = columns.iter().map(|column| (*column, *column)).collect();
    named(table, measure, keys, &columns, "", told);
}

/// Adds the cells of a table: `measure|keys|column`, or `measure|keys|last` where a last word is given;
/// `measure|keys` where a column is shown as nothing.
fn named(table: &Table, measure: &str, keys: &[&str], columns: &[(&str, &str)], last: &str, told: &mut Told) {
    for row in &table.rows {
        let word = |key: &&str| table.column(key).and_then(|at| row[at].key()).unwrap_or_default();
        let keys: Vec<String> = keys.iter().map(word).collect();
        for (column, shown_as) in columns {
            let Some(value) = table.column(column).and_then(|at| row[at].value()) else { continue };
            let end = if last.is_empty() { shown_as } else { &last };
            let name = format!("{measure}|{}|{end}", keys.join("|"));
            let name = name.trim_end_matches('|').to_owned();
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
