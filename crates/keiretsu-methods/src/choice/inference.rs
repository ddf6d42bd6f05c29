//! Inference on a weight that belongs to models: common causes of one tenant's choices, and unseen merits of
//! models.
//!
//! Two-way clusters (Cameron, Gelbach and Miller 2011, "Robust inference with multiway clustering"): the
//! variance by tenants, and that by models less what the chance of single choices explains of it already.
//! What is left of the second after that subtraction may have no variance in some direction or a negative
//! one; its negative eigenvalues, in units of the tenants' errors, are set to zero. Both variances are
//! jackknives (`left_out.rs`).
//!
//! Reference: t. By tenants, the effective number of clusters less one, `G / (1 + variance of sizes /
//! mean²)`; by models, the same on each side of affiliation, joined as Welch (1947) and Satterthwaite (1946)
//! join them. The interval is never narrower than that of tenants alone. With fewer than [`FEW`] models it
//! also holds every weight that reassigning affiliation among them does not reject (`reassigned.rs`).
//!
//! There is no interval where fewer than [`WAYS_MIN`] reassignments exist, where tenants count as fewer than
//! [`TENANTS_MIN`], or where all that is known of the weight hangs on one tenant or one model.

use keiretsu_maths::eigen::eigen;
use keiretsu_maths::student::Student;

use super::reassigned::Reassigned;
use super::{ChoiceError, Choices, Fit, left_out};

/// Number of clusters below which they are few (Cameron, Gelbach and Miller 2008; Angrist and Pischke 2009:
/// 42).
pub const FEW: usize = 40;
/// With fewer ways to reassign affiliation none of them is as rare as one in twenty on either side.
pub const WAYS_MIN: f64 = 40.0;
/// Tenants that count as fewer say nothing of how much tenants vary.
pub const TENANTS_MIN: f64 = 1.5;
/// Outside of the interval lies less than this chance.
const LEVEL: f64 = 0.05;
/// The interval of reassignments is looked for by widening that of t, so often by so much.
const WIDENINGS_MAX: u32 = 30;
const WIDENING: f64 = 1.2;

/// Tenant and model of each row, by any numbers.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'a> {
    /// By situation.
    pub tenants: &'a [u32],
    /// By row.
    pub models: &'a [u32],
}

/// How many clusters there are, and as how many of like size they count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    /// How many.
    pub number: usize,
    /// `G / (1 + variance of sizes / mean²)`.
    pub effective: f64,
}

/// Why a weight has no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Tenants count as too few, or one of them carries all that is known.
    FewTenants,
    /// Affiliation can be reassigned among models in too few ways, or all that is known hangs on one model.
    FewModels,
}

/// How well a weight is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Inference {
    /// Covariance of all weights, row-major, widened so that `degrees` fit.
    pub covariance: Vec<f64>,
    /// Degrees of freedom of t.
    pub degrees: f64,
    /// Chance of a weight as far from zero if affiliation meant nothing; none where it is unknown.
    pub p: Option<f64>,
    /// Tenants.
    pub tenants: Count,
    /// Models that are affiliated and that are not; none where affiliation changes within a model.
    pub sides: Option<[Count; 2]>,
    /// Whether the interval also holds weights that reassigning affiliation does not reject.
    pub reassigned: bool,
    /// Why there is no interval.
    pub unknown: Option<Unknown>,
}

/// How many clusters of which effective number.
pub fn count(sizes: &[f64]) -> Count {
    let (sum, squares) =
        sizes.iter().fold((0.0, 0.0), |(sum, squares), size| (sum + size, squares + size * size));
    Count { number: sizes.len(), effective: if 0.0 < squares { sum * sum / squares } else { 0.0 } }
}

/// How many clusters there are where each number names one.
pub fn counted(clusters: &[u32]) -> Count {
    count(&sizes(&dense(clusters)))
}

/// The number of standard errors beyond which t lies with a chance of 5%.
pub fn critical(degrees: f64) -> f64 {
    let student = Student::new(degrees.max(f64::MIN_POSITIVE));
    let (mut low, mut high) = (0.0, 1e9);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if LEVEL / 2.0 < student.cdf(-middle) { low = middle } else { high = middle }
    }
    high
}

/// Inference on the weight of `feature`, a feature of models (such as affiliation).
///
/// # Errors
/// [`ChoiceError::Lengths`], [`ChoiceError::TooFewClusters`] below two tenants or two models.
pub fn inference(
    choices: &Choices<'_>,
    fit: &Fit,
    feature: usize,
    groups: Groups<'_>,
) -> Result<Inference, ChoiceError> {
    choices.check()?;
    let rows = choices.starts[choices.starts.len() - 1];
    if groups.tenants.len() != choices.chosen.len()
        || groups.models.len() != rows
        || choices.features_count <= feature
    {
        return Err(ChoiceError::Lengths);
    }
    let (tenants, models) = (dense(groups.tenants), dense(groups.models));
    let groups = Groups { tenants: &tenants, models: &models };
    let (by_tenant, by_model) = (sizes(groups.tenants), sizes(groups.models));
    if by_tenant.len() < 2 || by_model.len() < 2 {
        return Err(ChoiceError::TooFewClusters);
    }
    let counted = count(&by_tenant);
    let affiliated = constant(choices, feature, groups.models, by_model.len());
    let sides = affiliated.as_ref().map(|affiliated| {
        [true, false].map(|side| {
            let own = by_model.iter().zip(affiliated).filter(|(_, affiliated)| **affiliated == side);
            count(&own.map(|(size, _)| *size).collect::<Vec<f64>>())
        })
    });
    let of_tenants = left_out::tenants(choices, &fit.weights, feature, groups.tenants, by_tenant.len());
    let of_models = left_out::models(choices, &fit.weights, feature, groups.models, by_model.len());
    let mut found = Inference {
        covariance: vec![],
        degrees: (counted.effective - 1.0).max(0.0),
        p: None,
        tenants: counted,
        sides,
        reassigned: false,
        unknown: None,
    };
    let merits = merits(&of_models, &of_tenants.covariance, choices.features_count);
    let at = feature * (choices.features_count + 1);
    let (own, beside) = (of_tenants.covariance[at], merits[at]);
    let of_sides =
        |models: &left_out::Moved| degrees_of_models(models, affiliated.as_deref(), &found, &by_model);
    let degrees = joined([(own, found.degrees), (beside, of_sides(&of_models))]);
    if counted.effective < TENANTS_MIN || of_tenants.hangs_on_one {
        found.unknown = Some(Unknown::FewTenants);
    } else if of_models.hangs_on_one && 0.0 < beside {
        found.unknown = Some(Unknown::FewModels);
    }
    found.covariance = of_tenants.covariance.iter().zip(&merits).map(|(a, b)| a + b).collect();
    // Never narrower than by tenants alone.
    let alone =
        if 0.0 < found.degrees { critical(found.degrees) * own.max(0.0).sqrt() } else { f64::INFINITY };
    found.degrees = degrees;
    widen(&mut found, at, alone);
    if let Some(affiliated) = &affiliated {
        let reassigned = Reassigned { choices, feature, models: groups.models, affiliated };
        reassign(&mut found, &reassigned, fit, feature, at);
    }
    if found.unknown.is_none() {
        let error = found.covariance[at].max(0.0).sqrt();
        let p = 2.0 * Student::new(found.degrees).cdf(-(fit.weights[feature] / error).abs());
        found.p = Some(found.p.map_or(p, |reassigned| reassigned.max(p)));
    }
    Ok(found)
}

/// The same groups under numbers from 0 on, none left out.
fn dense(numbers: &[u32]) -> Vec<u32> {
    let mut known: Vec<u32> = numbers.to_vec();
    known.sort_unstable();
    known.dedup();
    // Every number is among those that are known.
    numbers.iter().map(|number| known.binary_search(number).unwrap_or(0) as u32).collect()
}

/// Rows or situations of each number.
fn sizes(numbers: &[u32]) -> Vec<f64> {
    let mut sizes = vec![0.0; numbers.iter().max().map_or(0, |last| *last as usize + 1)];
    for number in numbers {
        sizes[*number as usize] += 1.0;
    }
    sizes
}

/// Whether each model has the feature, if no model has it only at times.
fn constant(choices: &Choices<'_>, feature: usize, models: &[u32], count: usize) -> Option<Vec<bool>> {
    let mut seen = vec![[false; 2]; count];
    for (row, model) in models.iter().enumerate() {
        seen[*model as usize][usize::from(0.5 < choices.row(row)[feature])] = true;
    }
    seen.iter().all(|[without, with]| without != with).then(|| seen.iter().map(|[_, with]| *with).collect())
}

/// The variance by models beyond that of single choices.
fn merits(models: &left_out::Moved, tenants: &[f64], k: usize) -> Vec<f64> {
    let scale: Vec<f64> =
        (0..k).map(|at| tenants[at * (k + 1)].max(0.0).sqrt().max(f64::MIN_POSITIVE)).collect();
    let entry = |at: usize| (models.covariance[at] - models.noise[at]) / (scale[at / k] * scale[at % k]);
    let scaled: Vec<f64> = (0..k * k).map(entry).collect();
    let found = eigen(k, &scaled);
    let mut left = vec![0.0; k * k];
    for (value, vector) in found.values.iter().zip(found.vectors.chunks_exact(k)) {
        if 0.0 < *value {
            super::add_outer(&mut left, vector, *value);
        }
    }
    left.iter().enumerate().map(|(at, entry)| entry * scale[at / k] * scale[at % k]).collect()
}

/// Degrees of freedom of the variance by models: of each side of affiliation its effective number less one.
fn degrees_of_models(
    models: &left_out::Moved,
    affiliated: Option<&[bool]>,
    found: &Inference,
    sizes: &[f64],
) -> f64 {
    let (Some(affiliated), Some(sides)) = (affiliated, found.sides) else {
        return (count(sizes).effective - 1.0).max(1.0);
    };
    let squares = |side: bool| -> f64 {
        models.squares.iter().zip(affiliated).filter(|(_, own)| **own == side).map(|(square, _)| square).sum()
    };
    joined([true, false].map(|side| {
        let count = sides[usize::from(!side)];
        (squares(side), (count.effective - 1.0).max(0.1))
    }))
}

/// Degrees of freedom of a sum of variances, each with its own (Satterthwaite 1946).
fn joined(parts: [(f64, f64); 2]) -> f64 {
    let total: f64 = parts.iter().map(|(variance, _)| variance).sum();
    let spread: f64 = parts.iter().filter(|(variance, _)| 0.0 < *variance).map(|(v, d)| v * v / d).sum();
    if 0.0 < spread { total * total / spread } else { parts[0].1 }
}

/// Widens the covariance until the interval of the weight is at least so wide on each side.
fn widen(found: &mut Inference, at: usize, half: f64) {
    let own = critical(found.degrees) * found.covariance[at].max(0.0).sqrt();
    if own < half && half.is_finite() && 0.0 < own {
        let factor = (half / own) * (half / own);
        found.covariance.iter_mut().for_each(|entry| *entry *= factor);
    }
}

/// With few models: widens the interval to the weights that reassigning affiliation does not reject.
fn reassign(found: &mut Inference, reassigned: &Reassigned<'_>, fit: &Fit, feature: usize, at: usize) {
    if FEW <= reassigned.affiliated.len() {
        return;
    }
    found.reassigned = true;
    if reassigned.ways() < WAYS_MIN {
        found.unknown.get_or_insert(Unknown::FewModels);
    }
    if found.unknown.is_some() {
        return;
    }
    let weight = fit.weights[feature];
    let mut half = critical(found.degrees) * found.covariance[at].max(0.0).sqrt();
    let rejects = |weight: f64| reassigned.chance(&fit.weights, weight).is_some_and(|chance| chance <= LEVEL);
    let wide = (0..WIDENINGS_MAX).any(|_| {
        let done = rejects(weight - half) && rejects(weight + half);
        half *= if done { 1.0 } else { WIDENING };
        done
    });
    if !wide {
        found.unknown = Some(Unknown::FewModels);
        return;
    }
    widen(found, at, half);
    found.p = reassigned.chance(&fit.weights, 0.0);
}
