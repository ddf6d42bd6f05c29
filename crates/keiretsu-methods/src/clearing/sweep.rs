//! Turns the state of all classes into the payments that it allows, party by party, in place.

use super::SOLVENT_TOLERANCE;
use super::network::{NONE, Network};
use super::plain::Change;
use super::solve::Solver;

impl Solver {
    /// One pass over all parties, in `order` if there is one; each sees the new payments of those before it.
    pub(super) fn sweep(&mut self, network: &Network) -> Change {
        let mut change = Change::default();
        if self.order.is_empty() {
            for party in 0..network.parties() {
                self.update(network, party, &mut change);
            }
        } else {
            let order = std::mem::take(&mut self.order);
            for party in &order {
                self.update(network, *party as usize, &mut change);
            }
            self.order = order;
        }
        change
    }

    /// Payments of others to a party, and its share in their equity.
    pub(super) fn receipts(&self, network: &Network, party: usize) -> f64 {
        let range = network.claims[party] as usize..network.claims[party + 1] as usize;
        let classes = &network.claim_class[range.clone()];
        let weights = &network.claim_weight[range];
        classes.iter().zip(weights).map(|(class, weight)| weight * self.state[*class as usize]).sum()
    }

    pub(super) fn can_pay(&self, network: &Network, party: usize, receipts: f64) -> bool {
        let value = self.assets[party] + receipts;
        network.due_total[party] * (1.0 - SOLVENT_TOLERANCE) <= value
    }

    fn update(&mut self, network: &Network, party: usize, change: &mut Change) {
        let receipts = self.receipts(network, party);
        self.received[party] = receipts;
        let full = self.can_pay(network, party, receipts) || self.is_frozen(party);
        let from = network.rank_classes[party] as usize;
        let to = network.rank_classes[party + 1] as usize;
        let marginal = if full {
            self.pay_all(network, from..to, change)
        } else {
            let costs = self.costs_of(party);
            let value = costs.assets_kept * self.assets[party] + costs.receipts_kept * receipts;
            self.pay_by_rank(network, from..to, value, change)
        };
        if self.marginal[party] != marginal {
            self.marginal[party] = marginal;
            change.states += 1;
        }
        if let Some(class) = network.equity.get(party).filter(|class| **class != NONE) {
            let surplus = self.assets[party] + receipts - network.due_total[party];
            let equity = &mut self.state[*class as usize];
            change.money = change.money.max((surplus.max(0.0) - *equity).abs());
            *equity = surplus.max(0.0);
        }
    }

    fn pay_all(&mut self, network: &Network, range: std::ops::Range<usize>, change: &mut Change) -> u32 {
        let end = range.end as u32;
        for (state, due) in self.state[range.clone()].iter_mut().zip(&network.due[range]) {
            change.money = change.money.max((1.0 - *state).abs() * due);
            *state = 1.0;
        }
        end
    }

    /// Pays `value` by rank; gives the first rank class not paid in full.
    fn pay_by_rank(
        &mut self,
        network: &Network,
        range: std::ops::Range<usize>,
        value: f64,
        change: &mut Change,
    ) -> u32 {
        let mut left = value;
        let end = range.end as u32;
        let mut marginal = None;
        for class in range {
            let due = network.due[class];
            let paid = left.clamp(0.0, due);
            // A rank class of zero (all its debts are zero) counts as paid.
            let share = if due <= left { 1.0 } else { paid / due };
            change.money = change.money.max((share - self.state[class]).abs() * due);
            self.state[class] = share;
            if left < due && marginal.is_none() {
                marginal = Some(class as u32);
            }
            left -= due;
        }
        marginal.unwrap_or(end)
    }
}
