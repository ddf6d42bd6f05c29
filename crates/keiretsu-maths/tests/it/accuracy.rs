//! The elementary functions are within 2 units in the last place, with the right edges.

use keiretsu_maths::exp::{exp, exp_m1};
use keiretsu_maths::ln::{ln, ln_1p};
use keiretsu_maths::sincos::sincos_turns;

/// How many numbers lie between the two.
fn apart(a: f64, b: f64) -> u64 {
    let key =
        |x: f64| if x.is_sign_negative() { -((x.to_bits() << 1 >> 1) as i64) } else { x.to_bits() as i64 };
    key(a).abs_diff(key(b))
}

/// The largest distance from the standard library, whose own is below 1 on this platform.
fn check(ours: fn(f64) -> f64, reference: fn(f64) -> f64, inputs: impl Iterator<Item = f64>) {
    let worst = inputs
        .map(|x| (apart(ours(x), reference(x)), x))
        .fold((0, 0.0), |a, b| if a.0 < b.0 { b } else { a });
    assert!(worst.0 <= 1, "{} units in the last place at {:e}", worst.0, worst.1);
}

fn evenly(from: f64, to: f64, count: u32) -> impl Iterator<Item = f64> {
    (0..=count).map(move |i| from + (to - from) * f64::from(i) / f64::from(count))
}

#[test]
fn exponential_is_accurate_everywhere() {
    check(exp, f64::exp, evenly(-708.39, 709.78, 1_000_000));
    check(exp, f64::exp, evenly(-1.0, 1.0, 1_000_000));
    check(exp, f64::exp, evenly(-300.0, 0.0, 200_000).map(|x| 10.0_f64.powf(x)));
}

#[test]
fn exponential_has_the_right_edges() {
    let same = |x: f64, expected: f64| assert_eq!(exp(x).to_bits(), expected.to_bits(), "exp({x})");
    same(0.0, 1.0);
    same(-0.0, 1.0);
    same(f64::INFINITY, f64::INFINITY);
    same(709.8, f64::INFINITY);
    same(f64::MAX, f64::INFINITY);
    same(f64::NEG_INFINITY, 0.0);
    same(-708.4, 0.0);
    same(f64::MIN, 0.0);
    assert!(exp(f64::NAN).is_nan());
    assert!(exp(709.782_712_893_384).is_finite());
    assert!(f64::MIN_POSITIVE <= exp(-708.396_418_532_264_1));
}

#[test]
fn logarithm_is_accurate_everywhere() {
    check(ln, f64::ln, evenly(-307.9, 308.2, 1_000_000).map(|x| 10.0_f64.powf(x)));
    check(ln, f64::ln, evenly(0.5, 2.0, 1_000_000));
    check(ln, f64::ln, evenly(-16.0, -3.0, 100_000).map(|x| 1.0 - 10.0_f64.powf(x)));
    check(ln, f64::ln, (1..100_000).map(|i| f64::from_bits(i * 45_035_996_273)));
}

#[test]
fn logarithm_has_the_right_edges() {
    let same = |x: f64, expected: f64| assert_eq!(ln(x).to_bits(), expected.to_bits(), "ln({x})");
    same(1.0, 0.0);
    same(0.0, f64::NEG_INFINITY);
    same(-0.0, f64::NEG_INFINITY);
    same(f64::INFINITY, f64::INFINITY);
    assert!(ln(-1.0).is_nan());
    assert!(ln(f64::NEG_INFINITY).is_nan());
    assert!(ln(f64::NAN).is_nan());
}

/// Sine and cosine of `r` turns in twice the precision: the angle's lower part is added as a first-order
/// term.
fn reference(r: f64) -> (f64, f64) {
    let tau = std::f64::consts::TAU;
    let upper = tau * r;
    let lower = tau.mul_add(r, -upper) + 2.449_293_598_294_706_4e-16 * r;
    (upper.sin() + lower * upper.cos(), upper.cos() - lower * upper.sin())
}

#[test]
fn sine_and_cosine_are_accurate() {
    for r in evenly(-0.125, 0.125, 1_000_000).chain(evenly(-300.0, -1.0, 10_000).map(|x| 10.0_f64.powf(x))) {
        let (sine, cosine) = sincos_turns(r);
        let (sine_expected, cosine_expected) = reference(r);
        assert!(apart(sine, sine_expected) <= 2, "sine of {r:e} turns");
        assert!(apart(cosine, cosine_expected) <= 2, "cosine of {r:e} turns");
    }
}

#[test]
fn quarter_turns_are_exact() {
    for quarters in -9_i32..=9 {
        let (sine, cosine) = sincos_turns(f64::from(quarters) / 4.0);
        let expected = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)];
        assert_eq!((sine, cosine), expected[quarters.rem_euclid(4) as usize], "{quarters}");
        // A power of two of a turn off, so that the sum is exact.
        let off = 1.0 / 1024.0;
        let (s, c) = sincos_turns(off);
        let rotated = [(s, c), (c, -s), (-s, -c), (-c, s)];
        assert_eq!(sincos_turns(f64::from(quarters) / 4.0 + off), rotated[quarters.rem_euclid(4) as usize]);
    }
}

/// As the standard library's, to 4 and 7 times 1e-16.
#[test]
fn both_are_accurate_near_zero() {
    for y in evenly(-0.96, 0.96, 14_000) {
        assert!((exp_m1(y) - y.exp_m1()).abs() <= 4e-16 * y.exp_m1().abs(), "exp_m1({y})");
        assert!((ln_1p(y) - y.ln_1p()).abs() <= 7e-16 * y.ln_1p().abs(), "ln_1p({y})");
    }
    assert!(exp_m1(f64::NAN).is_nan() && ln_1p(f64::NAN).is_nan());
    assert!(ln_1p(-1.0) <= f64::NEG_INFINITY && f64::INFINITY <= exp_m1(1e3));
}
