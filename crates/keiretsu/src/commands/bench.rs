//! `keiretsu bench`: the work of record, timed and checked.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use keiretsu::bench::params::Params;
use keiretsu::bench::{Effort, Reference, Report, m1, m2, m3};
use keiretsu::{input, limits};

use crate::failure::Failure;
use crate::progress;
use crate::shell::Shell;

/// Time the work of record on this machine, and check it: simulation, clearing, rates of return
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    #[command(subcommand)]
    work: Work,
}

#[derive(Debug, clap::Subcommand)]
enum Work {
    M1(M1),
    M2(M2),
    M3(M3),
}

/// A Monte Carlo of a contract web, with exact quantiles of net cash by party and month
#[derive(Debug, clap::Args)]
#[command(long_about = LONG_M1, after_help = AFTER_M1)]
struct M1 {
    /// Simulate so many paths
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    paths: u64,
    #[command(flatten)]
    effort: EffortArgs,
    /// The first of the seeds; each repetition has its own
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// What the web has beside: parties that raise, clear and fail, or one whose own money is followed
    #[arg(long, value_name = "WHAT", value_enum)]
    with: Option<Beside>,
    /// Parameters of the web, as `m1_params.py` prints them, instead of the standard ones
    #[arg(long, value_name = "FILE.json")]
    params: Option<PathBuf>,
    /// Quantiles to compare with, as in `m1_reference.json`
    #[arg(long, value_name = "FILE.json")]
    reference: Option<PathBuf>,
}

/// What M1 may have beside what its specification has.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Beside {
    /// Cash, a funding policy and default for each party
    Funding,
    /// Cash for each party; how much of the first one's receipts is its own money
    OwnMoney,
}

/// One clearing of a large random network of debts
#[derive(Debug, clap::Args)]
#[command(long_about = LONG_M2, after_help = AFTER_M2)]
struct M2 {
    /// Parties of the network, each with about ten debts
    #[arg(long, alias = "paths", value_name = "N", default_value_t = 100_000)]
    #[arg(value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
    parties: u64,
    #[command(flatten)]
    effort: EffortArgs,
    /// Key of the random network
    #[arg(long, value_name = "S", default_value_t = 7)]
    seed: u64,
    /// Debts to clear instead: lines of debtor, creditor, amount, where parties are numbers from 0
    #[arg(long, value_name = "FILE.csv", requires = "assets", conflicts_with = "parties")]
    debts: Option<PathBuf>,
    /// What party 0, 1, ... has beside its claims, a line each
    #[arg(long, value_name = "FILE.csv", requires = "debts")]
    assets: Option<PathBuf>,
}

/// Internal rates of return of many series of 40 dated flows
#[derive(Debug, clap::Args)]
#[command(long_about = LONG_M3, after_help = AFTER_M3)]
struct M3 {
    /// How many series
    #[arg(long, alias = "paths", value_name = "N", default_value_t = 100_000)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    series: u64,
    #[command(flatten)]
    effort: EffortArgs,
    /// Key of the random series
    #[arg(long, value_name = "S", default_value_t = 11)]
    seed: u64,
}

/// What all of them take.
#[derive(Debug, clap::Args)]
struct EffortArgs {
    /// Threads to run on [default: all; m2 always runs on one]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Timed repetitions, after one that is not; their median counts
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
}

const LONG: &str = "\
Times the work of record on this machine and checks what came out. The work of record is three tasks that \
stand for all others: m1 simulates a web of 50 take-or-pay contracts over ten years, m2 clears one month's \
debts between 100,000 parties, m3 finds 100,000 rates of return. Compare the figure with that of another \
machine, another version, or another program that does the same.

Prints one JSON object: \
{\"bench\", \"paths\", \"threads\", \"work\", \"wall_s\", \"cpu_s\", \"per_cpu_s\", \"check\"}. \
Times are medians over the repetitions; `cpu_s` counts all threads, `per_cpu_s` is work a CPU \
second, the throughput of one core, which is the figure to compare on a machine that others use too. \
Other programs on the same core make it smaller, so take the best of several. Exit status 1 \
if a check fails.";

const AFTER: &str = "\
Examples:
  keiretsu bench m1 --threads 1      how many contracts of a month a second, on one core
  keiretsu bench m1 --paths 100000 --threads 2
  keiretsu bench m1 --with funding   the same where parties raise money, clear and fail
  keiretsu bench m2
  keiretsu bench m3";

const LONG_M1: &str = "\
Writes the text of a model from its parameters: drivers as factors, take-or-pay contracts, \
conditional tranches. Reads it back like any model, runs it on the ordinary engine, with exact \
quantiles of the net cash of each party in each month inside the timed part. Work is paths x months \
x contracts. Checks that money sums to zero over the parties, that the means of all contracts agree \
with their closed form, and with --reference that the quantiles agree with those: the root of the \
mean square of z without the 0.5% largest, and the share of |z| above 4, as medians over the \
repetitions. `--with funding` gives each party cash and a policy, so that months are cleared and \
parties fail; `--with own-money` follows the first party's money through everybody's cash. Both are \
reported under names of their own, and cost more.";

const AFTER_M1: &str = "\
Examples:
  keiretsu bench m1 --paths 10000 --threads 1
  keiretsu bench m1 --with own-money --threads 1
  keiretsu bench m1 --paths 100000 --reference m1_reference.json
  python m1_params.py > web.json; keiretsu bench m1 --params web.json";

const LONG_M2: &str = "\
Clears a random network (Eisenberg and Noe): ten debts a party, each to a random other. Timed is the \
solution, on one thread, with the network in memory; work is the number of debts. Checks that one \
more round changes no payment by more than 1e-10 of the largest party's debts, and that the solution \
is the greatest one.";

const AFTER_M2: &str = "\
Examples:
  keiretsu bench m2 --parties 100000
  keiretsu bench m2 --debts debts.csv --assets assets.csv";

const LONG_M3: &str = "\
Finds the yearly rate (Actual/365) of random series: 100 paid, then 39 receipts on random days. Work \
is the number of series. Checks that each has one rate, and that it is within 1e-8 of its root.";

const AFTER_M3: &str = "\
Example:
  keiretsu bench m3 --series 100000 --threads 1";

/// Runs the command.
pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let report = match &args.work {
        Work::M1(asked) => monte_carlo(asked)?,
        Work::M2(asked) => clearing(asked)?,
        Work::M3(asked) => m3::run(asked.effort.of(asked.series, asked.seed), progress::step)?,
    };
    shell.result(format!("{}\n", report.json()).as_bytes())?;
    if report.passed { Ok(()) } else { Err(Failure::Errors("a check failed: see `check`".to_owned())) }
}

fn monte_carlo(asked: &M1) -> Result<Report, Failure> {
    let params = match &asked.params {
        Some(path) => Params::parse(&read(path)?)?,
        None => Params::standard(),
    };
    let reference = asked.reference.as_deref().map(|path| Ok::<_, Failure>(Reference::parse(&read(path)?)?));
    let reference = reference.transpose()?;
    let with = match asked.with {
        None => m1::With::Nothing,
        Some(Beside::Funding) => m1::With::Funding,
        Some(Beside::OwnMoney) => m1::With::OwnMoney,
    };
    let effort = asked.effort.of(asked.paths, asked.seed);
    Ok(m1::run(&params, with, effort, reference.as_ref(), progress::step)?)
}

fn clearing(asked: &M2) -> Result<Report, Failure> {
    let web = match (&asked.debts, &asked.assets) {
        (Some(debts), Some(assets)) => m2::parse(&read(debts)?, &read(assets)?)?,
        _ => m2::random(asked.parties as usize, asked.seed),
    };
    Ok(m2::run(&web, asked.effort.of(asked.parties, asked.seed), progress::step)?)
}

fn read(path: &Path) -> Result<String, Failure> {
    let unreadable = |error: io::Error| Failure::reading(path, &error);
    let bytes = input::read(path, limits::BENCH_BYTES_MAX).map_err(unreadable)?;
    String::from_utf8(bytes)
        .map_err(|_| unreadable(io::Error::new(ErrorKind::InvalidData, "it is not UTF-8 text")))
}

impl EffortArgs {
    fn of(&self, size: u64, seed: u64) -> Effort {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        Effort { size, threads: self.threads.map_or_else(all, usize::from), runs: self.runs, seed }
    }
}
