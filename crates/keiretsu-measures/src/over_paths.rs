//! What a simulation saw of a quantity, to the cells that every table of distributions has.

use keiretsu_program::{Observations, Series};
use keiretsu_values::{Cell, Column, Unit, Value};

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
pub(crate) fn cells(series: &Series, at: usize, by: f64, unit: Option<Unit>) -> Vec<Cell> {
    let lists = [&series.mean, &series.standard_error].into_iter().chain(&series.quantiles);
    let number = |list: &Vec<f64>| {
        let amount = list.get(at).copied().unwrap_or(f64::NAN) * by;
        let value = if amount.is_nan() { Value::unknown(UNKNOWN) } else { Value::exact(amount) };
        unit.map_or(Cell::Value(value.clone()), |unit| Cell::Measured(value, unit))
    };
    lists.map(number).collect()
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
