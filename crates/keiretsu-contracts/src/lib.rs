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
mod books;
mod both_ways;
mod calendar;
mod check;
mod claims;
mod commitments;
mod conditions;
mod covers;
mod endings;
mod entities;
mod exposures;
mod factors;
mod formulas;
mod in_time;
#[cfg(test)]
mod life;
mod lowering;
mod met;
mod past;
mod pools;
mod ramps;
mod rates;
mod scenarios;
mod slices;
mod slots;
#[cfg(test)]
mod testing;
mod then;
mod tranches;
pub mod types;

use keiretsu_model::formula::Formula;
use keiretsu_model::side::SideTable;
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model};
use keiretsu_program::{Program, Reg};
use keiretsu_values::Value;

pub use lowering::Lowering;
pub use scenarios::overlays;
pub use types::TYPES;

/// A contract type: its terms, its checks, and what it owes when.
pub trait ContractType: Sync {
    /// Its keyword, roles and terms.
    fn spec(&self) -> &'static ContractSpec;

    /// What the declared terms cannot say: what does not fit together.
    fn check(&self, model: &Model, contract: &Contract, found: &mut Vec<Diagnostic>);

    /// The terms whose amounts it keeps from month to month, the main one first: money outstanding, limits
    /// and what is left of them. The currency of the first that has one is that of its books.
    fn keeps(&self) -> &'static [&'static str] {
        &[]
    }

    /// What it owes when, and what it commits to.
    fn lower(&self, lowering: &mut Lowering<'_>, terms: &lowering::Terms<'_>);

    /// What one party puts at risk with the other beside dues: into `side.exposures`. Called with all
    /// versions when all contracts are lowered, so that no parameter of theirs moves. Claims enter by
    /// themselves.
    fn expose(&self, _: &mut Lowering<'_>, _: &[lowering::Terms<'_>]) {}

    /// Whether the failure of a party leaves the other a claim, which guarantees of it are called for.
    fn leaves_claim(&self) -> bool {
        true
    }

    /// What fell due in cash from a month up to as-of: the run of the contract from its start at its stated
    /// terms, in the books of who asks. `None` where nothing of the kind falls due.
    fn fell_due(&self, _: &mut Lowering<'_>, _: &[lowering::Terms<'_>], _: i64) -> Option<Reg> {
        None
    }

    /// What conditions may read off it, by month; `None` where it has no such thing.
    fn read(&self, _: &mut Lowering<'_>, _: &lowering::Terms<'_>, _: Readable) -> Option<Reg> {
        None
    }

    /// The power of a version in a month before the run, where numbers and dates decide it.
    fn power_then(&self, _: &Lowering<'_>, _: &lowering::Terms<'_>, _: i64) -> Option<Value> {
        None
    }
}

/// What can be read off a contract beyond what was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readable {
    /// Power available this month.
    Capacity,
    /// The minimum that falls in this month, a yearly rate.
    Minimum,
    /// The minimum that falls in so many months after this one, money.
    MinimumNext(u32),
    /// What a default would leave of it, as far as it falls after this month and up to a month of the run,
    /// money.
    LeftUntil(i64),
}

/// What all contract types declare.
pub fn specs() -> Vec<&'static ContractSpec> {
    TYPES.iter().map(|kind| kind.spec()).collect()
}

/// A lowered model.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// What is run.
    pub program: Program,
    /// What its ids stand for.
    pub side: SideTable,
}

/// Lowers a model without errors.
pub fn lower(model: &Model) -> Lowered {
    let mut lowering = Lowering::new(model);
    lowering.run();
    lowering.finish()
}

/// Lowers a model without errors together with formulas that are not in its text: a register for each.
pub fn lower_watching(model: &Model, formulas: &[&Formula]) -> (Lowered, Vec<Reg>) {
    let mut lowering = Lowering::new(model);
    lowering.run();
    // Last, so that everything else has the ids that it has without them.
    let watched = formulas.iter().map(|formula| lowering.formula(formula)).collect();
    (lowering.finish(), watched)
}

/// What the terms of contracts say that does not fit together, and what scenarios change to no effect.
pub fn check(model: &Model) -> Vec<Diagnostic> {
    check::check(model)
}
