//! Sensitivities against reference cases, and their properties.

use crate::common::{cases, number, numbers, rows};
use keiretsu_methods::design_point;
use keiretsu_methods::sensitivity::{
    SensitivityError, shapley, shapley_by_orders, shapley_linear_gaussian, tornado, variance_shares,
};
use proptest::prelude::*;
use serde_json::Value;

fn near(got: f64, want: f64, tolerance: f64, what: &str) {
    assert!((got - want).abs() <= tolerance * (1.0 + want.abs()), "{what}: {got} {want}");
}

/// Points of a Kronecker sequence in [0, 1)^6 from powers of the root of x^7 = x + 1 (Roberts 2018).
fn points(n: usize) -> Vec<[f64; 6]> {
    let root: f64 = (0..60).fold(1.1, |x, _| (1.0 + x).powf(1.0 / 7.0));
    let steps: [f64; 6] = std::array::from_fn(|k| root.powi(-(k as i32 + 1)));
    (0..n).map(|i| steps.map(|step| (0.5 + i as f64 * step).fract())).collect()
}

#[test]
fn ishigami_shares_agree() {
    let all = cases("sensitivity");
    for case in all["ishigami"].as_array().expect("cases") {
        let (a, b) = (number(&case["a"]), number(&case["b"]));
        let model = |x: [f64; 3]| {
            let angle = x.map(|u| std::f64::consts::PI * (2.0 * u - 1.0));
            angle[0].sin() + a * angle[1].sin().powi(2) + b * angle[2].powi(4) * angle[0].sin()
        };
        let points = points(1 << 16);
        let base: Vec<f64> = points.iter().map(|p| model([p[0], p[1], p[2]])).collect();
        let other: Vec<f64> = points.iter().map(|p| model([p[3], p[4], p[5]])).collect();
        let mixed: Vec<Vec<f64>> = (0..3)
            .map(|i| {
                let row = |p: &[f64; 6]| std::array::from_fn(|k| if k == i { p[k + 3] } else { p[k] });
                points.iter().map(|p| model(row(p))).collect()
            })
            .collect();
        let found = variance_shares(&base, &other, &mixed).expect("shares");
        near(found.variance, number(&case["variance"]), 2e-3, "variance");
        for (i, (first, total)) in numbers(&case["S1"]).iter().zip(numbers(&case["ST"])).enumerate() {
            near(found.first[i], *first, 3e-3, "first order");
            near(found.total[i], total, 3e-3, "total");
        }
        check_shapley(case);
    }
}

/// Shapley effects of independent inputs from the closed variance shares of subsets.
fn check_shapley(case: &Value) {
    let (first, interaction) = (numbers(&case["S1"]), number(&case["S13"]));
    let worth = |u: u32| {
        let alone: f64 = (0..3).filter(|i| u >> i & 1 == 1).map(|i| first[i]).sum();
        alone + if u & 0b101 == 0b101 { interaction } else { 0.0 }
    };
    let found = shapley(3, worth).expect("values");
    for (got, want) in found.iter().zip(numbers(&case["shapley"])) {
        near(*got, want, 1e-14, "Shapley effect");
    }
}

#[test]
fn linear_gaussian_effects_agree() {
    let all = cases("sensitivity");
    for case in all["shapley_linear_gaussian"].as_array().expect("cases") {
        let (slopes, sigma) = (numbers(&case["beta"]), numbers(&case["sigma"]));
        let d = slopes.len();
        let correlation = case.get("corr").map_or_else(
            || {
                let rho = number(&case["corr23"]);
                vec![vec![1.0, 0.0, 0.0], vec![0.0, 1.0, rho], vec![0.0, rho, 1.0]]
            },
            rows,
        );
        let covariance: Vec<f64> =
            (0..d * d).map(|k| correlation[k / d][k % d] * sigma[k / d] * sigma[k % d]).collect();
        let found = shapley_linear_gaussian(&slopes, &covariance).expect("effects");
        for (got, want) in found.iter().zip(numbers(&case["shapley"])) {
            near(*got, want, 1e-12, "Shapley effect");
        }
    }
}

#[test]
fn a_search_that_knows_only_yes_and_no_finds_the_same_stress() {
    let all = cases("sensitivity");
    let case = &all["reverse_stress"]["case"];
    let (slopes, covariance) = (numbers(&case["a"]), rows(&case["S"]).concat());
    let loss = number(&case["l"]);
    let lower = design_point::root(&covariance, 2).expect("a covariance");
    let dot = |x: &[f64]| x.iter().zip(&slopes).map(|(x, a)| x * a).sum::<f64>();
    for start in [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]] {
        let mut happens = |z: &[f64]| Ok::<bool, ()>(dot(&design_point::shaped(&lower, z)) >= loss);
        let found = design_point::mildest(&start, &design_point::Search::default(), &mut happens);
        let found = found.expect("no error").expect("it happens");
        near(found.distance.powi(2), number(&case["distance2"]), 1e-7, "distance");
        let shock = design_point::shaped(&lower, &found.point);
        for (got, want) in shock.iter().zip(numbers(&case["x_star"])) {
            near(*got, want, 1e-4, "scenario");
        }
        assert!(loss <= dot(&shock), "it happens there");
    }
}

#[test]
fn widest_bar_comes_first() {
    let bars = tornado(&[[1.0, 2.0], [5.0, -5.0], [0.0, 1.0]]).expect("bars");
    assert_eq!(bars.iter().map(|bar| bar.input).collect::<Vec<_>>(), [1, 0, 2]);
}

#[test]
fn senseless_input_is_refused() {
    assert_eq!(variance_shares(&[1.0], &[1.0], &[]).err(), Some(SensitivityError::Lengths));
    assert_eq!(variance_shares(&[1.0; 2], &[1.0; 2], &[]).err(), Some(SensitivityError::NoVariance));
    assert_eq!(variance_shares(&[f64::NAN; 2], &[1.0; 2], &[]).err(), Some(SensitivityError::NotANumber));
    assert_eq!(shapley(21, |_| 0.0).err(), Some(SensitivityError::TooManyInputs));
    assert_eq!(shapley(1, |_| f64::NAN).err(), Some(SensitivityError::NotANumber));
    let copies = shapley_linear_gaussian(&[1.0, 1.0], &[1.0; 4]);
    assert_eq!(copies.err(), Some(SensitivityError::NotACovariance));
    assert_eq!(tornado(&[[f64::INFINITY, 0.0]]).err(), Some(SensitivityError::NotANumber));
}

proptest! {
    #[test]
    fn shapley_values_share_the_whole(worths in prop::collection::vec(-5.0..5.0_f64, 32)) {
        let found = shapley(5, |u| worths[u as usize]).expect("values");
        let sum: f64 = found.iter().sum();
        prop_assert!((sum - (worths[31] - worths[0])).abs() <= 1e-12);
    }

    #[test]
    fn a_plane_is_met_at_its_distance(
        slopes in prop::collection::vec(-1.0..1.0_f64, 4),
        start in prop::collection::vec(-1.0..1.0_f64, 4),
    ) {
        let length = slopes.iter().map(|a| a * a).sum::<f64>().sqrt();
        let dot = |x: &[f64]| x.iter().zip(&slopes).map(|(x, a)| x * a).sum::<f64>();
        prop_assume!(0.5 < length && 0.5 < dot(&start));
        // A plane at a distance of 1.5.
        let mut happens = |x: &[f64]| Ok::<bool, ()>(1.5 * length <= dot(x));
        let search = design_point::Search { reach: 9.0, ..design_point::Search::default() };
        if let Some(found) = design_point::mildest(&start, &search, &mut happens).expect("no error") {
            prop_assert!(1.5 - 1e-6 <= found.distance && found.distance <= 1.51, "{:?}", found);
        }
    }

    #[test]
    fn all_orders_give_the_exact_values(worths in prop::collection::vec(-5.0..5.0_f64, 8)) {
        let exact = shapley(3, |u| worths[u as usize]).expect("values");
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].map(Vec::from);
        let at = |taken: &[bool]| (0..3).map(|i| usize::from(taken[i]) << i).sum::<usize>();
        let by_orders = shapley_by_orders(&orders, |taken| Ok::<_, ()>(vec![worths[at(taken)], 2.0]));
        let by_orders = by_orders.expect("no error");
        for (a, b) in exact.iter().zip(&by_orders[0]) {
            prop_assert!((a - b).abs() < 1e-12);
        }
        prop_assert!(by_orders[1].iter().all(|x| x.abs() < 1e-12), "a constant has no causes");
    }

    #[test]
    fn effects_are_shares(
        slopes in prop::collection::vec(0.1..3.0_f64, 4),
        roots in prop::collection::vec(-1.0..1.0_f64, 16),
    ) {
        let mut covariance: Vec<f64> = (0..16)
            .map(|k| (0..4).map(|m| roots[k / 4 * 4 + m] * roots[k % 4 * 4 + m]).sum()).collect();
        (0..4).for_each(|i| covariance[i * 5] += 0.2);
        let found = shapley_linear_gaussian(&slopes, &covariance).expect("effects");
        prop_assert!((found.iter().sum::<f64>() - 1.0).abs() <= 1e-10);
        prop_assert!(found.iter().all(|effect| -1e-12 <= *effect));
    }
}
