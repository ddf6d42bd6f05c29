//! Turns columns of correlated normals into those of a Student t copula, block by block.
//!
//! ```
//! use keiretsu_maths::{lanes::Lanes, mixing::Mixing, student::Student};
//!
//! let (mixing, student) = (Mixing::new(4.0), Student::new(4.0));
//! let (mut stretches, mut normals) = ([0.01, 0.7], [-1.0, 2.0]);
//! mixing.stretches(Lanes::best(), &mut stretches);
//! mixing.mix(Lanes::best(), &mut normals, &stretches);
//! assert!((normals[0] - student.normal(-student.stretch(0.01))).abs() < 1e-12);
//! ```
//!
//! Method: [`Student`]'s, whose two functions are made polynomials of once ([`Pieces`]) in variables in which
//! they are smooth. The logarithm of a stretch, in the normal number at the uniform's probability. The square
//! of the resulting normal over `y = ln(1 + t^2 / degrees)`, in `y` (the variable of Hill's approximation,
//! 1970).
//! Invariants: within 1e-12 of [`Student`], by test (2e-9 at 1e6 degrees of freedom, where that
//! is no more accurate); a number that lies beyond
//! the polynomials is computed as [`Student`] does.
//! Absent: random numbers; the caller has uniforms and normals.

use crate::exp::{exp, exps};
use crate::gamma::chi_square_at;
use crate::lanes::{Kernel, Lanes};
use crate::ln::{ln, normal_lns};
use crate::normal::normal_inverse_slice;
use crate::pieces::Pieces;
use crate::student::Student;

/// Uniforms are between these normal numbers: 52 bits give no chance below 1e-16.
const NORMAL_MAX: f64 = 8.5;
/// Cells of the logarithm of a stretch.
const STRETCH_CELLS: usize = 136;
/// Cells of the ratio.
const RATIO_CELLS: usize = 192;
/// `y` beyond which no path comes: chances below e^-48 at 2 degrees of freedom.
const Y_MAX: f64 = 48.0;
/// `degrees y` beyond which chances would be no normal numbers any more.
const DEGREES_Y_MAX: f64 = 1200.0;
/// Paths looked up together.
const STAGE: usize = 64;

/// A Student t copula, ready for blocks of paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixing {
    student: Student,
    /// ln of the stretch, by the normal number of the uniform.
    ln_stretch: Pieces,
    /// Square of the normal over `y`, by `y`.
    ratio: Pieces,
}

impl Mixing {
    /// With these degrees of freedom, above 0. Takes a few milliseconds.
    #[must_use]
    pub fn new(degrees: f64) -> Mixing {
        let student = Student::new(degrees);
        let ln_stretch = |z: f64| 0.5 * ln(degrees / chi_square_at(degrees, z));
        let ratio = |y: f64| {
            let normal = student.normal((degrees * exp_less_1(y)).sqrt());
            normal * normal / y
        };
        Mixing {
            student,
            ln_stretch: Pieces::new(-NORMAL_MAX, NORMAL_MAX, STRETCH_CELLS, ln_stretch),
            ratio: Pieces::new(0.0, Y_MAX.min(DEGREES_Y_MAX / degrees), RATIO_CELLS, ratio),
        }
    }

    /// Replaces numbers uniform on (0, 1) by the stretches of their paths.
    pub fn stretches(&self, lanes: Lanes, uniforms: &mut [f64]) {
        normal_inverse_slice(lanes, uniforms);
        lanes.run(Stretches { mixing: self, normals: uniforms });
    }

    /// Stretches normals, and brings them back to a normal margin.
    pub fn mix(&self, lanes: Lanes, normals: &mut [f64], stretches: &[f64]) {
        assert_eq!(normals.len(), stretches.len(), "one stretch a path");
        lanes.run(Mix { mixing: self, normals, stretches });
    }
}

/// e^y - 1 for y above 0, without the rounding of the difference.
fn exp_less_1(y: f64) -> f64 {
    if y > 0.5 {
        return exp(y) - 1.0;
    }
    (1..20u8).rev().fold(0.0, |sum, n| (1.0 + sum) * y / f64::from(n))
}

struct Stretches<'a> {
    mixing: &'a Mixing,
    normals: &'a mut [f64],
}

impl Kernel for Stretches<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let pieces = &self.mixing.ln_stretch;
        for normal in &mut *self.normals {
            let (cell, place) = pieces.find(*normal);
            *normal = pieces.value(cell, place).unwrap_or(f64::NAN);
        }
        for ln_stretch in self.normals {
            [*ln_stretch] = exps([*ln_stretch]);
        }
    }
}

struct Mix<'a> {
    mixing: &'a Mixing,
    normals: &'a mut [f64],
    stretches: &'a [f64],
}

impl Kernel for Mix<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (normals, rest) = self.normals.as_chunks_mut::<STAGE>();
        let (stretches, rest_stretches) = self.stretches.as_chunks::<STAGE>();
        for (normals, stretches) in normals.iter_mut().zip(stretches) {
            mix_stage(self.mixing, normals, stretches);
        }
        if !rest.is_empty() {
            // Widened to a whole stage and cut: the same loop, so the same bits.
            let (mut normals, mut stretches) = ([0.0; STAGE], [1.0; STAGE]);
            normals[..rest.len()].copy_from_slice(rest);
            stretches[..rest.len()].copy_from_slice(rest_stretches);
            mix_stage(self.mixing, &mut normals, &stretches);
            rest.copy_from_slice(&normals[..rest.len()]);
        }
    }
}

#[inline(always)]
fn mix_stage(mixing: &Mixing, normals: &mut [f64; STAGE], stretches: &[f64; STAGE]) {
    let Mixing { student, ratio, .. } = mixing;
    let (mut cells, mut places, mut ys) = ([0; STAGE], [0.0; STAGE], [0.0; STAGE]);
    for i in 0..STAGE {
        normals[i] *= stretches[i];
        let square = normals[i] * normals[i] / student.degrees();
        // ln(1 + square), without what is lost in the sum.
        let sum = 1.0 + square;
        let [whole] = normal_lns([sum]);
        ys[i] = whole + (square - (sum - 1.0)) / sum;
        (cells[i], places[i]) = ratio.find(ys[i]);
    }
    let mut beyond = false;
    for i in 0..STAGE {
        let found = ratio.value(cells[i], places[i]);
        beyond |= found.is_none();
        places[i] = found.unwrap_or(f64::NAN);
    }
    let stretched = *normals;
    for i in 0..STAGE {
        normals[i] = (ys[i] * places[i]).sqrt().copysign(stretched[i]);
    }
    if beyond {
        mix_beyond(student, normals, &stretched);
    }
}

/// The value beyond the polynomials.
#[cold]
fn mix_beyond(student: &Student, normals: &mut [f64; STAGE], stretched: &[f64; STAGE]) {
    for (normal, t) in normals.iter_mut().zip(stretched).filter(|(normal, _)| normal.is_nan()) {
        *normal = student.normal(*t);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal::normal_cdf;

    const DEGREES: [f64; 8] = [2.01, 2.5, 3.0, 4.0, 7.3, 30.0, 1e3, 1e6];

    /// How far off they may be: what they are compared with is itself less accurate at many degrees.
    fn error_max(degrees: f64) -> f64 {
        1e-12_f64.max(2e-15 * degrees)
    }

    #[test]
    fn stretches_are_those_of_the_inverse() {
        for degrees in DEGREES {
            let (mixing, student) = (Mixing::new(degrees), Student::new(degrees));
            let mut found: Vec<f64> = (0..4001).map(|k| 0.1 + f64::from(k) * 2e-4).collect();
            found.extend((3..52).map(|k| crate::power::whole_power(0.5, k)));
            let uniforms = found.clone();
            mixing.stretches(Lanes::best(), &mut found);
            for (found, uniform) in found.iter().zip(&uniforms) {
                let expected = student.stretch(*uniform);
                let error = (found / expected - 1.0).abs();
                assert!(error < error_max(degrees), "{degrees} {uniform} {found} {expected}");
            }
        }
    }

    #[test]
    fn the_upper_side_of_stretches_is_as_accurate() {
        // At 2 degrees of freedom half of chi-square is exponential: -ln of the chance of more.
        let mixing = Mixing::new(2.0);
        for z in [0.5_f64, 3.0, 6.1, 8.2] {
            let expected = -0.5 * ln(-ln(normal_cdf(-z)));
            assert!((mixing.ln_stretch.at(z) - expected).abs() < 1e-12, "{z}");
        }
    }

    #[test]
    fn margins_are_those_of_the_distribution_function() {
        for degrees in DEGREES {
            let (mixing, student) = (Mixing::new(degrees), Student::new(degrees));
            let start: Vec<f64> = (-2300..2300).map(|k| f64::from(k) * 0.01).collect();
            for stretch in [0.3, 1.0, 40.0, 1e7] {
                let mut found = start.clone();
                mixing.mix(Lanes::best(), &mut found, &vec![stretch; start.len()]);
                for (found, e) in found.iter().zip(&start) {
                    let expected = student.normal(e * stretch);
                    let same = found.to_bits() == expected.to_bits();
                    let error = (found - expected).abs() / expected.abs().max(1.0);
                    assert!(same || error < error_max(degrees), "{degrees} {stretch} {e} {found} {expected}");
                }
            }
        }
    }

    #[test]
    fn instruction_sets_give_the_same_bits() {
        let mixing = Mixing::new(3.7);
        let start: Vec<f64> = (-150..151).map(|k| f64::from(k) * 0.04).collect();
        let made = |lanes: Lanes| {
            let mut stretches: Vec<f64> = (0..start.len()).map(|k| (k as f64 + 0.5) / 301.0).collect();
            let mut normals = start.clone();
            mixing.stretches(lanes, &mut stretches);
            mixing.mix(lanes, &mut normals, &stretches);
            normals.into_iter().map(f64::to_bits).collect::<Vec<u64>>()
        };
        let expected = made(Lanes::Baseline);
        for lanes in Lanes::ALL.into_iter().filter(|lanes| lanes.available()) {
            assert!(made(lanes) == expected, "{lanes:?} differs from the baseline");
        }
    }
}
