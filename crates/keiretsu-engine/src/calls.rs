//! The clearing of one path with calls on guarantors in it: rounds that fall to the greatest solution.
//!
//! Each round computes what is missing on covered flows, what that calls, and who then pays what
//! (docs/MONTH.md, "Covers"). Ordinary clearing (Eisenberg and Noe 2001) keeps dues fixed; here a call falls
//! as what it covers is paid, so the state is the payments of flows and the *shares* paid of calls.
//! Invariant: payments only fall from round to round, so the rounds end.

use keiretsu_methods::clearing::Debt;

/// Rounds stop when nothing moves by more than this part of the largest due...
const STILL: f64 = 1e-13;
/// ... or after this many.
const ROUNDS_MAX: u32 = 10_000;

/// Where the missing of something covered is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unpaid {
    /// What is not paid of a debt.
    Of(usize),
    /// All that would have fallen due of a claim.
    All(f64),
    /// Nothing is due.
    Nothing,
}

/// What a cover can cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A flow while it stands.
    Flow(usize),
    /// A claim that has taken its place.
    Claim(usize),
}

/// A flow or claim that some cover covers.
#[derive(Clone, Copy, Debug)]
pub struct Covered {
    /// Which one.
    pub item: Item,
    /// What is missing on it.
    pub missing: Unpaid,
    /// The part of that which covers have not called yet.
    open: f64,
}

impl Covered {
    /// An item before anything is called.
    pub fn new(item: Item, missing: Unpaid) -> Self {
        Self { item, missing, open: 0.0 }
    }
}

/// What one cover answers for this month.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Which cover.
    pub cover: usize,
    /// The debt on which its call falls due.
    pub debt: usize,
    /// What it covers, as positions in the list of what is covered.
    pub items: Vec<usize>,
    /// The share of what is missing that it pays.
    pub share: f64,
    /// What of the limit is left.
    pub limit_left: f64,
    /// What of the cushion is left.
    pub cushion_left: f64,
    /// What estates have brought the beneficiary and it has not yet kept.
    pub recovered_left: f64,
    /// What the cushion bears of this month's loss.
    pub cushion_used: f64,
    /// What of this month's loss estates have brought before.
    pub recovered_used: f64,
    /// What is called.
    pub call: f64,
}

/// One path's debts with what is called on guarantors.
#[derive(Debug, Default)]
pub struct Calls {
    /// What is covered.
    pub covered: Vec<Covered>,
    /// Covers that answer, in their order.
    pub answers: Vec<Answer>,
    /// Dues of the debts beside calls.
    pub own: Vec<f64>,
    /// Positions of debts by debtor, then by rank.
    order: Vec<usize>,
    /// Paid of debts without a call; shares of those with one.
    state: Vec<f64>,
    /// By debt: whether a call falls due on it.
    called: Vec<bool>,
    receipts: Vec<f64>,
}

impl Calls {
    /// What payments leave to be called; `part` is told of each part of a call: cover, item, amount.
    pub fn evaluate(&mut self, debts: &[Debt], paid: &[f64], mut part: impl FnMut(usize, Item, f64)) {
        for covered in &mut self.covered {
            covered.open = match covered.missing {
                Unpaid::Of(debt) => (debts[debt].amount - paid[debt]).max(0.0),
                Unpaid::All(amount) => amount,
                Unpaid::Nothing => 0.0,
            };
        }
        for answer in &mut self.answers {
            let missing: f64 = answer.items.iter().map(|at| self.covered[*at].open).sum();
            let cushion = missing.min(answer.cushion_left);
            let recovered = (missing - cushion).min(answer.recovered_left);
            (answer.cushion_used, answer.recovered_used) = (cushion, recovered);
            answer.call = (answer.share * (missing - cushion - recovered)).min(answer.limit_left);
            if answer.call > 0.0 {
                for at in &answer.items {
                    let covered = &mut self.covered[*at];
                    let called = answer.call * (covered.open / missing);
                    covered.open = (covered.open - called).max(0.0);
                    part(answer.cover, covered.item, called);
                }
            }
        }
    }

    /// Whether anything is called.
    pub fn any(&self) -> bool {
        self.answers.iter().any(|answer| answer.call > 0.0)
    }

    /// Writes what is paid on each debt, and lifts the amount of those on which calls fall due. `assets` is
    /// read for those who `can_be_short`. False if something is not finite.
    pub fn clear(
        &mut self,
        debts: &mut [Debt],
        assets: &[f64],
        can_be_short: &[bool],
        paid: &mut [f64],
    ) -> bool {
        self.start(debts);
        paid.iter_mut().zip(&*debts).for_each(|(paid, debt)| *paid = debt.amount);
        for _ in 0..ROUNDS_MAX {
            let moved = self.round(debts, assets, can_be_short, paid);
            let largest = debts.iter().map(|debt| debt.amount).fold(0.0, f64::max);
            if !largest.is_finite() || moved.is_nan() {
                return false;
            }
            if moved <= STILL * largest {
                break;
            }
        }
        true
    }

    fn start(&mut self, debts: &[Debt]) {
        self.called.clear();
        self.called.resize(debts.len(), false);
        for answer in &self.answers {
            self.called[answer.debt] = true;
        }
        self.state.clear();
        let called = debts.iter().zip(&self.called);
        self.state.extend(called.map(|(debt, called)| if *called { 1.0 } else { debt.amount }));
        self.order.clear();
        self.order.extend(0..debts.len());
        self.order.sort_by_key(|at| (debts[*at].debtor, debts[*at].rank));
    }

    /// What follows from the state; returns by how much payments moved.
    fn round(&mut self, debts: &mut [Debt], assets: &[f64], can_be_short: &[bool], paid: &mut [f64]) -> f64 {
        self.evaluate(debts, paid, |_, _, _| {});
        for answer in &self.answers {
            debts[answer.debt].amount = self.own[answer.debt] + answer.call;
        }
        let worth = |at: usize, state: f64| if self.called[at] { state * debts[at].amount } else { state };
        self.receipts.clear();
        self.receipts.resize(assets.len(), 0.0);
        for (at, debt) in debts.iter().enumerate() {
            self.receipts[debt.creditor as usize] += worth(at, self.state[at]);
        }
        let mut moved = 0.0_f64;
        let mut debtor = None;
        let mut money = 0.0;
        for rank in self.order.chunk_by(|a, b| key(&debts[*a]) == key(&debts[*b])) {
            let who = debts[rank[0]].debtor as usize;
            if debtor != Some(who) {
                debtor = Some(who);
                money = assets[who] + self.receipts[who];
            }
            let owed: f64 = rank.iter().map(|at| debts[*at].amount).sum();
            let share = if can_be_short[who] && money < owed { money / owed } else { 1.0 };
            for at in rank {
                let state = if self.called[*at] { share } else { share * debts[*at].amount };
                let now = share * debts[*at].amount;
                // A share that falls moves what follows, also where nothing had been paid by it.
                let before = if self.called[*at] { self.state[*at] * debts[*at].amount } else { paid[*at] };
                moved = moved.max((now - paid[*at]).abs()).max((now - before).abs());
                (self.state[*at], paid[*at]) = (state, now);
            }
            money = (money - owed).max(0.0);
        }
        moved
    }
}

fn key(debt: &Debt) -> (u32, u32) {
    (debt.debtor, debt.rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debt(debtor: u32, creditor: u32, rank: u32, amount: f64) -> Debt {
        Debt { debtor, creditor, rank, amount }
    }

    fn answer(debt: usize, flow: usize) -> Answer {
        Answer {
            cover: 0,
            debt,
            items: vec![flow],
            share: 1.0,
            limit_left: f64::INFINITY,
            cushion_left: 0.0,
            recovered_left: 0.0,
            cushion_used: 0.0,
            recovered_used: 0.0,
            call: 0.0,
        }
    }

    /// What is paid on each debt; `covers` are pairs of call and covered debt.
    fn cleared(mut debts: Vec<Debt>, assets: &[f64], covers: &[(usize, usize)]) -> Vec<f64> {
        let mut calls = Calls { own: debts.iter().map(|debt| debt.amount).collect(), ..Calls::default() };
        for (at, (call, flow)) in covers.iter().enumerate() {
            calls.covered.push(Covered::new(Item::Flow(*flow), Unpaid::Of(*flow)));
            calls.answers.push(answer(*call, at));
        }
        let mut paid = vec![0.0; debts.len()];
        assert!(calls.clear(&mut debts, assets, &vec![true; assets.len()], &mut paid));
        paid
    }

    #[track_caller]
    fn near(found: &[f64], wanted: &[f64]) {
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
    }

    #[test]
    fn a_call_shares_its_rank_with_the_other_debts_of_the_guarantor() {
        // 1 owes 2 100 and has 40; 3 answers, owes 2 another 20 of the same rank, and has 40: half of 80.
        let debts = vec![debt(1, 2, 1, 100.0), debt(3, 2, 1, 0.0), debt(3, 2, 1, 20.0)];
        near(&cleared(debts, &[0.0, 40.0, 0.0, 40.0], &[(1, 0)]), &[40.0, 30.0, 10.0]);
    }

    #[test]
    fn what_comes_round_is_not_called() {
        // 1 has nothing and owes 2 100, 2 owes 1 50: half of the 100 comes from 2's own money.
        let debts = vec![debt(1, 2, 1, 100.0), debt(3, 2, 1, 0.0), debt(2, 1, 1, 50.0)];
        near(&cleared(debts, &[0.0, 0.0, 0.0, 900.0], &[(1, 0)]), &[50.0, 50.0, 50.0]);
    }

    #[test]
    fn two_that_guarantee_each_other_have_no_more_than_they_have() {
        // 1 and 2 owe 3 100 each, have 60 and 80, and answer for each other: 140 in all, 3 gets it all.
        let debts = vec![debt(1, 3, 1, 100.0), debt(2, 3, 1, 100.0), debt(2, 3, 1, 0.0), debt(1, 3, 1, 0.0)];
        let paid = cleared(debts, &[0.0, 60.0, 80.0, 0.0], &[(2, 0), (3, 1)]);
        near(&[paid[0] + paid[3], paid[1] + paid[2]], &[60.0, 80.0]);
        // Each pays all calls and dues alike: 60/(100 + c1) of both, 80/(100 + c2) of both.
        let (c1, c2) = (100.0 - paid[1], 100.0 - paid[0]);
        near(
            &paid,
            &[
                6000.0 / (100.0 + c1),
                8000.0 / (100.0 + c2),
                80.0 * c2 / (100.0 + c2),
                60.0 * c1 / (100.0 + c1),
            ],
        );
    }
}
