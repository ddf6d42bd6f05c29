//! Findings to sentences, the same in every format that has words, and to JSON with the place of each number.
//!
//! ```
//! use keiretsu_values::{Currency, Set, Unit, Value};
//! use keiretsu_views::finding::said;
//! let dollars = Unit::Money(Currency::USD);
//! assert_eq!(said(&Value::at_least(8e9), dollars), "≥$8B");
//! let open = Value::new(28e9, Set { low: 8e9, high: f64::INFINITY });
//! assert_eq!(said(&open, dollars), "$28B as read (at least $8B)");
//! ```
//!
//! Invariant: a number without a bound never looks like one, and an unknown one is a word.

use keiretsu_values::{Bound, CellAddress, Finding, FindingNumber, FindingPart, Table, Unit, Value};
use serde_json::{Map, Value as Tree, json};

use crate::amount::{high_end, inline, low_end};
use crate::json::plain;
use crate::machine;
use crate::wrap::one_line;

/// The sentence of a finding.
pub fn sentence(finding: &Finding) -> String {
    let words = finding.parts.iter().map(|part| match part {
        FindingPart::Text(text) => text.clone(),
        FindingPart::Thing(id) => id.title.to_string(),
        FindingPart::Number(number) => said(&number.value, number.unit),
    });
    one_line(&words.collect::<String>())
}

/// A number in a sentence, with its unit: what the words leave possible stands beside one that is no bound.
pub fn said(value: &Value, unit: Unit) -> String {
    let printed = inline(value, unit);
    let ends = machine::ends(value).map(|end| end.filter(|end| says_something(*end, unit)));
    let exact = |end: f64| inline(&Value::exact(end), unit);
    let within = match ends {
        [Some(low), Some(high)] => format!("{} to {}", low_end(low, unit), high_end(high, unit)),
        [Some(low), None] => format!("at least {}", low_end(low, unit)),
        [None, Some(high)] => format!("at most {}", high_end(high, unit)),
        [None, None] => "no bound".to_owned(),
    };
    match value.bound() {
        None if ends == [None, None] => printed,
        None => format!("{printed} ({within})"),
        Some(Bound::Open) => format!("{} as read ({within})", exact(value.amount().unwrap_or_default())),
        Some(_) => printed,
    }
}

/// Nothing as the least, or all of it as the most, is no news.
fn says_something(end: f64, unit: Unit) -> bool {
    const ROUNDING: f64 = 1e-9;
    0.0 < end.abs() && (unit != Unit::Share || end < 1.0 - ROUNDING)
}

/// Findings for machines; a number is the one that the tables have at its address.
pub fn json(findings: &[Finding], tables: &[Table]) -> Tree {
    let finding = |finding: &Finding| {
        let numbers: Vec<Tree> = finding.numbers().map(|number| numbered(number, tables)).collect();
        json!({ "text": sentence(finding), "numbers": numbers })
    };
    findings.iter().map(finding).collect()
}

fn numbered(number: &FindingNumber, tables: &[Table]) -> Tree {
    let FindingNumber { address, value, unit } = number;
    let cell = tables.iter().find_map(|table| table.at(address)).unwrap_or(value);
    let keys: Map<String, Tree> = address.keys.iter().map(|(key, word)| (key.clone(), json!(word))).collect();
    let [low, high] = machine::ends(cell);
    json!({
        "address": named(address),
        "measure": address.measure,
        "table": address.table,
        "keys": keys,
        "column": address.column,
        "value": machine::amount(cell).map(plain),
        "bound": machine::bound(cell),
        "low": low.map(plain),
        "high": high.map(plain),
        "state": if machine::amount(cell).is_some() { "known" } else { "unknown" },
        "unit": machine::unit_name(*unit),
    })
}

/// An address as `explain` reads it.
pub fn named(address: &CellAddress) -> String {
    let mut words = vec![address.table];
    words.extend(address.keys.iter().map(|(_, word)| word.as_str()));
    words.push(&address.column);
    let ordinal = format!("#{}", address.ordinal + 1);
    words.extend((0 < address.ordinal).then_some(ordinal.as_str()));
    format!("{}({})", address.measure, words.join(", "))
}
