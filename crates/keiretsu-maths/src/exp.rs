//! Turns numbers into their exponentials, with the same bits on every machine.
//!
//! ```
//! use keiretsu_maths::exp::{exp, exp_m1};
//!
//! assert_eq!([0.0, -1000.0].map(exp), [1.0, 0.0]);
//! assert!((exp(2.5) / 12.182_493_960_703_473 - 1.0).abs() < f64::EPSILON);
//! assert!((exp_m1(1e-9) - 1.000_000_000_5e-9).abs() < 1e-24);
//! ```
//!
//! Method: `x = k ln 2 + r` with `|r| <= ln 2 / 2` (Cody and Waite 1980, two-part constant), a minimax
//! polynomial for `exp(r)` (Remez, computed with 60 digits: relative error 3.6e-18), and `k` added to the
//! exponent field. Within 1 ulp of the true value in the tests.
//! Absent: subnormal results. Below the smallest normal number, 2.2e-308, the result is 0.

use std::array::from_fn;

/// 1.5 * 2^52: adding it rounds a number below 2^51 to an integer and leaves that in the low bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;
/// The upper part of ln 2: 33 bits, so that its product with any exponent is exact (fdlibm, `e_exp.c`).
const LN2_UPPER: f64 = 6.931_471_803_691_238e-1;
/// ln 2 less `LN2_UPPER` (fdlibm, `e_exp.c`).
const LN2_LOWER: f64 = 1.908_214_929_270_587_7e-10;
/// The largest number with a finite exponential, ln(2^1024 (1 - 2^-54)).
const X_MAX: f64 = 709.782_712_893_384;
/// The smallest number with a normal exponential, ln(2^-1022) rounded up.
const X_MIN: f64 = -708.396_418_532_264_1;
/// Just below ln 2 / 2: nothing is to be taken off a number of a smaller size.
pub(crate) const SMALL: f64 = 0.3465;
/// `exp(r) = 1 + r + r^2 (Q[0] + Q[1] r + ...)`, minimax on |r| <= ln 2 / 2.
const Q: [f64; 10] = [
    0.500_000_000_000_001_1,
    0.166_666_666_666_664_13,
    0.041_666_666_666_530_155,
    0.008_333_333_333_494_463,
    0.001_388_888_894_363_007,
    0.000_198_412_695_065_763_98,
    2.480_149_309_894_754_3e-5,
    2.755_758_637_599_077_3e-6,
    2.763_024_836_611_497e-7,
    2.500_006_091_337_583_8e-8,
];

/// e to the power `x`. Infinite above 709.78, 0 below -708.39, NaN for NaN.
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    let [power] = exps([x]);
    power
}

/// The same of several, operation by operation: one number's waits for the one before, and meanwhile that of
/// another is made.
#[inline(always)]
pub(crate) fn exps<const N: usize>(x: [f64; N]) -> [f64; N] {
    let shifted = x.map(|x| x * std::f64::consts::LOG2_E + SHIFT);
    let k = shifted.map(|shifted| shifted - SHIFT);
    let r: [f64; N] = from_fn(|i| x[i] - k[i] * LN2_UPPER);
    let r: [f64; N] = from_fn(|i| r[i] - k[i] * LN2_LOWER);
    let power = small_exps(r);
    from_fn(|i| {
        let scaled = f64::from_bits(power[i].to_bits().wrapping_add(shifted[i].to_bits() << 52));
        let scaled = if x[i] < X_MIN { 0.0 } else { scaled };
        // Also false for NaN, which the sum keeps.
        if x[i] <= X_MAX { scaled } else { x[i] + f64::INFINITY }
    })
}

/// The same of several numbers of a size below [`SMALL`].
#[inline(always)]
pub(crate) fn small_exps<const N: usize>(r: [f64; N]) -> [f64; N] {
    let square = r.map(|r| r * r);
    // In pairs: the same number of operations as Horner's form and half its length of dependence.
    let pair = |at: usize| r.map(|r| Q[at] + Q[at + 1] * r);
    let join = |low: [f64; N], high: [f64; N]| -> [f64; N] { from_fn(|i| low[i] + square[i] * high[i]) };
    let high = join(pair(4), join(pair(6), pair(8)));
    let high = join(pair(0), join(pair(2), high));
    from_fn(|i| 1.0 + (r[i] + square[i] * high[i]))
}

/// 1/k! for k = 0..=17.
const FACTORIAL_INVERSE: [f64; 18] = {
    let mut out = [1.0; 18];
    let mut factorial = 1.0;
    let mut k = 1;
    while k < 18 {
        factorial *= k as f64;
        out[k] = 1.0 / factorial;
        k += 1;
    }
    out
};

/// e to the power `x`, less 1, accurate near zero: there the series, elsewhere [`exp`].
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    // Also for NaN.
    if 0.5 <= x.abs() || x.is_nan() {
        return exp(x) - 1.0;
    }
    let mut sum = FACTORIAL_INVERSE[17];
    for i in (1..17).rev() {
        sum = sum * x + FACTORIAL_INVERSE[i];
    }
    sum * x
}
