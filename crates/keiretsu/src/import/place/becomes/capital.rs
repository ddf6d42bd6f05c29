//! Money for stakes: rounds, notes, warrants.

use super::published::{self, Seen};
use super::{
    Candidate, Found, People, Sides, Terms, assumed, below, conditions, contract, dated, standing, term,
};
use crate::import::row::Row;
use crate::import::statement::text;
use crate::import::words::Unit;
use crate::import::{amount, dates, portions};

/// Money for a stake: a contract of one tranche.
pub fn equity(row: &Row, people: &mut People) -> Result<Candidate, String> {
    if is_sale_by_holders(row) {
        return bought(row, people);
    }
    if row.cell("payee_or_issuer").contains("(receives") {
        return given(row, people);
    }
    let sides = Sides::some(row, people)?;
    let stem = sides.stem("in", ["round", "investment"]);
    let roles = [("investor", sides.role(0)), ("issuer", sides.role(1))];
    let mut statement = contract(row, ("capital.toml", "equity"), roles);
    let (name, terms) = tranche(row, people, &stem, true);
    statement.terms.retain(|(key, _)| key != "text");
    statement.below = below(&name, terms);
    paid_in(row, Candidate::new(statement, "contracts", &sides, "equity").named(stem))
}

/// Own shares given away: a holding of who receives them, at what they were worth.
fn given(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let mut sides = Sides::both(row, people)?;
    sides.swap();
    let mut statement = super::stated(row, "capital.toml");
    statement.terms.splice(0..0, [term("owner", &sides.payer), term("issuer", &sides.payee)]);
    let stem = sides.stem("holding-of", ["", ""]);
    let amount = amount::in_all(row)?;
    let candidate = Candidate::new(statement, "holdings", &sides, "holding").named(stem);
    Ok(candidate.amount("value", amount.as_ref(), ""))
}

/// The amount of a tranche.
fn paid_in(row: &Row, candidate: Candidate) -> Result<Candidate, String> {
    let amount = amount::in_all(row)?;
    if amount.as_ref().is_some_and(|amount| amount.per == Some(Unit::Thing)) {
        return Err("an amount per unit of something is no amount of the whole".to_owned());
    }
    Ok(candidate.amount("amount", amount.as_ref(), ""))
}

/// Whether the money goes to the holders of existing shares.
fn is_sale_by_holders(row: &Row) -> bool {
    let said = format!("{} {}", row.cell("amount_text"), row.cell("payee_or_issuer")).to_lowercase();
    let remark = row.cell("condition").to_lowercase();
    let sells = ["tender", "secondary"].iter().any(|word| said.contains(word)) || is_takeover(row);
    sells || remark.starts_with("tender") || remark.contains("no cash to the company")
}

/// Whether the whole is bought, which is bought of those who hold it: no new shares are the whole.
fn is_takeover(row: &Row) -> bool {
    let words = row.said();
    let new = ["new shares", "newly issued", "primary", "capital increase", "contribution", "subsidiary"];
    let whole = row.number("stake_pct").is_some_and(|share| 100.0 <= share);
    whole && !new.iter().any(|word| words.contains(word))
}

/// A purchase from holders: a holding at its cost, without money to the issuer.
fn bought(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let why = "a sale by holders brings the issuer no money, and the row names no one buyer or no issuer";
    let cell = row.cell("payee_or_issuer");
    let named = match people.find(cell) {
        Found::Party(name) => Some(name),
        _ => None,
    };
    let Some(issuer) = people.issuer_of(cell).or(named) else { return Err(why.to_owned()) };
    let Found::Party(owner) = people.find(row.cell("payer_or_investor")) else { return Err(why.to_owned()) };
    if owner == issuer || row.cell("status") != "paid" {
        return Err("a sale by holders brings the issuer no money, and it was not paid to others".to_owned());
    }
    let mut statement = super::stated(row, "capital.toml");
    statement.terms.splice(0..0, [term("owner", &owner), term("issuer", &issuer)]);
    statement.terms.extend(row.stake().map(|stake| term("stake", &stake)));
    statement.terms.extend(dated("paid", span(row)));
    let sides = Sides { payer: owner, payee: issuer, several: [None, None], many: None, notes: vec![] };
    let stem = sides.stem("bought-of", ["", ""]);
    let candidate = Candidate::new(statement, "holdings", &sides, "holding").named(stem);
    let amount = amount::in_all(row)?;
    Ok(candidate.amount("cost", amount.as_ref(), "").holding(&["stake_pct"]))
}

/// When the money of a stake moves, and a name for it. A day on which it was only announced is no day of
/// payment.
fn tranche(row: &Row, people: &mut People, stem: &str, has_assumed: bool) -> (String, Terms) {
    let day = if row.date("start").or(row.date("end")).is_some() { moved(row, people) } else { None };
    let (name, mut terms) = match row.cell("status") {
        "paid" => {
            let when = dated("paid", day.clone().or(row.date("announced")));
            let guessed = day.is_none() && when.is_some() && has_assumed;
            let terms: Terms = when.or(Some(term("standing", "paid"))).into_iter().collect();
            ("paid", terms.into_iter().chain(assumed(if guessed { &["paid"] } else { &[] })).collect())
        }
        "firm" => ("due", dated("on", day).or(Some(term("standing", "binding"))).into_iter().collect()),
        "conditional" => {
            let when = term("when", &conditions::event(row, people, stem));
            let before = conditions::lapse(row).map(|day| term("before", &day));
            ("conditional", std::iter::once(when).chain(before).collect())
        }
        "terminated" => ("terminated", vec![term("standing", "terminated")]),
        _ => ("announced", vec![term("standing", "announced")]),
    };
    let remark = row.cell("condition");
    terms.extend((!remark.is_empty()).then(|| term("text", remark)));
    (format!("tranches.{name}"), terms)
}

/// When the money of a stake moves: until its end, unless that is the day on which a note is due, or one
/// after all that the table knows.
fn moved(row: &Row, people: &People) -> Option<String> {
    let ahead = row.cell("status") == "paid" && row.when("end").is_some_and(|end| people.is_ahead(end));
    if ahead || is_due(row) { row.date("start").or(row.date("announced")) } else { span(row) }
}

/// Whether the end of a row is the day on which a note is due: its words have that year.
fn is_due(row: &Row) -> bool {
    let words = dates::until(row.cell("amount_text"));
    let due = words.as_deref().and_then(keiretsu_model::date::when);
    row.cell("kind") == "convertible"
        && due.zip(row.when("end")).is_some_and(|(due, end)| due.first.year() == end.last.year())
        && maturity(row).is_some()
}

/// The day or the span in which money moves, in the words of the row.
pub fn span(row: &Row) -> Option<String> {
    match (row.when("start"), row.when("end")) {
        (Some(start), Some(end)) if start.first < end.last && row.cell("start") != row.cell("end") => {
            Some(format!("{} to {}", row.cell("start"), row.cell("end")))
        }
        _ => row.date("start").or(row.date("end")).or(row.date("announced")),
    }
}

/// A note. Its conversion price and date are not in the row.
pub fn convertible(row: &Row, people: &mut People) -> Result<Candidate, String> {
    if row.said().contains("fair value") {
        return published::report(row, people, "value", Seen::ByPayer);
    }
    let sides = Sides::some(row, people)?;
    let stem = sides.stem("note-of", ["note", "notes"]);
    let roles = [("holder", sides.role(0)), ("issuer", sides.role(1))];
    let mut statement = contract(row, ("capital.toml", "convertible"), roles);
    let converts =
        people.happening(&format!("{stem} converts"), "its conversion, on terms not in the table", None);
    statement.terms.push(term("converts_when", &converts));
    statement.terms.push(term("price", "undisclosed"));
    let words = row.cell("amount_text");
    statement.terms.extend(portions::interest(words).map(|rate| term("rate", &rate)));
    let ahead = row.cell("status") == "paid" && row.when("end").is_some_and(|end| people.is_ahead(end));
    let stated = row.date("end").filter(|_| ahead || is_due(row));
    statement.terms.extend(dated("maturity", stated.or_else(|| maturity(row))));
    statement.terms.extend(assumed(&["converts_when"]));
    let (name, terms) = tranche(row, people, &stem, false);
    statement.terms.retain(|(key, _)| key != "text");
    statement.below = below(&name, terms);
    paid_in(row, Candidate::new(statement, "contracts", &sides, "convertible").named(stem))
}

/// When a note is due in its words, if that is after it was announced: "8% notes due 2030".
fn maturity(row: &Row) -> Option<String> {
    let due = dates::until(row.cell("amount_text"))?;
    let last = keiretsu_model::date::when(&due)?.first;
    let said = row.when("announced").or(row.when("start"))?;
    (said.last < last).then_some(due)
}

/// A right to a part of an issuer, which grants it.
pub fn warrant(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let mut sides = Sides::both(row, people)?;
    sides.swap();
    let stem = sides.stem("warrant-on", ["", ""]);
    let roles = [("holder", sides.role(0)), ("issuer", sides.role(1))];
    let mut statement = contract(row, ("capital.toml", "warrant"), roles);
    if row.cell("status") == "conditional" {
        let event = conditions::event(row, people, &stem);
        statement.terms.push(term("vests_when", &event));
    }
    statement.terms.extend(dated("expiry", row.date("end")));
    statement.terms.extend(standing(row).filter(|_| row.cell("status") != "conditional"));
    let words = row.cell("amount_text");
    let strike = portions::strike(words);
    if strike.is_none() && words.contains(['$', '\u{20ac}', '\u{a3}']) {
        sides.notes.push("which of its prices is the strike, its words do not say".to_owned());
    }
    statement.terms.extend(strike.map(|strike| term("strike", &strike)));
    let share = row.share_in_words().filter(|words| row.has_share(words)).or(row.stake());
    let (key, figure) = match (share, portions::shares_in(words)) {
        (Some(share), count) => {
            statement.terms.extend(count.map(|count| term("shares", &count)));
            ("share", share)
        }
        (None, Some(count)) => ("shares", count),
        (None, None) => ("share", "undisclosed".to_owned()),
    };
    let candidate = Candidate::new(statement, "contracts", &sides, "warrant").named(stem);
    Ok(candidate.figure(key, vec![figure]).holding(&["stake_pct"]))
}

/// A list of one name, in TOML.
pub fn only(name: &str) -> String {
    format!("[{}]", text(name))
}
