//! Purchases, power, building, credits, shares of revenue.

use super::debt::per_time;
use super::published::{self, Seen};
use super::time::Time;
use super::{
    Candidate, OUTSIDE, People, Sides, UNDISCLOSED, assumed, below, contract, dated, standing, term,
};
use crate::import::amount;
use crate::import::portions;
use crate::import::row::Row;
use crate::import::statement::text;
use crate::import::words;

/// A purchase over years, or of power alone.
pub fn supply(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let time = Time::of(row)?;
    if time.months.is_none() && !row.has_money() {
        return match row.power() {
            Some(_) => powered(row, people, false),
            // A promise between two parties of which nobody says how much.
            None if is_promise(row, people)? => bought(row, &time, people),
            None => published::report(row, people, "commitments", Seen::ByPayer),
        };
    }
    bought(row, &time, people)
}

/// Whether a row without an amount is a promise of one party to another all the same.
fn is_promise(row: &Row, people: &mut People) -> Result<bool, String> {
    let sides = Sides::some(row, people)?;
    let general = sides.is_nobody(0) || sides.is_nobody(1) || sides.many.is_some();
    Ok(!general && row.cell("status") == "firm")
}

/// A purchase with a minimum.
fn bought(row: &Row, time: &Time, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::some(row, people)?;
    let stem = sides.stem("on", ["sales", "purchase"]);
    let roles = [("buyer", sides.role(0)), ("seller", sides.role(1))];
    let mut statement = contract(row, ("compute.toml", "supply"), roles);
    let price = per_time(row, time.months)?;
    let is_total = price.amount.is_some() && price.behind.is_empty();
    statement.terms.extend(dated("from", time.from.clone()));
    statement.terms.extend(dated("until", time.until.clone().filter(|_| !is_total)));
    statement.terms.extend(standing(row));
    if let Some(power) = row.power() {
        statement.terms.push(("capacity".to_owned(), format!("{{ power = {} }}", text(&power))));
    }
    let mut ours: Vec<&str> = vec![];
    ours.extend(time.assumed());
    ours.push("minimum is take-or-pay");
    statement.terms.extend(assumed(&ours));
    let over = time.months.map_or(String::new(), |months| format!(" over {months} months"));
    let behind = if is_total { over.as_str() } else { price.behind };
    let mut candidate = Candidate::new(statement, "contracts", &sides, "supply").named(stem);
    candidate.is_open = time.months.is_none();
    Ok(candidate.amount("minimum", price.amount.as_ref(), behind).holding(&["capacity_gw"]))
}

/// Power without a price: a purchase of nothing but power.
pub fn capacity(row: &Row, people: &mut People) -> Result<Candidate, String> {
    powered(row, people, true)
}

/// A purchase of power alone; of capacity, the payer is who provides it.
fn powered(row: &Row, people: &mut People, provided: bool) -> Result<Candidate, String> {
    let mut sides = Sides::some(row, people)?;
    let said = portions::power_in(row.cell("amount_text"));
    let stated = row.power();
    // The words of the press, where they have the number of the column.
    let words = match (stated, said) {
        (Some(stated), Some(said)) if portions::are_one_power(&stated, &said) => Some(said),
        (stated, said) => stated.or(said),
    };
    let Some(words) = words else { return Err("the row has no gigawatts".to_owned()) };
    let time = Time::of(row)?;
    if provided {
        sides.swap();
    }
    let stem = sides.stem("power-from", ["power", "power"]);
    let roles = [("buyer", sides.role(0)), ("seller", sides.role(1))];
    let mut statement = contract(row, ("compute.toml", "supply"), roles);
    statement.terms.extend(dated("from", time.stated_from()));
    statement.terms.extend(dated("until", time.until));
    statement.terms.extend(standing(row));
    statement.below = below("capacity", vec![]);
    let candidate = Candidate::new(statement, "contracts", &sides, "supply").named(stem);
    Ok(candidate.figure("power", vec![words]).holding(&["capacity_gw"]))
}

/// Building for a named supplier is a contract, as is a named project; building in general is a figure.
pub fn capex(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::of(row, people)?;
    let payee = row.cell("payee_or_issuer");
    let general = payee.is_empty() || payee.starts_with(['(', '-']);
    if sides.is_nobody(0) || sides.payee == OUTSIDE && (general || sides.several[1].is_some()) {
        return published::report(row, people, "capex", Seen::ByPayer);
    }
    let time = Time::of(row)?;
    let mut statement = super::stated(row, "compute.toml");
    let head = [term("type", "capex"), ("spender".to_owned(), sides.role(0))];
    let suppliers = ("suppliers".to_owned(), format!("{{ {} = \"100%\" }}", sides.payee));
    let head = head.into_iter().chain((sides.payee != OUTSIDE).then_some(suppliers));
    statement.terms.splice(0..0, head);
    let from = time.stated_from();
    let ahead = row.when("end").is_some_and(|end| people.is_ahead(end));
    statement.terms.extend(dated("until", time.until.clone().filter(|_| from.is_some() || ahead)));
    statement.terms.extend(dated("from", from));
    let paid = row.cell("status") == "paid" && row.date("start").is_none();
    statement.terms.extend(standing(row).or(paid.then(|| term("standing", "paid"))));
    let amount = per_time(row, time.months)?;
    let stem = sides.stem("builds-with", ["building", "building"]);
    let candidate = Candidate::new(statement, "contracts", &sides, "capex").named(stem);
    Ok(candidate.amount("amount", amount.amount.as_ref(), amount.behind))
}

/// Credits for services.
pub fn credits(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::some(row, people)?;
    let stem = sides.stem("credits-for", ["credits", "credits"]);
    let roles = [("grantor", sides.role(0)), ("recipient", sides.role(1))];
    let mut statement = contract(row, ("capital.toml", "credits"), roles);
    statement.terms.extend(dated("on", row.date("start").or(row.date("announced"))));
    statement.terms.extend(standing(row));
    let candidate = Candidate::new(statement, "contracts", &sides, "credits").named(stem);
    Ok(candidate.amount("amount", amount::in_all(row)?.as_ref(), ""))
}

/// Words of a limit.
const CAPS: [&str; 4] = ["cap", "ceiling", "maximum", "limit"];

/// Whether revenue in words is that of the whole party: "20% of total revenue", not of "streaming revenue".
fn is_all_revenue(words: &str) -> bool {
    let list = words::list(words);
    let at = list.iter().position(|word| ["revenue", "revenues", "sales"].contains(&word.as_str()));
    // "50% of royalties" is of something else.
    if at.is_none() && list.windows(2).any(|pair| pair[0].ends_with('%') && pair[1] == "of") {
        return false;
    }
    let before = at.and_then(|at| at.checked_sub(1)).map_or("of", |at| list[at].as_str());
    let plain = ["of", "total", "its", "their", "all", "annual", "overall", "group", "company", "the"];
    plain.contains(&before) || before.ends_with('%')
}

/// Whether words have one share, of something that is sold: "50% of royalties".
fn is_share_of(words: &str) -> bool {
    const SOLD: [&str; 7] = ["sales", "royalties", "royalty", "revenue", "revenues", "proceeds", "receipts"];
    let list = words::list(&words.replace(" percent", "%").replace(" per cent", "%"));
    let mut shares = list.iter().enumerate().filter(|(_, word)| word.ends_with('%'));
    let Some((at, _)) = shares.next().filter(|_| shares.next().is_none()) else { return false };
    let mut after = list[at + 1..].iter();
    after.next().is_some_and(|word| word == "of") && after.take(4).any(|word| SOLD.contains(&word.as_str()))
}

/// A share of the payer's revenue, or of a base that only its words have.
pub fn revenue_share(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let mut sides = Sides::some(row, people)?;
    let words = row.cell("amount_text").to_lowercase();
    let said = row.said();
    let capped = row.cell("qualifier") == "up_to" || CAPS.iter().any(|word| words.contains(word));
    // A threshold of profit or of sales is no amount of the share.
    let of_base = ["in profit", "in revenue", "in sales", "of profit", "of sales"]
        .iter()
        .any(|base| words.contains(base));
    let amount = amount::in_all(row)?.filter(|_| row.number("amount_high_usd") != Some(0.0));
    // "4.5% of sales up to $5bn", "$1bn for 50% of royalties": a share, and beside it a threshold or its
    // price.
    let priced = row.cell("status") != "paid" && is_share_of(&words);
    if amount.is_some() && !capped && !of_base && !priced {
        // What was or will be paid in a time is a figure of who is paid; of several, of who pays.
        let seen = if sides.payee == OUTSIDE { Seen::ByPayer } else { Seen::ByPayee };
        let of = if sides.payee == OUTSIDE { "commitments" } else { "revenue" };
        return published::report(row, people, of, seen);
    }
    let time = Time::of(row)?;
    let stem = sides.stem("share-to", ["share", "share"]);
    if priced && !capped && amount.is_some() {
        sides.notes.push("the amount beside the share is no cap of it, and is not placed".to_owned());
    }
    let mut own = amount.filter(|_| capped);
    sides.notes.extend(own.as_mut().and_then(|own| own.note.take()));
    let roles = [("payer", sides.role(0)), ("payee", sides.role(1))];
    let mut statement = contract(row, ("compute.toml", "revenue_share"), roles);
    let other = ["gross profit", "net revenue", "gross margin", "operating", "net profit", "gross sales"];
    let is_revenue =
        sides.payer != OUTSIDE && !other.iter().any(|base| said.contains(base)) && is_all_revenue(&words);
    let base = if is_revenue { format!("revenue({})", sides.payer) } else { UNDISCLOSED.to_owned() };
    statement.terms.push(term("base", &base));
    let cap = own.as_ref().and_then(|own| own.claims.first());
    statement.terms.extend(cap.map(|cap| term("cap", cap)));
    statement.terms.extend(dated("from", row.date("start")));
    statement.terms.extend(dated("until", time.until));
    statement.terms.extend(standing(row));
    statement.terms.extend(assumed(&["base"]));
    // A share beside a cap has no qualifier of its own; alone it is the amount of the row.
    let rate = row.share_in_words().or(portions::share(&words)).unwrap_or_else(|| UNDISCLOSED.to_owned());
    let mut candidate = Candidate::new(statement, "contracts", &sides, "revenue_share").named(stem);
    candidate.exchange = own.as_ref().and_then(|own| own.exchange);
    let candidate = candidate.figure("rate", vec![rate]);
    Ok(if of_base || priced { candidate } else { candidate.holding(&["amount"]) })
}
