//! Published figures that are no contracts.

use super::{Candidate, Measure, OUTSIDE, People, Sides, term};
use crate::import::row::Row;
use crate::import::words::Unit;

/// The party that a reported figure belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The payee's, of which the payer is a part: a customer's share of a backlog, a lender's of a debt.
    ByPayee,
    /// The payer's, of which the payee is a part.
    ByPayer,
    /// The named party.
    Alone,
}

/// A figure of one party.
pub fn report(row: &Row, people: &mut People, of: &str, seen: Seen) -> Result<Candidate, String> {
    let sides = Sides::some(row, people)?;
    let (words, measure) = figure(row, of)?;
    let Sides { payer, payee, .. } = &sides;
    let (of, party, counterparty) = match seen {
        Seen::ByPayee if payee == OUTSIDE && sides.several[1] => ("commitments", payer, payee),
        Seen::ByPayee => (of, payee, payer),
        // What customers in general have promised to buy is the seller's backlog.
        Seen::ByPayer
            if payer == OUTSIDE && of == "commitments" && row.cell("kind") == "service_commitment" =>
        {
            ("backlog", payee, payer)
        }
        Seen::Alone if payer == OUTSIDE => (of, payee, payer),
        Seen::ByPayer | Seen::Alone => (of, payer, payee),
    };
    let counterparty = if seen == Seen::Alone { OUTSIDE } else { counterparty };
    if party == OUTSIDE {
        return Err(sides.why_not());
    }
    let pair = (party.clone(), counterparty.to_owned());
    published(row, people, &sides, of, pair, (words, measure))
}

/// The amount of a report: money, a share, or nothing that is known of a promise. Power is no amount.
fn figure(row: &Row, of: &str) -> Result<(String, Measure), String> {
    if row.has_money() {
        return Ok((money(row)?, Measure::Money));
    }
    match row.share_in_words() {
        Some(share) if ["backlog", "commitments"].contains(&of) => Ok((share, Measure::Share)),
        // A lease is a promise, however little is said of it.
        _ if of == "commitments"
            && (row.cell("qualifier") == "undisclosed" || row.cell("kind") == "lease") =>
        {
            Ok(("undisclosed".to_owned(), Measure::Money))
        }
        _ => Err("the row has no amount".to_owned()),
    }
}

/// Money, per time where its words have it so and the span of the row is not that time.
fn money(row: &Row) -> Result<String, String> {
    let days = row
        .when("start")
        .zip(row.when("end"))
        .map(|(start, end)| end.last.since(start.first).map_or(0, |span| span.get_days()));
    match row.amount_is_per() {
        Some(Unit::Thing) => Err("an amount per unit of something is no amount of a party".to_owned()),
        // A year, however many days it has.
        Some(Unit::Year) if !days.is_some_and(|days| (360..=366).contains(&days)) => Ok(row.money_per("/yr")),
        Some(Unit::Month) if !days.is_some_and(|days| (27..=31).contains(&days)) => {
            Ok(row.money_per("/month"))
        }
        _ => Ok(row.money()),
    }
}

/// A stake, a gain, the value of a holding or of a whole party.
pub fn mark(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::single(row, people)?;
    let (holder, issuer) = (sides.payer.clone(), sides.payee.clone());
    if !row.has_money() {
        return stake(row, people, &sides);
    }
    let (of, pair) = if holder == OUTSIDE {
        ("value", (issuer, holder))
    } else {
        let said = row.said();
        let gain = ["gain", "income", "profit", "loss", " hit"].iter().any(|word| said.contains(word));
        (if gain { "gain" } else { "value" }, (holder, issuer))
    };
    published(row, people, &sides, of, pair, (row.money(), Measure::Money))
}

/// A part of an issuer.
fn stake(row: &Row, people: &mut People, sides: &Sides) -> Result<Candidate, String> {
    if sides.payer == OUTSIDE || sides.payee == OUTSIDE {
        return Err("a stake of nobody in particular".to_owned());
    }
    let Some(words) = row.stake().or(row.share_in_words()) else {
        return Err("the row has neither an amount nor a share".to_owned());
    };
    let pair = (sides.payer.clone(), sides.payee.clone());
    published(row, people, sides, "stake", pair, (words, Measure::Share))
        .map(|candidate| candidate.holding(&["stake_pct"]))
}

fn published(
    row: &Row,
    people: &mut People,
    sides: &Sides,
    of: &str,
    pair: (String, String),
    (words, measure): (String, Measure),
) -> Result<Candidate, String> {
    if pair.0 == OUTSIDE {
        return Err(sides.why_not());
    }
    let Some(on) = super::capital::span(row) else {
        return Err("no date says for when the figure holds".to_owned());
    };
    let mut statement = super::named(row, people, "reports.toml", "reports");
    let counterparty = (pair.1 != OUTSIDE).then(|| term("counterparty", &pair.1));
    let head = [term("party", &pair.0), term("of", of), term("on", &on)].into_iter().chain(counterparty);
    statement.terms.splice(0..0, head);
    let mut candidate = Candidate::new(statement, sides, of).figure("figure", words, measure);
    candidate.pair = pair;
    Ok(candidate)
}
