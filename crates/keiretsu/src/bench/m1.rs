//! Parameters of M1 to the text of a model, and that text to times and checks of a Monte Carlo of it.
//!
//! ```
//! use keiretsu::bench::{m1, params::Params};
//! let text = m1::text(&Params::standard());
//! assert!(text.contains("usage = \"$2 / month * x10 * x0\""));
//! ```
//!
//! The text is read as any model's: TOML, model, program, plan. Timed is what the engine does with the
//! program until the quantiles of every party's net cash in every month lie in memory, its planning included;
//! writing and reading the text is reported apart (`read_s`), as compilation is for others.
//!
//! Invariants: quantiles are exact whatever the number of paths; drivers that nothing reads are watched, so
//! that they move too.
//! Absent: use of any structure in the parameters.

use std::fmt::Write as _;

use keiretsu_model::MemoryFiles;
use keiretsu_program::{
    FactorId, FlowId, Month, Observations, PartyId, Paths, Probe, Program, Quantity, RunSpec, Span,
};
use serde_json::json;

use super::params::{Contract, Params};
use super::{Effort, Reference, Report, Times, checks, timed};
use crate::{Dates, Project, RunTrouble, Runner};

/// The month before the first that is run.
const ORIGIN: (i32, i32) = (2025, 12);
/// The quantiles that the specification asks for.
const QUANTILES: [f64; 3] = [0.05, 0.50, 0.95];
/// Paths of the run that warms up; its time is not counted.
const WARM_UP_PATHS: u64 = 10_000;
/// The most paths from which the means of contracts are taken.
const MEANS_PATHS: u64 = 20_000;

/// Runs M1, and checks it, against reference quantiles too if there are any.
///
/// # Errors
/// [`RunTrouble`]: the parameters make no model that runs, or the reference is of another size.
pub fn run(params: &Params, effort: Effort, reference: Option<&Reference>) -> Result<Report, RunTrouble> {
    if let Some(reference) = reference {
        reference.fits(params)?;
    }
    let (project, read) = timed(|| {
        let files = MemoryFiles::root(&text(params));
        Project::of(&files, "keiretsu.toml", Dates::default())
    });
    if let Some(wrong) = project.found.iter().find(|_| project.has_errors()) {
        let what = format!("the parameters make a model with errors: {} {}", wrong.code, wrong.message);
        return Err(RunTrouble::Asked(what, wrong.hint.clone()));
    }
    let (runner, lower) = timed(|| project.runner());
    let web = Web::of(params, runner?)?;
    web.simulate(&web.net, Effort { size: effort.size.min(WARM_UP_PATHS), ..effort }, 0)?;
    let mut times = vec![];
    let mut seen = vec![];
    for number in 1..=u64::from(effort.runs) {
        let (run, took) = timed(|| web.simulate(&web.net, effort, number));
        seen.push(run?);
        times.push(took);
    }
    let (passed, mut check) = web.check(params, effort, &seen, reference)?;
    check.insert("unit".to_owned(), json!("path-step-contracts"));
    check.insert("runs".to_owned(), json!(effort.runs));
    check.insert("read_s".to_owned(), json!(read.wall_s + lower.wall_s));
    let contracts = params.contracts.len() as u64;
    let work = effort.size.saturating_mul(u64::from(params.months)).saturating_mul(contracts);
    let (size, threads) = (effort.size, effort.threads);
    Ok(Report { bench: "m1", size, threads, work, times: Times::median(&times), passed, check })
}

/// The web as it was read back, and what is watched of it.
struct Web<'a> {
    runner: Runner<'a>,
    /// Net cash of every party, in the order of the parameters; then drivers that would not move else.
    net: Vec<Probe>,
    /// What is due on each contract, in the order of the parameters.
    due: Vec<Probe>,
}

impl<'a> Web<'a> {
    fn of(params: &Params, runner: Runner<'a>) -> Result<Self, RunTrouble> {
        let lost = |name: &str| RunTrouble::Ours(format!("`{name}` is not in the program"));
        let monthly = |quantity| Probe { quantity, span: Span::Month };
        let party = |at: usize| {
            let name = format!("p{at}");
            let party = runner.model.find_party(&name).ok_or_else(|| lost(&name))?;
            Ok(monthly(Quantity::Net(PartyId(party.0))))
        };
        let contract = |at: usize| {
            let name = format!("c{at}");
            let place = runner.lowered.side.flows.iter().position(|flow| flow.name == name);
            let flow = place.ok_or_else(|| lost(&name))?;
            Ok(monthly(Quantity::Due(FlowId(flow as u32))))
        };
        let mut net = (0..params.parties).map(party).collect::<Result<Vec<_>, RunTrouble>>()?;
        let due = (0..params.contracts.len()).map(contract).collect::<Result<Vec<_>, RunTrouble>>()?;
        net.extend(idle(params).map(|at| {
            let quantity = Quantity::Factor(FactorId(at as u32));
            Probe { quantity, span: Span::Whole }
        }));
        Ok(Self { runner, net, due })
    }

    fn program(&self) -> &Program {
        &self.runner.lowered.program
    }

    fn simulate(&self, probes: &[Probe], effort: Effort, number: u64) -> Result<Observations, RunTrouble> {
        let spec = spec(probes, effort, number);
        keiretsu_engine::run(self.program(), &spec, effort.threads)
            .map_err(|error| self.runner.refused(&error))
    }

    fn check(
        &self,
        params: &Params,
        effort: Effort,
        seen: &[Observations],
        reference: Option<&Reference>,
    ) -> Result<(bool, serde_json::Map<String, serde_json::Value>), RunTrouble> {
        let more = Effort { size: effort.size.min(MEANS_PATHS), ..effort };
        let number = u64::from(effort.runs) + 1;
        let due = self.simulate(&self.due, more, number)?;
        let mut found = vec![
            ("exact", checks::exact(seen)),
            ("money", self.money(params, effort, seen)?),
            ("contract_means", checks::means(params, &due, more.size)),
        ];
        if let Some(reference) = reference {
            let quantiles: Vec<_> =
                seen.iter().map(|seen| reference.compare(params, seen, effort.size)).collect();
            found.push(("quantiles", checks::together(&quantiles)));
        }
        let passed = found.iter().all(|(_, check)| check["passed"] == json!(true));
        Ok((passed, found.into_iter().map(|(name, check)| (name.to_owned(), check)).collect()))
    }

    /// Money over all parties, in the means of each month, and path by path on the first few.
    fn money(
        &self,
        params: &Params,
        effort: Effort,
        seen: &[Observations],
    ) -> Result<serde_json::Value, RunTrouble> {
        const REPLAYED: u64 = 4;
        let mut worst: f64 = 0.0;
        for seen in seen {
            let at = |t: usize| (0..params.parties).map(move |party| seen.series[party].mean[t]);
            (0..params.months as usize).for_each(|t| worst = worst.max(checks::imbalance(at(t))));
        }
        let spec = spec(&self.net, effort, 1);
        for path in 0..REPLAYED.min(effort.size) {
            let replay = keiretsu_engine::replay(self.program(), &spec, path);
            let replay = replay.map_err(|error| self.runner.refused(&error))?;
            for t in 1..=params.months {
                let nets = self.net[..params.parties].iter();
                let nets = nets.map(|probe| replay.get(probe.quantity, t).unwrap_or(f64::NAN));
                worst = worst.max(checks::imbalance(nets));
            }
        }
        // A sum of a few thousand amounts in another order.
        let passed = worst <= 1e-12 * (params.contracts.len() as f64).max(10.0);
        Ok(json!({"passed": passed, "worst_share": worst, "paths_replayed": REPLAYED.min(effort.size)}))
    }
}

fn spec(probes: &[Probe], effort: Effort, number: u64) -> RunSpec {
    let seed = effort.seed.wrapping_add(number);
    let paths = Paths { seed, first: 0, count: effort.size, exact_limit: u64::MAX };
    RunSpec { quantiles: QUANTILES.to_vec(), ..RunSpec::paths(paths, probes.to_vec()) }
}

/// Drivers that no contract and no tranche reads.
fn idle(params: &Params) -> impl Iterator<Item = usize> {
    let reads = |at: usize| {
        let contract = |contract: &Contract| contract.usage_driver == at || contract.price_driver == at;
        params.contracts.iter().any(contract) || params.tranches.iter().any(|tranche| tranche.driver == at)
    };
    (0..params.drivers.len()).filter(move |at| !reads(*at))
}

/// The text of the model. Numbers are written with as many digits as it takes to read them back unchanged.
pub fn text(params: &Params) -> String {
    let mut text = head(params);
    for at in 0..params.parties {
        let _ = writeln!(text, "p{at} = {{}}");
    }
    for (at, driver) in params.drivers.iter().enumerate() {
        // The growth of a year that goes with a continuous drift.
        let growth = driver.drift.exp_m1();
        let _ = writeln!(text, "\n[factors.x{at}]\nstart = \"1\"\ngrowth = \"{growth}\"");
        if 0.0 < driver.volatility {
            let _ = writeln!(text, "volatility = \"{}\"", driver.volatility);
        }
    }
    let _ = writeln!(text, "\n[correlations]");
    for (i, row) in params.correlation.iter().enumerate() {
        for (j, rho) in row[..i].iter().enumerate() {
            let _ = writeln!(text, "\"x{j}, x{i}\" = \"{rho}\"");
        }
    }
    contracts(params, &mut text);
    text
}

fn head(params: &Params) -> String {
    let (year, month) = ORIGIN;
    format!(
        "keiretsu = 1\ntitle = \"The work of record, M1\"\nas_of = {year}-{month:02}-31\n\
         horizon = \"{} months\"\n\n[parties]\n",
        params.months
    )
}

fn contracts(params: &Params, text: &mut String) {
    let origin = Month::new(ORIGIN.0, ORIGIN.1);
    let (first, last) = (origin.plus(1), origin.plus(params.months as i32));
    for (at, contract) in params.contracts.iter().enumerate() {
        let metered = contract.usage * contract.rate;
        let Contract { usage_driver, price_driver, minimum, payer, payee, .. } = contract;
        let _ = writeln!(
            text,
            "\n[contracts.c{at}]\ntype = \"supply\"\nbuyer = \"p{payer}\"\nseller = \"p{payee}\"\n\
             from = \"{first}\"\nuntil = \"{last}\"\nminimum = \"${minimum} / month\"\n\
             usage = \"${metered} / month * x{usage_driver} * x{price_driver}\""
        );
    }
    for (at, tranche) in params.tranches.iter().enumerate() {
        let _ = writeln!(
            text,
            "\n[contracts.t{at}]\ntype = \"equity\"\ninvestor = \"p{}\"\nissuer = \"p{}\"\n\
             tranches.capital = {{ amount = \"${}\", when = \"x{} >= {}\" }}",
            tranche.payer, tranche.payee, tranche.amount, tranche.driver, tranche.barrier
        );
    }
}
