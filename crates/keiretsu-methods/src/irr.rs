//! Turns dated or periodic flows into every internal rate of return, with a proof that there are no others.
//!
//! ```
//! use keiretsu_methods::irr::{Verdict, irr};
//! let pump = irr(&[-1600.0, 10_000.0, -10_000.0]).unwrap();
//! assert_eq!(pump.verdict, Verdict::SeveralRates);
//! assert!((pump.rates[0] - 0.25).abs() < 1e-12 && (pump.rates[1] - 4.0).abs() < 1e-12);
//! ```
//!
//! A rate r solves `sum of c_i (1 + r)^(-t_i) = 0`, t in years (Actual/365 Fixed) or in periods. With
//! y = ln(1 + r) this is a sum of exponentials, whose roots `roots.rs` finds without a grid.
//!
//! Uniqueness: one change of sign of the flows (Descartes), or one change in the cumulative flows for rates
//! above zero (Norstrøm 1972, J. Financial Quant. Analysis 7) and its mirror image, the flows still to come,
//! for rates below zero; else by having isolated all roots.
//!
//! Absent: a guess, a preferred root. Day counts other than Actual/365 Fixed are in `day_count.rs`.

use crate::powers::{exp, exp_m1, ln_1p};
use crate::roots::{self, sign_changes};

/// Lowest and highest rate searched, as fractions per year (or per period).
pub const RATE_MIN: f64 = -0.999_999;
/// See [`RATE_MIN`].
pub const RATE_MAX: f64 = 1e6;
/// Actual/365 Fixed.
pub const DAYS_PER_YEAR: f64 = 365.0;

/// Why flows have no internal rate that could be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IrrError {
    /// As many days as amounts are needed.
    Lengths,
    /// There is no flow.
    Empty,
    /// An amount, a rate or an index value is infinite or not a number.
    NotFinite,
    /// Every amount is zero (or they cancel day by day), so every rate is a solution.
    AllZero,
    /// A rate at or below -100 %.
    BeyondTotalLoss,
    /// Nothing was paid in, or an index value is not positive, so the ratio has no meaning.
    NothingPaidIn,
}

/// How many rates there are in [[`RATE_MIN`], [`RATE_MAX`]].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No rate.
    NoRate,
    /// Exactly one rate.
    OneRate,
    /// Two or more different rates: none of them alone says what the flows earn.
    SeveralRates,
}

/// The argument that settles the [`Verdict`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// At most one change of sign in the flows, by date.
    Descartes,
    /// Cumulative flows change sign once between both ends of time (Norstrøm and its mirror image).
    Norstrom,
    /// All roots of the chain of derivatives were isolated.
    Isolation,
}

/// Every internal rate of return of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Irr {
    /// Rates, ascending, as fractions per year or per period.
    pub rates: Vec<f64>,
    /// How many.
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

/// Present value at `day` of dated flows at a yearly rate, Actual/365 Fixed.
///
/// # Errors
/// [`IrrError::Lengths`], [`IrrError::NotFinite`], [`IrrError::BeyondTotalLoss`].
pub fn xnpv(rate: f64, day: i64, days: &[i64], amounts: &[f64]) -> Result<f64, IrrError> {
    if days.len() != amounts.len() {
        return Err(IrrError::Lengths);
    }
    let years = |d: &i64| d.saturating_sub(day) as f64 / DAYS_PER_YEAR;
    present_value(rate, days.iter().map(years).zip(amounts.iter().copied()))
}

/// Present value, at the first flow, of flows at equal intervals at a rate per period.
///
/// # Errors
/// [`IrrError::NotFinite`], [`IrrError::BeyondTotalLoss`].
pub fn npv(rate: f64, amounts: &[f64]) -> Result<f64, IrrError> {
    present_value(rate, amounts.iter().enumerate().map(|(period, amount)| (period as f64, *amount)))
}

fn present_value(rate: f64, flows: impl Iterator<Item = (f64, f64)>) -> Result<f64, IrrError> {
    if !rate.is_finite() {
        return Err(IrrError::NotFinite);
    }
    if rate <= -1.0 {
        return Err(IrrError::BeyondTotalLoss);
    }
    let y = ln_1p(rate);
    let value: f64 = flows.map(|(years, amount)| amount * exp(-y * years)).sum();
    if value.is_finite() { Ok(value) } else { Err(IrrError::NotFinite) }
}

/// Times ascending. Sums flows of one time, drops zeros, finds and counts.
fn rates_of(flows: impl Iterator<Item = (f64, f64)>) -> Result<Irr, IrrError> {
    let (times, amounts) = merged(flows)?;
    let lo = ln_1p(RATE_MIN);
    let hi = ln_1p(RATE_MAX);
    let found = roots::all_roots(&times, &amounts, lo, hi);
    let changes = sign_changes(amounts.iter().copied());
    let cumulative = sign_changes(running_sums(amounts.iter()));
    let to_come = sign_changes(running_sums(amounts.iter().rev()));
    Ok(Irr {
        rates: found.iter().map(|root| exp_m1(root.y).clamp(RATE_MIN, RATE_MAX)).collect(),
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

fn merged(flows: impl Iterator<Item = (f64, f64)>) -> Result<(Vec<f64>, Vec<f64>), IrrError> {
    let mut times: Vec<f64> = Vec::new();
    let mut amounts: Vec<f64> = Vec::new();
    let mut any = false;
    for (time, amount) in flows {
        any = true;
        if !amount.is_finite() {
            return Err(IrrError::NotFinite);
        }
        match (times.last(), amounts.last_mut()) {
            (Some(last), Some(sum)) if time <= *last => *sum += amount,
            _ => {
                times.push(time);
                amounts.push(amount);
            }
        }
    }
    let largest = amounts.iter().fold(0.0_f64, |max, amount| max.max(amount.abs()));
    if !any {
        return Err(IrrError::Empty);
    }
    if !largest.is_finite() {
        return Err(IrrError::NotFinite);
    }
    // Below this, dividing by the largest amount would itself overflow.
    if largest < f64::MIN_POSITIVE {
        return Err(IrrError::AllZero);
    }
    let (times, amounts) = times
        .into_iter()
        .zip(amounts)
        .filter(|(_, amount)| *amount < 0.0 || 0.0 < *amount)
        .map(|(time, amount)| (time, amount / largest))
        .unzip();
    Ok((times, amounts))
}

/// Cumulative sums, without those that are zero to rounding.
fn running_sums<'a>(amounts: impl Iterator<Item = &'a f64>) -> impl Iterator<Item = f64> {
    amounts.scan((0.0, 0.0), |(sum, size), amount| {
        *sum += amount;
        *size += f64::abs(*amount);
        Some(if f64::abs(*sum) <= roots::TOUCH * *size { 0.0 } else { *sum })
    })
}
