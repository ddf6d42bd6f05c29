//! Turns probabilities into standard normal numbers, and back.
//!
//! ```
//! use keiretsu_maths::normal::{normal_cdf, normal_inverse};
//!
//! assert!((normal_inverse(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
//! assert!((normal_cdf(1.0) - 0.841_344_746_068_542_9).abs() < 1e-16);
//! ```
//!
//! The inverse is algorithm AS 241, PPND16 (Wichura 1988), written without a branch: relative error about
//! 1e-16. It rises with the probability, which Box and Muller's method cannot do: Sobol points and copulas
//! need that. The distribution function is Cody's (algorithm 715, `ANORM`, 1993), accurate to 16 digits
//! also far out on the lower side.
//! Absent: other means and deviations.

use crate::exp::exp;
use crate::lanes::{Kernel, Lanes};
use crate::ln::ln;

/// Half the width of the central region of AS 241, in probability.
const CENTRAL: f64 = 0.425;
/// `CENTRAL` squared.
const CENTRAL_SQUARE: f64 = 0.180_625;
/// Where AS 241 changes to its far tail: probability e^-25.
const FAR: f64 = 5.0;
/// AS 241: numerator for the centre, in `CENTRAL_SQUARE - q^2`.
const A: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
/// AS 241: denominator for the centre.
const B: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
/// AS 241: numerator for the tail, in `r - 1.6`.
const C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    0.000_774_545_014_278_341_4,
];
/// AS 241: denominator for the tail.
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    0.000_547_593_808_499_534_5,
    1.050_750_071_644_416_9e-9,
];
/// AS 241: numerator for the far tail, in `r - 5`.
const E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
/// AS 241: denominator for the far tail.
const F: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    0.000_786_869_131_145_613_3,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_7e-15,
];
/// Cody: numerator below 0.66291, in x^2; the last is the leading one.
const CENTRE_UPPER: [f64; 5] = [
    2.235_252_035_460_683_7,
    161.028_231_068_555_87,
    1_067.689_485_460_370_9,
    18_154.981_253_343_56,
    0.065_682_337_918_207_45,
];
/// Cody: denominator below 0.66291.
const CENTRE_LOWER: [f64; 4] =
    [47.202_581_904_688_245, 976.098_551_737_776_7, 10_260.932_208_618_979, 45_507.789_335_026_73];
/// Cody: numerator up to sqrt(32), in |x|; the last is the leading one.
const MIDDLE_UPPER: [f64; 9] = [
    0.398_941_512_088_134_66,
    8.883_149_794_388_377,
    93.506_656_132_177_85,
    597.270_276_394_800_2,
    2_494.537_585_290_372_6,
    6_848.190_450_536_283,
    11_602.651_437_647_35,
    9_842.714_838_383_978,
    1.076_557_677_372_019_2e-8,
];
/// Cody: denominator up to sqrt(32).
const MIDDLE_LOWER: [f64; 8] = [
    22.266_688_044_328_117,
    235.387_901_782_625,
    1_519.377_599_407_554_7,
    6_485.558_298_266_761,
    18_615.571_640_885_097,
    34_900.952_721_145_98,
    38_912.003_286_093_27,
    19_685.429_676_859_992,
];
/// Cody: numerator beyond sqrt(32), in 1/x^2; the last is the leading one.
const TAIL_UPPER: [f64; 6] = [
    0.215_898_534_057_957,
    0.127_401_161_160_247_36,
    0.022_235_277_870_649_807,
    0.001_421_619_193_227_893_4,
    2.911_287_495_116_879_3e-5,
    0.023_073_441_764_940_174,
];
/// Cody: denominator beyond sqrt(32).
const TAIL_LOWER: [f64; 5] = [
    1.284_260_096_144_911,
    0.468_238_212_480_865_1,
    0.065_988_137_868_928_56,
    0.003_782_396_332_027_582_4,
    7.297_515_550_839_662e-5,
];
/// Beyond this nothing is left of the normal distribution.
const NOTHING: f64 = 38.5;
/// 1 / sqrt(2 pi).
const DENSITY_AT_0: f64 = 0.398_942_280_401_432_7;

/// The number that a standard normal variable stays below with chance `p`: minus infinity for 0, infinity
/// for 1, NaN outside.
#[inline(always)]
#[must_use]
pub fn normal_inverse(p: f64) -> f64 {
    let q = p - 0.5;
    let central = q.abs() <= CENTRAL;
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-ln(tail)).sqrt();
    let far = FAR < r;
    let x = if far { r - FAR } else { r - 1.6 };
    let x = if central { CENTRAL_SQUARE - q * q } else { x };
    let (mut upper, mut lower) = (0.0, 0.0);
    let mut i = A.len();
    while 0 < i {
        i -= 1;
        let (a, b) = if far { (E[i], F[i]) } else { (C[i], D[i]) };
        let (a, b) = if central { (A[i], B[i]) } else { (a, b) };
        upper = upper * x + a;
        lower = lower * x + b;
    }
    let size = upper / lower;
    let size = if tail == 0.0 { f64::INFINITY } else { size };
    let outer = if q < 0.0 { -size } else { size };
    if central { q * size } else { outer }
}

/// The chance that a standard normal variable stays below `x`. Also far down: `normal_cdf(-37.0)` has 14
/// digits.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    let size = x.abs();
    if size <= 0.662_91 {
        return 0.5 + x * ratio(x * x, &CENTRE_UPPER, &CENTRE_LOWER);
    }
    // Beyond, the chance is below the smallest normal number; also for infinity.
    if NOTHING < size {
        return if x < 0.0 { 0.0 } else { 1.0 };
    }
    let tail = if size <= 32.0_f64.sqrt() {
        ratio(size, &MIDDLE_UPPER, &MIDDLE_LOWER)
    } else {
        let z = 1.0 / (x * x);
        (DENSITY_AT_0 - z * ratio(z, &TAIL_UPPER, &TAIL_LOWER)) / size
    };
    let beyond = tail * normal_exponent(size);
    // NaN comes out of either.
    if x < 0.0 { beyond } else { 1.0 - beyond }
}

/// Cody's quotient of polynomials.
fn ratio(x: f64, upper: &[f64], lower: &[f64]) -> f64 {
    let degree = lower.len();
    let (mut above, mut below) = (upper[degree] * x, x);
    for i in 0..degree - 1 {
        above = (above + upper[i]) * x;
        below = (below + lower[i]) * x;
    }
    (above + upper[degree - 1]) / (below + lower[degree - 1])
}

/// exp(-x^2 / 2) without the rounding of the square: `x` is split into sixteenths and the rest.
fn normal_exponent(x: f64) -> f64 {
    let whole = (x * 16.0).trunc() / 16.0;
    let rest = (x - whole) * (x + whole);
    exp(-whole * whole * 0.5) * exp(-rest * 0.5)
}

/// Replaces every probability by its normal number. The same bits as [`normal_inverse`] of each.
pub fn normal_inverse_slice(lanes: Lanes, values: &mut [f64]) {
    lanes.run(NormalInverseSlice { values });
}

struct NormalInverseSlice<'a> {
    values: &'a mut [f64],
}

impl Kernel for NormalInverseSlice<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for value in self.values {
            *value = normal_inverse(*value);
        }
    }
}
