//! Which features of observed choices have no weight of their own, and why: before anything is fitted.

use super::Choices;

/// Why a feature has no weight of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unidentified {
    /// It is the same for all alternatives of every situation.
    Constant {
        /// The feature.
        feature: usize,
    },
    /// Within situations it is a sum of multiples of others.
    Dependent {
        /// The feature.
        feature: usize,
        /// The others, ascending.
        on: Vec<usize>,
    },
}

/// Below this share of its own length a feature has nothing of its own left: rounding.
const OWN_MIN: f64 = 1e-9;

/// The first feature without a weight of its own; none if all have one, or the choices do not fit together.
///
/// Features less their mean within each situation are made orthogonal one after the other (Gram-Schmidt); one
/// of which nothing is left is a sum of multiples of those before it.
pub fn unidentified(choices: &Choices<'_>) -> Option<Unidentified> {
    choices.check().ok()?;
    let k = choices.features_count;
    // Products of centred features are enough: no feature is kept at its length.
    let products = centred_products(choices);
    let at = |a: usize, b: usize| products[a * k + b];
    // Each feature as its own rest and multiples of the features before.
    let mut kept: Vec<(usize, Vec<f64>, f64)> = Vec::new();
    for feature in 0..k {
        let length = at(feature, feature);
        if length <= 0.0 {
            return Some(Unidentified::Constant { feature });
        }
        let mut own = vec![0.0; k];
        own[feature] = 1.0;
        for (_, direction, squared) in &kept {
            let along: f64 = (0..k).map(|b| direction[b] * at(b, feature)).sum::<f64>() / squared;
            own.iter_mut().zip(direction).for_each(|(x, d)| *x -= along * d);
        }
        let rest: f64 = (0..k).map(|a| own[a] * (0..k).map(|b| own[b] * at(a, b)).sum::<f64>()).sum();
        if rest <= OWN_MIN * length {
            let part = |b: &usize| own[*b].abs() * at(*b, *b).sqrt() > OWN_MIN.sqrt() * length.sqrt();
            return Some(Unidentified::Dependent { feature, on: (0..feature).filter(part).collect() });
        }
        kept.push((feature, own, rest));
    }
    None
}

/// Sums over rows of the products of two features, each less its mean within the situation; row-major.
fn centred_products(choices: &Choices<'_>) -> Vec<f64> {
    let k = choices.features_count;
    let mut products = vec![0.0; k * k];
    for pair in choices.starts.windows(2) {
        let mut mean = vec![0.0; k];
        for row in pair[0]..pair[1] {
            let share = 1.0 / (pair[1] - pair[0]) as f64;
            mean.iter_mut().zip(choices.row(row)).for_each(|(mean, x)| *mean += share * x);
        }
        for row in pair[0]..pair[1] {
            let apart: Vec<f64> =
                choices.row(row).iter().zip(&mean).map(|(x, mean)| settled(*x, *mean)).collect();
            super::add_outer(&mut products, &apart, 1.0);
        }
    }
    products
}

/// A difference; nothing where only the rounding of the mean is left.
fn settled(x: f64, mean: f64) -> f64 {
    let apart = x - mean;
    if apart.abs() <= 1e-13 * x.abs().max(mean.abs()) { 0.0 } else { apart }
}
