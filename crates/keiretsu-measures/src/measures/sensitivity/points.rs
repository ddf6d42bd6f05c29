//! A number of dimensions to points that fill their cube evenly, the same on every run.

use crate::Subject;

/// Rows of the estimates of variance shares; each takes a run for every input and two more.
const ROWS: usize = 1024;
/// Rows of the largest webs.
const ROWS_MIN: usize = 64;
/// About how many steps of the program all rows may take together: a large web has fewer rows, not hours.
const STEPS: usize = 1_500_000_000;

/// How many rows fit: a power of two, by the size of the model and of nothing else.
pub(super) fn rows_of(subject: &Subject<'_>, runs: usize) -> usize {
    let steps = subject.program.ops.len().max(1) * subject.program.months.max(1) as usize * runs;
    let fit = (STEPS / steps).clamp(ROWS_MIN, ROWS);
    1 << fit.ilog2()
}

/// Points that fill the cube evenly: multiples of roots of primes, less their whole parts (Richtmyer 1951).
pub(super) fn points(dimensions: usize, rows: usize) -> Vec<Vec<f64>> {
    let is_prime = |n: &u32| (2..*n).take_while(|k| k * k <= *n).all(|k| !n.is_multiple_of(k));
    let primes = (2..).filter(is_prime).take(dimensions);
    primes
        .map(|prime| (1..=rows).map(|row| (row as f64 * f64::from(prime).sqrt()).fract()).collect())
        .collect()
}
