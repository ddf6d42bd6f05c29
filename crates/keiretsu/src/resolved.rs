//! Names and words of a question to the query of a measure, or all its errors at once.

use std::collections::BTreeSet;

use jiff::civil::Date;
use keiretsu_measures::{PeriodLength, Query};
use keiretsu_model::{Model, Party, PartyRef, suggest};
use keiretsu_program::{OwnMoney, Reading};

use crate::{AskError, Dates, Question};

/// The errors found in a question so far.
#[derive(Default)]
pub(crate) struct Faults {
    list: Vec<(String, String)>,
}

impl Faults {
    /// Takes the value, or adds the error.
    pub fn take<T>(&mut self, value: Result<T, (String, String)>) -> Option<T> {
        value.map_err(|(what, hint)| self.note(what, hint)).ok()
    }

    pub fn note(&mut self, what: String, hint: String) {
        if !self.list.contains(&(what.clone(), hint.clone())) {
            self.list.push((what, hint));
        }
    }

    /// # Errors
    /// An invalid request, if anything is wrong.
    pub fn settle(self) -> Result<(), AskError> {
        match self.list.as_slice() {
            [] => Ok(()),
            [(what, hint)] => Err(AskError::invalid(what, hint)),
            several => {
                // Each hint stands below its own fault.
                let line = |(what, hint): &(String, String)| match hint.as_str() {
                    "" => what.clone(),
                    hint => format!("{what}\n  help: {hint}"),
                };
                Err(AskError::invalid(several.iter().map(line).collect::<Vec<_>>().join("\n"), ""))
            }
        }
    }
}

/// The query of a question; watched formulas are added later.
pub(crate) fn query(model: &Model, question: &Question, faults: &mut Faults) -> Query {
    let parties = parties(model, &question.parties, faults);
    let reading =
        question.reading.as_deref().and_then(|word| faults.take(one_of("reading", word, &READINGS)));
    let by = question.by.as_deref().and_then(|word| faults.take(one_of("cut of time", word, &PERIODS)));
    let own = question.own_money.as_deref();
    let own = own.and_then(|word| faults.take(one_of("rule for own money", word, &OWN_MONEY)));
    let at = question.at.as_deref().and_then(|text| faults.take(day(text)));
    if let Some(within) = question.within.filter(|within| !(0.0 < *within && *within <= WITHIN_MAX)) {
        let hint = format!("write a number above 0, at most {WITHIN_MAX}");
        faults.note(format!("shocks within {within} standard deviations cannot be looked for"), hint);
    }
    let own_money = own.unwrap_or_default();
    Query { parties, reading, by, at, own_money, within: question.within, sought: None, watched: vec![] }
}

/// The dates that a question gives.
pub(crate) fn dates(question: &Question, own: Dates, faults: &mut Faults) -> Dates {
    let mut date = |text: &Option<String>| text.as_deref().and_then(|text| faults.take(day(text)));
    let (as_of, known_on) = (date(&question.as_of), date(&question.known_on));
    Dates { as_of: as_of.or(own.as_of), known_on: known_on.or(own.known_on) }
}

/// Standard deviations beyond which no shock is looked for.
const WITHIN_MAX: f64 = 10.0;

const READINGS: [(&str, Reading); 3] =
    [("firm", Reading::Firm), ("expected", Reading::Expected), ("headline", Reading::Headline)];
const PERIODS: [(&str, PeriodLength); 4] = [
    ("month", PeriodLength::Month),
    ("quarter", PeriodLength::Quarter),
    ("year", PeriodLength::Year),
    ("total", PeriodLength::Total),
];
const OWN_MONEY: [(&str, OwnMoney); 3] =
    [("pro-rata", OwnMoney::ProRata), ("fifo", OwnMoney::Fifo), ("lifo", OwnMoney::Lifo)];

fn one_of<T: Copy>(kind: &str, word: &str, known: &[(&str, T)]) -> Result<T, (String, String)> {
    let found = known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        (format!("there is no {kind} `{word}`"), format!("write one of {}", names.join(", ")))
    })
}

/// A day: `2026-11-30`, or `2026-11` and `2026` for their last days.
///
/// # Errors
/// The error, and the remedy.
pub fn day(text: &str) -> Result<Date, (String, String)> {
    let when = keiretsu_model::date::when(text).filter(|when| when.single);
    let hint = || "write 2026-04-21, 2026-04 or 2026".to_owned();
    when.map(|when| when.last).ok_or_else(|| (format!("`{text}` is not a day"), hint()))
}

/// Parties by name or title; a segment stands for the whole party, which has the cash and the contracts.
fn parties(model: &Model, names: &[String], faults: &mut Faults) -> Vec<PartyRef> {
    let mut parties = Vec::new();
    let mut seen = BTreeSet::new();
    for name in names {
        let Some(party) = faults.take(party(model, name)) else { continue };
        if seen.insert(party) {
            parties.push(party);
        }
    }
    parties
}

fn party(model: &Model, name: &str) -> Result<PartyRef, (String, String)> {
    let titled = || model.parties.iter().position(|party| party.title.eq_ignore_ascii_case(name));
    let party = model.find_party(name).or_else(|| Some(PartyRef(u32::try_from(titled()?).ok()?)));
    let named =
        |party: &&Party| party.record.text("name").is_some_and(|title| title.eq_ignore_ascii_case(name));
    let several: Vec<&str> = model.parties.iter().filter(named).map(|party| party.name.as_str()).collect();
    if party.is_none() && several.len() > 1 {
        return Err((
            format!("several parties have the name \"{name}\""),
            format!("write {}", several.join(" or ")),
        ));
    }
    let party = party.filter(|party| *party != PartyRef::OUTSIDE);
    party.map(|party| model.group(party)).ok_or_else(|| {
        let known = model.parties[1..].iter().map(|party| party.name.as_str());
        (format!("there is no party `{name}`"), suggest::advice(name, known))
    })
}
