//! A number of a month as it was read, and how far it may be from that: linear in the open slots, plus a
//! rest.
//!
//! What several numbers owe to one open slot stays shared between them (affine arithmetic: Stolfi and de
//! Figueiredo 1997), so what is paid and what is counted as paid cancel, whatever the slot is.

use keiretsu_values::Set;

/// Numbers that differ by less than this share of them differ by rounding.
const ROUNDING: f64 = 1e-9;

/// By how much each open slot may be away from what is read of it.
#[derive(Clone, Debug, Default)]
pub struct Symbols(pub Vec<Set>);

/// `base + sum of factor x (slot less what is read of it) + a member of rest`.
#[derive(Clone, Debug)]
pub struct Range {
    pub base: f64,
    pub(super) terms: Vec<(u32, f64)>,
    pub(super) rest: Set,
    /// Whether vague words stand behind it.
    pub vague: bool,
    /// Whether it is open only because nobody knows of an event.
    pub blind: bool,
}

impl Range {
    pub fn point(base: f64) -> Self {
        Self { base, terms: vec![], rest: Set::point(0.0), vague: false, blind: false }
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
        let terms = self.terms.iter();
        let shifts = terms.map(|(symbol, by)| symbols.0[*symbol as usize].times(Set::point(*by)));
        shifts.fold(self.rest, Set::plus)
    }

    /// All that it may be.
    pub fn set(&self, symbols: &Symbols) -> Set {
        Set::point(self.base).plus(self.away(symbols))
    }

    /// Whether it is what is read, and nothing vague about it.
    pub fn is_closed(&self) -> bool {
        self.terms.is_empty() && self.rest == Set::point(0.0) && !self.vague
    }

    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        sum.base += other.base;
        sum.rest = sum.rest.plus(other.rest);
        sum.vague |= other.vague;
        for (symbol, by) in &other.terms {
            match sum.terms.iter_mut().find(|(known, _)| known == symbol) {
                Some((_, known)) => *known = cancelled(*known, *by),
                None => sum.terms.push((*symbol, *by)),
            }
        }
        sum.terms.retain(|(_, by)| by.abs() > 0.0);
        sum
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
        scaled.vague &= by.abs() > 0.0;
        scaled
    }

    pub fn times(&self, other: &Self, symbols: &Symbols) -> Self {
        if self.is_closed() {
            return other.scaled(self.base);
        }
        if other.is_closed() {
            return self.scaled(other.base);
        }
        let set = self.set(symbols).times(other.set(symbols));
        Self::of(self.base * other.base, set).like(self).like(other)
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
        let alone = self.rest == Set::point(0.0) && other.rest == Set::point(0.0);
        let across = (self.base * down, other.base * up);
        let same = (across.0 - across.1).abs() <= ROUNDING * across.0.abs().max(across.1.abs());
        (one == two && alone && same).then_some(up / down)
    }

    pub fn max(&self, other: &Self, symbols: &Symbols) -> Self {
        let ahead = self.minus(other).set(symbols);
        if 0.0 <= ahead.low {
            return self.clone();
        }
        if ahead.high <= 0.0 {
            return other.clone();
        }
        let set = self.set(symbols).max(other.set(symbols));
        Self::of(self.base.max(other.base), set).like(self).like(other)
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

/// A sum of which nothing but rounding may be left.
fn cancelled(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum.abs() <= ROUNDING * a.abs().max(b.abs()) { 0.0 } else { sum }
}
