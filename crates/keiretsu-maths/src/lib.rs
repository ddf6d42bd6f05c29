//! Turns seeds, columns and matrices into random numbers, elementary functions and quantiles, with the
//! same bits on every machine.
//!
//! ```
//! use keiretsu_maths::lanes::Lanes;
//! use keiretsu_maths::normals::normals;
//! use keiretsu_maths::select::quantiles;
//! use keiretsu_maths::stream::{DrawPurpose, Stream};
//!
//! let stream = Stream { seed: 1, purpose: DrawPurpose::Factor, month: 1, pair: 0 };
//! let (mut a, mut b) = (vec![0.0; 10_000], vec![0.0; 10_000]);
//! normals(Lanes::best(), &stream, 0, &mut a, &mut b);
//! let mut out = [0.0];
//! quantiles(Lanes::best(), &mut a, &[0.5], &mut out);
//! assert!(out[0].abs() < 0.05);
//! ```
//!
//! Invariants: no call to the platform's mathematical library but for the square root, which IEEE 754
//! fixes; no fused multiply-add; every instruction set gives the same bits ([`lanes`]). Kernels over paths
//! allocate nothing.
//! Absent: finance, models, programs, input and output, threads.
// Kernels are compiled once for each instruction set, which needs every function in their loops inlined.
#![expect(clippy::inline_always, reason = "lanes of a kernel are compiled for each instruction set")]

pub mod cholesky;
pub mod eigen;
pub mod exact;
pub mod exp;
pub mod gamma;
pub mod lanes;
pub mod ln;
pub mod mixing;
pub mod moves;
pub mod nearest_correlation;
pub mod normal;
pub mod normals;
pub mod philox;
pub mod pieces;
pub mod power;
pub mod select;
pub mod sincos;
mod spans;
pub mod splitmix;
pub mod stream;
pub mod student;
pub mod sum;
