//! Published figures that are no contracts.

use super::{Candidate, OUTSIDE, People, Sides, UNDISCLOSED, term};
use crate::import::amount;
use crate::import::portions;
use crate::import::row::Row;
use crate::import::words::{self, Unit};

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

/// Words of an estimate.
const ESTIMATES: [&str; 9] = [
    "estimate",
    "forecast",
    "projection",
    "projected",
    "model of",
    "model:",
    "run-rate",
    "analyst",
    "expects",
];

/// Whether a row says that it is somebody's estimate, and no contract.
pub fn is_estimate(row: &Row) -> bool {
    let said = row.said();
    row.cell("status") == "announced" && ESTIMATES.iter().any(|word| said.contains(word))
}

/// A figure of one party.
pub fn report(row: &Row, people: &mut People, of: &str, seen: Seen) -> Result<Candidate, String> {
    let mut sides = Sides::some(row, people)?;
    sides.notes.extend(sides.many.clone());
    let figure = Figure::of(row, of)?;
    let Sides { payer, payee, .. } = &sides;
    let (of, party, counterparty) = match seen {
        Seen::ByPayee if payee == OUTSIDE && sides.several[1].is_some() => ("commitments", payer, payee),
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
    published(row, &sides, of, pair, figure)
}

/// What a published figure says.
struct Figure {
    claims: Vec<String>,
    amount: Option<amount::Amount>,
    basis: Option<&'static str>,
}

impl Figure {
    /// Money, a share, or nothing that is known of a promise. Power is no amount.
    fn of(row: &Row, of: &str) -> Result<Self, String> {
        let basis = basis(row);
        if row.has_money() {
            let (amount, behind) = money(row)?;
            return Ok(Self { claims: amount.with(behind), amount: Some(amount), basis });
        }
        let share = row.share_in_words();
        let claims = match share {
            Some(share) if ["backlog", "commitments", "revenue", "profit", "burn"].contains(&of) => {
                vec![share]
            }
            // A lease is a promise, however little is said of it.
            _ if of == "commitments"
                && (row.cell("qualifier") == "undisclosed" || row.cell("kind") == "lease") =>
            {
                vec![UNDISCLOSED.to_owned()]
            }
            _ => return Err(amount::of(row, None).err().unwrap_or("the row has no amount".to_owned())),
        };
        Ok(Self { claims, amount: None, basis })
    }

    /// The same amount as a loss, a gain as a negative burn.
    fn negative(mut self) -> Self {
        for words in &mut self.claims {
            let at = words.find(|sign: char| "$\u{20ac}\u{a3}".contains(sign) || sign.is_ascii_digit());
            if let Some(at) = at.filter(|_| !words.contains('-') && !words.contains(" to ")) {
                // A ceiling of what is lost is a floor of what is earned.
                let qualifier = match words[..at].trim() {
                    "" => "",
                    word if ["about", "roughly", "nearly", "around", "approximately", "almost", "~"]
                        .contains(&word) =>
                    {
                        "about "
                    }
                    _ => "",
                };
                *words = format!("{qualifier}-{}", &words[at..]);
            }
        }
        self
    }
}

/// What the words say of the basis of a figure.
fn basis(row: &Row) -> Option<&'static str> {
    const BASES: [(&str, &str); 18] = [
        ("gross margin", "gross margin"),
        ("operating margin", "operating margin"),
        ("net margin", "net margin"),
        ("run-rate", "run-rate"),
        ("run rate", "run-rate"),
        ("annualised", "run-rate"),
        ("annualized", "run-rate"),
        ("pre-money", "pre-money"),
        ("post-money", "post-money"),
        ("fully diluted", "fully diluted"),
        ("as-converted", "as converted"),
        ("fair value", "fair value"),
        ("funding gap", "funding gap"),
        ("free cash flow", "free cash flow"),
        ("without finance leases", "without finance leases"),
        ("excl. leases", "without finance leases"),
        ("incl. finance leases", "with finance leases"),
        ("net of", "net"),
    ];
    let said = row.said();
    let known = BASES.iter().find(|(word, _)| said.contains(word)).map(|(_, basis)| *basis);
    known.or_else(|| is_estimate(row).then_some("estimate"))
}

/// Money, per time where its words have it so and the span of the row is not that time.
fn money(row: &Row) -> Result<(amount::Amount, &'static str), String> {
    let days = row
        .when("start")
        .zip(row.when("end"))
        .map(|(start, end)| end.last.since(start.first).map_or(0, |span| span.get_days()));
    let months = days.map(|days| (f64::from(days) / 30.436_875).round() as i32);
    let Some(amount) = amount::of(row, months)? else { return Err("the row has no amount".to_owned()) };
    let behind = match amount.per {
        Some(Unit::Thing) => return Err("an amount per unit of something is no amount of a party".to_owned()),
        // A year, however many days it has.
        Some(Unit::Year) if !days.is_some_and(|days| (360..=366).contains(&days)) => " per year",
        Some(Unit::Month) if !days.is_some_and(|days| (27..=31).contains(&days)) => " per month",
        Some(Unit::Quarter) if !days.is_some_and(|days| (89..=92).contains(&days)) => " per quarter",
        Some(unit @ (Unit::Day | Unit::Week)) => unit.behind().unwrap_or_default(),
        _ => "",
    };
    Ok((amount, behind))
}

/// A backlog, or a customer's share of it or of the revenue.
pub fn backlog(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let words = row.cell("amount_text").to_lowercase();
    let to_come = ["backlog", "contracted", "remaining", "to be recognised", "to be recognized"];
    let is_revenue = words.contains("revenue") && !to_come.iter().any(|word| words.contains(word));
    let of = if is_revenue { "revenue" } else { "backlog" };
    let sides = Sides::some(row, people)?;
    if sides.several[0].is_some() || sides.several[1].is_some() && sides.payer == OUTSIDE {
        return Err(sides.why_not());
    }
    report(row, people, of, Seen::ByPayee)
}

/// Revenue, in all or from one customer; a margin is one of profit.
pub fn revenue(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::single(row, people)?;
    let said = row.said();
    if !row.has_money() && said.contains("margin") {
        return report(row, people, "profit", Seen::Alone);
    }
    let from_one = sides.payer != OUTSIDE && sides.payee != OUTSIDE;
    report(row, people, "revenue", if from_one { Seen::ByPayee } else { Seen::Alone })
}

/// Cash that is burnt, lost, held or missing.
pub fn burn(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::single(row, people)?;
    let said = row.said();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    // What the source calls it comes before the remark.
    let of = burnt(&row.cell("amount_text").to_lowercase()).or_else(|| burnt(&said)).unwrap_or("burn");
    let earned = has(&[
        "positive cash flow",
        "free cash flow of",
        "free cash flow",
        " in cash flow",
        "cash flow positive",
    ]) && !has(&["negative", "burn", "outflow"]);
    let figure = Figure::of(row, of)?;
    let is_negative = of == "profit" || of == "burn" && earned;
    let figure = if is_negative { figure.negative() } else { figure };
    let party = if sides.payer == OUTSIDE { sides.payee.clone() } else { sides.payer.clone() };
    published(row, &sides, of, (party, OUTSIDE.to_owned()), figure)
}

/// Of what words about cash are.
fn burnt(said: &str) -> Option<&'static str> {
    const WORDS: [(&[&str], &str); 4] = [
        (&["outlay", "burn", "cash flow", "spend"], "burn"),
        (&["gap", "shortfall"], "funding"),
        (&["operating loss", "net loss", "loss of"], "profit"),
        (&["cash pile", "cash on hand", "in cash", "of the cash", "cash balance", "liquidity"], "cash"),
    ];
    WORDS.iter().find(|(words, _)| words.iter().any(|word| said.contains(word))).map(|(_, of)| *of)
}

/// A stake, a gain, the value of a holding or of a whole party.
pub fn mark(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::single(row, people)?;
    let (holder, issuer) = (sides.payer.clone(), sides.payee.clone());
    if let Some(held) = holding(row, &sides, people)? {
        return Ok(held);
    }
    if !row.has_money() {
        return stake(row, &sides);
    }
    let (of, pair) = if holder == OUTSIDE {
        ("value", (issuer, holder))
    } else {
        (if is_gain(row) { "gain" } else { "value" }, (holder, issuer))
    };
    let figure = Figure::of(row, of)?;
    // A loss that is said without its sign.
    let losses = ["loss", "losses", "hit", "write-down", "writedown", "impairment", "charge"];
    let words = words::list(row.cell("amount_text"));
    let is_loss = of == "gain" && words.iter().any(|word| losses.contains(&word.as_str()));
    let figure = if is_loss { figure.negative() } else { figure };
    published(row, &sides, of, pair, figure)
}

/// Whether the words of a row are of what a stake has gained or lost.
fn is_gain(row: &Row) -> bool {
    const GAINS: [&str; 10] = [
        "gain",
        "gains",
        "income",
        "profit",
        "loss",
        "losses",
        "hit",
        "write-down",
        "impairment",
        "adjustment",
    ];
    words::list(&row.said()).iter().any(|word| GAINS.contains(&word.as_str()))
}

/// The stake of one party in another, of which nothing else says that it is there: a holding, with its mark
/// where the row has one. Beside money that was paid for it, or beside another mark, it stays a report.
fn holding(row: &Row, sides: &Sides, people: &People) -> Result<Option<Candidate>, String> {
    let (owner, issuer) = (&sides.payer, &sides.payee);
    let named = owner != OUTSIDE && issuer != OUTSIDE;
    let stands = ["paid", "firm"].contains(&row.cell("status"));
    let stake = row.share_in_words().filter(|words| row.has_share(words)).or(row.stake());
    let Some(stake) = stake.filter(|_| named && stands && !is_gain(row)) else { return Ok(None) };
    if !people.is_only_stake(row, owner, issuer) {
        return Ok(None);
    }
    let mut statement = super::stated(row, "capital.toml");
    statement.terms.splice(0..0, [term("owner", owner), term("issuer", issuer)]);
    let basis = basis(row).filter(|basis| *basis == "as converted");
    statement.terms.extend(basis.map(|basis| term("basis", basis)));
    let stem = sides.stem("in", ["", ""]);
    if !row.has_money() {
        let candidate = Candidate::new(statement, "holdings", sides, "holding").named(stem);
        return Ok(Some(candidate.figure("stake", vec![stake]).holding(&["stake_pct"])));
    }
    let value = amount::in_all(row)?;
    statement.terms.push(term("stake", &stake));
    let candidate = Candidate::new(statement, "holdings", sides, "holding").named(stem);
    Ok(Some(candidate.amount("value", value.as_ref(), "").holding(&["stake_pct"])))
}

/// A part of an issuer.
fn stake(row: &Row, sides: &Sides) -> Result<Candidate, String> {
    if sides.payee == OUTSIDE {
        return Err("a stake of nobody in particular".to_owned());
    }
    let Some(words) = row.share_in_words().filter(|words| row.has_share(words)).or(row.stake()) else {
        return Err("the row has neither an amount nor a share".to_owned());
    };
    // What people in general hold is a part of the issuer.
    let in_general = sides.payer == OUTSIDE;
    let pair = if in_general {
        (sides.payee.clone(), OUTSIDE.to_owned())
    } else {
        (sides.payer.clone(), sides.payee.clone())
    };
    let figure = Figure { claims: vec![words], amount: None, basis: basis(row) };
    let mut candidate = published(row, sides, "stake", pair, figure)?.holding(&["stake_pct"]);
    if in_general {
        candidate.statement.terms.retain(|(key, _)| key != "basis");
        let holders = format!("held by {}", row.cell("payer_or_investor"));
        candidate.statement.terms.push(term("basis", &holders));
    }
    Ok(candidate)
}

fn published(
    row: &Row,
    sides: &Sides,
    of: &str,
    pair: (String, String),
    figure: Figure,
) -> Result<Candidate, String> {
    if pair.0 == OUTSIDE {
        return Err(sides.why_not());
    }
    let Some(on) = super::capital::span(row) else {
        return Err("no date says for when the figure holds".to_owned());
    };
    let mut statement = super::stated(row, "reports.toml");
    let counterparty = (pair.1 != OUTSIDE).then(|| term("counterparty", &pair.1));
    let head = [term("party", &pair.0), term("of", of), term("on", &on)].into_iter().chain(counterparty);
    let basis = figure.basis.map(|basis| term("basis", basis));
    statement.terms.splice(0..0, head.chain(basis));
    let other = if pair.1 == OUTSIDE { String::new() } else { format!("-{}", super::short(&pair.1)) };
    let day = portions::last_of_span(&on);
    let stem = format!("{}-{of}{other}-{day}", super::short(&pair.0));
    let mut candidate = Candidate::new(statement, "reports", sides, of).named(stem);
    if let Some(amount) = &figure.amount {
        candidate.notes.extend(amount.note.clone());
        let option = amount.option.as_ref().map(|(_, words)| format!("`{words}` has no place in a report"));
        candidate.notes.extend(option);
        candidate.exchange = amount.exchange;
        candidate = candidate.holding(&["amount"]);
    }
    candidate = candidate.figure("figure", figure.claims);
    candidate.on = Some(on);
    candidate.pair = pair;
    Ok(candidate)
}
