//! One path, with everything on it watched: for `explain`, and for comparison with an oracle.

use std::collections::BTreeMap;

use keiretsu_maths::lanes::Lanes;
use keiretsu_maths::moves::BLOCK;
use keiretsu_maths::stream::DrawPurpose;
use keiretsu_program::{
    CoverId, CreditsId, FactorId, FlowId, HoldingId, Mode, PartyId, Paths, Probe, Process, Program, Quantity,
    Reg, RunSpec, Span,
};

use crate::error::RunError;
use crate::plan::Plan;
use crate::random::{Dependence, draw, first_uniforms, jump_normals, jump_uniforms, poisson};
use crate::state::marked;
use crate::work::Work;

/// Everything that happens on one path (or in a reading). The same bits as in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// Registers at as-of, `t = 0`.
    pub registers_start: Vec<f64>,
    /// Factors as others read them at as-of, `t = 0`.
    pub factors_start: Vec<f64>,
    /// For each month from `t = 1`, the numbers of all quantities in the order of `positions`.
    pub months: Vec<Vec<f64>>,
    /// Flows of which some month's amount was unknown.
    pub left_out: Vec<FlowId>,
    /// Whether something overflowed; then the path enters no figure.
    pub failed: bool,
    positions: BTreeMap<Quantity, usize>,
}

impl Replay {
    /// A quantity in month `t`, from 1; none if there is no such quantity or month.
    pub fn get(&self, quantity: Quantity, t: u32) -> Option<f64> {
        let month = self.months.get((t as usize).checked_sub(1)?)?;
        self.positions.get(&quantity).map(|at| month[*at])
    }

    /// All quantities there are.
    pub fn quantities(&self) -> impl Iterator<Item = Quantity> {
        self.positions.keys().copied()
    }
}

/// Replays one path of a simulation, or a reading (`path` is not read then). The spec's probes and the range
/// of its paths are not read; its overlays and groups are.
///
/// # Errors
/// As [`crate::run`].
pub fn replay(program: &Program, spec: &RunSpec, path: u64) -> Result<Replay, RunError> {
    let quantities = all_quantities(program, spec);
    let mut spec = spec.clone();
    spec.probes =
        quantities.iter().map(|quantity| Probe { quantity: *quantity, span: Span::Month }).collect();
    let (width, first_path, lane) = place_of(&mut spec.mode, path);
    let plan = Plan::new(program, &spec, width)?;
    let mut work = Work::new(&plan);
    work.state.wanted = lane..lane + 1;
    work.start(first_path);
    let registers = (0..program.ops.len()).map(|at| plan.register(Reg(at as u32)));
    let registers_start = registers.map(|place| work.state.arg(place, 0).at(lane)).collect();
    let factors = plan.factors.iter().map(|place| place.expect("every factor is watched"));
    let factors_start = factors.map(|place| work.state.arg(place, 0).at(lane)).collect();
    let mut months = vec![];
    for t in 1..=program.months {
        work.month(t);
        months.push((0..quantities.len()).map(|probe| work.watched(probe, t).at(lane)).collect());
    }
    let positions = quantities.into_iter().zip(0..).collect();
    let (left_out, failed) = (marked(&work.state.left_out), work.state.failed[lane]);
    Ok(Replay { registers_start, factors_start, months, left_out, failed, positions })
}

/// Width of a block, its first path, and the place of a path in it; the mode becomes one of that path.
fn place_of(mode: &mut Mode, path: u64) -> (usize, u64, usize) {
    match mode {
        Mode::Reading(_) => (1, 0, 0),
        Mode::Paths(paths) => {
            *paths = Paths { first: path, count: 1, exact_limit: 1, ..*paths };
            let block = BLOCK as u64;
            (BLOCK, path / block * block, (path % block) as usize)
        }
    }
}

/// Everything that there is about a program.
pub(crate) fn all_quantities(program: &Program, spec: &RunSpec) -> Vec<Quantity> {
    let mut all = vec![];
    for at in 0..program.flows.len() as u32 {
        all.extend([Quantity::Due(FlowId(at)), Quantity::Payment(FlowId(at))]);
    }
    for party in (0..program.parties.len() as u32).map(PartyId) {
        all.extend([Quantity::Net(party), Quantity::Cash(party), Quantity::Raised(party)]);
        all.extend([Quantity::Defaulted(party), Quantity::Shortfall(party), Quantity::Value(party)]);
        let own = (0..spec.own_money.len() as u32).map(|group| Quantity::OwnReceipts { group, party });
        all.extend(own);
    }
    all.extend((0..program.factors.len() as u32).map(|at| Quantity::Factor(FactorId(at))));
    all.extend((0..program.ops.len() as u32).map(|at| Quantity::Register(Reg(at))));
    for holding in (0..program.holdings.len() as u32).map(HoldingId) {
        all.extend([Quantity::Holding(holding), Quantity::Stake(holding)]);
    }
    for pool in (0..program.credits.len() as u32).map(CreditsId) {
        let used = [Quantity::CreditsUsed(pool), Quantity::CreditsExpired(pool), Quantity::CreditsLeft(pool)];
        all.extend(used);
    }
    all.extend((0..program.covers.len() as u32).map(|at| Quantity::Drawn(CoverId(at))));
    all
}

/// The random numbers of one path, as `crate::random` makes them.
#[derive(Clone, Debug, PartialEq)]
pub struct Draws {
    /// Every slot as it is drawn, before overlays: its point where it has no distribution.
    pub slots: Vec<f64>,
    /// Correlated standard normals (after the copula) by month from `t = 1`, then by factor. Formula and
    /// central factors keep their place.
    pub normals: Vec<Vec<f64>>,
    /// Uniforms by month from `t = 1`, then by event: a monthly chance above its uniform has come true.
    pub events: Vec<Vec<f64>>,
    /// Numbers of jumps by month from `t = 1`, then by factor; 0 for those that do not jump.
    pub jump_counts: Vec<Vec<f64>>,
    /// One normal for all jumps of a month, by month from `t = 1`, then by factor: the logarithms of `n`
    /// jumps sum to `n (ln(1 + mean) - d^2 / 2) + sqrt(n) d` times it.
    pub jump_normals: Vec<Vec<f64>>,
}

/// The engine's random numbers of one path.
///
/// # Errors
/// As [`crate::run`]; [`RunError::NotPaths`] for a reading.
pub fn draws(program: &Program, spec: &RunSpec, path: u64) -> Result<Draws, RunError> {
    let mut spec = spec.clone();
    let Mode::Paths(Paths { seed, .. }) = spec.mode else { return Err(RunError::NotPaths) };
    let (width, first_path, lane) = place_of(&mut spec.mode, path);
    spec.probes = vec![];
    let plan = Plan::new(program, &spec, width)?;
    let mut work = Work::new(&plan);
    work.start(first_path);
    let lanes = Lanes::best();
    let column = |fill: &mut dyn FnMut(&mut [f64])| {
        let mut column = [0.0; BLOCK];
        fill(&mut column);
        column[lane]
    };
    let slots = program.slots.iter().enumerate();
    let slots =
        slots.map(|(at, slot)| column(&mut |out| draw(lanes, seed, at, slot.sampled, first_path, out)));
    let mut found = Draws {
        slots: slots.collect(),
        normals: vec![],
        events: vec![],
        jump_counts: vec![],
        jump_normals: vec![],
    };
    let dependence = Dependence::new(program, program.factors.len())?;
    let mut columns = vec![[0.0; BLOCK]; dependence.columns()];
    for t in 1..=program.months {
        dependence.fill(lanes, seed, t, first_path, &mut columns);
        found.normals.push(columns[..program.factors.len()].iter().map(|column| column[lane]).collect());
        let event =
            |at| column(&mut |out| first_uniforms(lanes, seed, DrawPurpose::Event, t, at, first_path, out));
        found.events.push((0..program.events.len()).map(event).collect());
        let jump = |at: usize| {
            let Process::Jump { jump, .. } = program.factors[at].process else { return 0.0 };
            let rate = work.state.arg(plan.slots[jump.rate.at()], 0).at(lane);
            poisson(rate / 12.0, column(&mut |out| jump_uniforms(lanes, seed, t, at, first_path, out)))
        };
        found.jump_counts.push((0..program.factors.len()).map(jump).collect());
        let size = |at| column(&mut |out| jump_normals(lanes, seed, t, at, first_path, out));
        found.jump_normals.push((0..program.factors.len()).map(size).collect());
    }
    Ok(found)
}
