//! Loans against the ACTUS reference tests (actusfrf/actus-tests, CC BY-SA 4.0), and their properties.

use std::collections::BTreeMap;

use crate::common::cases;
use keiretsu_methods::loan::{LoanEvent, LoanTerm, Observed, ObservedEvent, events};
use proptest::prelude::*;
use serde_json::Value;

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn amount(value: &Value) -> f64 {
    text(value).trim().parse().expect("a number")
}

fn terms(case: &Value) -> BTreeMap<String, LoanTerm> {
    let terms = case["terms"].as_object().expect("terms");
    terms.iter().map(|(name, value)| (name.clone(), LoanTerm::Text(text(value)))).collect()
}

fn observed(case: &Value) -> Observed {
    let series = case["dataObserved"].as_object().expect("series");
    let points = |series: &Value| {
        let data = series["data"].as_array().expect("data");
        data.iter().map(|point| (text(&point["timestamp"]), amount(&point["value"]))).collect()
    };
    let list = case["eventsObserved"].as_array().expect("events");
    let event = |event: &Value| ObservedEvent {
        time: text(&event["time"]),
        kind: text(&event["type"]),
        value: amount(&event["value"]),
    };
    let until = Some(text(&case["to"])).filter(|until| !until.is_empty());
    Observed {
        series: series.iter().map(|(name, series)| (name.clone(), points(series))).collect(),
        events: list.iter().map(event).collect(),
        until,
    }
}

/// The reference times have no seconds: 23:59:59 is printed as 23:59.
fn date(text: &str) -> &str {
    text.split_once("T00:00").map_or(text, |(day, _)| day)
}

fn same(event: &LoanEvent, want: &Value) -> Result<(), String> {
    if event.kind != text(&want["eventType"]) || !event.date.starts_with(date(&text(&want["eventDate"]))) {
        return Err(format!("{} {} instead", event.date, event.kind));
    }
    for (name, got, key) in [
        ("payoff", event.payoff, "payoff"),
        ("notional", event.notional, "notionalPrincipal"),
        ("rate", event.rate, "nominalInterestRate"),
        ("accrued", event.accrued, "accruedInterest"),
    ] {
        let want = amount(&want[key]);
        if (got - want).abs() > 1e-8 * want.abs().max(1.0) {
            return Err(format!("{} {}: {name} {got}, not {want}", event.date, event.kind));
        }
    }
    Ok(())
}

fn passes(case: &Value) -> Result<(), String> {
    let events = events(&terms(case), &observed(case)).map_err(|errors| format!("{errors:?}"))?;
    let want = case["results"].as_array().expect("results");
    for (event, want) in events.iter().zip(want) {
        same(event, want).map_err(|error| format!("{error}, wanted {want}"))?;
    }
    if events.len() == want.len() {
        Ok(())
    } else {
        Err(format!("{} events of {}", events.len(), want.len()))
    }
}

fn check(name: &str, least: usize) {
    let all = cases(&format!("actus/actus-tests-{name}"));
    let all = all.as_object().expect("an object of tests");
    let failed: Vec<String> = all
        .iter()
        .filter_map(|(id, case)| passes(case).err().map(|error| format!("{id}: {error}")))
        .collect();
    assert!(failed.is_empty(), "{} of {} fail:\n{}", failed.len(), all.len(), failed.join("\n"));
    assert!(least <= all.len(), "only {} cases", all.len());
}

#[test]
fn bullets_are_as_in_the_reference() {
    check("pam", 13);
}

#[test]
fn annuities_are_as_in_the_reference() {
    check("ann", 16);
}

#[test]
fn linear_loans_are_as_in_the_reference() {
    check("lam", 16);
}

#[test]
fn call_money_is_as_in_the_reference() {
    check("clm", 8);
}

fn plain(list: &[(&str, &str)]) -> BTreeMap<String, LoanTerm> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect()
}

fn loan(kind: &str, months: u32, cycle: u32, rate: f64, role: &str) -> BTreeMap<String, LoanTerm> {
    let maturity = format!("{}-{:02}-01", 2026 + months / 12, months % 12 + 1);
    plain(&[
        ("contractType", kind),
        ("contractRole", role),
        ("statusDate", "2025-12-30"),
        ("initialExchangeDate", "2026-01-01"),
        ("maturityDate", &maturity),
        ("notionalPrincipal", "1000"),
        ("nominalInterestRate", &rate.to_string()),
        ("dayCountConvention", "30E360"),
        ("cycleOfInterestPayment", &format!("P{cycle}ML1")),
        ("cycleOfPrincipalRedemption", &format!("P{cycle}ML1")),
    ])
}

fn run(terms: &BTreeMap<String, LoanTerm>) -> Vec<LoanEvent> {
    events(terms, &Observed::default()).expect("events")
}

fn refused(terms: &BTreeMap<String, LoanTerm>) -> String {
    let errors = events(terms, &Observed::default()).expect_err("an error");
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn an_annuity_is_the_textbook_one() {
    // n = 24, i = 0.5 % a month: 1000 i / (1 - (1 + i)^-24).
    let level = 1000.0 * 0.005 / (1.0 - 1.005_f64.powi(-24));
    let mut by_day: BTreeMap<String, f64> = BTreeMap::new();
    for event in run(&loan("ANN", 24, 1, 0.06, "RPA")).iter().filter(|event| event.kind != "IED") {
        *by_day.entry(event.date.clone()).or_default() += event.payoff;
    }
    by_day.retain(|_, paid| *paid != 0.0);
    assert_eq!(by_day.len(), 24);
    for (day, paid) in by_day {
        assert!((paid - level).abs() < 1e-9, "{day}: {paid} {level}");
    }
}

#[test]
fn what_is_no_loan_is_refused_by_name() {
    for kind in ["NAM", "STK", "CEG", "CEC", "OPTNS", "SWPPV"] {
        let mut terms = loan("PAM", 12, 1, 0.05, "RPA");
        terms.insert("contractType".to_owned(), kind.into());
        assert!(refused(&terms).starts_with(&format!("contractType: `{kind}`")), "{}", refused(&terms));
    }
}

#[test]
fn every_wrong_term_is_named() {
    let mut terms = loan("PAM", 12, 1, 0.05, "RPA");
    for (name, value) in [
        ("cycleOfInterestPayment", "monthly"),
        ("dayCountConvention", "A366"),
        ("maturityDate", "2025-02-30"),
        ("nominalIntrestRate", "1"),
    ] {
        terms.insert(name.to_owned(), value.into());
    }
    terms.remove("statusDate");
    let said = refused(&terms);
    for name in
        ["cycleOfInterestPayment", "dayCountConvention", "maturityDate", "nominalIntrestRate", "statusDate"]
    {
        assert!(said.contains(&format!("{name}: ")), "{name} in {said}");
    }
}

#[test]
fn a_list_is_refused_by_what_its_name_is() {
    let with = |changed: &str, term: LoanTerm| {
        let mut terms = loan("PAM", 12, 1, 0.05, "RPA");
        terms.insert(changed.to_owned(), term);
        terms
    };
    let listed = || LoanTerm::Nested("a list");
    let mut guarantee = with("contractStructure", listed());
    guarantee.insert("contractType".to_owned(), "CEG".into());
    assert!(refused(&guarantee).starts_with("contractType: `CEG` is not"), "{}", refused(&guarantee));
    assert_eq!(
        refused(&with("notionalPrincipa", listed())),
        "notionalPrincipa: is no term of PAM, ANN, LAM or CLM"
    );
    let wrong = "nominalInterestRate: this is a list, not a text or a number";
    assert_eq!(refused(&with("nominalInterestRate", listed())), wrong);
    assert!(refused(&with("contractType", listed())).starts_with("contractType: "));
    assert_eq!(run(&with("contractStructure", listed())).len(), 14, "it moves no payment of a PAM");
}

#[test]
fn what_no_number_holds_is_refused_by_name() {
    for (name, value) in [
        ("nominalInterestRate", "-1e308"),
        ("nominalInterestRate", "1e308"),
        ("nominalInterestRate", "1e7"),
        ("rateSpread", "1e300"),
        ("feeRate", "1e300"),
        ("penaltyRate", "-1e300"),
        ("notionalPrincipal", "1e300"),
        ("premiumDiscountAtIED", "1e308"),
        ("interestScalingMultiplier", "1e300"),
    ] {
        let mut terms = loan("PAM", 12, 1, 0.05, "RPA");
        terms.insert(name.to_owned(), value.into());
        let said = refused(&terms);
        assert!(said.starts_with(&format!("{name}: ")) && said.contains("out of range"), "{said}");
    }
    // Interest on interest: 900,000 times as much each year for a hundred years.
    let terms = loan("CLM", 1200, 12, 9e5, "RPA");
    assert!(refused(&terms).starts_with("terms: "), "{}", refused(&terms));
}

/// 36,000 at 1% a year are 1 a day (actual/360). 2026-08-01 is a Saturday, 61 days after the start.
#[test]
fn the_maturity_of_call_money_is_shifted_like_any_other() {
    let end = |kind: &str, shift: &str| {
        let mut terms = loan(kind, 7, 12, 0.01, "RPA");
        terms.extend(plain(&[
            ("initialExchangeDate", "2026-06-01"),
            ("notionalPrincipal", "36000"),
            ("dayCountConvention", "A360"),
            ("calendar", "MF"),
            ("businessDayConvention", shift),
        ]));
        let all = run(&terms);
        let of = |kind: &str| all.iter().rfind(|event| event.kind == kind).expect("an event").clone();
        assert_eq!(of("IP").date, of("MD").date);
        (of("MD").date, of("IP").payoff.round())
    };
    for kind in ["CLM", "PAM"] {
        assert_eq!(end(kind, "SCP"), ("2026-07-31".to_owned(), 60.0), "{kind}");
        assert_eq!(end(kind, "SCF"), ("2026-08-03".to_owned(), 63.0), "{kind}");
        assert_eq!(end(kind, "CSF"), ("2026-08-03".to_owned(), 61.0), "{kind}: calculated first");
        assert_eq!(end(kind, "NOS"), ("2026-08-01".to_owned(), 61.0), "{kind}");
    }
}

#[test]
fn a_series_without_a_value_in_time_is_named() {
    let mut terms = loan("PAM", 12, 1, 0.05, "RPA");
    terms.insert("cycleOfRateReset".to_owned(), "P3ML1".into());
    terms.insert("marketObjectCodeOfRateReset".to_owned(), "SOFR".into());
    assert_eq!(refused(&terms), "SOFR: has no value on or before 2026-04-01, when it is needed");
}

#[test]
fn caps_and_floors_bound_a_reset() {
    let rate = |bounds: &[(&str, &str)], market: f64| {
        let mut terms = loan("PAM", 12, 12, 0.05, "RPA");
        terms.insert("cycleAnchorDateOfRateReset".to_owned(), "2026-07-01".into());
        terms.insert("marketObjectCodeOfRateReset".to_owned(), "SOFR".into());
        terms.extend(plain(bounds));
        let points = vec![("2026-01-01".to_owned(), market)];
        let observed =
            Observed { series: [("SOFR".to_owned(), points)].into_iter().collect(), ..Observed::default() };
        let all = events(&terms, &observed).expect("events");
        all.iter().find(|event| event.kind == "RR").expect("a reset").rate
    };
    let near = |got: f64, want: f64| assert!((got - want).abs() < 1e-15, "{got} {want}");
    near(rate(&[], 0.2), 0.2);
    near(rate(&[("lifeCap", "0.1")], 0.2), 0.1);
    near(rate(&[("periodCap", "0.01")], 0.2), 0.06);
    near(rate(&[("lifeFloor", "0.03"), ("periodFloor", "-0.04")], 0.0), 0.03);
}

#[test]
fn a_prepayment_shortens_or_lightens_what_is_left() {
    let mut terms = loan("LAM", 10, 1, 0.0, "RPA");
    let prepay = |terms: &BTreeMap<String, LoanTerm>| {
        let event = ObservedEvent { time: "2026-02-15".to_owned(), kind: "PP".to_owned(), value: 450.0 };
        let all = events(terms, &Observed { events: vec![event], ..Observed::default() }).expect("events");
        all.iter().filter(|event| event.payoff > 0.0).map(|event| event.payoff).collect::<Vec<_>>()
    };
    assert_eq!(prepay(&terms), [100.0, 450.0, 100.0, 100.0, 100.0, 100.0, 50.0]);
    terms.insert("prepaymentEffect".to_owned(), "A".into());
    assert_eq!(prepay(&terms), [100.0, 450.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0]);
}

#[test]
fn fees_are_paid_on_what_is_outstanding_or_as_an_amount() {
    let paid = |basis: &str, rate: &str| {
        let mut terms = loan("PAM", 12, 12, 0.05, "RPA");
        terms.extend(plain(&[("cycleOfFee", "P6ML1"), ("feeBasis", basis), ("feeRate", rate)]));
        run(&terms).iter().filter(|event| event.kind == "FP").map(|event| event.payoff).collect::<Vec<_>>()
    };
    assert_eq!(paid("N", "0.01"), [5.0, 5.0]);
    assert_eq!(paid("A", "7"), [7.0, 7.0]);
}

proptest! {
    #[test]
    fn the_principal_comes_back_once(kind in prop_oneof![Just("PAM"), Just("LAM"), Just("ANN")],
                                     months in 2..60u32, cycle in 1..7u32, rate in 0.0..0.2f64) {
        let all = run(&loan(kind, months, cycle, rate, "RPA"));
        let back: f64 =
            all.iter().filter(|e| ["PR", "MD"].contains(&e.kind)).map(|e| e.payoff).sum();
        prop_assert!((back - 1000.0).abs() < 1e-8, "{back}");
        prop_assert!(all.last().is_some_and(|last| last.notional.abs() < 1e-9 && last.accrued.abs() < 1e-9));
    }

    #[test]
    fn what_the_lender_gets_the_borrower_pays(kind in prop_oneof![Just("PAM"), Just("LAM"), Just("ANN")],
                                              months in 2..60u32, cycle in 1..7u32, rate in 0.0..0.2f64) {
        let (lender, borrower) =
            (run(&loan(kind, months, cycle, rate, "RPA")), run(&loan(kind, months, cycle, rate, "RPL")));
        for (a, b) in lender.iter().zip(&borrower) {
            prop_assert!((a.payoff + b.payoff).abs() < 1e-9 && a.kind == b.kind && a.date == b.date);
        }
    }

    #[test]
    fn no_terms_panic(name in "[a-zA-Z]{0,12}", value in ".{0,12}", which in 0..10usize) {
        let mut terms = loan("ANN", 12, 1, 0.05, "RPA");
        let known = terms.keys().nth(which).cloned().unwrap_or(name);
        terms.insert(known, LoanTerm::Text(value));
        let _ = events(&terms, &Observed::default());
    }
}
