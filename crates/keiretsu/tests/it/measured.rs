//! What measures say of small texts, each derived by hand.

use keiretsu::{PathsRequest, Question, Session};
use keiretsu_values::{Bound, Cell, Table, Value};

use crate::asked::{self, key, question};

pub const WORLD: &str = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"3 years\"\n\
    [parties]\na = { cash = \"$100M\" }\nb = {}\nc = {}\n";

/// What a measure says of a text, asked as a question says.
#[track_caller]
pub fn tables(text: &str, measure: &str, question: &Question) -> Vec<Table> {
    asked::tables(&Session::of_text(text), &Question { ask: measure.to_owned(), ..question.clone() })
}

/// The value in a column of the row whose cells begin with some words.
#[track_caller]
pub fn value(table: &Table, row: &[&str], column: &str) -> Value {
    let has = |cells: &&Vec<Cell>| {
        row.iter().all(|word| cells.iter().any(|cell| cell.key().as_deref() == Some(*word)))
    };
    let row = table.rows.iter().find(has).unwrap_or_else(|| panic!("no {row:?} in {table:?}"));
    row[table.column(column).expect("a column")].value().expect("a value").clone()
}

#[track_caller]
pub fn is(value: &Value, millions: f64) {
    let amount = value.amount();
    assert!(
        amount.is_some_and(|amount| (amount - millions * 1e6).abs() < 1.0),
        "{value:?} is not {millions}M"
    );
}

#[test]
fn an_undisclosed_escalator_leaves_later_years_open() {
    let text = format!(
        "{WORLD}[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2026-01\"\n\
         rent = \"$12M/yr\"\nterm = \"3 years\"\nescalator = \"undisclosed\"\n"
    );
    let all = tables(&text, "commitments", &Question::default());
    for reading in ["firm", "expected", "headline"] {
        // 12 of the first year, and what nobody states.
        let total = value(&all[0], &["a", "b", reading], "total");
        is(&total, 12.0);
        assert_eq!(total.bound(), Some(Bound::AtLeast));
    }
}

#[test]
fn a_slice_of_what_was_paid_leaves_what_is_due_to_the_whole() {
    let text = format!(
        "{WORLD}[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
         tranches.one = {{ amount = \"$30M\", paid = 2025-06-30 }}\n\
         tranches.two = {{ amount = \"$20M\", on = \"2026-06\" }}\n\
         [contracts.s]\ntype = \"equity\"\ninvestor = \"c\"\nissuer = \"b\"\npart_of = \"e\"\n\
         tranches.t = {{ amount = \"$30M\", paid = 2025-06-30 }}\n"
    );
    let all = tables(&text, "commitments", &Question::default());
    for (party, paid, binding) in [("a", 0.0, 20.0), ("c", 30.0, 0.0)] {
        is(&value(&all[0], &[party, "b", "firm"], "paid"), paid);
        is(&value(&all[0], &[party, "b", "firm"], "binding"), binding);
    }
    // 30 before as-of and 20 after it were sent, once.
    let sent =
        tables(&text, "circularity", &Question { reading: Some("firm".into()), ..Question::default() });
    is(&value(&sent[0], &["a", "b", "firm"], "sent"), 50.0);
}

#[test]
fn what_is_billed_in_a_month_is_owed_to_each_party_by_its_slice() {
    let supply = "[contracts.s]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
        until = \"2027-12\"\nminimum = \"$36M/yr\"\n";
    let slice = supply.replace("[contracts.s]", "[contracts.t]\npart_of = \"s\"");
    let slice = slice.replace("\"a\"", "\"c\"").replace("$36M", "$12M");
    let text = format!("{WORLD}{supply}{slice}");
    let query = Question { at: Some("2026-12".into()), reading: Some("firm".into()), ..Question::default() };
    let all = tables(&text, "exposure", &query);
    is(&value(&all[0], &["a", "b"], "receivable"), 24.0);
    is(&value(&all[0], &["c", "b"], "receivable"), 12.0);
}

#[test]
fn what_an_event_brings_at_last_does_not_hang_on_the_horizon() {
    let text = format!(
        "{WORLD}[events.good]\nhazard = \"50%/yr\"\n[events.bad]\nchance = \"50%/yr\"\n\
         [events.window]\nnow = \"shut\"\nshuts = \"30%/yr\"\nreopens = \"20%/yr\"\n\
         [contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
         tranches.good = {{ amount = \"$100M\", when = \"good\" }}\n\
         tranches.open = {{ amount = \"$100M\", when = \"window\" }}\n\
         tranches.first = {{ amount = \"$100M\", when = \"good and not bad\" }}\n\
         tranches.never = {{ amount = \"$100M\", when = \"good and not good\" }}\n"
    );
    // By hand: good comes in a month with h = 1 - 0.5^(1/12), bad too; in the first month with either, good
    // comes alone with h (1 - h) of h (2 - h).
    let h = 1.0 - 0.5_f64.powf(1.0 / 12.0);
    let first = 100.0 * (1.0 - h) / (2.0 - h);
    for horizon in ["1 year", "3 years", "20 years"] {
        let text = text.replace("3 years", horizon);
        let all = tables(&text, "commitments", &Question::default());
        for (name, expected) in [("good", 100.0), ("open", 100.0), ("first", first), ("never", 0.0)] {
            is(&value(&all[1], &[&format!("e.{name}")], "expected"), expected);
        }
    }
}

/// A guaranteed loan of 10 at 1% a month to a party that is made to fail in March, with 4.95 left.
const GUARANTEED: &str = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"3 years\"\n\
    [parties]\nlender = { cash = \"$100M\" }\ng = { cash = \"$100M\" }\n[parties.b]\ncash = \"$5.25M\"\n\
    costs = \"$0/yr\"\nrecovery = \"$0M\"\n\
    funding = { keep = \"1 month of burn\", raise = \"1 month of burn\", else = \"default\" }\n\
    [contracts.l]\ntype = \"loan\"\nlender = \"lender\"\nborrower = \"b\"\namount = \"$10M\"\n\
    rate = \"12%\"\ndrawn = \"2025-12\"\nmaturity = \"2028-12\"\n\
    [contracts.gl]\ntype = \"guarantee\"\nguarantor = \"g\"\nbeneficiary = \"lender\"\ncovers = \"l\"\n\
    [scenarios.fail]\ndefault = { b = \"2026-03\" }\n";

#[test]
fn a_guarantor_pays_no_interest_on_what_an_estate_has_paid() {
    // By hand: three months of 0.1 were paid, so that 4.95 of 10 come from the estate, and more with what it
    // recovers.
    for (recovery, lost) in [("$0M", 5.05), ("$3M", 2.05), ("$4.9M", 0.15)] {
        let text = GUARANTEED.replace("$0M", recovery);
        let query = Question { parties: vec!["b".into()], at: Some("2026-03".into()), ..Question::default() };
        let all = tables(&text, "domino", &query);
        is(&value(&all[0], &["b", "lender"], "guarantees"), lost);
        // It pays what was lost in December 2028, with the interest of 33 months until then.
        let called = lost * 1.01_f64.powi(33);
        is(&value(&all[0], &["b", "g"], "guarantees"), -called);
    }
    // A rich estate pays all of it, so that nothing is called, in cash as in losses.
    let text = GUARANTEED.replace("$0M", "$500M");
    let query = Question { parties: vec!["b".into()], at: Some("2026-03".into()), ..Question::default() };
    let all = tables(&text, "domino", &query);
    is(&value(&all[0], &["b", "lender"], "guarantees"), 0.0);
    is(&value(&all[0], &["b", "g"], "guarantees"), 0.0);
}

#[test]
fn a_claim_after_use_ahead_is_the_same_by_one_pass() {
    // By hand: 12 a year over three years, from as-of on; 2 a month are used, so that at the end of June 2026
    // the 12 of the first year are used up, and of the other 24 all are to come; at the end of December use
    // beyond the minimum of a year, 12 of it, is ahead for the second, so that the 12 of the third are left.
    let text = format!(
        "{WORLD}[contracts.c]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
         minimum = \"$36M over 3 years\"\nusage = \"$2M/month\"\n"
    );
    for (month, left) in [(6, 24.0), (12, 12.0)] {
        let at = Some(format!("2026-{month:02}-28"));
        let query = Question { at, reading: Some("expected".into()), ..Question::default() };
        let all = tables(&text, "exposure", &query);
        is(&value(&all[0], &["a", "b"], "contract"), left);
    }
}

#[test]
fn a_supply_without_end_is_checked_in_no_time_over_a_hundred_years() {
    // A minimum by month, and one by quarter with use: it took seconds when claims were summed month by
    // month.
    for terms in ["minimum = \"$10M/month\"", "minimum = \"$30M/quarter\"\nusage = \"$12M/month\""] {
        let text = format!(
            "{}[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
             from = \"2026-01\"\n{terms}\n",
            WORLD.replace("3 years", "1200 months")
        );
        let begun = std::time::Instant::now();
        assert!(Session::of_text(&text).lowered().is_ok());
        assert!(begun.elapsed().as_secs_f64() < 3.0, "{terms}: {:?}", begun.elapsed());
    }
}

#[test]
fn what_is_still_to_be_lent_is_an_obligation_until_it_is_lent() {
    let text = format!(
        "{WORLD}[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
         rate = \"6%\"\ndrawn = \"2025-10 to 2026-03\"\nmaturity = \"2028-12\"\n"
    );
    // By hand: of six months of 2 three are over.
    let all = tables(&text, "obligations", &Question::default());
    is(&value(&all[0], &["l", "loan, undrawn", "a", "b"], "at_most"), 6.0);
    let drawn = text.replace("2025-10 to 2026-03", "2025-12");
    assert!(tables(&drawn, "obligations", &Question::default())[0].rows.is_empty());
}

#[test]
fn what_is_announced_or_holds_in_the_model_only_is_nothing_in_firm() {
    let share = format!(
        "{WORLD}[contracts.r]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\nfrom = \"2025-07\"\n\
         rate = \"10%\"\nbase = \"$120M/yr\"\nstanding = \"announced\"\n"
    );
    let all = tables(&share, "commitments", &Question::default());
    assert!(value(&all[0], &["a", "b", "firm"], "total").is_zero());
    assert!(value(&all[0], &["a", "b", "expected"], "total").amount().is_none());
    let fee = format!(
        "{WORLD}[factors.f]\nstart = \"$1M\"\n[contracts.s]\ntype = \"supply\"\nbuyer = \"b\"\n\
         seller = \"a\"\nfrom = \"2026-01\"\nuntil = \"2026-12\"\nminimum = \"$1M/month\"\n\
         [contracts.g]\ntype = \"guarantee\"\nguarantor = \"c\"\nbeneficiary = \"a\"\ncovers = \"s\"\n\
         fee = \"$12M/yr\"\nwhen = \"f >= $1M\"\n"
    );
    let query = Question { by: Some("year".into()), ..Question::default() };
    let all = tables(&fee, "cash", &query);
    is(&value(&all[0], &["c", "firm", "2026"], "other"), 0.0);
    is(&value(&all[0], &["c", "headline", "2026"], "other"), 12.0);
    // A date is no condition of the model.
    let dated = fee.replace("f >= $1M", "2026-01");
    is(&value(&tables(&dated, "cash", &query)[0], &["c", "firm", "2026"], "other"), 12.0);
}

/// All three readings of a cell are unknown.
#[track_caller]
pub fn unknown(table: &Table, row: &[&str], columns: &[&str]) {
    for column in columns {
        for reading in ["firm", "expected", "headline"] {
            let found = value(table, &[row, &[reading]].concat(), column);
            assert_eq!(found.amount(), None, "{column} ({reading}) is {found:?}");
        }
    }
}

#[test]
fn a_difference_of_something_unknown_is_unknown() {
    let power = format!(
        "{WORLD}[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
         minimum = \"$1M/month\"\ncapacity = {{ power = \"1 GW\" }}\n"
    );
    let query = Question { by: Some("year".into()), ..Question::default() };
    unknown(&tables(&power, "capacity", &query)[0], &["b", "2026"], &["buildable", "sold_twice"]);
    let held = format!(
        "{WORLD}[holdings.h]\nowner = \"a\"\nissuer = \"b\"\nstake = \"40%\"\ncost = \"$10M\"\n\
         value = \"$15M\"\nrealised = \"$1M\"\n"
    );
    let all = tables(&held, "returns", &Question::default());
    unknown(&all[1], &["h"], &["bought", "growth", "dilution", "diluted", "fair_value", "premium"]);
    // 1 of 1 + 15 is in cash.
    assert!((value(&all[1], &["h", "firm"], "part_realised").amount().unwrap_or(0.0) - 0.0625).abs() < 1e-12);
    let unmarked = held.replace("value = \"$15M\"\n", "");
    unknown(&tables(&unmarked, "marks", &Question::default())[0], &["h"], &["mark", "gain"]);
    unknown(&tables(&unmarked, "returns", &Question::default())[1], &["h"], &["part_realised"]);
}

#[test]
fn cash_that_nobody_states_has_no_distribution() {
    let text = format!(
        "{WORLD}[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
         minimum = \"$1M/month\"\n"
    );
    let session = Session::of_text(&text);
    let over_paths = |ask: &str| {
        let paths = Some(PathsRequest { seed: 1, count: 20 });
        asked::tables(&session, &Question { paths, ..question(ask) })
    };
    let all = [over_paths("run"), over_paths("cash")].concat();
    let distributions: Vec<&Table> =
        all.iter().filter(|table| table.title == "Cash over all paths").collect();
    assert_eq!(distributions.len(), 2, "the one of every party, and that of `cash`");
    for table in distributions {
        let of = |party: &str| {
            let is = |row: &&Vec<Cell>| [key(&row[0]), key(&row[1])] == [party, "cash at end"];
            table.rows.iter().filter(is).count()
        };
        assert_eq!([of("a"), of("b")], [3, 0], "{table:?}");
        assert!(table.left_out.contains(&"b, cash at end: cash at as-of is not stated".to_owned()));
    }
}

#[test]
fn one_counterparty_is_all_of_what_is_known_and_no_share_of_what_is_not() {
    let text = format!(
        "{WORLD}[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
         minimum = \"more than $36M over 3 years\"\n"
    );
    let share = |text: &str, of: &str| {
        let all = tables(text, "concentration", &Question::default());
        value(&all[0], &["b", "backlog", "firm", of], "share")
    };
    assert_eq!([share(&text, "a"), share(&text, "total")], [1.0, 1.0].map(Value::exact));
    let secret = text.replace("more than $36M over 3 years", "undisclosed");
    let found = tables(&secret, "concentration", &Question::default());
    unknown(&found[0], &["b", "backlog", "a"], &["amount", "share"]);
    unknown(&found[0], &["b", "backlog", "total"], &["amount", "share", "hhi", "effective_number"]);
}

#[test]
fn a_stake_paid_for_on_a_day_was_sent_on_it() {
    let text =
        format!("{WORLD}[holdings.h]\nowner = \"a\"\nissuer = \"b\"\ncost = \"$10M\"\npaid = 2024-12-31\n");
    let sent = |text: &str| {
        let all = tables(text, "circularity", &Question::default());
        assert!(all[0].left_out.iter().all(|what| !what.contains("no dated flow")), "{:?}", all[0].left_out);
        value(&all[0], &["a", "b", "firm"], "sent")
    };
    is(&sent(&text), 10.0);
    // A paid tranche may be the same purchase: it alone is a payment. One that is to come is another.
    let round = "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n";
    is(&sent(&format!("{text}{round}tranches.t = {{ amount = \"$8M\", paid = 2024-11-30 }}\n")), 8.0);
    is(&sent(&format!("{text}{round}tranches.t = {{ amount = \"$8M\", on = 2026-06-30 }}\n")), 18.0);
}

#[test]
fn cash_says_what_is_called_and_what_nothing_dates() {
    let text = format!(
        "{WORLD}[contracts.u]\ntype = \"backstop\"\nbuyer = \"a\"\nseller = \"b\"\noffered = \"2 GW\"\n\
         sold = \"1 GW\"\nprice = \"$12M/GW/yr\"\nfrom = \"2026-01\"\nuntil = \"2026-12\"\n\
         [contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
         tranches.one = {{ amount = \"$5M\", standing = \"binding\" }}\n"
    );
    let says = |query: &Question| {
        let table = tables(&text, "cash", query).remove(0);
        (
            table.notes.concat().contains("calls of u;"),
            table.left_out.concat().contains("e.one: nothing dates it"),
        )
    };
    assert_eq!(says(&Question { parties: vec!["a".into()], ..Question::default() }), (true, true));
    assert_eq!(says(&Question { parties: vec!["c".into()], ..Question::default() }), (false, false));
    assert_eq!(says(&Question { reading: Some("expected".into()), ..Question::default() }), (false, true));
}

#[test]
fn nothing_back_over_an_undisclosed_stake_is_no_ratio() {
    let round = "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"undisclosed\", on = \"2025-06\" }\n";
    let found = tables(&format!("{WORLD}{round}"), "coverage", &Question::default());
    assert_eq!(value(&found[0], &["a", "b", "headline"], "coverage").amount(), None);
    let stated =
        tables(&format!("{WORLD}{}", round.replace("undisclosed", "$5M")), "coverage", &Question::default());
    assert!(value(&stated[0], &["a", "b", "headline"], "coverage").is_zero());
}

#[test]
fn what_repays_a_loan_covers_nothing() {
    let loan = "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"6%\"\ndrawn = \"2025-12\"\nmaturity = \"2028-12\"\n";
    let lent = tables(&format!("{WORLD}{loan}"), "coverage", &Question::default());
    is(&value(&lent[0], &["a", "b", "firm"], "loans"), 12.0);
    assert!(value(&lent[0], &["a", "b", "firm"], "coverage").is_zero());
    // Who also sells to its borrower has 24 due for 12.
    let sale = "[contracts.s]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
        until = \"2027-12\"\nminimum = \"$1M/month\"\n";
    let sold = tables(&format!("{WORLD}{loan}{sale}"), "coverage", &Question::default());
    assert_eq!(value(&sold[0], &["a", "b", "firm"], "coverage").amount(), Some(2.0));
}
