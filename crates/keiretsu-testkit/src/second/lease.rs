//! A lease from text: rent from the day it begins, rises by the year of the lease, renewals, a guaranteed
//! value.

use super::calendar::{self, Month};
use super::condition;
use super::dues::{Due, For, Row, Standing, bill};
use super::figure::{self, EXPECTED, FIRM, HEADLINE, Per, READINGS};
use super::set::Set;
use super::world::{Contract, Refused, World, date, figure_of};

/// The row of the rent, and that of the residual value.
pub fn rows(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let between = (contract.must("lessee")?, contract.must("lessor")?);
    let announced = contract.text("standing") == Some("announced");
    let standing = match (announced, contract.text("begins_when")) {
        (true, _) => Standing::Announced,
        (false, Some(_)) => Standing::Conditional,
        _ => Standing::Binding,
    };
    let before = date(contract.table.get("before"));
    if contract.text("begins_when").is_some() && before.is_some_and(|before| world.is_past(before)) {
        return Ok(vec![Row::of(contract, between, For::Rent, Standing::Gone, Default::default())]);
    }
    let (mut rent, mut owed): ([Vec<Due>; 3], [Vec<Due>; 3]) = Default::default();
    let (mut residual, mut promised): ([Vec<Due>; 3], [Vec<Due>; 3]) = Default::default();
    for reading in 0..READINGS.len() {
        for (start, chance) in starts(contract, reading, world)? {
            let run = run(contract, start, reading, world)?;
            let weigh = |due: &Due| Due { amount: due.amount.weighed(chance), ..*due };
            rent[reading].extend(run.first.iter().chain(&run.renewed).map(weigh));
            owed[reading].extend(run.first.iter().map(weigh));
            residual[reading].extend(run.residual.iter().map(weigh));
            promised[reading].extend(run.promised.iter().map(weigh));
        }
        if announced && reading == EXPECTED {
            let all = rent[reading].iter_mut().chain(&mut owed[reading]).chain(&mut residual[reading]);
            all.chain(&mut promised[reading]).for_each(|due| due.amount = due.amount.perhaps());
        }
    }
    let mut row = Row::of(contract, between, For::Rent, standing, rent);
    row.owed = owed;
    let mut rows = vec![row];
    if contract.inner("residual").is_some() {
        let stands = if announced { Standing::Announced } else { Standing::Conditional };
        let mut row = Row::of(contract, between, For::Rent, stands, residual);
        row.name = format!("{}.residual", contract.name);
        row.owed = promised;
        rows.push(row);
    }
    Ok(rows)
}

/// A month in which it may begin, and its chance; nothing where that is not known.
type Start = (Option<Month>, Option<f64>);

/// In which months it may begin, each with its chance.
fn starts(contract: &Contract, reading: usize, world: &World) -> Result<Vec<Start>, Refused> {
    if contract.text("standing") == Some("announced") && reading == FIRM {
        return Ok(vec![]);
    }
    let Some(when) = contract.text("begins_when") else {
        let from = date(contract.table.get("from")).ok_or("from")?;
        return Ok(vec![(Some(from.first.month), Some(1.0))]);
    };
    let lapse = date(contract.table.get("before")).ok_or("before")?.last.month;
    match reading {
        FIRM => Ok(vec![]),
        HEADLINE => {
            let begins = condition::first_month(when, lapse, HEADLINE, world)?;
            Ok(vec![(Some(begins.unwrap_or(lapse)), Some(1.0))])
        }
        _ => Ok(match condition::first_passage(when, lapse, world)? {
            Some(all) => all.into_iter().map(|(month, chance)| (Some(month), Some(chance))).collect(),
            None => vec![(None, None)],
        }),
    }
}

/// What falls due if it begins in a month.
#[derive(Default)]
struct Run {
    first: Vec<Due>,
    renewed: Vec<Due>,
    residual: Vec<Due>,
    /// What of it is committed: nothing firm.
    promised: Vec<Due>,
}

fn run(contract: &Contract, start: Option<Month>, reading: usize, world: &World) -> Result<Run, Refused> {
    let term = contract.text("term").and_then(calendar::duration).ok_or("term")?;
    let mut run = Run::default();
    let Some(start) = start else {
        // It is not known when it begins, nor whether.
        let mut all = Set::nothing();
        for at in 0..term {
            all = all.plus(rent(contract, world.first, at, term, reading, world)?);
        }
        run.first.push(Due { month: None, past: false, amount: all });
        return Ok(run);
    };
    for at in 0..term {
        run.first.push(bill(start + at, rent(contract, start, at, term, reading, world)?, world));
    }
    let mut end = term;
    let mut stays = Some(1.0);
    if let Some(renewal) = contract.inner("renewal").filter(|_| reading != FIRM) {
        let more = renewal.get("term").and_then(|term| calendar::duration(term.as_str()?)).unwrap_or(term);
        let options = renewal.get("options").and_then(toml::Value::as_integer).unwrap_or(1);
        let share = renewal.get("rent_share").and_then(|share| figure::amount(share.as_str()?, world));
        let when = renewal.get("when").and_then(toml::Value::as_str).ok_or("when")?;
        for _ in 0..options {
            // Decided in the last month of the term, on the state of the end of the month before (answer 54).
            let chance = condition::chance(when, start + end - 2, reading, world)?;
            if chance == Some(0.0) {
                break;
            }
            stays = stays.zip(chance).map(|(stays, chance)| stays * chance);
            for at in end..end + more {
                let rent = rent(contract, start, at, term, reading, world)?.times(share.unwrap_or(1.0));
                let rent = stays.map_or(rent.perhaps(), |stays| rent.weighed(Some(stays)));
                run.renewed.push(bill(start + at, rent, world));
            }
            end += more;
        }
    }
    if let Some(residual) = contract.inner("residual") {
        let due = shortfall(residual, start + end - 1, world)?;
        run.residual.push(due);
        // The shortfall is committed, and conditional (DEFINITIONS, "Residual value guarantee").
        run.promised.extend((reading != FIRM).then_some(due));
    }
    Ok(run)
}

/// The rent of a month of the lease; it rises each year of the lease from its first start (answer 113).
fn rent(
    contract: &Contract,
    start: Month,
    at: i32,
    term: i32,
    reading: usize,
    world: &World,
) -> Result<Set, Refused> {
    let then = contract.at(start + at);
    let rent = figure_of(then.table.get("rent"), world).ok_or("rent")?;
    let rise = then.text("escalator").and_then(|rise| figure::amount(rise, world)).unwrap_or(0.0);
    let share = match rent.per {
        Per::Months(months) => 1.0 / f64::from(months),
        Per::Once | Per::Over(_) => 1.0 / f64::from(term),
    };
    Ok(rent.read(reading).times(share * (1.0 + rise).powi(at / 12)))
}

/// What the asset is worth less than what is guaranteed, in the last month of the term.
fn shortfall(residual: &toml::Table, month: Month, world: &World) -> Result<Due, Refused> {
    let text = |key: &str| residual.get(key).and_then(toml::Value::as_str).ok_or_else(|| key.to_owned());
    let guaranteed = figure::figure(text("guaranteed")?, world).ok_or("guaranteed")?.as_term();
    let value = text("value")?;
    let worth = match figure::amount(value, world) {
        Some(worth) => worth,
        None => world.level(value, month).ok_or("value")?,
    };
    let short = guaranteed.ok_or("guaranteed")? - worth;
    Ok(bill(month, Set::exact(short.max(0.0)), world))
}
