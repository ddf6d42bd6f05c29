//! Turns registers and flows that differ between paths into a list of steps over rows.
//!
//! Flows come in their order, each after what its amount needs, so that postings are summed in the same
//! order whatever is watched. The row of a register is used again after its last reader.

use keiretsu_program::{CurveId, FlowId, Op, Process, Program, Reg, RunSpec, Target};

use super::kinds::{Kinds, SlotKind};
use super::layout::{Layout, MaybeRow, Ring};
use super::overlays::{Held, Overlays};
use super::rooms::Rooms;
use super::table::{MonthTable, Unmet, latch_reading};
use crate::rows::Place;

/// What to do with one or two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// `a`
    Copy,
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a * b`
    Mul,
    /// `a / b`
    Div,
    /// The lesser.
    Min,
    /// The greater.
    Max,
    /// The lesser of two that are never unknown.
    MinKnown,
    /// The greater of two that are never unknown.
    MaxKnown,
    /// `a >= b`
    AtLeast,
    /// `a > b`
    MoreThan,
    /// Both.
    And,
    /// Either.
    Or,
}

/// What is due on a flow, and where it is added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DueStep {
    /// Which flow.
    pub flow: FlowId,
    /// Its amount.
    pub amount: Place,
    /// Where it is kept.
    pub out: MaybeRow,
    /// Whether an unknown amount has to be reported.
    pub report: bool,
    /// Rows that say whether the flow has ended: with either purse.
    pub ended: [MaybeRow; 2],
    /// Which rows of the postings it is added to: what the payer pays and what the payee receives.
    pub post: Option<[usize; 2]>,
}

impl DueStep {
    /// Nothing due.
    pub const NOTHING: DueStep = DueStep {
        flow: FlowId(0),
        amount: Place::Fixed(0.0),
        out: None,
        report: false,
        ended: [None; 2],
        post: None,
    };
}

/// What is due where the amount is a product of one or two rows with a floor:
/// `max((a x) (b y) scale, floor)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metered {
    /// `a`, and the row of `x`.
    pub left: (Place, usize),
    /// `b`, and the row of `y`, where there is one.
    pub right: Option<(Place, usize)>,
    /// What the product is taken times.
    pub scale: Place,
    /// Not below this.
    pub floor: Place,
    /// The rest; its amount is not read.
    pub due: DueStep,
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// One or two rows to one.
    Apply { code: Code, out: usize, a: Place, b: Place },
    /// Three to one.
    Choose { out: usize, when: Place, then: Place, otherwise: Place },
    /// A latch, in place.
    Latch { out: usize, when: Place, lapse: u32, unmet: Unmet },
    /// A value of some months ago.
    Lag { out: usize, of: Place, ring: Ring, months: u32 },
    /// The difference to last month.
    Rise { out: usize, of: Place, ring: Ring },
    /// A number of the month, where worlds differ in what becomes of it.
    Curve { out: usize, curve: CurveId },
    /// A change in the months of an overlay.
    Overlay { out: usize, held: Held },
    /// What is due on a flow.
    Due(DueStep),
    /// What is due on a flow, computed in one loop.
    Metered(Metered),
    /// Some of the tape's charges, one after the other: which is the first, and how many.
    Charges { first: usize, count: usize },
}

/// The steps of a month and where they leave what is read later.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    /// In order.
    pub steps: Vec<Step>,
    /// Products that are only posted, run after run. Their rows are below those of registers.
    pub charges: Vec<Metered>,
    /// Where each register is found after the steps.
    pub registers: Vec<Option<Place>>,
}

/// Writes the tape and hands out the rows of registers.
pub struct Writer<'a, 'b> {
    /// The program.
    pub program: &'a Program,
    /// The run.
    pub spec: &'a RunSpec,
    /// What is changed.
    pub overlays: &'a Overlays,
    /// What differs between paths.
    pub kinds: &'a Kinds,
    /// What does not.
    pub table: &'a MonthTable,
    /// The rows so far.
    pub layout: &'a Layout,
    /// More rows.
    pub rooms: &'b mut Rooms<'a>,
}

impl Writer<'_, '_> {
    /// Where factors, as others read them, are found.
    pub fn factor(&self, at: usize, registers: &[Option<Place>]) -> Option<Place> {
        let row = self.layout.factors[at].read.or(self.layout.factors[at].level);
        if let Some(row) = row {
            return Some(Place::Row(row));
        }
        match self.program.factors[at].process {
            Process::Formula(reg) if self.kinds.factors[at] => registers[reg.0 as usize],
            _ => self.table.factors[at],
        }
    }

    /// Where events, as others read them, are found.
    pub fn event(&self, at: usize) -> Option<Place> {
        let row = self.layout.events[at].read.or(self.layout.events[at].state);
        row.map(Place::Row).or(self.table.events[at])
    }

    /// Writes the steps of a month.
    pub fn write(&mut self) -> Tape {
        let mut tape = Tape { registers: self.table.registers.clone(), ..Tape::default() };
        for at in 0..self.program.flows.len() {
            let amount = self.program.flows[at].amount;
            self.register(&mut tape, amount);
            self.due(&mut tape, at);
        }
        for at in 0..self.program.ops.len() {
            if self.kinds.needed[at] {
                self.register(&mut tape, Reg(at as u32));
            }
        }
        tape
    }

    /// A register and, before it, what it reads. No recursion: chains can be long.
    fn register(&mut self, tape: &mut Tape, reg: Reg) {
        let mut open = vec![reg];
        while let Some(&next) = open.last() {
            let at = next.0 as usize;
            if tape.registers[at].is_some() {
                open.pop();
                continue;
            }
            let depth = open.len();
            let program = self.program;
            open.extend(program.ops[at].operands().filter(|reg| tape.registers[reg.0 as usize].is_none()));
            if let Op::Factor(factor) = program.ops[at]
                && let Process::Formula(reg) = program.factors[factor.at()].process
                && tape.registers[reg.0 as usize].is_none()
            {
                open.push(reg);
            }
            if open.len() == depth {
                let place = self.compute(tape, next);
                tape.registers[at] = Some(place);
                open.pop();
            }
        }
    }

    fn compute(&mut self, tape: &mut Tape, reg: Reg) -> Place {
        let place = self.undisturbed(tape, reg);
        let overlays = self.overlays;
        if !overlays.changes(Target::Register(reg)) {
            return place;
        }
        let out = self.rooms.row();
        tape.steps.push(Step::Apply { code: Code::Copy, out, a: place, b: place });
        let changes = overlays.of(Target::Register(reg)).iter();
        tape.steps.extend(changes.map(|held| Step::Overlay { out, held: *held }));
        Place::Row(out)
    }

    fn undisturbed(&mut self, tape: &mut Tape, reg: Reg) -> Place {
        let at = reg.0 as usize;
        let op = self.program.ops[at];
        let purse = |party: keiretsu_program::PartyId| self.program.parties[party.at()].purse.at();
        let read = |reg: Reg| tape.registers[reg.0 as usize].expect("operands are written first");
        let step = match op {
            Op::Slot(slot) => match self.kinds.slots[slot.at()] {
                SlotKind::Fixed(value) => return Place::Fixed(value),
                SlotKind::Drawn(..) | SlotKind::Worlds(_) => {
                    return Place::Row(self.layout.slots[slot.at()].expect("what differs has a row"));
                }
            },
            Op::Factor(factor) => return self.read_factor(tape, factor.at()),
            Op::Event(event) => return self.event(event.at()).expect("every event has a place"),
            Op::Latch { when, lapse } => {
                let out = self.layout.latches[at].expect("a latch that is needed has a row");
                let unmet = latch_reading(self.spec);
                tape.steps.push(Step::Latch { out, when: read(when), lapse, unmet });
                return Place::Row(out);
            }
            // Copied: what they read moves at the end of the month.
            Op::Account(account) => self.copy(self.layout.accounts[account.at()]),
            Op::Cash(party) => self.copy(self.layout.purses[purse(party)].cash),
            Op::Defaulted(party) => self.copy(self.layout.purses[purse(party)].defaulted),
            Op::Lag { of, months } => {
                let ring = self.layout.rings[of.0 as usize].expect("what is lagged has a past");
                let months = months.min(ring.length as u32);
                Step::Lag { out: self.rooms.row(), of: read(of), ring, months }
            }
            Op::Rise(of) => {
                let ring = self.layout.rings[of.0 as usize].expect("what rises has a past");
                Step::Rise { out: self.rooms.row(), of: read(of), ring }
            }
            Op::Choose { when, then, otherwise } => {
                let (when, then, otherwise) = (read(when), read(then), read(otherwise));
                // A choice that is made for the whole run is no step.
                match when {
                    Place::Fixed(chance) if chance.to_bits() == 1.0f64.to_bits() => return then,
                    Place::Fixed(chance) if chance.to_bits() == 0.0f64.to_bits() => return otherwise,
                    _ => {}
                }
                Step::Choose { out: self.rooms.row(), when, then, otherwise }
            }
            Op::Not(a) => {
                Step::Apply { code: Code::Sub, out: self.rooms.row(), a: Place::Fixed(1.0), b: read(a) }
            }
            Op::Curve(curve) => Step::Curve { out: self.rooms.row(), curve },
            _ => {
                let operands: Vec<Reg> = op.operands().collect();
                let known = operands.iter().all(|reg| self.kinds.known[reg.0 as usize]);
                let (a, b) = (read(operands[0]), read(operands[1]));
                Step::Apply { code: code(op, known), out: self.rooms.row(), a, b }
            }
        };
        tape.steps.push(step);
        match step {
            Step::Apply { out, .. }
            | Step::Choose { out, .. }
            | Step::Curve { out, .. }
            | Step::Lag { out, .. }
            | Step::Rise { out, .. } => Place::Row(out),
            _ => unreachable!("these steps have rows of their own"),
        }
    }

    fn copy(&mut self, row: MaybeRow) -> Step {
        let a = Place::Row(row.expect("what is read is kept"));
        Step::Apply { code: Code::Copy, out: self.rooms.row(), a, b: a }
    }

    /// A factor as others read it; a formula's overlay is applied where it is first read.
    fn read_factor(&mut self, tape: &mut Tape, at: usize) -> Place {
        let place = self.factor(at, &tape.registers).expect("every factor that is read has a place");
        let Process::Formula(reg) = self.program.factors[at].process else { return place };
        let Some(out) = self.layout.factors[at].read else { return place };
        let a = tape.registers[reg.0 as usize].expect("a formula comes before what reads it");
        tape.steps.push(Step::Apply { code: Code::Copy, out, a, b: a });
        let target = Target::Factor(keiretsu_program::FactorId(at as u32));
        let changes = self.overlays.of(target).iter();
        tape.steps.extend(changes.map(|held| Step::Overlay { out, held: *held }));
        Place::Row(out)
    }

    fn due(&mut self, tape: &mut Tape, at: usize) {
        let flow = &self.program.flows[at];
        let purse = |party: keiretsu_program::PartyId| self.program.parties[party.at()].purse.at();
        let (from, to) = (purse(flow.from), purse(flow.to));
        let count = self.program.parties.len();
        let ends = |purse: usize| if flow.survives { None } else { self.layout.purses[purse].defaulted };
        // Credits come between what is due and what is posted.
        let posted = from != to && self.program.credits.is_empty();
        tape.steps.push(Step::Due(DueStep {
            flow: FlowId(at as u32),
            amount: tape.registers[flow.amount.0 as usize].expect("its amount is written first"),
            out: self.layout.flows[at].due,
            report: !self.kinds.known[flow.amount.0 as usize],
            ended: [ends(from), ends(to)],
            post: posted.then_some([from, count + to]),
        }));
    }
}

fn code(op: Op, known: bool) -> Code {
    match op {
        Op::Add(..) => Code::Add,
        Op::Sub(..) => Code::Sub,
        Op::Mul(..) => Code::Mul,
        Op::Div(..) => Code::Div,
        Op::Min(..) if known => Code::MinKnown,
        Op::Min(..) => Code::Min,
        Op::Max(..) if known => Code::MaxKnown,
        Op::Max(..) => Code::Max,
        Op::AtLeast(..) => Code::AtLeast,
        Op::MoreThan(..) => Code::MoreThan,
        Op::And(..) => Code::And,
        Op::Or(..) => Code::Or,
        _ => unreachable!("not an op of two operands"),
    }
}
