//! A value: an amount as read, the set of possible amounts, and whether the words are vague.
//!
//! "up to $20B" at its cap is 20 in [0, 20]; "more than $100B" is 100 in [100, ∞); an undisclosed amount has
//! nothing as read and [0, ∞). Arithmetic works on all three. What a value cannot read adds nothing to its
//! amount and opens its set, so unknown is never zero and never dropped. Marks are made by
//! [`Value::bound`], when a value is shown. Parts of one whole know that they are ([`Whole`]).
//!
//! Invariants: sums and products are commutative and associative up to rounding; the set of a result holds
//! the results of all members of the operands.

mod split;

use std::sync::Arc;

use self::split::Split;
pub use self::split::Whole;
use crate::{Bound, Set};

/// Amounts that differ by less than this share are one amount: sums in another order differ by that much.
const SAME: f64 = 1e-12;

/// An amount in base units (dollars, GW, fractions), or unknown.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The sum of the known parts; zero where there is none.
    read: f64,
    /// The possible range.
    set: Set,
    /// Whether it comes from words such as "about".
    vague: bool,
    /// Why a part of it cannot be read, in the user's words.
    unread: Option<Arc<str>>,
    /// The parts of wholes in it, of which the sum is tighter than that of intervals.
    split: Option<Arc<Split>>,
}

impl Value {
    /// An amount as read with the set of possible amounts; without a number it is unknown.
    pub fn new(read: f64, set: Set) -> Self {
        if !read.is_finite() || set.low.is_nan() || set.high.is_nan() {
            return Self::unknown("not a finite number");
        }
        Self { read, set: set.or(Set::point(read)), vague: false, unread: None, split: None }.settled()
    }

    /// An exact amount.
    pub fn exact(amount: f64) -> Self {
        Self::new(amount, Set::point(amount))
    }

    /// An amount or more.
    pub fn at_least(amount: f64) -> Self {
        Self::new(amount, Set { low: amount, high: f64::INFINITY })
    }

    /// An amount or less, but not below zero.
    pub fn at_most(amount: f64) -> Self {
        Self::new(amount, Set::between(0.0, amount))
    }

    /// Roughly an amount.
    pub fn about(amount: f64) -> Self {
        Self::exact(amount).vaguely()
    }

    /// An amount of which a mark is all that is known.
    pub fn known(amount: f64, bound: Bound) -> Self {
        let (low, high) =
            (Set { low: f64::NEG_INFINITY, high: amount }, Set { low: amount, high: f64::INFINITY });
        let value = match bound {
            Bound::Exact | Bound::About => Self::exact(amount),
            Bound::AtLeast | Bound::AboutAtLeast => Self::new(amount, high),
            Bound::AtMost | Bound::AboutAtMost => Self::new(amount, low),
            Bound::Open => Self::new(amount, Set::ALL),
        };
        let vague = matches!(bound, Bound::About | Bound::AboutAtLeast | Bound::AboutAtMost);
        if vague { value.vaguely() } else { value }
    }

    /// Nothing can be read, and nothing bounds it; the reason is for the reader.
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::unread(reason, Set::ALL)
    }

    /// Nothing can be read of an amount that cannot be negative.
    pub fn undisclosed(reason: impl Into<String>) -> Self {
        Self::unread(reason, Set::NOT_NEGATIVE)
    }

    /// An unknown amount in a set, which is widened to hold zero: an unread part adds nothing.
    pub fn unread(reason: impl Into<String>, set: Set) -> Self {
        let reason: String = reason.into();
        let (set, unread) = (set.or(Set::point(0.0)), Some(reason.into()));
        Self { read: 0.0, set, vague: false, unread, split: None }.settled()
    }

    /// An amount with only a part known, in the set of the whole.
    pub fn partly(read: f64, set: Set, reason: impl Into<String>) -> Self {
        let reason: String = reason.into();
        let part = Self::new(read, set);
        if part.amount().is_none() { part } else { Self { unread: Some(reason.into()), ..part }.settled() }
    }

    /// The same amount in vague words.
    #[must_use]
    pub fn vaguely(mut self) -> Self {
        if let Some(split) = self.split.take() {
            self.split = Some(Arc::new(split.map(|part| part.clone().vaguely())));
        }
        self.vague = !self.is_zero();
        self
    }

    /// The same amount, of which the words leave only members of a set.
    #[must_use]
    pub fn within(mut self, set: Set) -> Self {
        if self.amount().is_some() {
            self.read = self.read.clamp(set.low, set.high);
        }
        let within = self.set.within(set).or(Set::point(self.read));
        if !is_like_set(self.set, within) {
            self.split = None;
        }
        self.set = within;
        self.settled()
    }

    /// The same amount, which may be more or less by a part that cannot be read.
    #[must_use]
    pub fn with_unread(&self, reason: &str, set: Set) -> Self {
        self.plus(&Self::unread(reason, set))
    }

    /// The same amount, with a name for its unknown part if it has none yet.
    #[must_use]
    pub fn named(mut self, what: &str) -> Self {
        if let Some(why) = self.unread.as_deref().filter(|why| !what.is_empty() && !why.contains(": ")) {
            self.unread = Some(format!("{what}: {why}").into());
            self.split = self.split.map(|split| Arc::new(split.map(|part| part.clone().named(what))));
        }
        self
    }

    /// The amount, where something can be read.
    pub fn amount(&self) -> Option<f64> {
        if self.unread.is_some() && self.read.abs() <= 0.0 { None } else { Some(self.read) }
    }

    /// The possible range.
    pub fn set(&self) -> Set {
        self.set
    }

    /// Whether it comes from vague words.
    pub fn is_vague(&self) -> bool {
        self.vague
    }

    /// The mark, where something can be read.
    pub fn bound(&self) -> Option<Bound> {
        self.amount()?;
        // Nothing is nothing, whatever the words of the parts that cancel.
        let vague = self.vague && !self.is_zero();
        Some(Bound::of(self.same(self.set.low), self.same(self.set.high), vague))
    }

    /// Why nothing can be read, where that is so.
    pub fn reason(&self) -> Option<&str> {
        if self.amount().is_some() { None } else { self.unread.as_deref() }
    }

    /// Why a part cannot be read, where that is so.
    pub fn open_because(&self) -> Option<&str> {
        self.unread.as_deref()
    }

    /// Whether the amount is known to be exactly zero.
    pub fn is_zero(&self) -> bool {
        self.set.low.abs() <= 0.0 && self.set.high.abs() <= 0.0
    }

    /// The same value with its numbers rounded, by a rule that keeps their order.
    #[must_use]
    pub fn rounded(&self, rule: impl Fn(f64) -> f64) -> Self {
        let set = Set { low: rule(self.set.low), high: rule(self.set.high) };
        Self { read: rule(self.read), set, ..self.clone() }
    }

    /// This value plus another.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        if self.split.is_some() || other.split.is_some() {
            return Split::of(self).plus(Split::of(other)).value();
        }
        self.combined(other, self.read + other.read, self.set.plus(other.set))
    }

    /// This value less another.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&other.times(-1.0))
    }

    /// This value less another. Unlike a sum, a difference is unknown where one side is.
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Self {
        let difference = self.minus(other);
        match self.reason().or(other.reason()) {
            Some(why) => Self::unread(why, difference.set),
            None => difference,
        }
    }

    /// This value times a plain number.
    #[must_use]
    pub fn times(&self, by: f64) -> Self {
        if !by.is_finite() {
            return self.scaled(&Self::exact(by));
        }
        if let Some(split) = &self.split {
            return split.map(|part| part.times(by)).value();
        }
        let read = self.read * by;
        if !read.is_finite() {
            return Self::unknown("not a finite number");
        }
        let set = self.set.times(Set::point(by + 0.0));
        let product = Self { read, set, ..self.clone() }.settled();
        Self { vague: product.vague && !product.is_zero(), ..product }
    }

    /// This value times another.
    #[must_use]
    pub fn scaled(&self, by: &Self) -> Self {
        match (&self.split, &by.split) {
            (Some(split), None) => return split.map(|part| part.scaled(by)).value(),
            (None, Some(split)) => return split.map(|part| self.scaled(part)).value(),
            _ => {}
        }
        let product = self.combined(by, self.read * by.read, self.set.times(by.set));
        // Nothing of what is vague is nothing.
        Self { vague: product.vague && !product.is_zero(), ..product }
    }

    /// This value divided by another; unknown where the divisor is zero or cannot be read.
    #[must_use]
    pub fn divide(&self, by: &Self) -> Self {
        if by.is_zero() {
            return Self::unknown("divides by zero");
        }
        let set = self.set.times(by.set.reciprocal());
        match by.amount() {
            Some(read) if 0.0 < read.abs() => self.combined(by, self.read / read, set),
            Some(_) => Self::unread("the divisor may be zero", set),
            None => Self::unread(by.reason().unwrap_or_default(), set),
        }
    }

    /// The share that this value is of itself and another, neither negative.
    #[must_use]
    pub fn share_beside(&self, rest: &Self) -> Self {
        let whole = self.plus(rest);
        let read = self.divide(&whole);
        // The share rises with the part and falls with the rest, which are not free of each other in a
        // quotient.
        let low = share(self.set.low, rest.set.high);
        let high = share(self.set.high, rest.set.low);
        Self { set: Set { low, high }.or(Set::point(read.read)), ..read }.settled()
    }

    /// The larger of two values.
    #[must_use]
    pub fn max(&self, other: &Self) -> Self {
        if other.set.high < self.set.low {
            return self.clone();
        }
        if self.set.high < other.set.low {
            return other.clone();
        }
        if let (Some(own), Some(theirs)) = (&self.split, &other.split)
            && let Some(larger) = own.max(theirs)
        {
            return larger.value();
        }
        self.combined(other, self.read.max(other.read), self.set.max(other.set))
    }

    /// The smaller of two values.
    #[must_use]
    pub fn min(&self, other: &Self) -> Self {
        self.times(-1.0).max(&other.times(-1.0)).times(-1.0)
    }

    fn combined(&self, other: &Self, read: f64, set: Set) -> Self {
        if !read.is_finite() {
            return Self::unknown("not a finite number");
        }
        // The first in the alphabet, so that the order of operands leaves no trace.
        let unread = match (&self.unread, &other.unread) {
            (Some(a), Some(b)) => Some(a.min(b).clone()),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        Self { read, set, vague: self.vague || other.vague, unread, split: None }.settled()
    }

    /// A set of one number has been read.
    fn settled(mut self) -> Self {
        if self.set.is_point() && self.unread.is_some() {
            self.read = self.set.low;
            self.unread = None;
        }
        // Zero has no sign: -0 + 0 is 0, and every other number stays as it is.
        self.read += 0.0;
        self.set = Set { low: self.set.low + 0.0, high: self.set.high + 0.0 };
        self
    }

    fn same(&self, end: f64) -> bool {
        is_same(self.read, end)
    }

    /// Whether another reads the same and leaves the same possible, whatever the reasons.
    fn is_like(&self, other: &Self) -> bool {
        self.same(other.read)
            && self.vague == other.vague
            && self.unread.is_some() == other.unread.is_some()
            && is_like_set(self.set, other.set)
    }
}

/// Whether two sets have the same ends, but for rounding.
fn is_like_set(one: Set, other: Set) -> bool {
    let open = |a: f64, b: f64| a.is_infinite() && b.is_infinite() && a.signum() * b.signum() > 0.0;
    // What is rounding of an end is small beside the other one.
    let ends = [one.low, one.high, other.low, other.high].into_iter().map(f64::abs);
    let most = SAME * ends.filter(|end| end.is_finite()).fold(0.0, f64::max);
    let same = |a: f64, b: f64| open(a, b) || (a - b).abs() <= most;
    same(one.low, other.low) && same(one.high, other.high)
}

/// Whether two amounts differ by no more than sums in another order do.
fn is_same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs()) && b.is_finite()
}

/// The share of a part in the sum of part and rest: 1 where the rest is zero, 0 where the part is.
fn share(part: f64, rest: f64) -> f64 {
    if rest <= 0.0 {
        return if part <= 0.0 { 0.0 } else { 1.0 };
    }
    if part.is_infinite() { 1.0 } else { (part / (part + rest)).max(0.0) }
}

/// A sum with a list of its unknown parts.
#[derive(Clone, Debug, Default)]
pub struct Total {
    sum: Option<Value>,
    /// The unknown parts, in the order of their adding.
    pub left_out: Vec<String>,
}

impl Total {
    /// Adds a part; an unknown one is named in `left_out` as `what: reason`.
    pub fn add(&mut self, what: &str, part: &Value) {
        if let Some(reason) = part.reason() {
            let named = part.clone().named(what);
            self.left_out.push(named.reason().unwrap_or(reason).to_owned());
        }
        let part = part.clone().named(what);
        self.sum = Some(match &self.sum {
            None => part,
            Some(sum) => sum.plus(&part),
        });
        // Parts that cannot be read may be a whole that can.
        if self.sum.as_ref().is_some_and(|sum| sum.open_because().is_none()) {
            self.left_out.clear();
        }
    }

    /// Adds another sum with its unknown parts.
    pub fn append(&mut self, other: Self) {
        self.sum = match (self.sum.take(), other.sum) {
            (Some(sum), Some(more)) => Some(sum.plus(&more)),
            (one, other) => one.or(other),
        };
        self.left_out.extend(other.left_out);
    }

    /// Whether nothing at all was added.
    pub fn is_empty(&self) -> bool {
        self.sum.is_none()
    }

    /// The sum; zero where nothing was added.
    pub fn value(&self) -> Value {
        self.sum.clone().unwrap_or_else(|| Value::exact(0.0))
    }
}

#[cfg(test)]
mod tests;
