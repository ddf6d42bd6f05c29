//! Turns probabilities into gamma and chi-square numbers, and back.
//!
//! ```
//! use keiretsu_maths::gamma::{chi_square_inverse, gamma_p};
//!
//! // With two degrees of freedom, chi-square is exponential with mean 2.
//! assert!((chi_square_inverse(2.0, 0.5) - 2.0 * std::f64::consts::LN_2).abs() < 1e-14);
//! assert!((gamma_p(1.0, 2.0) - (1.0 - keiretsu_maths::exp::exp(-2.0))).abs() < 1e-15);
//! ```
//!
//! Scalar and exact rather than fast; the relative errors of chances are about 1e-14, and grow
//! with the shape from 50 on, to 1e-12 at 5000.
//! Absent: rejection sampling, which would use an unknown number of random words.

use crate::exp::exp;
use crate::ln::ln;
use crate::normal::{normal_cdf, normal_inverse};

/// Lanczos's coefficients for g = 7, n = 9 (P. Godfrey 2001): relative error about 1e-15.
const LANCZOS: [f64; 9] = [
    0.999_999_999_999_809_9,
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];
/// ln(2 pi) / 2.
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;
/// Terms taken at most; a shape of 1e6 needs about 7 sqrt(1e6).
const TERMS_MAX: usize = 20_000;
/// Newton's steps at most; four are usual.
const STEPS_MAX: usize = 30;
/// Stands for 0 in Lentz's continued fraction.
const TINY: f64 = 1e-300;

/// The logarithm of the gamma function, for `x` above 0.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x < 0.5 {
        // Reflected: gamma(x) = gamma(x + 1) / x keeps the series where it is accurate.
        return ln_gamma(x + 1.0) - ln(x);
    }
    let x = x - 1.0;
    let terms = LANCZOS[1..].iter().zip(1u8..).map(|(c, i)| c / (x + f64::from(i)));
    let series = terms.fold(LANCZOS[0], |sum, term| sum + term);
    let base = x + 7.5;
    HALF_LN_TAU + (x + 0.5) * ln(base) - base + ln(series)
}

/// The chance that a gamma variable of this shape and scale 1 stays below `x`: the lower regularised
/// incomplete gamma function P (Abramowitz and Stegun 6.5.29 and 6.5.31).
#[must_use]
pub fn gamma_p(shape: f64, x: f64) -> f64 {
    let [lower, _] = gamma_chances(shape, ln_gamma(shape), x);
    lower
}

/// The chance of staying below `x`, and of not; the smaller of them keeps its relative accuracy.
fn gamma_chances(shape: f64, ln_gamma_shape: f64, x: f64) -> [f64; 2] {
    if x <= 0.0 {
        return [0.0, 1.0];
    }
    let front = exp(shape * ln(x) - x - ln_gamma_shape);
    if x < shape + 1.0 {
        let lower = front * lower_series(shape, x);
        [lower, 1.0 - lower]
    } else {
        let upper = front * upper_fraction(shape, x);
        [1.0 - upper, upper]
    }
}

/// `sum x^n / (shape (shape + 1) ... (shape + n))`.
fn lower_series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    for n in 1..TERMS_MAX {
        term *= x / (shape + n as f64);
        sum += term;
        if term < sum * f64::EPSILON * 0.1 {
            break;
        }
    }
    sum
}

/// The continued fraction of the upper function, by Lentz's method as modified by Thompson and Barnett.
fn upper_fraction(shape: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for n in 1..TERMS_MAX {
        let n = n as f64;
        let a = -n * (n - shape);
        b += 2.0;
        d = 1.0 / kept_from_0(a * d + b);
        c = kept_from_0(b + a / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    fraction
}

/// Lentz's method divides by numbers that may vanish by chance.
pub(crate) fn kept_from_0(x: f64) -> f64 {
    if x.abs() < TINY { TINY } else { x }
}

/// The number that a gamma variable of this shape and scale 1 stays below with chance `p`, in (0, 1).
///
/// Starts from Wilson and Hilferty's cube (1931) and continues by Halley's steps (Numerical Recipes 6.2.1).
#[must_use]
pub fn gamma_inverse(shape: f64, p: f64) -> f64 {
    assert!(0.0 < shape, "a gamma variable's shape is above 0, not {shape}");
    assert!(0.0 < p && p < 1.0, "a chance strictly between 0 and 1, not {p}");
    // 1 - p is exact for p above a half.
    inverse(shape, [p, 1.0 - p], normal_inverse(p))
}

/// The number that a gamma variable stays below and above with these chances; `z` is the normal one.
fn inverse(shape: f64, [p, more]: [f64; 2], z: f64) -> f64 {
    let ln_gamma_shape = ln_gamma(shape);
    let mut x = first_guess(shape, ln_gamma_shape, p, z);
    for _ in 0..STEPS_MAX {
        let [lower, upper] = gamma_chances(shape, ln_gamma_shape, x);
        // The smaller chance is the accurate one.
        let error = if p < 0.5 { lower - p } else { more - upper };
        let density = exp((shape - 1.0) * ln(x) - x - ln_gamma_shape);
        let step = error / density;
        let halley = step / (1.0 - 0.5 * (step * ((shape - 1.0) / x - 1.0)).min(1.0));
        // Never past 0: half way at most.
        let next = if x <= halley { 0.5 * x } else { x - halley };
        let settled = (next - x).abs() <= 4.0 * f64::EPSILON * x;
        x = next;
        if settled {
            break;
        }
    }
    x
}

fn first_guess(shape: f64, ln_gamma_shape: f64, p: f64, z: f64) -> f64 {
    // P is about x^shape / gamma(shape + 1) near 0.
    let near_0 = exp((ln(p) + ln_gamma_shape + ln(shape)) / shape);
    let ninth = 1.0 / (9.0 * shape);
    let root = 1.0 - ninth + z * ninth.sqrt();
    let cubed = shape * root * root * root;
    if root <= 0.0 || near_0 < 0.2 * shape.min(1.0) { near_0.max(f64::MIN_POSITIVE) } else { cubed }
}

/// The chi-square number at the same probability as the normal number `z`.
pub(crate) fn chi_square_at(degrees: f64, z: f64) -> f64 {
    2.0 * inverse(degrees / 2.0, [normal_cdf(z), normal_cdf(-z)], z)
}

/// The number that a chi-square variable with these degrees of freedom stays below with chance `p`.
#[must_use]
pub fn chi_square_inverse(degrees: f64, p: f64) -> f64 {
    2.0 * gamma_inverse(degrees / 2.0, p)
}
