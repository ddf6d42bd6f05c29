//! A loan from text: drawn at once, over a span or on a condition; interest by the month; repaid by a
//! schedule.
//!
//! What falls due is in proportion to what is lent, so a schedule is made for one dollar.

use toml::Value;

use super::calendar::Month;
use super::dues::{Due, For, Row, Standing, bill};
use super::equity;
use super::figure::{self, READINGS};
use super::set::Set;
use super::world::{Contract, Refused, World, date, figure_of};

/// What a month brings for each dollar lent in all.
struct Paid {
    month: Month,
    principal: f64,
    interest: f64,
}

/// Two rows of principal, the lender's and the borrower's, and those of interest and fees.
pub fn rows(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let (lender, borrower) = (contract.must("lender")?, contract.must("borrower")?);
    contract.must("maturity")?;
    if contract.text("when").is_some() {
        contract.must("before")?;
    }
    let (standing, draws) = draws(contract, world)?;
    let mut back: [Vec<Due>; 3] = Default::default();
    let mut interest: [Vec<Due>; 3] = Default::default();
    for reading in 0..READINGS.len() {
        // What is not known when it is drawn is paid back at a time that is not known.
        back[reading].extend(draws[reading].iter().filter(|due| due.month.is_none()));
        let Some(base) = base(&draws[reading]) else { continue };
        let outstanding = figure_of(contract.table.get("outstanding"), world);
        let scale = outstanding.map(|stated| stated.read(reading).read.unwrap_or(0.0));
        for paid in schedule(contract, &base, scale, world)? {
            let of = |part: f64, fixed: bool| match (fixed, scale) {
                (true, Some(_)) => Set::exact(part),
                _ => base.whole.times(part),
            };
            if 0.0 < paid.principal {
                back[reading].push(bill(paid.month, of(paid.principal, true), world));
            }
            if 0.0 < paid.interest {
                interest[reading].push(bill(paid.month, of(paid.interest, true), world));
            }
        }
    }
    let fee = fees(contract, &draws, world)?;
    let parts =
        equity::by_standing((if standing == Standing::Binding { Standing::Paid } else { standing }, draws));
    let lent = parts
        .into_iter()
        .map(|(standing, draws)| Row::of(contract, (lender, borrower), For::Lending, standing, draws));
    let lent: Vec<Row> = lent.collect();
    let owed = if standing == Standing::Paid { Standing::Binding } else { standing };
    let mut repaid = Row::of(contract, (borrower, lender), For::Repaying, owed, back);
    repaid.name = format!("{}.principal", contract.name);
    let mut paid = Row::of(contract, (borrower, lender), For::Interest, owed, interest);
    paid.name = format!("{}.interest", contract.name);
    let mut rows = lent;
    rows.extend([repaid, paid]);
    if let Some(fee) = fee {
        let mut row = Row::of(contract, (borrower, lender), For::Interest, owed, fee);
        row.name = format!("{}.fee", contract.name);
        rows.push(row);
    }
    Ok(rows)
}

/// The draws are a tranche as those of equity are: dated, over a span, or on a condition.
fn draws(contract: &Contract, world: &World) -> Result<equity::Tranche, Refused> {
    let mut terms = contract.table.clone();
    if let Some(drawn) = terms.remove("drawn") {
        terms.insert("on".to_owned(), drawn);
    }
    // `standing = "paid"` says that the draw was paid (DEFINITIONS, "Standing").
    let stated = terms.remove("standing");
    if let Some(stated) = stated.filter(|stated| stated.as_str() != Some("paid")) {
        terms.insert("standing".to_owned(), stated);
    }
    let (standing, dues) = equity::tranche(&terms, None, world)?;
    let all_past = dues[2].iter().all(|due| due.past);
    let standing = if standing == Standing::Binding && all_past { Standing::Paid } else { standing };
    Ok((standing, dues))
}

/// Draws as shares of what is lent in all.
struct Base {
    whole: Set,
    draws: Vec<(Month, f64)>,
}

fn base(draws: &[Due]) -> Option<Base> {
    let dated: Vec<(Month, Set)> = draws.iter().filter_map(|due| Some((due.month?, due.amount))).collect();
    let whole = super::set::sum(dated.iter().map(|(_, amount)| *amount));
    if dated.is_empty() {
        return None;
    }
    let share = |amount: &Set| match (amount.read, whole.read) {
        (Some(part), Some(whole)) if 0.0 < whole => part / whole,
        // Nothing is read of it: the shares are those of a span.
        _ => 1.0 / dated.len() as f64,
    };
    Some(Base { whole, draws: dated.iter().map(|(month, amount)| (*month, share(amount))).collect() })
}

/// What each month brings. With a stated outstanding amount, in dollars; else for each dollar lent.
fn schedule(
    contract: &Contract,
    base: &Base,
    outstanding: Option<f64>,
    world: &World,
) -> Result<Vec<Paid>, Refused> {
    let maturity = date(contract.table.get("maturity")).ok_or("maturity")?.last.month;
    let step = match contract.text("frequency") {
        Some("quarterly") => 3,
        Some("half-yearly") => 6,
        Some("yearly") => 12,
        _ => 1,
    };
    let first = base.draws.iter().map(|(month, _)| *month).min().ok_or("draws")?;
    let last = base.draws.iter().map(|(month, _)| *month).max().ok_or("draws")?;
    let added = contract.text("interest") == Some("added");
    let (mut owed, mut accrued) = (0.0, 0.0);
    let mut all = vec![];
    for month in first..=maturity {
        if month == world.first
            && let Some(stated) = outstanding
        {
            owed = stated;
        }
        // What is drawn in a month bears interest from the next, a twelfth of the yearly rate.
        let bears = owed * rate(contract, month, world)? / 12.0;
        let before = owed;
        if added {
            owed += bears;
        } else {
            accrued += bears;
        }
        let pays = (maturity - month) % step == 0;
        let mut principal = 0.0;
        if month == maturity {
            // Interest that was added is principal.
            principal = owed;
        } else if pays && last < month {
            let left = f64::from((maturity - month) / step + 1);
            let bears = f64::from(step) * rate(contract, month, world)? / 12.0;
            // A payment is as high as the others, also where it follows a draw by less than a period.
            let borne = base.draws.iter().map(|(at, share)| share * f64::from((month - *at).min(step)));
            let borne = if added { bears } else { bears * borne.sum::<f64>() / f64::from(step) };
            principal = instalment(contract, before, left, [bears, borne]);
        }
        owed -= principal;
        owed += base.draws.iter().filter(|(at, _)| *at == month).map(|(_, share)| share).sum::<f64>();
        let interest = if pays { std::mem::take(&mut accrued) } else { 0.0 };
        all.push(Paid { month, principal, interest });
    }
    Ok(all)
}

/// What is outstanding over what is left of the schedule; an annuity pays the interest of a period, or what
/// it has borne of that, and principal up to a level payment.
fn instalment(contract: &Contract, owed: f64, left: f64, [rate, borne]: [f64; 2]) -> f64 {
    match contract.text("repayment") {
        Some("annuity") if 0.0 < rate => {
            let worth_of_payments = (1.0 - (1.0 + rate).powf(-left)) * (1.0 + rate) / rate;
            owed * (1.0 + borne) / worth_of_payments - owed * borne
        }
        Some("linear" | "annuity") => owed / left,
        _ => 0.0,
    }
}

/// The yearly rate with its spread, by the terms of the month.
fn rate(contract: &Contract, month: Month, world: &World) -> Result<f64, Refused> {
    let then = contract.at(month);
    let percent =
        |key: &str| then.table.get(key).and_then(Value::as_str).map(|text| figure::amount(text, world));
    let rate = percent("rate").flatten().ok_or("rate")?;
    Ok(rate + percent("spread").flatten().unwrap_or(0.0))
}

/// The fee on each draw, paid with it.
fn fees(contract: &Contract, draws: &[Vec<Due>; 3], world: &World) -> Result<Option<[Vec<Due>; 3]>, Refused> {
    let Some(upfront) = contract.text("upfront_fee") else { return Ok(None) };
    let share = figure::amount(upfront, world).ok_or("upfront_fee")?;
    let part = |dues: &Vec<Due>| {
        dues.iter().map(|due| Due { amount: due.amount.times(share), ..*due }).collect::<Vec<Due>>()
    };
    Ok(Some([part(&draws[0]), part(&draws[1]), part(&draws[2])]))
}
