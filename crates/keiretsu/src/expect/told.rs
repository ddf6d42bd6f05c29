//! Expectations that were read to whether they hold.

use jiff::civil::Date;
use keiretsu_measures::value_at;
use keiretsu_model::Model;
use keiretsu_model::figure::Said;
use keiretsu_program::{Month, PartyId, Probe, Quantity, RunSpec, Span};
use keiretsu_values::{Dimension, Set, Unit, Value};
use keiretsu_views::finding::said;

use super::words::{NoDefault, NumberExpected, Relation};
use super::{Outcome, Tested};
use crate::AskError;
use crate::explain::names::{every, resolve};
use crate::request::Request;
use crate::runner::Runner;

/// Equal up to rounding.
const SAME: f64 = 1e-9;

/// Whether a number stands to an amount as expected.
pub fn number(runner: &Runner<'_>, request: &Request, expected: &NumberExpected) -> Result<Tested, AskError> {
    let (value, unit, of) = if expected.is_sum {
        let all = every(runner, request, &expected.address)?;
        let sum = all.iter().fold(Value::exact(0.0), |sum, number| sum.plus(&number.value));
        let of = if all.len() == 1 { " (1 number)".to_owned() } else { format!(" ({} numbers)", all.len()) };
        (sum, all[0].unit, of)
    } else {
        let number = resolve(runner, request, &expected.address)?;
        (number.value, number.unit, String::new())
    };
    if !fits(expected, unit, runner.model) {
        let what = format!("`{}` is no amount of that number", expected.figure.words);
        return Err(AskError::invalid(what, format!("it is {}", said(&value, unit))));
    }
    let about = runner.model.about;
    let (should, is_about) = wanted(expected.figure.said, about);
    // Two numbers that are about the same amount are the same: the tolerance counts once.
    let is = if is_about { value.set() } else { spread(&value, about) };
    let outcome = decided(expected.relation, is, should);
    let why = format!("it is {}{of}", said(&value, unit));
    Ok(Tested { outcome, is: Some((value, unit)), why })
}

/// Whether the words can be an amount in the unit of a number.
fn fits(expected: &NumberExpected, unit: Unit, model: &Model) -> bool {
    let figure = &expected.figure;
    let dimension = match unit {
        Unit::Money(_) => Dimension::MONEY,
        Unit::MoneyPerYear(_) => Dimension::MONEY_RATE,
        Unit::MoneyPerPower(_) => Dimension::MONEY_PER_POWER,
        Unit::Power => Dimension::POWER,
        Unit::Share | Unit::Multiple | Unit::Months | Unit::Number { .. } => Dimension::NUMBER,
    };
    figure.dimension == dimension && figure.currency.is_none_or(|currency| currency == model.currency)
}

/// What a number may be; one in vague words may be off by the tolerance of "about".
fn spread(value: &Value, about: f64) -> Set {
    let set = value.set();
    if value.is_vague() { wider(set, about) } else { set }
}

/// What the words of an expectation allow, and whether they are vague.
fn wanted(said: Said, about: f64) -> (Set, bool) {
    let (firm, headline) = (said.firm(), said.headline());
    let set = firm.set().or(headline.set());
    let is_about = firm.is_vague() || headline.is_vague();
    (if is_about { wider(set, about) } else { set }, is_about)
}

fn wider(set: Set, about: f64) -> Set {
    Set { low: set.low - set.low.abs() * about, high: set.high + set.high.abs() * about }
}

/// Sets decide: it holds where all that is possible does, and is broken where nothing possible does.
fn decided(relation: Relation, is: Set, should: Set) -> Outcome {
    let room = |a: f64, b: f64| SAME * a.abs().max(b.abs()).min(f64::MAX);
    let at_least = |a: f64, b: f64| b - room(a, b) <= a;
    let above = |a: f64, b: f64| b + room(a, b) < a;
    let (holds, broken) = match relation {
        Relation::AtLeast => (at_least(is.low, should.low), above(should.low, is.high)),
        Relation::AtMost => (at_least(should.high, is.high), above(is.low, should.high)),
        Relation::Above => (above(is.low, should.high), at_least(should.high, is.high)),
        Relation::Below => (above(should.low, is.high), at_least(is.low, should.low)),
        Relation::Equal => (
            at_least(is.low, should.low) && at_least(should.high, is.high),
            above(is.low, should.high) || above(should.low, is.high),
        ),
    };
    match (holds, broken) {
        (_, true) => Outcome::Broken,
        (true, false) => Outcome::Holds,
        (false, false) => Outcome::Untold,
    }
}

/// Whether no party defaults, or not one of them, by a day.
pub fn no_default(runner: &Runner<'_>, request: &Request, expected: &NoDefault) -> Result<Tested, AskError> {
    let subject = runner.subject();
    let parties = match expected.party {
        Some(party) => vec![party],
        None => subject.groups(),
    };
    let can_fail = parties.iter().filter(|party| subject.model.party(**party).funding.is_some());
    let parties: Vec<_> = can_fail.copied().collect();
    if parties.is_empty() {
        return Ok(Tested::of(Outcome::Untold, "without `funding`, no party that it speaks of can fail"));
    }
    let probe = |party: &keiretsu_model::PartyRef| Probe {
        quantity: Quantity::Defaulted(PartyId(party.0)),
        span: Span::Month,
    };
    let spec = RunSpec::reading(expected.reading, parties.iter().map(probe).collect());
    let seen = runner.once(RunSpec { possible: true, ..spec }, request, &[])?;
    let last = (1..=runner.lowered.program.months)
        .take_while(|t| expected.by.is_none_or(|by| is_by(runner, *t, by)))
        .count();
    let mut open = Vec::new();
    for (party, series) in parties.iter().zip(&seen.series) {
        for month in 0..last {
            let failed = value_at(series, month);
            let title = subject.title(*party);
            if 0.5 < failed.set().low {
                let when = runner.lowered.program.month(month as u32 + 1);
                return Ok(Tested::of(Outcome::Broken, format!("{title} fails in {when}")));
            }
            if 0.5 < failed.set().high && !open.contains(&title) {
                open.push(title);
            }
        }
    }
    Ok(match open.as_slice() {
        [] => Tested::of(Outcome::Holds, "no party that it speaks of fails"),
        open => {
            Tested::of(Outcome::Untold, format!("{} may fail: something unknown decides", open.join(", ")))
        }
    })
}

fn is_by(runner: &Runner<'_>, t: u32, by: Date) -> bool {
    runner.lowered.program.month(t) <= Month::new(by.year().into(), by.month().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(relation: Relation, is: [f64; 2], should: f64) -> Outcome {
        decided(relation, Set { low: is[0], high: is[1] }, Set::point(should))
    }

    #[test]
    fn sets_decide_and_not_what_is_read() {
        let open = f64::INFINITY;
        assert_eq!(of(Relation::AtLeast, [7.7, open], 7.0), Outcome::Holds);
        assert_eq!(of(Relation::AtLeast, [0.0, open], 7.0), Outcome::Untold);
        assert_eq!(of(Relation::AtLeast, [0.0, 6.0], 7.0), Outcome::Broken);
        assert_eq!(of(Relation::AtMost, [7.0, 7.0], 7.0), Outcome::Holds);
        assert_eq!(of(Relation::Below, [7.0, 7.0], 7.0), Outcome::Broken);
        assert_eq!(of(Relation::Above, [f64::NEG_INFINITY, open], 7.0), Outcome::Untold);
        assert_eq!(of(Relation::Equal, [7.0, 7.0 + 1e-12], 7.0), Outcome::Holds);
        assert_eq!(of(Relation::Equal, [6.0, 8.0], 7.0), Outcome::Untold);
        assert_eq!(of(Relation::Equal, [8.0, open], 7.0), Outcome::Broken);
    }
}
