//! Turns a square matrix into a factorisation that solves linear systems, by elimination with row exchanges.
//!
//! Absent: sparse matrices; methods here have at most a few thousand rows (n³/3 operations).

/// Pivots below this share of the largest entry make a matrix singular for our purposes.
const PIVOT_MIN: f64 = 1e-14;

/// L and U of a matrix with its rows exchanged.
#[derive(Clone, Debug)]
pub(crate) struct Factors {
    n: usize,
    lu: Vec<f64>,
    /// Row of the matrix that each row of the factors is.
    rows: Vec<usize>,
}

impl Factors {
    /// Factors a row-major matrix of n x n; none if it is singular to rounding.
    pub(crate) fn new(mut lu: Vec<f64>, n: usize) -> Option<Factors> {
        let largest = lu.iter().fold(0.0_f64, |max, entry| max.max(entry.abs()));
        let mut rows: Vec<usize> = (0..n).collect();
        for k in 0..n {
            let pivot = (k..n)
                .fold(k, |best, row| if lu[best * n + k].abs() < lu[row * n + k].abs() { row } else { best });
            // Not `<=` reversed: a pivot that is not a number is no pivot either.
            let regular = PIVOT_MIN * largest < lu[pivot * n + k].abs();
            if !regular {
                return None;
            }
            if pivot != k {
                (0..n).for_each(|column| lu.swap(k * n + column, pivot * n + column));
                rows.swap(k, pivot);
            }
            let (upper, lower) = lu.split_at_mut((k + 1) * n);
            let pivot_row = &upper[k * n..];
            for below in lower.chunks_exact_mut(n) {
                let factor = below[k] / pivot_row[k];
                below[k] = factor;
                if 0.0 < factor.abs() {
                    below[k + 1..].iter_mut().zip(&pivot_row[k + 1..]).for_each(|(x, p)| *x -= factor * p);
                }
            }
        }
        Some(Factors { n, lu, rows })
    }

    /// I - M for a row-major M of n x n, factored.
    pub(crate) fn of_identity_minus(m: &[f64], n: usize) -> Option<Factors> {
        let mut lu: Vec<f64> = m.iter().map(|entry| -entry).collect();
        (0..n).for_each(|k| lu[k * n + k] += 1.0);
        Factors::new(lu, n)
    }

    /// x with M x = right.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x: Vec<f64> = self.rows.iter().map(|row| right[*row]).collect();
        for k in 0..n {
            let known: f64 = self.lu[k * n..k * n + k].iter().zip(&x).map(|(l, x)| l * x).sum();
            x[k] -= known;
        }
        for k in (0..n).rev() {
            let row = &self.lu[k * n..(k + 1) * n];
            let known: f64 = row[k + 1..].iter().zip(&x[k + 1..]).map(|(u, x)| u * x).sum();
            x[k] = (x[k] - known) / row[k];
        }
        x
    }

    /// The inverse, row-major.
    pub(crate) fn inverse(&self) -> Vec<f64> {
        let n = self.n;
        let mut inverse = vec![0.0; n * n];
        for column in 0..n {
            let mut unit = vec![0.0; n];
            unit[column] = 1.0;
            for (row, x) in self.solve(&unit).into_iter().enumerate() {
                inverse[row * n + column] = x;
            }
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::Factors;

    #[test]
    fn solves_with_row_exchanges() {
        let factors = Factors::new(vec![0.0, 2.0, 1.0, 1.0], 2).expect("a regular matrix");
        assert!((factors.solve(&[4.0, 5.0])[0] - 3.0).abs() < 1e-15, "x = 3, y = 2");
        assert!((factors.inverse()[0] + 0.5).abs() < 1e-15, "first entry of the inverse");
    }

    #[test]
    fn singular_matrix_has_no_factors() {
        assert!(Factors::new(vec![1.0, 2.0, 2.0, 4.0], 2).is_none(), "rows are multiples");
        assert!(Factors::new(vec![f64::NAN], 1).is_none(), "not a number");
    }
}
