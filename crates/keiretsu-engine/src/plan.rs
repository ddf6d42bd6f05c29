//! Turns a program and a run of it into what a block of paths does each month.
//!
//! Everything that can be decided before the run is: what is the same on every path (the table), which rows
//! exist, in which order steps come, what can be unknown, what has no reader.

mod draft;
mod fuse;
pub mod kinds;
pub mod layout;
pub mod mover;
pub mod overlays;
pub mod probes;
mod reads;
mod reuse;
mod rooms;
pub mod table;
pub mod tape;

use keiretsu_program::{Mode, Overlay, Process, Program, Reading, RunSpec, Target};

use crate::error::RunError;
use crate::random::Dependence;
use crate::rows::Place;
use draft::Draft;
use kinds::{Kinds, SlotKind};
use layout::{FundedRows, Layout};
use mover::{Chances, Mover};
use overlays::Overlays;
use probes::ProbePlan;
use table::MonthTable;
use tape::Tape;

/// A party that can be short, and how it finds money.
#[derive(Clone, Copy, Debug)]
pub struct Funded {
    /// Its purse.
    pub purse: usize,
    /// Its rows.
    pub rows: FundedRows,
    /// Its policy.
    pub funding: keiretsu_program::Funding,
    /// Price of its units; none: it cannot raise.
    pub price: Option<Place>,
    /// The most that it raises in a month; none: no limit.
    pub most: Option<Place>,
    /// Whether its market stands.
    pub market: Place,
}

/// A run, ready for any block of paths.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The program.
    pub program: &'a Program,
    /// The run.
    pub spec: &'a RunSpec,
    /// Paths in a block; in a reading the worlds that are run side by side.
    pub width: usize,
    /// What is the same on every path.
    pub table: MonthTable,
    /// The rows of a block.
    pub layout: Layout,
    /// The steps of a month.
    pub tape: Tape,
    /// How factors move, in their order.
    pub movers: Vec<Mover>,
    /// How events come about, those that differ between paths.
    pub chances: Vec<Chances>,
    /// What is watched.
    pub watches: Vec<ProbePlan>,
    /// Where factors are found.
    pub factors: Vec<Option<Place>>,
    /// Where parameters are found.
    pub slots: Vec<Place>,
    /// Those that can be short.
    pub funded: Vec<Funded>,
    /// Whether each purse can be short.
    pub can_be_short: Vec<bool>,
    /// What is changed.
    pub overlays: Overlays,
    /// Defaults that an overlay asks for: purse, month and, where worlds differ in it, the world.
    pub forced: Vec<(usize, u32, Option<usize>)>,
    /// Purse of each party.
    pub purses: Vec<usize>,
    /// Whether a purse's cash at as-of is stated and known.
    pub cash_known: Vec<bool>,
    /// Parameters, as they are drawn.
    pub slot_kinds: Vec<SlotKind>,
    /// Normals of the factors; none where no factor needs any.
    pub dependence: Option<Dependence>,
    /// Growth since as-of of factors that differ between paths: by factor, then by month.
    growth: Vec<Vec<f64>>,
}

impl<'a> Plan<'a> {
    /// Compiles a run for blocks of `width` paths.
    pub fn new(program: &'a Program, spec: &'a RunSpec, width: usize) -> Result<Self, RunError> {
        Self::of(program, spec, &[], width)
    }

    /// Compiles a reading for worlds that are run side by side, each with overlays on top of the run's.
    pub fn of_worlds(
        program: &'a Program,
        spec: &'a RunSpec,
        worlds: &[Vec<Overlay>],
    ) -> Result<Self, RunError> {
        assert!(matches!(spec.mode, Mode::Reading(_)), "paths are a block as they are");
        Self::of(program, spec, worlds, worlds.len())
    }

    fn of(
        program: &'a Program,
        spec: &'a RunSpec,
        worlds: &[Vec<Overlay>],
        width: usize,
    ) -> Result<Self, RunError> {
        let overlays = Overlays::new(spec, worlds);
        crate::check::check(program, spec, &overlays)?;
        let kinds = Kinds::new(program, spec, &overlays, width);
        let paths = matches!(spec.mode, Mode::Paths(_));
        if paths {
            crate::check::check_parameters(program, &kinds)?;
        }
        let table = MonthTable::new(program, spec, &overlays, &kinds);
        let mut draft = Draft::write(program, spec, &overlays, &kinds, &table);
        // A reading looks at every due: an infinite one is left out.
        if paths {
            draft.fuse();
        }
        draft.share_rows(program);
        let Draft { layout, tape, factors, events, .. } = draft;
        let slots = slot_places(&kinds, &layout);
        let mut plan = Self {
            program,
            spec,
            width,
            movers: mover::movers(program, spec, &kinds, &layout),
            chances: mover::chances(program, spec, &kinds, &layout),
            watches: vec![],
            can_be_short: vec![],
            funded: funded(program, spec, &layout, &tape, &events),
            forced: forced(program, &overlays),
            purses: program.parties.iter().map(|party| party.purse.at()).collect(),
            cash_known: kinds.cash_known.clone(),
            table,
            tape,
            factors,
            slots,
            dependence: if paths { dependence(program, &kinds, &layout)? } else { None },
            growth: growth(program, &layout),
            slot_kinds: kinds.slots,
            overlays,
            layout,
        };
        plan.can_be_short = vec![false; program.parties.len()];
        plan.funded.iter().for_each(|funded| plan.can_be_short[funded.purse] = true);
        plan.watches = probes::watches(&plan);
        Ok(plan)
    }

    /// Growth of a factor's central path from as-of to month `t`.
    pub fn growth_to(&self, factor: usize, t: u32) -> f64 {
        self.growth[factor][t as usize]
    }

    /// Where a register is found; it is one that something reads.
    pub fn register(&self, reg: keiretsu_program::Reg) -> Place {
        self.tape.registers[reg.0 as usize].expect("a register that is read has a place")
    }
}

/// Correlations are checked also where no factor is read.
fn dependence(program: &Program, kinds: &Kinds, layout: &Layout) -> Result<Option<Dependence>, RunError> {
    if !kinds.factors.iter().any(|differs| *differs) {
        return Ok(None);
    }
    let moves =
        |at: usize| layout.factors[at].level.is_some() && program.factors[at].process != Process::Central;
    let count = (0..program.factors.len()).rev().find(|at| moves(*at)).map_or(0, |last| last + 1);
    let dependence = Dependence::new(program, count)?;
    Ok((count > 0).then_some(dependence))
}

fn growth(program: &Program, layout: &Layout) -> Vec<Vec<f64>> {
    let of = |(at, factor): (usize, &keiretsu_program::Factor)| {
        let curve = &program.curves[factor.growth.at()];
        let mut product = 1.0;
        let mut months = vec![1.0];
        if layout.factors[at].level.is_some() {
            months.extend(curve[1..].iter().map(|growth| {
                product *= growth;
                product
            }));
        }
        months
    };
    program.factors.iter().enumerate().map(of).collect()
}

fn slot_places(kinds: &Kinds, layout: &Layout) -> Vec<Place> {
    let places = kinds.slots.iter().zip(&layout.slots).map(|(kind, row)| match (kind, row) {
        (SlotKind::Fixed(value), _) => Place::Fixed(*value),
        (SlotKind::Drawn(..) | SlotKind::Worlds(_), Some(row)) => Place::Row(*row),
        (SlotKind::Drawn(..) | SlotKind::Worlds(_), None) => unreachable!("what differs has a row"),
    });
    places.collect()
}

fn funded(
    program: &Program,
    spec: &RunSpec,
    layout: &Layout,
    tape: &Tape,
    events: &[Option<Place>],
) -> Vec<Funded> {
    let firm = spec.mode == Mode::Reading(Reading::Firm);
    let of = |at: usize| {
        let rows = layout.purses[at].funded?;
        let funding = program.parties[at].funding?;
        let price = funding.price.filter(|_| !firm);
        let stands = funding.market.map_or(Some(Place::Fixed(1.0)), |event| events[event.at()]);
        Some(Funded {
            purse: at,
            rows,
            funding,
            price: price.and_then(|reg| tape.registers[reg.0 as usize]),
            most: funding.most.filter(|_| !firm).and_then(|reg| tape.registers[reg.0 as usize]),
            market: stands.expect("every event has a place"),
        })
    };
    (0..program.parties.len()).filter_map(of).collect()
}

fn forced(program: &Program, overlays: &Overlays) -> Vec<(usize, u32, Option<usize>)> {
    let defaults = overlays.all().iter().filter_map(|held| match held.overlay.target {
        Target::Default(party) => {
            Some((program.parties[party.at()].purse.at(), held.overlay.from, held.world))
        }
        _ => None,
    });
    defaults.collect()
}

#[cfg(test)]
mod tests;
