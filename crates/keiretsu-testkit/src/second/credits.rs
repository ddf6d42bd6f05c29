//! Service credits from text: granted, used before cash on the contracts that they are good for, expired.

use super::calendar::Month;
use super::dues::{Due, For, Row, Standing, spread};
use super::set::Set;
use super::world::{Contract, Refused, World, date, figure_of};

/// The row of the grant: no cash, but a commitment by contract.
pub fn rows(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let between = (contract.must("grantor")?, contract.must("recipient")?);
    let mut row = Row::of(contract, between, For::Credits, Standing::Binding, grants(contract, world)?);
    row.standing = match contract.text("standing") {
        Some("terminated" | "lapsed") => Standing::Gone,
        _ => Standing::Binding,
    };
    Ok(vec![row])
}

fn grants(contract: &Contract, world: &World) -> Result<[Vec<Due>; 3], Refused> {
    let amount = figure_of(contract.table.get("amount"), world).ok_or("amount")?;
    let on = date(contract.table.get("on")).ok_or("on")?;
    let is_span = contract.text("on").is_some_and(|on| on.contains(" to "));
    Ok([0, 1, 2].map(|reading| spread(amount.read(reading), on, is_span, world)))
}

/// Takes what credits settle off the dues that they are good for, from the start of both: what was used
/// before
/// as-of follows from the terms (answer 59).
pub fn settle(contract: &Contract, rows: &mut [Row], world: &World) -> Result<(), Refused> {
    if matches!(contract.text("standing"), Some("terminated" | "lapsed")) {
        return Ok(());
    }
    let grants = grants(contract, world)?;
    let expires: Month = date(contract.table.get("expires")).map_or(Month::MAX, |expires| expires.last.month);
    let good_for = contract.must("usable_on")?;
    for (reading, grants) in grants.iter().enumerate() {
        let row = rows.iter_mut().find(|row| row.contract == good_for && row.purpose == For::Service);
        let Some(row) = row else { continue };
        let sum = |pick: fn(&Set) -> f64, until: Month| -> f64 {
            let dated = grants.iter().filter(|due| due.month.is_some_and(|month| month <= until));
            dated.map(|due| pick(&due.amount)).sum()
        };
        // What is left of what was granted, as read, at least and at most.
        let mut used = [0.0; 3];
        for due in &mut row.dues[reading] {
            let Some(month) = due.month.filter(|month| *month <= expires) else { continue };
            let bill = due.amount.read.ok_or("credits on what is unknown")?;
            let mut net = [0.0; 3];
            let picks: [fn(&Set) -> f64; 3] = [|set| set.read.unwrap_or(0.0), |set| set.low, |set| set.high];
            for (at, pick) in picks.into_iter().enumerate() {
                let settles = (sum(pick, month) - used[at]).min(bill).max(0.0);
                used[at] += settles;
                net[at] = bill - settles;
            }
            due.amount = Set { read: Some(net[0]), unread: false, low: net[2], high: net[1], vague: false };
        }
    }
    Ok(())
}
