//! Loans, leases, guarantees.

use super::published::{self, Seen};
use super::time::Time;
use super::{Candidate, Measure, OUTSIDE, People, Sides, Terms, assumed, contract, dated, standing, term};
use crate::import::row::Row;
use crate::import::statement::text;
use crate::import::words::{self, Unit};

/// A loan. A balance without a named lender and due date is a figure.
pub fn loan(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let said = row.said();
    if ["rating", "downgrade", "outlook"].iter().any(|word| said.contains(word)) && !row.has_money() {
        return Err("a rating is no debt".to_owned());
    }
    let sides = Sides::some(row, people)?;
    let due = Due::of(row)?;
    let is_loan = sides.payer != OUTSIDE || sides.several[0] || due.maturity.is_some() && is_agreed(row);
    if sides.payee == OUTSIDE || !is_loan {
        return published::report(row, people, "debt", Seen::ByPayee);
    }
    if !row.has_money() && (row.cell("qualifier") != "undisclosed" || row.cell("start").is_empty()) {
        return Err("the row has no amount".to_owned());
    }
    let roles = [("lender", sides.payer.as_str()), ("borrower", sides.payee.as_str())];
    let mut statement = contract(row, people, ("capital.toml", "loan"), roles);
    statement.terms.extend(due.terms(row, people));
    let rate = words::interest(row.cell("amount_text")).unwrap_or_else(|| "undisclosed".to_owned());
    statement.terms.push(term("rate", &rate));
    let mut ours = sides.assumed(["lender", "borrower"]);
    let says_drawn = statement.terms.iter().any(|(key, _)| key == "drawn");
    ours.extend((says_drawn && due.drawn_announced).then_some("drawn"));
    statement.terms.extend(assumed(&ours));
    Ok(Candidate::new(statement, &sides, "loan").figure("amount", row.money(), Measure::Money))
}

fn is_agreed(row: &Row) -> bool {
    ["paid", "firm", "conditional"].contains(&row.cell("status"))
}

/// When a loan is drawn and due.
struct Due {
    drawn: Option<String>,
    /// Whether that day is only the day of the announcement.
    drawn_announced: bool,
    maturity: Option<String>,
}

impl Due {
    /// A debt that is announced as repaid is an end of draws: an end before the day of the announcement.
    fn of(row: &Row) -> Result<Self, String> {
        let time = Time::of(row)?;
        let past =
            row.when("end").zip(row.when("announced")).is_some_and(|(end, said)| end.last <= said.last);
        if past {
            return Ok(Self { drawn: super::capital::span(row), drawn_announced: false, maturity: None });
        }
        let vague = row.when("start").zip(row.when("end")).is_some_and(|(start, end)| end.last < start.last);
        if vague && time.until.is_some() {
            return Err(
                "its start is vaguer than its end, so that it may be due before it is drawn".to_owned()
            );
        }
        Ok(Self { drawn: time.from, drawn_announced: time.from_announced, maturity: time.until })
    }

    fn terms(&self, row: &Row, people: &mut People) -> Terms {
        let mut terms = Terms::new();
        match row.cell("status") {
            "conditional" => terms.push(term("when", &people.event(row))),
            "announced" | "terminated" => {
                terms.extend(standing(row));
                terms.extend(dated("drawn", self.drawn.clone().filter(|_| !self.drawn_announced)));
            }
            _ => terms.extend(dated("drawn", self.drawn.clone())),
        }
        // Nothing says when it is drawn: then nothing more than an announcement.
        if terms.is_empty() {
            terms.push(term("standing", "announced"));
        }
        terms.extend(dated("maturity", self.maturity.clone()));
        terms
    }
}

/// Rent over a term. Without a term it is a figure of the promise.
pub fn lease(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let time = Time::of(row)?;
    let Some(months) = time.months else {
        return published::report(row, people, "commitments", Seen::ByPayer);
    };
    let sides = Sides::some(row, people)?;
    let roles = [("lessee", sides.payer.as_str()), ("lessor", sides.payee.as_str())];
    let mut statement = contract(row, people, ("compute.toml", "lease"), roles);
    statement.terms.push(term("term", &format!("{months} months")));
    let mut ours = sides.assumed(["lessee", "lessor"]);
    let standing = standing(row);
    match &time.from {
        Some(from) => {
            statement.terms.push(term("from", from));
            ours.extend(time.assumed());
            statement.terms.extend(standing);
        }
        None => statement.terms.push(standing.unwrap_or_else(|| term("standing", "announced"))),
    }
    if let Some(power) = row.power() {
        statement.terms.push(("capacity".to_owned(), text(&power)));
    }
    statement.terms.extend(assumed(&ours));
    let rent = per_time(row, Some(months))?;
    let candidate = Candidate::new(statement, &sides, "lease").figure("rent", rent, Measure::Money);
    Ok(candidate.holding(&["capacity_gw"]))
}

/// The amount of a row: in all, or per time where its words have it so and it is not that of the whole time.
pub fn per_time(row: &Row, months: Option<i32>) -> Result<String, String> {
    match row.amount_is_per() {
        Some(Unit::Thing) => Err("an amount per unit of something is no amount of the whole".to_owned()),
        Some(unit) if unit.months() != months => Ok(row.money_per(unit.behind().unwrap_or_default())),
        _ => Ok(row.money()),
    }
}

/// A guarantee. The covered contract is not in the row.
pub fn guarantee(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let time = Time::of(row)?;
    let mut sides = Sides::single(row, people)?;
    if sides.payer == OUTSIDE || sides.payee == OUTSIDE {
        return published::report(row, people, "commitments", Seen::ByPayer);
    }
    let mut limit = row.money();
    if row.amount_is_per().is_some() {
        sides.notes.push(format!("{limit} is a price per time or thing, and no limit: it is not placed"));
        "undisclosed".clone_into(&mut limit);
    }
    let roles = [("guarantor", sides.payer.as_str()), ("beneficiary", sides.payee.as_str())];
    let mut statement = contract(row, people, ("capital.toml", "guarantee"), roles);
    statement.terms.extend(time.terms());
    statement.terms.extend(standing(row));
    statement.terms.extend(assumed(time.assumed().as_slice()));
    Ok(Candidate::new(statement, &sides, "guarantee").figure("limit", limit, Measure::Money))
}
