//! `keiretsu calc loan`: terms of a loan by their ACTUS names to its dated events.

use std::collections::BTreeMap;

use keiretsu_methods::loan::{self, LoanEvent, LoanTerm, Observed, ObservedEvent};
use keiretsu_values::{Cell, Column, Table, Unit};
use serde::Serialize;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::record::{JsonObject, NumberRange};
use crate::tree::JsonTree;
use crate::{CalcError, Method, Request};

pub static METHOD: Method = Method {
    name: "loan",
    summary: "What a loan pays when: bullet, annuity, linear, callable, as in ACTUS",
    help: r#"Works out the events of a loan by ACTUS (Algorithmic Contract Types Unified Standards): contract types PAM (principal at maturity), ANN (annuity), LAM (linear amortiser) and CLM (call money). Other types are refused by name.

JSON in, all but "terms" optional; a case of the ACTUS reference tests can be given as it is:
  {"terms": {"contractType": "ANN", "contractRole": "RPA", "statusDate": "2025-12-31", ...},
   "dataObserved": {"USD.SWP": [{"timestamp": "2026-04-01", "value": 0.03}, ...]},
   "eventsObserved": [{"time": "2026-06-01", "type": "PP", "value": 100}],
   "to": "2030-12-31"}
Terms go by their ACTUS names; values are texts or numbers. Series go by the market object code of a rate or an index; the value of a day is that of the last one not after it. Observed events are a call (XD), a prepayment (PP) and a default (CE). An object of terms alone is understood too.

JSON out: {"events": [{"date", "type", "payoff", "currency", "notional", "rate", "accrued"}]}: what is paid, positive if received by the role that is given; and what is outstanding, the yearly rate, and interest accrued, after the event."#,
    example: "\
Examples:
  keiretsu calc loan terms.json
  keiretsu calc loan terms.json --format table",
    options: &[],
    run,
};

#[derive(Serialize)]
struct Events {
    events: Vec<CsvRow>,
}

#[derive(Serialize)]
struct CsvRow {
    date: String,
    r#type: &'static str,
    payoff: f64,
    #[serde(skip_serializing_if = "String::is_empty")]
    currency: String,
    notional: f64,
    rate: f64,
    accrued: f64,
}

impl From<LoanEvent> for CsvRow {
    fn from(event: LoanEvent) -> Self {
        let LoanEvent { date, kind, payoff, currency, notional, rate, accrued } = event;
        Self { date, r#type: kind, payoff, currency, notional, rate, accrued }
    }
}

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let given = read(request, &faults);
    faults.none()?;
    let (terms, observed) = given.unwrap_or_default();
    match loan::events(&terms, &observed) {
        Ok(events) => Ok(Box::new(Events { events: events.into_iter().map(CsvRow::from).collect() })),
        Err(errors) => {
            for error in errors {
                let place = if terms.contains_key(&error.term) { "terms." } else { "" };
                faults.push(format!("{place}{}", error.term), error.message, "");
            }
            faults.none()?;
            Err(CalcError::no_answer("the terms make no loan", ""))
        }
    }
}

/// Keys allowed besides the terms.
const KNOWN: [&str; 6] = ["terms", "dataObserved", "eventsObserved", "to", "identifier", "results"];

fn read(request: &Request, faults: &Faults) -> Option<(BTreeMap<String, LoanTerm>, Observed)> {
    let tree = with_terms(JsonTree::read(request.main(faults)?, faults)?);
    let root = JsonObject::root(&tree, &KNOWN, faults);
    let terms = match root.get("terms") {
        Some(JsonTree::Map(map)) => terms(map, faults),
        Some(other) => {
            root.fault("terms", &format!("this is {}, not an object", other.kind()), "");
            BTreeMap::new()
        }
        None => {
            root.fault("terms", "is missing", "{\"terms\": {\"contractType\": \"PAM\", ...}}");
            BTreeMap::new()
        }
    };
    let until = match root.get("to") {
        // The reference tests have an empty text where there is no end.
        Some(JsonTree::Text(text)) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Some(other) => {
            root.fault("to", &format!("this is {}, not a date", other.kind()), "\"2030-12-31\"");
            None
        }
        None => None,
    };
    Some((terms, Observed { series: series(&root, faults), events: events(&root), until }))
}

/// Terms that stand alone, moved to where others have them.
fn with_terms(tree: JsonTree) -> JsonTree {
    match tree {
        JsonTree::Map(map) if map.iter().any(|(key, _)| key == "contractType") => {
            let (mut beside, terms): (Vec<_>, Vec<_>) =
                map.into_iter().partition(|(key, _)| KNOWN.contains(&key.as_str()));
            beside.push(("terms".to_owned(), JsonTree::Map(terms)));
            JsonTree::Map(beside)
        }
        other => other,
    }
}

/// Texts and numbers by name; a list or object is named as such, for the method to refuse it.
fn terms(map: &[(String, JsonTree)], faults: &Faults) -> BTreeMap<String, LoanTerm> {
    let mut terms = BTreeMap::new();
    for (name, tree) in map {
        let term = match tree {
            JsonTree::Text(text) => LoanTerm::Text(text.clone()),
            JsonTree::Number(number) => LoanTerm::Text(number.to_string()),
            JsonTree::Null => continue,
            other => LoanTerm::Nested(other.kind()),
        };
        if terms.insert(name.clone(), term).is_some() {
            faults.push(format!("terms.{name}"), "is given twice", "keep one of them");
        }
    }
    terms
}

/// Series by market object code: a list of points, or an object with that list as `data`.
fn series(root: &JsonObject<'_>, faults: &Faults) -> BTreeMap<String, Vec<(String, f64)>> {
    let Some(tree) = root.get("dataObserved") else { return BTreeMap::new() };
    let JsonTree::Map(map) = tree else {
        root.fault("dataObserved", &format!("this is {}, not an object", tree.kind()), "");
        return BTreeMap::new();
    };
    let mut all = BTreeMap::new();
    for (code, tree) in map {
        let place = format!("dataObserved.{code}");
        let wrapped;
        let holder = if let JsonTree::List(_) = tree {
            wrapped = JsonTree::Map(vec![("data".to_owned(), tree.clone())]);
            &wrapped
        } else {
            tree
        };
        let record = JsonObject::new(holder, place, &["data", "identifier"], faults);
        let points = record.need_records("data", &["timestamp", "value"]);
        let point = |point: &JsonObject<'_>| {
            (point.need_name("timestamp").into_owned(), point.need("value", NumberRange::Any))
        };
        all.insert(code.clone(), points.iter().map(point).collect());
    }
    all
}

fn events(root: &JsonObject<'_>) -> Vec<ObservedEvent> {
    let list = root.records("eventsObserved", &["time", "type", "value"]);
    list.iter()
        .map(|event| ObservedEvent {
            time: event.need_name("time").into_owned(),
            kind: event.need_name("type").into_owned(),
            value: event.number("value", NumberRange::Amount).unwrap_or(0.0),
        })
        .collect()
}

impl Tabular for Events {
    fn tables(&self) -> Vec<Table> {
        let money = Unit::Number { digits: 2 };
        let columns = vec![
            Column::text("date"),
            Column::text("type"),
            Column::number("payoff", money),
            Column::number("notional", money).titled("outstanding"),
            Column::number("rate", Unit::Share),
            Column::number("accrued", money),
        ];
        let mut table = Table::new("loan", "What the loan pays when", columns);
        for row in &self.events {
            let mut cells = vec![Cell::text(&row.date), Cell::text(row.r#type)];
            cells.extend([row.payoff, row.notional, row.rate, row.accrued].map(Cell::exact));
            table.push(cells);
        }
        table.note("Positive is received; outstanding, rate and accrued interest are those after the event.");
        vec![table]
    }
}
