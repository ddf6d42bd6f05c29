//! Turns dated payments into how much of a party's money comes back to it, after it left.
//!
//! ```
//! use keiretsu_methods::circularity::dated::{OUTSIDE, Payment, returned};
//! let pay = |payer, payee, amount| Payment { payer, payee, amount };
//! let back = returned(&[0.0; 2], &[pay(0, 1, 3.0), pay(OUTSIDE, 1, 7.0), pay(1, 0, 3.0)], 0, None).unwrap();
//! assert_eq!((back.lower, back.upper), (0.0, 3.0));
//! assert!((back.pro_rata - 0.9).abs() < 1e-15);
//! ```
//!
//! Bounds are greatest flows in the time-expanded graph: a node for each party after each of its payments,
//! arcs for payments, and arcs for what it keeps until the next one, as wide as its balance. Between the
//! bounds lies the convention pro rata: every payment carries the payer's average.
//!
//! The bounds and pro rata are those of [`super::monthly`] with one payment a month (a test holds one against
//! the other). This one needs two numbers a payment, that one several for each party and month.
//! Absent: interest on what is kept, and time value: a return in year nine counts as one in year one; other
//! conventions ([`super::monthly`] has them).

use super::{BALANCE_TOLERANCE, CircularityError, Returned, between, within};
use crate::max_flow::FlowNetwork;

/// The other side of a payment that enters or leaves the web.
pub const OUTSIDE: u32 = u32::MAX;

/// One payment. A slice of them is in order of time; the order within a day counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payment {
    /// The payer, or [`OUTSIDE`].
    pub payer: u32,
    /// The payee, or [`OUTSIDE`].
    pub payee: u32,
    /// Money, not negative.
    pub amount: f64,
}

/// The returned part of the money that `a` sends (to `to` only, if given). `opening`: opening cash of each
/// party; that of `a` does not matter.
///
/// Cost: pro rata is linear in payments; the bounds are greatest flows with two nodes a payment.
///
/// # Errors
/// [`CircularityError::NoSuchParty`], [`CircularityError::NotAnAmount`], [`CircularityError::SelfFlow`],
/// [`CircularityError::Overdrawn`].
pub fn returned(
    opening: &[f64],
    payments: &[Payment],
    a: u32,
    to: Option<u32>,
) -> Result<Returned, CircularityError> {
    check(opening, payments, a, to)?;
    let traced = |payment: &Payment| {
        payment.payer == a && to.map_or(payment.payee != OUTSIDE, |to| to == payment.payee)
    };
    let sent = payments.iter().filter(|payment| traced(payment)).map(|payment| payment.amount).sum();
    let mut averages = Averages::new(opening);
    let mut graph = Graph::new(opening);
    let mut pro_rata = 0.0;
    for payment in payments {
        let step = Step { payment, a, traced: traced(payment) };
        pro_rata += averages.pay(&step)?;
        graph.pay(&step);
    }
    let [lower, upper] = graph.bounds(sent);
    Ok(Returned { sent, lower, pro_rata: within(pro_rata, lower, upper, sent), upper })
}

/// The least opening balances with which no party pays more than it has.
///
/// # Errors
/// [`CircularityError::NoSuchParty`], [`CircularityError::NotAnAmount`], [`CircularityError::SelfFlow`].
pub fn opening_least(parties: usize, payments: &[Payment]) -> Result<Vec<f64>, CircularityError> {
    let mut opening = vec![0.0_f64; parties];
    check(&opening, payments, 0, None)?;
    let mut balance = vec![0.0; parties];
    for payment in payments {
        if let Some(balance) = balance.get_mut(payment.payer as usize) {
            *balance -= payment.amount;
            opening[payment.payer as usize] = opening[payment.payer as usize].max(-*balance);
        }
        if let Some(balance) = balance.get_mut(payment.payee as usize) {
            *balance += payment.amount;
        }
    }
    Ok(opening)
}

/// A payment, and whether it carries money of the party traced from its start.
struct Step<'a> {
    payment: &'a Payment,
    a: u32,
    traced: bool,
}

impl Step<'_> {
    /// The payer, if its cash decides the content of the payment.
    fn payer(&self) -> Option<usize> {
        let payer = self.payment.payer;
        (payer != self.a && payer != OUTSIDE).then_some(payer as usize)
    }

    /// The payee, if it keeps its receipts.
    fn payee(&self) -> Option<usize> {
        let payee = self.payment.payee;
        (payee != self.a && payee != OUTSIDE).then_some(payee as usize)
    }

    fn returns(&self) -> bool {
        self.payment.payee == self.a
    }
}

/// Balances and the marked part of each.
struct Averages {
    balance: Vec<f64>,
    received: Vec<f64>,
    marked: Vec<f64>,
}

impl Averages {
    fn new(opening: &[f64]) -> Self {
        Averages { balance: opening.to_vec(), received: opening.to_vec(), marked: vec![0.0; opening.len()] }
    }

    /// Moves money; returns the part of the marked money that comes back.
    fn pay(&mut self, step: &Step<'_>) -> Result<f64, CircularityError> {
        let amount = step.payment.amount;
        let mut marked = if step.traced { amount } else { 0.0 };
        if let Some(payer) = step.payer() {
            // Short by no more than rounding of all that was ever received.
            if self.balance[payer] + BALANCE_TOLERANCE * self.received[payer] < amount {
                return Err(CircularityError::Overdrawn);
            }
            let share = if 0.0 < self.balance[payer] { (amount / self.balance[payer]).min(1.0) } else { 0.0 };
            marked = self.marked[payer] * share;
            self.marked[payer] -= marked;
            self.balance[payer] = (self.balance[payer] - amount).max(0.0);
        }
        if let Some(payee) = step.payee() {
            self.balance[payee] += amount;
            self.received[payee] += amount;
            self.marked[payee] += marked;
        }
        Ok(if step.returns() { marked } else { 0.0 })
    }
}

/// The time-expanded graph under construction.
struct Graph {
    network: FlowNetwork,
    source: u32,
    back: u32,
    outside: u32,
    /// Each party's latest node, and its balance.
    now: Vec<u32>,
    balance: Vec<f64>,
}

impl Graph {
    fn new(opening: &[f64]) -> Self {
        let mut network = FlowNetwork::default();
        let (source, back, outside) = (network.node(), network.node(), network.node());
        let now = opening.iter().map(|_| network.node()).collect();
        Graph { network, source, back, outside, now, balance: opening.to_vec() }
    }

    fn pay(&mut self, step: &Step<'_>) {
        let amount = step.payment.amount;
        let from = match step.payer() {
            Some(payer) => {
                self.balance[payer] = (self.balance[payer] - amount).max(0.0);
                let from = self.now[payer];
                self.keep(payer);
                Some(from)
            }
            None => step.traced.then_some(self.source),
        };
        let to = match step.payee() {
            Some(payee) => {
                self.keep(payee);
                self.balance[payee] += amount;
                self.now[payee]
            }
            None => {
                if step.returns() {
                    self.back
                } else {
                    self.outside
                }
            }
        };
        if let Some(from) = from {
            self.network.edge(from, to, amount, 0);
        }
    }

    /// Carries the cash of a party to a new node.
    fn keep(&mut self, party: usize) {
        let next = self.network.node();
        self.network.edge(self.now[party], next, self.balance[party], 0);
        self.now[party] = next;
    }

    /// Least and most that comes back; money kept at the end does not.
    fn bounds(mut self, sent: f64) -> [f64; 2] {
        for (node, balance) in self.now.iter().zip(&self.balance) {
            self.network.edge(*node, self.outside, *balance, 0);
        }
        let stays = self.network.clone().fill(self.source, self.outside);
        between(sent - stays, self.network.fill(self.source, self.back), sent)
    }
}

fn check(opening: &[f64], payments: &[Payment], a: u32, to: Option<u32>) -> Result<(), CircularityError> {
    let party = |index: u32| (index as usize) < opening.len();
    let amount = |x: &f64| x.is_finite() && 0.0 <= *x;
    if !opening.iter().chain(payments.iter().map(|payment| &payment.amount)).all(amount) {
        return Err(CircularityError::NotAnAmount);
    }
    if to == Some(a) || payments.iter().any(|payment| payment.payer == payment.payee) {
        return Err(CircularityError::SelfFlow);
    }
    let known = |index: u32| party(index) || index == OUTSIDE;
    let all_known = payments.iter().all(|payment| known(payment.payer) && known(payment.payee));
    let traced_known = opening.is_empty() || party(a) && to.is_none_or(party);
    if all_known && traced_known { Ok(()) } else { Err(CircularityError::NoSuchParty) }
}
