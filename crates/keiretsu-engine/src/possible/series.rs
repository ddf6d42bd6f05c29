//! What numbers may be, gathered over the pieces of time that probes ask for.

use std::sync::Arc;

use keiretsu_program::{Possible, Program, Quantity, Reach, RunSpec, Series};
use keiretsu_values::Set;

use super::Pass;
use super::range::OpenRange;

/// A probe, and what is known of its pieces.
struct Watched {
    quantity: Quantity,
    /// First and last month of each piece.
    pieces: Vec<(u32, u32)>,
    /// The piece that a month comes to next: what it may be so far, and whether a part could not be read.
    next: usize,
    sum: OpenRange,
    unread: bool,
    /// Of the pieces that are over, once one of them is open.
    reaches: Vec<Reach>,
}

/// The pieces of all probes.
pub struct Pieces(Vec<Watched>);

impl Pieces {
    pub fn new(program: &Program, spec: &RunSpec) -> Self {
        let watched = |probe: &keiretsu_program::Probe| Watched {
            quantity: probe.quantity,
            pieces: probe.span.pieces(program),
            next: 0,
            sum: OpenRange::point(0.0),
            unread: false,
            reaches: vec![],
        };
        Self(spec.probes.iter().map(watched).collect())
    }

    /// Adds month `t`; months come in their order.
    pub fn month(&mut self, pass: &Pass<'_>, t: u32, series: &[Series]) {
        for (watched, series) in self.0.iter_mut().zip(series) {
            watched.month(pass, t, series);
        }
    }

    /// Says it of each series in which something is open.
    pub fn finish(self, series: &mut [Series]) {
        for (watched, series) in self.0.into_iter().zip(series) {
            series.possible = watched.reaches;
        }
    }
}

impl Watched {
    fn month(&mut self, pass: &Pass<'_>, t: u32, series: &Series) {
        let Some((first, last)) = self.pieces.get(self.next).copied() else { return };
        if if self.quantity.is_flow() { first <= t } else { last == t } {
            let (range, unread) = pass.quantity(self.quantity, t);
            self.sum.add(&range);
            self.unread |= unread;
        }
        if last == t {
            self.end(pass, series);
        }
    }

    /// A piece is over.
    fn end(&mut self, pass: &Pass<'_>, series: &Series) {
        let read = series.mean[self.next];
        let sum = std::mem::replace(&mut self.sum, OpenRange::point(0.0)).around(read);
        let unread = std::mem::take(&mut self.unread) || !read.is_finite();
        let reach = reach(pass, &sum, unread);
        let open = !reach.possible.is_only() || reach.unread;
        if open && self.reaches.is_empty() {
            let before = series.mean[..self.next].iter();
            self.reaches.reserve(self.pieces.len());
            self.reaches.extend(before.map(|read| self::reach(pass, &OpenRange::point(*read), false)));
        }
        if open || !self.reaches.is_empty() {
            self.reaches.push(reach);
        }
        self.next += 1;
    }
}

fn reach(pass: &Pass<'_>, sum: &OpenRange, unread: bool) -> Reach {
    let possible = Possible { set: pass.set(sum), vague: sum.vague };
    Reach { possible, unread, shared: sum.shared(&pass.symbols).map(Arc::new) }
}

impl Pass<'_> {
    /// What a quantity may be in month `t`, and whether a part of it could not be read.
    pub fn quantity(&self, quantity: Quantity, t: u32) -> (OpenRange, bool) {
        let read = self.numbers.quantity(quantity, t);
        let known = |cell: &super::Cell| cell.as_deref().cloned().unwrap_or_else(|| OpenRange::point(read));
        let cleared = &self.cleared;
        let (range, unread) = match quantity {
            Quantity::Due(flow) => (known(&cleared.due[flow.at()]), cleared.unread[flow.at()]),
            Quantity::Payment(flow) => (known(&cleared.paid[flow.at()]), cleared.unread[flow.at()]),
            Quantity::Net(party) => {
                let purse = self.purse(party);
                (known(&cleared.net[purse]), cleared.net_unread[purse])
            }
            Quantity::Cash(party) => {
                let purse = self.purse(party);
                (known(&self.cash[purse]), self.in_the_dark[purse])
            }
            Quantity::Raised(party) => (known(&cleared.raised[self.purse(party)]), false),
            Quantity::Defaulted(party) if self.may_fail[self.purse(party)] => {
                (OpenRange::of(0.0, Set::SHARE), false)
            }
            Quantity::Shortfall(party) => (self.shortfall(self.purse(party), read, t), false),
            Quantity::Factor(factor) => (self.level(factor, read, t), false),
            Quantity::Register(reg) => (self.value(reg, t), false),
            Quantity::Value(party) => (self.worth(party, t).unwrap_or(OpenRange::of(0.0, Set::ALL)), false),
            Quantity::Holding(holding) => (self.holding(holding, t), false),
            Quantity::Stake(holding) => (self.stake(holding), false),
            Quantity::CreditsUsed(pool) => {
                (cleared.credits[pool.at()][0].clone(), self.dark_pools[pool.at()])
            }
            Quantity::CreditsExpired(pool) => {
                (cleared.credits[pool.at()][1].clone(), self.dark_pools[pool.at()])
            }
            Quantity::CreditsLeft(pool) => {
                (cleared.credits[pool.at()][2].clone(), self.dark_pools[pool.at()])
            }
            Quantity::Drawn(cover) => (known(&self.drawn[cover.at()]), false),
            Quantity::OwnReceipts { party, .. } if self.traced => {
                (self.own_receipts(self.purse(party), t), false)
            }
            Quantity::Exposure(at) | Quantity::ExposureAtDefault(at) => (self.exposure(at, t), false),
            Quantity::Defaulted(_) | Quantity::OwnReceipts { .. } => (OpenRange::point(read), false),
        };
        (range.around(read), unread || !read.is_finite())
    }

    fn shortfall(&self, purse: usize, read: f64, t: u32) -> OpenRange {
        let out = self.program.flows.iter().enumerate().filter(|(_, flow)| self.purse(flow.from) == purse);
        let mut most = 0.0;
        let mut least = 0.0;
        for (at, _) in out.filter(|(_, flow)| self.purse(flow.to) != purse) {
            let set = |cell: &super::Cell, read| cell.as_deref().map_or(Set::point(read), |x| self.set(x));
            let due = set(&self.cleared.due[at], self.numbers.due(at, t));
            let paid = set(&self.cleared.paid[at], self.numbers.paid(at, t));
            let open = self.cleared.paid[at].is_some();
            // Who is not short pays all of it.
            let same = open && (due.high - paid.high).abs() <= 0.0 && (due.low - paid.low).abs() <= 0.0;
            if !same {
                most += if open { due.high } else { (due.high - paid.low).max(0.0) };
                least += (due.low - paid.high).max(0.0);
            }
        }
        OpenRange::of(read, Set { low: least, high: most })
    }

    /// Own money may be any part of what is received, once some payment has been open.
    fn own_receipts(&self, purse: usize, t: u32) -> OpenRange {
        let received = self.program.flows.iter().enumerate().filter(|(_, flow)| self.purse(flow.to) == purse);
        let most = received.map(|(at, _)| {
            let paid = self.cleared.paid[at].as_deref();
            paid.map_or_else(|| self.numbers.paid(at, t), |paid| self.set(paid).high)
        });
        OpenRange::of(0.0, Set { low: 0.0, high: most.sum() })
    }
}
