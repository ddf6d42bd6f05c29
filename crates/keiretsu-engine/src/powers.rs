//! Powers of chances, with the same bits on every machine.

use keiretsu_maths::exp::exp;
use keiretsu_maths::ln::ln;

/// `base` to the power `exponent`, for a base that is not negative.
pub fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 0.0 { 1.0 } else { exp(exponent * ln(base)) }
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn powers_of_chances() {
        assert!((power(0.5, 2.0) - 0.25).abs() < 1e-15);
        assert!(power(0.0, 0.5).abs() < 1e-300);
        assert!((power(1.0, 7.0) - 1.0).abs() < 1e-15);
        assert!(power(f64::NAN, 0.5).is_nan());
    }
}
