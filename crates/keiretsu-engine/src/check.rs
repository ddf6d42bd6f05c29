//! Whether a run makes sense, before anything is computed.

use keiretsu_program::{
    ExposureSpec, FactorId, Mode, Process, Program, Quantity, RunSpec, SlotId, Target, verify,
};

use crate::error::RunError;
use crate::plan::kinds::{Kinds, SlotKind};
use crate::plan::overlays::Overlays;

/// The program is sound and the run names only what it has.
pub fn check(program: &Program, spec: &RunSpec, overlays: &Overlays) -> Result<(), RunError> {
    verify(program).map_err(|faults| RunError::NotVerified { faults: faults.len() })?;
    let targets = overlays.all().iter().all(|held| target_exists(program, held.overlay.target));
    let probes = spec.probes.iter().all(|probe| quantity_exists(program, spec, probe.quantity));
    let parts = spec.exposures.iter().all(|exposure| exposure_exists(program, spec, exposure));
    let groups = spec.own_money.iter().flatten().all(|party| party.at() < program.parties.len());
    if !(targets && probes && parts && groups) {
        return Err(RunError::UnknownTarget);
    }
    let mut levels = spec.quantiles.iter().chain(&spec.tails);
    if let Some(level) = levels.find(|level| !(0.0..=1.0).contains(*level)) {
        return Err(RunError::Level { level: *level });
    }
    if let Mode::Paths(paths) = spec.mode {
        let end = paths.first.saturating_add(paths.count);
        if paths.count == 0 || paths.count > crate::PATHS_MAX || end > keiretsu_maths::stream::PATHS_MAX {
            return Err(RunError::PathCount { count: paths.count });
        }
    }
    Ok(())
}

fn target_exists(program: &Program, target: Target) -> bool {
    match target {
        Target::Slot(slot) => slot.at() < program.slots.len(),
        Target::Factor(factor) => factor.at() < program.factors.len(),
        Target::Event(event) => event.at() < program.events.len(),
        Target::Register(reg) => (reg.0 as usize) < program.ops.len(),
        // Outside never defaults.
        Target::Default(party) => 0 < party.at() && party.at() < program.parties.len(),
    }
}

fn exposure_exists(program: &Program, spec: &RunSpec, exposure: &ExposureSpec) -> bool {
    let fits = |part: &Quantity| {
        let kind = matches!(part, Quantity::Due(_) | Quantity::Register(_) | Quantity::Holding(_));
        kind && quantity_exists(program, spec, *part)
    };
    exposure.debtor.at() < program.parties.len() && exposure.parts.iter().chain(&exposure.less).all(fits)
}

fn quantity_exists(program: &Program, spec: &RunSpec, quantity: Quantity) -> bool {
    let party = |party: keiretsu_program::PartyId| party.at() < program.parties.len();
    match quantity {
        Quantity::Due(flow) | Quantity::Payment(flow) => flow.at() < program.flows.len(),
        Quantity::Net(id)
        | Quantity::Cash(id)
        | Quantity::Raised(id)
        | Quantity::Defaulted(id)
        | Quantity::Shortfall(id)
        | Quantity::Value(id) => party(id),
        Quantity::Factor(factor) => factor.at() < program.factors.len(),
        Quantity::Register(reg) => (reg.0 as usize) < program.ops.len(),
        Quantity::Holding(holding) | Quantity::Stake(holding) => holding.at() < program.holdings.len(),
        Quantity::CreditsUsed(pool) | Quantity::CreditsExpired(pool) | Quantity::CreditsLeft(pool) => {
            pool.at() < program.credits.len()
        }
        Quantity::Exposure(at) | Quantity::ExposureAtDefault(at) => (at as usize) < spec.exposures.len(),
        Quantity::Drawn(cover) => cover.at() < program.covers.len(),
        Quantity::OwnReceipts { group, party: id } => (group as usize) < spec.own_money.len() && party(id),
    }
}

/// Parameters of processes lie in their ranges, where they are numbers before the run.
pub fn check_parameters(program: &Program, kinds: &Kinds) -> Result<(), RunError> {
    for (at, factor) in program.factors.iter().enumerate() {
        if !kinds.factors[at] {
            continue;
        }
        let wants = |slot: SlotId, holds: fn(f64) -> bool| match kinds.slots[slot.at()] {
            SlotKind::Fixed(value) if !holds(value) => {
                Err(RunError::Parameter { factor: FactorId(at as u32), slot, value })
            }
            _ => Ok(()),
        };
        let not_negative: fn(f64) -> bool = |x| 0.0 <= x && x.is_finite();
        match factor.process {
            Process::Central | Process::Formula(_) => {}
            Process::Geometric { volatility } => wants(volatility, not_negative)?,
            Process::MeanReverting { volatility, half_life } => {
                wants(volatility, not_negative)?;
                wants(half_life, |x| 0.0 < x && x.is_finite())?;
            }
            Process::Jump { volatility, jump } => {
                wants(volatility, not_negative)?;
                wants(jump.rate, |x| (0.0..=RATE_MAX).contains(&x))?;
                wants(jump.mean, |x| -1.0 < x && x.is_finite())?;
                wants(jump.spread, not_negative)?;
            }
        }
    }
    Ok(())
}

/// Jumps a year beyond which the count of a month, which is bounded, would be cut off.
pub const RATE_MAX: f64 = 240.0;
