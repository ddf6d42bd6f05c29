//! Turns payments by month into how much of a party's money comes back to it, where the order within a month
//! is not known.
//!
//! ```
//! use keiretsu_methods::circularity::monthly::{Convention, MonthFlows, MonthlyWeb, Payment};
//! let pay = |payer, payee, amount| Payment { payer, payee, amount };
//! // 1 has 30 of its own; 0 pays it 10 and is paid 20 in the same month.
//! let opening = MonthFlows { payments: vec![], kept: vec![0.0, 30.0], open: vec![] };
//! let payments = vec![pay(0, 1, 10.0), pay(1, 0, 20.0)];
//! let month = MonthFlows { payments, kept: vec![0.0, 20.0], open: vec![] };
//! let web = MonthlyWeb::new(2, &[opening, month]).unwrap();
//! let bounds = web.bounds(0, None).unwrap();
//! assert_eq!((bounds.sent, bounds.lower, bounds.upper), (10.0, 0.0, 10.0));
//! let back = |convention| web.returned(0, None, convention).unwrap().iter().sum::<f64>();
//! assert_eq!([Convention::ProRata, Convention::First, Convention::Last].map(back), [5.0, 0.0, 10.0]);
//! ```
//!
//! A month pools: what a party pays in a month may carry all that it had before and all that it received in
//! the month. Money cannot come back in an earlier month than it left. The bounds are greatest flows in the
//! time-expanded graph with one node a party and month; they hold for every attribution that neither creates
//! nor destroys money, whatever the order within a month. Parties that the money cannot reach, or from which
//! it cannot come back, are no nodes: what goes there is gone.
//!
//! What a party pays and keeps beyond what it had and received has entered from elsewhere and carries nothing
//! of the money traced; what it had and received beyond what it pays and keeps has left. A party that is
//! `open` in a month has flows that nobody knows: its money may leave, or be kept, without limit.
//!
//! Invariants: 0 <= lower <= every convention <= upper <= sent, but for rounding. Absent: interest, time
//! value; lots finer than a month.

mod conventions;
mod graph;
mod reach;

use super::CircularityError;
pub use super::dated::{OUTSIDE, Payment};
pub use crate::own_money::Convention;

/// The payments of a month.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MonthFlows {
    /// In any order; those of one payer and payee are summed.
    pub payments: Vec<Payment>,
    /// Cash of each party at the end, not negative.
    pub kept: Vec<f64>,
    /// Parties of which some payments are not known.
    pub open: Vec<u32>,
}

/// Least and most that comes back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Sent to the parties traced.
    pub sent: f64,
    /// At least this comes back.
    pub lower: f64,
    /// At most this comes back.
    pub upper: f64,
}

/// Payments by month, checked and summed by pair. See [`MonthlyWeb::new`].
#[derive(Clone, Debug, PartialEq)]
pub struct MonthlyWeb {
    /// How many there are that pay or are paid; only these are computed with.
    parties: usize,
    /// The place of each party among them, if it has one.
    places: Vec<Option<u32>>,
    /// Which party each of them is.
    ids: Vec<u32>,
    months: Vec<Slice>,
}

/// A month as computed with.
#[derive(Clone, Debug, PartialEq)]
struct Slice {
    /// One for each pair that pays, by payer and payee; none of them zero.
    payments: Vec<Payment>,
    /// Cash of each party before.
    before: Vec<f64>,
    received: Vec<f64>,
    paid: Vec<f64>,
    kept: Vec<f64>,
    /// The most of any one party's money that can still be there afterwards.
    room: Vec<f64>,
    open: Vec<bool>,
}

impl Slice {
    /// Money that entered from unobserved parties.
    fn entered(&self, party: usize) -> f64 {
        (self.paid[party] + self.kept[party] - self.before[party] - self.received[party]).max(0.0)
    }

    /// Money that may leave to unobserved parties.
    fn leaves(&self, party: usize, room_before: f64) -> f64 {
        let had = self.before[party] + self.received[party];
        if self.open[party] {
            return room_before.max(self.before[party]) + self.received[party];
        }
        (had - self.paid[party] - self.kept[party]).max(0.0)
    }
}

impl MonthlyWeb {
    /// Months in their order. Before the first one all cash is zero, so that opening cash is a first month
    /// without payments.
    ///
    /// # Errors
    /// [`CircularityError::Lengths`], [`CircularityError::NoSuchParty`], [`CircularityError::NotAnAmount`],
    /// [`CircularityError::SelfFlow`].
    pub fn new(parties: usize, months: &[MonthFlows]) -> Result<Self, CircularityError> {
        months.iter().try_for_each(|month| check(parties, month))?;
        let mut places = vec![None; parties];
        let paid = months.iter().flat_map(|month| &month.payments).filter(|payment| 0.0 < payment.amount);
        for party in paid.flat_map(|payment| [payment.payer, payment.payee]).filter(|party| *party != OUTSIDE)
        {
            places[party as usize] = Some(0);
        }
        let ids: Vec<u32> = (0..parties as u32).filter(|party| places[*party as usize].is_some()).collect();
        for (place, party) in ids.iter().enumerate() {
            places[*party as usize] = Some(place as u32);
        }
        let mut web = Self { parties: ids.len(), places, ids, months: vec![] };
        for month in months {
            let month = web.placed(month);
            let next = slice(web.parties, &month, web.months.last());
            web.months.push(next);
        }
        Ok(web)
    }

    /// A month of those that pay or are paid.
    fn placed(&self, month: &MonthFlows) -> MonthFlows {
        let place = |party: u32| if party == OUTSIDE { Some(OUTSIDE) } else { self.places[party as usize] };
        let payment = |payment: &Payment| {
            let (payer, payee) = (place(payment.payer)?, place(payment.payee)?);
            Some(Payment { payer, payee, ..*payment })
        };
        MonthFlows {
            payments: month.payments.iter().filter_map(payment).collect(),
            kept: self.ids.iter().map(|party| month.kept[*party as usize]).collect(),
            open: month.open.iter().filter_map(|party| place(*party)).collect(),
        }
    }

    /// The indices of a sender and of its payees, if it has any.
    fn sender(&self, a: u32, to: Option<u32>) -> Option<(u32, Option<u32>)> {
        let place = |party: u32| self.places.get(party as usize).copied().flatten();
        Some((place(a)?, to.map(|to| place(to).ok_or(())).transpose().ok()?))
    }

    /// Money that `a` sends to parties (to `to` only, if given) in all months.
    pub fn sent(&self, a: u32, to: Option<u32>) -> f64 {
        let Some((a, to)) = self.sender(a, to) else { return 0.0 };
        let all = self.months.iter().flat_map(|month| &month.payments);
        all.filter(|payment| is_traced(payment, a, to)).map(|payment| payment.amount).sum()
    }

    /// Bounds of the returned part of the money that `a` sends (to `to` only, if given).
    ///
    /// Cost: two greatest flows with at most one node a party and month.
    ///
    /// # Errors
    /// [`CircularityError::NoSuchParty`], [`CircularityError::SelfFlow`].
    pub fn bounds(&self, a: u32, to: Option<u32>) -> Result<Bounds, CircularityError> {
        self.check(a, to)?;
        let sent = self.sent(a, to);
        let [lower, upper] = match self.sender(a, to).filter(|_| 0.0 < sent) {
            Some((a, to)) => graph::bounds(self, a, to, sent),
            None => [0.0; 2],
        };
        Ok(Bounds { sent, lower, upper })
    }

    /// The returned part, in each month, of the money that `a` sends (to `to` only, if given), by a
    /// convention.
    ///
    /// # Errors
    /// [`CircularityError::NoSuchParty`], [`CircularityError::SelfFlow`].
    pub fn returned(
        &self,
        a: u32,
        to: Option<u32>,
        convention: Convention,
    ) -> Result<Vec<f64>, CircularityError> {
        self.returned_in_part(a, to, convention, &|_, _| 1.0)
    }

    /// The same of a part of each party's payments back in each month, between 0 and 1 by month and payer,
    /// such as payments for one purpose.
    ///
    /// # Errors
    /// [`CircularityError::NoSuchParty`], [`CircularityError::SelfFlow`].
    pub fn returned_in_part(
        &self,
        a: u32,
        to: Option<u32>,
        convention: Convention,
        part: &dyn Fn(usize, u32) -> f64,
    ) -> Result<Vec<f64>, CircularityError> {
        self.check(a, to)?;
        Ok(match self.sender(a, to) {
            Some((a, to)) => {
                let part = |at: usize, payer: u32| part(at, self.ids[payer as usize]);
                conventions::returned(self, a, to, convention, &part)
            }
            None => vec![0.0; self.months.len()],
        })
    }

    /// The parties through which money of `a` (sent to `to`, if given) can come back to it.
    ///
    /// # Errors
    /// [`CircularityError::NoSuchParty`], [`CircularityError::SelfFlow`].
    pub fn between(&self, a: u32, to: Option<u32>) -> Result<Vec<u32>, CircularityError> {
        self.check(a, to)?;
        let Some((a, to)) = self.sender(a, to) else { return Ok(vec![]) };
        let needed = reach::needed(self, a, to);
        let on_a_way = |party: &usize| needed.iter().any(|month| month[*party]);
        Ok((0..self.parties).filter(on_a_way).map(|party| self.ids[party]).collect())
    }

    fn check(&self, a: u32, to: Option<u32>) -> Result<(), CircularityError> {
        if self.places.len() <= a.max(to.unwrap_or(0)) as usize {
            return Err(CircularityError::NoSuchParty);
        }
        if to == Some(a) { Err(CircularityError::SelfFlow) } else { Ok(()) }
    }
}

/// Whether the money of a payment is traced.
fn is_traced(payment: &Payment, a: u32, to: Option<u32>) -> bool {
    payment.payer == a && payment.payee != OUTSIDE && to.is_none_or(|to| to == payment.payee)
}

fn check(parties: usize, month: &MonthFlows) -> Result<(), CircularityError> {
    let amount = |x: &f64| x.is_finite() && 0.0 <= *x;
    if month.kept.len() != parties {
        return Err(CircularityError::Lengths);
    }
    if !month.kept.iter().chain(month.payments.iter().map(|payment| &payment.amount)).all(amount) {
        return Err(CircularityError::NotAnAmount);
    }
    if month.payments.iter().any(|payment| payment.payer == payment.payee) {
        return Err(CircularityError::SelfFlow);
    }
    let known = |index: u32| (index as usize) < parties || index == OUTSIDE;
    let paid = month.payments.iter().flat_map(|payment| [payment.payer, payment.payee]);
    if paid.chain(month.open.iter().copied()).all(known) {
        Ok(())
    } else {
        Err(CircularityError::NoSuchParty)
    }
}

fn slice(parties: usize, month: &MonthFlows, last: Option<&Slice>) -> Slice {
    let before = last.map_or_else(|| vec![0.0; parties], |last| last.kept.clone());
    let mut payments: Vec<Payment> = month.payments.iter().filter(|pay| 0.0 < pay.amount).copied().collect();
    payments.sort_by_key(|payment| (payment.payer, payment.payee));
    payments.dedup_by(|next, first| {
        let same = (next.payer, next.payee) == (first.payer, first.payee);
        first.amount += if same { next.amount } else { 0.0 };
        same
    });
    let (mut received, mut paid) = (vec![0.0; parties], vec![0.0; parties]);
    for payment in &payments {
        if let Some(received) = received.get_mut(payment.payee as usize) {
            *received += payment.amount;
        }
        if let Some(paid) = paid.get_mut(payment.payer as usize) {
            *paid += payment.amount;
        }
    }
    let mut open = vec![false; parties];
    for party in month.open.iter().filter(|party| **party != OUTSIDE) {
        open[*party as usize] = true;
    }
    let room = |party: usize| {
        let room_before = last.map_or(0.0, |last| last.room[party]);
        if open[party] { room_before + received[party] } else { month.kept[party] }
    };
    let room = (0..parties).map(room).collect();
    Slice { payments, before, received, paid, kept: month.kept.clone(), room, open }
}
