//! Turns a sum of exponentials `f(y) = sum of c_i e^(-y t_i)` into all its roots in an interval.
//!
//! Laguerre's proof of Descartes' rule, used as an algorithm: choose s between two times where the sign of c
//! changes. The derivative of f(y) e^(ys) has coefficients `c_i (s - t_i)`, which change sign once less. Its
//! roots, found in the same way, cut the interval into pieces on which f(y) e^(ys) is monotone, so that each
//! holds at most one root of f, and the signs at its ends say whether it does.
//!
//! Laguerre, "Mémoire sur la théorie des équations numériques", J. Math. Pures Appl. 9 (1883); Jameson,
//! "Counting zeros of generalised polynomials", Math. Gazette 90 (2006).
//!
//! Invariant: no root is missed but a pair closer than rounding can tell from a touch ([`TOUCH`]).
//! Absent: complex roots, multiplicities above "touches" and "crosses".

use keiretsu_maths::exp::exp;

/// Below this share of the sum of absolute terms a sum counts as zero: 40 terms of one unit in the last place
/// each, with exponents up to 1000 in size, stay under it.
pub(crate) const TOUCH: f64 = 1e-13;

/// Steps after which a bracket is narrowed by halves only; 64 halvings then exhaust the precision.
const STEPS_MAX: u32 = 200;

/// A root y of f.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root {
    pub y: f64,
    /// f keeps its sign on both sides: a double root, to rounding.
    pub touches: bool,
}

/// How often the signs of the non-zero numbers change, in order.
pub(crate) fn sign_changes(numbers: impl Iterator<Item = f64>) -> usize {
    let mut last = 0.0;
    let mut changes = 0;
    for x in numbers.filter(|x| *x < 0.0 || 0.0 < *x) {
        if last * x.signum() < 0.0 {
            changes += 1;
        }
        last = x.signum();
    }
    changes
}

/// All roots of `sum c_i e^(-y t_i)` in [lo, hi], ascending. Times strictly ascending, coefficients finite.
pub(crate) fn all_roots(times: &[f64], coefficients: &[f64], lo: f64, hi: f64) -> Vec<Root> {
    let f = Sum { times, coefficients };
    let cuts = cuts(&f, lo, hi);
    let signs: Vec<f64> = cuts.iter().map(|y| f.at(*y).sign()).collect();
    let mut roots = Vec::new();
    for k in 0..cuts.len() {
        if is_zero(signs[k]) {
            let before = signs[..k].iter().rev().find(|s| !is_zero(**s));
            let after = signs[k + 1..].iter().find(|s| !is_zero(**s));
            let touches = matches!((before, after), (Some(a), Some(b)) if 0.0 < a * b);
            // Neighbouring cuts that are both zero to rounding are one root.
            if k == 0 || !is_zero(signs[k - 1]) {
                roots.push(Root { y: cuts[k], touches });
            }
        } else if 0 < k && signs[k] * signs[k - 1] < 0.0 {
            roots.push(Root { y: f.root_between(cuts[k - 1], cuts[k]), touches: false });
        }
    }
    roots
}

/// Ends of the pieces of [lo, hi] on which f(y) e^(ys) is monotone for some s.
fn cuts(f: &Sum<'_>, lo: f64, hi: f64) -> Vec<f64> {
    let mut cuts = vec![lo];
    if let Some(coefficients) = f.derivative() {
        cuts.extend(all_roots(f.times, &coefficients, lo, hi).iter().map(|root| root.y));
    }
    cuts.push(hi);
    cuts
}

fn is_zero(sign: f64) -> bool {
    sign.abs() < 0.5
}

struct Sum<'a> {
    times: &'a [f64],
    coefficients: &'a [f64],
}

/// The positive and the negative terms of a sum, both counted positive, with their time-weighted sums.
#[derive(Default)]
struct Parts {
    plus: f64,
    minus: f64,
    plus_time: f64,
    minus_time: f64,
}

impl Parts {
    /// 1, -1, or 0 to rounding.
    fn sign(&self) -> f64 {
        let value = self.plus - self.minus;
        if value.abs() <= TOUCH * (self.plus + self.minus) { 0.0 } else { value.signum() }
    }

    /// Newton step on ln(plus / minus), which is close to a straight line where f itself is not.
    fn step(&self) -> f64 {
        let log = keiretsu_maths::ln::ln((self.plus / self.minus).clamp(1e-300, 1e300));
        log / (self.plus_time / self.plus - self.minus_time / self.minus)
    }
}

impl Sum<'_> {
    /// Terms at y, all scaled by one positive number so that none overflows.
    fn at(&self, y: f64) -> Parts {
        let Some(last) = self.times.len().checked_sub(1) else { return Parts::default() };
        let origin = if 0.0 <= y { self.times[0] } else { self.times[last] };
        let mut parts = Parts::default();
        for (t, c) in self.times.iter().zip(self.coefficients) {
            let term = c * exp(-y * (t - origin));
            if 0.0 < term {
                parts.plus += term;
                parts.plus_time += term * t;
            } else {
                parts.minus -= term;
                parts.minus_time -= term * t;
            }
        }
        parts
    }

    /// Coefficients `c_i (s - t_i)` of the derivative of f(y) e^(ys), with one sign change less; none if the
    /// signs of f do not change.
    fn derivative(&self) -> Option<Vec<f64>> {
        let changes = sign_changes(self.coefficients.iter().copied());
        if changes < 2 {
            // With one change the derivative has none, hence no roots.
            return None;
        }
        let s = self.time_of_change(changes.div_ceil(2))?;
        let span = self.times[self.times.len() - 1] - self.times[0];
        Some(self.times.iter().zip(self.coefficients).map(|(t, c)| c * ((s - t) / span)).collect())
    }

    /// Midpoint between the two terms where the sign changes for the `nth` time, counted from 1.
    fn time_of_change(&self, nth: usize) -> Option<f64> {
        let mut seen = 0;
        let mut last: Option<usize> = None;
        for (i, c) in self.coefficients.iter().enumerate().filter(|(_, c)| **c < 0.0 || 0.0 < **c) {
            if let Some(before) = last
                && c.signum() * self.coefficients[before].signum() < 0.0
            {
                seen += 1;
                if seen == nth {
                    return Some(0.5 * (self.times[before] + self.times[i]));
                }
            }
            last = Some(i);
        }
        None
    }

    /// The root in [lo, hi], given opposite signs at the ends: Newton on ln(plus / minus), halving whenever a
    /// step leaves the bracket or shrinks too little.
    fn root_between(&self, mut lo: f64, mut hi: f64) -> f64 {
        let sign_lo = self.at(lo).sign();
        let mut y = 0.5 * (lo + hi);
        let mut width = hi - lo;
        for step in 0..STEPS_MAX {
            let parts = self.at(y);
            let value = parts.plus - parts.minus;
            if 0.0 < value * sign_lo {
                lo = y;
            } else {
                hi = y;
            }
            let middle = 0.5 * (lo + hi);
            let next = y + parts.step();
            let shrinks = (next - y).abs() < 0.5 * width;
            width = (next - y).abs();
            // Comparisons with a step that is not a number are false.
            let inside = lo <= next && next <= hi && shrinks && step < STEPS_MAX / 2;
            let next = if inside { next } else { middle };
            width = if inside { width } else { hi - lo };
            let resolution = 2.0 * f64::EPSILON * (1.0 + y.abs());
            if (next - y).abs() <= resolution || hi - lo <= resolution {
                return next.clamp(lo, hi);
            }
            y = next;
        }
        y
    }
}
