//! Who may be short, what is then paid, and what that leaves in cash.

use std::rc::Rc;

use keiretsu_program::{PartyId, Reading, Target};
use keiretsu_values::Set;

use super::dues::Dues;
use super::range::OpenRange;
use super::registers::{kept, kept_as};
use super::{Cell, Pass};

/// Cash that is short by less than this part of what moves is rounding.
const ROUNDING: f64 = 1e-9;

/// What a month has moved.
#[derive(Default)]
pub struct Cleared {
    /// Due on each flow in cash, with calls.
    pub due: Vec<Cell>,
    /// Paid on each flow.
    pub paid: Vec<Cell>,
    /// Flows of which something could not be read.
    pub unread: Vec<bool>,
    /// Net cash of each purse.
    pub net: Vec<Cell>,
    /// Purses of which some payment could not be read.
    pub net_unread: Vec<bool>,
    /// Raised by each party.
    pub raised: Vec<Cell>,
    /// Of each pool of credits: used, expired, left.
    pub credits: Vec<[OpenRange; 3]>,
}

impl Pass<'_> {
    /// Everything that moves money in month `t`.
    pub fn post(&mut self, t: u32) {
        let mut dues = self.dues(t);
        let (short, calls) = self.find_short(t, &dues);
        let due = self.with_calls(t, &dues, &calls);
        self.cleared.paid = (0..due.len()).map(|at| self.paid(at, &due[at], &short, t)).collect();
        self.cleared.due = due;
        self.raise(t);
        for (at, call) in calls.iter().enumerate() {
            let flow = self.program.covers[at].call.at();
            dues.unread[flow] |= call.is_some() && self.is_dark(at, t);
        }
        for (at, call) in calls.into_iter().enumerate() {
            let guarantor = self.purse(self.program.flows[self.program.covers[at].call.at()].from);
            self.draw(at, t, call, !short[guarantor]);
        }
        self.move_cash(t, &dues);
        self.fail(t, &short);
        self.issue(t);
        self.feed(t, &dues);
        self.traced |= self.cleared.paid.iter().any(Option::is_some);
        self.cleared.unread = dues.unread;
        let credits = dues.used.into_iter().zip(&self.left);
        self.cleared.credits = credits.map(|([used, expired], left)| [used, expired, left.clone()]).collect();
    }

    /// The purses that may be short though the run may say otherwise, and what covers then call: whoever
    /// can be short and is touched by something open, unless all that it may receive is enough for all that
    /// it may owe.
    fn find_short(&self, t: u32, dues: &Dues) -> (Vec<bool>, Vec<Option<OpenRange>>) {
        let mut short = vec![false; self.program.parties.len()];
        loop {
            let covers = 0..self.program.covers.len();
            let calls: Vec<_> = covers.map(|at| self.call(at, t, dues, &short)).collect();
            let due = self.with_calls(t, dues, &calls);
            let paid: Vec<_> = (0..due.len()).map(|at| self.paid(at, &due[at], &short, t)).collect();
            let found = (0..short.len()).filter(|purse| !short[*purse]);
            let found: Vec<_> = found.filter(|purse| self.may_be_short(*purse, t, &due, &paid)).collect();
            if found.is_empty() {
                return (short, calls);
            }
            for purse in found {
                short[purse] = true;
            }
        }
    }

    fn may_be_short(&self, purse: usize, t: u32, due: &[Cell], paid: &[Cell]) -> bool {
        let party = &self.program.parties[purse];
        if party.funding.is_none() || party.cash.is_none() || party.purse.at() != purse {
            return false;
        }
        let (left, touched, moved) = self.after(purse, t, due, paid);
        touched && self.set(&left).low < -ROUNDING * moved.max(1.0)
    }

    /// What a purse has left once it has paid what is due, whether anything open touches that, and how much
    /// moves.
    fn after(&self, purse: usize, t: u32, due: &[Cell], paid: &[Cell]) -> (OpenRange, bool, f64) {
        let mut left = self.cash_before(purse, t);
        let mut moved = left.base.abs();
        for &at in &self.flows[purse] {
            let from = self.purse(self.program.flows[at].from);
            let (cell, read, sign) = if from == purse {
                (&due[at], self.numbers.due(at, t), -1.0)
            } else {
                (&paid[at], self.numbers.paid(at, t), 1.0)
            };
            moved += cell.as_ref().map_or(read, |cell| cell.base).abs();
            match cell.as_deref() {
                None => left.base += sign * read,
                Some(amount) if from == purse => left.add(&amount.scaled(-1.0)),
                Some(amount) => left.add(amount),
            }
        }
        // What is open in several payments may cancel in their sum.
        let touched = !left.is_closed() || self.may_fail[purse];
        (left, touched, moved)
    }

    /// Cash of a purse at the end of last month.
    fn cash_before(&self, purse: usize, t: u32) -> OpenRange {
        let known = || {
            let opening = self.program.parties[purse].cash;
            let read = match t {
                1 => opening.map_or(0.0, |slot| self.program.slots[slot.at()].read(self.reading)),
                _ => self.numbers.cash(purse, t - 1),
            };
            OpenRange::point(if read.is_finite() { read } else { 0.0 })
        };
        self.cash[purse].as_deref().cloned().unwrap_or_else(known)
    }

    fn with_calls(&self, t: u32, dues: &Dues, calls: &[Option<OpenRange>]) -> Vec<Cell> {
        let mut due = dues.due.clone();
        for (cover, call) in self.program.covers.iter().zip(calls) {
            let at = cover.call.at();
            let Some(call) = call else { continue };
            let own = due[at].as_deref().cloned();
            let own =
                own.unwrap_or_else(|| self.value(self.program.flows[at].amount, t).positive(&self.symbols));
            due[at] = kept(Some(own.plus(call)), self.numbers.due(at, t));
        }
        due
    }

    /// What is paid of what is due.
    fn paid(&self, at: usize, due: &Cell, short: &[bool], t: u32) -> Cell {
        let flow = &self.program.flows[at];
        let (from, to) = (self.purse(flow.from), self.purse(flow.to));
        let read = self.numbers.paid(at, t);
        let whole = || OpenRange::point(self.numbers.due(at, t));
        if from != to && short[from] {
            let due = due.as_deref().cloned().unwrap_or_else(whole);
            return kept(Some(due.up_to(read, self.set(&due).high)), read);
        }
        kept_as(due, read)
    }

    /// Who may raise another amount than the run has: anything from nothing.
    fn raise(&mut self, t: u32) {
        let parties = self.program.parties.len();
        self.cleared.raised = vec![None; parties];
        let mut most = vec![0.0; parties];
        for (at, party) in self.program.parties.iter().enumerate() {
            let Some(funding) = party.funding else { continue };
            let (after, touched, moved) = self.after(at, t, &self.cleared.due, &self.cleared.paid);
            let out = self.cash_before(at, t).minus(&after);
            most[at] = self.set(&out).high;
            let recent = self.outflow.iter().rev().take(2).map(|month| month[at]);
            let months: Vec<f64> = recent.chain([most[at]]).collect();
            let burn = (months.iter().sum::<f64>() / months.len() as f64).max(0.0);
            let enough = (funding.keep * burn).max(0.0) - ROUNDING * moved.max(1.0);
            let never = self.reading == Reading::Firm || funding.price.is_none();
            if touched && !never && self.set(&after).low < enough {
                let range = OpenRange::of(0.0, Set::NOT_NEGATIVE);
                self.cleared.raised[at] = kept(Some(range), self.numbers.raised(at, t));
            }
        }
        self.outflow.push(most);
    }

    /// Net cash of the month, and cash at its end.
    fn move_cash(&mut self, t: u32, dues: &Dues) {
        let parties = self.program.parties.len();
        let mut away: Vec<Option<OpenRange>> = vec![None; parties];
        let mut add = |purse: usize, range: OpenRange| {
            away[purse].get_or_insert_with(|| OpenRange::point(0.0)).add(&range);
        };
        let mut unread = vec![false; parties];
        for (at, flow) in self.program.flows.iter().enumerate() {
            let (from, to) = (self.purse(flow.from), self.purse(flow.to));
            if from == to {
                continue;
            }
            for purse in [from, to] {
                unread[purse] |= dues.unread[at];
            }
            if let Some(paid) = &self.cleared.paid[at] {
                let away = OpenRange { base: 0.0, ..(**paid).clone() };
                add(from, away.scaled(-1.0));
                add(to, away);
            }
        }
        for (at, raised) in self.cleared.raised.iter().enumerate() {
            if let Some(raised) = raised {
                add(at, OpenRange { base: 0.0, ..(**raised).clone() });
            }
        }
        for (purse, brought) in self.estates(t) {
            add(purse, brought);
            unread[purse] = true;
        }
        self.cleared.net = vec![None; parties];
        for (at, away) in away.into_iter().enumerate() {
            self.in_the_dark[at] |= unread[at];
            let read = self.numbers.net(at, t);
            let net = away.map(|away| OpenRange { base: read, ..away });
            let before = self.cash_before(at, t);
            let open = net.is_some() || self.cash[at].is_some();
            let after = before.plus(&net.clone().unwrap_or_else(|| OpenRange::point(read)));
            self.cash[at] = if open { kept(Some(after), self.numbers.cash(at, t)) } else { None };
            self.cleared.net[at] = kept(net, read);
        }
        self.cleared.net_unread = unread;
    }

    /// What estates may bring otherwise than the run has, by purse.
    fn estates(&self, t: u32) -> Vec<(usize, OpenRange)> {
        let mut found = vec![];
        for purse in 0..self.program.parties.len() {
            let now = self.numbers.defaulted(purse, t) && !self.numbers.defaulted(purse, t - 1);
            if !(self.may_fail[purse] || now && self.is_open_estate(purse, t)) {
                continue;
            }
            for heir in self.heirs(purse) {
                let brought = self.brought(heir, t).max(0.0);
                let set = Set { low: -brought, high: f64::INFINITY };
                found.push((heir, OpenRange::of(0.0, set)));
            }
        }
        found
    }

    /// What the run has a purse receive beside flows and what it raises.
    fn brought(&self, purse: usize, t: u32) -> f64 {
        let sign = |at: usize| if self.purse(self.program.flows[at].to) == purse { 1.0 } else { -1.0 };
        let moved: f64 = self.flows[purse].iter().map(|at| sign(*at) * self.numbers.paid(*at, t)).sum();
        self.numbers.net(purse, t) - moved - self.numbers.raised(purse, t)
    }

    fn is_open_estate(&self, purse: usize, t: u32) -> bool {
        let open = |reg: keiretsu_program::Reg| self.history[t as usize][reg.0 as usize].is_some();
        let claims = self.program.claims.iter().filter(|claim| self.purse(claim.debtor) == purse);
        let mut holdings = self.program.holdings.iter().zip(&self.units.stake);
        let mut flows = self.program.flows.iter().zip(&self.cleared.due);
        self.cash[purse].is_some()
            || self.program.parties[purse].recovery.is_some_and(open)
            || claims.into_iter().any(|claim| open(claim.amount))
            || holdings.any(|(holding, stake)| self.purse(holding.issuer) == purse && !stake.is_point())
            || flows.any(|(flow, due)| {
                [flow.from, flow.to].into_iter().any(|party| self.purse(party) == purse) && due.is_some()
            })
    }

    /// Who may get something from the estate of a purse.
    fn heirs(&self, purse: usize) -> Vec<usize> {
        let claims = self.program.claims.iter().filter(|claim| self.purse(claim.debtor) == purse);
        let holdings = self.program.holdings.iter().filter(|holding| self.purse(holding.issuer) == purse);
        let covers = self.program.covers.iter().map(|cover| self.program.flows[cover.call.at()].from);
        let flows = self.program.flows.iter().filter(|flow| self.purse(flow.from) == purse);
        let parties = claims.map(|claim| claim.creditor).chain(holdings.map(|holding| holding.owner));
        let mut heirs: Vec<usize> =
            parties.chain(covers).chain(flows.map(|flow| flow.to)).map(|party| self.purse(party)).collect();
        heirs.sort_unstable();
        heirs.dedup();
        heirs.retain(|heir| *heir != purse);
        heirs
    }

    /// Who has failed for certain this month, and who may have.
    fn fail(&mut self, t: u32, short: &[bool]) {
        for (purse, is_short) in short.iter().enumerate() {
            let target = Target::Default(PartyId(purse as u32));
            let mut struck = self.spec.overlays.iter().filter(|overlay| overlay.target == target);
            let party = &self.program.parties[purse];
            if struck.any(|overlay| overlay.from == t) && self.numbers.defaulted(purse, t) {
                self.may_fail[purse] = false;
                self.cash[purse] = None;
                self.in_the_dark[purse] = false;
            } else if *is_short && party.funding.is_some_and(|funding| funding.default) {
                self.may_fail[purse] = true;
            }
            if self.may_fail[purse] {
                let cash = self.cash[purse].as_deref().cloned();
                let read = self.numbers.cash(purse, t);
                let cash = cash.unwrap_or_else(|| OpenRange::point(read));
                let cash = cash.or(&OpenRange::point(0.0), &self.symbols);
                self.cash[purse] = Some(Rc::new(cash));
            }
        }
    }
}
