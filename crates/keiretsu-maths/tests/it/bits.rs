//! Every instruction set of this machine, every cut of the paths and the scalar functions give the same
//! bits.

use keiretsu_maths::exp::exp;
use keiretsu_maths::lanes::Lanes;
use keiretsu_maths::moves::{BLOCK, Loadings, PathColumn, correlate, step};
use keiretsu_maths::normal::{normal_inverse, normal_inverse_slice};
use keiretsu_maths::normals::{normal_pair, normals, uniforms};
use keiretsu_maths::select::quantiles;
use keiretsu_maths::stream::{DrawPurpose, Stream};

const STREAM: Stream =
    Stream { seed: 0x1234_5678_9abc_def0, purpose: DrawPurpose::Factor, month: 77, pair: 9 };
/// A ragged length: whole vectors and a rest.
const COUNT: usize = 2 * BLOCK + 13;

/// Runs `made` on every instruction set here and compares with `expected`, bit by bit.
fn check(expected: &[f64], made: impl Fn(Lanes) -> Vec<f64>) {
    for lanes in Lanes::ALL.into_iter().filter(|lanes| lanes.available()) {
        let found = made(lanes);
        assert_eq!(found.len(), expected.len());
        for (i, (a, b)) in found.iter().zip(expected).enumerate() {
            assert!(
                a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
                "{lanes:?} at {i}: {a:e} {b:e}"
            );
        }
    }
}

fn in_place(start: &[f64], change: impl Fn(&mut [f64])) -> Vec<f64> {
    let mut values = start.to_vec();
    change(&mut values);
    values
}

/// Where the lower half of a path's number overflows, the upper half changes in the midst of a column.
#[test]
fn columns_across_the_upper_half_of_a_path_number_agree() {
    let first = (1 << 32) - 37;
    let expected: Vec<f64> =
        (0..COUNT as u64).flat_map(|i| <[f64; 2]>::from(normal_pair(STREAM.words(first + i, 0)))).collect();
    check(&expected, |lanes| {
        let (mut a, mut b) = (vec![0.0; COUNT], vec![0.0; COUNT]);
        normals(lanes, &STREAM, first, &mut a, &mut b);
        a.iter().zip(&b).flat_map(|(a, b)| [*a, *b]).collect()
    });
}

/// Small moves take a shorter way, others do not, and a column has both; at its end is a ragged rest.
#[test]
fn steps_of_every_size_agree() {
    let normals: Vec<f64> = (0..COUNT as u64).map(|path| normal_pair(STREAM.words(path, 0)).0).collect();
    for scale in [0.0, 0.03, 0.1, 0.14, 2.0, 400.0] {
        let expected: Vec<f64> = normals.iter().map(|e| 2.0 * exp(0.01 + scale * e)).collect();
        check(&expected, |lanes| {
            let mut levels = vec![2.0; COUNT];
            step(lanes, &mut levels, 0.01, scale, &normals);
            levels
        });
    }
}

#[test]
fn normal_inverses_agree() {
    let mut start: Vec<f64> = (0..3001).map(|path| STREAM.uniforms(path, 4)[0]).collect();
    start.extend([0.0, 1.0, 1e-300, 1e-20, 1e-9, 0.075, 0.925, 1.0 - 1e-16, -0.1, 1.1, f64::NAN]);
    let expected: Vec<f64> = start.iter().map(|p| normal_inverse(*p)).collect();
    check(&expected, |lanes| in_place(&start, |values| normal_inverse_slice(lanes, values)));
}

type Fill = fn(Lanes, &Stream, u64, &mut [f64], &mut [f64]);

fn filled(fill: Fill, lanes: Lanes, first: u64, count: usize) -> [Vec<f64>; 2] {
    let (mut a, mut b) = (vec![0.0; count], vec![0.0; count]);
    fill(lanes, &STREAM, first, &mut a, &mut b);
    [a, b]
}

#[test]
fn draws_agree_with_their_words_across_the_32nd_bit_of_the_path() {
    let first = (1 << 32) - 100;
    let paths = first..first + COUNT as u64;
    let pairs: Vec<(f64, f64)> = paths.clone().map(|path| normal_pair(STREAM.words(path, 0))).collect();
    let expected: Vec<f64> = pairs.iter().map(|p| p.0).chain(pairs.iter().map(|p| p.1)).collect();
    check(&expected, |lanes| filled(normals, lanes, first, COUNT).concat());

    let pairs: Vec<[f64; 2]> = paths.map(|path| STREAM.uniforms(path, 0)).collect();
    let expected: Vec<f64> = pairs.iter().map(|p| p[0]).chain(pairs.iter().map(|p| p[1])).collect();
    check(&expected, |lanes| filled(uniforms, lanes, first, COUNT).concat());
}

#[test]
fn any_cut_of_the_paths_gives_the_same_draws() {
    for fill in [normals as Fill, uniforms] {
        let [whole, _] = filled(fill, Lanes::best(), 5, COUNT);
        for cut in [1, 7, 63, 64, 65, 200, COUNT - 1] {
            let [left, _] = filled(fill, Lanes::best(), 5, cut);
            let [right, _] = filled(fill, Lanes::best(), 5 + cut as u64, COUNT - cut);
            assert_eq!([left, right].concat(), whole, "cut at {cut}");
        }
    }
}

/// Lower factor with arbitrary entries.
fn lower(count: usize) -> Vec<f64> {
    let entry = |i: usize| STREAM.uniforms(i as u64, 5)[0] - 0.4;
    (0..count * count).map(|i| if i % count <= i / count { entry(i) } else { 0.0 }).collect()
}

fn columns(count: usize) -> Vec<PathColumn> {
    let column = |d: usize| std::array::from_fn(|i| STREAM.uniforms((d * BLOCK + i) as u64, 6)[1] - 0.5);
    (0..count).map(column).collect()
}

#[test]
fn correlated_moves_agree_with_the_plain_sum() {
    for count in [1, 2, 3, 4, 5, 7, 8, 20, 23] {
        let (lower, start) = (lower(count), columns(count));
        let sum = |d: usize, i: usize| (0..=d).fold(0.0, |sum, j| sum + lower[d * count + j] * start[j][i]);
        let expected: Vec<f64> =
            (0..count).flat_map(|d| (0..BLOCK).map(move |i| (d, i))).map(|(d, i)| sum(d, i)).collect();
        let loadings = Loadings::new(count, &lower);
        check(&expected, |lanes| {
            let mut columns = start.clone();
            correlate(lanes, &loadings, &mut columns);
            columns.concat()
        });
    }
}

#[test]
fn steps_agree_with_the_scalar_exponential() {
    let [x, e] = [columns(1).concat(), columns(2)[1].to_vec()];
    let expected: Vec<f64> = x.iter().zip(&e).map(|(x, e)| x * exp(0.01 + 0.2 * e)).collect();
    check(&expected, |lanes| in_place(&x, |x| step(lanes, x, 0.01, 0.2, &e)));
}

#[test]
fn quantiles_agree() {
    let [start, _] = filled(normals, Lanes::Baseline, 0, 5000);
    let found = |lanes| {
        let mut out = vec![0.0; 3];
        quantiles(lanes, &mut start.clone(), &[0.05, 0.5, 0.95], &mut out);
        out
    };
    check(&found(Lanes::Baseline), found);
}
