//! Commitments between pairs, by contract, and by the year in which they fall due.

use super::super::calendar::year;
use super::super::dues::{For, Row, Standing};
use super::super::figure::READINGS;
use super::super::world::World;
use super::{Cells, add, slices};

/// Whether a purpose stands in the totals between parties.
fn in_totals(purpose: For) -> bool {
    !matches!(purpose, For::Credits | For::Contingent | For::Unsold)
}

fn column(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Paid => Some("paid"),
        Standing::Binding => Some("binding"),
        Standing::Conditional => Some("conditional"),
        Standing::Announced => Some("announced"),
        Standing::Gone => None,
    }
}

/// Fills in the cells of `commitments` and of `commitments --by year`.
pub fn fill(rows: &[Row], world: &World, cells: &mut Cells) {
    for row in rows.iter().filter(|row| row.is_committed() && !world.is_inside(&row.payer, &row.payee)) {
        let line = format!("{}|{}|{}", row.name, row.payer, row.payee);
        for (reading, word) in READINGS.iter().enumerate() {
            add(cells, format!("commitments|{line}|{word}"), row.commitment(reading));
            if row.slice_of.is_some() || row.standing == Standing::Gone || !in_totals(row.purpose) {
                continue;
            }
            for due in &row.owed[reading] {
                let at = due.month.map_or("undated".to_owned(), |month| year(month).to_string());
                add(cells, format!("by year|{line}|{word}|{at}"), due.amount);
            }
        }
    }
    let counts = |part: &&slices::Part<'_>| part.row.is_committed() && in_totals(part.row.purpose);
    for part in slices::parts(rows, world).iter().filter(counts) {
        let Some(column) = column(part.row.standing) else { continue };
        for (reading, word) in READINGS.iter().enumerate() {
            let amount = part.signed(part.row.commitment(reading));
            add(cells, format!("between|{}|{}|{word}|{column}", part.payer, part.payee), amount);
            add(cells, format!("between|{}|{}|{word}|total", part.payer, part.payee), amount);
        }
    }
}
