//! Terms of a loan to its dated events: payments, outstanding principal, accrued interest.
//!
//! ```
//! use std::collections::BTreeMap;
//! use keiretsu_methods::loan::{Observed, LoanTerm, events};
//! let terms: BTreeMap<String, LoanTerm> = [
//!     ("contractType", "PAM"), ("contractRole", "RPA"), ("statusDate", "2025-12-31"),
//!     ("initialExchangeDate", "2026-01-01"), ("maturityDate", "2027-01-01"),
//!     ("notionalPrincipal", "1000"), ("nominalInterestRate", "0.06"),
//!     ("dayCountConvention", "30E360"), ("cycleOfInterestPayment", "P6ML1"),
//! ].map(|(name, value)| (name.to_owned(), value.into())).into();
//! let events = events(&terms, &Observed::default()).unwrap();
//! let paid: Vec<f64> = events.iter().map(|event| event.payoff).collect();
//! assert_eq!(paid, [-1000.0, 30.0, 30.0, 1000.0]);
//! ```
//!
//! The method is ACTUS (Algorithmic Contract Types Unified Standards, technical specification 1.0), contract
//! types PAM (bullet), LAM (linear), ANN (annuity) and CLM (callable). Terms go by their ACTUS names and are
//! text. Amounts are seen from the lender if `contractRole` is RPA, from the borrower if RPL; rates are
//! fractions per year. Where the specification and its published tests differ, the tests decide: what is
//! called a payment count includes the maturity; the annuity counts interest up to the first instalment;
//! interest on a called loan stops when it is called.
//!
//! A rate is observed on the scheduled day, or on the last earlier day of its series.
//!
//! Absent: other contract types, which are refused by name; taxes; holidays beyond weekends.

mod business;
mod cycle;
mod level;
mod plan;
mod run;
mod terms;
mod time;

use std::collections::BTreeMap;

use self::time::Time;

/// The value of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoanTerm {
    /// A text, or a number as text.
    Text(String),
    /// Something that has parts, in words: `a list`. No term of these contract types has any.
    Nested(&'static str),
}

impl From<&str> for LoanTerm {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A term that is missing or cannot be used, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermError {
    /// The name of the term, or of the observed series.
    pub term: String,
    /// The error, to be read after the name of the term.
    pub message: String,
}

impl TermError {
    fn new(term: &str, message: String) -> Self {
        Self { term: term.to_owned(), message }
    }
}

impl std::fmt::Display for TermError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.term, self.message)
    }
}

/// Data from outside the contract: market series, and unscheduled events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// Series by their market object code: times (ISO 8601) and values, in any order.
    pub series: BTreeMap<String, Vec<(String, f64)>>,
    /// Unscheduled events: a call (`XD`), a prepayment (`PP`, with its amount) or a default (`CE`).
    pub events: Vec<ObservedEvent>,
    /// The last day of interest; later events are left out.
    pub until: Option<String>,
}

/// Something that happens unscheduled.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedEvent {
    /// When (ISO 8601).
    pub time: String,
    /// `XD`, `PP` or `CE`.
    pub kind: String,
    /// The amount of a prepayment, positive.
    pub value: f64,
}

/// An event of a loan on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct LoanEvent {
    /// When, after any shift to a business day: a date, with the time of day unless it is midnight.
    pub date: String,
    /// The ACTUS event type: `IED`, `IP`, `PR`, `MD` and so on.
    pub kind: &'static str,
    /// The payment; positive is received.
    pub payoff: f64,
    /// The currency, as given.
    pub currency: String,
    /// Outstanding after the event; negative for the borrower.
    pub notional: f64,
    /// The rate after the event, a fraction per year.
    pub rate: f64,
    /// Interest accrued and not paid, after the event.
    pub accrued: f64,
}

impl LoanEvent {
    fn is_finite(&self) -> bool {
        [self.payoff, self.notional, self.rate, self.accrued].iter().all(|number| number.is_finite())
    }
}

/// The events of a loan after its status date, in order.
///
/// # Errors
/// Every term that is missing, unknown, or cannot be used, by its name.
pub fn events(
    terms: &BTreeMap<String, LoanTerm>,
    observed: &Observed,
) -> Result<Vec<LoanEvent>, Vec<TermError>> {
    let terms = terms::read(terms)?;
    let observed = Known::read(observed)?;
    let plan = plan::Plan::new(&terms, &observed);
    let events = run::run(&terms, &observed, &plan).map_err(|error| vec![error])?;
    if events.iter().all(LoanEvent::is_finite) {
        Ok(events)
    } else {
        Err(vec![TermError::new("terms", BEYOND.to_owned())])
    }
}

const BEYOND: &str = "its rates, amounts and cycles make amounts that no number holds";

/// Observations with their times read.
struct Known {
    series: BTreeMap<String, Vec<(Time, f64)>>,
    events: Vec<(Time, plan::Kind, f64)>,
    until: Option<Time>,
}

impl Known {
    fn read(observed: &Observed) -> Result<Self, Vec<TermError>> {
        let mut wrong = Vec::new();
        let mut time = |name: &str, text: &str| {
            let time = Time::parse(text.trim());
            if time.is_none() {
                wrong.push(TermError::new(name, format!("`{text}` is no date")));
            }
            time
        };
        let mut series = BTreeMap::new();
        for (name, points) in &observed.series {
            let mut list: Vec<(Time, f64)> =
                points.iter().filter_map(|(at, value)| Some((time(name, at)?, *value))).collect();
            list.sort_by_key(|(at, _)| *at);
            series.insert(name.clone(), list);
        }
        let until = observed.until.as_ref().and_then(|text| time("to", text));
        let mut events = Vec::new();
        let mut unknown = Vec::new();
        for event in &observed.events {
            let at = time("eventsObserved", &event.time);
            match (plan::Kind::observed(&event.kind), at) {
                (Some(kind), Some(at)) => events.push((at, kind, event.value)),
                (None, _) => unknown.push(event.kind.clone()),
                (_, None) => {}
            }
        }
        for kind in unknown {
            wrong.push(TermError::new("eventsObserved", format!("`{kind}` is not XD, PP or CE")));
        }
        for (name, points) in &series {
            if points.iter().any(|(_, value)| !value.is_finite()) {
                wrong.push(TermError::new(name, "has a value that is no number".to_owned()));
            }
        }
        if wrong.is_empty() { Ok(Self { series, events, until }) } else { Err(wrong) }
    }

    /// The value of a series at a time: that of the time, else of the last one before.
    fn value(&self, name: &str, at: Time) -> Result<f64, TermError> {
        let points = self.series.get(name);
        let known = points.and_then(|points| points.iter().rev().find(|(time, _)| *time <= at));
        known.map(|(_, value)| *value).ok_or_else(|| {
            TermError::new(name, format!("has no value on or before {}, when it is needed", at.text()))
        })
    }
}

/// ACTUS terms on parties, places and purposes, without effect on payments of these four types.
const UNUSED: &[&str] = &[
    "clearingHouse",
    "contractDealDate",
    "contractID",
    "contractPerformanceDate",
    "contractStructure",
    "counterpartyID",
    "creatorID",
    "creditLineAmount",
    "cycleAnchorDateOfDividend",
    "cyclePointOfInterestPayment",
    "cyclePointOfRateReset",
    "delinquencyPeriod",
    "delinquencyRate",
    "fixingDays",
    "fixingPeriod",
    "gracePeriod",
    "initialMargin",
    "interestCalculationBaseDate",
    "legalEntityIDCounterparty",
    "legalEntityIDRecordCreator",
    "marketObjectCode",
    "marketObjectCodeOfDividendRate",
    "marketValueObserved",
    "maximumPenaltyFreeDisbursement",
    "nonPerformingDate",
    "nominalInterestRate2",
    "optionExerciseEndDate",
    "prepaymentPeriod",
    "scalingIndexAtStatusDate",
    "seniority",
    "settlementCurrency",
    "settlementPeriod",
    "guaranteedExposure",
];
