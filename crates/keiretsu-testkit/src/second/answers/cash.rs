//! Cash by month: what a party receives less what it pays, by kind, and in all.

use super::super::calendar::month_text;
use super::super::dues::{For, Row, Standing};
use super::super::figure::READINGS;
use super::super::world::World;
use super::{Cells, add};

/// The column in which money for a purpose stands.
fn column(purpose: For) -> Option<&'static str> {
    match purpose {
        For::Capital | For::Exercise => Some("equity"),
        For::Service | For::Unsold => Some("service"),
        For::Building => Some("capex"),
        For::Lending | For::Repaying | For::Interest | For::Back | For::Rent | For::Sharing => Some("other"),
        For::Credits | For::Contingent => None,
    }
}

/// Fills in the cells of `cash --by month`.
pub fn fill(rows: &[Row], world: &World, cells: &mut Cells) {
    // Only the whole moves money (DEFINITIONS, "Slices").
    let moving = |row: &&Row| row.standing != Standing::Gone && row.slice_of.is_none();
    for row in rows.iter().filter(moving) {
        let Some(column) = column(row.purpose) else { continue };
        let (payer, payee) = (world.group(&row.payer), world.group(&row.payee));
        if payer == payee {
            continue;
        }
        for (reading, dues) in row.dues.iter().enumerate() {
            for due in dues.iter().filter(|due| !due.past) {
                let Some(month) = due.month.filter(|month| (world.first..=world.last()).contains(month))
                else {
                    continue;
                };
                for (party, amount) in [(payer, due.amount.negative()), (payee, due.amount)] {
                    if party == "outside" {
                        continue;
                    }
                    let name = |column: &str| {
                        format!("cash|{party}|{}|{}|{column}", READINGS[reading], month_text(month))
                    };
                    add(cells, name(column), amount);
                    add(cells, name("net"), amount);
                }
            }
        }
    }
}
