//! Rows to the parts that parties have in them: a slice's party has its amount, the whole's named party
//! the rest.
//!
//! DEFINITIONS, "Slices": measures per party give the slice's party its amount; totals count the whole once.

use super::super::dues::{Row, Standing};
use super::super::set::Set;
use super::super::world::World;

/// What a party has in a row: all of it, or less by what a slice of it gives to another.
pub struct Part<'a> {
    /// The row that says how much.
    pub row: &'a Row,
    /// Who owes, as a group.
    pub payer: &'a str,
    /// Who is owed, as a group.
    pub payee: &'a str,
    /// Whether it is taken away.
    pub is_less: bool,
}

impl Part<'_> {
    /// An amount of the row as this part counts it.
    pub fn signed(&self, amount: Set) -> Set {
        if self.is_less { amount.negative() } else { amount }
    }
}

/// The parts of all rows that count, flows inside a group left out.
pub fn parts<'a>(rows: &'a [Row], world: &'a World) -> Vec<Part<'a>> {
    let mut all = vec![];
    for row in rows.iter().filter(|row| row.standing != Standing::Gone) {
        let part = |at: &'a Row, is_less: bool| Part {
            row,
            payer: world.group(&at.payer),
            payee: world.group(&at.payee),
            is_less,
        };
        if let Some(whole) = &row.slice_of {
            let of_whole = rows.iter().find(|other| other.contract == *whole && other.purpose == row.purpose);
            all.extend(of_whole.map(|of_whole| part(of_whole, true)));
        }
        all.push(part(row, false));
    }
    all.retain(|part| part.payer != part.payee);
    all
}
