//! Concentration: what of a party's backlog, supply, funding and revenue rests on each counterparty.

use std::collections::BTreeMap;

use super::super::calendar::Month;
use super::super::dues::{For, Row};
use super::super::figure::READINGS;
use super::super::set::{Set, same, sum};
use super::super::world::World;
use super::{Cells, coverage, slices};

/// Revenue is that of the next three years.
const MONTHS: Month = 36;

/// Amounts by counterparty, by party and question.
type Shares = BTreeMap<(String, &'static str), BTreeMap<String, Set>>;

/// Fills in the cells of `concentration`.
pub fn fill(rows: &[Row], world: &World, cells: &mut Cells) {
    for (reading, word) in READINGS.iter().enumerate() {
        let mut shares = Shares::new();
        contracted(rows, reading, world, &mut shares);
        revenue(rows, reading, world, &mut shares);
        for ((investor, party), pair) in coverage::put_in(rows, reading, world) {
            let upto = if reading == 0 { "firm" } else { "headline" };
            add(&mut shares, (&party, "funding", &investor), pair.all(upto));
        }
        for ((party, question), parts) in &shares {
            show(&format!("{party}|{question}|{word}"), parts, cells);
        }
    }
}

fn add(shares: &mut Shares, (party, question, counterparty): (&str, &'static str, &str), amount: Set) {
    if party == "outside" {
        return;
    }
    let parts = shares.entry((party.to_owned(), question)).or_default();
    let part = parts.entry(counterparty.to_owned()).or_insert_with(Set::nothing);
    *part = part.plus(amount);
}

/// Backlog is what is still to be paid to a party; supply is what it has still to pay for service and
/// building.
fn contracted(rows: &[Row], reading: usize, world: &World, shares: &mut Shares) {
    for part in slices::parts(rows, world) {
        let row = part.row;
        let to_come = part.signed(row.to_come(reading));
        if matches!(row.purpose, For::Service | For::Building | For::Rent | For::Sharing) {
            add(shares, (part.payee, "backlog", part.payer), to_come);
        }
        if matches!(row.purpose, For::Service | For::Building | For::Rent) {
            add(shares, (part.payer, "supply", part.payee), to_come);
        }
    }
}

fn revenue(rows: &[Row], reading: usize, world: &World, shares: &mut Shares) {
    let last = world.last().min(world.first + MONTHS - 1);
    for part in slices::parts(rows, world).iter().filter(|part| !part.is_less) {
        let row = part.row;
        let earns = matches!(
            row.purpose,
            For::Service | For::Unsold | For::Building | For::Rent | For::Sharing | For::Interest
        );
        // The interest of a convertible is capital: it converts, or is paid back, with the principal.
        if !earns || row.slice_of.is_some() || row.kind == "convertible" {
            continue;
        }
        for due in row.dues[reading].iter().filter(|due| !due.past) {
            if due.month.is_some_and(|month| month <= last) {
                add(shares, (part.payee, "revenue", part.payer), due.amount);
            }
        }
    }
}

fn show(line: &str, parts: &BTreeMap<String, Set>, cells: &mut Cells) {
    let total = sum(parts.values().copied());
    let is_known = |set: &Set| same(set.low, set.high) && !set.vague;
    let all_known = parts.values().all(is_known) && 0.0 < total.low;
    let mut squares = 0.0;
    for (counterparty, amount) in parts {
        cells.insert(format!("concentration|{line}|{counterparty}|amount"), *amount);
        if all_known {
            let share = amount.low / total.low;
            squares += (100.0 * share).powi(2);
            if 0.0 < share {
                cells.insert(format!("share|{line}|{counterparty}|share"), Set::exact(share));
            }
        }
    }
    cells.insert(format!("concentration|{line}|total|amount"), total);
    if all_known {
        cells.insert(format!("share|{line}|total|hhi"), Set::exact(squares));
    }
}
