//! Units: run-time dimensions of the language, and how a column of numbers is to be read.
//!
//! Base units are one unit of the model currency, one gigawatt, one year, one chip, one share, one token.

use std::fmt;

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(pub [u8; 3]);

impl Currency {
    /// US dollars, the default of a model.
    pub const USD: Self = Self(*b"USD");

    /// A currency from its three-letter code in capitals.
    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The three-letter code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// The usual sign in front of an amount: `$`, `€`, `£`, `¥`, else the code and a space.
    pub fn sign(&self) -> String {
        match self.code() {
            "USD" => "$".into(),
            "EUR" => "€".into(),
            "GBP" => "£".into(),
            "JPY" => "¥".into(),
            code => format!("{code} "),
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Exponents of the base units: money, power, time, chips, shares, tokens. All zero is a plain number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension {
    /// One unit of the model currency.
    pub money: i8,
    /// One gigawatt.
    pub power: i8,
    /// One year.
    pub time: i8,
    /// One accelerator chip.
    pub chips: i8,
    /// One share of an issuer.
    pub shares: i8,
    /// One token of a language model.
    pub tokens: i8,
}

impl Dimension {
    const ZERO: Self = Self { money: 0, power: 0, time: 0, chips: 0, shares: 0, tokens: 0 };
    /// A plain number: a share, a multiple, a count.
    pub const NUMBER: Self = Self::ZERO;
    /// Money.
    pub const MONEY: Self = Self { money: 1, ..Self::ZERO };
    /// Money per year.
    pub const MONEY_RATE: Self = Self { money: 1, time: -1, ..Self::ZERO };
    /// Power.
    pub const POWER: Self = Self { power: 1, ..Self::ZERO };
    /// Energy (power times time).
    pub const ENERGY: Self = Self { power: 1, time: 1, ..Self::ZERO };
    /// A duration.
    pub const TIME: Self = Self { time: 1, ..Self::ZERO };
    /// Per time: a chance or a growth per year.
    pub const RATE: Self = Self { time: -1, ..Self::ZERO };
    /// Chips.
    pub const CHIPS: Self = Self { chips: 1, ..Self::ZERO };
    /// Shares of an issuer.
    pub const SHARES: Self = Self { shares: 1, ..Self::ZERO };
    /// Tokens.
    pub const TOKENS: Self = Self { tokens: 1, ..Self::ZERO };
    /// Money for a unit of power, as in the cost of building capacity.
    pub const MONEY_PER_POWER: Self = Self { money: 1, power: -1, ..Self::ZERO };

    /// The dimension of a product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        self.map(other, i8::saturating_add)
    }

    /// The dimension of a quotient.
    #[must_use]
    pub fn per(self, other: Self) -> Self {
        self.map(other, i8::saturating_sub)
    }

    fn map(self, other: Self, with: impl Fn(i8, i8) -> i8) -> Self {
        Self {
            money: with(self.money, other.money),
            power: with(self.power, other.power),
            time: with(self.time, other.time),
            chips: with(self.chips, other.chips),
            shares: with(self.shares, other.shares),
            tokens: with(self.tokens, other.tokens),
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [
            (self.money, "money"),
            (self.power, "power"),
            (self.chips, "chips"),
            (self.shares, "shares"),
            (self.tokens, "tokens"),
            (self.time, "time"),
        ];
        if *self == Self::NUMBER {
            return f.write_str("a plain number");
        }
        let side = |positive: bool| {
            let parts: Vec<String> = named
                .iter()
                .filter(|(power, _)| (*power > 0) == positive && *power != 0)
                .map(|(power, name)| match power.unsigned_abs() {
                    1 => (*name).to_owned(),
                    power => format!("{name}^{power}"),
                })
                .collect();
            parts.join("*")
        };
        let (over, under) = (side(true), side(false));
        match (over.is_empty(), under.is_empty()) {
            (false, true) => f.write_str(&over),
            (true, _) => write!(f, "1/{under}"),
            (false, false) => write!(f, "{over}/{under}"),
        }
    }
}

/// How the numbers of a column are to be read and printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Amounts of a currency.
    Money(Currency),
    /// Amounts of a currency per year.
    MoneyPerYear(Currency),
    /// Amounts of a currency per gigawatt.
    MoneyPerPower(Currency),
    /// A fraction, printed as per cent.
    Share,
    /// A multiple, printed with an `x`.
    Multiple,
    /// Gigawatts.
    Power,
    /// Months.
    Months,
    /// A plain number with up to `digits` decimals.
    Number {
        /// Decimals to print.
        digits: u8,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_read_like_a_fraction() {
        assert_eq!(Dimension::MONEY_RATE.to_string(), "money/time");
        assert_eq!(Dimension::NUMBER.to_string(), "a plain number");
        assert_eq!(Dimension::RATE.to_string(), "1/time");
        assert_eq!(Dimension::MONEY.times(Dimension::MONEY).to_string(), "money^2");
    }

    #[test]
    fn a_currency_is_three_capitals() {
        assert_eq!(Currency::new("EUR").map(|c| c.sign()), Some("€".into()));
        assert_eq!(Currency::new("eur"), None);
    }
}
