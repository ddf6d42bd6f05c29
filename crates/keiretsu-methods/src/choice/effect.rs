//! One weight to its interpretation: odds, an equivalent price, the unseen quality that would explain it.
//!
//! Intervals are those of t at 95%, with the degrees of freedom of the inference; that of a ratio of weights
//! is by the delta method (Greene 2012, "Econometric Analysis", section 4.4.4): for r = -g / b, var r = (var
//! g + r² var b + 2 r cov) / b². How strong an unseen difference would have to be is said in the model's own
//! terms: an alternative that is better by g in utility, for reasons that the data do not show, is chosen as
//! often as one with weight g.

use keiretsu_maths::exp::exp;

use super::inference::critical;
use super::{Fit, Inference};

/// A number with its standard error and 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Its standard error; none where it is unknown.
    pub standard_error: Option<f64>,
    /// Lower and upper end of the interval; none where it is unknown.
    pub interval: Option<[f64; 2]>,
}

impl Estimate {
    fn new(value: f64, variance: f64, errors: Option<f64>) -> Option<Self> {
        let standard_error = variance.max(0.0).sqrt();
        let Some(errors) = errors else {
            return value.is_finite().then_some(Self { value, standard_error: None, interval: None });
        };
        let interval = [value - errors * standard_error, value + errors * standard_error];
        let finite = [value, standard_error, interval[0], interval[1]].iter().all(|x| x.is_finite());
        finite.then_some(Self { value, standard_error: Some(standard_error), interval: Some(interval) })
    }
}

/// A weight and its interpretation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The weight.
    pub weight: Estimate,
    /// By how much it multiplies the odds: `e^g`.
    pub odds_ratio: f64,
    /// The interval of that.
    pub odds_interval: Option<[f64; 2]>,
    /// How much of the price it is worth, `-g / b_price`; none without a price, or with one that has no
    /// weight.
    pub price: Option<Estimate>,
    /// How many units of the seen quality would do the same, `g / b_quality`.
    pub quality: Option<Estimate>,
    /// How large an unseen advantage, in utility, would bring the weight to zero.
    pub unseen: f64,
    /// How large a one would bring zero into its interval; 0 where it is there already.
    pub unseen_to_doubt: Option<f64>,
}

/// Interpretation of the weight of a feature. None for a missing feature, or a value beyond f64.
pub fn effect(
    fit: &Fit,
    inference: &Inference,
    feature: usize,
    price: Option<usize>,
    quality: Option<usize>,
) -> Option<Effect> {
    let k = fit.weights.len();
    let variance = |a: usize, b: usize| inference.covariance.get(a * k + b).copied();
    let errors = inference.unknown.is_none().then(|| critical(inference.degrees));
    let weight = Estimate::new(*fit.weights.get(feature)?, variance(feature, feature)?, errors)?;
    let ratio = |other: Option<usize>, sign: f64| {
        let other = other?;
        let (g, b) = (weight.value, *fit.weights.get(other)?);
        let r = g / b;
        let (vg, vb, cov) = (variance(feature, feature)?, variance(other, other)?, variance(feature, other)?);
        Estimate::new(sign * r, (vg + r * r * vb - 2.0 * r * cov) / (b * b), errors)
    };
    let nearest_zero = |[low, high]: [f64; 2]| low.max(-high).max(0.0);
    Some(Effect {
        weight,
        odds_ratio: exp(weight.value),
        odds_interval: weight.interval.map(|interval| interval.map(exp)),
        price: ratio(price, -1.0),
        quality: ratio(quality, 1.0),
        unseen: weight.value.abs(),
        unseen_to_doubt: weight.interval.map(nearest_zero),
    })
}
