//! Adjusted debt of small texts, each derived by hand.

use keiretsu::Question;
use keiretsu_values::{Bound, Cell, Table, Value};

use crate::asked::key;
use crate::measured::{WORLD, is, tables, value};

const HALL: &str = "[contracts.hall]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\n\
    rent = \"$10M/yr\"\nfrom = \"2025-01\"\nterm = \"4 years\"\n";
const CAMPUS: &str = "[contracts.campus]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\n\
    rent = \"$20M/yr\"\nfrom = \"2026-07\"\nterm = \"2 years\"\n";
const LOAN: &str = "[contracts.loan]\ntype = \"loan\"\nlender = \"c\"\nborrower = \"a\"\n\
    amount = \"$60M\"\ndrawn = \"2025-12\"\nrate = \"8%\"\nmaturity = \"2028-12\"\n";
const REPORT: &str = "[reports.debt]\nparty = \"a\"\nof = \"debt\"\nfigure = \"$50M\"\n\
    on = 2025-09-30\nbecause = \"an example\"\n";

fn of(text: &str) -> (Table, Table) {
    of_reading(text, None)
}

fn of_reading(text: &str, reading: Option<&str>) -> (Table, Table) {
    let question = Question { reading: reading.map(str::to_owned), ..Question::default() };
    let all = tables(text, "obligations", &question);
    let named = |name: &str| all.iter().find(|table| table.name == name).expect(name).clone();
    (named("adjusted"), named("addends"))
}

fn number(text: &str, column: &str) -> Value {
    value(&of(text).0, &["a"], column)
}

#[test]
fn debt_leases_branches_and_guarantees_add_up() {
    let residual = "renewal = { options = 2, term = \"1 year\" }\n\
        residual = { guaranteed = \"$30M\", value = \"$0\" }\n";
    let alone = "[contracts.g]\ntype = \"guarantee\"\nguarantor = \"a\"\nbeneficiary = \"c\"\n\
        limit = \"up to $15M\"\n";
    let text = format!("{WORLD}{HALL}{CAMPUS}{residual}{LOAN}{alone}");
    // Three years of 10; two of 20; two options of 20 against 30; the limit.
    for (column, amount) in [
        ("debt", 60.0),
        ("leases", 30.0),
        ("leases_not_begun", 40.0),
        ("renewals", 40.0),
        ("residuals", 30.0),
        ("branch", 40.0),
        ("guarantees", 15.0),
        ("adjusted", 185.0),
    ] {
        let found = number(&text, column);
        is(&found, amount);
        assert_eq!(found.bound(), Some(Bound::Exact), "{column}");
    }
    // 40 over 60 + 30.
    let share = number(&text, "not_begun_share").amount().expect("a share");
    assert!((share - 40.0 / 90.0).abs() < 1e-9);
    let (_, addends) = of(&text);
    let counted: Vec<[String; 3]> = addends
        .rows
        .iter()
        .filter(|row| key(&row[0]) == "a")
        .map(|row| [2, 3, 6].map(|at| key(&row[at])))
        .collect();
    let said = [
        ["loan", "loan", "yes"],
        ["lease begun", "hall", "yes"],
        ["lease not begun", "campus", "yes"],
        ["renewal", "campus", "yes"],
        ["residual value", "campus", "no: the other branch is larger"],
        ["guarantee", "g", "yes"],
    ];
    assert_eq!(counted, said.map(|row| row.map(str::to_owned)));
}

#[test]
fn the_larger_branch_may_be_the_residual_value() {
    let residual = "renewal = { options = 1, term = \"1 year\" }\n\
        residual = { guaranteed = \"$30M\", value = \"$0\" }\n";
    let text = format!("{WORLD}{CAMPUS}{residual}{LOAN}");
    is(&number(&text, "renewals"), 20.0);
    is(&number(&text, "branch"), 30.0);
    // An option without a guaranteed value is a right alone.
    let free = format!("{WORLD}{CAMPUS}renewal = {{ options = 1, term = \"1 year\" }}\n{LOAN}");
    is(&number(&free, "adjusted"), 100.0);
    let (sums, addends) = of(&free);
    assert_eq!(sums.rows[0][sums.column("branch").expect("a column")], Cell::Empty);
    let renewal = addends.rows.iter().find(|row| key(&row[2]) == "renewal").expect("a row");
    assert_eq!(key(&renewal[6]), "no: nothing has to be renewed");
}

#[test]
fn renewed_rent_has_grown_with_the_years_of_the_lease() {
    let terms = "escalator = \"10%\"\nrenewal = { options = 1, term = \"1 year\", rent_share = \"50%\" }\n\
        residual = { guaranteed = \"$1M\", value = \"$0\" }\n";
    // Half of 20 x 1.1^2 in the third year.
    is(&number(&format!("{WORLD}{CAMPUS}{terms}"), "renewals"), 12.1);
}

#[test]
fn the_latest_report_of_a_day_comes_before_the_loans() {
    let text = format!("{WORLD}{LOAN}{REPORT}");
    is(&number(&text, "debt"), 50.0);
    is(&number(&text, "debt_modelled"), 60.0);
    is(&number(&text, "adjusted"), 50.0);
    let ratio = number(&text, "to_reported").amount().expect("a ratio");
    assert!((ratio - 1.0).abs() < 1e-12);
    let later = REPORT.replace("reports.debt", "reports.later").replace("$50M", "$70M");
    let with = |on: &str, more: &str| {
        let other = later.replace("on = 2025-09-30", &format!("on = {on}\n{more}"));
        number(&format!("{text}{other}"), "debt")
    };
    is(&with("2025-12-31", ""), 70.0);
    is(&with("\"2025-12\"", ""), 70.0);
    // An earlier one, a flow of a year, a part, and what is not yet known.
    is(&with("2025-06-30", ""), 50.0);
    is(&with("2025", ""), 50.0);
    is(&with("2025-12-31", "counterparty = \"c\""), 50.0);
    is(&with("2026-03-31", ""), 50.0);
}

#[test]
fn without_debt_the_sum_is_at_least_what_is_known() {
    let text = format!("{WORLD}{HALL}");
    assert_eq!(number(&text, "debt").amount(), None);
    let sum = number(&text, "adjusted");
    is(&sum, 30.0);
    assert_eq!(sum.bound(), Some(Bound::AtLeast));
    let (sums, _) = of(&text);
    assert_eq!(sums.rows[0][sums.column("to_reported").expect("a column")], Cell::Empty);
}

#[test]
fn one_undisclosed_rent_makes_the_sum_at_least() {
    let secret = HALL.replace("$10M/yr", "undisclosed");
    let sum = number(&format!("{WORLD}{LOAN}{secret}{CAMPUS}"), "adjusted");
    is(&sum, 100.0);
    assert_eq!(sum.bound(), Some(Bound::AtLeast));
}

#[test]
fn what_is_only_announced_is_no_addend() {
    let text = format!("{WORLD}{LOAN}{CAMPUS}standing = \"announced\"\n");
    is(&number(&text, "adjusted"), 60.0);
}

#[test]
fn a_lease_that_waits_for_a_condition_is_not_begun_and_firm_has_none_of_it() {
    let waits = CAMPUS.replace("from = \"2026-07\"", "begins_when = \"cash(a) >= $1B\"");
    let text = format!("{WORLD}{LOAN}{waits}");
    is(&number(&text, "leases_not_begun"), 40.0);
    let (firm, _) = of_reading(&text, Some("firm"));
    is(&value(&firm, &["a", "firm"], "adjusted"), 60.0);
}

#[test]
fn what_a_guarantee_covers_is_in_the_debt_of_two_parties_and_in_no_sum() {
    let loan = LOAN.replace("borrower = \"a\"", "borrower = \"b\"");
    let covers = "[contracts.g]\ntype = \"guarantee\"\nguarantor = \"a\"\nbeneficiary = \"c\"\n\
        covers = \"loan\"\nlimit = \"$40M\"\n";
    let (sums, _) = of(&format!("{WORLD}{loan}{covers}"));
    is(&value(&sums, &["a"], "guarantees"), 40.0);
    is(&value(&sums, &["b"], "adjusted"), 60.0);
    // Nobody is called in the firm run.
    let (firm, _) = of_reading(&format!("{WORLD}{loan}{covers}"), Some("firm"));
    is(&value(&firm, &["a"], "guarantees"), 0.0);
}

#[test]
fn leases_with_dates_have_a_present_value() {
    let world = WORLD.replace("horizon", "discount = \"10%\"\nhorizon");
    let lease = HALL.replace("4 years", "14 months");
    // A twelfth of 10 at the end of January and of February 2026.
    let worth = 10.0 / 12.0 * (1.1_f64.powf(-31.0 / 365.0) + 1.1_f64.powf(-59.0 / 365.0));
    is(&number(&format!("{world}{LOAN}{lease}"), "discounted"), 60.0 + worth);
    // Nobody knows when one begins that waits for a condition.
    let waits = lease.replace("from = \"2025-01\"", "begins_when = \"cash(a) >= $1B\"");
    let found = number(&format!("{world}{LOAN}{waits}"), "discounted");
    is(&found, 60.0);
    assert_eq!(found.bound(), Some(Bound::AtLeast));
}

#[test]
fn both_sides_of_one_building_are_named_and_not_added() {
    let owner = LOAN.replace("borrower = \"a\"", "borrower = \"b\"");
    let (sums, _) = of(&format!("{WORLD}{HALL}{owner}"));
    let note = "Both sides of hall are in the web: the leases of a and the debt of b.";
    assert!(sums.notes.iter().any(|said| said == note), "{:?}", sums.notes);
    is(&value(&sums, &["a"], "adjusted"), 30.0);
    is(&value(&sums, &["b"], "adjusted"), 60.0);
    assert!(sums.rows.iter().all(|row| key(&row[0]) != "all"));
}
