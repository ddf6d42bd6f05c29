//! Turns a stream into columns of normal or uniform numbers, one a path.
//!
//! ```
//! use keiretsu_maths::{lanes::Lanes, normals::{normal_pair, normals}, stream::{Purpose, Stream}};
//!
//! let stream = Stream { seed: 7, purpose: Purpose::Factor, month: 3, pair: 1 };
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
use crate::ln::ln_normal;
use crate::philox::philox_lane;
use crate::sincos::{rotate, sincos_eighth};
use crate::stream::{PATHS_MAX, Stream, one_to_two, uniform};

/// How many paths one loop of fixed length makes. Measured: 256 is no faster, and a stage for words and
/// another for normals is slower.
const STAGE: usize = 64;

/// Paths that share the upper part of their number.
const LOWER_PATHS: u64 = 1 << 32;

/// Fills `a` and `b` with the independent standard normals of the stream's two factors, for the paths
/// `first_path`, `first_path + 1` and so on.
pub fn normals(lanes: Lanes, stream: &Stream, first_path: u64, a: &mut [f64], b: &mut [f64]) {
    check_columns(first_path, a, b);
    lanes.run(Fill { stream, first_path, a, b, made: box_muller });
}

/// Fills `a` and `b` with independent numbers uniform on (0, 1), for the paths `first_path`,
/// `first_path + 1` and so on. The same bits as [`Stream::uniforms`] with block 0.
pub fn uniforms(lanes: Lanes, stream: &Stream, first_path: u64, a: &mut [f64], b: &mut [f64]) {
    check_columns(first_path, a, b);
    lanes.run(Fill { stream, first_path, a, b, made: two_uniforms });
}

/// The two normals that four random words give. The same bits as [`normals`].
#[must_use]
pub fn normal_pair(words: [u32; 4]) -> (f64, f64) {
    let [w0, w1, w2, w3] = words.map(u64::from);
    box_muller(w0 | w1 << 32, w2 | w3 << 32)
}

fn check_columns(first_path: u64, a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len(), "the two columns hold the same paths");
    assert!(first_path.saturating_add(a.len() as u64) <= PATHS_MAX, "paths beyond what a counter holds");
}

/// Two normals from two words of 64 bits: one for the radius, one for the angle.
#[inline(always)]
fn box_muller(radius: u64, angle: u64) -> (f64, f64) {
    let radius = (-2.0 * ln_normal(uniform(radius))).sqrt();
    // The lower ends of 2^52 cells of [-1/8, 1/8) turns; exact.
    let r = (one_to_two(angle) - 1.5) * 0.25;
    let (sine, cosine) = rotate(sincos_eighth(r), angle);
    (radius * cosine, radius * sine)
}

/// Two uniforms from two words of 64 bits.
#[inline(always)]
fn two_uniforms(first: u64, second: u64) -> (f64, f64) {
    (uniform(first), uniform(second))
}

/// Fills two columns with what `made` makes of each path's two words.
struct Fill<'a, F> {
    stream: &'a Stream,
    first_path: u64,
    a: &'a mut [f64],
    b: &'a mut [f64],
    made: F,
}

impl<F: Fn(u64, u64) -> (f64, f64)> Kernel for Fill<'_, F> {
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

/// Fills columns whose paths have the upper part of their number in common.
#[inline(always)]
fn fill_near(
    stream: &Stream,
    mut first: u64,
    a: &mut [f64],
    b: &mut [f64],
    made: &impl Fn(u64, u64) -> (f64, f64),
) {
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
    made: &impl Fn(u64, u64) -> (f64, f64),
) {
    let key = stream.key();
    let upper = u64::from(stream.upper());
    let pair = u64::from(stream.pair);
    let high = first_path >> 32 | upper;
    for i in 0..STAGE {
        let path = first_path + i as u64;
        let [w0, w1, w2, w3] = philox_lane([path, high, pair, 0], key);
        (a[i], b[i]) = made(w0 & 0xffff_ffff | w1 << 32, w2 & 0xffff_ffff | w3 << 32);
    }
}
