//! What a simulation saw of a quantity, to the cells that every table of distributions has.

use keiretsu_program::{Observations, Series};
use keiretsu_values::{Cell, Column, Set, Unit, Value};

/// Mean, standard error and quantiles: the columns after those that say of what.
pub(crate) fn columns(unit: Unit) -> Vec<Column> {
    let quantiles = Observations::QUANTILES.map(|quantile| {
        let per_cent = (quantile * 100.0).round();
        Column::number(&format!("q{per_cent:02}"), unit).titled(&format!("{per_cent}%"))
    });
    let moments = [Column::number("mean", unit), Column::number("standard_error", unit)];
    moments.into_iter().chain(quantiles).collect()
}

/// The same of a piece of time, each number `by` times itself and in a unit of its own where one is given.
/// What words leave open on an end that nothing is drawn from stays open there: `expected` says where.
pub(crate) fn cells(
    series: &Series,
    expected: &Value,
    at: usize,
    by: &Value,
    unit: Option<Unit>,
) -> Vec<Cell> {
    let number = |list: &Vec<f64>| value(list.get(at).copied().unwrap_or(f64::NAN), expected);
    let cell = |value: Value| match unit {
        Some(unit) => Cell::Measured(value.scaled(by), unit),
        None => Cell::Value(value.scaled(by)),
    };
    let error = number(&series.standard_error);
    // Nobody knows which way the error of an open number is off.
    let off = |error: Value| Value::new(error.amount().unwrap_or(f64::NAN), Set::NOT_NEGATIVE);
    let error = if error.set().is_point() { error } else { off(error) };
    let quantiles = series.quantiles.iter().map(|list| cell(number(list)));
    [cell(number(&series.mean)), cell(error)].into_iter().chain(quantiles).collect()
}

/// A number of a simulation: open where the expected reading is open without end.
pub(crate) fn value(amount: f64, expected: &Value) -> Value {
    if amount.is_nan() {
        return Value::unknown(UNKNOWN);
    }
    let Set { low, high } = expected.set();
    let set = Set {
        low: if low.is_finite() { amount } else { low },
        high: if high.is_finite() { amount } else { high },
    };
    match expected.open_because() {
        Some(why) => Value::partly(amount, set, why),
        None => Value::new(amount, set),
    }
}

/// Whether a quantity is known in any piece of time.
pub(crate) fn is_known(series: &Series) -> bool {
    series.mean.iter().any(|mean| !mean.is_nan())
}

/// Why a number is not known.
pub(crate) const UNKNOWN: &str = "unknown on some path";

/// How the columns of [`columns`] are made.
pub(crate) fn formula(column: &str) -> Option<&'static str> {
    match column {
        "mean" => Some("sum over paths / their number"),
        "standard_error" => Some("standard deviation over paths / square root of their number"),
        _ if column.starts_with('q') => Some("the value that this part of all paths does not exceed"),
        _ => None,
    }
}
