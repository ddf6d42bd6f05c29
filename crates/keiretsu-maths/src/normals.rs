//! Turns a stream into columns of normal or uniform numbers, one a path.
//!
//! ```
//! use keiretsu_maths::{lanes::Lanes, normals::{normal_pair, normals}, stream::{DrawPurpose, Stream}};
//!
//! let stream = Stream { seed: 7, purpose: DrawPurpose::Factor, month: 3, pair: 1 };
//! let (mut a, mut b) = ([0.0; 3], [0.0; 3]);
//! normals(Lanes::best(), &stream, 100, &mut a, &mut b);
//! assert_eq!((a[2], b[2]), normal_pair(stream.words(102, 0)));
//! ```
//!
//! Method: Box and Muller (1958). Of a path's four words, the first two give the radius
//! `sqrt(-2 ln u)`, the last two the angle: two bits the quarter, 52 bits the place in it.
//! Invariant: a path's numbers depend on nothing but the stream and the path, so any cut of the paths
//! gives the same columns.
//! Absent: normals beyond 8.57 standard deviations, which 52 bits cannot give (chance 1e-17).

use crate::lanes::{Kernel, Lanes};
use crate::ln::normal_lns;
use crate::philox::philox_lanes;
use crate::sincos::{rotate, sincos_eighths};
use crate::stream::{PATHS_MAX, Stream, one_to_two, uniform};

/// How many paths one loop of fixed length makes. Measured: 256 is no faster, and a stage for words and
/// another for normals is slower.
const STAGE: usize = 64;

/// The two halves of a stage are made together: neither waits while the other can go on.
const HALF: usize = STAGE / 2;
/// Paths that share the upper part of their number.
const LOWER_PATHS: u64 = 1 << 32;

/// Fills `a` and `b` with the independent standard normals of the stream's two factors, for the paths
/// `first_path`, `first_path + 1` and so on.
pub fn normals(lanes: Lanes, stream: &Stream, first_path: u64, a: &mut [f64], b: &mut [f64]) {
    check_columns(first_path, a, b);
    lanes.run(Fill { stream, first_path, a, b, made: Normals });
}

/// Fills `a` and `b` with independent numbers uniform on (0, 1), for the paths `first_path`,
/// `first_path + 1` and so on. The same bits as [`Stream::uniforms`] with block 0.
pub fn uniforms(lanes: Lanes, stream: &Stream, first_path: u64, a: &mut [f64], b: &mut [f64]) {
    check_columns(first_path, a, b);
    lanes.run(Fill { stream, first_path, a, b, made: Uniforms });
}

/// The two normals that four random words give. The same bits as [`normals`].
#[must_use]
pub fn normal_pair(words: [u32; 4]) -> (f64, f64) {
    let [w0, w1, w2, w3] = words.map(u64::from);
    let [pair] = box_muller([[w0 | w1 << 32, w2 | w3 << 32]]);
    pair
}

fn check_columns(first_path: u64, a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len(), "the two columns hold the same paths");
    assert!(first_path.saturating_add(a.len() as u64) <= PATHS_MAX, "paths beyond what a counter holds");
}

/// Two normals from two words of 64 bits, of several paths: one word for the radius, one for the angle.
#[inline(always)]
fn box_muller<const N: usize>(words: [[u64; 2]; N]) -> [(f64, f64); N] {
    let logs = normal_lns(words.map(|[radius, _]| uniform(radius)));
    let radius = logs.map(|ln| (-2.0 * ln).sqrt());
    // The lower ends of 2^52 cells of [-1/8, 1/8) turns; exact.
    let r = words.map(|[_, angle]| (one_to_two(angle) - 1.5) * 0.25);
    let [sine, cosine] = sincos_eighths(r);
    std::array::from_fn(|i| {
        let (sine, cosine) = rotate((sine[i], cosine[i]), words[i][1]);
        (radius[i] * cosine, radius[i] * sine)
    })
}

/// A number made of two paths' words of 64 bits. A trait, not a function, which would not be compiled for
/// each instruction set.
trait Made {
    fn of(&self, words: [[u64; 2]; 2]) -> [(f64, f64); 2];
}

/// Two normals a path.
struct Normals;

impl Made for Normals {
    #[inline(always)]
    fn of(&self, words: [[u64; 2]; 2]) -> [(f64, f64); 2] {
        box_muller(words)
    }
}

/// Two uniforms a path.
struct Uniforms;

impl Made for Uniforms {
    #[inline(always)]
    fn of(&self, words: [[u64; 2]; 2]) -> [(f64, f64); 2] {
        words.map(|[first, second]| (uniform(first), uniform(second)))
    }
}

/// Fills two columns with the numbers that `made` makes of two paths' words.
struct Fill<'a, M> {
    stream: &'a Stream,
    first_path: u64,
    a: &'a mut [f64],
    b: &'a mut [f64],
    made: M,
}

impl<M: Made> Kernel for Fill<'_, M> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Fill { stream, first_path: mut first, mut a, mut b, made } = self;
        while !a.is_empty() {
            let (near, near_too);
            let count = a.len().min((LOWER_PATHS - first % LOWER_PATHS) as usize);
            (near, a) = a.split_at_mut(count);
            (near_too, b) = b.split_at_mut(count);
            fill_near(stream, first, near, near_too, &made);
            first += count as u64;
        }
    }
}

/// Fills columns of paths with a common upper part of their number.
#[inline(always)]
fn fill_near(stream: &Stream, mut first: u64, a: &mut [f64], b: &mut [f64], made: &impl Made) {
    let (a_stages, a_rest) = a.as_chunks_mut::<STAGE>();
    let (b_stages, b_rest) = b.as_chunks_mut::<STAGE>();
    for (a, b) in a_stages.iter_mut().zip(b_stages) {
        fill_stage(stream, first, a, b, made);
        first += STAGE as u64;
    }
    if !a_rest.is_empty() {
        // Widened to a whole stage and cut: the same loop, so the same bits.
        let (mut a, mut b) = ([0.0; STAGE], [0.0; STAGE]);
        fill_stage(stream, first, &mut a, &mut b, made);
        a_rest.copy_from_slice(&a[..a_rest.len()]);
        b_rest.copy_from_slice(&b[..b_rest.len()]);
    }
}

/// One stage. The upper part of the paths' numbers is that of the first: the same in every lane, so that half
/// of the first two rounds is done once for all of them.
#[inline(always)]
fn fill_stage(
    stream: &Stream,
    first_path: u64,
    a: &mut [f64; STAGE],
    b: &mut [f64; STAGE],
    made: &impl Made,
) {
    let key = stream.key();
    let upper = u64::from(stream.upper());
    let pair = u64::from(stream.pair);
    let high = first_path >> 32 | upper;
    let (a_near, a_far) = a.split_at_mut(HALF);
    let (b_near, b_far) = b.split_at_mut(HALF);
    for i in 0..HALF {
        let path = first_path + i as u64;
        let counters = [path, path + HALF as u64].map(|path| [path, high, pair, 0]);
        let word = |lower: u64, upper: u64| lower & 0xffff_ffff | upper << 32;
        let words = philox_lanes(counters, key).map(|[w0, w1, w2, w3]| [word(w0, w1), word(w2, w3)]);
        let [near, far] = made.of(words);
        (a_near[i], b_near[i]) = near;
        (a_far[i], b_far[i]) = far;
    }
}
