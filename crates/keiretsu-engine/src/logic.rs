//! Arithmetic and truth with unknowns: one month, one path, one operation.
//!
//! Invariant: NaN is unknown. It survives everything but `0 and unknown = 0` and `1 or unknown = 1`.
//! Truths are exact copies of 0 and 1 where they are certain, so comparing them for equality is sound.
#![expect(clippy::float_cmp, reason = "certain truths are exact copies of 0 and 1")]
#![expect(clippy::inline_always, reason = "these are the bodies of loops compiled for each instruction set")]

use keiretsu_program::{Change, ROUNDING};

/// The lesser; unknown if either is.
#[inline(always)]
pub fn lesser(a: f64, b: f64) -> f64 {
    let least = if a < b { a } else { b };
    if a.is_nan() { a } else { least }
}

/// The greater; unknown if either is.
#[inline(always)]
pub fn greater(a: f64, b: f64) -> f64 {
    let most = if a > b { a } else { b };
    if a.is_nan() { a } else { most }
}

/// The quotient; unknown where the divisor is zero.
#[inline(always)]
pub fn quotient(a: f64, b: f64) -> f64 {
    if b == 0.0 { f64::NAN } else { a / b }
}

/// `a >= b` as a truth, but for rounding: a level that twelve monthly steps reach exactly is reached.
#[inline(always)]
pub fn at_least(a: f64, b: f64) -> f64 {
    truth((a >= b) | (a - b >= -rounding(a, b)), a, b)
}

/// `a > b` as a truth, by more than rounding.
#[inline(always)]
pub fn more_than(a: f64, b: f64) -> f64 {
    truth(a - b > rounding(a, b), a, b)
}

/// By how much two numbers may differ and still be the same.
#[inline(always)]
fn rounding(a: f64, b: f64) -> f64 {
    let (a, b) = (a.abs(), b.abs());
    let size = if a > b { a } else { b };
    // Of what has overflowed nothing rounds away.
    ROUNDING * if size < f64::MAX { size } else { f64::MAX }
}

#[inline(always)]
fn truth(holds: bool, a: f64, b: f64) -> f64 {
    let certain = if holds { 1.0 } else { 0.0 };
    if a.is_nan() | b.is_nan() { f64::NAN } else { certain }
}

/// 0 if either is 0, else the product.
#[inline(always)]
pub fn and(a: f64, b: f64) -> f64 {
    if (a == 0.0) | (b == 0.0) { 0.0 } else { a * b }
}

/// 1 if either is 1, else the chance that one of two independent truths holds.
#[inline(always)]
pub fn or(a: f64, b: f64) -> f64 {
    if (a == 1.0) | (b == 1.0) { 1.0 } else { a + b - a * b }
}

/// `then` where `when` holds, `otherwise` where it does not, their mixture for a chance; unknown where `when`
/// is neither.
#[inline(always)]
pub fn choose(when: f64, then: f64, otherwise: f64) -> f64 {
    let is_chance = (0.0..=1.0).contains(&when);
    let mixed = if is_chance { when * then + (1.0 - when) * otherwise } else { f64::NAN };
    let mixed = if when == 0.0 { otherwise } else { mixed };
    if when == 1.0 { then } else { mixed }
}

/// What has ever held: 1 once either is 1, else the greatest chance so far, unknown if either is.
#[inline(always)]
pub fn ever(before: f64, now: f64) -> f64 {
    if (before == 1.0) | (now == 1.0) { 1.0 } else { greater(before, now) }
}

/// What is due: never negative, nothing where the amount is unknown.
#[inline(always)]
pub fn due(amount: f64) -> f64 {
    if amount > 0.0 { amount } else { 0.0 }
}

/// A value as an overlay changes it.
#[inline(always)]
pub fn changed(change: Change, value: f64) -> f64 {
    match change {
        Change::Set(to) => to,
        Change::Scale(by) => value * by,
        Change::Shift(by) => value + by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNKNOWN: f64 = f64::NAN;

    #[test]
    fn unknown_survives_all_but_the_decided() {
        assert!(lesser(UNKNOWN, 1.0).is_nan() && lesser(1.0, UNKNOWN).is_nan());
        assert!(greater(UNKNOWN, 1.0).is_nan() && greater(1.0, UNKNOWN).is_nan());
        assert!(at_least(1.0, UNKNOWN).is_nan() && more_than(UNKNOWN, 1.0).is_nan());
        assert_eq!(and(0.0, UNKNOWN), 0.0);
        assert!(and(1.0, UNKNOWN).is_nan());
        assert_eq!(or(UNKNOWN, 1.0), 1.0);
        assert!(or(0.0, UNKNOWN).is_nan());
        assert_eq!(ever(1.0, UNKNOWN), 1.0);
        assert!(ever(0.5, UNKNOWN).is_nan());
        assert!(quotient(1.0, 0.0).is_nan());
        assert_eq!(due(UNKNOWN), 0.0);
    }

    #[test]
    fn a_level_that_is_reached_but_for_rounding_is_reached() {
        // 10 growing by 20% a year, month by month, is 12 after twelve months but for a few last places.
        let reached = (0..12).fold(10e6, |level, _| level * keiretsu_maths::power::power(1.2, 1.0 / 12.0));
        assert!(reached < 12e6, "it falls short of the decimal");
        assert_eq!(at_least(reached, 12e6), 1.0);
        assert_eq!((more_than(reached, 12e6), more_than(12e6, reached)), (0.0, 0.0));
        assert_eq!((at_least(11.999_999, 12.0), more_than(12.000_001, 12.0)), (0.0, 1.0));
        assert_eq!((at_least(0.0, 0.0), more_than(0.0, 0.0), more_than(1e-300, 0.0)), (1.0, 0.0, 1.0));
        let most = f64::INFINITY;
        assert_eq!((at_least(most, most), more_than(most, 5.0), at_least(5.0, most)), (1.0, 1.0, 0.0));
        assert_eq!((at_least(-12.0, -12.0), at_least(-12.1, -12.0)), (1.0, 0.0));
    }

    #[test]
    fn a_certain_choice_does_not_look_at_the_other_branch() {
        assert_eq!(choose(1.0, 5.0, UNKNOWN), 5.0);
        assert_eq!(choose(0.0, UNKNOWN, 7.0), 7.0);
        assert_eq!(choose(0.25, 8.0, 4.0), 5.0);
        assert!(choose(UNKNOWN, 1.0, 1.0).is_nan());
        assert!(choose(1.5, 1.0, 1.0).is_nan());
    }
}
