//! Guarantees, backstops and warrants from text, where nobody fails: fees, what stays unsold, what is
//! exercised.

use super::calendar::{self, Month};
use super::condition;
use super::dues::{Due, For, Row, Standing, bill};
use super::figure::{self, EXPECTED, FIRM, HEADLINE, READINGS};
use super::set::Set;
use super::world::{Contract, Refused, World, date, figure_of};

/// A guarantee: nothing is called; the fee is owed while it is in force.
pub fn guarantee(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let (guarantor, beneficiary) = (contract.must("guarantor")?, contract.must("beneficiary")?);
    contract.must("covers")?;
    let limit = figure_of(contract.table.get("limit"), world);
    let mut owed: [Vec<Due>; 3] = Default::default();
    // Nobody fails, so nothing is expected to be called; at most the limit is.
    let over = span(contract, world).1 < world.first;
    let most = limit.map_or(Set::undisclosed(), |limit| limit.read(HEADLINE));
    let most = if over { Set::exact(0.0) } else { most };
    owed[HEADLINE] = vec![Due { month: None, past: false, amount: most }];
    let stands = Standing::Conditional;
    let mut cover = Row::of(contract, (guarantor, beneficiary), For::Contingent, stands, Default::default());
    cover.owed = owed;
    let mut rows = vec![cover];
    if let Some(fee) = contract.text("fee") {
        let fee = figure::figure(fee, world).ok_or("fee")?;
        let figure::Per::Months(months) = fee.per else { return Err("fee".to_owned()) };
        let each = fee.read(FIRM).times(1.0 / f64::from(months));
        let mut dues: [Vec<Due>; 3] = Default::default();
        for (reading, dues) in dues.iter_mut().enumerate() {
            for month in in_force(contract, reading, world)? {
                dues.push(bill(month, each, world));
            }
        }
        let payer = contract.text("fee_payer").unwrap_or(beneficiary);
        let mut row = Row::of(contract, (payer, guarantor), For::Interest, Standing::Binding, dues);
        row.name = format!("{}.fee", contract.name);
        rows.push(row);
    }
    Ok(rows)
}

/// The first and the last month of a contract with a start and an end.
fn span(contract: &Contract, world: &World) -> (Month, Month) {
    let from = date(contract.table.get("from"));
    let until = date(contract.table.get("until"));
    let first = from.map_or(world.first, |from| from.first.month);
    let last = match (from, until) {
        (Some(from), Some(until)) => first + calendar::months_of_term(from.first, until.last) - 1,
        (None, Some(until)) => until.last.month,
        _ => world.last(),
    };
    (first, last)
}

/// The months in which a contract with a start, an end and a condition is in force.
fn in_force(contract: &Contract, reading: usize, world: &World) -> Result<Vec<Month>, Refused> {
    let (first, last) = span(contract, world);
    let Some(when) = contract.text("when") else { return Ok((first..=last).collect()) };
    // A condition met only in the model never changes firm (DEFINITIONS, "Standing and dates").
    if reading == FIRM {
        return Ok(vec![]);
    }
    let lapse = date(contract.table.get("before")).map_or(last, |before| before.last.month);
    let met = condition::first_month(when, lapse, reading, world)?;
    Ok(met.map_or(vec![], |month| (month.max(first)..=last).collect()))
}

/// A backstop: the price of what is offered and not sold, up to some power, until the cap is billed.
pub fn backstop(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let between = (contract.must("buyer")?, contract.must("seller")?);
    let cap = figure_of(contract.table.get("cap"), world);
    let limit = cap.and_then(|cap| cap.as_term()).unwrap_or(f64::INFINITY);
    let power = |key: &str, month: Month| -> Result<f64, Refused> {
        let text = contract.must(key)?;
        figure::amount(text, world).or_else(|| world.level(text, month)).ok_or_else(|| key.to_owned())
    };
    let price = contract.must("price")?;
    let price = price.strip_suffix("/GW/yr").and_then(|price| figure::amount(price, world)).ok_or("price")?;
    let most = contract.text("power").and_then(|power| figure::amount(power, world)).unwrap_or(f64::INFINITY);
    let mut dues: [Vec<Due>; 3] = Default::default();
    for (reading, dues) in dues.iter_mut().enumerate() {
        let mut billed = 0.0;
        for month in in_force(contract, reading, world)? {
            let unsold = (power("offered", month)? - power("sold", month)?).max(0.0).min(most);
            let amount = (unsold * price / 12.0).min(limit - billed);
            billed += amount;
            dues.push(bill(month, Set::exact(amount), world));
        }
    }
    // What may be bought is contingent: nothing of it is firm, all of the cap is headline.
    let mut owed: [Vec<Due>; 3] = Default::default();
    owed[EXPECTED] = dues[EXPECTED].iter().filter(|due| !due.past).copied().collect();
    // What was billed before as-of is no more to come.
    let past = dues[HEADLINE].iter().filter(|due| due.past);
    let used = past.filter_map(|due| due.amount.read).sum::<f64>();
    let left = |words: Set| Set {
        read: words.read.map(|read| (read - used).max(0.0)),
        low: (words.low - used).max(0.0),
        high: (words.high - used).max(0.0),
        ..words
    };
    let words = cap.map_or(Set::undisclosed(), |cap| left(cap.read(HEADLINE)));
    let over = span(contract, world).1 < world.first;
    let words = if over { Set::exact(0.0) } else { words };
    owed[HEADLINE] = vec![Due { month: None, past: false, amount: words }];
    let mut row = Row::of(contract, between, For::Unsold, Standing::Conditional, dues);
    row.owed = owed;
    Ok(vec![row])
}

/// A warrant: the strike is paid once, in the first month in which it is vested and in the money.
pub fn warrant(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let share = |key: &str| {
        let text = contract.text(key)?;
        figure::amount(text.strip_suffix("/share").unwrap_or(text), world)
    };
    let shares = contract.text("shares").and_then(|text| text.strip_suffix("M shares")).ok_or("shares")?;
    let shares: f64 = shares.parse().map_err(|_| "shares")?;
    let (strike, price) = (share("strike").unwrap_or(0.0), share("price").ok_or("price")?);
    let expiry = date(contract.table.get("expiry")).ok_or("expiry")?.last.month;
    let before = date(contract.table.get("before")).map_or(expiry, |before| before.last.month);
    let cost = shares * 1e6 * strike;
    let mut dues: [Vec<Due>; 3] = Default::default();
    for (reading, dues) in dues.iter_mut().enumerate() {
        // Nobody has to exercise.
        if reading == FIRM || price <= strike || cost <= 0.0 {
            continue;
        }
        let mut had = 0.0;
        for month in world.first..=expiry {
            let vested = match contract.text("vests_when") {
                None => 1.0,
                Some(when) => {
                    let Some(chance) = condition::chance(when, month.min(before), reading, world)? else {
                        break;
                    };
                    chance
                }
            };
            let waits = contract.text("exercise") == Some("at expiry") && month < expiry;
            if !waits && had < vested {
                dues.push(bill(month, Set::exact(cost * (vested - had)), world));
                had = vested;
            }
        }
    }
    let between = (contract.must("holder")?, contract.must("issuer")?);
    let mut row = Row::of(contract, between, For::Exercise, Standing::Conditional, dues);
    row.owed = Default::default();
    assert_eq!(READINGS.len(), row.owed.len(), "one list for each reading");
    Ok(vec![row])
}
