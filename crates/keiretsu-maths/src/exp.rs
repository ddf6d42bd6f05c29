//! Turns numbers into their exponentials, with the same bits on every machine.
//!
//! ```
//! use keiretsu_maths::{exp::{exp, exp_slice}, lanes::Lanes};
//!
//! let mut values = [0.0, 2.5, -1000.0];
//! exp_slice(Lanes::best(), &mut values);
//! assert_eq!(values, [1.0, exp(2.5), 0.0]);
//! assert!((values[1] / 12.182_493_960_703_473 - 1.0).abs() < f64::EPSILON);
//! ```
//!
//! Method: `x = k ln 2 + r` with `|r| <= ln 2 / 2` (Cody and Waite 1980, two-part constant), a minimax
//! polynomial for `exp(r)` (Remez, computed with 60 digits: relative error 3.6e-18), and `k` added to the
//! exponent field. Within 1 ulp of the true value in the tests.
//! Absent: subnormal results. Below the smallest normal number, 2.2e-308, the result is 0.

use crate::lanes::{Kernel, Lanes};

/// 1.5 * 2^52: adding it rounds a number below 2^51 to an integer and leaves that in the low bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;
/// The upper part of ln 2: 33 bits, so that its product with any exponent is exact (fdlibm, `e_exp.c`).
const LN2_UPPER: f64 = 6.931_471_803_691_238e-1;
/// What `LN2_UPPER` leaves of ln 2 (fdlibm, `e_exp.c`).
const LN2_LOWER: f64 = 1.908_214_929_270_587_7e-10;
/// The largest number with a finite exponential, ln(2^1024 (1 - 2^-54)).
const X_MAX: f64 = 709.782_712_893_384;
/// The smallest number with a normal exponential, ln(2^-1022) rounded up.
const X_MIN: f64 = -708.396_418_532_264_1;
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
    let shifted = x * std::f64::consts::LOG2_E + SHIFT;
    let k = shifted - SHIFT;
    let r = (x - k * LN2_UPPER) - k * LN2_LOWER;
    let square = r * r;
    // In pairs: the same number of operations as Horner's form and half its length of dependence.
    let high = (Q[6] + Q[7] * r) + square * (Q[8] + Q[9] * r);
    let middle = (Q[2] + Q[3] * r) + square * ((Q[4] + Q[5] * r) + square * high);
    let power = 1.0 + (r + square * ((Q[0] + Q[1] * r) + square * middle));
    let scaled = f64::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 52));
    let scaled = if x < X_MIN { 0.0 } else { scaled };
    // Also false for NaN, which the sum keeps.
    if x <= X_MAX { scaled } else { x + f64::INFINITY }
}

/// Replaces every value by its exponential. The same bits as [`exp`] of each.
pub fn exp_slice(lanes: Lanes, values: &mut [f64]) {
    lanes.run(ExpSlice { values });
}

struct ExpSlice<'a> {
    values: &'a mut [f64],
}

impl Kernel for ExpSlice<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for value in self.values {
            *value = exp(*value);
        }
    }
}
