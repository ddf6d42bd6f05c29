//! A share of revenue from text: rate times base, month by month, until a cap, an end or a day.

use super::calendar;
use super::condition;
use super::dues::{Due, For, Row, Standing, bill};
use super::figure::{self, FIRM, HEADLINE, READINGS};
use super::set::Set;
use super::world::{Contract, Refused, World, date, figure_of};

/// The one row; what is committed is the cap, since the base is a forecast.
pub fn rows(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let announced = contract.text("standing") == Some("announced");
    let standing = if announced { Standing::Announced } else { Standing::Binding };
    let cap = match contract.table.get("cap") {
        // A limit is a term: it holds in every reading, whatever its words.
        Some(cap) => Some(figure_of(Some(cap), world).and_then(|cap| cap.as_term()).ok_or("cap")?),
        None => None,
    };
    let (mut dues, mut owed): ([Vec<Due>; 3], [Vec<Due>; 3]) = Default::default();
    for reading in 0..READINGS.len() {
        if announced && reading == FIRM {
            continue;
        }
        dues[reading] = payments(contract, cap, reading, world)?;
        if announced && reading != HEADLINE {
            dues[reading].iter_mut().for_each(|due| due.amount = due.amount.perhaps());
        }
        let stated =
            figure_of(contract.table.get("paid_so_far"), world).and_then(|paid| paid.read(reading).read);
        let all = match cap {
            Some(cap) => {
                let cap = (cap - stated.unwrap_or(0.0)).max(0.0);
                Set {
                    read: (reading == HEADLINE).then_some(cap),
                    unread: reading != HEADLINE,
                    low: 0.0,
                    high: cap,
                    vague: false,
                }
            }
            None => Set::undisclosed(),
        };
        owed[reading] = vec![Due { month: None, past: false, amount: all }];
    }
    let between = (contract.must("payer")?, contract.must("payee")?);
    let mut row = Row::of(contract, between, For::Sharing, standing, dues);
    row.owed = owed;
    Ok(vec![row])
}

fn payments(
    contract: &Contract,
    cap: Option<f64>,
    reading: usize,
    world: &World,
) -> Result<Vec<Due>, Refused> {
    let from = date(contract.table.get("from")).map_or(world.first, |from| from.first.month);
    let until = match (date(contract.table.get("from")), date(contract.table.get("until"))) {
        (Some(from), Some(until)) => from.first.month + calendar::months_of_term(from.first, until.last) - 1,
        (None, Some(until)) => until.last.month,
        _ => world.last(),
    };
    let stated = figure_of(contract.table.get("paid_so_far"), world).and_then(|paid| paid.read(reading).read);
    let mut paid = 0.0;
    let mut dues = vec![];
    for month in from..=until {
        if month == world.first {
            paid = stated.unwrap_or(paid);
        }
        if let Some(ends) = contract.text("ends_when")
            && condition::chance(ends, month, reading, world)? == Some(1.0)
        {
            break;
        }
        let then = contract.at(month);
        let rate = then.text("rate").and_then(|rate| figure::amount(rate, world)).ok_or("rate")?;
        let base = then.must("base")?;
        let share = rate * world.level(base, month).ok_or("base")? / 12.0;
        let amount = cap.map_or(share, |cap| share.min((cap - paid).max(0.0)));
        paid += amount;
        dues.push(bill(month, Set::exact(amount), world));
    }
    Ok(dues)
}
