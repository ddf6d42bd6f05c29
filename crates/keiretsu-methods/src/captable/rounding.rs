//! Turns the exact counts of a round into those that a form prints.
//!
//! ```
//! use keiretsu_methods::captable::rounding::{Rounding, Shares};
//! let form = Rounding { price_decimals: Some(4), shares: Shares::Down, pool_multiple: None };
//! assert!((form.price(2210.0 / 1983.0) - 1.1145).abs() < 1e-12);
//! assert!((form.count(4_486_719.3) - 4_486_719.0).abs() < 1e-9);
//! ```
//!
//! Y Combinator's "Post-Money Safe User Guide" (2018) rounds the price to four decimals, divides the new
//! money by the rounded price, rounds shares down, and rounds the increase of the pool to the thousand.
//!
//! Absent: cash in lieu of fractions.

use super::round::{Closed, Terms};

/// What a form rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rounding {
    /// Decimals of the price, half away from zero; none: exact.
    pub price_decimals: Option<u8>,
    /// Counts of shares.
    pub shares: Shares,
    /// The increase of the pool is rounded to a multiple of so many shares.
    pub pool_multiple: Option<u32>,
}

/// How counts of shares are rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shares {
    /// Not at all.
    #[default]
    Exact,
    /// To the whole share below.
    Down,
    /// To the nearest whole share, half away from zero.
    Nearest,
    /// To the whole share above.
    Up,
}

/// Counts that miss a whole number by less than this share of it are that number: rounding of the price.
const WHOLE_TOLERANCE: f64 = 1e-12;

impl Rounding {
    /// A price as the form prints it.
    pub fn price(&self, price: f64) -> f64 {
        let scale = |decimals: u8| 10_f64.powi(i32::from(decimals.min(15)));
        self.price_decimals.map_or(price, |decimals| (price * scale(decimals)).round() / scale(decimals))
    }

    /// A count of shares as the form prints it.
    pub fn count(&self, shares: f64) -> f64 {
        let near = shares.round();
        if self.shares == Shares::Exact || (shares - near).abs() <= WHOLE_TOLERANCE * shares.abs() {
            return if self.shares == Shares::Exact { shares } else { near };
        }
        match self.shares {
            Shares::Exact => shares,
            Shares::Down => shares.floor(),
            Shares::Nearest => near,
            Shares::Up => shares.ceil(),
        }
    }

    /// A closed round as the form prints it: first what converts and the pool, then the price, then what is
    /// divided by it.
    #[must_use]
    pub fn closed(&self, exact: &Closed, terms: &Terms) -> Closed {
        let converted: Vec<f64> = exact.converted.iter().map(|shares| self.count(*shares)).collect();
        let company_capitalization = terms.capitalization + converted.iter().sum::<f64>();
        let pool_increase = match self.pool_multiple.filter(|multiple| 0 < *multiple).map(f64::from) {
            Some(multiple) => (exact.pool_increase / multiple).round() * multiple,
            None => self.count(exact.pool_increase),
        };
        let price = self.price(terms.pre_money / (company_capitalization + pool_increase));
        let new_shares = self.count(terms.new_money / price);
        Closed {
            price,
            converted,
            company_capitalization,
            pool_increase,
            new_shares,
            fully_diluted: company_capitalization + pool_increase + new_shares,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captable::round::{Cap, Convertible, Pool, close};

    /// The guide's appendix II, example 1, with a pool of a tenth after the round.
    #[test]
    fn the_price_is_rounded_before_it_divides() {
        let pool = Pool::TargetUnallocated(0.1);
        let (pre_money, new_money) = (15e6, 5e6);
        let terms = Terms { capitalization: 10e6, unallocated: 1e5, pre_money, new_money, pool };
        let safe = |amount, cap| Convertible { amount, discount: 0.0, cap: Cap::PostMoney(cap) };
        let exact = close(&terms, &[safe(2e5, 4e6), safe(8e5, 8e6)]).expect("a round");
        let form = Rounding { price_decimals: Some(4), shares: Shares::Down, pool_multiple: Some(1000) };
        let printed = form.closed(&exact, &terms);
        let near = |got: f64, want: f64| assert!((got - want).abs() < 1e-9 * want, "{got} {want}");
        near(printed.price, 1.1144);
        near(printed.new_shares, 4_486_719.0);
        near(printed.pool_increase, 1_695_000.0);
        near(printed.converted[1], 1_176_470.0);
        near(printed.company_capitalization, 11_764_705.0);
        near(Rounding::default().closed(&exact, &terms).price, 2210.0 / 1983.0);
    }

    #[test]
    fn a_whole_count_stays_itself() {
        let down = Rounding { shares: Shares::Down, ..Rounding::default() };
        assert!((down.count(2_999_999.999_999_999_5) - 3e6).abs() < 1e-9, "noise below");
        let up = Rounding { shares: Shares::Up, ..Rounding::default() };
        assert!((up.count(3.000_000_000_000_000_4) - 3.0).abs() < 1e-9, "noise above");
        assert!((up.count(3.2) - 4.0).abs() < 1e-9, "up");
    }
}
