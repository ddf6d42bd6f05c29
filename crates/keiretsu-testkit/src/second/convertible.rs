//! A convertible from text: draws that are capital, simple interest, conversion, or repayment at maturity.

use super::calendar::Month;
use super::condition;
use super::dues::{Due, For, Row, Standing, bill};
use super::equity;
use super::figure::{self, READINGS};
use super::set::Set;
use super::world::{Contract, Refused, World, date};

/// The rows of the draws, and one of what is paid back.
pub fn rows(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let (holder, issuer) = (contract.must("holder")?, contract.must("issuer")?);
    let mut rows = equity::rows(contract, holder, issuer, world)?;
    let Some(maturity) = date(contract.table.get("maturity")) else { return Ok(rows) };
    let maturity = maturity.last.month;
    let rate = contract.text("rate").and_then(|rate| figure::amount(rate, world)).unwrap_or(0.0);
    let (mut back, mut interest): ([Vec<Due>; 3], [Vec<Due>; 3]) = Default::default();
    for reading in 0..READINGS.len() {
        if converted(contract, maturity, reading, world)? {
            continue;
        }
        let (mut all, mut grown) = (Set::nothing(), Set::nothing());
        for due in rows.iter().filter(|row| row.standing != Standing::Gone).flat_map(|row| &row.dues[reading])
        {
            let Some(drawn) = due.month.filter(|drawn| *drawn <= maturity) else { continue };
            // From the month after each draw, a twelfth of the yearly rate a month until the maturity.
            all = all.plus(due.amount);
            grown = grown.plus(due.amount.times(rate * f64::from(maturity - drawn) / 12.0));
        }
        back[reading].push(bill(maturity, all, world));
        interest[reading].push(bill(maturity, grown, world));
    }
    for (purpose, dues) in [(For::Back, back), (For::Interest, interest)] {
        let mut row = Row::of(contract, (issuer, holder), purpose, Standing::Binding, dues);
        row.name = format!("{}.{purpose:?}", contract.name);
        rows.push(row);
    }
    Ok(rows)
}

/// Whether it has converted by its maturity: with money of the round, or on its condition.
fn converted(contract: &Contract, maturity: Month, reading: usize, world: &World) -> Result<bool, Refused> {
    if contract.text("at_maturity") == Some("converts") {
        return Ok(true);
    }
    if let Some(round) = contract.text("converts_with") {
        let round = world.contracts.iter().find(|other| other.name == round).ok_or("converts_with")?;
        let money = equity::rows(round, round.must("investor")?, round.must("issuer")?, world)?;
        let dated = money.iter().flat_map(|row| &row.dues[reading]).filter_map(|due| due.month);
        return Ok(dated.min().is_some_and(|first| first <= maturity));
    }
    match contract.text("converts_when") {
        Some(when) => Ok(condition::chance(when, maturity, reading, world)? == Some(1.0)),
        None => Ok(false),
    }
}
