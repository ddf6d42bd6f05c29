//! Parameters of M1 to the text of a model, and that text to times and checks of a Monte Carlo of it.
//!
//! The text is read as any model's: TOML, model, program, plan. Timed is what the engine does with the
//! program until the quantiles of every party's net cash in every month lie in memory, its planning included;
//! writing and reading the text is reported apart (`read_s`), as compilation is for others.
//!
//! Two more figures show what M1 itself does not: with [`With::Funding`] parties run short, raise, clear and
//! fail; with [`With::OwnMoney`] the money of the first party is followed through everybody's cash.
//!
//! Invariants: quantiles are exact whatever the number of paths; drivers that nothing reads are watched, so
//! that they move too.
//! Absent: use of any structure in the parameters.

use std::fmt::Write as _;

use keiretsu_contracts::Lowered;
use keiretsu_model::{MemoryFiles, Model, Options, Severity};
use keiretsu_program::{
    FactorId, FlowId, Month, Observations, PartyId, Paths, Probe, Program, Quantity, RunSpec, Span,
};
use serde_json::json;

use crate::checks::{self, Reference};
use crate::params::{Contract, Params};
use crate::{Effort, Report, repeated, timed};

/// The month before the first that is run.
const ORIGIN: (i32, i32) = (2025, 12);
/// Those outside the web.
const OUTSIDE: PartyId = PartyId(0);
/// The quantiles that the specification asks for.
const QUANTILES: [f64; 3] = [0.05, 0.50, 0.95];
/// Paths of the run that warms up; its time is not counted.
const WARM_UP_PATHS: u64 = 10_000;
/// The most paths from which the means of contracts are taken.
const MEANS_PATHS: u64 = 20_000;

/// What is in the web beside what the specification has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum With {
    /// Nothing.
    Nothing,
    /// Parties with cash of 100 that raise at a value of 500, every other one, or fail.
    Funding,
    /// Parties with cash of 100; followed is what of the first party's receipts is its own money.
    OwnMoney,
}

impl With {
    fn bench(self) -> &'static str {
        match self {
            With::Nothing => "m1",
            With::Funding => "m1-funding",
            With::OwnMoney => "m1-own-money",
        }
    }

    /// The terms of a party.
    fn terms(self, party: usize) -> String {
        let price = if party.is_multiple_of(2) { "price = \"$500\", " } else { "" };
        match self {
            With::Nothing => String::new(),
            With::OwnMoney => " cash = \"$100\" ".to_owned(),
            With::Funding => format!(
                " cash = \"$100\", funding = {{ keep = \"1 month of burn\", raise = \"6 months of burn\", \
                 {price}else = \"default\", grace = \"2 months\" }} "
            ),
        }
    }
}

/// Runs M1, and checks it, against reference quantiles too if there are any.
///
/// # Errors
/// The parameters make no model that runs, or the reference is of another size or of the web without funding.
pub fn run(
    params: &Params,
    with: With,
    effort: Effort,
    reference: Option<&Reference>,
) -> Result<Report, String> {
    if with == With::Funding && reference.is_some() {
        return Err("the reference is of the web without failures; leave out --reference, or --with".into());
    }
    if let Some(reference) = reference {
        reference.fits(params)?;
    }
    let (web, read) = timed(|| Web::of(params, with));
    let web = web?;
    let (seen, times) = repeated(effort, |number| {
        let size = if number == 0 { effort.size.min(WARM_UP_PATHS) } else { effort.size };
        web.simulate(&web.net, Effort { size, ..effort }, u64::from(number))
    })?;
    let (passed, mut check) = web.check(params, effort, &seen, reference)?;
    check.insert("unit".to_owned(), json!("path-step-contracts"));
    check.insert("runs".to_owned(), json!(effort.runs));
    check.insert("read_s".to_owned(), json!(read.wall_s));
    let contracts = params.contracts.len() as u64;
    let work = effort.size.saturating_mul(u64::from(params.months)).saturating_mul(contracts);
    let (size, threads) = (effort.size, effort.threads);
    Ok(Report { bench: with.bench(), size, threads, work, times, passed, check })
}

/// The model of a text and its program.
fn read(text: &str) -> Result<(Model, Lowered), String> {
    let specs = keiretsu_contracts::specs();
    let opened = keiretsu_model::open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&specs));
    let found = opened.diagnostics.into_iter().chain(keiretsu_contracts::check(&opened.model));
    if let Some(wrong) = found.into_iter().find(|one| one.severity() == Severity::Error) {
        return Err(format!("the parameters make a model with errors: {} {}", wrong.code, wrong.message));
    }
    let lowered = keiretsu_contracts::lower(&opened.model);
    keiretsu_program::verify(&lowered.program).map_err(|faults| format!("{faults:?}"))?;
    Ok((opened.model, lowered))
}

/// The web as it was read back, and what is watched of it.
struct Web {
    program: Program,
    with: With,
    /// Net cash of every party, in the order of the parameters, and with funding of those outside; then
    /// what else is asked for, and drivers that would not move else.
    net: Vec<Probe>,
    /// How many of these sum to zero.
    balanced: usize,
    /// Whose own money is followed.
    followed: Vec<Vec<PartyId>>,
    /// What is due on each contract, in the order of the parameters.
    due: Vec<Probe>,
}

impl Web {
    fn of(params: &Params, with: With) -> Result<Self, String> {
        let (model, lowered) = read(&text(params, with))?;
        let lost = |name: &str| format!("`{name}` is not in the program");
        let monthly = |quantity| Probe { quantity, span: Span::Month };
        let party = |at: usize| {
            let name = format!("p{at}");
            let party = model.find_party(&name).ok_or_else(|| lost(&name))?;
            Ok(PartyId(party.0))
        };
        let contract = |at: usize| {
            let name = format!("c{at}");
            let place = lowered.side.flows.iter().position(|flow| flow.name == name);
            let flow = place.ok_or_else(|| lost(&name))?;
            Ok(monthly(Quantity::Due(FlowId(flow as u32))))
        };
        let parties = (0..params.parties).map(party).collect::<Result<Vec<_>, String>>()?;
        let mut net: Vec<Probe> = parties.iter().map(|party| monthly(Quantity::Net(*party))).collect();
        if with == With::Funding {
            net.push(monthly(Quantity::Net(OUTSIDE)));
        }
        let balanced = net.len();
        let whole = |quantity| Probe { quantity, span: Span::Whole };
        match with {
            With::Nothing => {}
            With::Funding => net.extend(parties.iter().map(|party| whole(Quantity::Defaulted(*party)))),
            With::OwnMoney => net.push(monthly(Quantity::OwnReceipts { group: 0, party: parties[0] })),
        }
        let due = (0..params.contracts.len()).map(contract).collect::<Result<Vec<_>, String>>()?;
        net.extend(idle(params).map(|at| whole(Quantity::Factor(FactorId(at as u32)))));
        let followed = if with == With::OwnMoney { vec![vec![parties[0]]] } else { vec![] };
        Ok(Self { program: lowered.program, with, net, balanced, followed, due })
    }

    fn spec(&self, probes: &[Probe], effort: Effort, number: u64) -> RunSpec {
        let seed = effort.seed.wrapping_add(number);
        let paths = Paths { seed, first: 0, count: effort.size, exact_limit: u64::MAX };
        let own_money = self.followed.clone();
        RunSpec { quantiles: QUANTILES.to_vec(), own_money, ..RunSpec::paths(paths, probes.to_vec()) }
    }

    fn simulate(&self, probes: &[Probe], effort: Effort, number: u64) -> Result<Observations, String> {
        let spec = self.spec(probes, effort, number);
        keiretsu_engine::run(&self.program, &spec, effort.threads).map_err(|error| format!("{error:?}"))
    }

    fn check(
        &self,
        params: &Params,
        effort: Effort,
        seen: &[Observations],
        reference: Option<&Reference>,
    ) -> Result<(bool, serde_json::Map<String, serde_json::Value>), String> {
        let mut found = vec![("exact", checks::exact(seen)), ("money", self.money(params, effort, seen)?)];
        if self.with == With::Funding {
            found.push(("failures", self.failures(params, seen)));
        } else {
            let more = Effort { size: effort.size.min(MEANS_PATHS), ..effort };
            let due = self.simulate(&self.due, more, u64::from(effort.runs) + 1)?;
            found.push(("contract_means", checks::means(params, &due, more.size)));
        }
        if self.with == With::OwnMoney {
            found.push(("own_money", own_money(&seen[0], self.balanced)));
        }
        if let Some(reference) = reference {
            let quantiles: Vec<_> =
                seen.iter().map(|seen| reference.compare(params, seen, effort.size)).collect();
            found.push(("quantiles", checks::together(&quantiles)));
        }
        let passed = found.iter().all(|(_, check)| check["passed"] == json!(true));
        Ok((passed, found.into_iter().map(|(name, check)| (name.to_owned(), check)).collect()))
    }

    /// Parties that fail on a path, on average: a chance each.
    fn failures(&self, params: &Params, seen: &[Observations]) -> serde_json::Value {
        let chances = |seen: &Observations| -> Vec<f64> {
            let of = &seen.series[self.balanced..self.balanced + params.parties];
            of.iter().map(|series| series.mean[0]).collect()
        };
        let chances: Vec<f64> = seen.iter().flat_map(chances).collect();
        let passed = chances.iter().all(|chance| (0.0..=1.0).contains(chance));
        json!({"passed": passed, "a_path": chances.iter().sum::<f64>() / seen.len().max(1) as f64})
    }

    /// Money over all parties, in the means of each month, and path by path on the first few.
    fn money(
        &self,
        params: &Params,
        effort: Effort,
        seen: &[Observations],
    ) -> Result<serde_json::Value, String> {
        const REPLAYED: u64 = 4;
        let mut worst: f64 = 0.0;
        for seen in seen {
            let at = |t: usize| (0..self.balanced).map(move |party| seen.series[party].mean[t]);
            (0..params.months as usize).for_each(|t| worst = worst.max(checks::imbalance(at(t))));
        }
        let spec = self.spec(&self.net, effort, 1);
        for path in 0..REPLAYED.min(effort.size) {
            let replay = keiretsu_engine::replay(&self.program, &spec, path);
            let replay = replay.map_err(|error| format!("{error:?}"))?;
            for t in 1..=params.months {
                let nets = self.net[..self.balanced].iter();
                let nets = nets.map(|probe| replay.get(probe.quantity, t).unwrap_or(f64::NAN));
                worst = worst.max(checks::imbalance(nets));
            }
        }
        // A sum of a few thousand amounts in another order.
        let passed = worst <= 1e-12 * (params.contracts.len() as f64).max(10.0);
        Ok(json!({"passed": passed, "worst_share": worst, "paths_replayed": REPLAYED.min(effort.size)}))
    }
}

/// What of the first party's receipts is its own money, on average over a path.
fn own_money(seen: &Observations, at: usize) -> serde_json::Value {
    let own: f64 = seen.series[at].mean.iter().sum();
    json!({"passed": 0.0 <= own && own.is_finite(), "received": own})
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
pub fn text(params: &Params, with: With) -> String {
    let mut text = head(params);
    for at in 0..params.parties {
        let _ = writeln!(text, "p{at} = {{{}}}", with.terms(at));
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
