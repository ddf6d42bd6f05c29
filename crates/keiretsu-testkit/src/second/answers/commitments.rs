//! Commitments between pairs, by contract, and by the year in which they fall due.

use super::super::calendar::year;
use super::super::dues::{For, Row, Standing};
use super::super::figure::READINGS;
use super::super::world::World;
use super::{Cells, add};

/// Whether a purpose stands in the totals between parties.
fn in_totals(purpose: For) -> bool {
    matches!(purpose, For::Capital | For::Service | For::Building)
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
    for row in rows {
        for (reading, word) in READINGS.iter().enumerate() {
            let amount = row.commitment(reading);
            add(cells, format!("commitments|{}|{word}", row.name), amount);
            let Some(column) = column(row.standing) else { continue };
            for due in &row.dues[reading] {
                let at = due.month.map_or("undated".to_owned(), |month| year(month).to_string());
                add(cells, format!("by year|{}|{word}|{at}", row.name), due.amount);
            }
            if in_totals(row.purpose) && row.slice_of.is_none() {
                let pair = format!("{}|{}", world.group(&row.payer), world.group(&row.payee));
                add(cells, format!("between|{pair}|{word}|{column}"), amount);
                add(cells, format!("between|{pair}|{word}|total"), amount);
            }
        }
    }
}
