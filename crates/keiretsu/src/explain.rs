//! One number of one table to everything that it rests on: formula, statements, contracts, other claims, a
//! path.
//!
//! What a number rests on is found by asking: every statement of the model is made a little different, the
//! measure is computed again, and what moves the number is what it rests on. So whatever a measure does is
//! covered, and what is not listed has no part in the number. The price is that effects are near the model as
//! it stands: what matters only far from it is looked for with larger steps (doubled, halved, a year later, a
//! year earlier).
//!
//! Invariants: the same model and question give the same tables on any number of threads. Absent: joint
//! effects of several statements (`sensitivity` is for those).

mod believed;
mod names;
mod path;
mod rests;
mod tables;
mod weights;
mod world;

pub use believed::believed;
pub use names::{Address, Number, listed};

use keiretsu_model::edit;
use keiretsu_values::Table;

use crate::{Question, RunTrouble, Runner};

/// Which path is shown month by month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The expected reading.
    Expected,
    /// This path of the seed.
    Path(u64),
}

/// The tables that explain a number.
///
/// # Errors
/// If there is no such number (the nearest names are in the hint), or the model cannot be run as asked.
pub fn explain(
    runner: &Runner<'_>,
    question: &Question<'_>,
    name: &str,
    replay: Option<(Replay, u64)>,
) -> Result<Vec<Table>, RunTrouble> {
    let address = Address::parse(name)?;
    let number = names::resolve(runner, question, &address)?;
    let world = world::World::new(runner, question, &number);
    let statements = edit::statements(runner.model);
    let rests = rests::found(&world, &statements)?;
    let weights = weights::found(&world, &rests)?;
    let claims = rests::claims(&world, &statements)?;
    let sheet = tables::Sheet { runner, number: &number, rests: &rests, weights: &weights, claims: &claims };
    let mut all = sheet.tables();
    if let Some((replay, seed)) = replay {
        all.push(path::table(&sheet, question, replay, seed)?);
    }
    Ok(all)
}
