//! One number of one table to everything that it rests on: formula, statements, contracts, other claims, a
//! path.
//!
//! Statements behind a number are found by experiment: every statement of the model is made a little
//! different, the measure is computed again, and statements that move the number are those it rests on. So
//! any computation of a measure is covered, and a statement not listed has no part in the number. The price
//! is that effects are near the model as it stands; statements that matter only far from it are tried with
//! larger steps (doubled, halved, a year later, a year earlier).
//!
//! Invariants: the same model and question give the same tables on any number of threads. Absent: joint
//! effects of several statements (`sensitivity` is for those).

mod believed;
mod declared;
mod from;
mod halving;
mod most;
pub(crate) mod names;
mod path;
mod rests;
mod tables;
mod weights;
mod world;

pub(crate) use believed::believed;
pub(crate) use from::from;
use names::Address;
pub(crate) use names::listed;

use keiretsu_model::edit;
use keiretsu_values::{Table, TableSpec};

use crate::AskError;
use crate::request::Request;
use crate::runner::Runner;

/// Which path is shown month by month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Replay {
    /// The expected reading.
    Expected,
    /// This path of the seed.
    Path(u64),
}

/// The tables of explanations.
pub(crate) fn specs() -> [&'static TableSpec; 10] {
    [
        &declared::NUMBER,
        &declared::STATEMENTS,
        &declared::CONTRACTS,
        &declared::CLAIMS,
        &declared::ASSUMPTIONS,
        &declared::SOURCES,
        &path::PATH,
        &names::NUMBERS,
        &believed::BELIEVED,
        &from::FROM,
    ]
}

/// Paths are counted with room to spare.
const PATH_MAX: u64 = 1_000_000_000_000;

impl Replay {
    fn parse(text: &str) -> Result<Self, AskError> {
        let path = text.parse().ok().filter(|path| *path <= PATH_MAX);
        match text {
            "expected" => Ok(Self::Expected),
            _ => path.map(Self::Path).ok_or_else(|| {
                AskError::invalid(format!("`{text}` is no path"), "write a number from 0 on, or `expected`")
            }),
        }
    }
}

/// The tables that explain a number.
///
/// # Errors
/// If there is no such number (the hint has the nearest names), or the model cannot be run as requested.
pub(crate) fn explain(runner: &Runner<'_>, request: &Request, name: &str) -> Result<Vec<Table>, AskError> {
    let replay = request.path.as_deref().map(Replay::parse).transpose()?;
    let number = names::resolve(runner, request, &Address::parse(name)?)?;
    let world = world::World::new(runner, request, &number);
    whole(runner, request, &world, replay)
}

/// Everything that the number of a world rests on.
fn whole(
    runner: &Runner<'_>,
    request: &Request,
    world: &world::World<'_>,
    replay: Option<Replay>,
) -> Result<Vec<Table>, AskError> {
    let statements = edit::statements(runner.model);
    let rests = &rests::found(world, &statements)?[..];
    let weights = &weights::found(world, rests)?[..];
    let claims = &rests::claims(world, &statements)?[..];
    let sheet = tables::Sheet { runner, number: world.number, rests, weights, claims, most: None };
    let mut all = sheet.tables();
    if let Some(replay) = replay {
        all.push(path::table(&sheet, request, replay)?);
    }
    Ok(all)
}

/// The number with its formula and the statements that move it most, in about a second; all that it rests on
/// where that takes no longer.
///
/// # Errors
/// As [`explain`].
pub(crate) fn most(runner: &Runner<'_>, request: &Request, name: &str) -> Result<Vec<Table>, AskError> {
    let number = names::resolve(runner, request, &Address::parse(name)?)?;
    let world = world::World::new(runner, request, &number);
    let statements = edit::statements(runner.model);
    let worlds = world.affordable();
    if statements.len() <= worlds {
        return whole(runner, request, &world, None);
    }
    let most = most::found(&world, &runner.subject(), &statements, worlds)?;
    let (number, rests) = (&number, &most.found[..]);
    let sheet = tables::Sheet { runner, number, rests, weights: &[], claims: &[], most: Some(&most) };
    Ok(sheet.first())
}

/// The number with its formula and its parts, without the statements it rests on.
///
/// # Errors
/// As [`explain`].
pub(crate) fn number(runner: &Runner<'_>, request: &Request, name: &str) -> Result<Vec<Table>, AskError> {
    let number = names::resolve(runner, request, &Address::parse(name)?)?;
    let sheet = tables::Sheet { runner, number: &number, rests: &[], weights: &[], claims: &[], most: None };
    Ok(sheet.tables())
}
