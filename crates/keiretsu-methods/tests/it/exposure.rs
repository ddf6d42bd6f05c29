//! Statistics of exposures against reference cases, closed forms and their properties.

use crate::common::{cases, number};
use keiretsu_methods::exposure::{expected_shortfall, profile, wrong_way_factor};
use proptest::prelude::*;

/// The standard normal distribution function by Simpson's rule: slow and independent of the crate's own.
fn normal(x: f64) -> f64 {
    let density = |x: f64| (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let steps = 60;
    let h = x / f64::from(steps);
    let odd = |k: i32| if k % 2 == 1 { 4.0 } else { 2.0 };
    let inside: f64 = (1..steps).map(|k| odd(k) * density(f64::from(k) * h)).sum();
    0.5 + h / 3.0 * (density(0.0) + inside + density(x))
}

/// Student's t distribution function with four degrees of freedom, in closed form.
fn student_4(x: f64) -> f64 {
    let s = x * x / 4.0;
    0.5 + 0.375 * x / (1.0 + s).sqrt() * (1.0 - x * x / (1.0 + s) / 12.0)
}

/// The middles of equally likely slices of a distribution: a sample without chance.
fn slices(distribution: fn(f64) -> f64, count: u32) -> Vec<f64> {
    let inverse = |p: f64| {
        let (mut low, mut high) = (-60.0, 60.0);
        for _ in 0..50 {
            let middle = 0.5 * (low + high);
            if distribution(middle) < p { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    };
    (0..count).map(|k| inverse((f64::from(k) + 0.5) / f64::from(count))).collect()
}

/// `got` is within a share of `want`.
fn near(got: f64, want: f64, share: f64) {
    assert!((got - want).abs() <= share * want.abs(), "{got} is not {want}");
}

#[test]
fn losses_have_the_tails_of_the_table() {
    let all = cases("exposure_risk");
    let table = &all["var_es"];
    let scale = number(&table["V"]) * number(&table["annual_vol"]) / number(&table["days"]).sqrt();
    // A t distribution with four degrees of freedom has variance 2.
    let kinds = [("normal", slices(normal, 10_000), 1.0), ("t4", slices(student_4, 20_000), 0.5_f64.sqrt())];
    for (kind, sample, unit) in kinds {
        let mut losses: Vec<f64> = sample.iter().map(|x| scale * unit * x).collect();
        for row in table["rows"].as_array().expect("rows") {
            let level = number(&row["alpha"]);
            near(expected_shortfall(&mut losses, level), number(&row[format!("ES_{kind}")]), 5e-3);
        }
    }
}

#[test]
fn the_atom_at_the_quantile_counts_in_part() {
    // Two of three paths lose nothing, one loses 9; the worst half is that one and half of another path:
    // (9 + 0.5 x 0) / 1.5 = 6.
    near(expected_shortfall(&mut [0.0, 9.0, 0.0], 0.5), 6.0, 1e-15);
    // Level 0 is the mean, level 1 the worst.
    near(expected_shortfall(&mut [1.0, 2.0, 6.0], 0.0), 3.0, 1e-15);
    near(expected_shortfall(&mut [1.0, 2.0, 6.0], 1.0), 6.0, 1e-15);
    assert!(expected_shortfall(&mut [], 0.5).is_nan());
    assert!(expected_shortfall(&mut [f64::NAN, 1.0], 0.5).is_nan());
}

#[test]
fn effective_exposure_does_not_fall() {
    let found = profile(&[1.0, 3.0, 2.0]);
    assert_eq!(found.effective, [1.0, 3.0, 3.0]);
    near(found.expected_positive, 2.0, 1e-15);
    near(found.effective_positive, 7.0 / 3.0, 1e-15);
}

#[test]
fn a_factor_above_one_is_wrong_way() {
    // A party fails on one path in ten, with an exposure of 30 there, against 20 on average.
    assert_eq!(wrong_way_factor(3.0, 0.1, 20.0), Some(1.5));
    assert_eq!(wrong_way_factor(0.0, 0.0, 20.0), None);
}

proptest! {
    #[test]
    fn a_tail_lies_between_its_quantile_and_the_worst(
        mut values in proptest::collection::vec(-1e6_f64..1e6, 1..200),
        low in 0.0_f64..1.0,
        step in 0.0_f64..1.0,
    ) {
        let high = low + (1.0 - low) * step;
        let worst = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (a, b) = (expected_shortfall(&mut values, low), expected_shortfall(&mut values, high));
        prop_assert!(a <= b + 1e-6 && b <= worst + 1e-6);
        // By its definition as an integral of quantiles.
        values.sort_unstable_by(f64::total_cmp);
        let n = values.len() as f64;
        let weight = |k: usize| ((k as f64 + 1.0) / n - low.max(k as f64 / n)).max(0.0);
        let integral: f64 = values.iter().enumerate().map(|(k, value)| value * weight(k)).sum();
        prop_assert!((integral / (1.0 - low) - a).abs() <= 1e-6 / (1.0 - low));
    }
}
