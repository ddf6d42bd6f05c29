//! What is the same on every path, month by month: one row for each month, `t = 0..=T`.

use keiretsu_maths::power::power;
use keiretsu_program::{Mode, Occurrence, Op, Process, Program, RunSpec, SlotId, Target};

use super::kinds::{Kinds, SlotKind, takes_unknown_as_unmet};
use super::overlays::Overlays;
use crate::logic;
use crate::rows::Place;

/// A number for each month and each thing that does not differ between paths.
#[derive(Clone, Debug)]
pub struct MonthTable {
    values: Vec<f64>,
    width: usize,
    /// Where each register is found, if it does not differ between paths.
    pub registers: Vec<Option<Place>>,
    /// Where each factor is found.
    pub factors: Vec<Option<Place>>,
    /// Where each event is found.
    pub events: Vec<Option<Place>>,
}

impl MonthTable {
    /// Computes the table of a run.
    pub fn new(program: &Program, spec: &RunSpec, overlays: &Overlays, kinds: &Kinds) -> Self {
        let mut width = 0;
        let mut column = |differs: bool| {
            if differs {
                return None;
            }
            width += 1;
            Some(Place::Month(width - 1))
        };
        let factors = kinds.factors.iter().map(|differs| column(*differs)).collect();
        let events = kinds.events.iter().map(|differs| column(*differs)).collect();
        let filling = Filling::new(program, spec, overlays, kinds);
        let changed = &filling.changed;
        let registers = (0..program.ops.len()).map(|at| {
            if !kinds.needed[at] {
                return None;
            }
            match program.ops[at] {
                Op::Slot(slot) if !changed[at] => match kinds.slots[slot.at()] {
                    SlotKind::Fixed(value) => Some(Place::Fixed(value)),
                    SlotKind::Drawn(..) | SlotKind::Worlds(_) => None,
                },
                _ => column(kinds.registers[at]),
            }
        });
        let registers = registers.collect();
        let mut table = Self { values: vec![], width, registers, factors, events };
        table.values = vec![0.0; width * (program.months as usize + 1)];
        filling.fill(&mut table);
        table
    }

    /// The numbers of a month.
    pub fn month(&self, t: u32) -> &[f64] {
        &self.values[t as usize * self.width..(t as usize + 1) * self.width]
    }

    fn read(&self, place: Place, t: usize) -> f64 {
        match place {
            Place::Fixed(value) => value,
            Place::Month(column) => self.values[t * self.width + column],
            Place::Row(_) => unreachable!("the table holds no rows of paths"),
        }
    }

    fn write(&mut self, place: Option<Place>, t: usize, value: f64) {
        if let Some(Place::Month(column)) = place {
            self.values[t * self.width + column] = value;
        }
    }
}

struct Filling<'a> {
    program: &'a Program,
    spec: &'a RunSpec,
    overlays: &'a Overlays,
    kinds: &'a Kinds,
    /// What each latch holds, overlays apart.
    latched: Vec<f64>,
    /// The formula factors that name each register.
    formulas: Vec<Vec<usize>>,
    /// Whether an overlay changes a register.
    changed: Vec<bool>,
}

impl<'a> Filling<'a> {
    fn new(program: &'a Program, spec: &'a RunSpec, overlays: &'a Overlays, kinds: &'a Kinds) -> Self {
        let count = program.ops.len();
        let mut formulas = vec![vec![]; count];
        for (at, factor) in program.factors.iter().enumerate() {
            if let Process::Formula(reg) = factor.process {
                formulas[reg.0 as usize].push(at);
            }
        }
        let mut changed = vec![false; count];
        for held in overlays.all() {
            if let Target::Register(reg) = held.overlay.target {
                changed[reg.0 as usize] = true;
            }
        }
        Self { program, spec, overlays, kinds, latched: vec![0.0; count], formulas, changed }
    }

    fn fill(mut self, table: &mut MonthTable) {
        self.central(table);
        self.events(table);
        for t in 0..=self.program.months as usize {
            for at in 0..self.program.ops.len() {
                if matches!(table.registers[at], Some(Place::Month(_))) {
                    let value = self.register(table, t, at);
                    let target = Target::Register(keiretsu_program::Reg(at as u32));
                    let value = if self.changed[at] { self.overlaid(target, t, value) } else { value };
                    table.write(table.registers[at], t, value);
                }
                self.fill_formulas(table, t, at);
            }
        }
    }

    fn overlaid(&self, target: Target, t: usize, value: f64) -> f64 {
        let held = self.overlays.of(target).iter().filter(|held| held.holds(t as u32));
        held.fold(value, |value, held| logic::changed(held.overlay.change, value))
    }

    fn slot(&self, id: SlotId) -> f64 {
        match self.kinds.slots[id.at()] {
            SlotKind::Fixed(value) => value,
            SlotKind::Drawn(..) | SlotKind::Worlds(_) => unreachable!("what differs is not in the table"),
        }
    }

    /// Central paths of factors that do not differ between paths.
    fn central(&self, table: &mut MonthTable) {
        for (at, factor) in self.program.factors.iter().enumerate() {
            if self.kinds.factors[at] || matches!(factor.process, Process::Formula(_)) {
                continue;
            }
            let mut level = self.slot(factor.start);
            for t in 0..=self.program.months as usize {
                if t > 0 {
                    level *= self.program.curves[factor.growth.at()][t];
                }
                let target = Target::Factor(keiretsu_program::FactorId(at as u32));
                let read = self.overlaid(target, t, level);
                table.write(table.factors[at], t, read);
            }
        }
    }

    /// A formula factor is known once the register that it names is.
    fn fill_formulas(&self, table: &mut MonthTable, t: usize, reg: usize) {
        let Some(place) = table.registers[reg] else { return };
        for &at in &self.formulas[reg] {
            let target = Target::Factor(keiretsu_program::FactorId(at as u32));
            let value = self.overlaid(target, t, table.read(place, t));
            table.write(table.factors[at], t, value);
        }
    }

    fn events(&self, table: &mut MonthTable) {
        for at in 0..self.program.events.len() {
            if self.kinds.events[at] {
                continue;
            }
            let mut state = f64::NAN;
            for t in 0..=self.program.months as usize {
                state = self.event(at, t, state);
                let target = Target::Event(keiretsu_program::EventId(at as u32));
                let read = self.overlaid(target, t, state);
                table.write(table.events[at], t, read);
            }
        }
    }

    /// An event in month `t`, given its state (or chance) of the month before.
    fn event(&self, at: usize, t: usize, before: f64) -> f64 {
        event(self.program.events[at].occurrence, self.spec, t, before, |slot| self.slot(slot))
    }

    fn register(&mut self, table: &MonthTable, t: usize, at: usize) -> f64 {
        let read = |reg: keiretsu_program::Reg, t: usize| {
            let place = table.registers[reg.0 as usize].expect("what this reads does not differ either");
            table.read(place, t)
        };
        match self.program.ops[at] {
            Op::Slot(slot) => self.slot(slot),
            Op::Curve(curve) => self.program.curves[curve.at()][t],
            Op::Factor(factor) => table.read(table.factors[factor.at()].expect("it does not differ"), t),
            Op::Event(event) => table.read(table.events[event.at()].expect("it does not differ"), t),
            Op::Lag { of, months } => read(of, t.saturating_sub(months as usize)),
            Op::Rise(_) if t == 0 => 0.0,
            Op::Rise(of) => read(of, t) - read(of, t - 1),
            Op::Latch { when, lapse } => {
                let unmet = latch_reading(self.spec);
                let latched = latch(self.latched[at], read(when, t), t, lapse, unmet);
                self.latched[at] = latched;
                latched
            }
            // Not stated: unknown.
            Op::Cash(_) => f64::NAN,
            // Never, or it would differ.
            Op::Defaulted(_) => 0.0,
            Op::Account(_) => unreachable!("accounts differ between paths"),
            Op::Choose { when, then, otherwise } => {
                logic::choose(read(when, t), read(then, t), read(otherwise, t))
            }
            Op::Not(a) => 1.0 - read(a, t),
            op => {
                let mut operands = op.operands().map(|reg| read(reg, t));
                let (a, b) = (operands.next(), operands.next());
                binary(op, a.expect("two operands"), b.expect("two operands"))
            }
        }
    }
}

/// An event in month `t`, given its state (or chance) of the month before.
pub fn event(
    occurrence: Occurrence,
    spec: &RunSpec,
    t: usize,
    before: f64,
    read: impl Fn(SlotId) -> f64,
) -> f64 {
    let blind = matches!(spec.mode, Mode::Reading(reading) if takes_unknown_as_unmet(reading));
    match occurrence {
        Occurrence::Settled { at } => f64::from(at as usize <= t && at != u32::MAX),
        Occurrence::Unknown => f64::NAN,
        Occurrence::Once { .. } if t == 0 => 0.0,
        Occurrence::Once { .. } if blind => f64::NAN,
        Occurrence::Once { chance, by } => chance_by(read(chance), t as f64 / f64::from(by)),
        Occurrence::TwoState { now, .. } if t == 0 || blind => f64::from(now),
        Occurrence::TwoState { shuts, reopens, .. } => {
            let (shuts, reopens) = (monthly(read(shuts)), monthly(read(reopens)));
            before * (1.0 - shuts) + (1.0 - before) * reopens
        }
    }
}

/// The result of an op of two operands.
fn binary(op: Op, a: f64, b: f64) -> f64 {
    match op {
        Op::Add(..) => a + b,
        Op::Sub(..) => a - b,
        Op::Mul(..) => a * b,
        Op::Div(..) => logic::quotient(a, b),
        Op::Min(..) => logic::lesser(a, b),
        Op::Max(..) => logic::greater(a, b),
        Op::AtLeast(..) => logic::at_least(a, b),
        Op::MoreThan(..) => logic::more_than(a, b),
        Op::And(..) => logic::and(a, b),
        Op::Or(..) => logic::or(a, b),
        _ => unreachable!("not an op of two operands"),
    }
}

/// What a latch makes of an unknown condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// It stays unknown.
    Unknown,
    /// Not yet met.
    No,
    /// Not yet met, but met in the month in which it lapses.
    UntilLapse,
}

/// What the latches of this run make of the unknown.
pub fn latch_reading(spec: &RunSpec) -> Unmet {
    match spec.mode {
        Mode::Reading(keiretsu_program::Reading::Firm) => Unmet::No,
        Mode::Reading(keiretsu_program::Reading::Headline) => Unmet::UntilLapse,
        _ => Unmet::Unknown,
    }
}

/// What a latch holds at the end of month `t`.
#[expect(clippy::inline_always, reason = "the body of loops compiled for each instruction set")]
#[inline(always)]
pub fn latch(before: f64, when: f64, t: usize, lapse: u32, unmet: Unmet) -> f64 {
    if t == 0 {
        return 0.0;
    }
    if t > lapse as usize {
        return before;
    }
    if unmet == Unmet::UntilLapse && t == lapse as usize {
        return 1.0;
    }
    let when = if unmet != Unmet::Unknown && when.is_nan() { 0.0 } else { when };
    logic::ever(before, when)
}

/// The monthly chance that compounds to a yearly one.
pub fn monthly(yearly: f64) -> f64 {
    chance_by(yearly, 1.0 / 12.0)
}

/// The chance after a share of the time in which it is reached at a constant hazard. An overlay may have
/// lifted it above 1.
pub fn chance_by(chance: f64, share: f64) -> f64 {
    1.0 - power(1.0 - chance.clamp(0.0, 1.0), share)
}
