//! The chance of a weight of affiliation under all ways to say which models are affiliated.
//!
//! If affiliation means nothing, models differ by merits of their own, and any of them might as well have
//! been the affiliated ones (randomisation inference: Fisher 1935, "The design of experiments"; Rosenbaum
//! 2002, "Observational studies", chapter 2). For a weight g that is to be tested, other weights are
//! fitted with g held; each model then has the number of times that it was chosen beyond what was
//! expected. The chance is the share of reassignments in which these of the affiliated models sum to at
//! least as much, in size.
//!
//! Sums are over models in the order of their excess choices, so that the order of a log moves nothing.

use keiretsu_maths::splitmix::SplitMix;

use super::{Choices, STEPS_MAX, UTILITY_STEP_MAX};
use crate::dense::Factors;

/// Number of reassignments up to which all are tried; beyond it, this many are drawn.
const ALL_MAX: f64 = 5000.0;
const DRAWS: u32 = 1999;
const SEED: u64 = 1;
/// Sums that differ by less than this share of the largest are equal: rounding.
const EQUAL: f64 = 1e-9;

/// Models and which of them are affiliated.
pub(super) struct Reassigned<'a> {
    pub choices: &'a Choices<'a>,
    /// The feature of affiliation.
    pub feature: usize,
    /// The model of each row.
    pub models: &'a [u32],
    /// Whether each model is affiliated.
    pub affiliated: &'a [bool],
}

impl Reassigned<'_> {
    /// How many ways there are.
    pub fn ways(&self) -> f64 {
        let chosen = self.affiliated.iter().filter(|affiliated| **affiliated).count();
        binomial(self.affiliated.len(), chosen)
    }

    /// The two-sided p-value of the data if the weight were `weight`; none where the others cannot be fitted.
    pub fn chance(&self, weights: &[f64], weight: f64) -> Option<f64> {
        let mut beyond = self.beyond(&fitted_beside(self.choices, weights, self.feature, weight)?);
        let own = beyond.iter().zip(self.affiliated).filter(|(_, affiliated)| **affiliated);
        let count = own.clone().count();
        let seen = own.map(|(beyond, _)| beyond).sum::<f64>().abs();
        beyond.sort_by(f64::total_cmp);
        let size: f64 = beyond.iter().map(|x| x.abs()).sum();
        let least = seen - EQUAL * size;
        let ways = self.ways();
        let (as_great, of) = if ways <= ALL_MAX {
            (sums_of_all(&beyond, count, least), ways)
        } else {
            (1.0 + sums_of_drawn(beyond, count, least), f64::from(DRAWS) + 1.0)
        };
        Some(as_great / of)
    }

    /// Choices of each model beyond those that the weights expect.
    fn beyond(&self, weights: &[f64]) -> Vec<f64> {
        let mut beyond = vec![0.0; self.affiliated.len()];
        for (situation, chosen) in self.choices.chosen.iter().enumerate() {
            let (probabilities, _) = self.choices.probabilities(situation, weights);
            for (at, p) in probabilities.iter().enumerate() {
                beyond[self.models[self.choices.starts[situation] + at] as usize] -= p;
            }
            beyond[self.models[*chosen] as usize] += 1.0;
        }
        beyond
    }
}

fn binomial(n: usize, k: usize) -> f64 {
    (0..k.min(n - k)).fold(1.0, |ways, at| ways * (n - at) as f64 / (at + 1) as f64).round()
}

/// How many subsets of a size sum to at least so much, in size.
fn sums_of_all(numbers: &[f64], size: usize, least: f64) -> f64 {
    let mut subset: Vec<usize> = (0..size).collect();
    let mut count = 0.0;
    loop {
        let sum: f64 = subset.iter().map(|at| numbers[*at]).sum();
        if least <= sum.abs() {
            count += 1.0;
        }
        // The last place that can go on; those after it follow closely.
        let free = (0..size).rev().find(|place| subset[*place] < numbers.len() - size + place);
        let Some(place) = free else { return count };
        let start = subset[place] + 1;
        (place..size).for_each(|later| subset[later] = start + later - place);
    }
}

fn sums_of_drawn(mut numbers: Vec<f64>, size: usize, least: f64) -> f64 {
    let (n, mut random, mut count) = (numbers.len(), SplitMix(SEED), 0.0);
    for _ in 0..DRAWS {
        for place in 0..size {
            let picked = place + random.below(n - place);
            numbers.swap(place, picked);
        }
        if least <= numbers[..size].iter().sum::<f64>().abs() {
            count += 1.0;
        }
    }
    count
}

/// Weights of all other features, with one held.
fn fitted_beside(choices: &Choices<'_>, weights: &[f64], feature: usize, held: f64) -> Option<Vec<f64>> {
    let k = choices.features_count;
    let others: Vec<usize> = (0..k).filter(|other| *other != feature).collect();
    let mut weights = weights.to_vec();
    weights[feature] = held;
    if others.is_empty() {
        return Some(weights);
    }
    let mut state = choices.evaluate(&weights);
    for _ in 0..STEPS_MAX {
        let pairs = others.iter().flat_map(|i| others.iter().map(move |j| i * k + j));
        let information: Vec<f64> = pairs.map(|at| state.information[at]).collect();
        let gradient: Vec<f64> = others.iter().map(|at| state.gradient[*at]).collect();
        let found = Factors::new(information, others.len())?.solve(&gradient);
        let mut step = vec![0.0; k];
        others.iter().zip(found).for_each(|(at, x)| step[*at] = x);
        let (before, mut share) = (state.log_likelihood, 1.0);
        let next = loop {
            let next: Vec<f64> = weights.iter().zip(&step).map(|(w, s)| w + share * s).collect();
            state = choices.evaluate(&next);
            if before - 1e-12 * before.abs() <= state.log_likelihood || share < 1e-6 {
                break next;
            }
            share *= 0.5;
        };
        weights = next;
        if choices.largest_change(&step) <= UTILITY_STEP_MAX {
            return Some(weights);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: of the six pairs of 1, 2, 3, 10, those with 10 sum to 11, 12 and 13.
    #[test]
    fn subsets_are_all_counted_once() {
        let numbers = [1.0, 2.0, 3.0, 10.0];
        assert!((sums_of_all(&numbers, 2, 0.0) - 6.0).abs() < 0.5);
        assert!((sums_of_all(&numbers, 2, 11.5) - 2.0).abs() < 0.5);
        assert!((binomial(13, 5) - 1287.0).abs() < 0.5 && (binomial(4, 4) - 1.0).abs() < 0.5);
        let drawn = sums_of_drawn(numbers.to_vec(), 2, 11.5) / f64::from(DRAWS);
        assert!((drawn - 1.0 / 3.0).abs() < 0.04, "{drawn}");
    }
}
