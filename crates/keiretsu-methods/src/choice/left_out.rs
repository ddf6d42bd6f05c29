//! Moves of weights when one tenant, or one model, is left out: variances that allow for common causes of one
//! tenant's choices, and for unseen merits of models.
//!
//! Each move is one step of Newton's method from the weights of all (Efron 1981, "Nonparametric estimates of
//! standard error"). Without a tenant its situations are gone. Without a model its rows are gone, and with
//! them the situations that chose it, or that show nothing else: what is left is still a conditional logit,
//! since the odds of two alternatives depend on no third.
//!
//! The jackknife is chosen over the sandwich because that is too small by half where one cluster carries half
//! of what is known: its own score pulls the weights along.

use super::Choices;

/// Below this share of its own entry a pivot is rounding: the feature adds nothing to those before it.
const PIVOT_MIN: f64 = 1e-9;

/// A covariance of weights, row-major, and whether some part cannot be left out without losing a feature.
pub(super) struct Moved {
    pub covariance: Vec<f64>,
    /// The squared moves of one feature, by the cluster left out.
    pub squares: Vec<f64>,
    /// The part of the covariance that the draws of single choices explain.
    pub noise: Vec<f64>,
    /// Without some one of them nothing is known of the feature.
    pub hangs_on_one: bool,
}

/// Score and information of a situation, or of many.
#[derive(Clone)]
struct Part {
    score: Vec<f64>,
    information: Vec<f64>,
}

impl Part {
    fn zero(k: usize) -> Self {
        Self { score: vec![0.0; k], information: vec![0.0; k * k] }
    }

    fn add(&mut self, other: &Self, times: f64) {
        self.score.iter_mut().zip(&other.score).for_each(|(sum, x)| *sum += times * x);
        self.information.iter_mut().zip(&other.information).for_each(|(sum, x)| *sum += times * x);
    }
}

/// The covariance by leaving out one tenant at a time. `tenants[n]`, from 0 to `count`, chose in situation n.
pub(super) fn tenants(
    choices: &Choices<'_>,
    weights: &[f64],
    feature: usize,
    tenants: &[u32],
    count: usize,
) -> Moved {
    let k = choices.features_count;
    let mut all = Part::zero(k);
    let mut each = vec![Part::zero(k); count];
    for (situation, tenant) in tenants.iter().enumerate() {
        let part = of_situation(choices, weights, situation, |_| true);
        all.add(&part, 1.0);
        each[*tenant as usize].add(&part, 1.0);
    }
    let mut moved = Moved::none(k);
    for own in &each {
        let mut left = all.clone();
        left.add(own, -1.0);
        moved.add(&left, feature, None);
    }
    moved.scaled(count)
}

/// The covariance by leaving out one model at a time. `models[row]` is from 0 to `count`.
pub(super) fn models(
    choices: &Choices<'_>,
    weights: &[f64],
    feature: usize,
    models: &[u32],
    count: usize,
) -> Moved {
    let k = choices.features_count;
    let mut all = Part::zero(k);
    let mut changes = vec![Part::zero(k); count];
    // Sums of the outer products of the changes of single situations: what chance alone makes of them.
    let mut chance = vec![vec![0.0; k * k]; count];
    for (situation, pair) in choices.starts.windows(2).enumerate() {
        let whole = of_situation(choices, weights, situation, |_| true);
        all.add(&whole, 1.0);
        let mut shown: Vec<u32> = models[pair[0]..pair[1]].to_vec();
        shown.sort_unstable();
        shown.dedup();
        for model in shown {
            let mut change = of_situation(choices, weights, situation, |row| models[row] != model);
            change.add(&whole, -1.0);
            super::add_outer(&mut chance[model as usize], &change.score, 1.0);
            changes[model as usize].add(&change, 1.0);
        }
    }
    let mut moved = Moved::none(k);
    for (change, chance) in changes.iter().zip(&chance) {
        let mut left = all.clone();
        left.add(change, 1.0);
        moved.add(&left, feature, Some(chance));
    }
    moved.scaled(count)
}

impl Moved {
    fn none(k: usize) -> Self {
        Self { covariance: vec![0.0; k * k], squares: vec![], noise: vec![0.0; k * k], hangs_on_one: false }
    }

    /// Adds the move to the weights of the remaining data.
    fn add(&mut self, left: &Part, feature: usize, chance: Option<&Vec<f64>>) {
        let k = left.score.len();
        let solver = Solver::new(&left.information, k);
        self.hangs_on_one |= !solver.has[feature];
        let step = solver.solve(&left.score);
        self.squares.push(step[feature] * step[feature]);
        super::add_outer(&mut self.covariance, &step, 1.0);
        if let Some(chance) = chance {
            // H A H': columns first, then rows.
            let half: Vec<f64> = (0..k).flat_map(|row| solver.solve(&chance[row * k..][..k])).collect();
            for column in 0..k {
                let entries: Vec<f64> = (0..k).map(|row| half[row * k + column]).collect();
                for (row, entry) in solver.solve(&entries).iter().enumerate() {
                    self.noise[row * k + column] += entry;
                }
            }
        }
    }

    fn scaled(mut self, count: usize) -> Self {
        let factor = (count as f64 - 1.0) / count as f64;
        let all = self.covariance.iter_mut().chain(&mut self.noise).chain(&mut self.squares);
        all.for_each(|entry| *entry *= factor);
        self
    }
}

/// Score and information of the rows of a situation that are kept; nothing if the chosen one is not, or
/// stands alone.
fn of_situation(
    choices: &Choices<'_>,
    weights: &[f64],
    situation: usize,
    keeps: impl Fn(usize) -> bool,
) -> Part {
    let k = choices.features_count;
    let mut part = Part::zero(k);
    let first = choices.starts[situation];
    let chosen = choices.chosen[situation];
    let (probabilities, _) = choices.probabilities(situation, weights);
    let kept: Vec<(usize, f64)> = probabilities
        .iter()
        .enumerate()
        .map(|(at, p)| (first + at, *p))
        .filter(|(row, _)| keeps(*row))
        .collect();
    let total: f64 = kept.iter().map(|(_, p)| p).sum();
    if kept.len() < 2 || !keeps(chosen) || total <= 0.0 {
        return part;
    }
    let mut mean = vec![0.0; k];
    for (row, p) in &kept {
        mean.iter_mut().zip(choices.row(*row)).for_each(|(mean, x)| *mean += p / total * x);
    }
    let apart =
        |row: usize| -> Vec<f64> { choices.row(row).iter().zip(&mean).map(|(x, mean)| x - mean).collect() };
    part.score = apart(chosen);
    for (row, p) in &kept {
        super::add_outer(&mut part.information, &apart(*row), p / total);
    }
    part
}

/// A symmetric, positive semidefinite matrix that solves for the features of which it knows something.
struct Solver {
    k: usize,
    /// Cholesky factor by rows, with zero rows and columns for features that are left at zero.
    lower: Vec<f64>,
    has: Vec<bool>,
}

impl Solver {
    fn new(matrix: &[f64], k: usize) -> Self {
        let mut lower = vec![0.0; k * k];
        let mut has = vec![false; k];
        for i in 0..k {
            for j in 0..=i {
                let known: f64 = (0..j).map(|at| lower[i * k + at] * lower[j * k + at]).sum();
                let rest = matrix[i * k + j] - known;
                if i == j {
                    has[i] = PIVOT_MIN * matrix[i * k + i].abs() < rest;
                    lower[i * k + i] = if has[i] { rest.sqrt() } else { 0.0 };
                } else if has[j] {
                    lower[i * k + j] = rest / lower[j * k + j];
                }
            }
            if !has[i] {
                lower[i * k..i * k + i].fill(0.0);
            }
        }
        Self { k, lower, has }
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let k = self.k;
        let mut x = vec![0.0; k];
        for i in (0..k).filter(|i| self.has[*i]) {
            let known: f64 = (0..i).map(|j| self.lower[i * k + j] * x[j]).sum();
            x[i] = (right[i] - known) / self.lower[i * k + i];
        }
        for i in (0..k).rev().filter(|i| self.has[*i]) {
            let known: f64 = (i + 1..k).map(|j| self.lower[j * k + i] * x[j]).sum();
            x[i] = (x[i] - known) / self.lower[i * k + i];
        }
        x
    }
}
