//! Ten facts about deals of other trades, written as their sources have them: no party, term or contract is
//! invented, what is not disclosed is not there, and every number that follows is derived by hand.

use keiretsu::{Question, Session};
use keiretsu_values::{Bound, Table, Value};

use crate::asked::{question, tables};
use crate::measured::value;

const TEXT: &str = include_str!("ten_deals.toml");

fn firm(measure: &str, by: Option<&str>) -> Vec<Table> {
    let session = Session::of_text(TEXT);
    assert!(session.diagnostics().is_empty(), "{:?}", session.diagnostics());
    let asked = Question { reading: Some("firm".to_owned()), by: by.map(str::to_owned), ..question(measure) };
    tables(&session, &asked)
}

#[track_caller]
fn is(value: &Value, millions: f64, bound: Bound) {
    let near = |amount: f64| (amount / 1e6 - millions).abs() < 1e-6 * millions.max(1.0);
    assert!(value.amount().is_some_and(near) && value.bound() == Some(bound), "{value:?} is not {millions}");
}

#[test]
fn nothing_is_spread_or_bounded_that_no_source_bounds() {
    let years = firm("commitments", Some("year"));
    let of = |contract: &str, year: &str| value(&years[0], &[contract, year], "amount");
    // 60 over 324 months, more than that; 18 over 216 months; 1 over 144 months, more than that.
    is(&of("lng", "2026"), 60e3 / 27.0, Bound::AtLeast);
    is(&of("susquehanna", "2026"), 1_000.0, Bound::Exact);
    is(&of("charter", "2026"), 1e3 / 12.0, Bound::AtLeast);
    // What is lent up to an amount, on no day that is disclosed, falls due in no year.
    is(&of("blueoval-loan", "undated"), 0.0, Bound::AtLeast);
    let pairs = firm("commitments", None);
    for (pair, open) in [(["t-mobile", "towers"], true), (["microsoft", "constellation"], true)] {
        assert_eq!(value(&pairs[0], &pair, "total").amount().is_none(), open, "{pair:?}");
    }
    // An order that was withdrawn is none.
    assert!(value(&pairs[0], &["bmw", "northvolt-ab"], "total").is_zero());
}

#[test]
fn debts_are_served_as_far_as_their_rates_are_known() {
    let all = firm("debt_service", None);
    let table = |name: &str| all.iter().find(|table| table.name == name).expect("a table");
    let by = |year: &str, column: &str| value(table("by_period"), &["delta", year], column);
    // 2.5 and 3.5, and 3 of a syndicate, whoever of it has how much.
    is(&value(table("cover"), &["delta"], "outstanding"), 9_000.0, Bound::Exact);
    // 4.5% of 2.5 for nine months to October, 4.75% of 3.5 for eleven; the term loan floats.
    let interest = 2_500.0 * 0.045 * 9.0 / 12.0 + 3_500.0 * 0.0475 * 11.0 / 12.0;
    is(&by("2025", "interest"), interest, Bound::AtLeast);
    is(&by("2025", "principal"), 2_500.0, Bound::Exact);
    is(&by("2026", "interest"), 3_500.0 * 0.0475, Bound::AtLeast);
    is(&by("2027", "principal"), 3_000.0, Bound::Exact);
    // After the term loan all is known: ten months of the last notes.
    is(&by("2028", "interest"), 3_500.0 * 0.0475 * 10.0 / 12.0, Bound::Exact);
    // What the airline lives on is in no contract here.
    assert_eq!(by("2026", "dscr").amount(), None);
}

#[test]
fn what_stands_of_a_charter_is_what_its_months_leave() {
    let all = tables(&Session::of_text(TEXT), &question("obligations"));
    let adjusted = all.iter().find(|table| table.name == "adjusted").expect("a table");
    // 25 of 144 months are over.
    is(&value(adjusted, &["zim-line"], "leases"), 1e3 * 119.0 / 144.0, Bound::AtLeast);
    is(&value(adjusted, &["blueoval"], "adjusted"), 9_630.0, Bound::AtMost);
}
