//! Turns lists of debts and holdings into claims by holder, ready for passes over all parties.
//!
//! A *class* of claims is the debt of one party at one rank (a *rank class*), or its equity if another party
//! holds a part. Debt comes first, by party and rank; equity follows, by party. The state of a class is one
//! number: the paid share of a rank class, the money value of an equity.

use super::{ClearingError, Debt, Holding, OUTSIDE};

/// No class.
pub(super) const NONE: u32 = u32::MAX;

/// Debts and holdings among parties, by holder.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Classes of debt of party i: `rank_classes[i]..rank_classes[i + 1]`.
    pub(super) rank_classes: Vec<u32>,
    /// Money due on each class of debt.
    pub(super) due: Vec<f64>,
    /// Rank of each class of debt; empty if all debts have one rank, when class i is party i.
    ranks: Vec<u32>,
    /// Money due from each party.
    pub(super) due_total: Vec<f64>,
    /// Money due to each party from other parties.
    pub(super) incoming: Vec<f64>,
    /// Class of each party's equity, or `NONE`; empty if there are no holdings.
    pub(super) equity: Vec<u32>,
    /// Claims of party i: `claims[i]..claims[i + 1]`.
    pub(super) claims: Vec<u32>,
    /// Class that a claim is on.
    pub(super) claim_class: Vec<u32>,
    /// Money due on the claim, or share of the equity.
    pub(super) claim_weight: Vec<f64>,
    /// All classes.
    pub(super) classes: usize,
    /// One rank and no holdings: then linear solutions are upper bounds.
    pub(super) plain: bool,
    keys: Vec<u64>,
    /// Class of each party and rank, if ranks are small numbers; party after party.
    table: Vec<u32>,
    table_ranks: usize,
}

/// Ranks below this are looked up in a table, which is faster than searching for them.
const TABLE_RANKS_MAX: usize = 8;

impl Network {
    /// The network of `parties` with these debts and holdings.
    ///
    /// # Errors
    /// [`ClearingError::NoSuchParty`], [`ClearingError::NotAnAmount`], [`ClearingError::WithItself`],
    /// [`ClearingError::Overheld`].
    pub fn new(parties: usize, debts: &[Debt], holdings: &[Holding]) -> Result<Network, ClearingError> {
        let mut network = Network::default();
        network.rebuild(parties, debts, holdings)?;
        Ok(network)
    }

    /// Number of parties.
    pub fn parties(&self) -> usize {
        self.due_total.len()
    }

    /// As [`Network::new`], in the memory of an earlier network.
    pub(super) fn rebuild(
        &mut self,
        parties: usize,
        debts: &[Debt],
        holdings: &[Holding],
    ) -> Result<(), ClearingError> {
        check(parties, debts, holdings)?;
        self.classes_of_debts(parties, debts);
        self.sum_dues(debts);
        self.classes_of_equity(parties, holdings)?;
        self.sort_claims(parties, debts, holdings);
        Ok(())
    }

    pub(super) fn due_of_parties(&self) -> &[f64] {
        &self.due_total
    }

    /// The class that a debt belongs to, if the network has it.
    pub(super) fn class_of(&self, debt: &Debt) -> Option<usize> {
        let party = debt.debtor as usize;
        if self.parties() <= party {
            return None;
        }
        if self.ranks.is_empty() {
            return Some(party);
        }
        if 0 < self.table_ranks {
            let rank = (debt.rank as usize).min(self.table_ranks);
            let class = *self.table.get(party * self.table_ranks + rank)?;
            return (rank < self.table_ranks && class != NONE).then_some(class as usize);
        }
        let from = self.rank_classes[party] as usize;
        let to = self.rank_classes[party + 1] as usize;
        self.ranks[from..to].binary_search(&debt.rank).ok().map(|k| from + k)
    }

    fn classes_of_debts(&mut self, parties: usize, debts: &[Debt]) {
        self.rank_classes.clear();
        self.ranks.clear();
        let one_rank = debts.windows(2).all(|pair| pair[0].rank == pair[1].rank);
        self.plain = one_rank && !debts.is_empty();
        if one_rank {
            self.rank_classes.extend(0..=parties as u32);
            return;
        }
        let ranks = debts.iter().map(|debt| debt.rank as usize + 1).max().unwrap_or(0);
        self.table_ranks = if ranks <= TABLE_RANKS_MAX { ranks } else { 0 };
        if 0 < self.table_ranks {
            self.classes_by_table(parties, debts);
        } else {
            self.classes_by_sorting(parties, debts);
        }
    }

    fn classes_by_table(&mut self, parties: usize, debts: &[Debt]) {
        let ranks = self.table_ranks;
        self.table.clear();
        self.table.resize(parties * ranks, NONE);
        for debt in debts {
            self.table[debt.debtor as usize * ranks + debt.rank as usize] = 0;
        }
        for party in self.table.chunks_exact_mut(ranks) {
            self.rank_classes.push(self.ranks.len() as u32);
            for (rank, class) in party.iter_mut().enumerate().filter(|(_, class)| **class != NONE) {
                *class = self.ranks.len() as u32;
                self.ranks.push(rank as u32);
            }
        }
        self.rank_classes.push(self.ranks.len() as u32);
    }

    fn classes_by_sorting(&mut self, parties: usize, debts: &[Debt]) {
        self.keys.clear();
        self.keys.extend(debts.iter().map(|debt| u64::from(debt.debtor) << 32 | u64::from(debt.rank)));
        self.keys.sort_unstable();
        self.keys.dedup();
        self.ranks.extend(self.keys.iter().map(|key| *key as u32));
        let mut next = 0;
        for party in 0..parties as u64 {
            self.rank_classes.push(next as u32);
            while self.keys.get(next).is_some_and(|key| key >> 32 == party) {
                next += 1;
            }
        }
        self.rank_classes.push(next as u32);
    }

    fn sum_dues(&mut self, debts: &[Debt]) {
        let parties = self.rank_classes.len() - 1;
        let rank_classes = self.rank_classes[parties] as usize;
        self.due_total.clear();
        self.due_total.resize(parties, 0.0);
        let mut due = std::mem::take(&mut self.due);
        due.clear();
        due.resize(rank_classes, 0.0);
        for debt in debts {
            if let Some(class) = self.class_of(debt) {
                due[class] += debt.amount;
            }
        }
        for party in 0..parties {
            let range = self.rank_classes[party] as usize..self.rank_classes[party + 1] as usize;
            self.due_total[party] = due[range].iter().sum();
        }
        self.due = due;
    }

    fn classes_of_equity(&mut self, parties: usize, holdings: &[Holding]) -> Result<(), ClearingError> {
        self.classes = self.due.len();
        self.equity.clear();
        if holdings.is_empty() {
            return Ok(());
        }
        self.plain = false;
        self.equity.resize(parties, NONE);
        let mut held = vec![0.0; parties];
        for holding in holdings {
            held[holding.issuer as usize] += holding.share;
        }
        // Shares such as ten times 0.1 may sum to a little more than 1.
        if held.iter().any(|held| 1.0 + 1e-12 < *held) {
            return Err(ClearingError::Overheld);
        }
        for (equity, held) in self.equity.iter_mut().zip(&held) {
            if 0.0 < *held {
                *equity = self.classes as u32;
                self.classes += 1;
            }
        }
        Ok(())
    }

    /// Counting sort by holder; within a holder in the order given.
    fn sort_claims(&mut self, parties: usize, debts: &[Debt], holdings: &[Holding]) {
        self.claims.clear();
        self.claims.resize(parties + 1, 0);
        for holder in holders(debts, holdings) {
            self.claims[holder as usize + 1] += 1;
        }
        for party in 0..parties {
            self.claims[party + 1] += self.claims[party];
        }
        let total = self.claims[parties] as usize;
        self.claim_class.clear();
        self.claim_class.resize(total, 0);
        self.claim_weight.clear();
        self.claim_weight.resize(total, 0.0);
        self.incoming.clear();
        self.incoming.resize(parties, 0.0);
        for debt in debts.iter().filter(|debt| debt.creditor != OUTSIDE) {
            self.incoming[debt.creditor as usize] += debt.amount;
            let class = self.class_of(debt).unwrap_or(0) as u32;
            self.place(debt.creditor, class, debt.amount);
        }
        for holding in holdings {
            let class = self.equity[holding.issuer as usize];
            if class == NONE {
                // A share of zero in a party that nobody else holds.
                self.place(holding.holder, 0, 0.0);
            } else {
                self.place(holding.holder, class, holding.share);
            }
        }
        // Each start has moved to its end, which is the next party's start.
        self.claims.copy_within(0..parties, 1);
        self.claims[0] = 0;
    }

    fn place(&mut self, holder: u32, class: u32, weight: f64) {
        let at = self.claims[holder as usize] as usize;
        self.claims[holder as usize] += 1;
        self.claim_class[at] = class;
        self.claim_weight[at] = weight;
    }
}

fn holders<'a>(debts: &'a [Debt], holdings: &'a [Holding]) -> impl Iterator<Item = u32> + 'a {
    let creditors = debts.iter().map(|debt| debt.creditor).filter(|creditor| *creditor != OUTSIDE);
    creditors.chain(holdings.iter().map(|holding| holding.holder))
}

fn check(parties: usize, debts: &[Debt], holdings: &[Holding]) -> Result<(), ClearingError> {
    let limit = NONE as usize - 1;
    if limit < parties.max(debts.len() + holdings.len()) {
        return Err(ClearingError::NoSuchParty);
    }
    let party = |index: u32| (index as usize) < parties;
    for debt in debts {
        if !party(debt.debtor) || !(party(debt.creditor) || debt.creditor == OUTSIDE) {
            return Err(ClearingError::NoSuchParty);
        }
        if !debt.amount.is_finite() || debt.amount < 0.0 {
            return Err(ClearingError::NotAnAmount);
        }
        if debt.debtor == debt.creditor {
            return Err(ClearingError::WithItself);
        }
    }
    for holding in holdings {
        if !party(holding.holder) || !party(holding.issuer) {
            return Err(ClearingError::NoSuchParty);
        }
        if !(0.0..=1.0).contains(&holding.share) {
            return Err(ClearingError::NotAnAmount);
        }
        if holding.holder == holding.issuer {
            return Err(ClearingError::WithItself);
        }
    }
    Ok(())
}
