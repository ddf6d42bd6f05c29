//! Turns a base and an exponent into a power, with the same bits on every machine.
//!
//! ```
//! use keiretsu_maths::power::{power, whole_power};
//!
//! assert!((power(1.21, 0.5) - 1.1).abs() < 1e-15);
//! assert_eq!((whole_power(1.5, 2), whole_power(0.5, -3)), (2.25, 8.0));
//! ```
//!
//! The standard library calls the platform, which may round otherwise and between versions.
//! Relative error of [`power`]: about 2^-53 times 2 + the size of the result's logarithm.

use crate::exp::exp;
use crate::ln::ln;

/// `base` to the power `exponent`, for a base that is not negative.
#[must_use]
pub fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 0.0 { 1.0 } else { exp(exponent * ln(base)) }
}

/// `base` multiplied by itself, by squares; one over it for an exponent below zero.
#[must_use]
pub fn whole_power(base: f64, exponent: i32) -> f64 {
    let (mut square, mut left, mut result) = (base, exponent.unsigned_abs(), 1.0);
    while 0 < left {
        if left % 2 == 1 {
            result *= square;
        }
        square *= square;
        left /= 2;
    }
    if exponent < 0 { 1.0 / result } else { result }
}

/// The place of the first digit of a positive number: 2 for 100 and for 999.9, -1 for 0.1; 0 for zero.
#[must_use]
pub fn decimal_place(number: f64) -> i32 {
    let digits = format!("{number:e}");
    digits.rsplit_once('e').and_then(|(_, place)| place.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_chances() {
        assert!((power(0.5, 2.0) - 0.25).abs() < 1e-15);
        assert!(power(0.0, 0.5).abs() < 1e-300);
        assert!((power(1.0, 7.0) - 1.0).abs() < 1e-15);
        assert!(power(f64::NAN, 0.5).is_nan());
    }

    #[test]
    fn whole_powers_are_products() {
        assert_eq!(whole_power(3.0, 5).to_bits(), 243.0_f64.to_bits());
        assert_eq!(whole_power(0.0, 0).to_bits(), 1.0_f64.to_bits());
        assert!(whole_power(2.0, -1075) <= 0.0 && whole_power(2.0, i32::MIN) <= 0.0, "below all numbers");
    }

    #[test]
    fn the_first_digit_of_a_power_of_ten_is_at_its_place() {
        let places = [1000.0, 999.999, 0.001, 1e-320, 1e300].map(decimal_place);
        assert_eq!(places, [3, 2, -3, -320, 300]);
        assert_eq!((decimal_place(0.0), decimal_place(f64::INFINITY)), (0, 0));
    }
}
