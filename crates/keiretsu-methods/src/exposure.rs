//! Turns exposures over paths and time into their means, quantiles and tails.
//!
//! ```
//! use keiretsu_methods::exposure::expected_shortfall;
//! // The worst half of four losses: (3 + 4) / 2.
//! assert_eq!(expected_shortfall(&mut [1.0, 4.0, 2.0, 3.0], 0.5), 3.5);
//! ```
//!
//! Expected exposure EE(t) = E[max(V(t), 0)]; expected positive exposure EPE is its mean over time;
//! effective EE its running maximum, and effective EPE the mean of that over time (Basel Framework CRE50.16
//! to 50.18). Expected shortfall is the mean of the
//! worst 1 - a of the paths, with the part of the path at the quantile that is needed to make 1 - a exactly
//! (Rockafellar and Uryasev 2002, Journal of Banking and Finance 26, proposition 8; Acerbi and Tasche 2002).
//! The wrong-way factor is the mean of exposure at default over that of exposure: above 1 where exposure is
//! large when the other party fails.
//!
//! Invariants: no panic for any input; EE <= ES; ES does not fall as `a` rises; effective EE >= EE.
//! Absent: discounting, loss given default.

/// The mean of the greatest `1 - level` of the values; NaN where there are no values or one is unknown. The
/// values are permuted.
pub fn expected_shortfall(values: &mut [f64], level: f64) -> f64 {
    let count = values.len();
    if count == 0 || values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let at = place(count, level);
    let (_, atom, beyond) = values.select_nth_unstable_by(at, f64::total_cmp);
    let atom = *atom;
    // In order, so that the sum does not depend on how they were found.
    beyond.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - level).max(0.0) * count as f64;
    if tail <= 0.0 {
        return atom;
    }
    let whole: f64 = beyond.iter().sum();
    (whole + (tail - (count - at - 1) as f64) * atom) / tail
}

/// The position of the value at a quantile: the first with at least a share `level` up to it.
fn place(count: usize, level: f64) -> usize {
    // 0.95 * 100 is 95 and not a little more.
    let rank = (level.clamp(0.0, 1.0) * count as f64 * (1.0 - 4.0 * f64::EPSILON)).ceil() as usize;
    rank.clamp(1, count) - 1
}

/// Expected exposure over time, in equal steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The mean of expected exposure over time.
    pub expected_positive: f64,
    /// The greatest expected exposure so far, at each time.
    pub effective: Vec<f64>,
    /// The mean of that over time.
    pub effective_positive: f64,
}

/// Summarises expected exposures at equal steps of time.
pub fn profile(expected: &[f64]) -> Profile {
    let mut so_far = f64::NEG_INFINITY;
    let effective: Vec<f64> = expected
        .iter()
        .map(|now| {
            so_far = so_far.max(*now);
            so_far
        })
        .collect();
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    Profile { expected_positive: mean(expected), effective_positive: mean(&effective), effective }
}

/// The mean of exposure at default over that of exposure, from the mean over all paths of the exposure where
/// the party fails (else zero), the chance that it fails, and the expected exposure, all over one span of
/// time. `None` where that chance or the exposure is zero.
pub fn wrong_way_factor(at_default: f64, chance: f64, expected: f64) -> Option<f64> {
    let factor = at_default / chance / expected;
    (0.0 < chance && 0.0 < expected && factor.is_finite()).then_some(factor)
}
