//! Money for stakes: rounds, notes, warrants.

use super::published::{self, Seen};
use super::{Candidate, Found, Measure, People, Sides, Terms, assumed, contract, dated, standing, term};
use crate::import::row::Row;

/// Money for a stake: a contract of one tranche.
pub fn equity(row: &Row, people: &mut People) -> Result<Candidate, String> {
    if is_sale_by_holders(row) {
        return bought(row, people);
    }
    let sides = Sides::some(row, people)?;
    let roles = [("investor", sides.payer.as_str()), ("issuer", sides.payee.as_str())];
    let mut statement = contract(row, people, ("capital.toml", "equity"), roles);
    statement.terms.extend(assumed(&sides.assumed(["investor", "issuer"])));
    statement.below = Some(("tranches.main".to_owned(), tranche(row, people)));
    Ok(Candidate::new(statement, &sides, "equity").figure("amount", row.money(), Measure::Money))
}

/// Whether the money goes to the holders of existing shares.
fn is_sale_by_holders(row: &Row) -> bool {
    let said = format!("{} {}", row.cell("amount_text"), row.cell("payee_or_issuer")).to_lowercase();
    let remark = row.cell("condition").to_lowercase();
    let sells = ["tender", "secondary"].iter().any(|word| said.contains(word));
    sells || remark.starts_with("tender") || remark.contains("no cash to the company")
}

/// A purchase from holders: a holding at its cost, without money to the issuer.
fn bought(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let why = "a sale by holders brings the issuer no money, and the row names no one buyer or no issuer";
    let Some(issuer) = people.issuer_of(row.cell("payee_or_issuer")) else { return Err(why.to_owned()) };
    let Found::Party(owner) = people.find(row.cell("payer_or_investor")) else { return Err(why.to_owned()) };
    if owner == issuer || row.cell("status") != "paid" {
        return Err("a sale by holders brings the issuer no money, and it was not paid to others".to_owned());
    }
    let mut statement = super::named(row, people, "capital.toml", "holdings");
    statement.terms.splice(0..0, [term("owner", &owner), term("issuer", &issuer)]);
    statement.terms.extend(dated("paid", span(row)));
    let sides = Sides { payer: owner, payee: issuer, several: [false; 2], notes: vec![] };
    Ok(Candidate::new(statement, &sides, "holding").figure("cost", row.money(), Measure::Money))
}

/// When the money of a stake moves.
fn tranche(row: &Row, people: &mut People) -> Terms {
    let terms = match row.cell("status") {
        "paid" => dated("paid", span(row)).into_iter().collect::<Terms>(),
        "firm" => dated("on", span(row)).into_iter().collect(),
        "conditional" => {
            let when = term("when", &people.event(row));
            let before = row.when("end").map(|when| term("before", &when.last.to_string()));
            std::iter::once(when).chain(before).collect()
        }
        "terminated" => vec![term("standing", "terminated")],
        _ => vec![],
    };
    if terms.is_empty() { vec![term("standing", "announced")] } else { terms }
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
    let roles = [("holder", sides.payer.as_str()), ("issuer", sides.payee.as_str())];
    let mut statement = contract(row, people, ("capital.toml", "convertible"), roles);
    let converts =
        people.happening(&format!("{} converts", row.id), "its conversion, on terms not in the table");
    statement.terms.push(term("converts_when", &converts));
    statement.terms.push(term("price", "undisclosed"));
    let mut ours = sides.assumed(["holder", "issuer"]);
    ours.push("converts_when");
    statement.terms.extend(assumed(&ours));
    statement.below = Some(("tranches.main".to_owned(), tranche(row, people)));
    Ok(Candidate::new(statement, &sides, "convertible").figure("amount", row.money(), Measure::Money))
}

/// A right to a part of an issuer, which grants it.
pub fn warrant(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let mut sides = Sides::both(row, people)?;
    std::mem::swap(&mut sides.payer, &mut sides.payee);
    let roles = [("holder", sides.payer.as_str()), ("issuer", sides.payee.as_str())];
    let mut statement = contract(row, people, ("capital.toml", "warrant"), roles);
    if row.cell("status") == "conditional" {
        statement.terms.push(term("vests_when", &people.event(row)));
    }
    statement.terms.extend(dated("expiry", row.date("end")));
    statement.terms.extend(standing(row).filter(|_| row.cell("status") != "conditional"));
    statement.terms.extend(assumed(&["strike is nothing"]));
    if row.cell("amount_text").contains(['$', '\u{20ac}', '\u{a3}']) {
        sides.notes.push("a strike per share needs the issuer's shares: it is only in the quote".to_owned());
    }
    let words = row.stake().or(row.share_in_words()).unwrap_or_else(|| "undisclosed".to_owned());
    let candidate = Candidate::new(statement, &sides, "warrant").figure("share", words, Measure::Share);
    Ok(candidate.holding(&["stake_pct"]))
}
