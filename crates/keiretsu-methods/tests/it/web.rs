//! Turns plain lists into networks to clear, and checks payments by their definition.

use keiretsu_methods::clearing::{Cleared, Costs, Debt, Holding, Network, OUTSIDE, clear};
use proptest::prelude::*;

/// A network as plain lists.
#[derive(Clone, Debug, Default)]
pub struct Web {
    pub debts: Vec<Debt>,
    pub holdings: Vec<Holding>,
    pub assets: Vec<f64>,
    pub costs: Vec<Costs>,
}

impl Web {
    pub fn owe(&mut self, debtor: usize, creditor: u32, rank: u32, amount: f64) {
        if 0.0 < amount {
            self.debts.push(Debt { debtor: debtor as u32, creditor, rank, amount });
        }
    }

    pub fn network(&self) -> Network {
        Network::new(self.assets.len(), &self.debts, &self.holdings).expect("a network")
    }

    pub fn clear(&self) -> Cleared {
        clear(&self.network(), &self.assets, &self.costs).expect("a clearing vector")
    }

    /// Largest difference between what each debt is paid and what the definition gives, from scratch.
    pub fn residual(&self, cleared: &Cleared) -> f64 {
        let network = self.network();
        let paid: Vec<f64> = self.debts.iter().map(|debt| cleared.paid_on(&network, debt)).collect();
        let mut worst = 0.0_f64;
        for (party, assets) in self.assets.iter().enumerate() {
            let party = party as u32;
            let from_debts = |pair: &(&Debt, &f64)| if pair.0.creditor == party { *pair.1 } else { 0.0 };
            let mut receipts: f64 = self.debts.iter().zip(&paid).map(|pair| from_debts(&pair)).sum();
            for holding in self.holdings.iter().filter(|holding| holding.holder == party) {
                receipts += holding.share * cleared.surplus[holding.issuer as usize].max(0.0);
            }
            worst = worst.max(self.residual_of(party, *assets, receipts, &paid));
        }
        worst
    }

    fn residual_of(&self, party: u32, assets: f64, receipts: f64, paid: &[f64]) -> f64 {
        let costs = match self.costs[..] {
            [] => Costs::NONE,
            [all] => all,
            _ => self.costs[party as usize],
        };
        let mine = || self.debts.iter().zip(paid).filter(|(debt, _)| debt.debtor == party);
        let due: f64 = mine().map(|(debt, _)| debt.amount).sum();
        let can_pay = due * (1.0 - 1e-11) <= assets + receipts;
        let value = costs.assets_kept * assets + costs.receipts_kept * receipts;
        let mut worst = 0.0_f64;
        for (debt, paid) in mine() {
            let sum = |test: &dyn Fn(u32) -> bool| -> f64 {
                mine().filter(|(other, _)| test(other.rank)).map(|(other, _)| other.amount).sum()
            };
            let (senior, equal) = (sum(&|rank| rank < debt.rank), sum(&|rank| rank == debt.rank));
            let share = if can_pay { 1.0 } else { ((value - senior) / equal).clamp(0.0, 1.0) };
            worst = worst.max((paid - debt.amount * share).abs());
        }
        worst
    }
}

fn fraction() -> impl Strategy<Value = f64> {
    prop_oneof![Just(1.0), 0.0..1.0_f64]
}

/// Webs of up to 12 parties with three ranks, costs, outside debt and cross-holdings below 60 %.
pub fn webs(ranks: u32, costs: bool, holdings: bool) -> impl Strategy<Value = Web> {
    let parties = 2..12_usize;
    parties.prop_flat_map(move |n| {
        let debt = (0..n, 0..=n, 0..ranks, prop_oneof![Just(1.0), 0.0..10.0_f64]);
        let holding = (0..n, 0..n, 0.0..0.1_f64);
        let debts = prop::collection::vec(debt, 1..50);
        let shares = prop::collection::vec(holding, 0..if holdings { 6 } else { 1 });
        let assets = prop::collection::vec(prop_oneof![Just(0.0), 0.0..8.0_f64], n);
        (debts, shares, assets, fraction(), fraction()).prop_map(
            move |(debts, shares, assets, alpha, beta)| {
                let mut web = Web { assets, ..Web::default() };
                for (debtor, creditor, rank, amount) in debts.into_iter().filter(|debt| debt.0 != debt.1) {
                    web.owe(debtor, if creditor == n { OUTSIDE } else { creditor as u32 }, rank, amount);
                }
                for (holder, issuer, share) in
                    shares.into_iter().filter(|share| holdings && share.0 != share.1)
                {
                    web.holdings.push(Holding { holder: holder as u32, issuer: issuer as u32, share });
                }
                if costs {
                    web.costs = vec![Costs { assets_kept: alpha, receipts_kept: beta }];
                }
                web
            },
        )
    })
}

/// Picard iteration from full payment, by definition: slow, and the oracle of the greatest solution.
pub fn picard(web: &Web, steps: usize) -> Vec<f64> {
    let mut share = vec![1.0; web.debts.len()];
    let mut equity = vec![1e4; web.assets.len()];
    for _ in 0..steps {
        let mut value = vec![0.0; web.assets.len()];
        for (debt, share) in web.debts.iter().zip(&share).filter(|(debt, _)| debt.creditor != OUTSIDE) {
            value[debt.creditor as usize] += debt.amount * share;
        }
        for holding in &web.holdings {
            value[holding.holder as usize] += holding.share * equity[holding.issuer as usize];
        }
        let cost = web.costs.first().copied().unwrap_or(Costs::NONE);
        for party in 0..web.assets.len() {
            let mine = |debt: &Debt| debt.debtor as usize == party;
            let due: f64 = web.debts.iter().filter(|debt| mine(debt)).map(|debt| debt.amount).sum();
            let full = web.assets[party] + value[party];
            equity[party] = (full - due).max(0.0);
            let can = due * (1.0 - 1e-12) <= full;
            let left = cost.assets_kept * web.assets[party] + cost.receipts_kept * value[party];
            for k in (0..share.len()).filter(|k| mine(&web.debts[*k])) {
                let sum = |test: &dyn Fn(u32) -> bool| -> f64 {
                    let others = web.debts.iter().filter(|debt| mine(debt) && test(debt.rank));
                    others.map(|debt| debt.amount).sum()
                };
                let rank = web.debts[k].rank;
                let (senior, equal) = (sum(&|other| other < rank), sum(&|other| other == rank));
                share[k] = if can { 1.0 } else { ((left - senior) / equal).clamp(0.0, 1.0) };
            }
        }
    }
    web.debts.iter().zip(&share).map(|(debt, share)| debt.amount * share).collect()
}
