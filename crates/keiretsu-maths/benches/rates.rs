//! Prints how many numbers a second each kernel makes on one core, for every instruction set here.

use std::hint::black_box;
use std::time::Instant;

use keiretsu_maths::lanes::Lanes;
use keiretsu_maths::mixing::Mixing;
use keiretsu_maths::moves::{BLOCK, Loadings, correlate, step};
use keiretsu_maths::select::quantiles;
use keiretsu_maths::stream::{DrawPurpose, Stream};
use keiretsu_maths::student::Student;
use keiretsu_maths::{exp, normal, normals};

fn main() {
    for lanes in Lanes::ALL.into_iter().filter(|lanes| lanes.available()) {
        random(lanes);
        moves(lanes);
        select(lanes);
        distributions(lanes);
    }
}

fn random(lanes: Lanes) {
    let stream = Stream { seed: 1, purpose: DrawPurpose::Factor, month: 3, pair: 2 };
    let (mut a, mut b) = (vec![0.0; 512], vec![0.0; 512]);
    report(lanes, "normals", 1024, || normals::normals(lanes, black_box(&stream), 1 << 20, &mut a, &mut b));
    report(lanes, "uniforms", 1024, || normals::uniforms(lanes, black_box(&stream), 1 << 20, &mut a, &mut b));
}

fn moves(lanes: Lanes) {
    const N: usize = 20;
    let lower: Vec<f64> =
        (0..N * N).map(|i| if i % N <= i / N { 0.1 + i as f64 * 1e-3 } else { 0.0 }).collect();
    let loadings = Loadings::new(N, &lower);
    let stream = Stream { seed: 1, purpose: DrawPurpose::Factor, month: 3, pair: 2 };
    let mut start = vec![[0.0; BLOCK]; N];
    for pair in start.chunks_mut(2) {
        let [a, b] = pair else { continue };
        normals::normals(lanes, &stream, 1 << 20, a, b);
    }
    let mut columns = start.clone();
    report(lanes, "copy 20", N * BLOCK, || {
        columns.copy_from_slice(&start);
        black_box(&mut columns);
    });
    report(lanes, "correlate 20 (copy included)", N * BLOCK, || {
        columns.copy_from_slice(&start);
        correlate(lanes, &loadings, black_box(&mut columns));
    });
    let mut x = [1.0; BLOCK];
    report(lanes, "step", BLOCK, || step(lanes, black_box(&mut x), 1e-9, 1e-9, &start[3]));
}

fn select(lanes: Lanes) {
    for n in [10_000, 100_000] {
        let stream = Stream { seed: 1, purpose: DrawPurpose::Factor, month: 3, pair: 2 };
        let (mut a, mut b) = (vec![0.0; n], vec![0.0; n]);
        normals::normals(lanes, &stream, 0, &mut a, &mut b);
        b = b.into_iter().map(exp::exp).collect();
        let floored: Vec<f64> = a.iter().map(|x| if *x < -0.5 { -0.5 } else { *x }).collect();
        for (name, start) in [("normal", &a), ("lognormal", &b), ("floored", &floored)] {
            let mut values = start.clone();
            let mut out = [0.0; 3];
            report(lanes, &format!("copy {n}"), n, || {
                values.copy_from_slice(start);
                black_box(&mut values);
            });
            report(lanes, &format!("3 quantiles {name} {n}"), n, || {
                values.copy_from_slice(start);
                quantiles(lanes, black_box(&mut values), &[0.05, 0.5, 0.95], &mut out);
            });
        }
    }
}

fn distributions(lanes: Lanes) {
    let start: Vec<f64> = (0..4096).map(|i| (f64::from(i) + 0.5) / 4096.0).collect();
    let mut values = start.clone();
    report(lanes, "normal inverse", 4096, || {
        values.copy_from_slice(&start);
        normal::normal_inverse_slice(lanes, black_box(&mut values));
    });
    let mixing = Mixing::new(4.0);
    report(lanes, "t copula, stretches", 4096, || {
        values.copy_from_slice(&start);
        mixing.stretches(lanes, black_box(&mut values));
    });
    let stretches = start.clone();
    report(lanes, "t copula, normals", 4096, || {
        values.iter_mut().zip(&start).for_each(|(value, u)| *value = 6.0 * u - 3.0);
        mixing.mix(lanes, black_box(&mut values), &stretches);
    });
    if lanes == Lanes::Baseline {
        let student = Student::new(4.0);
        let mut sum = 0.0;
        let mut over = |name, made: &dyn Fn(f64) -> f64| {
            report(lanes, name, 4096, || sum += black_box(&start).iter().map(|u| made(*u)).sum::<f64>());
        };
        over("Student stretch (scalar)", &|u| student.stretch(u));
        over("Student normal (scalar)", &|u| student.normal(6.0 * u - 3.0));
        black_box(sum);
    }
}

/// Prints the best rate of 30 samples of a few milliseconds.
fn report(lanes: Lanes, name: &str, numbers: usize, mut run: impl FnMut()) {
    let calls = (1_000_000 / numbers).max(1);
    let mut best = f64::INFINITY;
    for _ in 0..30 {
        let start = Instant::now();
        for _ in 0..calls {
            run();
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    let rate = (calls * numbers) as f64 / best / 1e6;
    println!("{:9} {name:28} {rate:8.1} M/s  {:7.3} ns", format!("{lanes:?}"), 1e3 / rate);
}
