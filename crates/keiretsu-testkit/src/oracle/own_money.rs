//! Section 10: which part of everybody's cash has come from a group, pro rata.

use std::collections::BTreeMap;

use keiretsu_program::{Month, PartyId};

use super::clearing::solve;
use super::{Oracle, Payment, Record, net};

impl Oracle<'_> {
    /// The months before the first one, with cash counted from zero.
    pub(super) fn past(&mut self) {
        let mut months: BTreeMap<Month, Vec<Payment>> = BTreeMap::new();
        let first = self.program.past.iter().map(|past| past.month).min();
        for month in first.map_or(0, |month| month.0)..=first.map_or(-1, |_| self.program.origin.0) {
            months.entry(Month(month)).or_default();
        }
        for past in self.program.past.iter().filter(|past| !past.amount.is_nan()) {
            let (from, to) = (self.purse(past.from), self.purse(past.to));
            if from != to {
                let payment = Payment { from, to, amount: past.amount };
                months.entry(past.month).or_default().push(payment);
            }
        }
        let mut cash = vec![0.0; self.program.parties.len()];
        for payments in months.into_values() {
            for (group, members) in self.groups.iter().enumerate() {
                let insiders = self.insiders(members);
                self.own[group] = self.settled(fractions(&cash, &payments, &self.own[group], &insiders));
            }
            for (party, cash) in cash.iter_mut().enumerate() {
                *cash += net(&payments, party);
            }
        }
        // Opening cash beyond what past flows explain carries nothing.
        for (group, members) in self.groups.iter().enumerate() {
            let insiders = self.insiders(members);
            for party in (0..cash.len()).filter(|party| !insiders[*party]) {
                let explained = cash[party].max(0.0);
                if explained < self.cash[party] {
                    self.own[group][party] *= explained / self.cash[party];
                }
            }
        }
    }

    /// The fractions of this month, and what everybody receives of each group's own money.
    pub(super) fn follow_own_money(&mut self, payments: &[Payment], now: &mut Record) {
        let stated = |party: usize| self.program.parties[party].cash.is_some();
        let has = |party: usize| if stated(party) { self.cash[party] } else { 0.0 };
        let cash: Vec<f64> = (0..self.cash.len()).map(has).collect();
        for (party, cash) in cash.iter().enumerate().filter(|_| !self.groups.is_empty()) {
            // Nothing has no fraction, next to nothing has one, and that of little is mostly rounding.
            self.history.money_gap(1e-3 * (cash.max(0.0) + self.paid_to(party, &now.paid)));
        }
        for (group, members) in self.groups.iter().enumerate() {
            let insiders = self.insiders(members);
            let own = self.settled(fractions(&cash, payments, &self.own[group], &insiders));
            for party in 0..own.len() {
                let purse = self.program.parties[party].purse.at();
                let received = payments.iter().filter(|payment| payment.to == purse);
                now.own_receipts[group][party] = received.map(|x| x.amount * own[x.from]).sum();
            }
            self.own[group] = own;
        }
    }

    fn settled(&mut self, solved: Option<Vec<f64>>) -> Vec<f64> {
        self.history.unsettled |= solved.is_none();
        solved.unwrap_or_else(|| vec![0.0; self.cash.len()])
    }

    fn insiders(&self, members: &[PartyId]) -> Vec<bool> {
        let mut insiders = vec![false; self.program.parties.len()];
        for &member in members {
            insiders[self.purse(member)] = true;
        }
        insiders
    }
}

/// The least solution of `f max(c + r, p) = c q + sum of p f`, with 1 for insiders and 0 for outside.
fn fractions(cash: &[f64], payments: &[Payment], before: &[f64], insiders: &[bool]) -> Option<Vec<f64>> {
    let size = cash.len();
    let own = |party: usize| cash[party].max(0.0); // unknown cash is none
    let received = |party: usize| payments.iter().filter(|x| x.to == party).map(|x| x.amount).sum::<f64>();
    let paid = |party: usize| payments.iter().filter(|x| x.from == party).map(|x| x.amount).sum::<f64>();
    // Whom tagged money reaches at all: everybody else has nothing of it in the least solution.
    let mut reached: Vec<bool> =
        (0..size).map(|p| insiders[p] || (p != 0 && own(p) * before[p] > 0.0)).collect();
    for _ in 0..size {
        for payment in payments.iter().filter(|payment| payment.amount > 0.0 && payment.to != 0) {
            reached[payment.to] |= reached[payment.from];
        }
    }
    let mut matrix = vec![vec![0.0; size]; size];
    let mut right = vec![0.0; size];
    for party in 0..size {
        matrix[party][party] = 1.0;
        right[party] = f64::from(insiders[party]);
        // What is paid beyond that has come from elsewhere.
        let total = (own(party) + received(party)).max(paid(party));
        if insiders[party] || !reached[party] || total <= 0.0 {
            continue;
        }
        // As shares of the total, so that no row outweighs another.
        right[party] = own(party) * before[party] / total;
        for payment in payments.iter().filter(|payment| payment.to == party) {
            matrix[party][payment.from] -= payment.amount / total;
        }
    }
    // A ring with a leak that rounding swallows has no solution in f64.
    let solved = solve(matrix, right)?;
    solved.iter().all(|f| (-1e-9..=1.0 + 1e-9).contains(f)).then_some(solved)
}
