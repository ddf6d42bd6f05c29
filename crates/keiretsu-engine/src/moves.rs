//! Moves factors and events that differ between paths by one month.

use keiretsu_maths::exp::exp;
use keiretsu_maths::lanes::{Kernel, Lanes};
use keiretsu_maths::ln::ln;
use keiretsu_maths::moves::{BLOCK, PathColumn, step};
use keiretsu_maths::stream::DrawPurpose;
use keiretsu_program::{EventId, FactorId, Mode, SlotId, Target};

use crate::plan::Plan;
use crate::plan::kinds::SlotKind;
use crate::plan::mover::{Chances, Hazard, Motion, Mover};
use crate::plan::table::{self, chance_by, monthly};
use crate::random;
use crate::rows::{Arg, Place};
use crate::state::State;
use crate::steps;

/// A month, in years.
const DT: f64 = 1.0 / 12.0;
/// ln 2, of a half-life.
const LN_2: f64 = std::f64::consts::LN_2;

/// How a block's paths are drawn.
#[derive(Clone, Copy)]
struct Draw {
    lanes: Lanes,
    seed: u64,
    first_path: u64,
}

impl Draw {
    fn of(state: &State<'_>) -> Self {
        let seed = match state.plan.spec.mode {
            Mode::Paths(paths) => paths.seed,
            Mode::Reading(_) => 0,
        };
        Self { lanes: state.lanes, seed, first_path: state.first_path }
    }
}

/// Memory for the normals of the factors of a run, a column of paths each.
pub fn columns(plan: &Plan) -> Vec<PathColumn> {
    let count = plan.dependence.as_ref().map_or(0, random::Dependence::columns);
    vec![[0.0; BLOCK]; count]
}

/// Parameters that are drawn once a path.
pub fn draw_slots(state: &mut State<'_>) {
    let plan = state.plan;
    let Draw { lanes, seed, first_path } = Draw::of(state);
    for (at, row) in plan.layout.slots.iter().enumerate() {
        let Some(row) = *row else { continue };
        let row = state.rows.row_mut(row);
        match &plan.slot_kinds[at] {
            SlotKind::Fixed(_) => unreachable!("only what differs has a row"),
            SlotKind::Worlds(values) => row.copy_from_slice(values),
            SlotKind::Drawn(from, changes) => {
                random::draw(lanes, seed, at, *from, first_path, row);
                for change in changes {
                    steps::overlay(lanes, row, *change);
                }
            }
        }
    }
}

/// Factors at as-of.
pub fn start_factors(state: &mut State<'_>) {
    let plan = state.plan;
    for mover in &plan.movers {
        state.set(mover.level, mover.start, 0);
        show_factor(state, mover, 0);
    }
}

/// Events at as-of.
pub fn start_events(state: &mut State<'_>) {
    let plan = state.plan;
    for chances in &plan.chances {
        if matches!(chances.hazard, Hazard::Read) {
            read_event(state, chances, 0);
        } else {
            let now = matches!(chances.hazard, Hazard::TwoState { now: true, .. });
            state.rows.row_mut(chances.state).fill(f64::from(now));
        }
        show_event(state, chances.event, chances.state, chances.read, 0);
    }
}

/// One month of every factor.
pub fn move_factors(state: &mut State<'_>, columns: &mut [PathColumn], t: u32) {
    let plan = state.plan;
    let Draw { lanes, seed, first_path } = Draw::of(state);
    if let Some(dependence) = &plan.dependence {
        dependence.fill(lanes, seed, t, first_path, columns);
    }
    for mover in &plan.movers {
        move_factor(state, columns, mover, t);
        show_factor(state, mover, t);
    }
}

/// A factor's level as others read it, where overlays change it.
fn show_factor(state: &mut State<'_>, mover: &Mover, t: u32) {
    let Some(read) = mover.read else { return };
    state.set(read, Place::Row(mover.level), t);
    change(state, read, Target::Factor(FactorId(mover.factor as u32)), t);
}

fn show_event(state: &mut State<'_>, event: usize, stands: usize, read: Option<usize>, t: u32) {
    let Some(read) = read else { return };
    state.set(read, Place::Row(stands), t);
    change(state, read, Target::Event(EventId(event as u32)), t);
}

/// Applies the overlays of a target that are active in a month.
fn change(state: &mut State<'_>, row: usize, target: Target, t: u32) {
    for held in state.plan.overlays.of(target) {
        state.overlay(row, *held, t);
    }
}

fn move_factor(state: &mut State<'_>, columns: &[PathColumn], mover: &Mover, t: u32) {
    let plan = state.plan;
    let growth = plan.program.curves[plan.program.factors[mover.factor].growth.at()][t as usize];
    match mover.motion {
        Motion::Central => state.rows.row_mut(mover.level).iter_mut().for_each(|level| *level *= growth),
        Motion::Geometric { volatility } => {
            let lanes = state.lanes;
            let e = &columns[mover.factor];
            let (level, others) = state.rows.split(mover.level);
            match others.arg(volatility, plan.table.month(t)) {
                Arg::One(s) => step(lanes, level, geometric_drift(s, growth), s * DT.sqrt(), e),
                Arg::Many(s) => {
                    for ((level, s), e) in level.iter_mut().zip(s).zip(e) {
                        *level *= exp(geometric_drift(*s, growth) + s * DT.sqrt() * e);
                    }
                }
            }
        }
        Motion::MeanReverting { .. } => revert(state, columns, mover, t),
        Motion::Jump { .. } => jump(state, columns, mover, t, growth),
    }
}

/// Exponential Ornstein-Uhlenbeck: the deviation by its exact transition, then the level.
fn revert(state: &mut State<'_>, columns: &[PathColumn], mover: &Mover, t: u32) {
    let plan = state.plan;
    let Motion::MeanReverting { volatility, half_life, deviation } = mover.motion else { return };
    let month = plan.table.month(t);
    let central = plan.growth_to(mover.factor, t);
    let e = &columns[mover.factor];
    let (z, others) = state.rows.split(deviation);
    let (s, h) = (others.arg(volatility, month), others.arg(half_life, month));
    if let (Arg::One(s), Arg::One(h)) = (s, h) {
        let Reversion { decay, spread, .. } = Reversion::new(s, h, t);
        state.lanes.run(Deviate { z, e, decay, spread });
    } else {
        for (lane, z) in z.iter_mut().enumerate() {
            let Reversion { decay, spread, .. } = Reversion::new(s.at(lane), h.at(lane), t);
            *z = *z * decay + spread * e[lane];
        }
    }
    let (level, others) = state.rows.split(mover.level);
    let (s, h) = (others.arg(volatility, month), others.arg(half_life, month));
    let (start, z) = (others.arg(mover.start, month), others.row(deviation));
    if let (Arg::One(s), Arg::One(h), Arg::One(start)) = (s, h, start) {
        let half = Reversion::new(s, h, t).half_variance;
        state.lanes.run(Level { to: level, z, central: start * central, half });
    } else {
        for (lane, level) in level.iter_mut().enumerate() {
            let half = Reversion::new(s.at(lane), h.at(lane), t).half_variance;
            *level = start.at(lane) * central * exp(z[lane] - half);
        }
    }
}

/// The geometric step, and the jumps of the month together.
fn jump(state: &mut State<'_>, columns: &[PathColumn], mover: &Mover, t: u32, growth: f64) {
    let plan = state.plan;
    let Motion::Jump { volatility, rate, mean, spread } = mover.motion else { return };
    let Draw { lanes, seed, first_path } = Draw::of(state);
    let (mut u, mut size) = ([0.0; BLOCK], [0.0; BLOCK]);
    random::jump_uniforms(lanes, seed, t, mover.factor, first_path, &mut u);
    random::jump_normals(lanes, seed, t, mover.factor, first_path, &mut size);
    let month = plan.table.month(t);
    let e = &columns[mover.factor];
    let (level, others) = state.rows.split(mover.level);
    let (s, rate) = (others.arg(volatility, month), others.arg(rate, month));
    let (mean, spread) = (others.arg(mean, month), others.arg(spread, month));
    for (lane, level) in level.iter_mut().enumerate() {
        let (s, rate, mean, d) = (s.at(lane), rate.at(lane), mean.at(lane), spread.at(lane));
        let count = random::poisson(rate * DT, u[lane]);
        let jumps = if count > 0.0 {
            count * (ln(1.0 + mean) - d * d * 0.5) + count.sqrt() * d * size[lane]
        } else {
            0.0
        };
        let drift = geometric_drift(s, growth) - rate * mean * DT;
        *level *= exp(drift + s * DT.sqrt() * e[lane] + jumps);
    }
}

/// One month of every event that differs between paths.
pub fn move_events(state: &mut State<'_>, t: u32) {
    let plan = state.plan;
    let Draw { lanes, seed, first_path } = Draw::of(state);
    for chances in &plan.chances {
        if matches!(chances.hazard, Hazard::Read) {
            read_event(state, chances, t);
        } else {
            let mut u = [0.0; BLOCK];
            random::first_uniforms(lanes, seed, DrawPurpose::Event, t, chances.event, first_path, &mut u);
            move_event(state, chances.state, chances.hazard, &u, t);
        }
        show_event(state, chances.event, chances.state, chances.read, t);
    }
}

/// An event as a reading has it, world by world.
fn read_event(state: &mut State<'_>, chances: &Chances, t: u32) {
    let plan = state.plan;
    let (stands, others) = state.rows.split(chances.state);
    let occurrence = plan.program.events[chances.event].occurrence;
    for (lane, stands) in stands.iter_mut().enumerate() {
        let read = |slot: SlotId| others.arg(plan.slots[slot.at()], plan.table.month(t)).at(lane);
        *stands = table::event(occurrence, plan.spec, t as usize, *stands, read);
    }
}

fn move_event(state: &mut State<'_>, row: usize, hazard: Hazard, u: &PathColumn, t: u32) {
    let month = state.plan.table.month(t);
    let (stands, others) = state.rows.split(row);
    match hazard {
        Hazard::Once { chance, by } => {
            let hazard = chances(others.arg(chance, month), |chance| chance_by(chance, 1.0 / f64::from(by)));
            for (lane, stands) in stands.iter_mut().enumerate() {
                *stands = if u[lane] < hazard[lane] { 1.0 } else { *stands };
            }
        }
        Hazard::TwoState { shuts, reopens, .. } => {
            let shuts = chances(others.arg(shuts, month), monthly);
            let reopens = chances(others.arg(reopens, month), monthly);
            for (lane, stands) in stands.iter_mut().enumerate() {
                let stood = *stands > 0.5;
                let turns = u[lane] < if stood { shuts[lane] } else { reopens[lane] };
                *stands = f64::from(stood != turns);
            }
        }
        Hazard::Read => unreachable!("a reading draws nothing"),
    }
}

/// A monthly chance on each path of a block.
fn chances(stated: Arg, monthly: impl Fn(f64) -> f64) -> PathColumn {
    match stated {
        Arg::One(stated) => [monthly(stated); BLOCK],
        Arg::Many(stated) => std::array::from_fn(|lane| monthly(stated[lane])),
    }
}

/// What the logarithm of a geometric factor moves by on average.
fn geometric_drift(volatility: f64, growth: f64) -> f64 {
    ln(growth) - volatility * volatility * (0.5 * DT)
}

/// One month of an Ornstein-Uhlenbeck process.
struct Reversion {
    /// What is left of a deviation after a month.
    decay: f64,
    /// Standard deviation of a month's move.
    spread: f64,
    /// Half the variance of the deviation in month `t`.
    half_variance: f64,
}

impl Reversion {
    fn new(volatility: f64, half_life: f64, t: u32) -> Self {
        let k = LN_2 / half_life;
        let variance = |years: f64| volatility * volatility * (1.0 - exp(-2.0 * k * years)) / (2.0 * k);
        Self {
            decay: exp(-k * DT),
            spread: variance(DT).sqrt(),
            half_variance: 0.5 * variance(f64::from(t) * DT),
        }
    }
}

/// `z = z decay + spread e`.
struct Deviate<'a> {
    z: &'a mut [f64],
    e: &'a PathColumn,
    decay: f64,
    spread: f64,
}

impl Kernel for Deviate<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) {
        for (z, e) in self.z.iter_mut().zip(self.e) {
            *z = *z * self.decay + self.spread * e;
        }
    }
}

/// `level = central exp(z - half)`.
struct Level<'a> {
    to: &'a mut [f64],
    z: &'a [f64],
    central: f64,
    half: f64,
}

impl Kernel for Level<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) {
        for (level, z) in self.to.iter_mut().zip(self.z) {
            *level = self.central * exp(z - self.half);
        }
    }
}
