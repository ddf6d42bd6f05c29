//! The summary of cash of a party that can fail: its first month short and its gap are what stays unpaid.

use keiretsu::{Question, Session};
use keiretsu_values::{Cell, Value};

use crate::asked::{key, question, tables};

const FAILS: &str = r#"
keiretsu = 1
title = "A lab that runs out of money and fails"
as_of = 2025-12-31
horizon = "2 years"
[parties]
cloud = { name = "Cloud" }
[parties.lab]
name = "Lab"
cash = "$100M"
revenue = "$60M/yr"
value = "$1B"
funding = { keep = "1 month of burn", raise = "1 month of burn", else = "default" }
because = "an example"
[contracts.compute]
type = "supply"
buyer = "lab"
seller = "cloud"
minimum = "$10M/month"
because = "an example"
"#;

#[test]
fn a_party_that_fails_shows_what_it_leaves_unpaid() {
    let firm = Question { reading: Some("firm".into()), by: Some("total".into()), ..question("cash") };
    let tables = tables(&Session::of_text(FAILS), &firm);
    let table = &tables[0];
    let row = table.rows.iter().find(|row| key(&row[0]) == "lab").expect("the lab");
    let cell = |key: &str| &row[table.column(key).expect("a column")];
    let amount = |key: &str| cell(key).value().and_then(Value::amount).expect("an amount");
    // 5 a month are lost: 100 are gone after 20 months, and of the 10 of the next month 5 stay unpaid.
    assert_eq!(cell("first_short"), &Cell::text("2027-09"));
    assert!((amount("gap") - 5e6).abs() < 1.0 && (amount("funding_need") - 5e6).abs() < 1.0);
    assert!((amount("runway") - 20.0).abs() < 1e-9);
}

/// The cloud states no revenue and no costs: nothing is said of them, and its net is what its contract
/// brings.
#[test]
fn what_no_party_states_is_no_zero() {
    let firm = Question { reading: Some("firm".into()), by: Some("year".into()), ..question("cash") };
    let tables = tables(&Session::of_text(FAILS), &firm);
    let table = &tables[0];
    let first = |party: &str| table.rows.iter().find(|row| key(&row[0]) == party).expect("a party");
    let cell = |party: &str, column: &str| first(party)[table.column(column).expect("a column")].clone();
    assert_eq!([cell("cloud", "revenue"), cell("cloud", "costs")], [Cell::Empty, Cell::Empty]);
    let amount = |party, column| cell(party, column).value().and_then(Value::amount).expect("an amount");
    // By hand: 12 months of 10 from the lab, whose revenue is 60 a year.
    assert!((amount("cloud", "net") - 120e6).abs() < 1.0);
    assert!((amount("lab", "revenue") - 60e6).abs() < 1.0);
    assert_eq!(cell("lab", "costs"), Cell::Empty);
    assert!(table.notes.iter().any(|note| note.contains("does not state")), "{:?}", table.notes);
}
