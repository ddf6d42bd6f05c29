//! Quantiles are what sorting gives, for any length, ties and shape.

use keiretsu_maths::lanes::Lanes;
use keiretsu_maths::normals::normal_pair;
use keiretsu_maths::select::quantiles;
use keiretsu_maths::stream::{DrawPurpose, Stream};

const QS: [f64; 9] = [0.5, 0.05, 0.95, 0.0, 1.0, 0.001, 0.25, 0.999, 0.3];

fn by_sorting(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = (values.len() - 1) as f64 * q;
    let rank = position as usize;
    let (a, b) = (sorted[rank], sorted[(rank + 1).min(values.len() - 1)]);
    a + (position - position.floor()) * (b - a)
}

fn check(values: &[f64]) {
    for lanes in Lanes::ALL.into_iter().filter(|lanes| lanes.available()) {
        for used in 1..=QS.len() {
            let mut out = vec![f64::NAN; used];
            let mut permuted = values.to_vec();
            quantiles(lanes, &mut permuted, &QS[..used], &mut out);
            for (q, found) in QS.iter().zip(&out) {
                let expected = by_sorting(values, *q);
                assert!(
                    (found - expected).abs() <= 0.0,
                    "{lanes:?}, {} values, q {q}: {found} {expected}",
                    values.len()
                );
            }
            permuted.sort_by(f64::total_cmp);
            let mut sorted = values.to_vec();
            sorted.sort_by(f64::total_cmp);
            assert_eq!(permuted, sorted, "the values are permuted, never changed");
        }
    }
}

fn column(count: usize, made: impl Fn(f64) -> f64) -> Vec<f64> {
    let stream = Stream { seed: count as u64, purpose: DrawPurpose::Figure, month: 0, pair: 0 };
    (0..count as u64).map(|path| made(normal_pair(stream.words(path, 0)).0)).collect()
}

const COUNTS: [usize; 16] = [1, 2, 3, 4, 5, 15, 16, 17, 95, 96, 97, 128, 129, 1000, 4097, 20_000];

#[test]
fn of_smooth_columns() {
    for count in COUNTS {
        check(&column(count, |z| z));
        check(&column(count, |z| (3.0 * z).exp()));
        check(&column(count, |z| 1e6 + z * 1e-6));
    }
}

#[test]
fn of_columns_with_ties() {
    for count in COUNTS {
        check(&column(count, |_| 7.25));
        check(&column(count, |z| z.max(-0.5)));
        check(&column(count, |z| z.clamp(-0.2, 0.1)));
        check(&column(count, |z| if z < 2.0 { 0.0 } else { -60.0 }));
        check(&column(count, |z| if z < -1.7 { 0.0 } else { 1.0 + z * 1e-9 }));
        check(&column(count, f64::round));
        check(&column(count, |z| (z * 20.0).round() / 20.0));
    }
}

#[test]
fn of_ordered_columns() {
    for count in COUNTS {
        let mut rising = column(count, |z| z);
        rising.sort_by(f64::total_cmp);
        check(&rising);
        rising.reverse();
        check(&rising);
    }
}

#[test]
fn of_columns_with_wild_sizes() {
    for count in COUNTS {
        check(&column(count, |z| (100.0 * z).exp()));
        check(&column(count, |z| z * 1e-310));
        check(&column(count, |z| z.signum() * 0.8e308));
        check(&column(count, |z| if z < 3.0 { z } else { 1e300 }));
        check(&column(count, |z| z.signum() * (-300.0 * z.abs()).exp()));
    }
}

#[test]
fn of_ranks_at_the_edge_of_a_tie() {
    // 500 zeros below 500 others: the median lies between the last zero and the first other.
    let values: Vec<f64> = (0..1000).map(|i| if i % 2 == 0 { 0.0 } else { 1.0 + f64::from(i) }).collect();
    check(&values);
    let values: Vec<f64> = (0..1000).map(|i| if i % 2 == 0 { 0.0 } else { f64::from(i) * 1e-12 }).collect();
    check(&values);
}
