//! Obligations: what a party may have to pay without owing it today, at most and weighed by its chance.

use super::super::dues::{For, Row, Standing};
use super::super::figure::{EXPECTED, HEADLINE};
use super::super::set::Set;
use super::super::world::{World, date};
use super::{Cells, add, slices};

/// Fills in the cells of `obligations`.
pub fn fill(rows: &[Row], world: &World, cells: &mut Cells) {
    for part in slices::parts(rows, world) {
        let row = part.row;
        if !waits(row, world) {
            continue;
        }
        // The amount of a slice is its own; the whole has the rest.
        let name = if part.is_less { row.slice_of.as_deref().unwrap_or_default() } else { &row.name };
        let own = rows.iter().find(|other| part.is_less && other.contract == name);
        let name = own.map_or(row.name.as_str(), |own| own.name.as_str());
        for (column, reading) in [("at_most", HEADLINE), ("weighed", EXPECTED)] {
            let amount = part.signed(left(row, reading));
            add(cells, format!("obligations|{name}|{}|{}|{column}", part.payer, part.payee), amount);
            add(cells, format!("borne|{}|{column}", part.payer), amount);
        }
    }
}

/// Whether it is owed only later, or only if something happens: a tranche, money to be lent, a lease not
/// begun.
fn waits(row: &Row, world: &World) -> bool {
    let contract = world.contracts.iter().find(|contract| contract.name == row.contract);
    let from = contract.and_then(|contract| date(contract.table.get("from")));
    let begun = from.is_some_and(|from| from.first <= world.as_of);
    match (row.purpose, row.standing) {
        (For::Capital | For::Lending, Standing::Binding) => row.owed[HEADLINE].iter().any(|due| !due.past),
        (For::Rent, Standing::Binding) => !begun,
        (For::Service | For::Building | For::Sharing, _) => false,
        (_, Standing::Conditional) => row.is_committed(),
        _ => false,
    }
}

/// What is still to come of it, in all.
fn left(row: &Row, reading: usize) -> Set {
    row.to_come(reading)
}
