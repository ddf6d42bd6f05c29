//! Parts of one contract are that contract: sums over its parties are what one party would have, two halves
//! are the whole, and what is possible of either holds every share and amount that there can be.

use std::collections::BTreeMap;

use keiretsu::Session;
use keiretsu_values::{Set, Value};

use crate::asked::{key, question, tables};

/// What is added over the lenders: a measure, its table, and a column.
const ASKED: [(&str, &str, &str); 6] = [
    ("commitments", "pairs", "total"),
    ("commitments", "pairs", "binding"),
    ("cash", "by_period", "net"),
    ("debt_service", "by_period", "interest"),
    ("debt_service", "by_period", "principal"),
    ("exposure", "at_once", "exposure"),
];

/// A loan of so many parties, or several.
fn model(loans: &[(&str, &str)], terms: &str) -> String {
    let mut text = "keiretsu = 1\ntitle = \"wholes\"\nas_of = 2025-12-31\nhorizon = \"4 years\"\n\
                    [parties]\np = {}\nq = {}\nr = { cash = \"$50M\", because = \"an example\" }\n"
        .to_owned();
    for (at, (lender, amount)) in loans.iter().enumerate() {
        text += &format!(
            "[contracts.loan{at}]\ntype = \"loan\"\nlender = {lender}\nborrower = \"r\"\n\
             amount = \"{amount}\"\n{terms}because = \"an example\"\n"
        );
    }
    text
}

/// Each number, with whoever lends taken as one: by measure, column, borrower's side, reading and time.
fn sums(text: &str) -> BTreeMap<String, Value> {
    let session = Session::of_text(text);
    assert!(!session.has_errors(), "{text}\n{:?}", session.diagnostics());
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    for (measure, name, column) in ASKED {
        let found = tables(&session, &question(measure));
        let table = found.iter().find(|table| table.name == name).expect("the measure has the table");
        let at = table.column(column).expect("the table has the column");
        for row in &table.rows {
            let words = row.iter().take(table.keys()).map(key).collect::<Vec<_>>();
            // The cash of lenders is stated by none of them.
            if measure == "cash" && words[0] != "r" {
                continue;
            }
            let sides = words.iter().map(|word| match word.as_str() {
                "firm" | "expected" | "headline" | "r" => word.as_str(),
                time if time.starts_with("20") => time,
                _ => "lenders",
            });
            let place = format!("{measure} {column} {}", sides.collect::<Vec<_>>().join(" "));
            let value = row[at].value().expect("a number").clone();
            let sum = all.get(&place).map_or(value.clone(), |sum| sum.plus(&value));
            all.insert(place, sum);
        }
    }
    all
}

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * a.abs().max(b.abs()).max(1.0) || (a.is_infinite() && a.signum() == b.signum())
}

#[track_caller]
fn same_ends(one: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>) {
    assert!(!one.is_empty());
    for (place, value) in one {
        let (Set { low, high }, Some(theirs)) = (value.set(), other.get(place)) else {
            panic!("{place} is in one alone")
        };
        let ends = theirs.set();
        assert!(is_near(low, ends.low) && is_near(high, ends.high), "{place}: {value:?}\n{theirs:?}");
    }
}

/// How what is lent is stated, with amounts that it may turn out to be.
const AMOUNTS: [(&str, [&str; 3]); 4] = [
    ("$12M", ["$12M"; 3]),
    ("up to $12M", ["$0", "$5M", "$12M"]),
    ("$8M to $12M", ["$8M", "$9M", "$12M"]),
    ("more than $12M", ["$12M", "$13M", "$40M"]),
];

/// How shares are stated, with shares of p, q and others that they may turn out to be.
const SHARES: [(&str, [[u32; 3]; 3]); 4] = [
    ("[\"p\", \"q\"]", [[100, 0, 0], [30, 70, 0], [0, 100, 0]]),
    ("{ p = \"10% to 20%\", q = \"rest\" }", [[10, 90, 0], [15, 85, 0], [20, 80, 0]]),
    ("{ p = \"undisclosed\", q = \"40%\" }", [[60, 40, 0], [20, 40, 40], [0, 40, 60]]),
    (
        "{ p = \"up to 30%\", q = \"undisclosed\", others = \"rest\" }",
        [[30, 70, 0], [10, 20, 70], [0, 0, 100]],
    ),
];

const TERMS: [&str; 4] = [
    "drawn = \"2026-03\"\nmaturity = \"2028-03\"\nrate = \"6%\"\n",
    "drawn = \"2026-03\"\nmaturity = \"2028-03\"\nrate = \"6%\"\nrepayment = \"linear\"\n",
    "drawn = \"2024-03\"\nmaturity = \"2027-03\"\nrate = \"6%\"\nrepayment = \"annuity\"\n",
    "drawn = \"2026-03\"\nmaturity = \"2029-03\"\nrate = \"6%\"\nfrequency = \"yearly\"\n",
];

#[test]
fn what_all_lenders_have_is_what_one_lender_of_the_whole_would() {
    for (at, (shares, _)) in SHARES.iter().enumerate() {
        for (amount, _) in &AMOUNTS {
            let terms = TERMS[at];
            let [mut several, mut one] =
                [*shares, "\"p\""].map(|lender| sums(&model(&[(lender, *amount)], terms)));
            for all in [&mut several, &mut one] {
                // What is at risk is a larger of two (decision 0051).
                all.retain(|place, _| !place.starts_with("exposure"));
            }
            same_ends(&several, &one);
        }
    }
}

#[test]
fn two_halves_have_the_ends_of_the_whole() {
    for terms in TERMS {
        for (whole, half) in [("up to $12M", "up to $6M"), ("$8M to $12M", "$4M to $6M")] {
            let halves = model(&[("\"p\"", half), ("\"q\"", half)], terms);
            same_ends(&sums(&halves), &sums(&model(&[("\"p\"", whole)], terms)));
        }
    }
}

#[test]
fn ends_hold_whatever_the_shares_and_the_amount_turn_out_to_be() {
    for (at, (shares, real)) in SHARES.iter().enumerate() {
        for (amount, amounts) in &AMOUNTS {
            let open = sums(&model(&[(shares, amount)], TERMS[at]));
            for (real, amount) in real.iter().zip(amounts) {
                let [p, q, others] = real;
                let stated = format!("{{ p = \"{p}%\", q = \"{q}%\", others = \"{others}%\" }}");
                for (place, value) in sums(&model(&[(&stated, amount)], TERMS[at])) {
                    let (Some(amount), Some(open)) = (value.amount(), open.get(&place)) else { continue };
                    // The firm reading of "up to" is that nothing is drawn.
                    let slack = 1e-6 * amount.abs().max(1.0);
                    let set = open.set();
                    assert!(
                        set.low - slack <= amount && amount <= set.high + slack,
                        "{place}: {amount} is not in {set:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_loan_up_to_an_amount_is_over_at_its_maturity() {
    // By hand: drawn at the end of March 2026, 12 in 24 parts of 0.5 is back at the end of March 2028.
    let found = sums(&model(&[("\"p\"", "up to $12M")], TERMS[1]));
    let after = &found["cash net r headline 2029"];
    assert!(after.is_zero(), "{after:?}");
    // Interest of 0.5% a month on 9 months of 12, 11.5, ... 8 is 0.45, and 9 parts of 0.5 came back.
    let first = found["cash net r headline 2026"].set();
    assert!(is_near(first.low, 0.0) && is_near(first.high, 12e6 - 4.5e6 - 0.45e6), "{first:?}");
}

#[test]
fn an_annuity_at_a_rate_that_follows_a_path_stands_at_what_its_rates_have_left() {
    // Seen later, the loan owes in 2028 what it owed in 2028 when it was drawn.
    let terms =
        "drawn = \"2026-03\"\nmaturity = \"2028-03\"\nrate = \"sofr + 2%\"\nrepayment = \"annuity\"\n";
    let text = model(&[("\"p\"", "$12M")], terms)
        + "[factors.sofr]\npath = { 2026 = \"4%\", 2028 = \"3%\" }\nbecause = \"an example\"\n";
    let later = text.replace("as_of = 2025-12-31", "as_of = 2027-06-30");
    let over = text.replace("as_of = 2025-12-31", "as_of = 2028-06-30");
    let place = "cash net r firm 2028";
    let (first, second) = (sums(&text)[place].clone(), sums(&later)[place].clone());
    assert!(first.amount().zip(second.amount()).is_some_and(|(a, b)| is_near(a, b)), "{first:?} {second:?}");
    assert!(sums(&over)["cash net r firm 2029"].is_zero());
}
