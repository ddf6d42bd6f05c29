//! The share of each contract and holding: the number as it is, less the number had it never been signed.

use keiretsu_model::edit::{without_contract, without_holding};
use keiretsu_model::{ContractRef, Model};

use super::rests::Rest;
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

/// Beyond so many contracts only those with a statement that moves the number are tried.
const ALL_TRIED: usize = 200;

enum Part {
    Contract(ContractRef),
    Holding(String),
}

impl Part {
    fn without(&self, model: &Model) -> Model {
        match self {
            Self::Contract(contract) => without_contract(model, *contract),
            Self::Holding(name) => without_holding(model, name),
        }
    }
}

/// All of them, in the order of the text.
pub fn found(world: &World<'_>, rests: &[Rest<'_>]) -> Result<Vec<Weight>, AskError> {
    let model = world.model();
    let few = model.contracts.len() + model.holdings.len() <= ALL_TRIED;
    let owner = |rest: &Rest<'_>| rest.statement.path.split('.').next().unwrap_or("").to_owned();
    let stated: std::collections::BTreeSet<String> = rests.iter().map(owner).collect();
    let contracts = model
        .known_contracts()
        .map(|(at, contract)| (contract.name.clone(), contract.spec.keyword, Part::Contract(at)));
    let holdings = model
        .holdings
        .iter()
        .map(|holding| (holding.name.clone(), "holding", Part::Holding(holding.name.clone())));
    let parts: Vec<_> = contracts.chain(holdings).filter(|(name, ..)| few || stated.contains(name)).collect();
    let outcomes = world.all(parts.len(), &|at| parts[at].2.without(model))?;
    let moved = parts.into_iter().zip(outcomes).filter(|(_, outcome)| world.moves(outcome));
    let weight = |((name, kind, _), without): ((String, &'static str, Part), Outcome)| {
        let share = world.relative(&without).map(|moved| -moved);
        Weight { name, kind, without, share }
    };
    Ok(moved.map(weight).collect())
}
