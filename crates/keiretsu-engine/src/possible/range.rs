//! A number of a month as it was read, and how far it may be from that: linear in the open slots, plus a
//! rest.
//!
//! What several numbers owe to one open slot stays shared between them (affine arithmetic: Stolfi and de
//! Figueiredo 1997), so what is paid and what is counted as paid cancel, whatever the slot is.

use std::sync::Arc;

use keiretsu_program::SharedReach;
use keiretsu_values::{Set, Value, Whole};

use super::products::{Joint, Product};
use super::shares::{Shares, Symbols};

/// Numbers that differ by less than this share of them differ by rounding.
pub(super) const ROUNDING: f64 = 1e-9;

/// `base + sum of factor x (slot less what is read of it) + products + a member of rest`.
#[derive(Clone, Debug)]
pub struct OpenRange {
    pub base: f64,
    pub(super) terms: Vec<(u32, f64)>,
    /// Shares times amounts, of which both are open.
    pub(super) products: Vec<Product>,
    pub(super) rest: Set,
    /// What falls once at most, in a month that is open: a part for each condition that stays met.
    pub(super) falls: Vec<Fall>,
    /// Whether vague words stand behind it.
    pub vague: bool,
    /// Whether it is open only because an event is unknown.
    pub blind: bool,
}

/// What a condition brings in the month in which it is first met, which may be any of several: of all those
/// months one counts, or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fall {
    /// The register of the condition.
    latch: u32,
    /// What it may bring in one of the earlier months.
    past: Set,
    /// The last month, and what it may bring then.
    month: u32,
    now: Set,
}

impl Fall {
    /// Nothing, or what it brings in one of the months.
    fn set(&self) -> Set {
        self.past.or(self.now).or(Set::point(0.0))
    }

    /// What two amounts owe to one condition, each in months of its own.
    fn add(&mut self, other: &Self) {
        let month = self.month.max(other.month);
        let (mine, theirs) = (self.by(month), other.by(month));
        self.past = mine.past.plus(theirs.past);
        (self.month, self.now) = (month, mine.now.plus(theirs.now));
    }

    /// The same as seen in a later month.
    fn by(&self, month: u32) -> Self {
        if self.month == month {
            return *self;
        }
        Self { past: self.set(), month, now: Set::point(0.0), ..*self }
    }

    fn times(self, by: Set) -> Self {
        Self { past: self.past.times(by), now: self.now.times(by), ..self }
    }
}

impl OpenRange {
    pub fn point(base: f64) -> Self {
        Self {
            base,
            terms: vec![],
            products: vec![],
            rest: Set::point(0.0),
            falls: vec![],
            vague: false,
            blind: false,
        }
    }

    /// A member of a set that falls in month `t` if the condition `latch` is first met then, all of it or a
    /// part; `base` is read.
    pub fn once(latch: u32, t: u32, base: f64, set: Set) -> Self {
        let fall = Fall { latch, past: Set::point(0.0), month: t, now: set };
        Self { rest: Set::point(-base), falls: vec![fall], ..Self::point(base) }
    }

    /// Whether it is nothing but what falls once at most.
    fn only_falls(&self) -> bool {
        let left = self.base + self.rest.low;
        let none = self.rest.is_point() && left.abs() <= ROUNDING * self.base.abs();
        none && self.terms.is_empty() && self.products.is_empty() && !self.falls.is_empty()
    }

    /// Whether that is nothing below zero.
    fn only_falls_up(&self) -> bool {
        self.only_falls() && self.falls.iter().all(|fall| 0.0 <= fall.set().low)
    }

    /// Anything from nothing to what it may be at the most, as read.
    pub fn up_to(&self, base: f64, most: f64) -> Self {
        if self.only_falls_up() {
            let falls = self.falls.iter().map(|fall| fall.times(Set::SHARE)).collect();
            return Self { rest: Set::point(-base), falls, ..Self::point(base) }.like(self);
        }
        Self::of(base, Set { low: 0.0, high: most.max(0.0) }).like(self)
    }

    /// A number of a set; `base` is what is read.
    pub fn of(base: f64, set: Set) -> Self {
        Self { rest: set.plus(Set::point(-base)), ..Self::point(base) }
    }

    /// A slot that is read as `base`.
    pub fn slot(symbol: u32, base: f64, vague: bool) -> Self {
        Self { terms: vec![(symbol, 1.0)], vague, ..Self::point(base) }
    }

    /// How far it may be from its base.
    pub fn away(&self, symbols: &Symbols) -> Set {
        let mut away = self.rest;
        for whole in &symbols.1 {
            let factor = |symbol: u32| {
                self.terms.iter().find(|(known, _)| *known == symbol).map_or(0.0, |(_, factor)| *factor)
            };
            if whole.symbols.iter().any(|symbol| factor(*symbol).abs() > 0.0) {
                away = away.plus(whole.away(factor, &symbols.0));
            }
        }
        let joints = self.joints(symbols);
        away = joints.iter().fold(away, |away, joint| away.plus(joint.away(symbols)));
        let alone = |symbol: u32| !symbols.is_share(symbol) && !self.is_joint(symbol);
        let terms = self.terms.iter().filter(|(symbol, _)| alone(*symbol));
        let shifts = terms.map(|(symbol, by)| symbols.0[*symbol as usize].times(Set::point(*by)));
        let falls = self.falls.iter().map(Fall::set);
        shifts.chain(falls).fold(away, Set::plus)
    }

    /// All that it may be.
    pub fn set(&self, symbols: &Symbols) -> Set {
        let away = self.away(symbols);
        let end = |away: f64| if away.is_finite() { cancelled(self.base, away) } else { self.base + away };
        Set { low: end(away.low), high: end(away.high) }
    }

    /// The same as linear in shares of wholes; none where no share is in it.
    pub fn shared(&self, symbols: &Symbols) -> Option<SharedReach> {
        let of = |whole: &Shares| Some((Arc::clone(&whole.whole), whole.factors(&self.terms)?, whole.read()));
        let found: Vec<_> = symbols.1.iter().filter_map(of).collect();
        let joints = self.joints(symbols);
        if found.is_empty() && joints.is_empty() {
            return None;
        }
        let read = |(_, factors, read): &(Arc<Whole>, Vec<f64>, Vec<f64>)| -> f64 {
            factors.iter().zip(read).map(|(factor, read)| factor * read).sum()
        };
        let base =
            self.base - found.iter().map(read).sum::<f64>() - joints.iter().map(Joint::read).sum::<f64>();
        let alone = |symbol: u32| !symbols.is_share(symbol) && !self.is_joint(symbol);
        let terms = self.terms.iter().filter(|(symbol, _)| alone(*symbol)).copied().collect();
        let plain = Self { base: rounded(base, self.base), terms, products: vec![], ..self.clone() };
        let exact = |factors: Vec<f64>| factors.into_iter().map(Value::exact).collect::<Vec<_>>();
        let linear = found.into_iter().map(|(whole, factors, _)| (whole, exact(factors)));
        let joint = joints.iter().map(|joint| {
            let (whole, parts) = joint.parts();
            (Arc::clone(whole), parts)
        });
        let parts = linear.chain(joint).collect();
        let base = plain.base;
        Some(SharedReach { plain: (base, plain.set(symbols)), parts })
    }

    /// Whether it is what is read, and nothing vague about it.
    pub fn is_closed(&self) -> bool {
        self.is_point() && !self.vague
    }

    /// Whether it is what is read, however vague its words.
    fn is_point(&self) -> bool {
        let open = !self.terms.is_empty() || !self.products.is_empty() || !self.falls.is_empty();
        !open && self.rest == Set::point(0.0)
    }

    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        sum.add(other);
        sum
    }

    /// Becomes the sum.
    pub fn add(&mut self, other: &Self) {
        self.base += other.base;
        self.rest = self.rest.plus(other.rest);
        self.vague |= other.vague;
        for (symbol, by) in &other.terms {
            match self.terms.iter_mut().find(|(known, _)| known == symbol) {
                Some((_, known)) => *known = cancelled(*known, *by),
                None => self.terms.push((*symbol, *by)),
            }
        }
        self.terms.retain(|(_, by)| by.abs() > 0.0);
        self.add_products(&other.products);
        for fall in &other.falls {
            match self.falls.iter_mut().find(|known| known.latch == fall.latch) {
                Some(known) => known.add(fall),
                None => self.falls.push(*fall),
            }
        }
    }

    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&other.scaled(-1.0))
    }

    pub fn scaled(&self, by: f64) -> Self {
        let mut scaled = self.clone();
        scaled.base *= by;
        scaled.rest = scaled.rest.times(Set::point(by));
        scaled.terms.iter_mut().for_each(|(_, factor)| *factor *= by);
        scaled.terms.retain(|(_, factor)| factor.abs() > 0.0);
        scaled.products.iter_mut().for_each(|product| product.factor *= by);
        scaled.products.retain(|product| product.factor.abs() > 0.0);
        scaled.falls.iter_mut().for_each(|fall| *fall = fall.times(Set::point(by)));
        scaled.falls.retain(|fall| !fall.set().is_point());
        scaled.vague &= by.abs() > 0.0;
        scaled
    }

    pub fn times(&self, other: &Self, symbols: &Symbols) -> Self {
        for (one, by) in [(self, other), (other, self)] {
            if one.is_closed() {
                return by.scaled(one.base);
            }
            // About so many times what is linear is linear, and about so.
            if one.is_point() && !by.is_point() {
                return by.scaled(one.base).like(one);
            }
        }
        if let Some(product) = self.in_products(other, symbols) {
            return product;
        }
        let base = self.base * other.base;
        for (one, by) in [(self, other), (other, self)] {
            if one.only_falls() {
                let by = by.set(symbols);
                let falls = one.falls.iter().map(|fall| fall.times(by)).collect();
                return Self { rest: Set::point(-base), falls, ..Self::point(base) }.like(self).like(other);
            }
        }
        let set = self.set(symbols).times(other.set(symbols));
        Self::of(base, set).like(self).like(other)
    }

    pub fn divide(&self, other: &Self, symbols: &Symbols) -> Self {
        if other.is_closed() && other.base.abs() > 0.0 {
            return self.scaled(1.0 / other.base);
        }
        if let Some(ratio) = self.ratio(other) {
            return Self::point(ratio).like(self).like(other);
        }
        let set = self.set(symbols).times(other.set(symbols).reciprocal());
        let base = self.base / other.base;
        Self::of(if base.is_finite() { base } else { 0.0 }, set).like(self).like(other)
    }

    /// How many times another it is, whatever the one slot in both turns out to be.
    fn ratio(&self, other: &Self) -> Option<f64> {
        let ([(one, up)], [(two, down)]) = (&self.terms[..], &other.terms[..]) else { return None };
        let others = |range: &Self| !range.falls.is_empty() || !range.products.is_empty();
        let alone =
            !others(self) && !others(other) && self.rest == Set::point(0.0) && other.rest == Set::point(0.0);
        let across = (self.base * down, other.base * up);
        let same = (across.0 - across.1).abs() <= ROUNDING * across.0.abs().max(across.1.abs());
        (one == two && alone && same).then_some(up / down)
    }

    pub fn max(&self, other: &Self, symbols: &Symbols) -> Self {
        if other.is_closed() && other.base <= 0.0 && self.only_falls_up() {
            return self.clone();
        }
        let (mine, others) = (self.set(symbols), other.set(symbols));
        let ends = [mine.low, mine.high, others.low, others.high];
        let size = ends.into_iter().map(f64::abs).filter(|end| end.is_finite()).fold(0.0, f64::max);
        // What is linear in slots has been added up, and cancels with what is read up to rounding.
        let linear = |range: &Self| range.terms.len() + range.products.len();
        let rounding = if linear(self) + linear(other) > 0 { ROUNDING * size } else { 0.0 };
        // Their difference says more where they share a slot; where they do not, it may lose the smaller one.
        let ahead = if self.shares(other) {
            self.minus(other).set(symbols)
        } else {
            let low = sign(mine.low, others.high, rounding);
            Set { low, high: sign(mine.high, others.low, rounding) }
        };
        if -rounding.min(0.5) <= ahead.low {
            return self.clone();
        }
        if ahead.high <= rounding.min(0.5) {
            return other.clone();
        }
        let set = mine.max(others);
        Self::of(self.base.max(other.base), set).like(self).like(other)
    }

    fn shares(&self, other: &Self) -> bool {
        let of = |range: &Self| -> Vec<u32> {
            let products = range.products.iter().map(|product| product.amount);
            range.terms.iter().map(|(symbol, _)| *symbol).chain(products).collect()
        };
        let mine = of(self);
        of(other).iter().any(|symbol| mine.contains(symbol))
    }

    pub fn min(&self, other: &Self, symbols: &Symbols) -> Self {
        self.scaled(-1.0).max(&other.scaled(-1.0), symbols).scaled(-1.0)
    }

    /// What is positive of it.
    pub fn positive(&self, symbols: &Symbols) -> Self {
        self.max(&Self::point(0.0), symbols)
    }

    /// Any of the two.
    pub fn or(&self, other: &Self, symbols: &Symbols) -> Self {
        // It falls, or does not: that it may fail to fall at all is in it.
        if other.is_closed() && other.base.abs() <= 0.0 && self.only_falls_up() {
            return self.up_to(self.base, 0.0);
        }
        Self::of(self.base, self.set(symbols).or(other.set(symbols))).like(self).like(other)
    }

    /// No more than `most` and not below zero.
    pub fn within(&self, most: f64, symbols: &Symbols) -> Self {
        let set = self.set(symbols).within(Set { low: 0.0, high: most.max(0.0) });
        Self::of(self.base.clamp(set.low, set.high), set).like(self)
    }

    /// As vague as another.
    pub fn like(mut self, other: &Self) -> Self {
        self.vague |= other.vague;
        self
    }

    /// The same around the number that the run has, which differs by rounding where both can be read.
    pub fn around(mut self, read: f64) -> Self {
        if read.is_finite() {
            let off = self.base - read;
            if ROUNDING * self.base.abs().max(read.abs()) < off.abs() {
                self.rest = self.rest.plus(Set::point(off));
            }
            self.base = read;
        }
        self
    }
}

/// What is left of a number, where nothing but rounding may be.
fn rounded(left: f64, of: f64) -> f64 {
    if left.abs() <= ROUNDING * of.abs() { 0.0 } else { left }
}

/// 1 where the first is more, -1 where it is less, by more than rounding.
fn sign(a: f64, b: f64, rounding: f64) -> f64 {
    f64::from(i8::from(a > b + rounding) - i8::from(a < b - rounding))
}

/// A sum of which nothing but rounding may be left.
pub(super) fn cancelled(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum.abs() <= ROUNDING * a.abs().max(b.abs()) { 0.0 } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More than 36, and something undisclosed.
    fn symbols() -> Symbols {
        Symbols(vec![Set::NOT_NEGATIVE, Set::NOT_NEGATIVE], vec![], vec![36.0, 0.0])
    }

    #[test]
    fn shares_of_one_whole_are_together_no_more_than_it() {
        // By hand: two shares of which nothing is known, and what they leave of 10: between 0 and 10 each.
        let slots = [0, 1].map(|slot| (slot, 0.0, Set::SHARE));
        let whole = Shares::new("facility".to_owned(), slots.to_vec());
        let symbols = Symbols(vec![Set::SHARE, Set::SHARE], vec![whole], vec![0.0, 0.0]);
        let [one, other] = [0, 1].map(|at| OpenRange::slot(at, 0.0, false).scaled(10.0));
        let rest = OpenRange::point(10.0).minus(&one).minus(&other);
        let all = Set { low: 0.0, high: 10.0 };
        for range in [&one, &rest, &one.plus(&other)] {
            assert_eq!(range.set(&symbols), all);
        }
        assert!(one.plus(&other).plus(&rest.positive(&symbols)).is_closed());
    }

    #[test]
    fn the_parts_of_an_open_amount_are_the_amount() {
        // By hand: up to 12, of which one has an unknown share and others the rest: 0 to 12 each, and 12 or
        // less together.
        let whole = Shares::new("facility".to_owned(), vec![(0, 0.0, Set::SHARE)]);
        let less = Set { low: -12.0, high: 0.0 };
        let symbols = Symbols(vec![Set::SHARE, less], vec![whole], vec![0.0, 12.0]);
        let (share, amount) = (OpenRange::slot(0, 0.0, false), OpenRange::slot(1, 12.0, false));
        let one = share.times(&amount, &symbols);
        let rest = OpenRange::point(1.0).minus(&share).times(&amount, &symbols);
        let all = Set { low: 0.0, high: 12.0 };
        for range in [&one, &rest, &rest.positive(&symbols), &one.plus(&rest)] {
            assert_eq!(range.set(&symbols), all, "{range:?}");
        }
        assert!(one.plus(&rest).minus(&amount).is_closed());
        // A quarter of the amount less the same of both parts is nothing.
        assert!(one.plus(&rest).scaled(0.25).minus(&amount.scaled(0.25)).is_closed());
    }

    #[test]
    fn what_is_billed_and_counted_as_billed_cancels() {
        let (total, symbols) = (OpenRange::slot(0, 36.0, false), symbols());
        let first = total.scaled(1.0 / 3.0);
        let rest = total.scaled(2.0 / 3.0).minus(&first);
        assert_eq!(rest.set(&symbols), Set { low: 12.0, high: f64::INFINITY });
        assert!(total.minus(&total).is_closed());
    }

    #[test]
    fn a_limit_that_is_reached_is_exact() {
        let (total, symbols) = (OpenRange::slot(0, 36.0, false), symbols());
        assert!(total.min(&OpenRange::point(14.0), &symbols).is_closed());
        let secret = OpenRange::slot(1, 0.0, false);
        assert_eq!(secret.min(&OpenRange::point(14.0), &symbols).set(&symbols), Set { low: 0.0, high: 14.0 });
        assert!(secret.scaled(0.0).is_closed(), "nothing of something undisclosed is nothing");
    }

    #[test]
    fn a_ratio_of_one_slot_to_itself_is_known() {
        let (worth, symbols) = (OpenRange::slot(1, 0.0, false), symbols());
        assert!(worth.scaled(1.5).divide(&worth, &symbols).is_closed());
        let other = OpenRange::point(4.0).divide(&worth, &symbols);
        assert_eq!(other.set(&symbols), Set { low: 0.0, high: f64::INFINITY });
    }
}
