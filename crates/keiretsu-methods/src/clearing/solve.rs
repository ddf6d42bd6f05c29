//! Turns a bound on all payments into the solution next to it: sweeps, then a linear system, then a check.

use super::linear::Precision;
use super::network::{NONE, Network};
use super::order::components;
use super::plain::{Core, Plain};
use super::system::System;
use super::{ClearingError, Costs, check_costs};

/// The side from which the solution is approached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// From full payment down to the greatest solution.
    Above,
    /// From zero up to the least.
    Below,
}

/// How a run ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub residual: f64,
    pub sweeps: u32,
    pub rounds: u32,
    pub exact: bool,
}

/// The final state of each party.
pub(super) struct Parties {
    pub paid: Vec<f64>,
    pub surplus: Vec<f64>,
    pub defaulted: Vec<bool>,
}

/// Sweeps before the first linear system; where that fails, their number doubles.
const SWEEPS_FIRST: u32 = 2;
/// A change of every paid share below this ends the sweeps of [`Core`].
const CHANGE_PLAIN_MIN: f64 = 0.3 * RESIDUAL_MAX;
/// Parties that would have less than this share of their debts, were all others to pay in full, belong to the
/// core from the start: few more come into default through others, and each round that finds some costs a
/// copy.
const NEAR_DEFAULT: f64 = 1.1;
/// Rounds of [`Core`] before the general method takes over.
const ROUNDS_PLAIN_MAX: u32 = 12;
/// See [`SWEEPS_FIRST`].
const SWEEPS_BLOCK_MAX: u32 = 1024;
/// Sweeps after which parties are put into topological order: a chain of defaults then needs one sweep.
const SWEEPS_UNORDERED: u32 = 24;
/// Limit of sweeps; the payments reached by then are returned with their residual.
const SWEEPS_MAX: u32 = 20_000;
/// Tolerated residual of a solution as a share of the largest debt: rounding of long sums.
const RESIDUAL_MAX: f64 = 1e-13;
/// A change by this share of the largest debt is rounding: no further sweep can help.
const CHANGE_MIN: f64 = 1e-16;

/// State of a clearing and the memory it needs.
#[derive(Clone, Debug, Default)]
pub(super) struct Solver {
    pub(super) assets: Vec<f64>,
    costs: Vec<Costs>,
    /// Paid share of each rank class; value of each equity.
    pub(super) state: Vec<f64>,
    /// The first rank class of each party that is not paid in full; one past its last if all are.
    pub(super) marginal: Vec<u32>,
    /// Parties that pay in full whatever they have; empty if there are none.
    frozen: Vec<bool>,
    /// Debtors before creditors where possible; empty for the order of indices.
    pub(super) order: Vec<u32>,
    /// Receipts of each party in the last sweep.
    pub(super) received: Vec<f64>,
    state_saved: Vec<f64>,
    marginal_saved: Vec<u32>,
    system: System,
    core: Core,
}

impl Solver {
    pub(super) fn load(
        &mut self,
        network: &Network,
        assets: &[f64],
        costs: &[Costs],
    ) -> Result<(), ClearingError> {
        if assets.len() != network.parties() {
            return Err(ClearingError::Lengths);
        }
        check_costs(costs, assets.len())?;
        if assets.iter().any(|asset| !asset.is_finite() || *asset < 0.0) {
            return Err(ClearingError::NotAnAmount);
        }
        let total: f64 = assets.iter().chain(&network.due_total).sum();
        if !total.is_finite() {
            return Err(ClearingError::NotAnAmount);
        }
        self.assets.clear();
        self.assets.extend_from_slice(assets);
        self.costs.clear();
        self.costs.extend_from_slice(costs);
        self.frozen.clear();
        self.order.clear();
        Ok(())
    }

    /// Sets every class to a bound on its solution.
    pub(super) fn start(&mut self, network: &Network, bound: Bound) -> Result<(), ClearingError> {
        let level = if bound == Bound::Above { 1.0 } else { 0.0 };
        self.state.clear();
        self.state.resize(network.due.len(), level);
        self.state.resize(network.classes, 0.0);
        self.received.clear();
        self.received.resize(network.parties(), 0.0);
        self.marginal.clear();
        let from = usize::from(bound == Bound::Above);
        self.marginal.extend_from_slice(&network.rank_classes[from..from + network.parties()]);
        if bound == Bound::Above && !network.equity.is_empty() {
            return self.bound_equities(network);
        }
        Ok(())
    }

    /// An upper bound of all equities: those if all debtors pay, none of them negative.
    fn bound_equities(&mut self, network: &Network) -> Result<(), ClearingError> {
        // A ring of complete owners never settles; 0.999 held takes about 35,000 passes, which is rare.
        for _ in 0..100_000 {
            let mut growth = 0.0_f64;
            for party in 0..network.parties() {
                let class = network.equity[party];
                if class != NONE {
                    let surplus =
                        self.assets[party] + self.receipts(network, party) - network.due_total[party];
                    let equity = &mut self.state[class as usize];
                    growth = growth.max((surplus - *equity) / surplus.max(f64::MIN_POSITIVE));
                    *equity = equity.max(surplus);
                }
            }
            if growth <= 1e-14 {
                // The limit is approached from below; this much covers what is missing.
                self.state[network.due.len()..].iter_mut().for_each(|equity| *equity *= 1.0 + 1e-6);
                return Ok(());
            }
        }
        Err(ClearingError::Overheld)
    }

    pub(super) fn costs_of(&self, party: usize) -> Costs {
        match self.costs[..] {
            [] => Costs::NONE,
            [all] => all,
            _ => self.costs[party],
        }
    }

    /// The costs of every party, if they are the same.
    pub(super) fn costs_of_all(&self) -> Costs {
        self.costs.first().copied().unwrap_or(Costs::NONE)
    }

    /// Whether [`Plain`] applies.
    fn is_plain(&self, network: &Network) -> bool {
        network.plain && self.costs.len() <= 1 && self.frozen.is_empty()
    }

    pub(super) fn freeze_all(&mut self) {
        self.frozen.clear();
        self.frozen.resize(self.assets.len(), true);
    }

    pub(super) fn is_frozen(&self, party: usize) -> bool {
        self.frozen.get(party).is_some_and(|frozen| *frozen)
    }

    /// Lets the frozen parties that cannot pay default; how many.
    pub(super) fn thaw_defaults(&mut self, network: &Network, wave: u32, waves: &mut [u32]) -> u32 {
        let mut count = 0;
        for (party, slot) in waves.iter_mut().enumerate() {
            if self.frozen[party] && !self.can_pay(network, party, self.receipts(network, party)) {
                self.frozen[party] = false;
                *slot = wave;
                count += 1;
            }
        }
        count
    }

    /// The largest debt or asset, to which tolerances relate.
    fn scale(&self, network: &Network) -> f64 {
        network.due_total.iter().chain(&self.assets).copied().fold(0.0, f64::max)
    }

    /// From the present bound to the solution next to it.
    pub(super) fn run(&mut self, network: &Network, bound: Bound) -> Outcome {
        let scale = self.scale(network);
        let keep = network.plain && bound == Bound::Above;
        let mut outcome = Outcome { residual: 0.0, sweeps: 0, rounds: 0, exact: false };
        let mut block = SWEEPS_FIRST;
        // Until a system fails, a sweep that leaves all marginal rank classes as they are is taken to be the
        // last.
        let mut hopeful = true;
        // Any upper bound will do for the first system, after which the set of defaults is nearly complete.
        let mut precision = if keep { Precision::Rough } else { Precision::Full };
        if keep && self.is_plain(network) && self.run_plain(network, scale, &mut outcome) {
            return outcome;
        }
        loop {
            for _ in 0..block {
                let change = self.sweep(network);
                outcome.sweeps += 1;
                outcome.residual = change.money;
                if change.money <= 0.0 {
                    return Outcome { exact: true, ..outcome };
                }
                if change.states == 0 && hopeful {
                    break;
                }
            }
            let settled = outcome.residual <= CHANGE_MIN * scale;
            if !keep {
                self.save();
            }
            outcome.rounds += 1;
            hopeful = self.solve_marginal(network, precision);
            if hopeful {
                let change = self.sweep(network);
                outcome.sweeps += 1;
                if change.states == 0 && change.money <= RESIDUAL_MAX * scale {
                    return Outcome { exact: true, residual: change.money, ..outcome };
                }
                precision = Precision::Full;
                hopeful = keep;
            }
            if !hopeful {
                if !keep {
                    self.restore();
                }
                block = (2 * block).min(SWEEPS_BLOCK_MAX);
            }
            if settled || SWEEPS_MAX <= outcome.sweeps {
                return outcome;
            }
            if SWEEPS_UNORDERED <= outcome.sweeps && self.order.is_empty() {
                self.order = order_of_parties(network);
            }
        }
    }

    /// The fictitious default algorithm as long as sweeps over the parties in default settle fast; false if
    /// they do not. Payments then still are an upper bound.
    fn run_plain(&mut self, network: &Network, scale: f64, outcome: &mut Outcome) -> bool {
        let plain = Plain { network, assets: &self.assets, costs: self.costs_of_all() };
        plain.first(&mut self.state, &mut self.received);
        for _ in 0..ROUNDS_PLAIN_MAX {
            let near = |party: usize| {
                let value = self.assets[party] + self.received[party];
                value < NEAR_DEFAULT * network.due_total[party]
            };
            self.core.extract(&plain, &self.state, near);
            let settled = self.core.settle(plain.costs.receipts_kept, CHANGE_PLAIN_MIN);
            self.core.write_back(&mut self.state);
            let change = plain.sweep(&mut self.state, &mut self.received);
            outcome.rounds += 1;
            outcome.sweeps += 1;
            outcome.residual = change.money;
            outcome.exact = settled && change.states == 0 && change.money <= RESIDUAL_MAX * scale;
            if outcome.exact || !settled {
                break;
            }
        }
        for (party, marginal) in self.marginal.iter_mut().enumerate() {
            *marginal = party as u32 + u32::from(1.0 <= self.state[party]);
        }
        outcome.exact
    }

    /// Waves of default, from full payment; none if sweeps do not settle.
    pub(super) fn waves_plain(&mut self, network: &Network) -> Option<Vec<u32>> {
        if !self.is_plain(network) {
            return None;
        }
        let plain = Plain { network, assets: &self.assets, costs: self.costs_of_all() };
        let mut waves = vec![0; self.assets.len()];
        for wave in 1.. {
            if plain.mark_defaults(&self.state, wave, &mut waves) == 0 {
                break;
            }
            self.core.extract(&plain, &self.state, |party| 0 < waves[party]);
            if !self.core.settle(plain.costs.receipts_kept, CHANGE_PLAIN_MIN) {
                return None;
            }
            self.core.write_back(&mut self.state);
        }
        Some(waves)
    }

    fn save(&mut self) {
        self.state_saved.clone_from(&self.state);
        self.marginal_saved.clone_from(&self.marginal);
    }

    fn restore(&mut self) {
        self.state.clone_from(&self.state_saved);
        self.marginal.clone_from(&self.marginal_saved);
    }

    /// Solves for all classes that are paid in part, given which these are. False if that has no solution.
    fn solve_marginal(&mut self, network: &Network, precision: Precision) -> bool {
        let mut system = std::mem::take(&mut self.system);
        system.extract(network, self);
        // Amounts at both ends of the range of numbers may overflow in quotients.
        let solved = system.solve(precision) && system.solution().iter().all(|x| x.is_finite());
        if solved {
            for (class, x) in system.classes().iter().zip(system.solution()) {
                let class = *class as usize;
                let upper = if class < network.due.len() { 1.0 } else { f64::MAX };
                self.state[class] = x.clamp(0.0, upper);
            }
        }
        self.system = system;
        solved
    }

    /// Paid share of each rank class.
    pub(super) fn fractions(&self, network: &Network) -> &[f64] {
        &self.state[..network.due.len()]
    }

    pub(super) fn defaults(&self, network: &Network) -> u32 {
        let ends = &network.rank_classes[1..];
        self.marginal.iter().zip(ends).filter(|(marginal, end)| marginal < end).count() as u32
    }

    pub(super) fn parties(&self, network: &Network) -> Parties {
        let parties = network.parties();
        let range =
            |party: usize| network.rank_classes[party] as usize..network.rank_classes[party + 1] as usize;
        let paid = |party: usize| range(party).map(|k| self.state[k] * network.due[k]).sum();
        let surplus = |party: usize| self.assets[party] + self.received[party] - network.due_total[party];
        Parties {
            paid: (0..parties).map(paid).collect(),
            surplus: (0..parties).map(surplus).collect(),
            defaulted: (0..parties).map(|k| self.marginal[k] < network.rank_classes[k + 1]).collect(),
        }
    }
}

/// Debtors and issuers before the holders of claims on them, except in rings.
fn order_of_parties(network: &Network) -> Vec<u32> {
    let mut party_of = vec![0; network.classes];
    for party in 0..network.parties() {
        party_of[network.rank_classes[party] as usize..network.rank_classes[party + 1] as usize]
            .fill(party as u32);
        if let Some(class) = network.equity.get(party).filter(|class| **class != NONE) {
            party_of[*class as usize] = party as u32;
        }
    }
    let columns: Vec<u32> = network.claim_class.iter().map(|class| party_of[*class as usize]).collect();
    components(&network.claims, &columns).0
}
