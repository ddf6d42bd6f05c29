//! Every random number of the engine: which counter it comes from.
//!
//! | what | purpose | month | pair | number |
//! |---|---|---|---|---|
//! | normal of factor `i` | `Factor` | `t` | `i / 2` | first if `i` is even, else second |
//! | stretch of a t copula | `Mixing` | `t` | 0 | first uniform |
//! | event `i` | `Event` | `t` | `i` | first uniform |
//! | slot `i`, log-normal | `Figure` | 0 | `i` | first normal |
//! | slot `i`, uniform | `Figure` | 0 | `i` | first uniform |
//! | jumps of factor `i` | `Count` | `t` | `i` | first uniform |
//! | size of these jumps | `Jump` | `t` | `i` | first normal |
//!
//! Invariant: a number depends on (seed, path) and this table, never on what else is drawn.

use keiretsu_maths::cholesky::cholesky;
use keiretsu_maths::exp::exp;
use keiretsu_maths::lanes::Lanes;
use keiretsu_maths::mixing::Mixing;
use keiretsu_maths::moves::{BLOCK, Loadings, PathColumn, correlate};
use keiretsu_maths::nearest_correlation::nearest_correlation;
use keiretsu_maths::normals::{normals, uniforms};
use keiretsu_maths::stream::{DrawPurpose, Stream};
use keiretsu_program::{Copula, Correlation, Distribution, Program};

use crate::error::RunError;

/// Jumps of a month beyond which none are counted; at the greatest rate the chance of more is below 1e-100.
const JUMPS_MAX: u32 = 400;

/// How the normals of factors are made.
#[derive(Clone, Debug)]
pub struct Dependence {
    /// How many factors, from the first on.
    pub count: usize,
    loadings: Option<Loadings>,
    student: Option<Mixing>,
}

impl Dependence {
    /// The first `count` factors of a program. Leaving out later ones changes nothing for the others.
    pub fn new(program: &Program, count: usize) -> Result<Self, RunError> {
        let n = program.factors.len();
        let matrix = matrix(n, &program.correlations);
        let lower = cholesky(n, &matrix)
            .map_err(|_| RunError::Correlation { nearest: nearest_correlation(n, &matrix) })?;
        let leading: Vec<f64> =
            (0..count).flat_map(|i| lower[i * n..i * n + count].iter().copied()).collect();
        let correlated = program.correlations.iter().any(|pair| pair.b.at() < count && pair.rho != 0.0);
        let student = match program.copula {
            Copula::Gaussian => None,
            Copula::StudentT { freedom } if freedom > 2.0 && freedom.is_finite() => {
                Some(Mixing::new(freedom))
            }
            Copula::StudentT { freedom } => return Err(RunError::Freedom { freedom }),
        };
        Ok(Self { count, loadings: correlated.then(|| Loadings::new(count, &leading)), student })
    }

    /// Fills the first `count` columns with the normals of a month.
    pub fn fill(&self, lanes: Lanes, seed: u64, month: u32, first_path: u64, columns: &mut [PathColumn]) {
        for (pair, two) in columns.chunks_exact_mut(2).enumerate() {
            let (a, b) = two.split_at_mut(1);
            let stream = Stream { seed, purpose: DrawPurpose::Factor, month, pair: pair as u32 };
            normals(lanes, &stream, first_path, &mut a[0], &mut b[0]);
        }
        let columns = &mut columns[..self.count];
        if let Some(loadings) = &self.loadings {
            correlate(lanes, loadings, columns);
        }
        if let Some(student) = &self.student {
            let mut stretch = [0.0; BLOCK];
            first_uniforms(lanes, seed, DrawPurpose::Mixing, month, 0, first_path, &mut stretch);
            student.stretches(lanes, &mut stretch);
            for column in columns {
                student.mix(lanes, column, &stretch);
            }
        }
    }

    /// How many columns `fill` writes to.
    pub fn columns(&self) -> usize {
        self.count.next_multiple_of(2)
    }
}

/// The possible correlations nearest to these of the first `n` factors, row by row; none where these are
/// possible themselves.
pub fn nearest_correlations(n: usize, pairs: &[Correlation]) -> Option<Vec<f64>> {
    (!correlations_are_possible(n, pairs)).then(|| nearest_correlation(n, &matrix(n, pairs)))
}

/// Whether the first `n` factors can have these correlations.
pub fn correlations_are_possible(n: usize, pairs: &[Correlation]) -> bool {
    pairs.is_empty() || cholesky(n, &matrix(n, pairs)).is_ok()
}

/// The correlations of `n` factors, row by row.
fn matrix(n: usize, pairs: &[Correlation]) -> Vec<f64> {
    let mut matrix = vec![0.0; n * n];
    (0..n).for_each(|i| matrix[i * n + i] = 1.0);
    for pair in pairs {
        matrix[pair.a.at() * n + pair.b.at()] = pair.rho;
        matrix[pair.b.at() * n + pair.a.at()] = pair.rho;
    }
    matrix
}

/// The first uniform of a stream, for a block of paths.
pub fn first_uniforms(
    lanes: Lanes,
    seed: u64,
    purpose: DrawPurpose,
    month: u32,
    pair: usize,
    first_path: u64,
    out: &mut [f64],
) {
    let stream = Stream { seed, purpose, month, pair: pair as u32 };
    let mut other = [0.0; BLOCK];
    uniforms(lanes, &stream, first_path, out, &mut other[..]);
}

/// The first normal of a stream, for a block of paths.
fn first_normals(lanes: Lanes, stream: &Stream, first_path: u64, out: &mut [f64]) {
    let mut other = [0.0; BLOCK];
    normals(lanes, stream, first_path, out, &mut other[..]);
}

/// Draws a parameter for a block of paths.
pub fn draw(lanes: Lanes, seed: u64, slot: usize, from: Distribution, first_path: u64, out: &mut [f64]) {
    match from {
        Distribution::Point(value) => out.fill(value),
        Distribution::Lognormal { mu, sigma } => {
            let stream = Stream { seed, purpose: DrawPurpose::Figure, month: 0, pair: slot as u32 };
            first_normals(lanes, &stream, first_path, out);
            for z in out {
                *z = exp(mu + sigma * *z);
            }
        }
        Distribution::Uniform { low, high } => {
            first_uniforms(lanes, seed, DrawPurpose::Figure, 0, slot, first_path, out);
            for u in out {
                *u = low + (high - low) * *u;
            }
        }
    }
}

/// Uniforms from which the number of jumps of a month follows, by inversion ([`poisson`]).
pub fn jump_uniforms(lanes: Lanes, seed: u64, month: u32, factor: usize, first_path: u64, out: &mut [f64]) {
    first_uniforms(lanes, seed, DrawPurpose::Count, month, factor, first_path, out);
}

/// One normal for all jumps of a month: the sum of n independent ones is sqrt(n) times it.
pub fn jump_normals(lanes: Lanes, seed: u64, month: u32, factor: usize, first_path: u64, out: &mut [f64]) {
    let stream = Stream { seed, purpose: DrawPurpose::Jump, month, pair: factor as u32 };
    first_normals(lanes, &stream, first_path, out);
}

/// The number of arrivals at this probability: the least n whose cumulative probability exceeds `uniform`.
pub fn poisson(mean: f64, uniform: f64) -> f64 {
    let mut chance = exp(-mean);
    let mut cumulative = chance;
    let mut count = 0;
    while cumulative <= uniform && count < JUMPS_MAX {
        count += 1;
        chance *= mean / f64::from(count);
        cumulative += chance;
    }
    f64::from(count)
}

#[cfg(test)]
mod tests {
    use super::poisson;

    #[test]
    fn arrivals_have_their_chances() {
        // P(0) = exp(-1) = 0.3679, P(n <= 1) = 0.7358, P(n <= 2) = 0.9197.
        let counts: Vec<f64> = [0.0, 0.36, 0.37, 0.73, 0.74, 0.92].iter().map(|u| poisson(1.0, *u)).collect();
        assert_eq!(counts, [0.0, 0.0, 1.0, 1.0, 2.0, 3.0]);
        assert!(poisson(0.0, 0.999) < 0.5);
    }
}
