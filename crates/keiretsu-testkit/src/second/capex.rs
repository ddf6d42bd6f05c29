//! A building programme from text: a total by a ramp, or an amount per time, split over suppliers.

use toml::Value;

use super::calendar;
use super::dues::{Due, For, Row, Standing, bill};
use super::figure::{self, EXPECTED, FIRM, Per};
use super::ramp::{self, Life};
use super::set::Set;
use super::world::{Contract, Refused, World, date, figure_of};

/// A row for each supplier, and one for what goes outside.
pub fn rows(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let spender = contract.must("spender")?;
    let standing = match contract.text("standing") {
        Some("announced") => Standing::Announced,
        _ => Standing::Binding,
    };
    let mut whole: [Vec<Due>; 3] = Default::default();
    for (reading, whole) in whole.iter_mut().enumerate() {
        if standing == Standing::Announced && reading == FIRM {
            continue;
        }
        *whole = dues(contract, reading, world)?;
        if standing == Standing::Announced && reading == EXPECTED {
            // Nothing says how likely a plan is.
            for due in whole {
                due.amount = due.amount.perhaps();
            }
        }
    }
    let mut rest = 1.0;
    let mut shares = vec![];
    for (party, share) in contract.inner("suppliers").into_iter().flatten() {
        let share = share.as_str().and_then(|share| figure::amount(share, world)).ok_or("suppliers")?;
        rest -= share;
        shares.push((party.clone(), share));
    }
    // Invariant of the page: the suppliers' shares and what goes outside sum to the amount.
    if 1e-9 < rest {
        shares.push(("outside".to_owned(), rest));
    }
    let row = |(payee, share): (String, f64)| {
        let part = |dues: &Vec<Due>| {
            dues.iter().map(|due| Due { amount: due.amount.times(share), ..*due }).collect::<Vec<Due>>()
        };
        let dues = [part(&whole[0]), part(&whole[1]), part(&whole[2])];
        Row::of(contract, (spender, &payee), For::Building, standing, dues)
    };
    Ok(shares.into_iter().map(row).collect())
}

fn dues(contract: &Contract, reading: usize, world: &World) -> Result<Vec<Due>, Refused> {
    let from = date(contract.table.get("from")).ok_or("from")?.first;
    let amount = figure_of(contract.table.get("amount"), world).ok_or("amount")?;
    let until = date(contract.table.get("until")).map(|until| until.last);
    let months = match (until, amount.per) {
        (Some(until), _) => calendar::months_of_term(from, until),
        (None, Per::Over(months)) => months,
        // A programme without an end is undated (DEFINITIONS, answer 52).
        (None, Per::Once) => {
            return Ok(vec![Due { month: None, past: false, amount: amount.read(reading) }]);
        }
        (None, Per::Months(_)) => world.last() - from.month + 1,
    };
    let life = Life { first: from.month, months };
    let due = |at: i32| -> Result<Due, Refused> {
        let then = contract.at(life.first + at);
        let amount = figure_of(then.table.get("amount"), world).ok_or("amount")?;
        let part = match amount.per {
            Per::Months(per) => amount.read(reading).times(1.0 / f64::from(per)),
            _ => amount.read(reading).times(ramp::share(then.table.get("ramp"), life, at, world)?),
        };
        let part = if then.table.get("amount").and_then(Value::as_str) == Some("undisclosed") {
            Set::undisclosed()
        } else {
            part
        };
        Ok(bill(life.first + at, part, world))
    };
    (0..months).map(due).collect()
}
