//! A simulated quantity to the cells that every table of distributions has: mean, standard error, quantiles.

use keiretsu_program::Series;
use keiretsu_values::{Cell, ColumnSpec, Set, UnitSpec, Value};

/// Columns of distributions of money.
pub const MONEY: [ColumnSpec; 7] = columns(UnitSpec::Money);

/// Columns of distributions in the unit of each row.
pub(crate) const MEASURED: [ColumnSpec; 7] = [
    mean(ColumnSpec::measured("mean", MEAN)),
    standard_error(ColumnSpec::measured("standard_error", ERROR)),
    quantile(ColumnSpec::measured("q05", QUANTILE), "5%"),
    quantile(ColumnSpec::measured("q25", QUANTILE), "25%"),
    quantile(ColumnSpec::measured("q50", QUANTILE), "50%"),
    quantile(ColumnSpec::measured("q75", QUANTILE), "75%"),
    quantile(ColumnSpec::measured("q95", QUANTILE), "95%"),
];

const MEAN: &str = "mean over all paths";
const ERROR: &str = "standard error of the mean";
const QUANTILE: &str = "quantile over all paths";

const fn columns(unit: UnitSpec) -> [ColumnSpec; 7] {
    [
        mean(ColumnSpec::in_unit("mean", unit, MEAN)),
        standard_error(ColumnSpec::in_unit("standard_error", unit, ERROR)),
        quantile(ColumnSpec::in_unit("q05", unit, QUANTILE), "5%"),
        quantile(ColumnSpec::in_unit("q25", unit, QUANTILE), "25%"),
        quantile(ColumnSpec::in_unit("q50", unit, QUANTILE), "50%"),
        quantile(ColumnSpec::in_unit("q75", unit, QUANTILE), "75%"),
        quantile(ColumnSpec::in_unit("q95", unit, QUANTILE), "95%"),
    ]
}

const fn mean(column: ColumnSpec) -> ColumnSpec {
    column.by("sum over paths / their number")
}

const fn standard_error(column: ColumnSpec) -> ColumnSpec {
    column.by("standard deviation over paths / square root of their number")
}

const fn quantile(column: ColumnSpec, title: &'static str) -> ColumnSpec {
    column.titled(title).by("the value that this part of all paths does not exceed")
}

/// Cells of one period: mean, standard error and quantiles, each times `by`. Open ends of figures that are
/// not sampled stay open, as `expected` has them.
pub(crate) fn cells(series: &Series, expected: &Value, at: usize, by: &Value) -> Vec<Cell> {
    let number = |list: &Vec<f64>| value(list.get(at).copied().unwrap_or(f64::NAN), expected);
    let cell = |value: Value| Cell::Value(value.scaled(by));
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

#[cfg(test)]
mod tests {
    use keiretsu_program::Observations;

    use super::*;

    #[test]
    fn there_is_a_column_for_each_quantile_of_a_run() {
        let keys = Observations::QUANTILES.map(|quantile| format!("q{:02}", (quantile * 100.0).round()));
        for columns in [&MONEY, &MEASURED] {
            assert_eq!(columns[2..].iter().map(|column| column.key).collect::<Vec<_>>(), keys);
        }
    }
}
