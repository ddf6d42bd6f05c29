//! Parts of one whole: what the shares of a whole do to a sum, beside what each part is by itself.
//!
//! A part is a share times an amount, and the shares of one whole sum to 1. So a sum of parts is linear in
//! the shares, and its ends are those of a linear programme whose only joint condition is that sum: two parts
//! of 10 whose shares are not disclosed are each in [0, 10], and together 10.
//!
//! Invariant: the ends hold whatever the amounts that the shares multiply have to do with each other, since
//! shares are not negative. Absent: products of two parts, whose ends are those of intervals.

use std::sync::Arc;

use super::Value;
use crate::Set;

/// A whole that is shared: what each share can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// What tells it from other wholes.
    name: String,
    /// The shares, which sum to 1.
    shares: Vec<Value>,
}

impl Whole {
    /// A whole with all of its shares.
    pub fn new(name: impl Into<String>, shares: Vec<Value>) -> Self {
        assert!(
            shares.iter().all(|share| 0.0 <= share.set.low && share.set.high <= 1.0),
            "a share is from 0 to 1"
        );
        Self { name: name.into(), shares }
    }

    /// One of its shares, which knows that it is one.
    pub fn share(self: &Arc<Self>, at: usize) -> Value {
        let nothing = || Value::exact(0.0);
        let mut parts = vec![nothing(); self.shares.len()];
        parts[at] = Value::exact(1.0);
        let shared = Shared { whole: Arc::clone(self), parts, sum: self.shares[at].clone() };
        Split { plain: nothing(), shared: vec![shared] }.value()
    }

    /// What is read of one of its shares; nothing of one that cannot be read.
    pub fn read(&self, at: usize) -> f64 {
        self.shares[at].amount().unwrap_or(0.0)
    }

    /// Whether one of its shares is one number.
    pub fn is_known(&self, at: usize) -> bool {
        self.shares[at].set.is_point()
    }

    /// What the shares, each times its amount, sum to at the least.
    fn least(&self, amounts: impl Iterator<Item = f64>) -> f64 {
        let mut open: Vec<(f64, Set)> = amounts.zip(self.shares.iter().map(Value::set)).collect();
        let mut sum: f64 = open.iter().map(|(amount, share)| product(*amount, share.low)).sum();
        let mut left = 1.0 - open.iter().map(|(_, share)| share.low).sum::<f64>();
        open.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        for (amount, share) in open {
            let more = left.min(share.high - share.low).max(0.0);
            sum += product(amount, more);
            left -= more;
        }
        sum
    }
}

/// No share of an amount is nothing, also where nothing bounds the amount.
fn product(amount: f64, share: f64) -> f64 {
    if share <= 0.0 { 0.0 } else { amount * share }
}

/// A sum with parts of wholes in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Split {
    /// What is part of no whole.
    plain: Value,
    /// The parts, by the name of their whole.
    shared: Vec<Shared>,
}

/// The parts of one whole in a sum.
#[derive(Clone, Debug, PartialEq)]
struct Shared {
    whole: Arc<Whole>,
    /// What each share multiplies.
    parts: Vec<Value>,
    /// The sum of the parts, each taken by itself.
    sum: Value,
}

impl Split {
    /// A value as a sum with parts in it.
    pub fn of(value: &Value) -> Self {
        match &value.split {
            Some(split) => (**split).clone(),
            None => Self { plain: value.clone(), shared: vec![] },
        }
    }

    /// The sum of two.
    pub fn plus(mut self, other: Self) -> Self {
        self.plain = self.plain.plus(&other.plain);
        for theirs in other.shared {
            match self.shared.iter_mut().find(|own| own.whole == theirs.whole) {
                Some(own) => own.add(&theirs),
                None => self.shared.push(theirs),
            }
        }
        self.shared.sort_by(|a, b| a.whole.name.cmp(&b.whole.name));
        self
    }

    /// The same with something linear done to each addend.
    pub fn map(&self, done: impl Fn(&Value) -> Value) -> Self {
        let shared = self.shared.iter().map(|shared| Shared {
            whole: Arc::clone(&shared.whole),
            parts: shared.parts.iter().map(&done).collect(),
            sum: done(&shared.sum),
        });
        Self { plain: done(&self.plain), shared: shared.collect() }
    }

    /// The larger of two parts of one whole with one share: the share of the larger.
    pub fn max(&self, other: &Self) -> Option<Self> {
        let ([own], [theirs]) = (&self.shared[..], &other.shared[..]) else { return None };
        let at = own.only()?;
        if own.whole != theirs.whole
            || theirs.only() != Some(at)
            || !self.plain.is_zero()
            || !other.plain.is_zero()
        {
            return None;
        }
        let mut larger = own.clone();
        larger.parts[at] = own.parts[at].max(&theirs.parts[at]);
        larger.sum = own.sum.max(&theirs.sum);
        Some(Self { plain: self.plain.clone(), shared: vec![larger] })
    }

    /// The sum, with what is left of its parts once those that are a whole are taken as that.
    pub fn value(self) -> Value {
        let mut plain = self.plain;
        let mut open = Vec::new();
        for shared in self.shared {
            match shared.all() {
                Some(all) => plain = plain.plus(&all),
                None => open.push(shared),
            }
        }
        let all = open.iter().fold(plain.clone(), |sum, shared| sum.plus(&shared.together()));
        let split = (!open.is_empty()).then(|| Arc::new(Self { plain, shared: open }));
        Value { split, ..all }
    }
}

impl Shared {
    fn add(&mut self, other: &Self) {
        for (own, theirs) in self.parts.iter_mut().zip(&other.parts) {
            *own = own.plus(theirs);
        }
        self.sum = self.sum.plus(&other.sum);
    }

    /// What every share multiplies, where that is one amount: the shares together are 1.
    fn all(&self) -> Option<Value> {
        let first = self.parts.first()?;
        self.parts[1..].iter().all(|other| first.is_like(other)).then(|| first.clone())
    }

    /// The only share that multiplies something.
    fn only(&self) -> Option<usize> {
        let mut some = self.parts.iter().enumerate().filter(|(_, part)| !part.is_zero());
        some.next().map(|(at, _)| at).filter(|_| some.next().is_none())
    }

    /// The sum, within what the shares together leave possible.
    fn together(&self) -> Value {
        let low = self.whole.least(self.parts.iter().map(|part| part.set.low));
        let high = -self.whole.least(self.parts.iter().map(|part| -part.set.high));
        self.sum.clone().within(Set::between(low, high))
    }
}
