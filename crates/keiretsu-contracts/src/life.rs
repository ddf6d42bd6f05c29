//! The life of contracts: what falls due is one schedule, and the same one whatever day it is seen from.

mod cancelling;
mod currencies;
mod lives;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use keiretsu_model::{MemoryFiles, Model, Options, Standing, open};
use keiretsu_program::{FlowId, Month, Probe, Quantity, Reading, RunSpec, Span};

use self::lives::LIVES;
use crate::lowering::Lowered;

/// The day from which the whole life is seen.
const START: Date = date(2025, 6, 30);
/// The months of the whole life.
const MONTHS: i32 = 60;

fn seen_from(as_of: Date, months: i32, text: &str) -> (Model, Lowered) {
    let world = format!(
        "keiretsu = 1\nas_of = {as_of}\nhorizon = \"{months} months\"\n[parties]\na = {{}}\n\
        b = {{}}\n{text}\n"
    );
    let specs = crate::specs();
    let opened = open(&MemoryFiles::root(&world), "keiretsu.toml", &Options::new(&specs));
    let mut diagnostics = opened.diagnostics.clone();
    diagnostics.extend(crate::check(&opened.model));
    assert!(diagnostics.is_empty(), "{world}\n{diagnostics:?}");
    let lowered = crate::lower(&opened.model);
    assert!(keiretsu_program::verify(&lowered.program).is_ok(), "{text}");
    (opened.model, lowered)
}

/// What falls due by flow and month.
type Falls = BTreeMap<(String, u32, u32, Month), f64>;

fn falls(lowered: &Lowered, reading: Reading) -> Falls {
    let program = &lowered.program;
    let probe = |at| Probe { quantity: Quantity::Due(FlowId(at as u32)), span: Span::Month };
    let probes = (0..program.flows.len()).map(probe).collect();
    let seen = keiretsu_engine::run(program, &RunSpec::reading(reading, probes), 1).expect("a run");
    let mut all = Falls::new();
    for ((flow, label), series) in program.flows.iter().zip(&lowered.side.flows).zip(&seen.series) {
        for t in 1..=program.months {
            let amount = series.mean[t as usize - 1];
            if amount.abs() > 1e-3 {
                // What is paid ahead is a part of what is owed.
                let name = label.name.trim_end_matches(".prepayment").to_owned();
                let key = (name, flow.from.0, flow.to.0, program.month(t));
                *all.entry(key).or_default() += amount;
            }
        }
    }
    all
}

fn same(left: &Falls, right: &Falls) -> Result<(), String> {
    for key in left.keys().chain(right.keys()) {
        let [left, right] = [left, right].map(|falls| falls.get(key).copied().unwrap_or(0.0));
        // Cents of millions: sums in another order.
        if (left - right).abs() > 0.01 {
            return Err(format!("{} in {}: {left} is not {right}", key.0, key.3));
        }
    }
    Ok(())
}

fn month(day: Date) -> Month {
    Month::new(i32::from(day.year()), i32::from(day.month()))
}

#[test]
fn the_future_is_the_same_seen_from_every_day() {
    same_future(LIVES);
}

/// Asserts that lives are the same seen from the end of each month, and from nine days before.
fn same_future<Text: AsRef<str>>(lives: impl IntoIterator<Item = (&'static str, Text)>) {
    let mut wrong = Vec::new();
    for (name, text) in lives {
        let text = text.as_ref();
        let whole = seen_from(START, MONTHS, text).1;
        let lives = Reading::ALL.map(|reading| falls(&whole, reading));
        assert!(lives.iter().any(|life| !life.is_empty()), "{name} has nothing");
        for passed in 1..36 {
            let end = START.saturating_add(passed.months()).last_of_month();
            for as_of in [end, end.saturating_sub(9.days())] {
                let seen = seen_from(as_of, MONTHS - passed, text).1;
                for (reading, life) in Reading::ALL.into_iter().zip(&lives) {
                    let seen = falls(&seen, reading);
                    if let Err(why) = same(&after(&seen, end), &after(life, end)) {
                        wrong.push(format!("{name}, {}, from {as_of}: {why}", reading.name()));
                    }
                }
            }
        }
    }
    let shown = &wrong[..wrong.len().min(40)];
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), shown.join("\n"));
}

/// What falls in later months: of the month of as-of some may be past.
fn after(falls: &Falls, day: Date) -> Falls {
    let mine = falls.iter().filter(|(key, _)| month(day) < key.3);
    mine.map(|(key, amount)| (key.clone(), *amount)).collect()
}

#[test]
fn dues_are_what_is_committed_and_what_is_paid() {
    same_as_committed(LIVES);
}

/// Asserts that commitments are what falls due, and what was paid.
fn same_as_committed<Text: AsRef<str>>(lives: impl IntoIterator<Item = (&'static str, Text)>) {
    for (name, text) in lives {
        let text = text.as_ref();
        for passed in [0, 7, 14] {
            let as_of = START.saturating_add(passed.months()).last_of_month();
            let (model, lowered) = seen_from(as_of, MONTHS - passed, text);
            let life = falls(&lowered, Reading::Firm);
            let mut promised = Falls::new();
            let (mut owed, mut past) = (0.0, 0.0);
            for commitment in &lowered.side.commitments {
                let firm = matches!(commitment.standing, Standing::Paid | Standing::Binding);
                if !firm || !commitment.is_cash() || commitment.dues.is_empty() {
                    continue;
                }
                let contract = &model.contract(commitment.contract).expect("a contract").name;
                let whole = commitment
                    .tranche
                    .as_ref()
                    .map_or_else(|| contract.clone(), |t| format!("{contract}.{t}"));
                for due in &commitment.dues {
                    let amount = due.amounts[Reading::Firm].amount().expect("a number");
                    owed += amount;
                    if due.past {
                        past += amount;
                    } else {
                        let key = (whole.clone(), commitment.from.0, commitment.to.0, month(due.on));
                        *promised.entry(key).or_default() += amount;
                    }
                }
                assert!(
                    (commitment.amount(Reading::Firm).amount().expect("a number")
                        - commitment
                            .dues
                            .iter()
                            .filter_map(|due| due.amounts[Reading::Firm].amount())
                            .sum::<f64>())
                    .abs()
                        < 0.01,
                    "{name}"
                );
            }
            if promised.is_empty() && owed == 0.0 {
                continue;
            }
            // Interest of a loan, and what credits settle, are in no commitment of cash.
            let of_commitments = |falls: &Falls| -> Falls {
                let mine = falls.iter().filter(|(key, _)| promised.keys().any(|known| known.0 == key.0));
                mine.map(|(key, amount)| (key.clone(), *amount)).collect()
            };
            if !text.contains("credits") && !text.contains("usage") {
                same(&promised, &of_commitments(&life))
                    .unwrap_or_else(|why| panic!("{name}, {passed}: {why}"));
            }
            let moved: f64 = lowered
                .program
                .past
                .iter()
                .zip(&lowered.side.past)
                .filter(|(_, label)| !label.name.ends_with("interest"))
                .map(|(past, _)| past.amount)
                .sum();
            assert!((moved - past).abs() < 0.01, "{name}, {passed}: {moved} were paid, {past} fell due");
        }
    }
}

/// What is committed in the headline reading, seen from a number of months after the start.
fn headline(text: &str, passed: i32) -> f64 {
    let as_of = START.saturating_add(passed.months()).last_of_month();
    let lowered = seen_from(as_of, MONTHS - passed, text).1;
    lowered.side.commitments.iter().filter_map(|one| one.amount(Reading::Headline).amount()).sum()
}

#[test]
fn what_has_fallen_due_stays_committed() {
    let text = |name: &str| LIVES.iter().find(|(known, _)| *known == name).expect("a life").1;
    for passed in [0, 7, 14, 20, 30] {
        // By hand: 12 of rent, and of the 5 that the asset is worth less than guaranteed the 4 of the cap.
        assert!((headline(text("a residual value"), passed) - 16e6).abs() < 1.0, "{passed}");
        // By hand: six quarters of 6 and the month of 2 that has accrued by February 2027, and the fee of 3.
        assert!((headline(text("a minimum that a date ends"), passed) - 41e6).abs() < 1.0, "{passed}");
        // By hand: 12 months of 1 and 3 of 1.1.
        assert!((headline(text("a lease that a date ends"), passed) - 15.3e6).abs() < 1.0, "{passed}");
        // By hand: 8 months of 1 and 16 of 2.
        assert!((headline(text("a share that ends"), passed) - 40e6).abs() < 1.0, "{passed}");
    }
}

#[test]
fn an_amendment_of_terms_that_are_over_leaves_no_row_of_nothing() {
    let loan = "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"6%\"\ndrawn = \"2025-08\"\nmaturity = \"2027-05\"\n";
    let amended = |terms: &str| format!("{loan}amendments = [{{ on = 2026-03-10, set = {{ {terms} }} }}]");
    let dues = |text: &str| -> Vec<(Date, [Option<f64>; 3])> {
        let (_, lowered) = seen_from(START, MONTHS, text);
        let all = lowered.side.commitments.iter().flat_map(|one| &one.dues);
        all.map(|due| (due.on, due.amounts.each_ref().map(keiretsu_values::Value::amount))).collect()
    };
    // It was drawn before its amendment, of which nothing falls again.
    assert_eq!(dues(&amended("amount = \"$12M\"")), dues(loan));
    assert_eq!(dues(&amended("rate = \"8%\"")), dues(loan));
    assert_eq!(dues(&amended("maturity = \"2027-05\"")), dues(loan));
}
