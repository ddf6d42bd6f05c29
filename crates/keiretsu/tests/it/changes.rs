//! Statements in other words: which statement is meant, whatever its dates, strings and rivals.

use std::collections::BTreeSet;

use keiretsu::{Question, Session};

use crate::asked::{ask, example, question};

const HEAD: &str = r#"
keiretsu = 1
as_of = 2025-12-31
horizon = "4 years"
[sources.one]
title = "One"
date = 2025-06-01
[sources.two]
title = "Two"
date = 2025-07-01
"#;

fn session(text: &str) -> Session {
    let session = Session::of_text(&format!("{HEAD}{text}"));
    assert!(!session.has_errors(), "{text}: {:?}", session.diagnostics());
    session
}

/// The commitments of the lab to the cloud, firm.
fn committed(session: &Session, asked: Question) -> Option<f64> {
    let asked = Question { reading: Some("firm".into()), ..asked };
    let answer = ask(session, &asked).expect("an answer");
    let keys = [("payer", "lab"), ("payee", "cloud")];
    answer.number(("commitments", "pairs"), &keys, "total")?.amount()
}

/// The cash of the lab at as-of, and the remarks of the answer.
fn cash_now(session: &Session, asked: Question) -> (Option<f64>, Vec<String>) {
    let asked = Question { reading: Some("firm".into()), by: Some("total".into()), ..asked };
    let answer = ask(session, &asked).expect("an answer");
    let keys = [("party", "lab"), ("reading", "firm")];
    let cash = answer.number(("cash", "short"), &keys, "cash_now").and_then(keiretsu_values::Value::amount);
    (cash, answer.remarks)
}

#[test]
fn the_words_that_count_on_the_day_of_the_question_are_changed() {
    let session = session(
        r#"
[parties]
lab = {}
cloud = {}
[contracts.c]
type = "supply"
buyer = "lab"
seller = "cloud"
from = "2026-01"
minimum = "$1B over 2 years"
because = "a test"
amendments = [
    { on = "2025-06-01", set = { minimum = "$2B over 2 years" }, because = "a test" },
    { on = "2025-07-01", set = { minimum = "$5B over 2 years" }, known = "2025-12-01", because = "a test" },
]
"#,
    );
    assert_eq!(committed(&session, question("commitments")), Some(5e9));
    let then = Question { known_on: Some("2025-08-01".into()), ..question("commitments") };
    assert_eq!(committed(&session, then.clone()), Some(2e9));
    // By hand: on that day the second amendment is not known, and it is the first that now says 9.
    assert_eq!(committed(&session, then.with("c.minimum", "$9B over 2 years")), Some(9e9));
    assert_eq!(committed(&session, question("commitments").with("c.minimum", "$9B over 2 years")), Some(9e9));
}

#[test]
fn a_string_is_replaced_whole_however_it_is_written() {
    for written in [r#""$\u0035B""#, "'$5B'", r#""""$5B""""#, "'''$5B'''"] {
        let text = format!("[parties.lab]\ncash = {written}\ncosts = \"$0/yr\"\nbecause = \"x\"\n");
        let (cash, _) = cash_now(&session(&text), question("cash").with("lab.cash", "$7B"));
        assert_eq!(cash, Some(7e9), "{written}");
    }
    // The place of a formula in an escaped string is the whole literal.
    let session = session(
        r#"
[factors.rev]
start = "$1B/yr"
because = "x"
[parties.lab]
cash = "$5B"
costs = "10%\u0020*\u0020rev"
because = "x"
"#,
    );
    let asked = question("cash").with("lab.costs", "$2B/yr");
    assert_eq!(cash_now(&session, asked).0, Some(5e9));
}

#[test]
fn a_change_that_another_source_overrules_is_told() {
    let session = session(
        r#"
[parties.lab]
costs = "$0/yr"
because = "x"
[parties.lab.cash]
claims = [{ figure = "$5B", source = "one" }, { figure = "$7B", source = "two" }]
use = "lowest"
"#,
    );
    // The lower claim becomes 9, so that the other one, 7, is the lowest.
    let (cash, remarks) = cash_now(&session, question("cash").with("lab.cash", "$9B"));
    assert_eq!(cash, Some(7e9));
    assert!(remarks.iter().any(|remark| remark.contains("another source counts")), "{remarks:?}");
    let (cash, remarks) = cash_now(&session, question("cash").with("lab.cash", "$3B"));
    assert_eq!((cash, remarks), (Some(3e9), vec![]));
}

#[test]
fn a_table_says_what_was_changed() {
    let session = session("[parties.lab]\ncash = \"$5B\"\ncosts = \"$0/yr\"\nbecause = \"x\"\n");
    let answer = ask(&session, &question("cash").with("lab.cash", "$7B")).expect("an answer");
    let says = |note: &String| note == "with lab.cash = $7B";
    assert!(answer.tables().iter().all(|table| table.notes.iter().any(says)));
}

#[test]
fn numbers_of_one_measure_have_names_of_their_own() {
    let session = example("first");
    for measure in ["circularity", "lock_in", "commitments"] {
        let asked = Question { of: vec![measure.to_owned()], ..question("numbers") };
        let table = ask(&session, &asked).expect("names").tables().remove(0);
        let names: Vec<String> = table.rows.iter().filter_map(|row| row[0].key()).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{measure}");
        for (row, name) in table.rows.iter().zip(&names) {
            let asked = Question { of: vec![name.clone()], ..question("number") };
            let number = ask(&session, &asked).unwrap_or_else(|why| panic!("{name}: {why}"));
            let is = number.tables()[0].rows.iter().find_map(|row| row[2].value().cloned());
            assert_eq!(is.as_ref(), row[2].value(), "{name}");
        }
    }
}
