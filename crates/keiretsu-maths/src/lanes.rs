//! Runs one plain loop compiled three times: for any x86-64, for AVX2 and for AVX-512.
//!
//! ```
//! use keiretsu_maths::lanes::{Kernel, Lanes};
//!
//! struct Double<'a>(&'a mut [f64]);
//! impl Kernel for Double<'_> {
//!     type Output = ();
//!     #[inline(always)]
//!     fn run(self) {
//!         for value in self.0 {
//!             *value *= 2.0;
//!         }
//!     }
//! }
//!
//! let mut values = [1.0, 2.5];
//! Lanes::best().run(Double(&mut values));
//! assert_eq!(values, [2.0, 5.0]);
//! ```
//!
//! Invariant: every instruction set gives the same bits. rustc never contracts `a * b + c` into a fused
//! multiply-add, and the loops never ask for one (`mul_add`): measured, fusing would be 12-15% faster
//! on normals and would make results depend on the machine.
//! Absent: any other use of `unsafe` in the project's arithmetic. This is the one module that has it.
#![expect(unsafe_code, reason = "instruction sets are chosen here, see above")]

use std::sync::atomic::{AtomicU8, Ordering};

/// An instruction set that a kernel can be compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lanes {
    /// The target of the binary: SSE2 on x86-64, NEON on Arm.
    Baseline,
    /// 256-bit vectors: AVX2 with BMI1, BMI2, LZCNT and POPCNT.
    Avx2,
    /// 512-bit vectors: AVX-512 F, BW, CD, DQ and VL.
    Avx512,
}

/// Features of this machine, a bit each; 0 before the first query. Kept, because kernels run by the million
/// and a query for ten features takes as long as a short loop.
static FOUND: AtomicU8 = AtomicU8::new(0);

/// Queries the machine, and keeps the result.
#[cold]
fn look() -> u8 {
    let has = |wanted: bool, lanes: Lanes| if wanted { lanes.bit() } else { 0 };
    let wide = has_avx2();
    let found = Lanes::Baseline.bit() | has(wide, Lanes::Avx2) | has(wide && has_avx512(), Lanes::Avx512);
    FOUND.store(found, Ordering::Relaxed);
    found
}

/// A loop to be compiled for each instruction set.
///
/// `run` must be marked `#[inline(always)]`, and so must every function it calls in a loop; otherwise the
/// code stays correct but is compiled once, for the baseline.
pub trait Kernel {
    /// The result of the loop.
    type Output;

    /// The loop.
    fn run(self) -> Self::Output;
}

impl Lanes {
    /// All of them, narrowest first.
    pub const ALL: [Lanes; 3] = [Lanes::Baseline, Lanes::Avx2, Lanes::Avx512];

    /// The widest that this machine has.
    #[must_use]
    pub fn best() -> Lanes {
        if Lanes::Avx512.available() {
            return Lanes::Avx512;
        }
        if Lanes::Avx2.available() { Lanes::Avx2 } else { Lanes::Baseline }
    }

    /// Whether this machine has it.
    #[inline]
    #[must_use]
    pub fn available(self) -> bool {
        let found = match FOUND.load(Ordering::Relaxed) {
            0 => look(),
            found => found,
        };
        found & self.bit() != 0
    }

    /// Its place in [`FOUND`].
    const fn bit(self) -> u8 {
        match self {
            Lanes::Baseline => 1,
            Lanes::Avx2 => 2,
            Lanes::Avx512 => 4,
        }
    }

    /// Runs the kernel as compiled for this instruction set.
    ///
    /// An instruction set that the machine lacks is a mistake of the caller and panics.
    #[inline]
    pub fn run<K: Kernel>(self, kernel: K) -> K::Output {
        assert!(self.available(), "{self:?} is not available on this machine");
        match self {
            Lanes::Baseline => kernel.run(),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `available` has just found every feature that `avx2` enables.
            Lanes::Avx2 => unsafe { avx2(kernel) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `available` has just found every feature that `avx512` enables.
            Lanes::Avx512 => unsafe { avx512(kernel) },
            #[cfg(not(target_arch = "x86_64"))]
            Lanes::Avx2 | Lanes::Avx512 => kernel.run(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx,avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
fn avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_avx2() -> bool {
    false
}

#[cfg(not(target_arch = "x86_64"))]
fn has_avx512() -> bool {
    false
}
