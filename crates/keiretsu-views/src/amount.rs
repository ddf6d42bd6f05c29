//! An amount to the few figures that people read, as a model would have it: bound mark, sign, scale, unit.
//!
//! ```
//! use keiretsu_values::{Bound, Currency, Unit, Value};
//! use keiretsu_views::amount::inline;
//! let dollars = Unit::Money(Currency::USD);
//! assert_eq!(inline(&Value::exact(8e9), dollars), "$8B");
//! assert_eq!(inline(&Value::known(1.254e6, Bound::AtLeast), dollars), "≥$1.25M");
//! assert_eq!(inline(&Value::exact(0.0), dollars), "$0");
//! assert_eq!(inline(&Value::exact(6e-15), Unit::Share), "<0.1%");
//! ```
//!
//! Invariants: an amount looks the same wherever it stands, and behind its mark it can be typed into a model;
//! an amount that is not zero never prints as zero, and no mark claims more than is known; an unknown is
//! `unknown`. What is marked as a bound is rounded outward, so that what is printed holds too: 10.83 or more
//! is `≥10.8`, 10.83 or less `≤10.9`. Absent: amounts for machines, which are not rounded.

use crate::machine;
use keiretsu_values::{Bound, Currency, Unit, Value, proved_end};

/// The word for an unknown amount, in every format that has words.
pub const UNKNOWN: &str = "unknown";

/// Significant figures of an amount.
const FIGURES: usize = 3;
/// 999.6 would print as 1000, so it already belongs to the next step of the scale.
const ALMOST: f64 = 0.9995;
/// Rounded up, all above 999 prints as 1000.
const ALMOST_UP: f64 = 0.999;
/// What sums in another order differ by is no reason to round outward.
const NOISE: f64 = 1e-9;

/// Steps of money, as figures in a model have them.
const MONEY: [(f64, &str); 5] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"), (1.0, "")];

/// One amount with its unit.
pub fn inline(value: &Value, unit: Unit) -> String {
    let Some(amount) = machine::amount(value) else { return UNKNOWN.into() };
    let bound = value.bound().unwrap_or(Bound::Exact);
    let least = least(unit);
    if 0.0 < amount.abs() && amount.abs() < least {
        return nearly_nothing(amount, bound, &|amount| worded(amount, unit, Rounding::Nearest), least);
    }
    let mark = if bound == Bound::Exact { "" } else { bound.mark() };
    format!("{mark}{}", worded(amount, unit, Rounding::of(bound)))
}

/// An amount in words without its mark.
pub fn unmarked(words: &str) -> &str {
    words.trim_start_matches(['≥', '≤', '~', '≳', '≲', '?'])
}

/// The low end of what is possible, rounded down.
pub fn low_end(low: f64, unit: Unit) -> String {
    unmarked(&inline(&Value::at_least(low), unit)).to_owned()
}

/// The high end of what is possible, rounded up.
pub fn high_end(high: f64, unit: Unit) -> String {
    unmarked(&inline(&Value::known(high, Bound::AtMost), unit)).to_owned()
}

/// Where an amount between two that can be printed goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rounding {
    Nearest,
    Down,
    Up,
}

impl Rounding {
    /// Outward, for what is a bound.
    fn of(bound: Bound) -> Self {
        match bound {
            Bound::AtLeast => Self::Down,
            Bound::AtMost => Self::Up,
            // The ends of vague words are no proof, and what has no bound is as read.
            _ => Self::Nearest,
        }
    }

    /// Of the size of an amount with this sign.
    fn of_size(self, is_negative: bool) -> Self {
        match self {
            Self::Down if is_negative => Self::Up,
            Self::Up if is_negative => Self::Down,
            other => other,
        }
    }

    /// The share of a step of the scale that belongs to that step.
    fn almost(self) -> f64 {
        match self {
            Self::Nearest => ALMOST,
            Self::Down => 1.0,
            Self::Up => ALMOST_UP,
        }
    }

    /// A number of so many decimals.
    fn decimals(self, number: f64, most: usize) -> String {
        let nearest = format!("{number:.most$}");
        let off = nearest.parse().unwrap_or(number) - number;
        let by = match self {
            Self::Down if NOISE * number.abs() < off => -0.5,
            Self::Up if off < -NOISE * number.abs() => 0.5,
            _ => return nearest,
        };
        let place = 10f64.powi(-(most as i32));
        format!("{:.most$}", number + by * place)
    }
}

/// One amount where there is room for one number: a proved end, where the amount as read is no bound.
pub fn proved(value: &Value, unit: Unit) -> String {
    inline(&proved_end(value), unit)
}

/// What is known of an amount too small for its figures.
fn nearly_nothing(amount: f64, bound: Bound, worded: &dyn Fn(f64) -> String, least: f64) -> String {
    let is_positive = 0.0 < amount;
    match bound {
        Bound::AtLeast | Bound::AboutAtLeast if is_positive => format!("≥{}", worded(0.0)),
        Bound::AtMost | Bound::AboutAtMost if !is_positive => format!("≤{}", worded(0.0)),
        _ => {
            let mark = if bound == Bound::Open { bound.mark() } else { "" };
            let sign = if is_positive { "<" } else { ">" };
            format!("{mark}{sign}{}", worded(least.copysign(amount)))
        }
    }
}

/// The least amount of a unit that is printed in figures.
fn least(unit: Unit) -> f64 {
    match unit {
        Unit::Share | Unit::Multiple => 0.001,
        Unit::Number { .. } => 0.0,
        _ => 0.0001,
    }
}

fn worded(amount: f64, unit: Unit, rounding: Rounding) -> String {
    let rounding = rounding.of_size(amount < 0.0);
    let (size, suffix) = step(unit, amount.abs(), rounding.almost());
    let number = amount.abs() / size;
    let digits = digits(number, unit, rounding);
    let sign = if amount < 0.0 { "-" } else { "" };
    let before = currency(unit).map_or(String::new(), |currency| currency.sign());
    let after = match unit {
        Unit::Money(_) | Unit::Number { .. } => "",
        Unit::MoneyPerYear(_) => "/yr",
        Unit::MoneyPerPower(_) => "/GW",
        Unit::Share => "%",
        Unit::Multiple => "x",
        Unit::Power => " GW",
        Unit::Months if digits == "1" => " month",
        Unit::Months => " months",
    };
    format!("{sign}{before}{digits}{suffix}{after}")
}

/// The scale of an amount, and its letter.
fn step(unit: Unit, amount: f64, almost: f64) -> (f64, &'static str) {
    match unit {
        Unit::Share => (0.01, ""),
        _ if currency(unit).is_none() => (1.0, ""),
        _ => MONEY.into_iter().find(|(size, _)| size * almost <= amount * (1.0 + NOISE)).unwrap_or((1.0, "")),
    }
}

fn digits(number: f64, unit: Unit, rounding: Rounding) -> String {
    if 0.0 < number && !(1e-6..1e15).contains(&number) {
        return format!("{number:.1e}");
    }
    let most = match unit {
        Unit::Number { digits } if 10f64.powi(-i32::from(digits)) <= number => digits.into(),
        // Around 1 the second decimal tells a gain from a loss.
        Unit::Multiple if 2.0 <= number => decimals_for(number, FIGURES).min(1),
        Unit::Multiple if 0.1 <= number => 2,
        // What those decimals would round away keeps two figures.
        Unit::Number { .. } | Unit::Multiple => decimals_for(number, 2),
        _ => decimals_for(number, FIGURES),
    };
    grouped(without_end_zeros(&rounding.decimals(number, most)))
}

fn currency(unit: Unit) -> Option<Currency> {
    match unit {
        Unit::Money(currency) | Unit::MoneyPerYear(currency) | Unit::MoneyPerPower(currency) => {
            Some(currency)
        }
        _ => None,
    }
}

/// The decimals that show this many significant figures.
fn decimals_for(number: f64, figures: usize) -> usize {
    if number <= 0.0 {
        return 0;
    }
    let before_the_point = number.log10().floor() as i32 + 1;
    (figures as i32 - before_the_point).max(0) as usize
}

fn without_end_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// Thousands apart from 10,000 up; four digits are read at a glance.
pub(crate) fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    if whole.len() < 5 {
        return digits.to_owned();
    }
    let mut apart = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if 0 < place && (whole.len() - place).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart + fraction
}

#[cfg(test)]
mod tests {
    use keiretsu_values::Set;

    use super::*;

    const DOLLARS: Unit = Unit::Money(Currency::USD);

    fn alone(unit: Unit, amount: f64) -> String {
        inline(&Value::exact(amount), unit)
    }

    /// Each amount as printed.
    fn check(unit: Unit, amounts: &[(f64, &str)]) {
        for (amount, printed) in amounts {
            assert_eq!(alone(unit, *amount), *printed, "{amount}");
        }
    }

    #[test]
    fn money_has_three_figures_and_the_letters_of_a_model() {
        check(
            DOLLARS,
            &[
                (8e9, "$8B"),
                (13.8e9, "$13.8B"),
                (1.254e6, "$1.25M"),
                (250e9, "$250B"),
                (1.4e12, "$1.4T"),
                (1.2345e12, "$1.23T"),
                (999.96e6, "$1B"),
                (9500.0, "$9.5k"),
                (950.0, "$950"),
                (0.01, "$0.01"),
                (0.0, "$0"),
                (-3.2e9, "-$3.2B"),
                (12_345e12, "$12,345T"),
            ],
        );
    }

    #[test]
    fn a_mark_stands_in_front_only_where_the_amount_is_not_exact() {
        for (bound, printed) in [
            (Bound::Exact, "$100B"),
            (Bound::AtLeast, "≥$100B"),
            (Bound::AtMost, "≤$100B"),
            (Bound::About, "~$100B"),
            (Bound::Open, "?$100B"),
        ] {
            assert_eq!(inline(&Value::known(100e9, bound), DOLLARS), printed);
        }
        assert_eq!(inline(&Value::known(0.0, Bound::AtLeast), DOLLARS), "≥$0");
    }

    #[test]
    fn a_bound_is_rounded_outward_and_anything_else_to_the_nearest() {
        let of = |amount, bound| inline(&Value::known(amount, bound), DOLLARS);
        for (amount, low, high, nearest) in [
            (10.86e9, "≥$10.8B", "≤$10.9B", "?$10.9B"),
            (10.83e9, "≥$10.8B", "≤$10.9B", "?$10.8B"),
            (-10.83e9, "≥-$10.9B", "≤-$10.8B", "?-$10.8B"),
            (999.96e6, "≥$999M", "≤$1B", "?$1B"),
            (999.2e6, "≥$999M", "≤$1B", "?$999M"),
            (8e9, "≥$8B", "≤$8B", "?$8B"),
            // A sum of tenths is off by some of the last bits.
            (0.1e9 + 0.2e9, "≥$300M", "≤$300M", "?$300M"),
        ] {
            assert_eq!(of(amount, Bound::AtLeast), low);
            assert_eq!(of(amount, Bound::AtMost), high);
            assert_eq!(of(amount, Bound::Open), nearest);
        }
        assert_eq!(inline(&Value::known(0.6666, Bound::AtMost), Unit::Share), "≤66.7%");
        assert_eq!(inline(&Value::known(1.049, Bound::AtLeast), Unit::Multiple), "≥1.04x");
    }

    #[test]
    fn unknown_is_a_word() {
        assert_eq!(inline(&Value::unknown("undisclosed"), Unit::Share), "unknown");
        assert_eq!(alone(DOLLARS, f64::INFINITY), "unknown");
    }

    #[test]
    fn every_number_carries_its_unit() {
        let per_year = Unit::MoneyPerYear(Currency::USD);
        check(Unit::Multiple, &[(7.6923, "7.7x"), (3.0, "3x"), (267.4, "267x"), (1.04, "1.04x")]);
        check(Unit::Multiple, &[(0.0831, "0.083x"), (0.0, "0x")]);
        check(Unit::Share, &[(0.27, "27%"), (0.3333, "33.3%"), (0.0993, "9.93%"), (1.0, "100%")]);
        check(Unit::Power, &[(5.0, "5 GW"), (1.25, "1.25 GW"), (0.05, "0.05 GW")]);
        check(Unit::Months, &[(1.0, "1 month"), (7.5, "7.5 months")]);
        check(Unit::MoneyPerPower(Currency::USD), &[(35e9, "$35B/GW")]);
        check(per_year, &[(30e9, "$30B/yr")]);
        check(Unit::Number { digits: 0 }, &[(2500.0, "2500"), (0.3, "0.3"), (2e18, "2.0e18")]);
        check(Unit::Number { digits: 0 }, &[(10_000.0, "10,000"), (1_234_567.0, "1,234,567")]);
        check(Unit::Number { digits: 2 }, &[(3.416, "3.42"), (12.0, "12")]);
    }

    #[test]
    fn other_currencies_have_their_signs_or_codes() {
        let of = |code| Currency::new(code).unwrap();
        assert_eq!(alone(Unit::MoneyPerYear(of("CHF")), 4e9), "CHF 4B/yr");
        assert_eq!(alone(Unit::Money(of("EUR")), 4e6), "€4M");
    }

    #[test]
    fn what_is_too_small_for_its_figures_is_no_zero_and_claims_nothing() {
        for (bound, small, negative) in [
            (Bound::Exact, "<0.1%", ">-0.1%"),
            (Bound::About, "<0.1%", ">-0.1%"),
            (Bound::AtMost, "<0.1%", "≤0%"),
            (Bound::AtLeast, "≥0%", ">-0.1%"),
            (Bound::Open, "?<0.1%", "?>-0.1%"),
        ] {
            let printed = |amount: f64| inline(&Value::known(amount, bound), Unit::Share);
            assert_eq!((printed(6.1e-15), printed(-6.1e-15)), (small.to_owned(), negative.to_owned()));
        }
        assert_eq!(alone(DOLLARS, 1e-9), "<$0.0001");
        assert_eq!(alone(Unit::Multiple, 1e-9), "<0.001x");
    }

    #[test]
    fn what_no_bound_holds_is_shown_by_the_end_that_is_proved() {
        let open = Value::partly(28e9, Set { low: 8e9, high: f64::INFINITY }, "undisclosed");
        assert_eq!(proved(&open, DOLLARS), "≥$8B");
        assert_eq!(inline(&open, DOLLARS), "?$28B");
    }
}
