//! Turns debts, assets and cross-holdings into payments: the greatest or the least clearing vector.
//!
//! ```
//! use keiretsu_methods::clearing::{Debt, Network, OUTSIDE, clear};
//! let debts = [
//!     Debt { debtor: 0, creditor: 1, rank: 0, amount: 10.0 },
//!     Debt { debtor: 1, creditor: OUTSIDE, rank: 0, amount: 8.0 },
//! ];
//! let network = Network::new(2, &debts, &[]).unwrap();
//! let cleared = clear(&network, &[6.0, 1.0], &[]).unwrap();
//! assert_eq!((cleared.paid, cleared.exact), (vec![6.0, 7.0], true));
//! ```
//!
//! Eisenberg and Noe (2001, Management Science 47), eq. 2, with ranks of debts (Elsinger 2009,
//! Oesterreichische Nationalbank working paper 156), default costs (Rogers and Veraart 2013, Management
//! Science 59, eq. 2.1) and equity cross-holdings (Suzuki 2002; Elsinger 2009; Fischer 2014, "XOS"). Party i
//! with outside assets e and receipts r pays in full if e + r reaches its debts; else it pays alpha e + beta
//! r, by rank, pro rata within a rank.
//!
//! Method: sweeps over the parties (Gauss-Seidel) from full payment downwards, or from zero upwards, stay on
//! one side of the solution sought. Once they have found which rank class of each party is paid in part, one
//! linear system on those gives the payments. If the sweeps' bound and the solution leave the same classes in
//! part, no other solution lies between them, so it *is* the greatest (least): [`Cleared::exact`].
//!
//! Invariants: 0 <= paid <= due; with equal ranks and no holdings each linear solution is itself an upper
//! bound (the fictitious default algorithm). Parties within [`SOLVENT_TOLERANCE`] of their debts pay them in
//! full.
//!
//! Absent: debts not yet due (clear only what is due), debts to oneself, negative assets (make them a debt).

mod linear;
mod network;
mod order;
mod plain;
mod solve;
mod sweep;
mod system;

pub use network::Network;

use solve::{Bound, Solver};

/// The creditor of a debt to none of the parties.
pub const OUTSIDE: u32 = u32::MAX;

/// A party short of its debts by less than this share counts as able to pay: about 5,000 times the rounding
/// of one operation, which sums of a few thousand debts can lose.
pub const SOLVENT_TOLERANCE: f64 = 1e-12;

/// A debt that is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Debt {
    /// The debtor: index of a party.
    pub debtor: u32,
    /// The creditor: index of a party, or [`OUTSIDE`].
    pub creditor: u32,
    /// Lower ranks are paid first; within a rank, pro rata. There is no default rank.
    pub rank: u32,
    /// Money due, not negative.
    pub amount: f64,
}

/// A part of a party's equity held by another party.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holding {
    /// The holder.
    pub holder: u32,
    /// The issuer.
    pub issuer: u32,
    /// Fraction of the issuer's equity; those of one issuer sum to at most 1.
    pub share: f64,
}

/// Fractions that remain in default (Rogers and Veraart 2013).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costs {
    /// alpha: fraction of outside assets that remains, in 0..=1.
    pub assets_kept: f64,
    /// beta: fraction of payments by other parties (and of equity held) that remains, in 0..=1.
    pub receipts_kept: f64,
}

impl Costs {
    /// Default costs nothing (Eisenberg and Noe).
    pub const NONE: Costs = Costs { assets_kept: 1.0, receipts_kept: 1.0 };
}

/// Why a network cannot be cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClearingError {
    /// An index names no party, or there are more than 2^32 - 2 of something.
    NoSuchParty,
    /// A debt, asset or holding, or the sum of all, is negative, infinite or not a number, or a fraction
    /// above 1.
    NotAnAmount,
    /// A party owes or holds itself.
    WithItself,
    /// Costs are neither one for all nor one a party; or `paid` and debts differ in length.
    Lengths,
    /// More than the whole equity of a party is held, or parties own each other completely in a ring.
    Overheld,
}

/// A clearing vector, with the equity and the state of each party.
#[derive(Clone, Debug, PartialEq)]
pub struct Cleared {
    /// Paid by each party on all its debts.
    pub paid: Vec<f64>,
    /// Due from each party on all its debts.
    pub due: Vec<f64>,
    /// Assets, receipts and holdings less debts, before default costs; negative for a party in default.
    /// Equity is the positive part.
    pub surplus: Vec<f64>,
    /// Which parties cannot pay in full.
    pub defaulted: Vec<bool>,
    /// Paid share of each rank class, in the order of [`Network`]; read it with [`Cleared::paid_on`].
    fractions: Vec<f64>,
    /// Largest change, in money, of a payment or equity in the last pass, which sets each to the value that
    /// the others allow.
    pub residual: f64,
    /// Passes over all parties.
    pub sweeps: u32,
    /// Linear systems solved.
    pub rounds: u32,
    /// Proven to be the greatest (or least) solution, up to rounding and [`SOLVENT_TOLERANCE`].
    pub exact: bool,
}

impl Cleared {
    /// Paid on one debt of the network.
    pub fn paid_on(&self, network: &Network, debt: &Debt) -> f64 {
        network.class_of(debt).map_or(0.0, |class| debt.amount * self.fractions[class])
    }
}

/// The greatest clearing vector of a network with outside `assets` by party. `costs`: none, one for all, or
/// one a party.
///
/// Cost: one sweep is one pass over the debts (2 to 3 ns each out of cache); few sweeps unless defaults
/// feed on each other with almost no loss.
///
/// # Errors
/// [`ClearingError::NotAnAmount`], [`ClearingError::Lengths`], [`ClearingError::Overheld`].
pub fn clear(network: &Network, assets: &[f64], costs: &[Costs]) -> Result<Cleared, ClearingError> {
    solved(network, assets, costs, Bound::Above)
}

/// The least clearing vector. With default costs the map is not continuous from below: where the rising
/// payments tend to a point at which a party can just pay, it pays, and they rise on from there. `residual`
/// shows whether a solution was reached.
///
/// # Errors
/// As [`clear`].
pub fn clear_least(network: &Network, assets: &[f64], costs: &[Costs]) -> Result<Cleared, ClearingError> {
    solved(network, assets, costs, Bound::Below)
}

/// For each party the wave in which it defaults, from 1, or 0: wave 1 cannot pay though all others do, each
/// next wave cannot once those before pay what they can (fictitious default algorithm, Eisenberg and Noe
/// 2001, section 3.1).
///
/// Cost: one clearing a wave.
///
/// # Errors
/// As [`clear`].
pub fn default_waves(network: &Network, assets: &[f64], costs: &[Costs]) -> Result<Vec<u32>, ClearingError> {
    let mut solver = Solver::default();
    solver.load(network, assets, costs)?;
    solver.start(network, Bound::Above)?;
    if let Some(waves) = solver.waves_plain(network) {
        return Ok(waves);
    }
    solver.start(network, Bound::Above)?;
    solver.freeze_all();
    let mut waves = vec![0; assets.len()];
    for wave in 1.. {
        solver.run(network, Bound::Above);
        if solver.thaw_defaults(network, wave, &mut waves) == 0 {
            break;
        }
    }
    Ok(waves)
}

/// The least or greatest solution, in the form that callers read.
fn solved(
    network: &Network,
    assets: &[f64],
    costs: &[Costs],
    bound: Bound,
) -> Result<Cleared, ClearingError> {
    let mut solver = Solver::default();
    solver.load(network, assets, costs)?;
    solver.start(network, bound)?;
    let outcome = solver.run(network, bound);
    let parties = solver.parties(network);
    Ok(Cleared {
        paid: parties.paid,
        due: network.due_of_parties().to_vec(),
        surplus: parties.surplus,
        defaulted: parties.defaulted,
        fractions: solver.fractions(network).to_vec(),
        residual: outcome.residual,
        sweeps: outcome.sweeps,
        rounds: outcome.rounds,
        exact: outcome.exact,
    })
}

/// Memory that [`clear_small`] uses again and again.
#[derive(Debug, Default)]
pub struct Workspace {
    network: Network,
    solver: Solver,
    receipts: Vec<f64>,
}

/// How [`clear_small`] came out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmallOutcome {
    /// How many parties cannot pay in full.
    pub defaults: u32,
    /// As in [`Cleared`].
    pub residual: f64,
    /// As in [`Cleared`].
    pub exact: bool,
}

/// The greatest clearing vector of a few parties, one for each of `assets`, written to `paid` debt by debt.
/// Once `workspace` has grown to the largest network seen, nothing is allocated.
///
/// # Errors
/// As [`Network::new`] and [`clear`]; [`ClearingError::Lengths`] unless there are as many `paid` as debts.
pub fn clear_small(
    workspace: &mut Workspace,
    debts: &[Debt],
    assets: &[f64],
    costs: &[Costs],
    paid: &mut [f64],
) -> Result<SmallOutcome, ClearingError> {
    if paid.len() != debts.len() {
        return Err(ClearingError::Lengths);
    }
    let all_can = all_can_pay(&mut workspace.receipts, debts, assets);
    if all_can {
        check_costs(costs, assets.len())?;
        for (paid, debt) in paid.iter_mut().zip(debts) {
            *paid = debt.amount;
        }
        return Ok(SmallOutcome { defaults: 0, residual: 0.0, exact: true });
    }
    let Workspace { network, solver, .. } = workspace;
    network.rebuild(assets.len(), debts, &[])?;
    solver.load(network, assets, costs)?;
    solver.start(network, Bound::Above)?;
    let outcome = solver.run(network, Bound::Above);
    for (paid, debt) in paid.iter_mut().zip(debts) {
        *paid = network.class_of(debt).map_or(0.0, |class| debt.amount * solver.fractions(network)[class]);
    }
    let defaults = solver.defaults(network);
    Ok(SmallOutcome { defaults, residual: outcome.residual, exact: outcome.exact })
}

/// Whether input makes sense and every party can pay if all others do. `balance`: memory.
fn all_can_pay(balance: &mut Vec<f64>, debts: &[Debt], assets: &[f64]) -> bool {
    balance.clear();
    balance.extend_from_slice(assets);
    if assets.iter().any(|asset| !asset.is_finite() || *asset < 0.0) {
        return false;
    }
    for debt in debts {
        let sensible = debt.amount.is_finite() && 0.0 <= debt.amount && debt.debtor != debt.creditor;
        let Some(debtor) = balance.get_mut(debt.debtor as usize) else { return false };
        if !sensible {
            return false;
        }
        *debtor -= debt.amount;
        if debt.creditor != OUTSIDE {
            let Some(creditor) = balance.get_mut(debt.creditor as usize) else { return false };
            *creditor += debt.amount;
        }
    }
    // Strict: what rounding could hide is left to the solver and its tolerance.
    balance.iter().all(|balance| 0.0 <= *balance)
}

fn check_costs(costs: &[Costs], parties: usize) -> Result<(), ClearingError> {
    if 1 < costs.len() && costs.len() != parties {
        return Err(ClearingError::Lengths);
    }
    let fraction = |x: f64| (0.0..=1.0).contains(&x);
    if costs.iter().all(|cost| fraction(cost.assets_kept) && fraction(cost.receipts_kept)) {
        Ok(())
    } else {
        Err(ClearingError::NotAnAmount)
    }
}
