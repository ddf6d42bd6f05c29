//! Turns many series of dated flows, equally long, into one internal rate of return each.
//!
//! ```
//! use keiretsu_methods::irr_many::{RateFound, xirr_many};
//! let mut found = [RateFound::NoRate; 2];
//! xirr_many(&[0, 365, 0, 730], &[-100.0, 110.0, -100.0, 121.0], 2, &mut found).unwrap();
//! let near = |found: &RateFound| matches!(found, RateFound::OneRate(rate) if (rate - 0.1).abs() < 1e-12);
//! assert!(found.iter().all(near));
//! ```
//!
//! A series whose flows change sign once has exactly one rate (Descartes), and its present value falls all
//! the way. With P and N the discounted flows after and before the change, ln P - ln N is nearly straight in
//! the daily log rate y: its first four derivatives at zero, which need no powers, start Chebyshev's
//! iteration so close that one or two steps end it. Every other series takes the exhaustive way of `irr.rs`.
//!
//! Powers e^(-y day) come from two tables of 64 and day / 64 entries per step, not from exponentials; only
//! IEEE operations are used, so that every machine gives the same bits.
//!
//! Cost per series of 40 flows over 3,000 days: about 350 operations for the sums at zero and, per step, 110
//! for the tables and 400 for the sums.

use crate::irr::{self, DAYS_PER_YEAR, IrrError, Verdict};
use crate::powers::{exp, exp_m1, ln, ln_1p};

/// What a batch says of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RateFound {
    /// No rate above -100%.
    NoRate,
    /// The only rate, a fraction per year.
    OneRate(f64),
    /// There is one, nearer to -100% or larger than a number holds.
    Unwritten,
    /// How many rates; ask [`irr::xirr`] for them.
    SeveralRates(u32),
    /// The series makes no sense.
    Refused(IrrError),
}

/// Rates of `out.len()` series of `flows` flows each: series k is `days[k * flows..][..flows]` and the same
/// part of `amounts`. Days count from any origin, Actual/365 Fixed; a series in order of days is fast.
///
/// # Errors
/// [`IrrError::Empty`] if `flows` is zero, [`IrrError::Lengths`] unless both slices hold
/// `out.len() * flows` numbers. A series that makes no sense is refused by itself, in `out`.
pub fn xirr_many(days: &[i32], amounts: &[f64], flows: usize, out: &mut [RateFound]) -> Result<(), IrrError> {
    if flows == 0 {
        return Err(IrrError::Empty);
    }
    let Some(total) = flows.checked_mul(out.len()) else { return Err(IrrError::Lengths) };
    if days.len() != total || amounts.len() != total {
        return Err(IrrError::Lengths);
    }
    let mut scratch = Scratch::new(flows);
    let range = [ln_1p(RATE_MIN) / DAYS_PER_YEAR, ln_1p(RATE_MAX) / DAYS_PER_YEAR];
    for ((days, amounts), out) in days.chunks_exact(flows).zip(amounts.chunks_exact(flows)).zip(out) {
        *out = match fast_rate(days, amounts, range, &mut scratch) {
            Some(rate) => RateFound::OneRate(rate),
            None => exhaustive(days, amounts),
        };
    }
    Ok(())
}

/// Rates that the fast way looks for; others are left to the exhaustive one.
const RATE_MIN: f64 = -0.999_999;
const RATE_MAX: f64 = 1e6;
/// Days from first to last flow that the tables of powers reach: 89 years.
const SPAN_MAX: usize = LOW * HIGH;
const LOW: usize = 64;
const HIGH: usize = 512;
/// Steps before a series is handed to the exhaustive way.
const STEPS_MAX: u32 = 8;
/// Flows summed side by side; fixed, so that the order of sums is.
const LANES: usize = 4;
/// Largest error in ln P - ln N left by the last step.
const ERROR_MAX: f64 = 1e-15;

struct Scratch {
    /// Days since the first flow, as integers for the tables and as numbers for the sums.
    since: Vec<u32>,
    since_f64: Vec<f64>,
    /// Absolute amounts, padded with zeros to a multiple of `LANES`.
    sizes: Vec<f64>,
    weights: Vec<f64>,
    low: [f64; LOW],
    high: Box<[f64; HIGH]>,
}

impl Scratch {
    fn new(flows: usize) -> Self {
        // One group of lanes more, since the sums before and after the change are padded apart.
        let padded = flows.next_multiple_of(LANES) + LANES;
        Scratch {
            since: vec![0; padded],
            since_f64: vec![0.0; padded],
            sizes: vec![0.0; padded],
            weights: vec![0.0; padded],
            low: [1.0; LOW],
            high: Box::new([1.0; HIGH]),
        }
    }
}

fn exhaustive(days: &[i32], amounts: &[f64]) -> RateFound {
    let days: Vec<i64> = days.iter().map(|day| i64::from(*day)).collect();
    match irr::xirr(&days, amounts) {
        Err(error) => RateFound::Refused(error),
        Ok(found) => match (found.verdict, found.rates.first()) {
            (Verdict::NoRate, _) => RateFound::NoRate,
            (Verdict::OneRate, Some(rate)) => RateFound::OneRate(*rate),
            (Verdict::OneRate, None) => RateFound::Unwritten,
            (Verdict::SeveralRates, _) => {
                RateFound::SeveralRates((found.rates.len() + found.unwritten) as u32)
            }
        },
    }
}

/// The rate of a series in order of days whose flows change sign once, if it lies well inside the range.
fn fast_rate(days: &[i32], amounts: &[f64], range: [f64; 2], scratch: &mut Scratch) -> Option<f64> {
    let change = only_change(days, amounts)?;
    let (before, after, span) = load(days, amounts, change, scratch)?;
    let mut y = start(moments(&scratch.sizes, &scratch.since_f64, before, after)?);
    for _ in 0..STEPS_MAX {
        if !(range[0] < y && y < range[1]) {
            return None;
        }
        fill_powers(exp(-y), span, scratch);
        weigh(scratch, after.1);
        let early = sums(&scratch.weights, &scratch.since_f64, before);
        let late = sums(&scratch.weights, &scratch.since_f64, after);
        let (step, error) = chebyshev(early, late, span as f64)?;
        y += step;
        if error <= ERROR_MAX {
            let inside = range[0] < y && y < range[1];
            return inside.then(|| exp_m1(y * DAYS_PER_YEAR));
        }
    }
    None
}

/// Index of the first flow with the other sign, if all flows before have one sign, all from there the other,
/// days never fall, and rise at the change. Flows of zero are allowed inside both groups.
fn only_change(days: &[i32], amounts: &[f64]) -> Option<usize> {
    let sign = amounts[0].signum();
    let change = amounts.iter().position(|amount| amount * sign < 0.0)?;
    // Counted, not searched for, so that each loop runs without a branch.
    let not_late = amounts[change..].iter().filter(|amount| !matches_sign(**amount, -sign)).count();
    let not_early = amounts[..change].iter().filter(|amount| !matches_sign(**amount, sign)).count();
    let falls = days.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let rises = days[change - 1] < days[change];
    (not_late + not_early + falls == 0 && rises).then_some(change)
}

/// Whether a flow is zero or has this sign; false if it is not a number.
fn matches_sign(amount: f64, sign: f64) -> bool {
    0.0 <= amount * sign
}

type Range = (usize, usize);

/// Copies a series into scratch; each group starts at a multiple of `LANES` and is padded with zeros.
fn load(
    days: &[i32],
    amounts: &[f64],
    change: usize,
    scratch: &mut Scratch,
) -> Option<(Range, Range, usize)> {
    let first = i64::from(days[0]);
    let span = usize::try_from(i64::from(days[days.len() - 1]) - first).ok()?;
    if SPAN_MAX <= span {
        return None;
    }
    let before = (0, change.next_multiple_of(LANES));
    let after = (before.1, before.1 + (days.len() - change).next_multiple_of(LANES));
    scratch.sizes[..after.1].fill(0.0);
    copy(&days[..change], &amounts[..change], days[0], 0, scratch);
    copy(&days[change..], &amounts[change..], days[0], before.1, scratch);
    Some((before, after, span))
}

fn copy(days: &[i32], amounts: &[f64], first: i32, to: usize, scratch: &mut Scratch) {
    let to = to..to + days.len();
    for (out, day) in scratch.since[to.clone()].iter_mut().zip(days) {
        *out = day.wrapping_sub(first) as u32;
    }
    for (out, day) in scratch.since_f64[to.clone()].iter_mut().zip(days) {
        *out = f64::from(day.wrapping_sub(first));
    }
    for (out, amount) in scratch.sizes[to].iter_mut().zip(amounts) {
        *out = amount.abs();
    }
}

/// ln P - ln N at zero and the differences of the first four cumulants of the days, weighted by the flows.
fn moments(sizes: &[f64], since: &[f64], before: Range, after: Range) -> Option<[f64; 5]> {
    let early = cumulants(power_sums(sizes, since, before))?;
    let late = cumulants(power_sums(sizes, since, after))?;
    Some(std::array::from_fn(|k| late[k] - early[k]))
}

/// Sums of size x day^k, k = 0..4.
fn power_sums(sizes: &[f64], since: &[f64], range: Range) -> [f64; 5] {
    let mut lanes = [[0.0; LANES]; 5];
    let groups = sizes[range.0..range.1].chunks_exact(LANES).zip(since[range.0..range.1].chunks_exact(LANES));
    for (size, day) in groups {
        for lane in 0..LANES {
            let mut term = size[lane];
            for lanes in &mut lanes {
                lanes[lane] += term;
                term *= day[lane];
            }
        }
    }
    lanes.map(fold)
}

fn fold(lanes: [f64; LANES]) -> f64 {
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}

/// ln of the sum, then mean, variance, and third and fourth cumulant.
fn cumulants(sums: [f64; 5]) -> Option<[f64; 5]> {
    if !(f64::MIN_POSITIVE <= sums[0] && sums[4].is_finite()) {
        return None;
    }
    let inverse = 1.0 / sums[0];
    let [m1, m2, m3, m4] = [1, 2, 3, 4].map(|k| sums[k] * inverse);
    let variance = m2 - m1 * m1;
    let third = m3 - 3.0 * m1 * m2 + 2.0 * m1 * m1 * m1;
    let fourth = m4 - 4.0 * m1 * m3 - 3.0 * m2 * m2 + 12.0 * m1 * m1 * m2 - 6.0 * m1 * m1 * m1 * m1;
    Some([ln(sums[0]), m1, variance, third, fourth])
}

/// Root of g0 - g1 y + g2 y²/2 - g3 y³/6 + g4 y⁴/24 near zero: three Newton steps, from the linear root.
fn start(g: [f64; 5]) -> f64 {
    let linear = g[0] / g[1];
    let mut y = linear;
    for _ in 0..3 {
        let value = g[0] - y * (g[1] - y * (g[2] / 2.0 - y * (g[3] / 6.0 - y * g[4] / 24.0)));
        let slope = -g[1] + y * (g[2] - y * (g[3] / 2.0 - y * g[4] / 6.0));
        y -= value / slope;
    }
    // Far from zero the series says nothing; a step of at most twice the linear one is then corrected later.
    if y.abs() <= 2.0 * linear.abs() { y } else { linear }
}

/// low[i] = x^i and high[i] = x^(64 i), as far as `span` needs.
fn fill_powers(x: f64, span: usize, scratch: &mut Scratch) {
    fill(&mut scratch.low, x);
    let x64 = scratch.low[LOW - 1] * x;
    let needed = (span / LOW + 1).next_multiple_of(8);
    fill(&mut scratch.high[..needed], x64);
}

/// out[i] = x^i, eight side by side; the length is a multiple of eight.
fn fill(out: &mut [f64], x: f64) {
    let (x2, x4) = (x * x, (x * x) * (x * x));
    let mut powers = [1.0, x, x2, x2 * x, x4, x4 * x, x4 * x2, x4 * (x2 * x)];
    let x8 = x4 * x4;
    for eight in out.chunks_exact_mut(8) {
        eight.copy_from_slice(&powers);
        powers = powers.map(|power| power * x8);
    }
}

/// Discounts the first `end` flows: weight = size x^day.
fn weigh(scratch: &mut Scratch, end: usize) {
    let days = &scratch.since[..end];
    for ((weight, size), day) in scratch.weights[..end].iter_mut().zip(&scratch.sizes[..end]).zip(days) {
        let day = *day as usize;
        *weight = size * (scratch.low[day % LOW] * scratch.high[day / LOW % HIGH]);
    }
}

/// Sums of weight x day^k, k = 0..2.
fn sums(weights: &[f64], since: &[f64], range: Range) -> [f64; 3] {
    let mut lanes = [[0.0; LANES]; 3];
    let groups =
        weights[range.0..range.1].chunks_exact(LANES).zip(since[range.0..range.1].chunks_exact(LANES));
    for (weight, day) in groups {
        for lane in 0..LANES {
            let first = weight[lane] * day[lane];
            lanes[0][lane] += weight[lane];
            lanes[1][lane] += first;
            lanes[2][lane] += first * day[lane];
        }
    }
    lanes.map(fold)
}

/// Chebyshev's step on ln P - ln N and a bound on the error in that difference after it.
fn chebyshev(early: [f64; 3], late: [f64; 3], span: f64) -> Option<(f64, f64)> {
    let ratio = late[0] / early[0];
    if !(1e-300 < ratio && ratio < 1e300 && late[2].is_finite() && early[2].is_finite()) {
        return None;
    }
    let mean = |s: [f64; 3]| s[1] / s[0];
    let variance = |s: [f64; 3]| s[2] / s[0] - mean(s) * mean(s);
    let slope = mean(late) - mean(early);
    let bend = variance(late) - variance(early);
    let newton = ln(ratio) / slope;
    let step = newton * (1.0 + 0.5 * bend * newton / slope);
    // Both variances are at most span²/4 and third cumulants at most span³/8 in size (tight enough here).
    let u = step.abs() * span;
    let error = u * u * u * (0.125 + 0.0625 * span / slope);
    (step.is_finite() && u < 20.0).then_some((step, error))
}
