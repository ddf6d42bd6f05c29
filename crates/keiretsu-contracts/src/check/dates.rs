//! What the dates of any contract say that does not fit together: ends before starts, ends against the time
//! of a total, ramps outside the term.
//!
//! Invariant: months are compared, as the run counts them; a date that is only a year is taken as the words
//! allow. Absent: what a type alone means by its dates.

use keiretsu_model::record::{Content, Entry, Ramp, Record};
use keiretsu_model::{Contract, Diagnostic, Model, Scenario, When, date};
use keiretsu_program::Month;

use crate::calendar::{Calendar, month};

/// Pairs of terms of one table of which the second is never before the first, and what is wrong if it is.
const ORDER: [(&str, &str, &str); 2] =
    [("from", "until", "it ends before it starts"), ("on", "expires", "it expires before it is granted")];

/// Terms of a contract after which nothing in it begins.
const ENDS: [&str; 3] = ["until", "maturity", "expiry"];

/// Terms of a table inside a contract that say when something in it begins.
const STARTS: [&str; 3] = ["from", "paid", "on"];

/// Checks the dates of one contract.
pub(super) fn check(model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    in_order(record, diagnostics);
    for entry in &record.entries {
        if let Content::Tables(tables) = &entry.content {
            for (_, _, inner) in tables {
                in_order(inner, diagnostics);
                // What an option adds begins where the contract ends.
                if entry.name != crate::options::NAME {
                    within(record, inner, diagnostics);
                }
            }
        }
    }
    against_duration(record, diagnostics);
    let Some(term) = Term::of(model, record) else { return };
    term.against_totals(record, diagnostics);
    term.ramps(record, diagnostics);
}

/// A scenario does not end before it starts either, and what it does lies in the run.
pub(super) fn scenario(model: &Model, scenario: &Scenario, diagnostics: &mut Vec<Diagnostic>) {
    in_run(model, scenario, diagnostics);
    if let (Some(from), Some(until)) = (scenario.from, scenario.until)
        && until.last < from.first
    {
        let message = format!(
            "the scenario `{}` ends in {} before it starts in {}",
            scenario.name,
            until.text(),
            from.text()
        );
        diagnostics.push(Diagnostic::new("E0402", scenario.span, message).hint("give a later `until`"));
    }
}

fn in_run(model: &Model, scenario: &Scenario, diagnostics: &mut Vec<Diagnostic>) {
    let calendar = Calendar::new(model.as_of, model.horizon_months);
    let mut warn = |code, message: String| {
        diagnostics.push(Diagnostic::new(code, scenario.span, message).hint("give a date of the run"));
    };
    let name = &scenario.name;
    if let Some(until) = scenario.until.filter(|until| calendar.is_past(until)) {
        let (until, as_of) = (until.text(), model.as_of);
        warn("W0802", format!("the scenario `{name}` is over in {until}, and the model looks from {as_of}"));
    }
    for (party, when) in &scenario.defaults {
        let party = &model.party(*party).name;
        if calendar.is_past(when) {
            let when = when.text();
            warn(
                "W0802",
                format!("`{party}` defaults in {when} in `{name}`, which is past: it fails at once"),
            );
        }
    }
    let starts = scenario.from.iter().chain(scenario.defaults.iter().map(|(_, when)| when));
    for when in starts.filter(|when| i64::from(calendar.months) < calendar.from(when)) {
        let when = when.text();
        warn(
            "W0801",
            format!("the scenario `{name}` has {when}, after the horizon, so that changes nothing"),
        );
    }
}

fn in_order(record: &Record, diagnostics: &mut Vec<Diagnostic>) {
    for (first, last, message) in ORDER {
        let (Some(start), Some(end)) = (record.when(first), record.when(last)) else { continue };
        if end.last < start.first {
            diagnostics.push(
                Diagnostic::new("E0402", record.span_of(last), message)
                    .also(record.span_of(first), "the start")
                    .hint(format!("give a later `{last}`")),
            );
        }
    }
}

/// Nothing in a contract begins after its end.
fn within(record: &Record, inner: &Record, diagnostics: &mut Vec<Diagnostic>) {
    for (start, end) in STARTS.into_iter().flat_map(|start| ENDS.map(|end| (start, end))) {
        let (Some(from), Some(until)) = (inner.when(start), record.when(end)) else { continue };
        if until.last < from.first {
            let message =
                format!("this is in {}, after the `{end}` of the contract in {}", from.text(), until.text());
            diagnostics.push(
                Diagnostic::new("E0402", inner.span_of(start), message)
                    .also(record.span_of(end), "the end")
                    .hint(format!("give an earlier date, or a later `{end}`")),
            );
        }
    }
}

/// A total that falls over another time than the contract runs contradicts it.
fn against_duration(record: &Record, diagnostics: &mut Vec<Diagnostic>) {
    let Some(term) = record.duration("term").and_then(date::whole_months) else { return };
    for entry in &record.entries {
        let Content::Figure(stated) = &entry.content else { continue };
        let over = stated.figure.over.filter(|_| entry.adds).and_then(date::whole_months);
        if over.is_some_and(|over| over != term) {
            let message = format!("the `term` is {term} months, and \"{}\" is over another time", entry.text);
            diagnostics.push(
                Diagnostic::new("E0708", entry.span, message)
                    .also(record.span_of("term"), "the term")
                    .hint("correct one of the two"),
            );
        }
    }
}

/// The months of a contract as its words have them.
struct Term {
    first: Month,
    until: Option<When>,
    /// The last month of the longest time over which a total falls, and the words of it.
    over: Option<(Month, Entry)>,
}

impl Term {
    /// None where nothing but the horizon ends it, and nothing spreads over it.
    fn of(model: &Model, record: &Record) -> Option<Self> {
        let calendar = Calendar::new(model.as_of, model.horizon_months);
        let first = record.when("from").map_or(calendar.month(1), |from| month(from.first));
        let until = record.when("until");
        let over = record.entries.iter().filter_map(|entry| Some((last_of(first, entry)?, entry.clone())));
        let over = over.max_by_key(|(last, _)| *last);
        let ramped = record.has("ramp");
        (until.is_some() || over.is_some() || ramped).then_some(Self { first, until, over })
    }

    fn last(&self) -> Month {
        let until = self.until.map(|until| month(until.last));
        let last = until.max(self.over.as_ref().map(|(last, _)| *last));
        // A total with a start and no end falls within a year.
        last.unwrap_or_else(|| self.first.plus(11))
    }

    /// An end before the time of a total has passed contradicts it.
    fn against_totals(&self, record: &Record, diagnostics: &mut Vec<Diagnostic>) {
        let (Some(until), Some((last, entry))) = (self.until, &self.over) else { return };
        if month(until.last) < *last && self.first <= month(until.last) {
            let message = format!(
                "`until` is {}, and \"{}\" from {} on falls until {last}",
                until.text(),
                entry.text,
                self.first
            );
            diagnostics.push(
                Diagnostic::new("E0708", record.span_of("until"), message)
                    .also(entry.span, "the time of the total")
                    .hint("correct one of the two, or say what is due until then"),
            );
        }
    }

    fn ramps(&self, record: &Record, diagnostics: &mut Vec<Diagnostic>) {
        record.walk("", &mut |_, entry| {
            let Content::Ramp(ramp) = &entry.content else { return };
            if let Some(message) = self.outside(ramp) {
                let message = format!("{message}; the term is {} to {}", self.first, self.last());
                diagnostics.push(
                    Diagnostic::new("E0702", entry.span, message)
                        .hint("name years of the term, or correct `from` and the end"),
                );
            }
        });
    }

    /// What of a ramp lies outside the term.
    fn outside(&self, ramp: &Ramp) -> Option<String> {
        match ramp {
            Ramp::Shares { years, .. } => {
                let term = self.first.year()..=self.last().year();
                let outside = |(year, share): &&(i16, f64)| 0.0 < *share && !term.contains(&i32::from(*year));
                let (year, share) = years.iter().find(outside)?;
                let percent = (share * 1e8).round() / 1e6;
                Some(format!("the ramp puts {percent}% into {year}, which is not in the term"))
            }
            Ramp::SCurve(Some(by)) => {
                let within = self.first <= month(by.last) && month(by.first) <= self.last();
                (!within).then(|| format!("the ramp is complete by {}, which is not in the term", by.text()))
            }
            _ => None,
        }
    }
}

/// The last month in which a total falls that is said to fall over a time from a first month on.
fn last_of(first: Month, entry: &Entry) -> Option<Month> {
    let Content::Figure(stated) = &entry.content else { return None };
    let months = date::whole_months(stated.figure.over.filter(|_| entry.adds)?)?;
    Some(first.plus(i32::try_from(months).ok()? - 1))
}
