//! Rows of dues to the cells of tables, named as the product names them.
//!
//! A cell is named `measure|row|column`; a cell that is not there is nothing at all.

pub mod cash;
pub mod commitments;
pub mod concentration;
pub mod coverage;
pub mod obligations;
pub mod returns;
pub mod slices;

use std::collections::BTreeMap;

use super::set::Set;
use super::web;
use super::world::{Refused, World};

/// Cells by name.
pub type Cells = BTreeMap<String, Set>;

/// All answers to a text.
pub fn answers(text: &str) -> Result<Cells, Refused> {
    let world = World::read(text)?;
    let rows = web::rows(&world)?;
    let mut cells = Cells::new();
    cash::fill(&rows, &world, &mut cells);
    commitments::fill(&rows, &world, &mut cells);
    coverage::fill(&rows, &world, &mut cells);
    concentration::fill(&rows, &world, &mut cells);
    obligations::fill(&rows, &world, &mut cells);
    returns::fill(&rows, &world, &mut cells);
    Ok(cells)
}

/// Adds to a cell.
fn add(cells: &mut Cells, name: String, amount: Set) {
    let cell = cells.entry(name).or_insert_with(Set::nothing);
    *cell = cell.plus(amount);
}
