//! One weight to what it means: odds, the price that it is worth, the unseen quality that would explain it.
//!
//! Intervals are those of the normal distribution at 95%; that of a ratio of weights is by the delta method
//! (Greene 2012, "Econometric Analysis", section 4.4.4): for r = -g / b, var r = (var g + r² var b + 2 r
//! cov) / b². How strong an unseen difference would have to be is said in the model's own terms: an
//! alternative that is better by g in utility, for reasons that the data do not show, is chosen as often as
//! one with weight g.

use super::Fit;
use crate::normal::cumulative;
use crate::powers::exp;

/// The 97.5% point of the standard normal.
const Z975: f64 = 1.959_963_984_540_054;

/// A number with its standard error and 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Estimate {
    fn new(value: f64, variance: f64) -> Option<Self> {
        let standard_error = variance.max(0.0).sqrt();
        let (low, high) = (value - Z975 * standard_error, value + Z975 * standard_error);
        let finite = [value, standard_error, low, high].iter().all(|x| x.is_finite());
        finite.then_some(Self { value, standard_error, low, high })
    }

    /// Over its standard error.
    pub fn z(&self) -> f64 {
        if self.standard_error > 0.0 { self.value / self.standard_error } else { 0.0 }
    }

    /// The chance of so large a number, of either sign, were the true one zero.
    pub fn p(&self) -> f64 {
        2.0 * cumulative(-self.z().abs())
    }
}

/// A weight and what it means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The weight.
    pub weight: Estimate,
    /// By how much it multiplies the odds: `e^g`, and its interval.
    pub odds_ratio: [f64; 3],
    /// How much of the price it is worth, `-g / b_price`; none without a price, or with one that has no
    /// weight.
    pub price: Option<Estimate>,
    /// How many units of the seen quality would do the same, `g / b_quality`.
    pub quality: Option<Estimate>,
    /// How large an unseen advantage, in utility, would bring the weight to zero.
    pub unseen: f64,
    /// How large a one would bring zero into its interval; 0 where it is there already.
    pub unseen_to_doubt: f64,
    /// The same two as odds.
    pub unseen_odds: [f64; 2],
}

/// What the weight of a feature means, with errors of a covariance (row-major, such as that of
/// [`super::covariance_robust`]). None for a feature that is not there.
pub fn effect(
    fit: &Fit,
    covariance: &[f64],
    feature: usize,
    price: Option<usize>,
    quality: Option<usize>,
) -> Option<Effect> {
    let k = fit.weights.len();
    let variance = |a: usize, b: usize| covariance.get(a * k + b).copied();
    let weight = Estimate::new(*fit.weights.get(feature)?, variance(feature, feature)?)?;
    let ratio = |other: Option<usize>, sign: f64| {
        let other = other?;
        let (g, b) = (weight.value, *fit.weights.get(other)?);
        let r = g / b;
        let (vg, vb, cov) = (variance(feature, feature)?, variance(other, other)?, variance(feature, other)?);
        Estimate::new(sign * r, (vg + r * r * vb - 2.0 * r * cov) / (b * b))
    };
    let nearest_zero = (weight.value.abs() - Z975 * weight.standard_error).max(0.0);
    Some(Effect {
        weight,
        odds_ratio: [exp(weight.value), exp(weight.low), exp(weight.high)],
        price: ratio(price, -1.0),
        quality: ratio(quality, 1.0),
        unseen: weight.value.abs(),
        unseen_to_doubt: nearest_zero,
        unseen_odds: [exp(weight.value.abs()), exp(nearest_zero)],
    })
}
