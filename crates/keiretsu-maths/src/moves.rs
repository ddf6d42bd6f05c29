//! Turns columns of independent normals into correlated moves, and moves factors by them.
//!
//! ```
//! use keiretsu_maths::{lanes::Lanes, moves::{BLOCK, Loadings, correlate, step}};
//!
//! let loadings = Loadings::new(2, &[1.0, 0.0, 0.6, 0.8]);
//! let mut columns = [[1.0; BLOCK], [2.0; BLOCK]];
//! correlate(Lanes::best(), &loadings, &mut columns);
//! assert_eq!((columns[0][7], columns[1][7]), (1.0, 0.6 + 1.6));
//!
//! let mut level = [100.0; BLOCK];
//! step(Lanes::best(), &mut level, 0.0, 0.0, &columns[1]);
//! assert_eq!(level[7], 100.0);
//! ```
//!
//! Columns are one factor, a block of paths long: a structure of arrays that stays in the second-level
//! cache. The product is made `ROWS` factors and `WIDTH` paths at a time, whose sums stay in registers.
//! Invariant: every sum runs over the normals in their order, whatever the tiling, so its bits do not
//! depend on how many factors there are or which instruction set is used.
//! Absent: anything about months; the caller gives drift and scale for one step.

use crate::exp::{SMALL, exp, exps, small_exps};
use crate::lanes::{Kernel, Lanes};

/// Paths in a block. Measured with 20 factors: 128 to 1024 are within 8% of each other.
pub const BLOCK: usize = 256;
/// One number for each path of a block.
pub type PathColumn = [f64; BLOCK];

/// Factors summed together. Measured: 4 x 8 fits the 16 registers of AVX2; 6 x 8 and 4 x 16 spill and are
/// three times slower there.
const ROWS: usize = 4;
/// Paths of which the two halves are moved together.
const STAGE: usize = 64;
/// Paths summed together.
const WIDTH: usize = 8;

/// How much of each independent normal is in each factor's move, laid out for [`correlate`].
#[derive(Clone, Debug, PartialEq)]
pub struct Loadings {
    /// How many factors there are.
    count: usize,
    /// The rows before the first tile, each up to its diagonal.
    rows: Vec<Vec<f64>>,
    /// The tiles: for each normal up to the tile's last, its share in the tile's factors.
    tiles: Vec<Vec<[f64; ROWS]>>,
}

impl Loadings {
    /// From the lower triangular factor of the correlation matrix, `count` x `count`, rows after each
    /// other, as [`cholesky`](crate::cholesky::cholesky) gives it.
    #[must_use]
    pub fn new(count: usize, lower: &[f64]) -> Loadings {
        assert_eq!(lower.len(), count * count, "a square matrix");
        let alone = count % ROWS;
        let rows = (0..alone).map(|d| lower[d * count..=d * count + d].to_vec()).collect();
        // Above the diagonal stands 0, never used.
        let share = |d: usize, j: usize| if j <= d { lower[d * count + j] } else { 0.0 };
        let tile =
            |first: usize| (0..first + ROWS).map(|j| std::array::from_fn(|r| share(first + r, j))).collect();
        Loadings { count, rows, tiles: (alone..count).step_by(ROWS).map(tile).collect() }
    }
}

/// Replaces independent normals by correlated ones: column `d` becomes the sum over `j <= d` of
/// `lower[d][j]` times column `j`.
pub fn correlate(lanes: Lanes, loadings: &Loadings, columns: &mut [PathColumn]) {
    assert_eq!(columns.len(), loadings.count, "one column a factor");
    lanes.run(Correlate { loadings, columns });
}

/// Moves one factor: `x *= exp(drift + scale * e)` for every path.
pub fn step(lanes: Lanes, x: &mut [f64], drift: f64, scale: f64, e: &[f64]) {
    assert_eq!(x.len(), e.len(), "one move a path");
    lanes.run(Step { x, drift, scale, e });
}

struct Correlate<'a> {
    loadings: &'a Loadings,
    columns: &'a mut [PathColumn],
}

impl Kernel for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Correlate { loadings, columns } = self;
        let alone = loadings.rows.len();
        for strip in 0..BLOCK / WIDTH {
            // From the last factor to the first: a sum needs no normal beyond its own, so the results
            // can take the place of the normals.
            for (t, tile) in loadings.tiles.iter().enumerate().rev() {
                correlate_tile(tile, alone + t * ROWS, columns, strip);
            }
            for (d, row) in loadings.rows.iter().enumerate().rev() {
                correlate_row(row, d, columns, strip);
            }
        }
    }
}

/// The sums of the `ROWS` factors from `first` for one strip of paths.
#[inline(always)]
fn correlate_tile(tile: &[[f64; ROWS]], first: usize, columns: &mut [PathColumn], strip: usize) {
    let mut sums = [[0.0; WIDTH]; ROWS];
    let (before, own) = columns.split_at_mut(first);
    let (square, triangle) = tile.split_at(first);
    for (shares, column) in square.iter().zip(before.iter()) {
        add(&mut sums, shares, of_strip(column, strip), 0);
    }
    // Of fixed size, so that both loops are unrolled and the sums stay in registers.
    let triangle = triangle.first_chunk::<ROWS>().expect("a tile goes up to its last factor");
    let own = own.first_chunk_mut::<ROWS>().expect("a tile has all its factors");
    for j in 0..ROWS {
        add(&mut sums, &triangle[j], of_strip(&own[j], strip), j);
    }
    for r in 0..ROWS {
        own[r].as_chunks_mut::<WIDTH>().0[strip] = sums[r];
    }
}

/// Adds one normal's share to the sums of the tile's factors from `from` on.
#[inline(always)]
fn add(sums: &mut [[f64; WIDTH]; ROWS], shares: &[f64; ROWS], normals: &[f64; WIDTH], from: usize) {
    for r in from..ROWS {
        for i in 0..WIDTH {
            sums[r][i] += shares[r] * normals[i];
        }
    }
}

/// The sums of factor `d` for one strip of paths.
#[inline(always)]
fn correlate_row(row: &[f64], d: usize, columns: &mut [PathColumn], strip: usize) {
    let mut sums = [0.0; WIDTH];
    for (share, column) in row.iter().zip(columns.iter()) {
        for (sum, normal) in sums.iter_mut().zip(of_strip(column, strip)) {
            *sum += share * normal;
        }
    }
    columns[d].as_chunks_mut::<WIDTH>().0[strip] = sums;
}

#[inline(always)]
fn of_strip(column: &PathColumn, strip: usize) -> &[f64; WIDTH] {
    &column.as_chunks::<WIDTH>().0[strip]
}

struct Step<'a> {
    x: &'a mut [f64],
    drift: f64,
    scale: f64,
    e: &'a [f64],
}

impl Kernel for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Step { x, drift, scale, e } = self;
        let (xs, rest) = x.as_chunks_mut::<STAGE>();
        let (es, rest_e) = e.as_chunks::<STAGE>();
        for (x, e) in xs.iter_mut().zip(es) {
            step_stage(x, drift, scale, e);
        }
        for (x, e) in rest.iter_mut().zip(rest_e) {
            *x *= exp(drift + scale * e);
        }
    }
}

/// Moves a stage. Where all moves are small their exponentials need no halving and doubling, and come to the
/// same bits without.
#[inline(always)]
fn step_stage(x: &mut [f64; STAGE], drift: f64, scale: f64, e: &[f64; STAGE]) {
    let mut moves = [0.0; STAGE];
    let mut most = [0.0; WIDTH];
    for (moves, e) in moves.as_chunks_mut::<WIDTH>().0.iter_mut().zip(e.as_chunks::<WIDTH>().0) {
        for i in 0..WIDTH {
            moves[i] = drift + scale * e[i];
            let size = moves[i].abs();
            most[i] = if most[i] < size { size } else { most[i] };
        }
    }
    let (x_near, x_far) = x.split_at_mut(STAGE / 2);
    let (near, far) = moves.split_at(STAGE / 2);
    if most.iter().all(|most| *most < SMALL) {
        for i in 0..STAGE / 2 {
            let [near, far] = small_exps([near[i], far[i]]);
            x_near[i] *= near;
            x_far[i] *= far;
        }
    } else {
        for i in 0..STAGE / 2 {
            let [near, far] = exps([near[i], far[i]]);
            x_near[i] *= near;
            x_far[i] *= far;
        }
    }
}
