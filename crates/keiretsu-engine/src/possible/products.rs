//! Shares of a whole times amounts that are open as well: each product of a share and an amount is a number
//! of its own, so that what the shares leave of the amount is the amount less these numbers, exactly.
//!
//! Invariant: the parts of an open amount sum to it, whatever it and its shares turn out to be. Absent:
//! products of two shares, and of two amounts, which are intervals.

use std::sync::Arc;

use keiretsu_values::{Set, Value, Whole};

use super::range::{OpenRange, ROUNDING, cancelled};
use super::shares::{Shares, Symbols};

/// A share of a whole times an amount, and how often it counts: `factor x (share x amount less what is
/// read)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Product {
    pub share: u32,
    pub amount: u32,
    pub factor: f64,
}

/// What of a number is in the products of one amount and the shares of one whole: `amount x (by + sum of
/// factor x share)`.
pub(super) struct Joint<'s> {
    whole: &'s Shares,
    /// What is read of the amount, and what it may be.
    amount: (f64, Set),
    /// How often the amount counts beside the shares.
    by: f64,
    /// How often each share of it counts, in the order of the whole.
    factors: Vec<f64>,
}

impl Joint<'_> {
    /// What is read of it.
    pub fn read(&self) -> f64 {
        let shares = self.factors.iter().enumerate().map(|(at, factor)| factor * self.whole.whole.read(at));
        self.amount.0 * (self.by + shares.sum::<f64>())
    }

    /// How far it may be from that.
    pub fn away(&self, symbols: &Symbols) -> Set {
        let factor = |symbol: u32| {
            let at = self.whole.symbols.iter().position(|known| *known == symbol);
            at.map_or(0.0, |at| self.factors[at])
        };
        let shares = self.factors.iter().enumerate().map(|(at, factor)| factor * self.whole.whole.read(at));
        let read = self.by + shares.sum::<f64>();
        let taken = Set::point(read).plus(self.whole.away(factor, &symbols.0));
        // Nothing but rounding of an amount that nothing bounds is nothing of it.
        let size = self.factors.iter().fold(self.by.abs(), |sum, factor| sum + factor.abs());
        let end = |end: f64| if end.abs() <= ROUNDING * size { 0.0 } else { end };
        let taken = Set { low: end(taken.low), high: end(taken.high) };
        self.amount.1.times(taken).plus(Set::point(-self.read()))
    }

    /// What each share of the whole multiplies, what the shares leave among them.
    pub fn parts(&self) -> (&Arc<Whole>, Vec<Value>) {
        let amount = Value::new(self.amount.0, self.amount.1);
        let factors = self.in_shares().unwrap_or_else(|| self.shifted(self.by).1);
        (&self.whole.whole, factors.into_iter().map(|factor| amount.times(factor)).collect())
    }

    /// The factors of all shares, and nothing beside them, of one sign: since the shares sum to 1, all
    /// factors may be more by what counts less beside them, and a share that is known counts beside them.
    fn in_shares(&self) -> Option<Vec<f64>> {
        let shifts = [0.0, self.by].into_iter().chain(self.factors.iter().map(|factor| -factor));
        let mut all = shifts.map(|by| self.around_known(by));
        let one_sign = |factors: &[f64]| {
            factors.iter().all(|factor| 0.0 <= *factor) || factors.iter().all(|factor| *factor <= 0.0)
        };
        all.find(|(beside, factors)| beside.abs() <= 0.0 && one_sign(factors)).map(|(_, factors)| factors)
    }

    /// What counts beside the shares, and the factors of all, where these are more by a number.
    fn shifted(&self, more: f64) -> (f64, Vec<f64>) {
        let factors = self.factors.iter().copied().chain([0.0]).map(|factor| cancelled(more, factor));
        (cancelled(self.by, -more), factors.collect())
    }

    /// The same with shares that are known counted beside the others.
    fn around_known(&self, more: f64) -> (f64, Vec<f64>) {
        let (mut beside, mut factors) = self.shifted(more);
        for (at, factor) in factors.iter_mut().enumerate() {
            if self.whole.whole.is_known(at) {
                beside = cancelled(beside, *factor * self.whole.whole.read(at));
                *factor = 0.0;
            }
        }
        (beside, factors)
    }
}

impl OpenRange {
    /// The product of a number in shares of one whole and one in amounts; none where one of them is not that.
    pub(super) fn in_products(&self, other: &Self, symbols: &Symbols) -> Option<Self> {
        let of_shares =
            |range: &Self| range.is_linear() && range.terms.iter().all(|(of, _)| symbols.is_share(*of));
        let of_amounts =
            |range: &Self| range.is_linear() && range.terms.iter().all(|(of, _)| !symbols.is_share(*of));
        let (shares, amounts) = if of_shares(self) && of_amounts(other) {
            (self, other)
        } else if of_shares(other) && of_amounts(self) {
            (other, self)
        } else {
            return None;
        };
        // (k + sum of f x share)(c + sum of g x amount), each term by itself.
        let read = |range: &Self| -> f64 {
            range.terms.iter().map(|(of, factor)| factor * symbols.2[*of as usize]).sum()
        };
        let plain = (shares.base - read(shares), amounts.base - read(amounts));
        let mut product = Self::point(shares.base * amounts.base);
        let terms = shares.terms.iter().map(|(of, factor)| (*of, factor * plain.1));
        product.terms =
            terms.chain(amounts.terms.iter().map(|(of, factor)| (*of, factor * plain.0))).collect();
        product.terms.retain(|(_, factor)| 0.0 < factor.abs());
        for (share, f) in &shares.terms {
            let each = amounts.terms.iter();
            product.products.extend(each.map(|(amount, g)| Product {
                share: *share,
                amount: *amount,
                factor: f * g,
            }));
        }
        Some(product.like(self).like(other))
    }

    /// Whether it is linear in slots and nothing else.
    fn is_linear(&self) -> bool {
        self.rest == Set::point(0.0)
            && self.falls.is_empty()
            && self.products.is_empty()
            && !self.terms.is_empty()
    }

    /// Adds products, each to its like.
    pub(super) fn add_products(&mut self, others: &[Product]) {
        for other in others {
            let like = |known: &&mut Product| known.share == other.share && known.amount == other.amount;
            match self.products.iter_mut().find(like) {
                Some(known) => known.factor = cancelled(known.factor, other.factor),
                None => self.products.push(*other),
            }
        }
        self.products.retain(|product| 0.0 < product.factor.abs());
    }

    /// Its products, by amount and whole. An amount that counts beside the shares of several wholes counts
    /// with the first of them.
    pub(super) fn joints<'s>(&self, symbols: &'s Symbols) -> Vec<Joint<'s>> {
        let mut amounts: Vec<u32> = self.products.iter().map(|product| product.amount).collect();
        amounts.sort_unstable();
        amounts.dedup();
        let mut joints = Vec::new();
        for amount in amounts {
            let mut by = self.terms.iter().find(|(of, _)| *of == amount).map_or(0.0, |(_, factor)| *factor);
            for whole in &symbols.1 {
                let factor = |share: &u32| {
                    let mine = |product: &&Product| product.amount == amount && product.share == *share;
                    self.products.iter().find(mine).map_or(0.0, |product| product.factor)
                };
                let factors: Vec<f64> = whole.symbols.iter().map(factor).collect();
                if factors.iter().all(|factor| factor.abs() <= 0.0) {
                    continue;
                }
                let read = symbols.2[amount as usize];
                let set = Set::point(read).plus(symbols.0[amount as usize]);
                joints.push(Joint { whole, amount: (read, set), by: std::mem::take(&mut by), factors });
            }
        }
        joints
    }

    /// Whether the amount of a term is one of its products.
    pub(super) fn is_joint(&self, symbol: u32) -> bool {
        self.products.iter().any(|product| product.amount == symbol)
    }
}
