//! Turns dated or periodic flows into every internal rate of return above -100%, with a proof that there are
//! no others.
//!
//! ```
//! use keiretsu_methods::irr::{Verdict, irr};
//! let pump = irr(&[-1600.0, 10_000.0, -10_000.0]).unwrap();
//! assert_eq!(pump.verdict, Verdict::SeveralRates);
//! assert!((pump.rates[0] - 0.25).abs() < 1e-12 && (pump.rates[1] - 4.0).abs() < 1e-12);
//! ```
//!
//! A rate r solves `sum of c_i (1 + r)^(-t_i) = 0`, t in years (Actual/365 Fixed) or in periods. With y =
//! ln(1 + r) this is a sum of exponentials, whose roots `roots.rs` finds without a grid. Beyond some y the
//! first flow outweighs all others together, and before some y the last one does; between these two all y
//! are searched, so that the count holds for all rates above -100%, not for a window of them.
//!
//! Uniqueness: one change of sign of the flows (Descartes), or one change in the cumulative flows for rates
//! above zero (Norstrøm 1972, J. Financial Quant. Analysis 7) and its mirror image, the flows still to come,
//! for rates below zero; else by having isolated all roots.
//!
//! Absent: a guess, a preferred root. Day counts other than Actual/365 Fixed are in `day_count.rs`.

use keiretsu_maths::exp::exp_m1;
use keiretsu_maths::ln::ln;

use crate::roots::{self, sign_changes};

/// Actual/365 Fixed.
pub const DAYS_PER_YEAR: f64 = 365.0;

/// Why flows have no internal rate that could be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IrrError {
    /// As many days as amounts are needed.
    Lengths,
    /// There is no flow.
    Empty,
    /// An amount, a rate or an index value is infinite or not a number, or amounts are too far apart.
    NotFinite,
    /// Every amount is zero (or they cancel day by day), so every rate is a solution.
    AllZero,
    /// Nothing was paid in, or an index value is not positive, so the ratio has no meaning.
    NothingPaidIn,
}

/// How many rates there are above -100%.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No rate.
    NoRate,
    /// Exactly one rate.
    OneRate,
    /// Two or more different rates: none of them alone is the return of the flows.
    SeveralRates,
}

impl Verdict {
    /// Its word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoRate => "none",
            Self::OneRate => "unique",
            Self::SeveralRates => "several",
        }
    }
}

/// The argument that settles the [`Verdict`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// At most one change of sign in the flows, by date.
    Descartes,
    /// Cumulative flows change sign once between both ends of time (Norstrøm and its mirror image).
    Norstrom,
    /// All roots of the chain of derivatives were isolated, on all rates above -100%.
    Isolation,
}

/// Every internal rate of return of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Irr {
    /// Rates, ascending, as fractions per year or per period.
    pub rates: Vec<f64>,
    /// Rates that no number holds: nearer to -100% than 1e-16, or above 1e308. They count in the verdict.
    pub unwritten: usize,
    /// How many, written and unwritten.
    pub verdict: Verdict,
    /// By which argument.
    pub proof: Proof,
    /// Of `rates`, how many where the present value touches zero without crossing it.
    pub touching: usize,
    /// Changes of sign of the flows, by date: no more rates than that above -100 % (Descartes).
    pub sign_changes: usize,
    /// Changes of sign of the cumulative flows: no more rates than that above 0 (Norstrøm).
    pub sign_changes_cumulative: usize,
}

/// All rates of flows dated in days. Any order; flows of one day are summed.
///
/// `days[i]` counts from any origin; `amounts[i]` is positive when received.
///
/// # Errors
/// [`IrrError::Lengths`], [`IrrError::Empty`], [`IrrError::NotFinite`], [`IrrError::AllZero`].
pub fn xirr(days: &[i64], amounts: &[f64]) -> Result<Irr, IrrError> {
    if days.len() != amounts.len() {
        return Err(IrrError::Lengths);
    }
    let mut flows: Vec<(i64, f64)> = days.iter().copied().zip(amounts.iter().copied()).collect();
    // Stable, so that flows of one day are summed in the order given.
    flows.sort_by_key(|(day, _)| *day);
    let Some(first) = flows.first().map(|(day, _)| *day) else { return Err(IrrError::Empty) };
    let years = |day: i64| day.saturating_sub(first) as f64 / DAYS_PER_YEAR;
    rates_of(flows.iter().map(|(day, amount)| (years(*day), *amount)))
}

/// All yearly rates of flows at `years` from any origin, as another day count than Actual/365 gives them; in
/// any order.
///
/// # Errors
/// As [`xirr`]; [`IrrError::NotFinite`] also for years.
pub fn irr_at(years: &[f64], amounts: &[f64]) -> Result<Irr, IrrError> {
    if years.len() != amounts.len() {
        return Err(IrrError::Lengths);
    }
    if years.iter().any(|years| !years.is_finite()) {
        return Err(IrrError::NotFinite);
    }
    let mut flows: Vec<(f64, f64)> = years.iter().copied().zip(amounts.iter().copied()).collect();
    flows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some(first) = flows.first().map(|(years, _)| *years) else { return Err(IrrError::Empty) };
    rates_of(flows.iter().map(|(years, amount)| (years - first, *amount)))
}

/// All rates per period of flows at equal intervals, in order.
///
/// # Errors
/// As [`xirr`].
pub fn irr(amounts: &[f64]) -> Result<Irr, IrrError> {
    rates_of(amounts.iter().enumerate().map(|(period, amount)| (period as f64, *amount)))
}

/// Times ascending. Sums flows of one time, drops zeros, finds and counts.
fn rates_of(flows: impl Iterator<Item = (f64, f64)>) -> Result<Irr, IrrError> {
    let (times, amounts) = merged(flows)?;
    let (lo, hi) = reach(&times, &amounts);
    let found = roots::all_roots(&times, &amounts, lo, hi);
    let rates = found.iter().map(|root| exp_m1(root.y)).filter(|rate| -1.0 < *rate && rate.is_finite());
    let rates: Vec<f64> = rates.collect();
    let changes = sign_changes(amounts.iter().copied());
    let cumulative = sign_changes(running_sums(amounts.iter()));
    let to_come = sign_changes(running_sums(amounts.iter().rev()));
    Ok(Irr {
        unwritten: found.len() - rates.len(),
        rates,
        verdict: match found.len() {
            0 => Verdict::NoRate,
            1 => Verdict::OneRate,
            _ => Verdict::SeveralRates,
        },
        proof: proof_by(changes, cumulative, to_come, &amounts),
        touching: found.iter().filter(|root| root.touches).count(),
        sign_changes: changes,
        sign_changes_cumulative: cumulative,
    })
}

/// The cheapest argument that bounds the number of rates by one.
fn proof_by(changes: usize, cumulative: usize, to_come: usize, amounts: &[f64]) -> Proof {
    // A total of zero is itself a rate of zero, about which neither sequence of sums says anything.
    let total = running_sums(amounts.iter()).last().unwrap_or(0.0);
    if changes <= 1 {
        Proof::Descartes
    } else if cumulative + to_come <= 1 && 0.0 < total.abs() {
        Proof::Norstrom
    } else {
        Proof::Isolation
    }
}

/// Before the first y the last flow outweighs all others together, beyond the second the first one does, so
/// that all roots lie between them.
fn reach(times: &[f64], amounts: &[f64]) -> (f64, f64) {
    let n = times.len();
    if n < 2 {
        return (-1.0, 1.0);
    }
    let total: f64 = amounts.iter().map(|amount| amount.abs()).sum();
    // Where the end is more than half of everything, it outweighs the rest at once.
    let beyond = |end: f64, gap: f64| ((ln(2.0 * total) - ln(end.abs())) / gap).max(0.0) + 1.0;
    let hi = beyond(amounts[0], times[1] - times[0]);
    let lo = -beyond(amounts[n - 1], times[n - 1] - times[n - 2]);
    (lo, hi)
}

/// Flows at less than this distance, a thirtieth of a second in years, are of one time.
const MOMENT: f64 = 1e-9;

/// Sums flows of one time and divides by the largest. A sum that is zero to rounding is none.
fn merged(flows: impl Iterator<Item = (f64, f64)>) -> Result<(Vec<f64>, Vec<f64>), IrrError> {
    let mut sums: Vec<(f64, f64, f64)> = Vec::new();
    for (time, amount) in flows {
        if !amount.is_finite() {
            return Err(IrrError::NotFinite);
        }
        match sums.last_mut() {
            Some((last, sum, size)) if time <= *last + MOMENT => {
                *sum += amount;
                *size += amount.abs();
            }
            _ => sums.push((time, amount, amount.abs())),
        }
    }
    if sums.is_empty() {
        return Err(IrrError::Empty);
    }
    sums.retain(|(_, sum, size)| roots::TOUCH * *size < sum.abs());
    let largest = sums.iter().fold(0.0_f64, |max, (_, sum, _)| max.max(sum.abs()));
    if !largest.is_finite() {
        return Err(IrrError::NotFinite);
    }
    // Below this, dividing by the largest amount would itself overflow.
    if largest < f64::MIN_POSITIVE {
        return Err(IrrError::AllZero);
    }
    let (times, amounts): (Vec<f64>, Vec<f64>) =
        sums.into_iter().map(|(time, sum, _)| (time, sum / largest)).unzip();
    // What is so small beside the largest has no digits left.
    if amounts.iter().all(|amount| amount.is_normal()) {
        Ok((times, amounts))
    } else {
        Err(IrrError::NotFinite)
    }
}

/// Cumulative sums, without those that are zero to rounding.
fn running_sums<'a>(amounts: impl Iterator<Item = &'a f64>) -> impl Iterator<Item = f64> {
    amounts.scan((0.0, 0.0), |(sum, size), amount| {
        *sum += amount;
        *size += f64::abs(*amount);
        Some(if f64::abs(*sum) <= roots::TOUCH * *size { 0.0 } else { *sum })
    })
}
