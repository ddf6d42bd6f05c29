//! Model to program: one file per contract type, one registry line each, and the lowering they share.
//!
//! ```
//! use keiretsu_model::{MemoryFiles, Options, open};
//! let text = r#"
//! keiretsu = 1
//! as_of = 2025-12-31
//! horizon = "1 year"
//! [parties]
//! lab = {}
//! cloud = {}
//! [contracts.compute]
//! type = "supply"
//! buyer = "lab"
//! seller = "cloud"
//! from = "2026-01"
//! until = "2026-12"
//! minimum = "$5M/month"
//! "#;
//! let specs = keiretsu_contracts::specs();
//! let opened = open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&specs));
//! let lowered = keiretsu_contracts::lower(&opened.model);
//! assert_eq!(lowered.program.flows.len(), 1);
//! ```
//!
//! Invariants: the lists of the side table stand in the order of the program's; parties, factors and events
//! have the same position in model and program.
//! Absent: randomness, I/O, one contract type naming another.

mod accounts;
mod alternatives;
mod books;
mod branches;
mod calendar;
mod cancelling;
mod check;
mod claims;
mod commitments;
mod conditions;
mod covers;
mod dated;
mod decided;
mod endings;
mod entities;
mod exposures;
mod expressions;
mod factors;
mod figures;
mod flows;
mod formulas;
mod in_time;
#[cfg(test)]
mod life;
mod lowering;
mod met;
mod options;
mod past;
mod pending;
mod pools;
mod ramps;
mod rates;
mod scenarios;
pub mod side;
mod slices;
mod slots;
mod syndicates;
mod terms;
#[cfg(test)]
mod testing;
mod then;
mod tranches;
pub mod types;
mod undated;

use keiretsu_model::formula::Formula;
use keiretsu_model::{ContractRef, ContractSpec, Diagnostic, Model};
use keiretsu_program::Reg;

pub use lowering::{ContractType, Lowered, Lowering, Readable};
pub use scenarios::overlays;
pub use types::TYPES;

use crate::terms::versions;

/// What all contract types declare.
pub fn specs() -> Vec<&'static ContractSpec> {
    TYPES.iter().map(|kind| kind.spec()).collect()
}

/// What the terms of contracts say that does not fit together, and what scenarios change to no effect.
pub fn check(model: &Model) -> Vec<Diagnostic> {
    check::check(model, TYPES)
}

/// The paths of terms that say one number in two ways and contradict each other, the one that is used first.
pub fn said_twice(model: &Model) -> Vec<[String; 2]> {
    let known = model.known_contracts();
    let pairs = known.filter_map(|(_, contract)| {
        let kind = TYPES.iter().find(|kind| kind.spec().keyword == contract.spec.keyword)?;
        Some(kind.said_twice(model, contract))
    });
    pairs.flatten().collect()
}

/// Lowers a model without errors.
pub fn lower(model: &Model) -> Lowered {
    let mut lowering = Lowering::new(model, TYPES);
    run(&mut lowering);
    finish(lowering)
}

/// Lowers a model without errors together with formulas that are not in its text: a register for each.
pub fn lower_watching(model: &Model, formulas: &[&Formula]) -> (Lowered, Vec<Reg>) {
    let mut lowering = Lowering::new(model, TYPES);
    run(&mut lowering);
    // Last, so that everything else has the ids that it has without them.
    let watched = formulas.iter().map(|formula| lowering.formula(formula)).collect();
    (finish(lowering), watched)
}

/// The order in which a model becomes a program.
fn run(lowering: &mut Lowering<'_>) {
    lowering.factors();
    lowering.parties();
    lowering.holdings();
    contracts(lowering);
    lowering.options();
    lowering.alternatives();
    lowering.end_contracts();
    lowering.still_slices();
    let slices = lowering.slice_commitments();
    lowering.finish_commitments();
    lowering.make_covers();
    lowering.exposures();
    lowering.slice_exposures(&slices);
    lowering.unread_exposures();
    lowering.hand_claims_over();
}

/// Each contract by its type, in the currency of its books; then what needs the flows of others.
fn contracts(lowering: &mut Lowering<'_>) {
    let model = lowering.model;
    for (id, contract) in model.known_contracts() {
        let Some(kind) = lowering.type_of(contract) else { continue };
        for terms in versions(id, contract, &lowering.calendar) {
            lowering.in_books(lowering.books_of(id), |lowering| kind.lower(lowering, &terms));
            label(lowering, id);
        }
    }
    lowering.join_rounds();
    for (id, part) in lowering.take_waiting() {
        lowering.in_books(lowering.books_of(id), part);
        label(lowering, id);
    }
}

/// Notes the contract of the claims and pools that it has just added.
fn label(lowering: &mut Lowering<'_>, id: ContractRef) {
    lowering.side.claims.resize(lowering.program.program().claims.len(), id);
    lowering.side.credits.resize(lowering.pending.pools.len(), id);
}

fn finish(mut lowering: Lowering<'_>) -> Lowered {
    lowering.fill_pools();
    lowering.feed_accounts();
    lowering.finish()
}
