//! Draws random small webs from a seed and holds the engine against the oracle on each of them.
//!
//! ```
//! use keiretsu_testkit::webs::{ORACLE, Plan, run};
//! let report = run(&Plan { seed: 1, count: 20, paths: 1 }, &ORACLE);
//! assert_eq!(report.failures.len(), 0, "the oracle agrees with itself");
//! ```
//!
//! A web in which rounding could have decided something is redrawn and counted. A failing one is shrunk
//! and printed as its disassembly.
//! Invariant: web `i` of a seed is the same on every machine and whatever the count.
//! Absent: models as text; those are drawn on top of the model crate.

mod compare;
mod engine;
mod generate;
mod ids;
pub(crate) mod random;
mod shrink;

use std::fmt;

use keiretsu_program::{Mode, Observations, Paths, Probe, Program, Reading, RunSpec, Series};

pub use compare::{Difference, Engine, Verdict, compare};
pub use engine::ENGINE;
pub use generate::{Case, generate};
pub use shrink::shrink;

use crate::oracle::{Draws, World, interpret};

/// Which webs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Of the first web; the next ones follow.
    pub seed: u64,
    /// How many.
    pub count: u64,
    /// How many paths of each, beside its three readings.
    pub paths: u64,
}

/// What came of them.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Comparisons in which the two agreed.
    pub agreed: u64,
    /// Comparisons that rounding could have decided, so that others were drawn.
    pub redrawn: u64,
    /// Comparisons in which they differed.
    pub differed: u64,
    /// The first one of each kind, shrunk.
    pub failures: Vec<Failure>,
}

/// A web on which engine and oracle differ.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed of the web.
    pub seed: u64,
    /// In which reading or on which path.
    pub mode: Mode,
    /// The web after shrinking.
    pub case: Case,
    /// Where they differ on it.
    pub verdict: Verdict,
    /// What kind of difference it is: one of each is shrunk.
    pub kind: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "seed {}, {:?}", self.seed, self.mode)?;
        write!(out, "{}", self.case.program)?;
        for overlay in &self.case.overlays {
            writeln!(out, "overlay {overlay:?}")?;
        }
        for group in &self.case.groups {
            writeln!(out, "own money of {group:?}")?;
        }
        match &self.verdict {
            Verdict::Differs(found) => {
                for difference in found.iter().take(12) {
                    writeln!(out, "  {difference}")?;
                }
                writeln!(out, "  ({} differences)", found.len())
            }
            other => writeln!(out, "  {other:?}"),
        }
    }
}

/// A web whose comparisons are all marginal is given up after so many redraws.
const REDRAWS_MAX: u64 = 20;

/// More kinds of failures are not looked for: the first ones are to be understood before.
const KINDS_MAX: usize = 8;

/// Compares the webs of a plan in every mode; stops after a few kinds of failures.
pub fn run(plan: &Plan, engine: &Engine) -> Report {
    let mut report = Report::default();
    for seed in (0..plan.count).map(|index| plan.seed.wrapping_add(index)) {
        for mode in modes(seed, plan.paths) {
            one(seed, mode, engine, &mut report);
        }
        if report.failures.len() >= KINDS_MAX {
            break;
        }
    }
    report
}

fn one(seed: u64, mode: Mode, engine: &Engine, report: &mut Report) {
    for redraw in 0..REDRAWS_MAX {
        // Far from the seeds of other webs.
        let seed = seed.wrapping_add(redraw << 40);
        let case = generate(seed);
        match compare(&case, mode, engine) {
            Verdict::Agrees => {
                report.agreed += 1;
                return;
            }
            Verdict::Marginal => report.redrawn += 1,
            verdict => {
                report.differed += 1;
                let known = |failure: &Failure| failure.kind == verdict.kind();
                if !report.failures.iter().any(known) {
                    let kind = verdict.kind();
                    report.failures.push(smallest(Failure { seed, mode, case, verdict, kind }, engine));
                }
                return;
            }
        }
    }
}

/// Shrinks a failing case for as long as it fails in the same way.
fn smallest(failure: Failure, engine: &Engine) -> Failure {
    let Failure { mode, ref kind, .. } = failure;
    let case = shrink(&failure.case, &|case| compare(case, mode, engine).kind() == *kind);
    let verdict = compare(&case, mode, engine);
    Failure { case, verdict, ..failure }
}

fn modes(seed: u64, paths: u64) -> impl Iterator<Item = Mode> {
    let path = move |first| Mode::Paths(Paths { seed, first, count: 1, exact_limit: 1 });
    Reading::ALL.into_iter().map(Mode::Reading).chain((0..paths).map(path))
}

/// The oracle in the place of an engine, to test the comparison itself.
pub const ORACLE: Engine = Engine { run: observe, draws };

#[expect(clippy::unnecessary_wraps, reason = "an engine may refuse")]
fn observe(program: &Program, spec: &RunSpec) -> Result<Observations, String> {
    let own;
    let world = match spec.mode {
        Mode::Reading(reading) => World::Reading(reading),
        Mode::Paths(_) => {
            own = draws(program, spec);
            World::Path(&own)
        }
    };
    let history = interpret(program, world, &spec.overlays, &spec.own_money);
    let read = |probe: &Probe, (first, last): (u32, u32)| {
        let months = if probe.quantity.is_flow() { first..=last } else { last..=last };
        months.map(|t| history.months[t as usize].read(probe.quantity)).sum()
    };
    let series = |probe: &Probe| Series {
        mean: probe.span.pieces(program).into_iter().map(|months| read(probe, months)).collect(),
        ..Series::default()
    };
    Ok(Observations {
        series: spec.probes.iter().map(series).collect(),
        left_out: history.left_out.iter().copied().collect(),
        unread: history.unread.iter().copied().collect(),
        failed: history.failed.into(),
        ..Observations::default()
    })
}

/// Any random numbers of the right shape.
fn draws(program: &Program, spec: &RunSpec) -> Draws {
    let Mode::Paths(paths) = spec.mode else { return Draws::default() };
    let mut random = random::Random::new(paths.seed ^ paths.first);
    let mut normal = move || (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
    let mut random = random::Random::new(paths.seed.wrapping_add(paths.first));
    let (factors, events) = (program.factors.len(), program.events.len());
    Draws {
        slots: program.slots.iter().map(|slot| slot.expected).collect(),
        normals: (0..program.months).map(|_| (0..factors).map(|_| normal()).collect()).collect(),
        jumps: (0..program.months).map(|_| (0..factors).map(|_| vec![normal()]).collect()).collect(),
        uniforms: (0..program.months).map(|_| (0..events).map(|_| random.unit()).collect()).collect(),
    }
}
