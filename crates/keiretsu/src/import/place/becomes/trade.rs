//! Purchases, power, building, credits, shares of revenue.

use super::debt::per_time;
use super::published::{self, Seen};
use super::time::Time;
use super::{Candidate, Measure, OUTSIDE, People, Sides, assumed, contract, dated, standing, term};
use crate::import::row::Row;
use crate::import::statement::text;
use crate::import::words;

/// A purchase over years; without a term of years, power alone or a figure of the promise.
pub fn supply(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let time = Time::of(row)?;
    let Some(months) = time.months else {
        return match row.power() {
            Some(_) if !row.has_money() => powered(row, people, false),
            _ => published::report(row, people, "commitments", Seen::ByPayer),
        };
    };
    let sides = Sides::some(row, people)?;
    let roles = [("buyer", sides.payer.as_str()), ("seller", sides.payee.as_str())];
    let mut statement = contract(row, people, ("compute.toml", "supply"), roles);
    let amount = per_time(row, Some(months))?;
    let is_rate = amount != row.money();
    statement.terms.extend(dated("from", time.from.clone()));
    statement.terms.extend(dated("until", time.until.clone().filter(|_| is_rate || !row.has_money())));
    statement.terms.extend(standing(row));
    if let Some(power) = row.power() {
        statement.terms.push(("capacity".to_owned(), format!("{{ power = {} }}", text(&power))));
    }
    let mut ours = sides.assumed(["buyer", "seller"]);
    ours.extend(time.assumed());
    ours.push("minimum is take-or-pay");
    statement.terms.extend(assumed(&ours));
    let words = if is_rate || !row.has_money() { amount } else { format!("{amount} over {months} months") };
    let candidate = Candidate::new(statement, &sides, "supply").figure("minimum", words, Measure::Money);
    Ok(candidate.holding(&["capacity_gw"]))
}

/// Power without a price: a purchase of nothing but power.
pub fn capacity(row: &Row, people: &mut People) -> Result<Candidate, String> {
    powered(row, people, true)
}

/// A purchase of power alone; of capacity, the payer is who provides it.
fn powered(row: &Row, people: &mut People, provided: bool) -> Result<Candidate, String> {
    let sides = Sides::both(row, people)?;
    let Some(words) = row.power() else { return Err("the row has no gigawatts".to_owned()) };
    let time = Time::of(row)?;
    let (payer, payee) = (sides.payer.as_str(), sides.payee.as_str());
    let (buyer, seller) = if provided { (payee, payer) } else { (payer, payee) };
    let roles = [("buyer", buyer), ("seller", seller)];
    let mut statement = contract(row, people, ("compute.toml", "supply"), roles);
    statement.terms.extend(dated("from", row.date("start")));
    statement.terms.extend(dated("until", time.until));
    statement.terms.extend(standing(row));
    statement.below = Some(("capacity".to_owned(), vec![]));
    let candidate = Candidate::new(statement, &sides, "supply").figure("power", words, Measure::Power);
    Ok(candidate.holding(&["capacity_gw"]))
}

/// Building for a named supplier is a contract, building in general a figure.
pub fn capex(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::of(row, people)?;
    if sides.payee == OUTSIDE || sides.payer == OUTSIDE {
        return published::report(row, people, "capex", Seen::ByPayer);
    }
    let time = Time::of(row)?;
    let mut statement = super::named(row, people, "compute.toml", "contracts");
    let suppliers = format!("{{ {} = \"100%\" }}", sides.payee);
    let head = [term("type", "capex"), term("spender", &sides.payer), ("suppliers".to_owned(), suppliers)];
    statement.terms.splice(0..0, head);
    statement.terms.extend(dated("from", row.date("start")));
    statement.terms.extend(dated("until", time.until.filter(|_| row.when("start").is_some())));
    // Without a start nothing says when it is spent: then it is no more than announced.
    let plan = row.when("start").is_none().then(|| term("standing", "announced"));
    statement.terms.extend(standing(row).or(plan));
    let amount = per_time(row, time.months)?;
    Ok(Candidate::new(statement, &sides, "capex").figure("amount", amount, Measure::Money))
}

/// Credits for services.
pub fn credits(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::some(row, people)?;
    let roles = [("grantor", sides.payer.as_str()), ("recipient", sides.payee.as_str())];
    let mut statement = contract(row, people, ("capital.toml", "credits"), roles);
    statement.terms.extend(dated("on", row.date("start").or(row.date("announced"))));
    statement.terms.extend(standing(row));
    statement.terms.extend(assumed(&sides.assumed(["grantor", "recipient"])));
    Ok(Candidate::new(statement, &sides, "credits").figure("amount", row.money(), Measure::Money))
}

/// A share of the payer's revenue. A base of any other kind is the analyst's to name.
pub fn revenue_share(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::both(row, people)?;
    let words = row.cell("amount_text").to_lowercase();
    if ["gross profit", "net revenue", "gross margin", "operating", "net profit"]
        .iter()
        .any(|base| words.contains(base))
    {
        return Err("its base is not revenue: give the base by hand".to_owned());
    }
    let cap = match (row.has_money(), row.cell("qualifier"), row.number("amount_high_usd")) {
        (true, "up_to", _) => Some(row.money()),
        (true, _, Some(amount)) if amount > 0.0 => {
            return Err("an amount of shared revenue has neither a rate nor a base".to_owned());
        }
        _ => None,
    };
    let time = Time::of(row)?;
    let roles = [("payer", sides.payer.as_str()), ("payee", sides.payee.as_str())];
    let mut statement = contract(row, people, ("compute.toml", "revenue_share"), roles);
    statement.terms.push(term("base", &format!("revenue({})", sides.payer)));
    statement.terms.extend(cap.map(|cap| term("cap", &cap)));
    statement.terms.extend(dated("from", row.date("start")));
    statement.terms.extend(dated("until", time.until));
    statement.terms.extend(standing(row));
    statement.terms.extend(assumed(&["base"]));
    // A share beside a cap has no qualifier of its own; alone it is the amount of the row.
    let rate = row.share_in_words().or(words::share(&words)).unwrap_or_else(|| "undisclosed".to_owned());
    let candidate = Candidate::new(statement, &sides, "revenue_share").figure("rate", rate, Measure::Share);
    Ok(candidate.holding(&["amount"]))
}
