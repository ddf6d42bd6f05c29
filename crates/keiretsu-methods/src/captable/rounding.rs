//! Turns the exact counts of a round into those that a form prints.
//!
//! ```
//! use keiretsu_methods::captable::rounding::{Direction, Rounding};
//! let form = Rounding { price_decimals: Some(4), shares: Some(Direction::Down), ..Rounding::default() };
//! assert!((form.price(2210.0 / 1983.0) - 1.1145).abs() < 1e-12);
//! assert!((form.count(4_486_719.3) - 4_486_719.0).abs() < 1e-9);
//! ```
//!
//! Every price at which shares are issued is rounded: that of the round, and that of each SAFE and note,
//! which is the original issue price of its own sub-series. Then money is divided by the rounded price,
//! and the count is rounded. Y Combinator's "Post-Money Safe User Guide" (2018) rounds prices to four
//! decimals, shares down, and the increase of the pool to the thousand; closings differ in whether prices
//! are rounded to the nearest or up.
//!
//! Order: convertibles, at prices that follow from the exact round; the pool and the price of the round, from
//! the rounded count of converted shares; shares for new money.
//!
//! Absent: cash in lieu of fractions.

use super::CapTableError;
use super::round::{Closed, Convertible, Pool, RoundTerms};

/// The roundings of a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rounding {
    /// Decimals of prices; none: exact.
    pub price_decimals: Option<u8>,
    /// Where prices go.
    pub price_direction: Direction,
    /// Where counts of shares go; none: exact.
    pub shares: Option<Direction>,
    /// The increase of the pool is rounded to a multiple of this number of shares.
    pub pool_multiple: Option<u32>,
}

/// Where a number goes that is not whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// To the whole below.
    Down,
    /// To the nearest whole, half away from zero.
    #[default]
    Nearest,
    /// To the whole above.
    Up,
}

/// Numbers that miss a whole or a half by less than this share of them are that: binary fractions.
const WHOLE_TOLERANCE: f64 = 1e-12;

impl Direction {
    fn whole(self, number: f64) -> f64 {
        let tolerance = WHOLE_TOLERANCE * number.abs();
        let near = number.round();
        if (number - near).abs() <= tolerance {
            return near;
        }
        match self {
            Self::Down => number.floor(),
            Self::Up => number.ceil(),
            Self::Nearest if (number.fract() - 0.5).abs() <= tolerance => number.ceil(),
            Self::Nearest => near,
        }
    }
}

impl Rounding {
    /// A price as the form prints it.
    pub fn price(&self, price: f64) -> f64 {
        let scale = |decimals: u8| keiretsu_maths::power::whole_power(10.0, i32::from(decimals.min(15)));
        self.price_decimals
            .map_or(price, |decimals| self.price_direction.whole(price * scale(decimals)) / scale(decimals))
    }

    /// A count of shares as the form prints it.
    pub fn count(&self, shares: f64) -> f64 {
        self.shares.map_or(shares, |direction| direction.whole(shares))
    }

    /// Price and count of shares from an exact conversion, as the form prints them; no price where there are
    /// no shares.
    ///
    /// # Errors
    /// [`CapTableError::PriceOfNothing`].
    pub fn converted(&self, amount: f64, shares: f64) -> Result<(Option<f64>, f64), CapTableError> {
        if shares <= 0.0 {
            return Ok((None, 0.0));
        }
        let price = self.price(amount / shares);
        // Without decimals the count is that of the exact round, to the last bit.
        let count = if self.price_decimals.is_some() { amount / price } else { shares };
        if count.is_finite() {
            Ok((Some(price), self.count(count)))
        } else {
            Err(CapTableError::PriceOfNothing)
        }
    }

    /// A closed round as the form prints it.
    ///
    /// # Errors
    /// [`CapTableError::PriceOfNothing`].
    pub fn closed(
        &self,
        exact: &Closed,
        terms: &RoundTerms,
        convertibles: &[Convertible],
    ) -> Result<Closed, CapTableError> {
        let all = convertibles.iter().zip(&exact.converted);
        let all = all.map(|(one, shares)| self.converted(one.amount, *shares));
        let (conversion_prices, converted): (Vec<Option<f64>>, Vec<f64>) =
            all.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        let company_capitalization = terms.capitalization + converted.iter().sum::<f64>();
        let pool_increase = pool_increase(terms, company_capitalization);
        let pool_increase = match self.pool_multiple.filter(|multiple| 0 < *multiple).map(f64::from) {
            Some(multiple) => Direction::Nearest.whole(pool_increase / multiple) * multiple,
            None => self.count(pool_increase),
        };
        let price = self.price(terms.pre_money / (company_capitalization + pool_increase));
        let new_shares = self.count(terms.new_money / price);
        if !new_shares.is_finite() {
            return Err(CapTableError::PriceOfNothing);
        }
        Ok(Closed {
            price,
            conversion_prices,
            converted,
            company_capitalization,
            pool_increase,
            new_shares,
            fully_diluted: company_capitalization + pool_increase + new_shares,
        })
    }
}

/// The increase of the pool, given the count of all shares before new money, at an exact price: of all N
/// shares after the round, new money takes its part of the value, the pool its target, and the existing
/// shares the rest.
fn pool_increase(terms: &RoundTerms, company_capitalization: f64) -> f64 {
    match terms.pool {
        Pool::Increase(shares) => shares,
        Pool::TargetUnallocated(target) => {
            let sold = terms.new_money / (terms.pre_money + terms.new_money);
            let after = (company_capitalization - terms.unallocated) / (1.0 - target - sold);
            (target * after - terms.unallocated).max(0.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captable::round::{Cap, close};

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-9 * want, "{got} {want}");
    }

    fn safe(amount: f64, cap: f64) -> Convertible {
        Convertible { amount, discount: 0.0, cap: Cap::PostMoney(cap) }
    }

    /// The guide's appendix II, example 1, with a pool of a tenth after the round.
    #[test]
    fn the_price_is_rounded_before_it_divides() {
        let pool = Pool::TargetUnallocated(0.1);
        let (pre_money, new_money) = (15e6, 5e6);
        let terms = RoundTerms { capitalization: 10e6, unallocated: 1e5, pre_money, new_money, pool };
        let safes = [safe(2e5, 4e6), safe(8e5, 8e6)];
        let exact = close(&terms, &safes).expect("a round");
        let form = Rounding {
            price_decimals: Some(4),
            shares: Some(Direction::Down),
            pool_multiple: Some(1000),
            ..Rounding::default()
        };
        let printed = form.closed(&exact, &terms, &safes).expect("a price");
        near(printed.price, 1.1144);
        near(printed.new_shares, 4_486_719.0);
        near(printed.pool_increase, 1_695_000.0);
        near(printed.converted[1], 1_176_470.0);
        near(printed.conversion_prices[0].expect("a price"), 0.34);
        near(printed.company_capitalization, 11_764_705.0);
        let plain = Rounding::default().closed(&exact, &terms, &safes).expect("a price");
        near(plain.price, 2210.0 / 1983.0);
    }

    /// A closing that a public calculator keeps as its known truth (1984vc/startup-finance, test data of
    /// `safe_conversion`): five decimals, conversion prices up, shares down.
    #[test]
    fn a_known_closing_table_comes_out_to_the_share() {
        let terms = RoundTerms {
            capitalization: 11_694_118.0,
            unallocated: 0.0,
            pre_money: 49.8e6,
            new_money: 10_199_995.29,
            pool: Pool::TargetUnallocated(0.1),
        };
        let at_ten = [50e3, 1e6, 25e3, 175e3, 150e3, 50e3].map(|amount| safe(amount, 10e6));
        let at_twenty = [5e3, 50e3, 311_147.80, 250e3].map(|amount| safe(amount, 20e6));
        let safes = [&at_ten[..], &at_twenty[..]].concat();
        let exact = close(&terms, &safes).expect("a round");
        let form = Rounding {
            price_decimals: Some(5),
            price_direction: Direction::Up,
            shares: Some(Direction::Down),
            pool_multiple: None,
        };
        let printed = form.closed(&exact, &terms, &safes).expect("a price");
        near(printed.conversion_prices[0].expect("a price"), 0.70480);
        near(printed.conversion_prices[9].expect("a price"), 1.40959);
        near(printed.price, 3.08700);
        near(printed.pool_increase, 1_943_636.0);
        near(printed.fully_diluted, 19_436_361.0);
        near((printed.fully_diluted * printed.price).round(), 60_000_046.0);
    }

    /// By hand: 1,000,000 at 0.70009 or so is 0.701 up, 0.700 down and to the nearest.
    #[test]
    fn prices_go_where_they_are_sent() {
        let shares = |direction| {
            let form =
                Rounding { price_decimals: Some(3), price_direction: direction, ..Rounding::default() };
            form.converted(700_000.0, 700_000.0 / 0.70009).expect("a price").1
        };
        near(shares(Direction::Up), 700_000.0 / 0.701);
        near(shares(Direction::Down), 1e6);
        near(shares(Direction::Nearest), 1e6);
        let to = |price_direction, price| {
            Rounding { price_decimals: Some(2), price_direction, ..Rounding::default() }.price(price)
        };
        near(to(Direction::Nearest, 1.005), 1.01);
        near(to(Direction::Nearest, 1.004), 1.0);
        near(to(Direction::Up, 0.7), 0.7);
        near(to(Direction::Up, 0.7 + 1e-15), 0.7);
        near(to(Direction::Down, 0.58), 0.58);
    }

    #[test]
    fn a_price_that_rounds_to_nothing_is_refused() {
        let form = Rounding { price_decimals: Some(2), ..Rounding::default() };
        assert_eq!(form.converted(1.0, 1000.0), Err(CapTableError::PriceOfNothing));
        assert_eq!(form.converted(0.0, 0.0), Ok((None, 0.0)));
    }

    #[test]
    fn a_whole_count_stays_itself() {
        let down = Rounding { shares: Some(Direction::Down), ..Rounding::default() };
        assert!((down.count(2_999_999.999_999_999_5) - 3e6).abs() < 1e-9, "noise below");
        let up = Rounding { shares: Some(Direction::Up), ..Rounding::default() };
        assert!((up.count(3.000_000_000_000_000_4) - 3.0).abs() < 1e-9, "noise above");
        assert!((up.count(3.2) - 4.0).abs() < 1e-9, "up");
    }
}
