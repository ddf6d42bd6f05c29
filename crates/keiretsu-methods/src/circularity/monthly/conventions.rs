//! The traced part of a party's payments, by the conventions in use.
//!
//! Within a month, payments go around at once: the fractions of all parties solve one linear system,
//! eliminated without subtraction (Grassmann, Taksar and Heyman 1985), so that fractions stay between 0 and 1
//! and a ring that only passes money around carries nothing.

use super::reach::needed;
use super::{Convention, MonthlyWeb, OUTSIDE, Payment, Slice, is_traced};
use crate::own_money::{Lot, fractions, take};

/// The returned money of each month.
pub(super) fn returned(
    web: &MonthlyWeb,
    a: u32,
    to: Option<u32>,
    convention: Convention,
    part: &dyn Fn(usize, u32) -> f64,
) -> Vec<f64> {
    let needed = needed(web, a, to);
    let mut lots: Vec<Vec<Lot>> = vec![vec![]; web.parties];
    let step = |(at, (month, needed)): (usize, (&Slice, &Vec<bool>))| {
        let parties: Vec<usize> = (0..web.parties).filter(|party| needed[*party]).collect();
        // Where a party does not matter it has nothing of the money, or nothing that could come back: had it
        // kept any until it matters again, it would matter now.
        lots.iter_mut().zip(needed).filter(|(_, needed)| !**needed).for_each(|(lots, _)| lots.clear());
        if parties.is_empty() {
            return 0.0;
        }
        let mut system = System::new(&parties, web.parties);
        for (row, party) in parties.iter().enumerate() {
            let had: f64 = lots[*party].iter().map(|lot| lot.amount).sum();
            // What was there before the money came is a lot without any of it.
            let clean = month.before[*party] - had;
            if 0.0 < clean {
                lots[*party].insert(0, Lot { amount: clean, fraction: 0.0 });
            } else {
                // Nothing but rounding.
                take(&mut lots[*party], -clean, convention);
            }
            system.rows[row] = Row::new(month, *party, &mut lots[*party], convention);
        }
        system.receive(month, a, to);
        let fractions = system.solve();
        let back = back(month, a, &system, &fractions, &|payer| part(at, payer));
        for (row, party) in parties.iter().enumerate() {
            system.keep(row, &fractions, month, *party, convention, &mut lots[*party]);
        }
        back
    };
    web.months.iter().zip(&needed).enumerate().map(step).collect()
}

fn back(month: &Slice, a: u32, system: &System, fractions: &[f64], part: &dyn Fn(u32) -> f64) -> f64 {
    let mut back = 0.0;
    for payment in month.payments.iter().filter(|x| x.payee == a && x.payer != OUTSIDE) {
        if let Some(row) = system.row(payment.payer) {
            back += payment.amount * fractions[row] * part(payment.payer);
        }
    }
    back
}

/// How a party's payments of a month are covered.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// The amount that the fraction is of.
    whole: f64,
    /// The part of this month's receipts that is in it.
    share: f64,
    /// Of the money traced, from earlier lots.
    tagged: f64,
    /// Receipts of the month.
    brought: f64,
    /// Of the money traced, received this month from where fractions are known.
    own: f64,
}

impl Row {
    fn new(month: &Slice, party: usize, lots: &mut Vec<Lot>, convention: Convention) -> Self {
        let brought = month.received[party] + month.entered(party);
        let had: f64 = lots.iter().map(|lot| lot.amount).sum();
        let paid = month.paid[party];
        match convention {
            Convention::ProRata => {
                let tagged = lots.iter().map(|lot| lot.amount * lot.fraction).sum();
                Row { whole: had + brought, share: 1.0, tagged, brought, own: 0.0 }
            }
            Convention::First | Convention::Last => {
                let of_month = convention.of_month(paid, had, brought);
                let tagged = take(lots, (paid - of_month).min(had), convention);
                let share = if 0.0 < brought { of_month / brought } else { 0.0 };
                Row { whole: paid, share, tagged, brought, own: 0.0 }
            }
        }
    }
}

/// The fractions of a month.
struct System {
    /// Rows by party; none where the fraction is zero or does not matter.
    row_of: Vec<Option<usize>>,
    rows: Vec<Row>,
    /// Received by row i from row j.
    weights: Vec<f64>,
}

impl System {
    fn new(parties: &[usize], all: usize) -> Self {
        let mut row_of = vec![None; all];
        parties.iter().enumerate().for_each(|(row, party)| row_of[*party] = Some(row));
        let n = parties.len();
        Self { row_of, rows: vec![Row::default(); n], weights: vec![0.0; n * n] }
    }

    fn row(&self, party: u32) -> Option<usize> {
        self.row_of.get(party as usize).copied().flatten()
    }

    fn receive(&mut self, month: &Slice, a: u32, to: Option<u32>) {
        let n = self.rows.len();
        for payment in &month.payments {
            let Some(into) = self.row(payment.payee) else { continue };
            if is_traced(payment, a, to) {
                self.rows[into].own += payment.amount;
            } else if let Some(from) = self.payer(payment, a) {
                self.weights[into * n + from] += payment.amount;
            }
        }
    }

    fn payer(&self, payment: &Payment, a: u32) -> Option<usize> {
        if payment.payer == a { None } else { self.row(payment.payer) }
    }

    /// `whole_i f_i = tagged_i + share_i (own_i + sum over j of weight_ij f_j)`, the smallest solution.
    fn solve(&self) -> Vec<f64> {
        let n = self.rows.len();
        let mut weights = self.weights.clone();
        let (mut slack, mut right) = (vec![0.0; n], vec![0.0; n]);
        for (i, row) in self.rows.iter().enumerate() {
            weights[i * n..][..n].iter_mut().for_each(|weight| *weight *= row.share);
            let circulates: f64 = weights[i * n..][..n].iter().sum();
            slack[i] = (row.whole - circulates).max(0.0);
            right[i] = row.tagged + row.share * row.own;
        }
        fractions(&slack, &right, &weights)
    }

    /// Cash of a party after the month.
    fn keep(
        &self,
        row: usize,
        fractions: &[f64],
        month: &Slice,
        party: usize,
        convention: Convention,
        lots: &mut Vec<Lot>,
    ) {
        let n = self.rows.len();
        let Row { share, brought, own, .. } = self.rows[row];
        if convention == Convention::ProRata {
            lots.clear();
            lots.push(Lot { amount: month.kept[party], fraction: fractions[row] });
            return;
        }
        let left = brought * (1.0 - share);
        if 0.0 < left {
            let received: f64 = (0..n).map(|j| self.weights[row * n + j] * fractions[j]).sum();
            lots.push(Lot { amount: left, fraction: ((own + received) / brought).min(1.0) });
        }
        let sum: f64 = lots.iter().map(|lot| lot.amount).sum();
        take(lots, sum - month.kept[party], convention);
    }
}
