//! Turns observed choices among alternatives into the weights that choosers give to visible attributes.
//!
//! ```
//! use keiretsu_methods::choice::{Choices, fit};
//! // The alternative with feature 1 is chosen in three situations of four: odds of three to one.
//! let choices = Choices {
//!     features: &[1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0],
//!     features_count: 1,
//!     starts: &[0, 2, 4, 6, 8],
//!     chosen: &[0, 2, 4, 7],
//! };
//! assert!((fit(&choices).unwrap().odds_ratio(0).unwrap() - 3.0).abs() < 1e-12);
//! ```
//!
//! Conditional logit (`McFadden` 1974, "Conditional logit analysis of qualitative choice behavior"): in
//! situation n, alternative j is chosen with probability `e^(x_nj b) / sum_k e^(x_nk b)`. Fitted by Newton's
//! method on the log likelihood, which is concave. Errors robust to clusters (one tenant, one user): the
//! sandwich of White (1982, Econometrica 50) with scores summed by cluster, optionally times G / (G - 1)
//! (CR1).
//!
//! A test of self-preference puts an indicator of affiliation among the features: its weight g should be
//! zero; `e^g` is the odds ratio and `-g / b_price` the price advantage that it is worth ([`effect`]). How
//! well it is known rests on how many tenants and how many models there are ([`inference()`]).
//!
//! Absent: features that do not vary within situations (they drop out), nests, random weights.

mod effect;
mod identified;
mod inference;
mod left_out;
mod reassigned;

pub use effect::{Effect, Estimate, effect};
pub use identified::{Unidentified, unidentified};
pub use inference::{
    Count, FEW, Groups, Inference, TENANTS_MIN, Unknown, WAYS_MIN, count, counted, critical, inference,
};

use keiretsu_maths::exp::exp;
use keiretsu_maths::ln::ln;
use keiretsu_maths::normal::normal_cdf;
use keiretsu_maths::student::Student;

use crate::dense::Factors;

/// Choices observed. Rows are alternatives, in blocks of one situation each.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// Row-major, rows x `features_count`.
    pub features: &'a [f64],
    /// Features of an alternative; at least one.
    pub features_count: usize,
    /// First row of each situation, ascending, and the number of rows at the end.
    pub starts: &'a [usize],
    /// The row chosen in each situation.
    pub chosen: &'a [usize],
}

/// How scores of one cluster are weighted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmallSample {
    /// No correction.
    None,
    /// Times G / (G - 1), G clusters.
    Cr1,
}

/// Why choices cannot be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceError {
    /// Lengths, starts or chosen rows do not fit together.
    Lengths,
    /// There is no situation, or no feature.
    Empty,
    /// A feature is infinite or not a number.
    NotFinite,
    /// A feature is constant within situations, or a sum of others: its weight could be anything.
    NotIdentified,
    /// Some combination of features predicts every choice, so that weights grow without bound.
    Separated,
    /// Fewer than two clusters.
    TooFewClusters,
}

/// Weights and how well they are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Weight of each feature.
    pub weights: Vec<f64>,
    /// Covariance of the weights if the model is right: the inverse information, row-major.
    pub covariance: Vec<f64>,
    /// Log likelihood at the weights.
    pub log_likelihood: f64,
    /// Log likelihood if all alternatives were equally likely.
    pub log_likelihood_equal: f64,
    /// Newton steps.
    pub steps: u32,
}

/// Steps of Newton's method; a concave function with an optimum needs fewer than twenty.
const STEPS_MAX: u32 = 60;
/// Weights are final once a step moves no utility by more: the next step would move it by the square of that.
const UTILITY_STEP_MAX: f64 = 1e-8;
/// Variance of a difference of utilities from which a weight is unbounded: where choices are separated,
/// weights grow until probabilities round to one, and the variance to 1e15 and more.
const UTILITY_VARIANCE_MAX: f64 = 1e10;

/// Maximum likelihood weights.
///
/// # Errors
/// [`ChoiceError`] but for `TooFewClusters`.
pub fn fit(choices: &Choices<'_>) -> Result<Fit, ChoiceError> {
    choices.check()?;
    let k = choices.features_count;
    let mut weights = vec![0.0; k];
    let mut state = choices.evaluate(&weights);
    let log_likelihood_equal = state.log_likelihood;
    for steps in 1..=STEPS_MAX {
        let factors = Factors::new(state.information.clone(), k).ok_or(singular(steps))?;
        let step = factors.solve(&state.gradient);
        if choices.largest_change(&step) <= UTILITY_STEP_MAX {
            weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight += step);
            let log_likelihood = state.log_likelihood;
            let covariance = factors.inverse();
            if choices.is_separated(&covariance) {
                return Err(ChoiceError::Separated);
            }
            return Ok(Fit { weights, covariance, log_likelihood, log_likelihood_equal, steps });
        }
        let before = state.log_likelihood;
        let mut share = 1.0;
        // Far from the optimum a whole step may overshoot; rounding near it may lose the last digits.
        loop {
            let next: Vec<f64> = weights.iter().zip(&step).map(|(w, s)| w + share * s).collect();
            state = choices.evaluate(&next);
            if before - 1e-12 * before.abs() <= state.log_likelihood || share < 1e-6 {
                weights = next;
                break;
            }
            share *= 0.5;
        }
    }
    Err(ChoiceError::Separated)
}

/// Covariance of the weights robust to dependence within clusters, row-major. `clusters[n]` names the cluster
/// of situation n by any number.
///
/// # Errors
/// [`ChoiceError::Lengths`], [`ChoiceError::TooFewClusters`], and those of [`fit`].
pub fn covariance_robust(
    choices: &Choices<'_>,
    fit: &Fit,
    clusters: &[u32],
    small_sample: SmallSample,
) -> Result<Vec<f64>, ChoiceError> {
    choices.check()?;
    let k = choices.features_count;
    if clusters.len() != choices.chosen.len() || fit.weights.len() != k {
        return Err(ChoiceError::Lengths);
    }
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    order.sort_by_key(|n| clusters[*n]);
    let groups: Vec<&[usize]> = order.chunk_by(|a, b| clusters[*a] == clusters[*b]).collect();
    if groups.len() < 2 {
        return Err(ChoiceError::TooFewClusters);
    }
    let mut meat = vec![0.0; k * k];
    for group in &groups {
        let mut score = vec![0.0; k];
        for situation in *group {
            choices.add_score(*situation, &fit.weights, &mut score);
        }
        add_outer(&mut meat, &score, 1.0);
    }
    let count = groups.len() as f64;
    let factor = if small_sample == SmallSample::Cr1 { count / (count - 1.0) } else { 1.0 };
    let half = product(&fit.covariance, &meat, k);
    Ok(product(&half, &fit.covariance, k).iter().map(|x| x * factor).collect())
}

/// Standard errors: square roots of the diagonal of a covariance.
pub fn standard_errors(covariance: &[f64], features_count: usize) -> Vec<f64> {
    covariance.iter().step_by(features_count + 1).take(features_count).map(|v| v.max(0.0).sqrt()).collect()
}

/// Chance that an estimate would be this many standard errors from zero, or more, if the weight were zero:
/// two-sided, normal.
pub fn p_value(z: f64) -> f64 {
    if z.is_finite() { 2.0 * normal_cdf(-z.abs()) } else { 0.0 }
}

/// The same for t with some degrees of freedom, above zero.
pub fn p_value_of_t(t: f64, degrees: f64) -> f64 {
    if t.is_finite() && 0.0 < degrees { 2.0 * Student::new(degrees).cdf(-t.abs()) } else { 0.0 }
}

/// Standard deviation of the utility of alternatives around the mean of their situation, from all features
/// but `without`: the unit for an unseen difference of quality.
pub fn utility_spread(choices: &Choices<'_>, fit: &Fit, without: &[usize]) -> Option<f64> {
    choices.check().ok()?;
    let utility = |row: usize| -> f64 {
        let weighed = choices.row(row).iter().zip(&fit.weights).enumerate();
        weighed.filter(|(k, _)| !without.contains(k)).map(|(_, (x, b))| x * b).sum()
    };
    let (mut squares, mut rows) = (0.0, 0);
    for pair in choices.starts.windows(2) {
        let utilities: Vec<f64> = (pair[0]..pair[1]).map(utility).collect();
        let mean = utilities.iter().sum::<f64>() / utilities.len() as f64;
        squares += utilities.iter().map(|u| (u - mean) * (u - mean)).sum::<f64>();
        rows += utilities.len();
    }
    let spread = (squares / rows as f64).sqrt();
    (0.0 < spread && spread.is_finite()).then_some(spread)
}

impl Fit {
    /// How much of feature `price` one unit of `feature` is worth: minus the ratio of their weights.
    pub fn worth(&self, feature: usize, price: usize) -> Option<f64> {
        let ratio = -self.weights.get(feature)? / self.weights.get(price)?;
        ratio.is_finite().then_some(ratio)
    }

    /// By how much one unit of a feature multiplies the odds.
    pub fn odds_ratio(&self, feature: usize) -> Option<f64> {
        self.weights.get(feature).map(|weight| exp(*weight))
    }
}

fn singular(step: u32) -> ChoiceError {
    // At equal weights the information depends on features alone; later it vanishes as choices become
    // certain.
    if step == 1 { ChoiceError::NotIdentified } else { ChoiceError::Separated }
}

struct State {
    log_likelihood: f64,
    gradient: Vec<f64>,
    information: Vec<f64>,
}

impl Choices<'_> {
    fn check(&self) -> Result<(), ChoiceError> {
        let (Some(last), k) = (self.starts.last(), self.features_count) else {
            return Err(ChoiceError::Lengths);
        };
        if self.chosen.is_empty() || k == 0 {
            return Err(ChoiceError::Empty);
        }
        let rows_fit = last.checked_mul(k) == Some(self.features.len()) && self.starts[0] == 0;
        if !rows_fit || self.starts.len() != self.chosen.len() + 1 {
            return Err(ChoiceError::Lengths);
        }
        let within = |(pair, chosen): (&[usize], &usize)| pair[0] <= *chosen && *chosen < pair[1];
        if !self.starts.windows(2).zip(self.chosen).all(within) {
            return Err(ChoiceError::Lengths);
        }
        if self.features.iter().all(|x| x.is_finite()) { Ok(()) } else { Err(ChoiceError::NotFinite) }
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.features[row * self.features_count..(row + 1) * self.features_count]
    }

    /// Probabilities of a situation's alternatives and the logarithm of that of the one chosen.
    fn probabilities(&self, situation: usize, weights: &[f64]) -> (Vec<f64>, f64) {
        let rows = self.starts[situation]..self.starts[situation + 1];
        let utility = |row: usize| -> f64 { self.row(row).iter().zip(weights).map(|(x, b)| x * b).sum() };
        let utilities: Vec<f64> = rows.clone().map(utility).collect();
        let largest = utilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let terms: Vec<f64> = utilities.iter().map(|u| exp(u - largest)).collect();
        let total: f64 = terms.iter().sum();
        let chosen = utilities[self.chosen[situation] - rows.start] - largest - ln(total);
        (terms.iter().map(|term| term / total).collect(), chosen)
    }

    /// Largest change of a difference of utilities within a situation that a step of the weights makes.
    fn largest_change(&self, step: &[f64]) -> f64 {
        let change = |row: usize| -> f64 { self.row(row).iter().zip(step).map(|(x, s)| x * s).sum() };
        let spread = |pair: &[usize]| {
            let ends = (pair[0]..pair[1]).map(change).fold((f64::INFINITY, f64::NEG_INFINITY), |ends, x| {
                (f64::min(ends.0, x), f64::max(ends.1, x))
            });
            ends.1 - ends.0
        };
        self.starts.windows(2).map(spread).fold(0.0, f64::max)
    }

    fn is_separated(&self, covariance: &[f64]) -> bool {
        let k = self.features_count;
        (0..k).any(|feature| {
            let mut unit = vec![0.0; k];
            unit[feature] = 1.0;
            let spread = self.largest_change(&unit);
            UTILITY_VARIANCE_MAX < covariance[feature * (k + 1)] * spread * spread
        })
    }

    /// Features of the chosen alternative less their mean, added to `score`; the mean.
    fn add_score(&self, situation: usize, weights: &[f64], score: &mut [f64]) -> (Vec<f64>, Vec<f64>, f64) {
        let (probabilities, log_likelihood) = self.probabilities(situation, weights);
        let mut mean = vec![0.0; self.features_count];
        for (p, row) in probabilities.iter().zip(self.starts[situation]..) {
            mean.iter_mut().zip(self.row(row)).for_each(|(mean, x)| *mean += p * x);
        }
        let chosen = self.row(self.chosen[situation]);
        score.iter_mut().zip(chosen).zip(&mean).for_each(|((score, x), mean)| *score += x - mean);
        (probabilities, mean, log_likelihood)
    }

    fn evaluate(&self, weights: &[f64]) -> State {
        let k = self.features_count;
        let mut state = State { log_likelihood: 0.0, gradient: vec![0.0; k], information: vec![0.0; k * k] };
        for situation in 0..self.chosen.len() {
            let (probabilities, mean, chosen) = self.add_score(situation, weights, &mut state.gradient);
            state.log_likelihood += chosen;
            for (p, row) in probabilities.iter().zip(self.starts[situation]..) {
                let apart: Vec<f64> = self.row(row).iter().zip(&mean).map(|(x, mean)| x - mean).collect();
                add_outer(&mut state.information, &apart, *p);
            }
        }
        state
    }
}

/// Adds weight times v v' to a square matrix.
fn add_outer(matrix: &mut [f64], v: &[f64], weight: f64) {
    for (row, x) in matrix.chunks_exact_mut(v.len()).zip(v) {
        row.iter_mut().zip(v).for_each(|(entry, y)| *entry += weight * x * y);
    }
}

/// A B of two square matrices of n rows.
fn product(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let entry = |i: usize, j: usize| (0..n).map(|k| a[i * n + k] * b[k * n + j]).sum();
    (0..n * n).map(|at| entry(at / n, at % n)).collect()
}
