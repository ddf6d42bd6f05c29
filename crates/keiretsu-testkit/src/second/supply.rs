//! Supply from text: a minimum in all or per period, usage that burns it down, a prepayment, amendments.
//!
//! One loop over the months of the whole life, from the first day of the contract: what was used and billed
//! before as-of follows from the terms (DEFINITIONS, "The past is past").

use super::calendar::{self, Month};
use super::dues::{Due, For, Row, Standing, bill};
use super::figure::{self, EXPECTED, FIRM, Per};
use super::set::{Set, sum};
use super::world::{Contract, Refused, World, date, figure_of};

/// How the months of a contract lie: its first month, how many there are.
#[derive(Clone, Copy, Debug)]
struct Life {
    first: Month,
    months: i32,
}

/// The one row of a contract.
pub fn rows(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let standing = match contract.text("standing") {
        Some("announced") => Standing::Announced,
        Some("terminated" | "lapsed") => Standing::Gone,
        _ => Standing::Binding,
    };
    let mut dues: [Vec<Due>; 3] = Default::default();
    let mut worded = [None; 3];
    for reading in 0..3 {
        if standing == Standing::Announced && reading == FIRM {
            continue;
        }
        dues[reading] = dues_of(contract, reading, world)?;
        // What would be bought anyway is no commitment: it is worded as its minimum.
        let at_minimum = bills(contract, reading, true, world)?;
        worded[reading] = Some(sum(at_minimum.into_iter().map(|(_, amount)| amount)));
        if standing == Standing::Announced && reading == EXPECTED {
            let all = worded[reading].unwrap_or_else(Set::nothing);
            worded[reading] = Some(Set { read: None, low: 0.0, ..all });
            dues[reading].iter_mut().for_each(|due| due.amount = Set { read: None, low: 0.0, ..due.amount });
        }
    }
    Ok(vec![Row {
        contract: contract.name.clone(),
        name: contract.name.clone(),
        payer: contract.must("buyer")?.to_owned(),
        payee: contract.must("seller")?.to_owned(),
        purpose: For::Service,
        standing,
        dues,
        worded,
        slice_of: contract.text("part_of").map(str::to_owned),
    }])
}

fn life(contract: &Contract, world: &World) -> Result<Life, Refused> {
    let from = date(contract.table.get("from")).ok_or("from")?.first;
    let minimum = figure_of(contract.table.get("minimum"), world);
    if let Some(until) = date(contract.table.get("until")) {
        return Ok(Life { first: from.month, months: calendar::months_of_term(from, until.last) });
    }
    match minimum.map(|minimum| minimum.per) {
        Some(Per::Over(months)) => Ok(Life { first: from.month, months }),
        // Without an end it goes on as far as the model looks.
        _ => Ok(Life { first: from.month, months: world.last() - from.month + 1 }),
    }
}

/// What falls due in cash: bills, less what was prepaid, and the prepayment itself.
fn dues_of(contract: &Contract, reading: usize, world: &World) -> Result<Vec<Due>, Refused> {
    let bills = bills(contract, reading, reading == FIRM, world)?;
    let Some(prepayment) = contract.table.get("prepayment") else {
        return Ok(bills.into_iter().map(|(month, amount)| bill(month, amount, world)).collect());
    };
    let paid = figure_of(Some(prepayment), world).ok_or("prepayment")?.read(reading);
    let is_share = prepayment.as_str().is_some_and(|text| text.ends_with('%'));
    let total = figure_of(contract.table.get("minimum"), world).ok_or("minimum")?.read(reading);
    let paid = if is_share { total.times(paid.read.ok_or("prepayment")?) } else { paid };
    // As a start, a year or a month means its first day.
    let from = date(contract.table.get("from")).ok_or("from")?;
    let on = match date(contract.table.get("prepaid")) {
        Some(prepaid) => prepaid,
        None => calendar::When { first: from.first, last: from.first },
    };
    let mut dues = vec![Due { month: Some(on.last.month), past: world.is_past(on), amount: paid }];
    let mut left = paid;
    for (month, amount) in bills {
        // It counts before cash against what is billed from its own month on.
        let used = if on.last.month <= month { left.at_most(amount) } else { Set::nothing() };
        left = left.minus(used);
        dues.push(bill(month, amount.minus(used), world));
    }
    Ok(dues)
}

/// What is billed in each month, before any prepayment; without usage above the minimum if so asked.
fn bills(
    contract: &Contract,
    reading: usize,
    capped: bool,
    world: &World,
) -> Result<Vec<(Month, Set)>, Refused> {
    let life = life(contract, world)?;
    let usage = |month: Month| usage(contract, month, world);
    let Some(minimum) = figure_of(contract.table.get("minimum"), world) else {
        let month = |at: i32| Ok((life.first + at, if capped { Set::nothing() } else { usage(life.first + at)? }));
        return (0..life.months).map(month).collect();
    };
    // A total is settled at each contract year's end, a minimum per period at the end of each.
    let period = if let Per::Months(months) = minimum.per { months } else { 12 };
    let carries = !matches!(minimum.per, Per::Months(_))
        || contract.table.get("carry").and_then(toml::Value::as_bool) == Some(true);
    let mut bills = vec![];
    // The minimum up to the end of this period, and what has been billed, in all or within the period.
    let (mut target, mut billed) = (Set::nothing(), Set::nothing());
    for at in 0..life.months {
        if at % period == 0 {
            if !carries {
                (target, billed) = (Set::nothing(), Set::nothing());
            }
            for within in at..(at + period).min(life.months) {
                target = target.plus(accrual(contract, life, within, reading, world)?);
            }
        }
        let left = target.minus(billed).not_below_nothing();
        let used = usage(life.first + at)?;
        let used = if capped { used.at_most(left) } else { used };
        let ends = (at + 1) % period == 0 || at + 1 == life.months;
        let amount = if ends { used.at_least(left) } else { used };
        billed = billed.plus(amount);
        bills.push((life.first + at, amount));
    }
    Ok(bills)
}

/// What a month adds to the minimum, by the terms of that month.
fn accrual(
    contract: &Contract,
    life: Life,
    at: i32,
    reading: usize,
    world: &World,
) -> Result<Set, Refused> {
    let then = contract.at(life.first + at);
    let minimum = figure_of(then.table.get("minimum"), world).ok_or("minimum")?;
    let amount = minimum.read(reading);
    Ok(match minimum.per {
        Per::Months(months) => amount.times(1.0 / f64::from(months)),
        Per::Once | Per::Over(_) => amount.times(share(&then, life, at, world)?),
    })
}

/// The share of a total that a month of the term has by its ramp.
fn share(contract: &Contract, life: Life, at: i32, world: &World) -> Result<f64, Refused> {
    let months = f64::from(life.months);
    let (from, to) = (f64::from(at) / months, f64::from(at + 1) / months);
    match contract.table.get("ramp") {
        None => Ok(1.0 / months),
        Some(toml::Value::String(word)) => match word.as_str() {
            "flat" => Ok(1.0 / months),
            // Months in the proportion 1 to 2 to 3.
            "linear" => Ok(f64::from(at + 1) * 2.0 / (months * (months + 1.0))),
            // The smooth step 3x^2 - 2x^3.
            "s-curve" => Ok(smooth(to) - smooth(from)),
            _ => Err("ramp".to_owned()),
        },
        Some(toml::Value::Table(years)) => by_year(years, life, life.first + at, world),
        Some(_) => Err("ramp".to_owned()),
    }
}

fn smooth(x: f64) -> f64 {
    x * x * (3.0 - 2.0 * x)
}

/// DEFINITIONS, "Minimum": a ramp gives shares of the total per calendar year. Within a year they are even
/// over the months that the term has in it; `rest` gives the years that are not listed equal shares a month,
/// or shares that grow by equal steps a year from the last one listed.
fn by_year(years: &toml::Table, life: Life, month: Month, world: &World) -> Result<f64, Refused> {
    let share = |year: i32| {
        years.get(&year.to_string()).and_then(|share| figure::amount(share.as_str()?, world))
    };
    let months_in = |year: i32| {
        let months = life.first..life.first + life.months;
        f64::from(months.filter(|month| calendar::year(*month) == year).count() as u32)
    };
    let year = calendar::year(month);
    if let Some(share) = share(year) {
        return Ok(share / months_in(year));
    }
    let last = calendar::year(life.first + life.months - 1);
    let open: Vec<i32> =
        (calendar::year(life.first)..=last).filter(|year| share(*year).is_none()).collect();
    let listed: f64 = (calendar::year(life.first)..=last).filter_map(share).sum();
    let rest = 1.0 - listed;
    let whole = |year: i32| months_in(year) / 12.0;
    match years.get("rest").and_then(toml::Value::as_str) {
        Some("flat") => Ok(rest / open.iter().map(|year| months_in(*year)).sum::<f64>()),
        Some("linear") => {
            let base = share(open[0] - 1).unwrap_or(0.0);
            let step = |year: i32| f64::from(year - open[0] + 1);
            let level: f64 = open.iter().map(|year| whole(*year) * base).sum();
            let steps: f64 = open.iter().map(|year| whole(*year) * step(*year)).sum();
            Ok((base + step(year) * (rest - level) / steps) / 12.0)
        }
        _ => Ok(0.0),
    }
}

/// What would be bought anyway in a month: an amount per time, or a share of a factor.
fn usage(contract: &Contract, month: Month, world: &World) -> Result<Set, Refused> {
    let then = contract.at(month);
    let Some(text) = then.text("usage") else { return Ok(Set::nothing()) };
    if let Some((share, factor)) = text.split_once(" * ") {
        let share = figure::amount(share, world).ok_or("usage")?;
        let level = world.level(factor, month).ok_or("usage")?;
        return Ok(Set::exact(share * level / 12.0));
    }
    let usage = figure::figure(text, world).ok_or("usage")?;
    let Per::Months(months) = usage.per else { return Err("usage".to_owned()) };
    Ok(usage.read(EXPECTED).times(1.0 / f64::from(months)))
}
