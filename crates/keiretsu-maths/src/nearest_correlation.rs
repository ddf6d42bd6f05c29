//! Turns a symmetric matrix that is no correlation matrix into the nearest one that is.
//!
//! ```
//! use keiretsu_maths::nearest_correlation::nearest_correlation;
//!
//! let nearest = nearest_correlation(3, &[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
//! assert!((nearest[1] - 0.7607).abs() < 1e-4);
//! assert!((nearest[2] - 0.1573).abs() < 1e-4);
//! ```
//!
//! Method: alternating projections on the semidefinite matrices and on those with unit diagonal, with
//! Dykstra's correction (Higham, "Computing the nearest correlation matrix", IMA J. Numer. Anal. 2002,
//! algorithm 3.3); nearest in the Frobenius norm.
//! Invariant: the result is symmetric, has ones on its diagonal and no negative eigenvalue but rounding.
//! Absent: weights. Entries that are known better than others are moved like the others.

use crate::eigen::eigen;

/// The projections stop when a round moves no element by more than this.
const TOLERANCE: f64 = 1e-12;
/// Rounds made at most; the result is a correlation matrix after any number of them.
const ROUNDS_MAX: usize = 2000;

/// The correlation matrix nearest to the symmetric `n` x `n` matrix (rows after each other).
#[must_use]
pub fn nearest_correlation(n: usize, matrix: &[f64]) -> Vec<f64> {
    assert_eq!(matrix.len(), n * n, "a square matrix");
    let mut nearest = matrix.to_vec();
    let mut correction = vec![0.0; n * n];
    for _ in 0..ROUNDS_MAX {
        let corrected: Vec<f64> = nearest.iter().zip(&correction).map(|(a, b)| a - b).collect();
        let semidefinite = without_negative(n, &corrected);
        let mut moved = 0.0_f64;
        for i in 0..n * n {
            correction[i] = semidefinite[i] - corrected[i];
            let next = if i % (n + 1) == 0 { 1.0 } else { semidefinite[i] };
            moved = moved.max((next - nearest[i]).abs());
            nearest[i] = next;
        }
        if moved <= TOLERANCE {
            break;
        }
    }
    with_unit_diagonal(n, without_negative(n, &nearest))
}

/// The nearest semidefinite matrix: negative eigenvalues become 0.
fn without_negative(n: usize, matrix: &[f64]) -> Vec<f64> {
    let found = eigen(n, matrix);
    let mut out = vec![0.0; n * n];
    for (value, vector) in found.values.iter().zip(found.vectors.chunks_exact(n)) {
        if 0.0 < *value {
            for i in 0..n {
                for j in 0..n {
                    out[i * n + j] += value * (vector[i] * vector[j]);
                }
            }
        }
    }
    out
}

/// Rescales rows and columns, which keeps a matrix semidefinite.
fn with_unit_diagonal(n: usize, mut matrix: Vec<f64>) -> Vec<f64> {
    let scale: Vec<f64> = (0..n).map(|i| matrix[i * n + i].sqrt()).collect();
    for i in 0..n {
        for j in 0..n {
            let scaled = (matrix[i * n + j] / (scale[i] * scale[j])).clamp(-1.0, 1.0);
            matrix[i * n + j] = if i == j { 1.0 } else { scaled };
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cholesky::cholesky;

    #[test]
    fn correlation_matrix_stays_as_it_is() {
        let matrix = [1.0, 0.5, -0.2, 0.5, 1.0, 0.1, -0.2, 0.1, 1.0];
        for (a, b) in nearest_correlation(3, &matrix).iter().zip(&matrix) {
            assert!((a - b).abs() < 1e-14);
        }
    }

    #[test]
    fn example_of_higham_comes_out_and_can_be_factored() {
        // Higham (2002), section 4, four decimals printed.
        let nearest = nearest_correlation(3, &[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
        let printed = [1.0, 0.7607, 0.1573, 0.7607, 1.0, 0.7607, 0.1573, 0.7607, 1.0];
        for (a, b) in nearest.iter().zip(&printed) {
            assert!((a - b).abs() < 5e-5, "{a} {b}");
        }
        assert!(cholesky(3, &nearest).is_ok(), "the nearest is semidefinite");
    }

    #[test]
    fn wildly_impossible_matrix_can_be_factored_afterwards() {
        let n = 12;
        let sign = |i: usize| if (i / n * 7 + i % n * 7) % 5 < 2 { -0.9 } else { 0.9 };
        let matrix: Vec<f64> = (0..n * n).map(|i| if i % (n + 1) == 0 { 1.0 } else { sign(i) }).collect();
        assert!(cholesky(n, &matrix).is_err(), "the start is indefinite");
        assert!(cholesky(n, &nearest_correlation(n, &matrix)).is_ok());
    }
}
