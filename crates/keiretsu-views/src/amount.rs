//! An amount to the few figures that people read: scale, decimals, bound mark, unit.
//!
//! ```
//! use keiretsu_values::{Bound, Currency, Unit, Value};
//! use keiretsu_views::amount::{Notation, inline};
//! let dollars = Unit::Money(Currency::USD);
//! let column = Notation::of_column(dollars, &[100e9, 8e9], 100e9);
//! assert_eq!(column.label(), "$bn");
//! assert_eq!(column.number(&Value::known(100e9, Bound::AtLeast)), "≥100.0");
//! assert_eq!(inline(&Value::exact(33e9), dollars), "$33.0bn");
//! ```
//!
//! Invariants: an amount that is not zero never prints as zero, but for the noise of sums (`NOISE`); an
//! exact zero of money is `-` in a column, because a payment plan is mostly zeros; an unknown is `unknown`.
//! Absent: amounts for machines, which are not rounded.

use crate::machine;
use keiretsu_values::{Bound, Currency, Set, Unit, Value};

/// The word for an unknown amount, in every format that has words.
pub const UNKNOWN: &str = "unknown";

/// Share of the largest amount in a column below which an amount is rounding of f64, and prints as 0.
const NOISE: f64 = 1e-12;
/// 999.96 would print as 1000.0, so it already belongs to the next step of the scale.
const ALMOST: f64 = 0.99995;
/// A column joins the scale of its neighbours unless its largest number would fall below this.
const SMALLEST_BESIDE: f64 = 0.01;

/// A step of the money scale.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    size: f64,
    suffix: &'static str,
    /// The largest amount from which a column is printed in this step.
    column_from: f64,
}

const ONE: Step = Step { size: 1.0, suffix: "", column_from: 0.0 };
const HUNDREDTH: Step = Step { size: 0.01, suffix: "", column_from: 0.0 };

/// Trillions wait for ten of them: a total of 1400.0 reads better above parts of 22.4 than 1.4 above 0.0224.
static MONEY: [Step; 5] = [
    ONE,
    Step { size: 1e3, suffix: "k", column_from: 1e3 },
    Step { size: 1e6, suffix: "M", column_from: 1e6 },
    Step { size: 1e9, suffix: "bn", column_from: 1e9 },
    Step { size: 1e12, suffix: "tn", column_from: 1e13 },
];

/// How the amounts of one column, or one amount alone, are printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Notation {
    unit: Unit,
    step: Step,
    largest: f64,
    /// Decimals that every number of the column gets, so that the column has an even edge.
    common: usize,
}

impl Notation {
    /// For a column of these amounts, where `largest_beside` is the largest magnitude that the table has in
    /// this unit: numbers that are compared along a row should stand in one scale.
    pub fn of_column(unit: Unit, amounts: &[f64], largest_beside: f64) -> Self {
        let largest = amounts.iter().fold(0.0, |most: f64, amount| most.max(amount.abs()));
        let beside = step(unit, largest_beside.max(largest), |step| step.column_from);
        let alone = 0.0 < largest && largest < SMALLEST_BESIDE * beside.size;
        let step = if alone { step(unit, largest, |step| step.column_from) } else { beside };
        let mut notation = Self { unit, step, largest, common: 0 };
        let decimals = amounts.iter().map(|amount| notation.decimals(notation.scaled(*amount)));
        notation.common = decimals.max().unwrap_or(0).min(most_in_common(unit));
        notation
    }

    /// For one amount that stands alone.
    pub fn of_one(unit: Unit, amount: f64) -> Self {
        let step = step(unit, amount.abs(), |step| step.size);
        Self { unit, step, largest: amount.abs(), common: 0 }
    }

    /// The unit with its scale, as in a heading: `$bn`, `$bn/yr`, `%`; empty for a plain number.
    pub fn label(&self) -> String {
        let money = |currency: Currency| format!("{}{}", currency.sign(), self.step.suffix).trim().to_owned();
        match self.unit {
            Unit::Money(currency) => money(currency),
            Unit::MoneyPerYear(currency) => money(currency) + "/yr",
            Unit::MoneyPerPower(currency) => money(currency) + "/GW",
            Unit::Share => "%".into(),
            Unit::Multiple => "x".into(),
            Unit::Power => "GW".into(),
            Unit::Months => "months".into(),
            Unit::Number { .. } => String::new(),
        }
    }

    /// A value in a column with the unit in its heading.
    pub fn number(&self, value: &Value) -> String {
        let Some(amount) = machine::amount(value) else { return UNKNOWN.into() };
        if value.is_zero() && currency(self.unit).is_some() {
            return "-".into();
        }
        format!("{}{}{}", mark(value), self.sign(amount), self.digits(amount))
    }

    /// A value with its unit.
    pub fn with_unit(&self, value: &Value) -> String {
        let Some(amount) = machine::amount(value) else { return UNKNOWN.into() };
        let digits = self.digits(amount);
        let after = match self.unit {
            Unit::Money(_) | Unit::Number { .. } => "",
            Unit::MoneyPerYear(_) => "/yr",
            Unit::MoneyPerPower(_) => "/GW",
            Unit::Share => "%",
            Unit::Multiple => "x",
            Unit::Power => " GW",
            Unit::Months if digits == "1" => " month",
            Unit::Months => " months",
        };
        let before = currency(self.unit).map_or(String::new(), |currency| currency.sign());
        format!("{}{}{before}{digits}{}{after}", mark(value), self.sign(amount), self.step.suffix)
    }

    /// The magnitude in this scale; 0 for noise next to the largest.
    fn scaled(&self, amount: f64) -> f64 {
        if amount.abs() < NOISE * self.largest { 0.0 } else { amount.abs() / self.step.size }
    }

    fn sign(&self, amount: f64) -> &'static str {
        if amount < 0.0 && 0.0 < self.scaled(amount) { "-" } else { "" }
    }

    fn digits(&self, amount: f64) -> String {
        let number = self.scaled(amount);
        if 0.0 < number && !(1e-6..1e15).contains(&number) {
            return format!("{number:.1e}");
        }
        let decimals = self.decimals(number).max(self.common);
        grouped(&format!("{number:.decimals$}"))
    }

    /// The decimals that a number needs: about three significant figures, without zeros at the end.
    fn decimals(&self, number: f64) -> usize {
        let least = match self.unit {
            Unit::Multiple => 1,
            unit if currency(unit).is_some() && 1.0 < self.step.size => 1,
            _ => 0,
        };
        let most = match self.unit {
            Unit::Number { digits } if 10f64.powi(-i32::from(digits)) <= number => digits.into(),
            // Around 1 the second decimal tells a gain from a loss.
            Unit::Multiple if 2.0 <= number => 1,
            Unit::Multiple if 0.1 <= number => 2,
            // What those decimals would round away keeps two figures.
            Unit::Number { .. } | Unit::Multiple => decimals_for(number, 2),
            _ => decimals_for(number, 3),
        };
        without_end_zeros(number, most).max(least)
    }
}

/// One amount with its unit, as in a sentence, or in a table with a unit for each row.
pub fn inline(value: &Value, unit: Unit) -> String {
    Notation::of_one(unit, machine::amount(value).unwrap_or(0.0)).with_unit(value)
}

/// One amount where there is room for one number: a proved end, where the amount as read is no bound.
pub fn proved(value: &Value, unit: Unit) -> String {
    let Set { low, high } = value.set();
    match value.bound() {
        Some(Bound::Open) if low.is_finite() && 0.0 < low.abs() => inline(&Value::at_least(low), unit),
        Some(Bound::Open) if high.is_finite() => inline(&Value::known(high, Bound::AtMost), unit),
        _ => inline(value, unit),
    }
}

/// How much of a printed number stands right of the units: the point and the decimals.
pub fn behind_the_units(number: &str) -> usize {
    number.find('.').map_or(0, |point| number.len() - point)
}

fn mark(value: &Value) -> &'static str {
    value.bound().filter(|bound| *bound != Bound::Exact).map_or("", Bound::mark)
}

fn currency(unit: Unit) -> Option<Currency> {
    match unit {
        Unit::Money(currency) | Unit::MoneyPerYear(currency) | Unit::MoneyPerPower(currency) => {
            Some(currency)
        }
        _ => None,
    }
}

fn most_in_common(unit: Unit) -> usize {
    if let Unit::Number { digits } = unit { digits.into() } else { 1 }
}

fn step(unit: Unit, largest: f64, from: impl Fn(&Step) -> f64) -> Step {
    if unit == Unit::Share {
        return HUNDREDTH;
    }
    let reached = |step: &&Step| currency(unit).is_some() && from(step) * ALMOST <= largest;
    MONEY.iter().rev().find(reached).copied().unwrap_or(ONE)
}

/// The decimals that show this many significant figures.
fn decimals_for(number: f64, figures: i32) -> usize {
    if number <= 0.0 {
        return 0;
    }
    let before_the_point = number.log10().floor() as i32 + 1;
    (figures - before_the_point).max(0) as usize
}

fn without_end_zeros(number: f64, decimals: usize) -> usize {
    let digits = format!("{number:.decimals$}");
    decimals.min(behind_the_units(digits.trim_end_matches('0')).saturating_sub(1))
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
    use super::*;

    const DOLLARS: Unit = Unit::Money(Currency::USD);

    /// A column of exact amounts, as printed, after its label.
    fn column(unit: Unit, amounts: &[f64]) -> String {
        let notation = Notation::of_column(unit, amounts, 0.0);
        let numbers = amounts.iter().map(|amount| notation.number(&Value::exact(*amount)));
        format!("{}: {}", notation.label(), numbers.collect::<Vec<_>>().join(" ")).trim().to_owned()
    }

    fn alone(unit: Unit, amount: f64) -> String {
        inline(&Value::exact(amount), unit)
    }

    #[test]
    fn the_largest_amount_chooses_the_scale() {
        assert_eq!(column(DOLLARS, &[250e9, 13.8e9, 8e9]), "$bn: 250.0 13.8 8.0");
        assert_eq!(column(DOLLARS, &[600e6, 1.25e6]), "$M: 600.0 1.25");
        assert_eq!(column(DOLLARS, &[9500.0]), "$k: 9.5");
        assert_eq!(column(DOLLARS, &[950.0, 3.0]), "$: 950 3");
        assert_eq!(column(DOLLARS, &[1.4e12, 22.4e9]), "$bn: 1400.0 22.4");
        assert_eq!(column(DOLLARS, &[14e12, 0.5e12]), "$tn: 14.0 0.5");
        assert_eq!(column(DOLLARS, &[999.96e6]), "$bn: 1.0");
        assert_eq!(column(DOLLARS, &[]), "$:");
    }

    #[test]
    fn columns_beside_each_other_share_a_scale_unless_one_would_vanish() {
        let beside = |amount| Notation::of_column(DOLLARS, &[amount], 250e9);
        assert_eq!(beside(250e6).label(), "$bn");
        assert_eq!(beside(250e6).number(&Value::exact(250e6)), "0.25");
        assert_eq!(beside(5e6).label(), "$M");
        assert_eq!(beside(0.0).label(), "$bn");
    }

    #[test]
    fn a_mark_stands_in_front_only_where_the_amount_is_not_exact() {
        let column = Notation::of_column(DOLLARS, &[100e9], 0.0);
        for (bound, printed) in [
            (Bound::Exact, "100.0"),
            (Bound::AtLeast, "≥100.0"),
            (Bound::AtMost, "≤100.0"),
            (Bound::About, "~100.0"),
            (Bound::Open, "?100.0"),
        ] {
            assert_eq!(column.number(&Value::known(100e9, bound)), printed);
        }
        assert_eq!(column.number(&Value::known(0.0, Bound::AtLeast)), "≥0.0");
        assert_eq!(inline(&Value::known(20e9, Bound::AtMost), DOLLARS), "≤$20.0bn");
    }

    #[test]
    fn unknown_is_a_word() {
        let unknown = Value::unknown("undisclosed");
        assert_eq!(Notation::of_column(DOLLARS, &[], 0.0).number(&unknown), "unknown");
        assert_eq!(inline(&unknown, Unit::Share), "unknown");
        assert_eq!(alone(DOLLARS, f64::INFINITY), "unknown");
    }

    #[test]
    fn a_number_alone_carries_its_unit() {
        assert_eq!(alone(Unit::Multiple, 7.6923), "7.7x");
        assert_eq!(alone(Unit::Multiple, 1.04), "1.04x");
        assert_eq!(alone(Unit::Multiple, 0.0831), "0.083x");
        assert_eq!(alone(Unit::Share, 0.27), "27%");
        assert_eq!(alone(Unit::Share, 0.3333), "33.3%");
        assert_eq!(alone(Unit::Share, 0.000_4), "0.04%");
        assert_eq!(alone(Unit::Power, 5.0), "5 GW");
        assert_eq!(alone(Unit::Months, 1.0), "1 month");
        assert_eq!(alone(Unit::Months, 7.5), "7.5 months");
        assert_eq!(alone(Unit::MoneyPerPower(Currency::USD), 35e9), "$35.0bn/GW");
        assert_eq!(alone(Unit::Number { digits: 0 }, 2500.0), "2500");
        assert_eq!(alone(DOLLARS, 1.4e12), "$1.4tn");
        assert_eq!(alone(DOLLARS, -3.2e9), "-$3.2bn");
        assert_eq!(alone(DOLLARS, 0.0), "$0");
    }

    #[test]
    fn other_currencies_have_their_signs_or_codes() {
        let francs = Unit::MoneyPerYear(Currency::new("CHF").unwrap());
        assert_eq!(column(francs, &[4e9]), "CHF bn/yr: 4.0");
        assert_eq!(column(francs, &[4.0]), "CHF/yr: 4");
        assert_eq!(alone(francs, 4e9), "CHF 4.0bn/yr");
        assert_eq!(alone(Unit::Money(Currency::new("EUR").unwrap()), 4e6), "€4.0M");
    }

    #[test]
    fn decimals_are_even_down_a_column_up_to_one() {
        assert_eq!(column(Unit::Share, &[0.27, 0.3333, 1.0]), "%: 27.0 33.3 100.0");
        assert_eq!(column(Unit::Share, &[0.27, 0.5]), "%: 27 50");
        assert_eq!(column(Unit::Power, &[5.0, 1.25]), "GW: 5.0 1.25");
        assert_eq!(column(Unit::Number { digits: 2 }, &[3.416, 12.0]), ": 3.42 12.00");
    }

    #[test]
    fn negative_and_zero_amounts() {
        assert_eq!(column(DOLLARS, &[-3.2e9, 0.0]), "$bn: -3.2 -");
        assert_eq!(column(Unit::Share, &[0.0, 0.125]), "%: 0.0 12.5");
        assert_eq!(column(Unit::Multiple, &[0.0]), "x: 0.0");
    }

    #[test]
    fn a_tiny_amount_is_not_rounded_to_zero_but_noise_is() {
        assert_eq!(column(DOLLARS, &[250e9, 12e3]), "$bn: 250.0 0.000012");
        assert_eq!(column(DOLLARS, &[250e9, 1.2]), "$bn: 250.0 1.2e-9");
        assert_eq!(column(DOLLARS, &[250e9, -3e-5]), "$bn: 250.0 0.0");
        assert_eq!(column(Unit::Number { digits: 0 }, &[0.3]), ": 0.3");
        assert_eq!(column(Unit::Share, &[0.000_001_2]), "%: 0.00012");
    }

    #[test]
    fn thousands_stand_apart_from_ten_thousand_up() {
        let count = Unit::Number { digits: 0 };
        assert_eq!(column(count, &[9999.0, 10_000.0, 1_234_567.0]), ": 9999 10,000 1,234,567");
        assert_eq!(column(DOLLARS, &[12_345e12]), "$tn: 12,345.0");
        assert_eq!(column(Unit::Number { digits: 0 }, &[2e18]), ": 2.0e18");
    }
}
