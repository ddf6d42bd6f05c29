//! Turns a correlation matrix into the lower factor that correlates independent normals.
//!
//! ```
//! use keiretsu_maths::cholesky::cholesky;
//!
//! let lower = cholesky(2, &[1.0, 0.6, 0.6, 1.0])?;
//! assert_eq!(lower, [1.0, 0.0, 0.6, 0.8]);
//! # Ok::<(), keiretsu_maths::cholesky::NotSemidefinite>(())
//! ```
//!
//! Invariant: `L L'` is the matrix to rounding. A singular matrix, as of two factors that move as one, is
//! welcome: its empty pivots give columns of zeros (Higham, "Accuracy and Stability", section 10.3).
//! Absent: pivoting. It would make a factor's random numbers depend on the others' correlations.

use crate::eigen::eigenvalue_min;
use std::fmt;

/// A pivot this small, times the size, is rounding about zero.
const PIVOT_TOLERANCE: f64 = 16.0 * f64::EPSILON;

/// The matrix is the correlation of nothing: a portfolio would have negative variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotSemidefinite {
    /// Its smallest eigenvalue, below 0.
    pub eigenvalue_min: f64,
}

impl fmt::Display for NotSemidefinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a correlation matrix: its smallest eigenvalue is {:.3e}", self.eigenvalue_min)
    }
}

impl std::error::Error for NotSemidefinite {}

/// The lower triangular factor of the symmetric `n` x `n` matrix (rows after each other, of which the
/// lower triangle is read), zeros above the diagonal.
pub fn cholesky(n: usize, matrix: &[f64]) -> Result<Vec<f64>, NotSemidefinite> {
    assert_eq!(matrix.len(), n * n, "a square matrix");
    let largest = (0..n).map(|i| matrix[i * n + i]).fold(0.0, f64::max);
    let tolerance = PIVOT_TOLERANCE * n as f64 * largest;
    let mut lower = vec![0.0; n * n];
    for j in 0..n {
        let pivot = rest(n, matrix, &lower, j, j);
        if pivot < -tolerance {
            return Err(NotSemidefinite { eigenvalue_min: eigenvalue_min(n, matrix) });
        }
        let empty = pivot <= tolerance;
        lower[j * n + j] = if empty { 0.0 } else { pivot.sqrt() };
        for i in j + 1..n {
            let left = rest(n, matrix, &lower, i, j);
            // |a_ij|^2 <= a_ii a_jj in what is left of a semidefinite matrix.
            if empty && (tolerance * largest).sqrt() * 2.0 < left.abs() {
                return Err(NotSemidefinite { eigenvalue_min: eigenvalue_min(n, matrix) });
            }
            lower[i * n + j] = if empty { 0.0 } else { left / lower[j * n + j] };
        }
    }
    Ok(lower)
}

/// Element (i, j) less the contributions of the columns before `j`.
fn rest(n: usize, matrix: &[f64], lower: &[f64], i: usize, j: usize) -> f64 {
    let taken = (0..j).map(|k| lower[i * n + k] * lower[j * n + k]);
    taken.fold(matrix[i * n + j], |rest, product| rest - product)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_residual(n: usize, matrix: &[f64]) {
        let lower = cholesky(n, matrix).expect("the matrix is semidefinite");
        for i in 0..n {
            for j in 0..n {
                let product: f64 = (0..n).map(|k| lower[i * n + k] * lower[j * n + k]).sum();
                assert!((product - matrix[i * n + j]).abs() < 4e-15, "({i}, {j})");
            }
        }
    }

    #[test]
    fn factor_of_the_benchmark_rebuilds_it() {
        let n = 20;
        let distance = |i: usize| (i / n).abs_diff(i % n) as f64;
        let matrix: Vec<f64> = (0..n * n).map(|i| 0.3 + 0.7 * crate::exp::exp(-distance(i) / 5.0)).collect();
        check_residual(n, &matrix);
    }

    #[test]
    fn factors_that_move_as_one_are_welcome() {
        check_residual(3, &[1.0, 1.0, 0.5, 1.0, 1.0, 0.5, 0.5, 0.5, 1.0]);
        check_residual(3, &[1.0, -1.0, 0.5, -1.0, 1.0, -0.5, 0.5, -0.5, 1.0]);
        check_residual(4, &[1.0; 16]);
    }

    #[test]
    fn impossible_correlations_are_refused_with_their_eigenvalue() {
        let refused = cholesky(3, &[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
        let eigenvalue = refused.expect_err("it is indefinite").eigenvalue_min;
        assert!((eigenvalue - (1.0 - 2.0_f64.sqrt())).abs() < 1e-14);
        assert!(cholesky(2, &[1.0, 1.1, 1.1, 1.0]).is_err());
    }
}
