//! The work of record, timed and checked (decision 0011): m1 simulates a web of 50 take-or-pay contracts over
//! ten years, m2 clears a month's debts between 100,000 parties, m3 finds 100,000 rates of return.
//!
//! `cargo run --release -p keiretsu-testkit --bin keiretsu-bench -- m1 --threads 1` prints one JSON
//! object: `{"bench", "paths", "threads", "work", "wall_s", "cpu_s", "per_cpu_s", "check"}`. Times are
//! medians over the repetitions; `cpu_s` counts all threads, and `per_cpu_s`, work a CPU second, is the
//! figure to compare on a machine that others use too. Exit status 1: a check failed; 2: it could not be
//! done.
//!
//! Each runs through what users run, on input that is made up at run time, and is checked against something
//! that the code under test does not know.
//!
//! Invariant: what is checked is what was timed, or comes from the same code with another seed.
//! Absent: a comparison with other programs (`cargo bench -p keiretsu-testkit --bench peers`).

mod checks;
mod m1;
mod m2;
mod m3;
mod params;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use cpu_time::ProcessTime;
use keiretsu_maths::splitmix::SplitMix;
use serde_json::{Map, Value, json};

use checks::Reference;
use params::Params;

/// Times the work of record on this machine, and checks it.
#[derive(Debug, Parser)]
enum Work {
    /// A Monte Carlo of a contract web, with exact quantiles of net cash by party and month
    M1 {
        /// Simulate so many paths
        #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
        paths: u64,
        #[command(flatten)]
        effort: EffortArgs,
        /// The first of the seeds; each repetition has its own
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// What the web has as well
        #[arg(long, value_enum, default_value_t = m1::With::Nothing)]
        with: m1::With,
        /// Parameters of the web, as `m1_params.py` prints them
        #[arg(long, value_name = "FILE.json")]
        params: Option<PathBuf>,
        /// Quantiles to compare with: `m1_reference.json`
        #[arg(long, value_name = "FILE.json")]
        reference: Option<PathBuf>,
    },
    /// One clearing of a large random network of debts, on one thread
    M2 {
        /// Parties of the network, each with about ten debts
        #[arg(long, alias = "paths", default_value_t = 100_000)]
        #[arg(value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
        parties: u64,
        #[command(flatten)]
        effort: EffortArgs,
        /// Key of the random network
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// Debts to clear instead: lines of debtor, creditor, amount, where parties are numbers from 0
        #[arg(long, value_name = "FILE.csv", requires = "assets", conflicts_with = "parties")]
        debts: Option<PathBuf>,
        /// What party 0, 1, ... has as well as its claims, a line each
        #[arg(long, value_name = "FILE.csv", requires = "debts")]
        assets: Option<PathBuf>,
    },
    /// Internal rates of return of many series of 40 dated flows
    M3 {
        /// How many series
        #[arg(long, alias = "paths", default_value_t = 100_000)]
        #[arg(value_parser = clap::value_parser!(u64).range(1..))]
        series: u64,
        #[command(flatten)]
        effort: EffortArgs,
        /// Key of the random series
        #[arg(long, default_value_t = 11)]
        seed: u64,
    },
}

#[derive(Debug, clap::Args)]
struct EffortArgs {
    /// Threads to run on [default: all]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Timed repetitions, after one that is not
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
}

/// How much work, on what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// How many: paths of M1, parties of M2, series of M3.
    pub size: u64,
    /// Threads to run on.
    pub threads: usize,
    /// Timed repetitions; their median counts.
    pub runs: u32,
    /// The first of the seeds: each repetition has its own.
    pub seed: u64,
}

/// What a bench came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Which: `m1`, `m1-funding`, `m1-own-money`, `m2`, `m3`.
    pub bench: &'static str,
    /// As [`Effort::size`].
    pub size: u64,
    /// Threads that were used.
    pub threads: usize,
    /// Units of work in one repetition.
    pub work: u64,
    /// Median over the repetitions.
    pub times: Times,
    /// Whether every check holds.
    pub passed: bool,
    /// What was checked, and how the figures came about.
    pub check: Map<String, Value>,
}

/// How long something took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// Seconds on the wall.
    pub wall_s: f64,
    /// CPU seconds of this process, all threads, user and system.
    pub cpu_s: f64,
}

fn main() -> ExitCode {
    match report(Work::parse()) {
        Ok(report) => {
            println!("{}", json_of(&report));
            if report.passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn report(work: Work) -> Result<Report, String> {
    match work {
        Work::M1 { paths, effort, seed, with, params, reference } => {
            let params = match params {
                Some(path) => Params::parse(&read(&path)?)?,
                None => Params::standard(),
            };
            let reference = match reference {
                Some(path) => Some(Reference::parse(&read(&path)?)?),
                None => None,
            };
            m1::run(&params, with, effort.of(paths, seed), reference.as_ref())
        }
        Work::M2 { parties, effort, seed, debts, assets } => {
            let web = match (debts, assets) {
                (Some(debts), Some(assets)) => m2::parse(&read(&debts)?, &read(&assets)?)?,
                _ => m2::random(parties as usize, seed),
            };
            m2::run(&web, effort.of(parties, seed))
        }
        Work::M3 { series, effort, seed } => m3::run(effort.of(series, seed)),
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

impl EffortArgs {
    fn of(&self, size: u64, seed: u64) -> Effort {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        Effort { size, threads: self.threads.map_or_else(all, usize::from), runs: self.runs, seed }
    }
}

fn json_of(report: &Report) -> Value {
    let mut check = Map::from_iter([("passed".to_owned(), json!(report.passed))]);
    check.extend(report.check.clone());
    json!({
        "bench": report.bench,
        "paths": report.size,
        "threads": report.threads,
        "work": report.work,
        "wall_s": report.times.wall_s,
        "cpu_s": report.times.cpu_s,
        "per_cpu_s": (report.work as f64 / report.times.cpu_s).round(),
        "check": check,
    })
}

/// What each timed repetition gives, and the median of their times; number 0 warms up and is not timed.
fn repeated<T>(
    effort: Effort,
    mut work: impl FnMut(u32) -> Result<T, String>,
) -> Result<(Vec<T>, Times), String> {
    work(0)?;
    let (mut done, mut times) = (Vec::new(), Vec::new());
    for number in 1..=effort.runs {
        let (one, took) = timed(|| work(number));
        done.push(one?);
        times.push(took);
    }
    let [wall_s, cpu_s] = [|times: &Times| times.wall_s, |times: &Times| times.cpu_s].map(|of| {
        let mut list: Vec<f64> = times.iter().map(of).collect();
        list.sort_unstable_by(f64::total_cmp);
        list.get(list.len() / 2).copied().unwrap_or(f64::NAN)
    });
    Ok((done, Times { wall_s, cpu_s }))
}

/// Does something and says how long it took. Where the system does not tell the CPU time of a process, the
/// wall's stands for it, which is right for one thread on a machine that is idle (decision 0011).
fn timed<T>(work: impl FnOnce() -> T) -> (T, Times) {
    let (cpu, wall) = (ProcessTime::try_now(), Instant::now());
    let done = work();
    let wall_s = wall.elapsed().as_secs_f64();
    let spent = cpu.and_then(|start| Ok(ProcessTime::try_now()?.duration_since(start)));
    let cpu_s = spent.map_or(wall_s, |spent| spent.as_secs_f64());
    (done, Times { wall_s, cpu_s })
}

/// Standard normal (Box and Muller 1958).
fn normal(random: &mut SplitMix) -> f64 {
    (-2.0 * random.uniform().ln()).sqrt() * (std::f64::consts::TAU * random.uniform()).cos()
}
