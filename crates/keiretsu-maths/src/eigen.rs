//! Turns a symmetric matrix into its eigenvalues and eigenvectors.
//!
//! ```
//! use keiretsu_maths::eigen::eigen;
//!
//! let found = eigen(2, &[2.0, 1.0, 1.0, 2.0]);
//! let smallest = found.values.iter().copied().fold(f64::INFINITY, f64::min);
//! assert!((smallest - 1.0).abs() < 1e-15);
//! ```
//!
//! Method: cyclic Jacobi rotations (Golub and Van Loan, "Matrix Computations", section 8.5), which are
//! accurate also for the smallest eigenvalues. For the tens of factors of a model; the cost grows with
//! the cube of the size.
//! Absent: matrices that are not symmetric, and any order of the eigenvalues.

/// Sweeps made at most. Convergence is quadratic; ten suffice for any matrix met so far.
const SWEEPS_MAX: usize = 60;

/// The eigenvalues of a symmetric matrix, and for each its unit eigenvector.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigen {
    /// The eigenvalues, in no order.
    pub values: Vec<f64>,
    /// Row `k` is the eigenvector of eigenvalue `k`; n x n.
    pub vectors: Vec<f64>,
}

/// The eigenvalues and eigenvectors of the symmetric `n` x `n` matrix (rows after each other).
#[must_use]
pub fn eigen(n: usize, matrix: &[f64]) -> Eigen {
    assert_eq!(matrix.len(), n * n, "a square matrix");
    let mut a = matrix.to_vec();
    let mut vectors = vec![0.0; n * n];
    for k in 0..n {
        vectors[k * n + k] = 1.0;
    }
    for _ in 0..SWEEPS_MAX {
        let (diagonal, off) = squares(n, &a);
        if off <= f64::EPSILON * f64::EPSILON * diagonal {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(n, &mut a, &mut vectors, p, q);
            }
        }
    }
    Eigen { values: (0..n).map(|k| a[k * n + k]).collect(), vectors }
}

/// The smallest eigenvalue of the symmetric `n` x `n` matrix.
#[must_use]
pub fn eigenvalue_min(n: usize, matrix: &[f64]) -> f64 {
    eigen(n, matrix).values.into_iter().fold(f64::INFINITY, f64::min)
}

/// The sums of squares on and off the diagonal.
fn squares(n: usize, a: &[f64]) -> (f64, f64) {
    let (mut diagonal, mut off) = (0.0, 0.0);
    for i in 0..n {
        for j in 0..n {
            let square = a[i * n + j] * a[i * n + j];
            if i == j { diagonal += square } else { off += square }
        }
    }
    (diagonal, off)
}

/// Makes element (p, q) zero by a rotation of rows and columns p and q.
fn rotate(n: usize, a: &mut [f64], vectors: &mut [f64], p: usize, q: usize) {
    let off = a[p * n + q];
    if off.abs() < f64::MIN_POSITIVE {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * off);
    // The smaller root, for a rotation of at most 45 degrees (Golub and Van Loan, 8.5.2).
    let tangent = 1.0 / (theta.abs() + (theta * theta + 1.0).sqrt()) * theta.signum();
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    for k in 0..n {
        turn(a, k * n + p, k * n + q, cosine, sine);
    }
    for k in 0..n {
        turn(a, p * n + k, q * n + k, cosine, sine);
        turn(vectors, p * n + k, q * n + k, cosine, sine);
    }
    a[p * n + q] = 0.0;
    a[q * n + p] = 0.0;
}

fn turn(a: &mut [f64], p: usize, q: usize, cosine: f64, sine: f64) {
    let (x, y) = (a[p], a[q]);
    a[p] = cosine * x - sine * y;
    a[q] = sine * x + cosine * y;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrix_is_rebuilt_from_its_eigenvectors() {
        let n = 7;
        let matrix: Vec<f64> = (0..n * n).map(|i| 1.0 / (1.0 + (i / n) as f64 + (i % n) as f64)).collect();
        let found = eigen(n, &matrix);
        for i in 0..n {
            for j in 0..n {
                let rebuilt: f64 = (0..n)
                    .map(|k| found.values[k] * found.vectors[k * n + i] * found.vectors[k * n + j])
                    .sum();
                assert!((rebuilt - matrix[i * n + j]).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn smallest_of_a_singular_matrix_is_zero() {
        assert!(eigenvalue_min(2, &[1.0, 1.0, 1.0, 1.0]).abs() < 1e-16);
        assert!(
            (eigenvalue_min(3, &[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]) + 0.414_213_562).abs() < 1e-9
        );
    }
}
