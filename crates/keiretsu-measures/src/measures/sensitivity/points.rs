//! A number of dimensions to points that fill their cube evenly, the same on every run.

/// Points that fill the cube evenly: multiples of roots of primes, less their whole parts (Richtmyer 1951).
pub(super) fn points(dimensions: usize, rows: usize) -> Vec<Vec<f64>> {
    let is_prime = |n: &u32| (2..*n).take_while(|k| k * k <= *n).all(|k| !n.is_multiple_of(k));
    let primes = (2..).filter(is_prime).take(dimensions);
    primes
        .map(|prime| (1..=rows).map(|row| (row as f64 * f64::from(prime).sqrt()).fract()).collect())
        .collect()
}
