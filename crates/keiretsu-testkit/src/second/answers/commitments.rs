//! Commitments between pairs, by contract, and by the year in which they fall due.

use super::super::calendar::year;
use super::super::dues::{For, Row, Standing};
use super::super::figure::READINGS;
use super::super::world::World;
use super::{Cells, add};

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
    // What depends on rates, and what nobody has to do, is no commitment.
    let committed = |row: &&Row| !matches!(row.purpose, For::Interest | For::Exercise);
    for row in rows.iter().filter(committed) {
        let (payer, payee) = (world.group(&row.payer), world.group(&row.payee));
        let line = format!("{}|{payer}|{payee}", row.name);
        for (reading, word) in READINGS.iter().enumerate() {
            let amount = row.commitment(reading);
            add(cells, format!("commitments|{line}|{word}"), amount);
            let Some(column) = column(row.standing) else { continue };
            for due in row.owed[reading].iter().filter(|_| in_totals(row.purpose)) {
                let at = due.month.map_or("undated".to_owned(), |month| year(month).to_string());
                add(cells, format!("by year|{line}|{word}|{at}"), due.amount);
            }
            if in_totals(row.purpose) && row.slice_of.is_none() {
                add(cells, format!("between|{payer}|{payee}|{word}|{column}"), amount);
                add(cells, format!("between|{payer}|{payee}|{word}|total"), amount);
            }
        }
    }
}
