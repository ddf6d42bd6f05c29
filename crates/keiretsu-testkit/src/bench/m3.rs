//! A seed to times and checks of many internal rates of return.
//!
//! Timed is from the flows in memory to the rates in memory. Work is counted in series.

use keiretsu_maths::splitmix::SplitMix;
use keiretsu_methods::irr::{Verdict, xirr};
use serde_json::{Map, json};

use crate::{Effort, Report, repeated};

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
    days: Vec<i64>,
    amounts: Vec<f64>,
}

/// Finds the rates again and again, and checks them.
///
/// # Errors
/// If there are too many series to keep.
pub fn run(effort: Effort) -> Result<Report, String> {
    if SERIES_MAX < effort.size {
        return Err(format!("{} series do not fit in memory; ask for at most {SERIES_MAX}", effort.size));
    }
    let flows = random(effort.size as usize, effort.seed);
    let (mut rates, times) = repeated(effort, |_| Ok(solve(&flows, effort.threads)))?;
    let rates = rates.swap_remove(0);
    let worst = worst(&flows, &rates);
    let mut check = Map::new();
    check.insert("unit".to_owned(), json!("series"));
    check.insert("runs".to_owned(), json!(effort.runs));
    check.insert("residual_max".to_owned(), json!(worst.residual));
    check.insert("rate_error_max".to_owned(), json!(worst.error));
    check.insert("without_one_rate".to_owned(), json!(worst.without));
    let passed = worst.without == 0 && worst.error <= ERROR_MAX;
    let (size, threads) = (effort.size, effort.threads);
    Ok(Report { bench: "m3", size, threads, work: size, times, passed, check })
}

/// The specification's series, from a generator of our own.
fn random(series: usize, seed: u64) -> Flows {
    let mut random = SplitMix(seed);
    let (mut days, mut amounts) = (Vec::new(), Vec::new());
    for _ in 0..series {
        let mut day = 0;
        days.push(day);
        amounts.push(-100.0);
        for _ in 1..FLOWS {
            day += 20 + random.below(101) as i64;
            days.push(day);
            amounts.push(1.0 + 5.0 * random.uniform());
        }
    }
    Flows { days, amounts }
}

/// The only rate of each series. Each thread takes a stretch of them.
fn solve(flows: &Flows, threads: usize) -> Vec<Option<f64>> {
    let count = flows.days.len() / FLOWS;
    let stretch = count.div_ceil(threads).max(1);
    let mut rates = vec![None; count];
    let parts = flows.days.chunks(stretch * FLOWS).zip(flows.amounts.chunks(stretch * FLOWS));
    std::thread::scope(|scope| {
        for ((days, amounts), rates) in parts.zip(rates.chunks_mut(stretch)) {
            scope.spawn(move || {
                for (k, rate) in rates.iter_mut().enumerate() {
                    *rate = only_rate(&days[k * FLOWS..][..FLOWS], &amounts[k * FLOWS..][..FLOWS]);
                }
            });
        }
    });
    rates
}

fn only_rate(days: &[i64], amounts: &[f64]) -> Option<f64> {
    let found = xirr(days, amounts).ok()?;
    if found.verdict == Verdict::OneRate { found.rates.first().copied() } else { None }
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

fn worst(flows: &Flows, rates: &[Option<f64>]) -> Worst {
    let mut worst = Worst::default();
    let series = flows.days.chunks(FLOWS).zip(flows.amounts.chunks(FLOWS));
    for ((days, amounts), found) in series.zip(rates) {
        let Some(rate) = found else {
            worst.without += 1;
            continue;
        };
        let (mut value, mut size, mut slope) = (0.0, 0.0, 0.0);
        for (day, amount) in days.iter().zip(amounts) {
            let years = *day as f64 / YEAR;
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
