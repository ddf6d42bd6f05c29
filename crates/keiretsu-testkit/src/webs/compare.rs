//! Runs a case through oracle and engine and says where they differ.

use std::fmt;

use keiretsu_program::{
    CoverId, CreditsId, FactorId, FlowId, HoldingId, Mode, Observations, Op, OwnMoney, PartyId, Probe,
    Program, Quantity, Reg, RunSpec, Span,
};

use super::Case;
use crate::oracle::{Draws, History, World, interpret};

/// Who is held against the oracle.
#[derive(Clone, Copy)]
pub struct Engine {
    /// Runs a program.
    pub run: fn(&Program, &RunSpec) -> Result<Observations, String>,
    /// The random numbers of the first path of a run.
    pub draws: fn(&Program, &RunSpec) -> Draws,
}

/// A number on which the two disagree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Of what; none where one of the two gave the path up.
    pub quantity: Option<Quantity>,
    /// The months `(first, last)` of the number.
    pub months: (u32, u32),
    /// What the oracle has.
    pub oracle: f64,
    /// What the engine has.
    pub engine: f64,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { quantity, months: (first, last), oracle, engine } = self;
        match quantity {
            Some(quantity) => write!(out, "{quantity:?} {first}..={last}: oracle {oracle}, engine {engine}"),
            None => write!(out, "given up or left out: oracle {oracle}, engine {engine}"),
        }
    }
}

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// They agree.
    Agrees,
    /// Rounding could have decided something, or numbers grew wild: draw another.
    Marginal,
    /// They differ.
    Differs(Vec<Difference>),
    /// The engine refused the program.
    Refused(String),
}

impl Verdict {
    /// What went wrong, in a word: the first quantity that differs, or why the engine refused.
    pub fn kind(&self) -> String {
        match self {
            Self::Agrees => "agrees".into(),
            Self::Marginal => "marginal".into(),
            Self::Refused(why) => why.clone(),
            Self::Differs(found) => {
                let first = found.first().and_then(|difference| difference.quantity);
                let name = first.map_or_else(|| "whole".into(), |quantity| format!("{quantity:?}"));
                name.chars().take_while(|c| c.is_alphabetic()).collect()
            }
        }
    }
}

/// Flows beyond this are the work of a generator, not of a market.
const WILD: f64 = 1e13;

/// Holds the engine against the oracle in one reading or on the first path of a range.
pub fn compare(case: &Case, mode: Mode, engine: &Engine) -> Verdict {
    let spec = RunSpec {
        mode,
        overlays: case.overlays.clone(),
        probes: probes(case),
        own_money: case.groups.clone(),
        convention: OwnMoney::ProRata,
        quantiles: keiretsu_program::Observations::QUANTILES.to_vec(),
        tails: vec![],
        exposures: vec![],
        possible: false,
    };
    let draws;
    let world = match mode {
        Mode::Reading(reading) => World::Reading(reading),
        Mode::Paths(_) => {
            draws = (engine.draws)(&case.program, &spec);
            World::Path(&draws)
        }
    };
    let history = interpret(&case.program, world, &case.overlays, &case.groups);
    if history.is_marginal() || history.largest > WILD {
        return Verdict::Marginal;
    }
    match (engine.run)(&case.program, &spec) {
        Err(refusal) => Verdict::Refused(refusal),
        Ok(observed) => {
            let found = differences(&case.program, &spec, &history, &observed);
            if found.is_empty() { Verdict::Agrees } else { Verdict::Differs(found) }
        }
    }
}

fn differences(
    program: &Program,
    spec: &RunSpec,
    history: &History,
    observed: &Observations,
) -> Vec<Difference> {
    let whole =
        |oracle: f64, engine: f64| Difference { quantity: None, months: (1, program.months), oracle, engine };
    if history.failed || observed.failed > 0 {
        let (oracle, engine) = (f64::from(history.failed), observed.failed as f64);
        return if oracle.to_bits() == engine.to_bits() { vec![] } else { vec![whole(oracle, engine)] };
    }
    let mut found = vec![];
    let mut left_out = observed.left_out.clone();
    left_out.sort_unstable();
    for flow in left_out.iter().filter(|flow| !history.left_out.contains(flow)) {
        found.push(whole(f64::NAN, flow.0.into()));
    }
    for flow in history.left_out.iter().filter(|flow| !left_out.contains(flow)) {
        found.push(whole(flow.0.into(), f64::NAN));
    }
    let unread: Vec<_> = history.unread.iter().copied().collect();
    if unread != observed.unread {
        found.push(whole(unread.len() as f64, observed.unread.len() as f64));
    }
    for (probe, series) in spec.probes.iter().zip(&observed.series) {
        let pieces = probe.span.pieces(program);
        assert_eq!(pieces.len(), series.mean.len(), "{probe:?} has one entry for each piece");
        for (months, &engine) in pieces.into_iter().zip(&series.mean) {
            let oracle = expected(history, probe.quantity, months);
            let tolerance = tolerance(program, history, probe.quantity, oracle);
            let same = oracle.is_nan() && engine.is_nan() || (oracle - engine).abs() <= tolerance;
            if !same {
                found.push(Difference { quantity: Some(probe.quantity), months, oracle, engine });
            }
        }
    }
    // The first month in which something differs is the one to look at.
    found.sort_by_key(|difference| difference.months.1);
    found
}

/// Flows add up, stocks are read in the last month.
fn expected(history: &History, quantity: Quantity, (first, last): (u32, u32)) -> f64 {
    let read = |t: u32| history.months[t as usize].read(quantity);
    if quantity.is_flow() { (first..=last).map(read).sum() } else { read(last) }
}

fn tolerance(program: &Program, history: &History, quantity: Quantity, value: f64) -> f64 {
    let of_money = History::TOLERANCE * history.largest.max(value.abs());
    match quantity {
        Quantity::Defaulted(_) => 0.0,
        Quantity::Stake(_) => History::TOLERANCE,
        Quantity::Factor(_) => History::TOLERANCE * value.abs(),
        Quantity::Register(reg) => match program.ops[reg.0 as usize] {
            Op::Slot(_) | Op::Curve(_) | Op::Factor(_) => History::TOLERANCE * value.abs(),
            Op::Event(_)
            | Op::AtLeast(..)
            | Op::MoreThan(..)
            | Op::And(..)
            | Op::Or(..)
            | Op::Not(_)
            | Op::Latch { .. }
            | Op::Defaulted(_) => History::TOLERANCE,
            _ => of_money,
        },
        _ => of_money,
    }
}

/// Everything, by month and by year; what others follow from comes first.
fn probes(case: &Case) -> Vec<Probe> {
    let program = &case.program;
    let mut all = vec![];
    all.extend((0..program.factors.len() as u32).map(|id| Quantity::Factor(FactorId(id))));
    all.extend((0..program.ops.len() as u32).map(|id| Quantity::Register(Reg(id))));
    for id in (0..program.credits.len() as u32).map(CreditsId) {
        all.extend([Quantity::CreditsUsed(id), Quantity::CreditsExpired(id), Quantity::CreditsLeft(id)]);
    }
    all.extend((0..program.covers.len() as u32).map(|id| Quantity::Drawn(CoverId(id))));
    let flows = || (0..program.flows.len() as u32).map(FlowId);
    let parties = || (0..program.parties.len() as u32).map(PartyId);
    all.extend(flows().map(Quantity::Due));
    all.extend(parties().map(Quantity::Raised));
    all.extend(flows().map(Quantity::Payment));
    let of_party = [Quantity::Shortfall, Quantity::Defaulted, Quantity::Net, Quantity::Cash, Quantity::Value];
    all.extend(of_party.into_iter().flat_map(|quantity| parties().map(quantity)));
    for id in 0..program.holdings.len() as u32 {
        all.extend([Quantity::Stake(HoldingId(id)), Quantity::Holding(HoldingId(id))]);
    }
    for group in 0..case.groups.len() as u32 {
        all.extend(parties().map(|party| Quantity::OwnReceipts { group, party }));
    }
    let spans = [Span::Month, Span::Year];
    all.iter().flat_map(|&quantity| spans.map(|span| Probe { quantity, span })).collect()
}
