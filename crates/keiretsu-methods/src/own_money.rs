//! Turns cash, receipts and payments of a month into the fraction of one party's money in each party, where
//! payments carry the payer's mix.
//!
//! ```
//! use keiretsu_methods::own_money::{Convention, Lot, fractions, take};
//! // 0 has 4 of which 2 are marked, and gets 4 from 1, all of whose 2 are marked.
//! assert_eq!(fractions(&[4.0, 2.0], &[2.0, 2.0], &[0.0, 4.0, 0.0, 0.0]), [0.75, 1.0]);
//! let mut lots = vec![Lot { amount: 3.0, fraction: 0.0 }, Lot { amount: 2.0, fraction: 1.0 }];
//! assert_eq!(take(&mut lots, 4.0, Convention::First), 1.0);
//! ```
//!
//! Elimination without subtraction (Grassmann, Taksar and Heyman 1985): the sums of rows are known, so a
//! pivot is the sum of what is left of its row. No cancellation: fractions stay in `[0, 1]`, and a ring of
//! parties that only pass money around, with a pivot of zero, carries nothing, which is the smallest
//! solution.
//!
//! The engine follows lots and past flows with it, and the bounds of circularity their conventions; on all
//! paths of a block at once the engine has a kernel of its own.

/// Which of a party's money is spent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    /// Every payment carries the average of the payer's cash and receipts (haircut).
    ProRata,
    /// Money of earlier months goes first, the oldest before (Clayton's case, 1816).
    First,
    /// Receipts of the month go first, then the newest money.
    Last,
}

/// Money of one mixture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lot {
    /// Money.
    pub amount: f64,
    /// The part of it that is followed.
    pub fraction: f64,
}

impl Convention {
    /// The part of payments covered by receipts of the month, given the cash from earlier months.
    pub fn of_month(self, paid: f64, had: f64, brought: f64) -> f64 {
        if self == Self::Last { paid.min(brought) } else { (paid - had).clamp(0.0, brought) }
    }
}

/// Takes money from lots that stand in the order of receipt; how much of it is the money followed.
pub fn take(lots: &mut Vec<Lot>, amount: f64, convention: Convention) -> f64 {
    let (mut open, mut tagged) = (amount, 0.0);
    while 0.0 < open && !lots.is_empty() {
        let at = if convention == Convention::Last { lots.len() - 1 } else { 0 };
        let part = lots[at].amount.min(open);
        tagged += part * lots[at].fraction;
        lots[at].amount -= part;
        open -= part;
        if lots[at].amount <= 0.0 {
            lots.remove(at);
        }
    }
    tagged
}

/// The smallest solution of `(slack_i + sum over j of weight_ij) f_i = right_i + sum over j of weight_ij
/// f_j`. `slack`: money of a known mixture; `right`: the followed part of it; `weights`, row-major: received
/// by i from j, nothing on the diagonal.
///
/// # Panics
/// If lengths do not match: the caller's own mistake.
pub fn fractions(slack: &[f64], right: &[f64], weights: &[f64]) -> Vec<f64> {
    let n = slack.len();
    assert_eq!((right.len(), weights.len()), (n, n * n), "one row a party");
    let (mut slack, mut right, mut weights) = (slack.to_vec(), right.to_vec(), weights.to_vec());
    let mut inverse = vec![0.0; n];
    for k in 0..n {
        let pivot = slack[k] + weights[k * n + k + 1..(k + 1) * n].iter().sum::<f64>();
        inverse[k] = if 0.0 < pivot { 1.0 / pivot } else { 0.0 };
        for i in k + 1..n {
            if weights[i * n + k] <= 0.0 {
                continue;
            }
            let factor = weights[i * n + k] * inverse[k];
            slack[i] += if 0.0 < pivot { factor * slack[k] } else { weights[i * n + k] };
            right[i] += factor * right[k];
            let (above, below) = weights.split_at_mut(i * n);
            let (from, into) = (&above[k * n + k + 1..(k + 1) * n], &mut below[k + 1..n]);
            into.iter_mut().zip(from).for_each(|(into, from)| *into += factor * from);
            into[i - k - 1] = 0.0;
        }
    }
    let mut fractions = vec![0.0; n];
    for k in (0..n).rev() {
        let later: f64 = (k + 1..n).map(|j| weights[k * n + j] * fractions[j]).sum();
        fractions[k] = ((right[k] + later) * inverse[k]).min(1.0);
    }
    fractions
}
