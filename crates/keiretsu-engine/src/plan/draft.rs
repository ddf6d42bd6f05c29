//! A tape on its way: written, fused, its rows shared. docs/ENGINE-PLAN.md shows each stage of one.

use keiretsu_program::{Feed, Process, Program, Quantity, Reg, RunSpec};

use super::fuse::fuse;
use super::kinds::Kinds;
use super::layout::Layout;
use super::overlays::Overlays;
use super::reads::Reads;
use super::reuse::share_rows;
use super::rooms::Rooms;
use super::table::MonthTable;
use super::tape::{Tape, Writer};
use crate::rows::Place;

/// A tape with the rows that it works on.
pub struct Draft {
    /// The rows of a block.
    pub layout: Layout,
    /// The steps of a month.
    pub tape: Tape,
    /// Where factors are found.
    pub factors: Vec<Option<Place>>,
    /// Where events are found.
    pub events: Vec<Option<Place>>,
    /// The first row of registers.
    base: usize,
    /// How many rows registers have as written.
    count: usize,
    /// What is read after the steps of a month.
    pinned: Vec<Place>,
}

impl Draft {
    /// Each register and flow in its order, each register in a row of its own.
    pub fn write(
        program: &Program,
        spec: &RunSpec,
        overlays: &Overlays,
        kinds: &Kinds,
        table: &MonthTable,
    ) -> Self {
        let reads = Reads::new(program, spec, kinds);
        let (layout, mut rooms) = Rooms::layout(program, spec, overlays, kinds, &reads);
        let base = layout.total;
        let mut writer = Writer { program, spec, overlays, kinds, table, layout: &layout, rooms: &mut rooms };
        let tape = writer.write();
        let factors: Vec<Option<Place>> =
            (0..program.factors.len()).map(|at| writer.factor(at, &tape.registers)).collect();
        let events = (0..program.events.len()).map(|at| writer.event(at)).collect();
        let count = rooms.row() - base;
        let pinned = pinned(program, spec, &tape, &layout, &factors);
        Self { layout, tape, factors, events, base, count, pinned }
    }

    /// Joins steps that are often met together.
    pub fn fuse(&mut self) {
        fuse(&mut self.tape, self.base, self.count, &self.pinned);
    }

    /// Gives a row to another register once nothing reads it any more.
    pub fn share_rows(&mut self, program: &Program) {
        let in_use = share_rows(&mut self.tape, self.base, self.count, &self.pinned);
        self.layout.total = self.base + in_use;
        let factors = std::mem::take(&mut self.factors);
        self.factors = factors_after(program, &self.layout, factors, &self.tape);
    }
}

/// A formula factor is found where its register is, and that row may have been renamed.
fn factors_after(
    program: &Program,
    layout: &Layout,
    before: Vec<Option<Place>>,
    tape: &Tape,
) -> Vec<Option<Place>> {
    let places = before.into_iter().enumerate().map(|(at, place)| match program.factors[at].process {
        Process::Formula(reg)
            if layout.factors[at].read.is_none() && matches!(place, Some(Place::Row(_))) =>
        {
            tape.registers[reg.0 as usize]
        }
        _ => place,
    });
    places.collect()
}

/// What is read after the steps of a month.
fn pinned(
    program: &Program,
    spec: &RunSpec,
    tape: &Tape,
    layout: &Layout,
    factors: &[Option<Place>],
) -> Vec<Place> {
    let mut regs: Vec<Reg> = vec![];
    regs.extend(program.credits.iter().flat_map(|pool| [Some(pool.grant), pool.grows]).flatten());
    regs.extend(program.claims.iter().map(|claim| claim.amount));
    for cover in &program.covers {
        regs.push(cover.share);
        regs.extend(cover.limit.iter().chain(&cover.cushion).chain(&cover.worth).chain(&cover.grows));
        regs.extend(cover.claims.iter().map(|one| one.falls));
    }
    for party in &program.parties {
        regs.extend(party.recovery);
        regs.extend(party.value);
        regs.extend(party.funding.iter().flat_map(|funding| [funding.price, funding.most]).flatten());
    }
    regs.extend(program.flows.iter().filter_map(|flow| flow.issue).map(|issue| issue.pre_money));
    regs.extend(program.flows.iter().filter_map(|flow| flow.issue?.in_kind));
    for feed in program.accounts.iter().flat_map(|account| &account.feeds) {
        if let Feed::Value(reg) = feed {
            regs.push(*reg);
        }
    }
    for quantity in spec.quantities() {
        if let Quantity::Register(reg) = quantity {
            regs.push(reg);
        }
    }
    let ringed = layout.rings.iter().enumerate().filter(|(_, ring)| ring.is_some());
    regs.extend(ringed.map(|(at, _)| Reg(at as u32)));
    let places = regs.iter().filter_map(|reg| tape.registers[reg.0 as usize]);
    places.chain(factors.iter().flatten().copied()).collect()
}
