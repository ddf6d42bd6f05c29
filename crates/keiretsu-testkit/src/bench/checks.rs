//! What a run of M1 saw, beside what is known of it without running it: closed forms, sums, a reference.

use keiretsu_program::Observations;
use serde_json::{Value, json};

use crate::params::{Contract, Params};

/// Quantiles of a reference: 5%, 50%, 95%, as the run keeps them.
const QUANTILES: usize = 3;
/// The largest z of contract means that passes: beyond it lies one of 500 million normal draws.
const Z_MAX: f64 = 6.0;
/// Skewness of a mean up to which its z is near enough to normal.
const SKEW_MAX: f64 = 0.25;
/// Share by which a mean that does not vary may differ from its closed form: rounding over the months.
const ROUNDING: f64 = 1e-9;
/// The thresholds of the specification.
const RMS_MAX: f64 = 1.2;
const BEYOND_MAX: f64 = 0.005;

/// Whether quantiles are exact, and no path or flow was left out.
pub fn exact(seen: &[Observations]) -> Value {
    let failed: u64 = seen.iter().map(|seen| seen.failed).sum();
    let left_out: usize = seen.iter().map(|seen| seen.left_out.len()).sum();
    let error = seen.iter().map(|seen| seen.quantile_error).fold(0.0, f64::max);
    let passed = failed == 0 && left_out == 0 && error <= 0.0;
    json!({"passed": passed, "quantile_error": error, "failed_paths": failed, "flows_left_out": left_out})
}

/// The sum of some amounts, as a share of their sizes.
pub fn imbalance(amounts: impl Iterator<Item = f64>) -> f64 {
    let (sum, size) = amounts.fold((0.0, 0.0), |(sum, size), amount| (sum + amount, size + amount.abs()));
    if size > 0.0 { f64::abs(sum) / size } else { size }
}

/// Means of what is due on each contract in each month, beside their closed form. The standard error is the
/// closed form's too: one from the sample would be small just when the sample misses the tail. Months in
/// which a mean of so many paths is still too skewed for a z are counted and left out.
pub fn means(params: &Params, due: &Observations, paths: u64) -> Value {
    let (mut worst, mut squares, mut compared, mut skewed, mut drift) = (0.0_f64, 0.0, 0_u64, 0_u64, 0.0_f64);
    for (contract, series) in params.contracts.iter().zip(&due.series) {
        for (at, mean) in series.mean.iter().enumerate() {
            let known = Moments::of(params, contract, at as f64 + 1.0);
            let difference = mean - known.mean;
            let error = known.deviation / (paths as f64).sqrt();
            if error <= ROUNDING * known.mean {
                drift = drift.max(difference.abs() / known.mean.max(f64::MIN_POSITIVE));
            } else if known.skewness / (paths as f64).sqrt() <= SKEW_MAX {
                let z = difference / error;
                worst = worst.max(z.abs());
                squares += z * z;
                compared += 1;
            } else {
                skewed += 1;
            }
        }
    }
    let rms = (squares / compared.max(1) as f64).sqrt();
    let passed =
        worst <= Z_MAX && drift <= ROUNDING && compared + skewed > 0 || drift > 0.0 && drift <= ROUNDING;
    json!({
        "passed": passed, "paths": paths, "compared": compared, "too_skewed": skewed,
        "worst_z": worst, "rms_z": rms,
    })
}

/// Mean, standard deviation and skewness of what is due on a contract in a month.
struct Moments {
    mean: f64,
    deviation: f64,
    skewness: f64,
}

impl Moments {
    /// Of `max(M, Y)` in month `t`, Y log-normal: the power k has the mean of Black (1976) with k-fold
    /// volatility. `skewness` is infinite where a moment overflows.
    fn of(params: &Params, contract: &Contract, t: f64) -> Self {
        let (a, b) = (contract.usage_driver, contract.price_driver);
        let (x, y) = (params.drivers[a], params.drivers[b]);
        let (years, both) = (t / 12.0, params.correlation[a][b] * x.volatility * y.volatility);
        let metered = contract.usage * contract.rate * ((x.drift + y.drift + both) * years).exp();
        let variance = (x.volatility * x.volatility + y.volatility * y.volatility + 2.0 * both) * years;
        let (floor, s) = (contract.minimum, variance.max(0.0).sqrt());
        if s <= 1e-9 || metered <= 0.0 {
            return Self { mean: floor.max(metered), deviation: 0.0, skewness: 0.0 };
        }
        let d = ((metered / floor).ln() + s * s / 2.0) / s;
        let power = |k: f64| {
            let above = metered.powf(k) * (k * (k - 1.0) / 2.0 * s * s).exp() * normal(d + (k - 1.0) * s);
            floor.powf(k) * normal(s - d) + above
        };
        let [mean, second, third] = [1.0, 2.0, 3.0].map(power);
        let spread = (second - mean * mean).max(0.0);
        let cubed = third - 3.0 * mean * second + 2.0 * mean * mean * mean;
        let skewness = cubed / spread.powf(1.5);
        let skewness = if skewness.is_finite() { skewness } else { f64::INFINITY };
        Self { mean, deviation: spread.sqrt(), skewness }
    }
}

/// P(Z <= x), to 1e-15 (Marsaglia 2004, J. Statistical Software 11:4); apart from the code that is checked.
fn normal(x: f64) -> f64 {
    if 8.0 < x.abs() || x.is_nan() {
        return if x > 0.0 { 1.0 } else { 0.0 };
    }
    let (mut term, mut sum, mut odd) = (x, x, 1.0);
    while f64::EPSILON * f64::abs(sum) < 16.0 * f64::abs(term) {
        odd += 2.0;
        term *= x * x / odd;
        sum += term;
    }
    0.5 + sum * (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt()
}

/// Quantiles of net cash from many paths, with their standard errors: `m1_reference.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    paths: f64,
    /// By quantile, then month, then party.
    quantiles: Vec<Vec<Vec<f64>>>,
    /// Standard errors of one path, in the same order.
    errors: Vec<Vec<Vec<f64>>>,
}

impl Reference {
    /// From a JSON text with `paths`, `q` and `se1`.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| asked(&format!("no JSON: {error}")))?;
        let paths = value["paths"].as_f64().filter(|paths| *paths >= 1.0);
        let paths = paths.ok_or_else(|| asked("`paths` is missing"))?;
        let quantiles = cube(&value["q"]).ok_or_else(|| asked("`q` is no list of lists of lists"))?;
        let errors = cube(&value["se1"]).ok_or_else(|| asked("`se1` is no list of lists of lists"))?;
        Ok(Self { paths, quantiles, errors })
    }

    /// Whether it has a number for every party, month and quantile of these parameters.
    pub fn fits(&self, params: &Params) -> Result<(), String> {
        let sized = |cube: &Vec<Vec<Vec<f64>>>| {
            let months = |list: &Vec<Vec<f64>>| list.len() == params.months as usize;
            let parties = |list: &Vec<Vec<f64>>| list.iter().all(|row| row.len() == params.parties);
            cube.len() == QUANTILES && cube.iter().all(|list| months(list) && parties(list))
        };
        let fits = sized(&self.quantiles) && sized(&self.errors);
        if fits { Ok(()) } else { Err(asked("it is of another size than the parameters")) }
    }

    /// z of every quantile: the root of the mean square without the 0.5% largest, and the share beyond 4.
    pub fn compare(&self, params: &Params, seen: &Observations, paths: u64) -> (f64, f64) {
        let mut z = vec![];
        let shrink = (1.0 / paths as f64 + 1.0 / self.paths).sqrt();
        for q in 0..QUANTILES {
            for (t, (row, errors)) in self.quantiles[q].iter().zip(&self.errors[q]).enumerate() {
                for party in 0..params.parties {
                    // The reference is rounded, and on an atom its error is zero (hence the floor).
                    let error = (errors[party] * shrink).max(1e-5 * (1.0 + row[party].abs()));
                    z.push(((seen.series[party].quantiles[q][t] - row[party]) / error).abs());
                }
            }
        }
        z.sort_unstable_by(f64::total_cmp);
        let beyond = z.iter().filter(|z| **z > 4.0).count() as f64 / z.len() as f64;
        let bulk = &z[..(z.len() as f64 * 0.995) as usize];
        let rms = (bulk.iter().map(|z| z * z).sum::<f64>() / bulk.len().max(1) as f64).sqrt();
        (rms, beyond)
    }
}

/// Medians over the seeds, and every seed.
pub fn together(seeds: &[(f64, f64)]) -> Value {
    let median = |of: fn(&(f64, f64)) -> f64| {
        let mut list: Vec<f64> = seeds.iter().map(of).collect();
        list.sort_unstable_by(f64::total_cmp);
        list.get(list.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let (rms, beyond) = (median(|seed| seed.0), median(|seed| seed.1));
    let list = |of: fn(&(f64, f64)) -> f64| seeds.iter().map(of).collect::<Vec<f64>>();
    json!({
        "passed": rms < RMS_MAX && beyond <= BEYOND_MAX, "rms_z": rms, "share_z_above_4": beyond,
        "rms_z_by_seed": list(|seed| seed.0), "share_z_above_4_by_seed": list(|seed| seed.1),
    })
}

fn cube(value: &Value) -> Option<Vec<Vec<Vec<f64>>>> {
    let row = |value: &Value| value.as_array()?.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>();
    let list = |value: &Value| value.as_array()?.iter().map(row).collect::<Option<Vec<_>>>();
    value.as_array()?.iter().map(list).collect()
}

fn asked(what: &str) -> String {
    format!("the reference: {what}; give a file with `paths`, `q` and `se1`, as `m1_reference.py` writes it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_has_its_known_values() {
        // Abramowitz and Stegun, table 26.1.
        let known = [(0.0, 0.5), (1.0, 0.841_344_746_068_542_9), (-2.0, 0.022_750_131_948_179_2)];
        for (x, wanted) in known {
            assert!((normal(x) - wanted).abs() < 1e-14, "{x}");
        }
        assert!(normal(40.0) >= 1.0 && normal(-40.0) <= 0.0, "far out");
    }

    #[test]
    fn a_contract_that_does_not_vary_is_due_at_the_greater_of_both() {
        let mut params = Params::standard();
        params.drivers.iter_mut().for_each(|driver| driver.volatility = 0.0);
        let known = Moments::of(&params, &params.contracts[0], 12.0);
        let grown = 2.0 * (0.05_f64 + 0.03).exp();
        assert!((known.mean - grown).abs() < 1e-12 && known.deviation <= 0.0, "{}", known.mean);
    }

    #[test]
    fn amounts_that_do_not_cancel_are_seen() {
        assert!(imbalance([1.0, -1.0].into_iter()) <= 0.0, "balanced");
        assert!(imbalance([1.0, -0.5].into_iter()) > 0.3, "not balanced");
    }
}
