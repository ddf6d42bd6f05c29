//! Stakes, and what they may be worth.

use keiretsu_program::{HoldingId, Issue};
use keiretsu_program::{PartyId, Quantity};
use keiretsu_values::Set;

use super::Pass;
use super::range::OpenRange;

/// What each holding is at the end of a month.
#[derive(Default)]
pub struct Units {
    /// The stake.
    pub stake: Vec<Set>,
    /// The product of all dilutions since as-of.
    dilution: Vec<Set>,
    /// What was bought since beside a mark: a stake, or its cost where the issuer has no value.
    bought: Vec<Set>,
    /// Value of each issuer at as-of.
    start: Vec<Option<OpenRange>>,
}

impl Pass<'_> {
    /// Stakes and values at as-of.
    pub fn open_units(&mut self) {
        let program = self.program;
        let fed =
            |at: usize| program.flows.iter().any(|flow| flow.issue.is_some_and(|i| i.holding.at() == at));
        let all = program.holdings.iter().enumerate();
        let stake = all.map(|(at, holding)| match holding.stake {
            Some(slot) => match self.slot(slot) {
                Some(open) => self.set(&open).within(Set::SHARE),
                None => Set::point(self.slot_read(slot)),
            },
            None if fed(at) => Set::point(0.0),
            None => Set::SHARE,
        });
        self.units.stake = stake.collect();
        self.units.dilution = vec![Set::point(1.0); program.holdings.len()];
        self.units.bought = vec![Set::point(0.0); program.holdings.len()];
        let start = program.parties.iter().map(|party| party.value.map(|reg| self.value(reg, 0)));
        self.units.start = start.collect();
    }

    fn slot_read(&self, slot: keiretsu_program::SlotId) -> f64 {
        let target = keiretsu_program::Target::Slot(slot);
        let overlays = self.spec.overlays.iter().filter(|overlay| overlay.target == target);
        let read = self.program.slots[slot.at()].read(self.reading);
        overlays.fold(read, |read, overlay| crate::logic::changed(overlay.change, read))
    }

    /// Units of month `t`: raises first, then those given in kind, then those that payments buy.
    pub fn issue(&mut self, t: u32) {
        for at in 0..self.program.parties.len() {
            let Some(price) = self.program.parties[at].funding.and_then(|funding| funding.price) else {
                continue;
            };
            let raised = self.cleared.raised[at]
                .as_ref()
                .map_or_else(|| Set::point(self.numbers.raised(at, t)), |raised| self.set(raised));
            let pre = self.set(&self.value(price, t));
            self.dilute(PartyId(at as u32), raised, pre);
        }
        let issues: Vec<_> = self.program.flows.iter().map(|flow| flow.issue).enumerate().collect();
        for (_, issue) in &issues {
            if let Some((issue, given)) = issue.and_then(|issue| Some((issue, issue.in_kind?))) {
                let given = self.value(given, t).positive(&self.symbols);
                self.buy(issue, self.set(&given), t);
            }
        }
        for (at, issue) in issues {
            if let Some(issue) = issue {
                let paid = self.cleared.paid[at].as_ref();
                let paid = paid.map_or_else(|| Set::point(self.numbers.paid(at, t)), |paid| self.set(paid));
                self.buy(issue, paid, t);
            }
        }
    }

    fn buy(&mut self, issue: Issue, amount: Set, t: u32) {
        let at = issue.holding.at();
        let issuer = self.program.holdings[at].issuer;
        let pre = self.set(&self.value(issue.pre_money, t));
        let kept = self.dilute(issuer, amount, pre);
        let part = Set::point(1.0).plus(kept.negative());
        self.units.stake[at] = self.units.stake[at].plus(part).within(Set::SHARE);
        let valued = self.program.parties[issuer.at()].value.is_some();
        self.units.bought[at] = self.units.bought[at].plus(if valued { part } else { amount });
    }

    /// Dilutes every stake in an issuer; the part that is kept.
    fn dilute(&mut self, issuer: PartyId, amount: Set, pre: Set) -> Set {
        if amount == Set::point(0.0) {
            return Set::point(1.0);
        }
        let kept = Set { low: part(pre.low, amount.high), high: part(pre.high, amount.low) };
        let valued = self.program.parties[issuer.at()].value.is_some();
        for (at, holding) in self.program.holdings.iter().enumerate() {
            if holding.issuer == issuer {
                self.units.stake[at] = self.units.stake[at].times(kept);
                self.units.dilution[at] = self.units.dilution[at].times(kept);
                if valued {
                    self.units.bought[at] = self.units.bought[at].times(kept);
                }
            }
        }
        kept
    }

    /// Equity value of a party at the end of month `t`; none where it is not stated.
    pub fn worth(&self, party: PartyId, t: u32) -> Option<OpenRange> {
        let purse = self.purse(party);
        if self.numbers.defaulted(purse, t) && !self.may_fail[purse] {
            return Some(OpenRange::point(0.0));
        }
        let value = self.value(self.program.parties[party.at()].value?, t);
        Some(if self.may_fail[purse] { value.or(&OpenRange::point(0.0), &self.symbols) } else { value })
    }

    /// The stake of a holding.
    pub fn stake(&self, HoldingId(at): HoldingId) -> OpenRange {
        let stake = self.units.stake[at as usize];
        let slot = self.program.holdings[at as usize].stake.and_then(|slot| self.slot(slot));
        let vague = slot.is_some_and(|slot| slot.vague);
        OpenRange { vague, ..OpenRange::of(0.0, stake) }
    }

    /// What a holding is worth at the end of month `t`.
    pub fn holding(&self, holding: HoldingId, t: u32) -> OpenRange {
        let at = holding.at();
        let terms = &self.program.holdings[at];
        let purse = self.purse(terms.issuer);
        if self.numbers.defaulted(purse, t) && !self.may_fail[purse] {
            return OpenRange::point(0.0);
        }
        let symbols = &self.symbols;
        let value = self.worth(terms.issuer, t);
        let bought = OpenRange::of(0.0, self.units.bought[at]);
        let Some(mark) = terms.mark else {
            let stake = self.stake(holding);
            let stake = if self.units.stake[at].is_point() { settled(&stake, symbols) } else { stake };
            return value.map_or(OpenRange::of(0.0, Set::ALL), |value| stake.times(&value, symbols));
        };
        let mark = self.slot(mark).unwrap_or_else(|| OpenRange::point(self.slot_read(mark)));
        let (Some(value), Some(start)) = (value, self.units.start[terms.issuer.at()].clone()) else {
            return mark.plus(&settled(&bought, symbols));
        };
        let dilution = settled(&OpenRange::of(1.0, self.units.dilution[at]), symbols);
        let moved = mark.times(&value.divide(&start, symbols), symbols).times(&dilution, symbols);
        let worth = moved.plus(&settled(&bought, symbols).times(&value, symbols));
        if self.may_fail[purse] { worth.or(&OpenRange::point(0.0), symbols) } else { worth }
    }

    /// What would be lost if a party failed, as a run's exposure has it.
    pub fn exposure(&self, at: u32, t: u32) -> OpenRange {
        let terms = &self.spec.exposures[at as usize];
        let part = |part: &Quantity| self.quantity(*part, t).0;
        let sum = terms.parts.iter().map(part).fold(OpenRange::point(0.0), |sum, part| sum.plus(&part));
        let net = terms.less.iter().map(part).fold(sum, |sum, part| sum.minus(&part));
        let lost = net.positive(&self.symbols);
        if self.may_fail[self.purse(terms.debtor)] {
            lost.or(&OpenRange::point(0.0), &self.symbols)
        } else {
            lost
        }
    }
}

/// A set of one number as that number.
fn settled(range: &OpenRange, symbols: &super::Symbols) -> OpenRange {
    let set = range.set(symbols);
    if set.is_point() { OpenRange { vague: range.vague, ..OpenRange::point(set.low) } } else { range.clone() }
}

/// `pre / (pre + amount)`; any share where the price is not positive.
fn part(pre: f64, amount: f64) -> f64 {
    if amount <= 0.0 || pre == f64::INFINITY {
        return 1.0;
    }
    if pre <= 0.0 || amount == f64::INFINITY { 0.0 } else { pre / (pre + amount) }
}
