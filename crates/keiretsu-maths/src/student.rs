//! Turns normal numbers into those of a Student t copula, whose extremes come together.
//!
//! ```
//! use keiretsu_maths::student::Student;
//!
//! let student = Student::new(4.0);
//! assert!((student.cdf(-2.131_846_786_326_649) - 0.05).abs() < 1e-14);
//! // One stretch for all factors of a path and month, then back to a normal margin.
//! let stretch = student.stretch(0.01);
//! assert!(1.0 < stretch);
//! assert!(student.normal(-1.0 * stretch) < -1.0);
//! ```
//!
//! Method: correlated normals times one common `sqrt(degrees / chi-square)` are multivariate t (Demarta and
//! `McNeil`, "The t copula and related copulas", 2005, section 2.1); each is brought back to a standard
//! normal by the t distribution function and the normal inverse, so margins stay as the model says.
//! One uniform for a path and month, purpose `Mixing`, gives the stretch.
//! Absent: different degrees of freedom for groups of factors.

use crate::exp::exp;
use crate::gamma::{chi_square_inverse, kept_from_0, ln_gamma};
use crate::ln::ln;
use crate::normal::{normal_cdf, normal_inverse};

/// From here on a t variable is taken as normal: its chances differ by less than 1e-5 of themselves up to
/// 6 deviations.
const DEGREES_NORMAL: f64 = 1e8;
/// Terms of the continued fraction at most; it needs about the square root of the degrees.
const TERMS_MAX: usize = 50_000;

/// The Student t distribution with some degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Student {
    degrees: f64,
    /// ln of 1 / B(degrees / 2, 1/2).
    ln_front: f64,
}

impl Student {
    /// The distribution with these degrees of freedom, above 0.
    #[must_use]
    pub fn new(degrees: f64) -> Student {
        assert!(0.0 < degrees, "degrees of freedom are above 0, not {degrees}");
        let half = degrees / 2.0;
        let ln_front = ln_gamma_half_step(half) - ln_gamma(0.5);
        Student { degrees, ln_front }
    }

    /// The degrees of freedom.
    #[must_use]
    pub fn degrees(&self) -> f64 {
        self.degrees
    }

    /// The chance of staying below `t`; keeps its relative accuracy on the lower side.
    ///
    /// Half the incomplete beta function (Abramowitz and Stegun 26.7.1).
    #[must_use]
    pub fn cdf(&self, t: f64) -> f64 {
        if DEGREES_NORMAL <= self.degrees {
            return normal_cdf(t);
        }
        let beyond = 0.5 * self.both_tails(t);
        if t < 0.0 { beyond } else { 1.0 - beyond }
    }

    /// The standard normal number at the same probability as `t`.
    #[must_use]
    pub fn normal(&self, t: f64) -> f64 {
        let below = normal_inverse(self.cdf(-t.abs()));
        if t < 0.0 { below } else { -below }
    }

    /// By how much the normals of a path and month are stretched, from one number uniform on (0, 1):
    /// small numbers stretch.
    #[must_use]
    pub fn stretch(&self, uniform: f64) -> f64 {
        (self.degrees / chi_square_inverse(self.degrees, uniform)).sqrt()
    }

    /// The chance of a size beyond |t|: `I_x(degrees / 2, 1 / 2)` with
    /// `x = degrees / (degrees + t^2)`.
    fn both_tails(&self, t: f64) -> f64 {
        let half = self.degrees / 2.0;
        let square = t * t;
        let (x, rest) = (self.degrees / (self.degrees + square), square / (self.degrees + square));
        if rest <= 0.0 {
            return 1.0;
        }
        if x <= 0.0 {
            return 0.0;
        }
        // Without cancelling where x is near 1.
        let ln_x = if rest < 0.1 { ln_complement(rest) } else { ln(x) };
        let front = exp(self.ln_front + half * ln_x + 0.5 * ln(rest));
        if x < (half + 1.0) / (half + 2.5) {
            front * beta_fraction(half, 0.5, x) / half
        } else {
            1.0 - front * beta_fraction(0.5, half, rest) / 0.5
        }
    }
}

/// ln gamma(x + 1/2) - ln gamma(x), without the cancelling of large logarithms (asymptotic series of
/// Tricomi and Erdelyi 1951).
fn ln_gamma_half_step(x: f64) -> f64 {
    if x < 50.0 {
        return ln_gamma(x + 0.5) - ln_gamma(x);
    }
    let square = x * x;
    0.5 * ln(x) - (1.0 / 8.0 - (1.0 / 192.0 - 1.0 / (640.0 * square)) / square) / x
}

/// ln(1 - y) for small y, by the series in y / (2 - y).
fn ln_complement(y: f64) -> f64 {
    let s = -y / (2.0 - y);
    let square = s * s;
    let mut power = s;
    let mut sum = s;
    for n in 1..12u8 {
        power *= square;
        sum += power / f64::from(2 * n + 1);
    }
    2.0 * sum
}

/// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's
/// method.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / kept_from_0(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..TERMS_MAX {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / kept_from_0(1.0 + even * d);
        c = kept_from_0(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / kept_from_0(1.0 + odd * d);
        c = kept_from_0(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    fraction
}
