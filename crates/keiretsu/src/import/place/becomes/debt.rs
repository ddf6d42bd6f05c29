//! Loans, leases, guarantees.

use super::published::{self, Seen};
use super::time::Time;
use super::{
    Candidate, People, Sides, Terms, UNDISCLOSED, assumed, conditions, contract, dated, standing, term,
};
use crate::import::amount::{self, Amount};
use crate::import::dates;
use crate::import::portions;
use crate::import::row::Row;
use crate::import::statement::text;
use crate::import::words::{self, Unit};

/// Words of a balance, which is no loan.
const BALANCES: [&str; 9] = [
    "total debt",
    "net debt",
    "gross debt",
    "outstanding debt",
    "debt outstanding",
    "debt pile",
    "debt load",
    "total borrowings",
    "debt on its books",
];

/// Words of a loan, whoever lends it.
const INSTRUMENTS: [&str; 17] = [
    "project financing",
    "notes",
    "bond",
    "loan",
    "facility",
    "credit line",
    "bridge",
    "issued",
    "issuance",
    "placement",
    "debenture",
    "mortgage",
    "revolver",
    "sukuk",
    "commercial paper",
    "secured on",
    "unsecured",
];

/// A loan. A balance without a named lender and due date is a figure.
pub fn loan(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let said = row.said();
    if ["rating", "downgrade", "outlook"].iter().any(|word| said.contains(word)) && !row.has_money() {
        return Err("a rating is no debt".to_owned());
    }
    let sides = Sides::some(row, people)?;
    let due = Due::of(row)?;
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let named = !sides.is_nobody(0);
    let is_loan = named || due.maturity.is_some() && is_agreed(row) || has(&INSTRUMENTS) && !has(&BALANCES);
    if sides.is_nobody(1) || !is_loan {
        return published::report(row, people, "debt", Seen::ByPayee);
    }
    let amount = amount::in_all(row)?;
    if amount.is_none() && (row.cell("qualifier") != "undisclosed" || row.cell("start").is_empty()) {
        return Err("the row has no amount".to_owned());
    }
    let stem = sides.stem("loan-to", ["loan", "loan"]);
    let roles = [("lender", sides.role(0)), ("borrower", sides.role(1))];
    let mut statement = contract(row, ("capital.toml", "loan"), roles);
    statement.terms.extend(due.terms(row, people, &stem));
    statement.terms.extend(rate(row));
    let mut ours: Vec<&str> = vec![];
    let says_drawn = statement.terms.iter().any(|(key, _)| key == "drawn");
    ours.extend((says_drawn && due.drawn_announced).then_some("drawn"));
    statement.terms.extend(assumed(&ours));
    let candidate = Candidate::new(statement, "contracts", &sides, "loan").named(stem);
    Ok(candidate.amount("amount", amount.as_ref(), ""))
}

/// Its rate, and what is added to a rate that floats.
fn rate(row: &Row) -> Terms {
    let (words, remark) = (row.cell("amount_text"), row.cell("condition"));
    let rate = portions::interest(words).or_else(|| portions::interest(remark));
    let spread = portions::spread(words).or_else(|| portions::spread(remark)).filter(|_| rate.is_none());
    let rate = term("rate", rate.as_deref().unwrap_or(UNDISCLOSED));
    std::iter::once(rate).chain(spread.map(|spread| term("spread", &spread))).collect()
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

    fn terms(&self, row: &Row, people: &mut People, stem: &str) -> Terms {
        let mut terms = Terms::new();
        match row.cell("status") {
            "conditional" => terms.push(term("when", &conditions::event(row, people, stem))),
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

/// Rent over a term.
pub fn lease(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let time = Time::of(row)?;
    let sides = Sides::some(row, people)?;
    let stem = sides.stem("lease-from", ["let", "lease"]);
    let roles = [("lessee", sides.role(0)), ("lessor", sides.role(1))];
    let mut statement = contract(row, ("compute.toml", "lease"), roles);
    statement.terms.extend(time.months.map(|months| term("term", &format!("{months} months"))));
    let mut ours: Vec<&str> = vec![];
    match (&time.from, row.cell("status")) {
        (_, "conditional") if row.cell("start").is_empty() => {
            statement.terms.push(term("begins_when", &conditions::event(row, people, &stem)));
        }
        (Some(from), _) => {
            statement.terms.push(term("from", from));
            ours.extend(time.assumed());
            statement.terms.extend(standing(row));
        }
        (None, _) => statement.terms.push(standing(row).unwrap_or_else(|| term("standing", "announced"))),
    }
    if let Some(power) = row.power() {
        statement.terms.push(("capacity".to_owned(), text(&power)));
    }
    let grows = portions::escalator(row.cell("amount_text"));
    statement.terms.extend(grows.map(|rate| term("escalator", &rate)));
    statement.terms.extend(assumed(&ours));
    let rent = per_time(row, time.months)?;
    let mut candidate = Candidate::new(statement, "contracts", &sides, "lease").named(stem);
    candidate.is_open = time.months.is_none();
    Ok(candidate.amount("rent", rent.amount.as_ref(), rent.behind).holding(&["capacity_gw"]))
}

/// An amount, and the time of which it is the price.
pub struct PerTime {
    /// The amount, if it is disclosed.
    pub amount: Option<Amount>,
    /// The words behind it.
    pub behind: &'static str,
}

/// The amount of a row: in all, or per time where its words have it so and it is not that of the whole time.
pub fn per_time(row: &Row, months: Option<i32>) -> Result<PerTime, String> {
    let amount = amount::of(row, months)?;
    let behind = match amount.as_ref().and_then(|amount| amount.per) {
        Some(Unit::Thing) => {
            return Err("an amount per unit of something is no amount of the whole".to_owned());
        }
        Some(unit) if unit.months().is_none() || unit.months() != months => unit.behind().unwrap_or_default(),
        _ => "",
    };
    Ok(PerTime { amount, behind })
}

/// Words of a promise to take what stays unsold.
const BACKSTOPS: [&str; 5] = ["unsold", "not sold", "unused capacity", "unlet", "residual capacity"];

/// Words of dues of others, which a guarantee covers; a backstop buys capacity.
const DUES: [&str; 9] =
    ["lease", "rent", "debt", "loan", "bond", "notes", "borrowing", "obligations", "residual value"];

/// A guarantee or a backstop. The covered contract is not in the row.
pub fn guarantee(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let time = Time::of(row)?;
    let mut sides = Sides::some(row, people)?;
    if sides.is_nobody(0) {
        return published::report(row, people, "commitments", Seen::ByPayer);
    }
    let said = row.said();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let of_capacity = has(&BACKSTOPS) || row.cell("kind") == "backstop" && !has(&DUES);
    let is_backstop = !sides.is_nobody(1) && of_capacity;
    let mut limit = amount::in_all(row)?;
    if let Some(price) = limit.take_if(|limit| limit.per.is_some()) {
        let words = price.claims.join(", ");
        sides.notes.push(format!("{words} is a price per time or thing, and no limit: it is not placed"));
    }
    if let Some(share) = limit.as_ref().and_then(|_| portions::share(row.cell("amount_text"))) {
        sides.notes.push(format!("its words say {share} beside the amount: of what, the row does not"));
    }
    let (keyword, roles, figure) = if is_backstop {
        ("backstop", ["buyer", "seller"], "cap")
    } else {
        ("guarantee", ["guarantor", "beneficiary"], "limit")
    };
    let stem = sides.stem(&format!("{keyword}-for"), ["guarantee", keyword]);
    let parties = [(roles[0], sides.role(0)), (roles[1], sides.role(1))];
    let mut statement = contract(row, ("capital.toml", keyword), parties);
    if is_backstop {
        statement.terms.extend(["offered", "sold", "price"].map(|name| term(name, UNDISCLOSED)));
    }
    // "A ten-year lease" is as long as what is guaranteed; so long the guarantee need not be.
    let words = row.cell("amount_text");
    let ends = row.date("end").is_some() || dates::until(words).is_some() || words::runs(words);
    statement.terms.extend(time.terms().into_iter().filter(|(key, _)| ends || key != "until"));
    statement.terms.extend(standing(row));
    let ours: Vec<&str> = time.assumed().into_iter().collect();
    statement.terms.extend(assumed(&ours));
    let candidate = Candidate::new(statement, "contracts", &sides, keyword).named(stem);
    Ok(candidate.amount(figure, limit.as_ref(), "").holding(&["amount"]))
}
