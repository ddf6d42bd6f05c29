//! Parameters of the work of record to times and checks: what `keiretsu bench` runs.
//!
//! ```
//! use keiretsu::bench::{Effort, m1, params::Params};
//! let effort = Effort { size: 500, threads: 1, runs: 1, seed: 1 };
//! let report = m1::run(&Params::standard(), m1::With::Nothing, effort, None, |_, _| true).unwrap();
//! assert_eq!((report.bench, report.work), ("m1", 500 * 120 * 50));
//! ```
//!
//! M1 is a Monte Carlo of a contract web, M2 one clearing of a large network, M3 many internal rates of
//! return. Each runs through what users run, on input that is made up at run time, and is checked against
//! something that the code under test does not know.
//!
//! Invariant: what is checked is what was timed, or comes from the same code with another seed.
//! Absent: finance; a comparison with other programs (`cargo bench -p keiretsu --bench peers`).

pub mod m1;
pub mod m2;
pub mod m3;
pub mod params;

mod checks;
mod random;

use std::time::Instant;

use cpu_time::ProcessTime;
use serde_json::{Map, Value, json};

pub use checks::Reference;

use crate::RunTrouble;

/// Told how much of a bench is done, and of how much; says whether to go on.
pub type Watch = fn(u32, u32) -> bool;

/// How fine a bench tells how much of a repetition is done.
const PARTS: u32 = 1000;

/// Tells a watch that so many repetitions are done.
fn goes_on(watch: Watch, done: u32, total: u32) -> Result<(), RunTrouble> {
    let told = watch(done.saturating_mul(PARTS), total.saturating_mul(PARTS));
    if told { Ok(()) } else { Err(RunTrouble::Interrupted) }
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

impl Report {
    /// `{"bench","paths","threads","work","wall_s","cpu_s","per_cpu_s","check"}`.
    pub fn json(&self) -> Value {
        let mut check = Map::from_iter([("passed".to_owned(), json!(self.passed))]);
        check.extend(self.check.clone());
        json!({
            "bench": self.bench,
            "paths": self.size,
            "threads": self.threads,
            "work": self.work,
            "wall_s": self.times.wall_s,
            "cpu_s": self.times.cpu_s,
            "per_cpu_s": (self.work as f64 / self.times.cpu_s).round(),
            "check": check,
        })
    }
}

/// How long something took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// Seconds on the wall.
    pub wall_s: f64,
    /// CPU seconds of this process, all threads, user and system.
    pub cpu_s: f64,
}

impl Times {
    /// The median of each, separately: the machine may be shared.
    fn median(all: &[Times]) -> Times {
        let middle = |of: fn(&Times) -> f64| {
            let mut list: Vec<f64> = all.iter().map(of).collect();
            list.sort_unstable_by(f64::total_cmp);
            list.get(list.len() / 2).copied().unwrap_or(f64::NAN)
        };
        Times { wall_s: middle(|times| times.wall_s), cpu_s: middle(|times| times.cpu_s) }
    }
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
