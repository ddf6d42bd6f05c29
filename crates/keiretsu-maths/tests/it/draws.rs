//! The normals and uniforms have the moments and independence they should.

use keiretsu_maths::lanes::Lanes;
use keiretsu_maths::normal::normal_cdf;
use keiretsu_maths::normals::{normals, uniforms};
use keiretsu_maths::stream::{DrawPurpose, Stream};

const COUNT: usize = 1_000_000;
/// Standard errors that a fixed seed may be off by: chance 6e-5 each, checked once and for all.
const ERRORS_MAX: f64 = 4.0;

fn columns(month: u32) -> [Vec<f64>; 2] {
    let stream = Stream { seed: 20_260_101, purpose: DrawPurpose::Factor, month, pair: 0 };
    let (mut a, mut b) = (vec![0.0; COUNT], vec![0.0; COUNT]);
    normals(Lanes::best(), &stream, 0, &mut a, &mut b);
    [a, b]
}

/// The mean of `made` is `expected`, within what a sample with this variance can tell.
fn check(values: impl Iterator<Item = f64>, expected: f64, variance: f64) {
    let mean = values.sum::<f64>() / COUNT as f64;
    let error = (mean - expected) / (variance / COUNT as f64).sqrt();
    assert!(error.abs() < ERRORS_MAX, "{mean} is not {expected}: {error} standard errors");
}

#[test]
fn normals_have_normal_moments() {
    for column in columns(1) {
        check(column.iter().copied(), 0.0, 1.0);
        check(column.iter().map(|x| x.powi(2)), 1.0, 2.0);
        check(column.iter().map(|x| x.powi(3)), 0.0, 15.0);
        check(column.iter().map(|x| x.powi(4)), 3.0, 96.0);
        check(column.iter().map(|x| x.powi(6)), 15.0, 10_170.0);
    }
}

#[test]
fn normals_have_the_normal_distribution() {
    let [mut column, _] = columns(2);
    column.sort_by(f64::total_cmp);
    let off = |(i, x): (usize, &f64)| (normal_cdf(*x) - (i as f64 + 0.5) / COUNT as f64).abs();
    let largest = column.iter().enumerate().map(off).fold(0.0, f64::max);
    // Kolmogorov and Smirnov: 1.95 / sqrt(n) is passed with chance 0.001.
    assert!(largest < 1.95 / (COUNT as f64).sqrt(), "{largest}");
}

#[test]
fn neighbours_in_every_direction_are_independent() {
    let [a, b] = columns(3);
    let [later, _] = columns(4);
    let product = |x: &[f64], y: &[f64]| {
        check(x.iter().zip(y).map(|(x, y)| x * y), 0.0, 1.0);
        check(x.iter().zip(y).map(|(x, y)| (x * x - 1.0) * (y * y - 1.0)), 0.0, 4.0);
    };
    product(&a, &b);
    product(&a, &later);
    product(&a[1..], &a[..COUNT - 1]);
}

#[test]
fn uniforms_are_uniform() {
    let stream = Stream { seed: 5, purpose: DrawPurpose::Event, month: 0, pair: 3 };
    let (mut a, mut b) = (vec![0.0; COUNT], vec![0.0; COUNT]);
    uniforms(Lanes::best(), &stream, 1 << 39, &mut a, &mut b);
    for column in [&a, &b] {
        check(column.iter().copied(), 0.5, 1.0 / 12.0);
        check(column.iter().map(|u| u * u), 1.0 / 3.0, 4.0 / 45.0);
        assert!(column.iter().all(|u| 0.0 < *u && *u < 1.0));
    }
    check(a.iter().zip(&b).map(|(a, b)| (a - 0.5) * (b - 0.5)), 0.0, 1.0 / 144.0);
}

#[test]
fn seeds_and_purposes_share_no_draws() {
    let base = Stream { seed: 1, purpose: DrawPurpose::Factor, month: 2, pair: 3 };
    let others = [
        Stream { seed: 2, ..base },
        Stream { seed: 1 << 32, ..base },
        Stream { purpose: DrawPurpose::Event, ..base },
        Stream { month: 3, ..base },
        Stream { pair: 2, ..base },
    ];
    for other in others {
        assert_ne!(other.words(9, 0), base.words(9, 0));
    }
    assert_ne!(base.words(9, 1), base.words(9, 0));
}
