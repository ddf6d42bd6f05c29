//! The share of each contract and holding: the number as it is, less the number had it never been signed.

use keiretsu_model::edit::without;
use keiretsu_model::{ContractRef, Model};

use super::halving;
use super::rests::Influence;
use super::world::{Outcome, World};
use crate::AskError;

/// A contract or holding without which the number is another one.
pub struct Weight {
    pub name: String,
    /// The type of the contract, or `holding`.
    pub kind: &'static str,
    /// The number without it; none: there is no such number then.
    pub without: Outcome,
    /// The part of the number that goes with it.
    pub share: Option<f64>,
}

/// Limit of contracts that are all tried; beyond it, only those with a statement that moves the number.
const ALL_TRIED: usize = 200;

enum Part {
    Contract(ContractRef),
    Holding,
}

/// A contract or holding with its name and type.
type Named = (String, &'static str, Part);

/// How many are left out together at first: most of a model has no part in a number.
const TOGETHER: usize = 32;

fn without_all(model: &Model, parts: &[Named]) -> Model {
    let contract = |(.., part): &Named| match part {
        Part::Contract(contract) => Some(*contract),
        Part::Holding => None,
    };
    let contracts: Vec<ContractRef> = parts.iter().filter_map(contract).collect();
    let holdings = parts.iter().filter(|(.., part)| matches!(part, Part::Holding));
    let holdings: Vec<&str> = holdings.map(|(name, ..)| name.as_str()).collect();
    without(model, &contracts, &holdings)
}

/// Those without which the number is another one, in the order of the text.
fn movers<'p>(world: &World<'_>, parts: &'p [Named]) -> Result<Vec<(&'p Named, Outcome)>, AskError> {
    let outcomes =
        |groups: &[&[Named]]| world.all(groups.len(), &|at| without_all(world.model(), groups[at]));
    let mut found = halving::movers(world, parts.chunks(TOGETHER), &outcomes)?;
    let place = |part: &Named| parts.iter().position(|known| std::ptr::eq(known, part));
    found.sort_by_key(|(part, _)| place(part));
    Ok(found)
}

/// All of them, in the order of the text.
pub fn found(world: &World<'_>, rests: &[Influence<'_>]) -> Result<Vec<Weight>, AskError> {
    let model = world.model();
    let few = model.contracts.len() + model.holdings.len() <= ALL_TRIED;
    let owner = |rest: &Influence<'_>| rest.statement.path.split('.').next().unwrap_or("").to_owned();
    let stated: std::collections::BTreeSet<String> = rests.iter().map(owner).collect();
    let contracts = model
        .stated_contracts()
        .map(|(at, contract)| (contract.name.clone(), contract.spec.keyword, Part::Contract(at)));
    let holdings = model.holdings.iter().map(|holding| (holding.name.clone(), "holding", Part::Holding));
    let parts: Vec<Named> =
        contracts.chain(holdings).filter(|(name, ..)| few || stated.contains(name)).collect();
    let weight = |((name, kind, _), without): (&Named, Outcome)| {
        let share = world.relative(&without).map(|moved| -moved);
        Weight { name: name.clone(), kind, without, share }
    };
    Ok(movers(world, &parts)?.into_iter().map(weight).collect())
}
