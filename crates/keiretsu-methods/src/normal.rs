//! Turns a number into the standard normal distribution function at it, the same bits on every machine.
//!
//! Marsaglia (2004, J. Statistical Software 11:4): the series phi(x) (x + x³/3 + x⁵/(3·5) + …) near zero, and
//! Laplace's continued fraction in the tails, where the series would lose digits to cancellation.

use crate::powers::exp;

/// From here on the continued fraction is used.
const TAIL: f64 = 2.5;
/// Terms of the continued fraction: at x = 2.5 more do not change a bit.
const TAIL_TERMS: u32 = 120;
/// 1 / sqrt(2 pi).
const DENSITY_MAX: f64 = 0.398_942_280_401_432_7;

/// P(Z <= x) of a standard normal Z, relative error about 1e-15.
pub(crate) fn cumulative(x: f64) -> f64 {
    let density = DENSITY_MAX * exp(-0.5 * x * x);
    if x < -TAIL {
        return upper_tail(-x, density);
    }
    if TAIL < x {
        return 1.0 - upper_tail(x, density);
    }
    let (mut term, mut sum, mut odd) = (x, x, 1.0);
    while sum * f64::EPSILON / 8.0 < term && 0.0 < x || term < sum * f64::EPSILON / 8.0 && x < 0.0 {
        odd += 2.0;
        term *= x * x / odd;
        sum += term;
    }
    0.5 + density * sum
}

fn upper_tail(x: f64, density: f64) -> f64 {
    let mut fraction = x;
    for k in (1..=TAIL_TERMS).rev() {
        fraction = x + f64::from(k) / fraction;
    }
    density / fraction
}

#[cfg(test)]
mod tests {
    use super::cumulative;

    #[test]
    fn known_values() {
        // Abramowitz and Stegun, tables 26.1 and 26.2; the tails from 40-digit arithmetic.
        let known = [
            (0.0, 0.5),
            (1.0, 0.841_344_746_068_542_9),
            (-1.0, 0.158_655_253_931_457_05),
            (2.0, 0.977_249_868_051_820_8),
            (-3.0, 1.349_898_031_630_094_5e-3),
            (-5.0, 2.866_515_718_791_939e-7),
            (-10.0, 7.619_853_024_160_527e-24),
        ];
        for (x, want) in known {
            let got = cumulative(x);
            assert!((got - want).abs() <= 4e-15 * want, "{x}: {got} {want}");
        }
    }

    #[test]
    fn the_two_forms_meet() {
        let (below, above) = (cumulative(-2.5), cumulative(-2.500_000_000_1));
        assert!(0.0 < below - above && below - above < 1e-11, "{below} {above}");
        assert!(cumulative(f64::INFINITY) >= 1.0 && cumulative(f64::NEG_INFINITY) <= 0.0, "limits");
    }
}
