//! Turns numbers into their natural logarithms, with the same bits on every machine.
//!
//! ```
//! use keiretsu_maths::ln::{ln, ln_1p};
//!
//! assert_eq!([1.0, 10.0, 0.0].map(ln), [0.0, std::f64::consts::LN_10, f64::NEG_INFINITY]);
//! assert!((ln_1p(1e-9) - 0.999_999_999_5e-9).abs() < 1e-24);
//! ```
//!
//! Method: `x = 2^k (1 + f)` with `1 + f` in [sqrt(1/2), sqrt(2)), `s = f / (2 + f)`, and the odd series in
//! `s` with the coefficients of fdlibm's `e_log.c` (Sun Microsystems 1993), written without a branch.
//! Within 1 ulp of the true value in the tests.
//! Absent: other bases.

use std::array::from_fn;

/// The upper part of ln 2 (fdlibm): 33 bits, so that its product with any exponent is exact.
const LN2_UPPER: f64 = 6.931_471_803_691_238e-1;
/// ln 2 less `LN2_UPPER` (fdlibm).
const LN2_LOWER: f64 = 1.908_214_929_270_587_7e-10;
/// Bits of 1.
const ONE: u64 = 0x3ff0_0000_0000_0000;
/// Bits of a number just below sqrt(1/2) (fdlibm).
const SQRT_HALF: u64 = 0x3fe6_a09e_0000_0000;
/// The mantissa bits of a double.
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
/// Bits of 2^52; an integer below 2^52 placed in its mantissa makes the number 2^52 + integer.
const TWO_52: u64 = 0x4330_0000_0000_0000;
/// 2^52 + 1023, the above less the exponent's bias.
const TWO_52_BIASED: f64 = 4_503_599_627_370_496.0 + 1023.0;
/// 2^54, which lifts every subnormal number into the normal range.
const TWO_54: f64 = 18_014_398_509_481_984.0;
/// Coefficients of the series in s^2 (fdlibm `e_log.c`, Lg1 to Lg7).
const LG: [f64; 7] = [
    6.666_666_666_666_735e-1,
    3.999_999_999_940_942e-1,
    2.857_142_874_366_239e-1,
    2.222_219_843_214_978_4e-1,
    1.818_357_216_161_805e-1,
    1.531_383_769_920_937_3e-1,
    1.479_819_860_511_658_6e-1,
];

/// The natural logarithm: minus infinity for 0, NaN for NaN and below 0.
#[inline(always)]
#[must_use]
pub fn ln(x: f64) -> f64 {
    let subnormal = x < f64::MIN_POSITIVE;
    let lifted = if subnormal { x * TWO_54 } else { x };
    let shift = if subnormal { 54.0 } else { 0.0 };
    let [result] = shifted_lns([lifted], shift);
    let special = if x == 0.0 { f64::NEG_INFINITY } else { f64::NAN };
    let special = if x == f64::INFINITY { x } else { special };
    if 0.0 < x && x < f64::INFINITY { result } else { special }
}

/// ln(x) - shift * ln 2, for positive normal finite x, operation by operation: one number's waits for the one
/// before, and meanwhile that of another is made.
#[inline(always)]
fn shifted_lns<const N: usize>(x: [f64; N], shift: f64) -> [f64; N] {
    let bits = x.map(|x| x.to_bits().wrapping_add(ONE - SQRT_HALF));
    let f = bits.map(|bits| f64::from_bits((bits & MANTISSA).wrapping_add(SQRT_HALF)) - 1.0);
    let s = f.map(|f| f / (2.0 + f));
    let k = bits.map(|bits| f64::from_bits((bits >> 52) | TWO_52) - TWO_52_BIASED - shift);
    let half_square = f.map(|f| 0.5 * f * f);
    let z = s.map(|s| s * s);
    let w = z.map(|z| z * z);
    let pair = |a: usize, b: usize| w.map(|w| LG[a] + w * LG[b]);
    let join = |a: usize, high: [f64; N]| -> [f64; N] { from_fn(|i| LG[a] + w[i] * high[i]) };
    let even = join(1, pair(3, 5));
    let odd = join(0, join(2, pair(4, 6)));
    let series: [f64; N] = from_fn(|i| half_square[i] + (w[i] * even[i] + z[i] * odd[i]));
    let small: [f64; N] = from_fn(|i| s[i] * series[i] + k[i] * LN2_LOWER);
    from_fn(|i| (small[i] - half_square[i] + f[i]) + k[i] * LN2_UPPER)
}

/// The natural logarithms of positive, normal, finite numbers; anything else gives nonsense. The same bits as
/// [`ln`].
#[inline(always)]
pub(crate) fn normal_lns<const N: usize>(x: [f64; N]) -> [f64; N] {
    shifted_lns(x, 0.0)
}

/// ln(1 + x), accurate near zero: there twice the area hyperbolic tangent of x / (2 + x), elsewhere [`ln`].
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    if !(-0.29 < x && x < 0.41) {
        return ln(1.0 + x);
    }
    let s = x / (2.0 + x);
    let z = s * s;
    let mut sum = 1.0 / 25.0;
    for i in (1..12).rev() {
        sum = sum * z + 1.0 / f64::from(2 * i + 1);
    }
    // 2s = x - s x, so that the leading term x enters without rounding.
    x - (s * x - 2.0 * s * z * sum)
}
