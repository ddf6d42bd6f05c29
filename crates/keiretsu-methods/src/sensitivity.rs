//! Turns runs of a model into which inputs its result depends on.
//!
//! ```
//! use keiretsu_methods::sensitivity::shapley;
//! // Two changes are worth 1 and 2 alone and 5 together: the extra 2 is shared equally.
//! let worth = |changes: u32| [0.0, 1.0, 2.0, 5.0][changes as usize];
//! assert_eq!(shapley(2, worth).unwrap(), [2.0, 3.0]);
//! ```
//!
//! Variance shares: Sobol (1993), first order by the estimator of Saltelli et al. (2010, Computer Physics
//! Communications 181, table 2b), total by that of Jansen (1999, same table, 2f). Shapley effects: Owen
//! (2014, SIAM/ASA J. Uncertainty Quantification 2), which share the variance even between dependent inputs;
//! exact for linear functions of normal inputs (Owen and Prieur 2017; Iooss and Prieur 2019). Tornado: one
//! input at a time, a local picture.
//!
//! The caller draws inputs and runs the model; nothing here is random.
//! Absent: variance shares of dependent inputs (they lose their meaning). The mildest stress with a given
//! loss is in [`crate::design_point`].

use crate::dense::Factors;

/// Why a sensitivity cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensitivityError {
    /// Lengths do not match.
    Lengths,
    /// A number is infinite or not a number, or a loss not positive.
    NotANumber,
    /// Nothing varies, so that there is no variance to share.
    NoVariance,
    /// A covariance is not symmetric with positive variances, or inputs are copies of each other.
    NotACovariance,
    /// More inputs than subsets can be counted for.
    TooManyInputs,
}

/// Most inputs for exact Shapley values: 2^20 subsets.
pub const SHAPLEY_INPUTS_MAX: usize = 20;

/// Shares of the variance of a result by input.
#[derive(Clone, Debug, PartialEq)]
pub struct VarianceShares {
    /// By each input alone. Estimates near zero may be negative.
    pub first: Vec<f64>,
    /// By each input with all interactions in which it takes part.
    pub total: Vec<f64>,
    /// Variance of the result.
    pub variance: f64,
}

/// Variance shares from results of a model on N rows: `base` on rows A, `other` on independent rows B, and
/// `mixed[i]` on rows A with input i taken from B.
///
/// # Errors
/// [`SensitivityError::Lengths`] (N must be at least 2), [`SensitivityError::NotANumber`],
/// [`SensitivityError::NoVariance`].
pub fn variance_shares(
    base: &[f64],
    other: &[f64],
    mixed: &[Vec<f64>],
) -> Result<VarianceShares, SensitivityError> {
    let n = base.len();
    if n < 2 || other.len() != n || mixed.iter().any(|column| column.len() != n) {
        return Err(SensitivityError::Lengths);
    }
    if !finite(base) || !finite(other) || !mixed.iter().all(|column| finite(column)) {
        return Err(SensitivityError::NotANumber);
    }
    let rows = n as f64;
    let mean = base.iter().chain(other).sum::<f64>() / (2.0 * rows);
    let squares: f64 = base.iter().chain(other).map(|y| (y - mean) * (y - mean)).sum();
    let variance = squares / (2.0 * rows);
    if !(f64::MIN_POSITIVE <= variance && variance.is_finite()) {
        return Err(SensitivityError::NoVariance);
    }
    let first = |column: &Vec<f64>| {
        // Centred, which leaves the expectation as it is and makes the estimate steadier.
        let products = base.iter().zip(other).zip(column).map(|((a, b), m)| (b - mean) * (m - a));
        products.sum::<f64>() / rows / variance
    };
    let total = |column: &Vec<f64>| {
        base.iter().zip(column).map(|(a, m)| (a - m) * (a - m)).sum::<f64>() / (2.0 * rows) / variance
    };
    Ok(VarianceShares {
        first: mixed.iter().map(first).collect(),
        total: mixed.iter().map(total).collect(),
        variance,
    })
}

/// Shapley value of each of `inputs` players, given the worth of every subset (bit i set: input i is in).
///
/// Attributes a *difference between two strategies* to changed assumptions as well as a variance to inputs.
///
/// Cost: `inputs` 2^`inputs` operations and one call of `worth` a subset.
///
/// # Errors
/// [`SensitivityError::TooManyInputs`], [`SensitivityError::NotANumber`].
pub fn shapley(inputs: usize, mut worth: impl FnMut(u32) -> f64) -> Result<Vec<f64>, SensitivityError> {
    if SHAPLEY_INPUTS_MAX < inputs {
        return Err(SensitivityError::TooManyInputs);
    }
    let worths: Vec<f64> = (0..1_u32 << inputs).map(&mut worth).collect();
    if !finite(&worths) {
        return Err(SensitivityError::NotANumber);
    }
    // |u|! (d - |u| - 1)! / d!, by |u|: 1/d, then each times |u| / (d - |u|).
    let mut weights = vec![1.0 / inputs.max(1) as f64; inputs];
    for size in 1..inputs {
        weights[size] = weights[size - 1] * size as f64 / (inputs - size) as f64;
    }
    let value = |i: usize| {
        let without = (0..1_u32 << inputs).filter(|subset| subset >> i & 1 == 0);
        let gain = |u: u32| worths[(u | 1 << i) as usize] - worths[u as usize];
        without.map(|u| weights[u.count_ones() as usize] * gain(u)).sum()
    };
    Ok((0..inputs).map(value).collect())
}

/// Shapley values of several results at once, as means over orders in which the inputs come in (Castro, Gomez
/// and Tejada 2009, Computers and Operations Research 36): for each result the value of each input. `worth`
/// gives the results of subsets, as flags of the inputs that are in.
///
/// Exact over all orders, an estimate over some; whichever they are, the values of a result sum to the worth
/// of all inputs less that of none. A result that is not a number in some subset has no values (NaN).
///
/// # Errors
/// Those of `worth`.
pub fn shapley_by_orders<E>(
    orders: &[Vec<usize>],
    mut worth: impl FnMut(&[bool]) -> Result<Vec<f64>, E>,
) -> Result<Vec<Vec<f64>>, E> {
    let inputs = orders.first().map_or(0, Vec::len);
    let nobody = worth(&vec![false; inputs])?;
    let mut values = vec![vec![0.0; inputs]; nobody.len()];
    for order in orders {
        let mut taken = vec![false; inputs];
        let mut before = nobody.clone();
        for input in order {
            taken[*input] = true;
            let after = worth(&taken)?;
            for (value, (now, then)) in values.iter_mut().zip(after.iter().zip(&before)) {
                value[*input] += (now - then) / orders.len() as f64;
            }
            before = after;
        }
    }
    // One order that meets an unknown leaves the whole result unknown.
    for value in &mut values {
        if value.iter().any(|x| x.is_nan()) {
            value.fill(f64::NAN);
        }
    }
    Ok(values)
}

/// Shapley effects of the inputs of `sum of slopes_i x_i` with x normal with this covariance (row-major):
/// shares of the variance, summing to 1.
///
/// # Errors
/// [`SensitivityError`].
pub fn shapley_linear_gaussian(slopes: &[f64], covariance: &[f64]) -> Result<Vec<f64>, SensitivityError> {
    let d = slopes.len();
    check_covariance(covariance, d)?;
    if !finite(slopes) {
        return Err(SensitivityError::NotANumber);
    }
    let variance = quadratic(slopes, covariance);
    if !(f64::MIN_POSITIVE <= variance && variance.is_finite()) {
        return Err(SensitivityError::NoVariance);
    }
    let mut regular = true;
    let values = shapley(d, |subset| {
        let part = explained(slopes, covariance, subset);
        regular &= part.is_some();
        part.unwrap_or(0.0) / variance
    })?;
    if regular { Ok(values) } else { Err(SensitivityError::NotACovariance) }
}

/// `Var E[Y | x_u]`: the variance of Y less the rest once the inputs in `u` are known. None if they are
/// copies.
fn explained(slopes: &[f64], covariance: &[f64], u: u32) -> Option<f64> {
    let d = slopes.len();
    let known: Vec<usize> = (0..d).filter(|i| u >> i & 1 == 1).collect();
    // Covariance of Y with each known input.
    let with_result: Vec<f64> =
        known.iter().map(|i| (0..d).map(|j| covariance[i * d + j] * slopes[j]).sum()).collect();
    let block: Vec<f64> =
        known.iter().flat_map(|i| known.iter().map(move |j| covariance[i * d + j])).collect();
    let factors = Factors::new(block, known.len())?;
    Some(factors.solve(&with_result).iter().zip(&with_result).map(|(x, c)| x * c).sum())
}

/// The effect of one input on its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TornadoBar {
    /// Which input.
    pub input: usize,
    /// Result with the input at its low end.
    pub low: f64,
    /// Result with the input at its high end.
    pub high: f64,
}

/// Bars of a tornado chart, the widest first (ties by index): `results[i]` holds the model's result with
/// input i at its low and at its high end and all others at their base.
///
/// # Errors
/// [`SensitivityError::NotANumber`].
pub fn tornado(results: &[[f64; 2]]) -> Result<Vec<TornadoBar>, SensitivityError> {
    if !results.iter().all(|ends| finite(ends)) {
        return Err(SensitivityError::NotANumber);
    }
    let mut bars: Vec<TornadoBar> = results
        .iter()
        .enumerate()
        .map(|(input, ends)| TornadoBar { input, low: ends[0], high: ends[1] })
        .collect();
    bars.sort_by(|a, b| (b.high - b.low).abs().total_cmp(&(a.high - a.low).abs()));
    Ok(bars)
}

fn finite(numbers: &[f64]) -> bool {
    numbers.iter().all(|x| x.is_finite())
}

/// a' S a.
fn quadratic(a: &[f64], covariance: &[f64]) -> f64 {
    let d = a.len();
    (0..d).map(|i| a[i] * (0..d).map(|j| covariance[i * d + j] * a[j]).sum::<f64>()).sum()
}

fn check_covariance(covariance: &[f64], d: usize) -> Result<(), SensitivityError> {
    if d.checked_mul(d) != Some(covariance.len()) {
        return Err(SensitivityError::Lengths);
    }
    if !finite(covariance) {
        return Err(SensitivityError::NotANumber);
    }
    let entry = |i: usize, j: usize| covariance[i * d + j];
    for i in 0..d {
        for j in 0..=i {
            let limit = (entry(i, i) * entry(j, j)).sqrt();
            let symmetric = (entry(i, j) - entry(j, i)).abs() <= 1e-12 * limit;
            // False also where a variance is negative, whose root is not a number.
            if !(symmetric && entry(i, j).abs() <= limit * (1.0 + 1e-12)) {
                return Err(SensitivityError::NotACovariance);
            }
        }
    }
    Ok(())
}
