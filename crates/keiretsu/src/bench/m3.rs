//! A seed to times and checks of many internal rates of return.
//!
//! ```
//! use keiretsu::bench::{Effort, m3};
//! let report = m3::run(Effort { size: 200, threads: 1, runs: 1, seed: 11 }, |_, _| true).unwrap();
//! assert!(report.passed);
//! ```
//!
//! Timed is from the flows in memory to the rates in memory. Work is counted in series.

use keiretsu_methods::irr_many::{RateFound, xirr_many};
use serde_json::{Map, json};

use super::random::Random;
use super::{Effort, Report, Times, Watch, goes_on, timed};
use crate::RunTrouble;

/// Flows of a series.
const FLOWS: usize = 40;
/// Days of a year, Actual/365 Fixed.
const YEAR: f64 = 365.0;
/// The largest error of a rate that passes (the specification's).
const ERROR_MAX: f64 = 1e-8;
/// The most series: their flows take a gibibyte or two.
const SERIES_MAX: u64 = 4_000_000;

/// Dated flows, series after series.
struct Flows {
    days: Vec<i32>,
    amounts: Vec<f64>,
}

/// Finds the rates again and again, and checks them.
///
/// # Errors
/// [`RunTrouble::Asked`] if there are too many series to keep.
pub fn run(effort: Effort, watch: Watch) -> Result<Report, RunTrouble> {
    if SERIES_MAX < effort.size {
        let what = format!("{} series are too many to keep in memory", effort.size);
        return Err(RunTrouble::Asked(what, format!("ask for at most {SERIES_MAX}")));
    }
    let flows = random(effort.size as usize, effort.seed);
    let mut rates = vec![RateFound::NoRate; effort.size as usize];
    solve(&flows, &mut rates, effort.threads)?;
    let mut times = vec![];
    for number in 0..effort.runs {
        goes_on(watch, number, effort.runs)?;
        rates.fill(RateFound::NoRate);
        let (solved, took) = timed(|| solve(&flows, &mut rates, effort.threads));
        solved?;
        times.push(took);
    }
    goes_on(watch, effort.runs, effort.runs)?;
    let worst = worst(&flows, &rates);
    let mut check = Map::new();
    check.insert("unit".to_owned(), json!("series"));
    check.insert("runs".to_owned(), json!(effort.runs));
    check.insert("residual_max".to_owned(), json!(worst.residual));
    check.insert("rate_error_max".to_owned(), json!(worst.error));
    check.insert("without_one_rate".to_owned(), json!(worst.without));
    let passed = worst.without == 0 && worst.error <= ERROR_MAX;
    let (size, threads, times) = (effort.size, effort.threads, Times::median(&times));
    Ok(Report { bench: "m3", size, threads, work: size, times, passed, check })
}

/// The specification's series, from a generator of our own.
fn random(series: usize, seed: u64) -> Flows {
    let mut random = Random(seed);
    let (mut days, mut amounts) = (Vec::new(), Vec::new());
    for _ in 0..series {
        let mut day = 0_i32;
        days.push(day);
        amounts.push(-100.0);
        for _ in 1..FLOWS {
            day += 20 + random.below(101) as i32;
            days.push(day);
            amounts.push(1.0 + 5.0 * random.uniform());
        }
    }
    Flows { days, amounts }
}

/// Each thread takes a stretch of the series.
fn solve(flows: &Flows, rates: &mut [RateFound], threads: usize) -> Result<(), RunTrouble> {
    let stretch = rates.len().div_ceil(threads).max(1);
    let parts = flows.days.chunks(stretch * FLOWS).zip(flows.amounts.chunks(stretch * FLOWS));
    let done = std::thread::scope(|scope| {
        let spawn = |((days, amounts), rates)| scope.spawn(move || xirr_many(days, amounts, FLOWS, rates));
        let workers: Vec<_> = parts.zip(rates.chunks_mut(stretch)).map(spawn).collect();
        workers.into_iter().all(|worker| matches!(worker.join(), Ok(Ok(()))))
    });
    if done { Ok(()) } else { Err(RunTrouble::Ours("the series are not equally long".to_owned())) }
}

/// The worst of what was found.
#[derive(Default)]
struct Worst {
    /// Present value at the rate, as a share of the sizes of its terms.
    residual: f64,
    /// How far the rate is from its root: one step of Newton.
    error: f64,
    /// Series without exactly one rate.
    without: usize,
}

fn worst(flows: &Flows, rates: &[RateFound]) -> Worst {
    let mut worst = Worst::default();
    let series = flows.days.chunks(FLOWS).zip(flows.amounts.chunks(FLOWS));
    for ((days, amounts), found) in series.zip(rates) {
        let RateFound::OneRate(rate) = found else {
            worst.without += 1;
            continue;
        };
        let (mut value, mut size, mut slope) = (0.0, 0.0, 0.0);
        for (day, amount) in days.iter().zip(amounts) {
            let years = f64::from(*day) / YEAR;
            let term = amount * (1.0 + rate).powf(-years);
            value += term;
            size += f64::abs(term);
            slope -= years * term / (1.0 + rate);
        }
        worst.residual = worst.residual.max(f64::abs(value) / size);
        worst.error = worst.error.max(f64::abs(value / slope));
    }
    worst
}
