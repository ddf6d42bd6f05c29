//! Turns a number into its exponential or logarithm, the same bits on every machine.
//!
//! The standard library calls the platform's maths library, whose last bit differs between systems. Here are
//! only IEEE additions, multiplications and divisions in a fixed order; the error is below three units in the
//! last place over the ranges used.
//!
//! Absent: speed beyond what one core needs (see `irr_many`, which avoids exponentials altogether).

/// ln 2 in two parts; the first has 20 trailing zero bits, so `k * LN2_HIGH` is exact for |k| < 2^20.
/// Origin: FDLIBM `e_exp.c`, Sun Microsystems 1993.
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

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

/// e^x; 0 below -745 and infinite above 709.78, as in IEEE arithmetic.
pub(crate) fn exp(x: f64) -> f64 {
    if 709.78 < x {
        return f64::INFINITY;
    }
    if x < -745.0 {
        return 0.0;
    }
    let k = (x * std::f64::consts::LOG2_E).round();
    let r = (x - k * LN2_HIGH) - k * LN2_LOW;
    let mut sum = FACTORIAL_INVERSE[13];
    for i in (0..13).rev() {
        sum = sum * r + FACTORIAL_INVERSE[i];
    }
    scale(sum, k as i64)
}

/// e^x - 1, accurate near zero.
pub(crate) fn exp_m1(x: f64) -> f64 {
    if 0.5 <= x.abs() {
        return exp(x) - 1.0;
    }
    let mut sum = FACTORIAL_INVERSE[17];
    for i in (1..17).rev() {
        sum = sum * x + FACTORIAL_INVERSE[i];
    }
    sum * x
}

/// ln x for a positive, normal x.
pub(crate) fn ln(x: f64) -> f64 {
    debug_assert!(f64::MIN_POSITIVE <= x && x.is_finite(), "ln takes positive, normal numbers");
    let bits = x.to_bits();
    // Shift the mantissa's range from [1, 2) to [sqrt(1/2), sqrt 2), where the series below is shortest.
    let shifted = bits.wrapping_sub(std::f64::consts::FRAC_1_SQRT_2.to_bits());
    let k = (shifted as i64) >> 52;
    let m = f64::from_bits(bits.wrapping_sub((k as u64) << 52));
    let k = k as f64;
    k * LN2_HIGH + (ln_near_one(m - 1.0) + k * LN2_LOW)
}

/// ln(1 + x) for x > -1, accurate near zero.
pub(crate) fn ln_1p(x: f64) -> f64 {
    if -0.29 < x && x < 0.41 { ln_near_one(x) } else { ln(1.0 + x) }
}

/// ln(1 + x) for |x| below about 0.42, as 2 atanh(x / (2 + x)).
fn ln_near_one(x: f64) -> f64 {
    let s = x / (2.0 + x);
    let z = s * s;
    let mut sum = 1.0 / 25.0;
    for i in (1..12).rev() {
        sum = sum * z + 1.0 / f64::from(2 * i + 1);
    }
    // 2s = x - s x, so that the leading term x enters without rounding.
    x - (s * x - 2.0 * s * z * sum)
}

/// m 2^k, in two steps where 2^k alone would leave the range.
fn scale(m: f64, k: i64) -> f64 {
    let power = |k: i64| f64::from_bits(((1023 + k) as u64) << 52);
    if (-1022..=1023).contains(&k) { m * power(k) } else { m * power(k / 2) * power(k - k / 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_platform_to_a_few_units_in_the_last_place() {
        for i in -7000..7000 {
            let x = f64::from(i) * 0.1013;
            let (got, want) = (exp(x), x.exp());
            assert!((got - want).abs() <= 4e-16 * want, "exp {x}: {got} {want}");
            let y = f64::from(i) * 1.37e-4;
            assert!((exp_m1(y) - y.exp_m1()).abs() <= 4e-16 * y.exp_m1().abs(), "exp_m1 {y}");
            assert!((ln_1p(y) - y.ln_1p()).abs() <= 7e-16 * y.ln_1p().abs(), "ln_1p {y}");
            if want.is_normal() {
                assert!((ln(want) - want.ln()).abs() <= 4e-16 * want.ln().abs(), "ln {want}");
            }
        }
    }

    #[test]
    fn leaves_the_range_as_ieee_does() {
        assert!(exp(710.0).is_infinite());
        assert!(exp(-746.0) <= 0.0);
        assert!(0.0 < exp(-744.0));
    }
}
