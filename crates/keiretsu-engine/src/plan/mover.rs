//! How factors and events that differ between paths move.

use keiretsu_program::{Mode, Occurrence, Process, Program, RunSpec, SlotId};

use super::kinds::{Kinds, SlotKind};
use super::layout::{Layout, MaybeRow};
use crate::rows::Place;

/// A factor that differs between paths.
#[derive(Clone, Copy, Debug)]
pub struct Mover {
    /// Which factor.
    pub factor: usize,
    /// Its level.
    pub level: usize,
    /// Its level as others read it, where that is another row.
    pub read: MaybeRow,
    /// Where it starts.
    pub start: Place,
    /// How it moves.
    pub motion: Motion,
}

/// How a factor moves, with its parameters.
#[derive(Clone, Copy, Debug)]
pub enum Motion {
    /// On its central path.
    Central,
    /// Geometric Brownian motion.
    Geometric {
        /// A year's.
        volatility: Place,
    },
    /// Mean-reverting.
    MeanReverting {
        /// A year's.
        volatility: Place,
        /// Years.
        half_life: Place,
        /// Row of the deviation.
        deviation: usize,
    },
    /// Geometric with jumps.
    Jump {
        /// A year's.
        volatility: Place,
        /// A year.
        rate: Place,
        /// Relative.
        mean: Place,
        /// Of the logarithm.
        spread: Place,
    },
}

/// An event that differs between paths.
#[derive(Clone, Copy, Debug)]
pub struct Chances {
    /// Which event.
    pub event: usize,
    /// Its state.
    pub state: usize,
    /// Its state as others read it, where that is another row.
    pub read: MaybeRow,
    /// How it comes about.
    pub hazard: Hazard,
}

/// The chance of a month.
#[derive(Clone, Copy, Debug)]
pub enum Hazard {
    /// Happens once and stays.
    Once {
        /// By month `by`.
        chance: Place,
        /// A month.
        by: u32,
    },
    /// Comes and goes.
    TwoState {
        /// At as-of.
        now: bool,
        /// A year's.
        shuts: Place,
        /// A year's.
        reopens: Place,
    },
    /// As a reading has it, with another chance or overlay in each world.
    Read,
}

fn place(kinds: &Kinds, layout: &Layout, slot: SlotId) -> Place {
    match kinds.slots[slot.at()] {
        SlotKind::Fixed(value) => Place::Fixed(value),
        SlotKind::Drawn(..) | SlotKind::Worlds(_) => {
            Place::Row(layout.slots[slot.at()].expect("every parameter that differs has a row"))
        }
    }
}

/// All factors that move, in their order.
pub fn movers(program: &Program, spec: &RunSpec, kinds: &Kinds, layout: &Layout) -> Vec<Mover> {
    let keeps_to_the_middle = matches!(spec.mode, Mode::Reading(_));
    let at = |slot: SlotId| place(kinds, layout, slot);
    let mover = |(index, factor): (usize, &keiretsu_program::Factor)| {
        let level = layout.factors[index].level?;
        let motion = match factor.process {
            Process::Formula(_) => return None,
            Process::Central => Motion::Central,
            _ if keeps_to_the_middle => Motion::Central,
            Process::Geometric { volatility } => Motion::Geometric { volatility: at(volatility) },
            Process::MeanReverting { volatility, half_life } => Motion::MeanReverting {
                volatility: at(volatility),
                half_life: at(half_life),
                deviation: layout.factors[index].deviation?,
            },
            Process::Jump { volatility, jump } => Motion::Jump {
                volatility: at(volatility),
                rate: at(jump.rate),
                mean: at(jump.mean),
                spread: at(jump.spread),
            },
        };
        Some(Mover {
            factor: index,
            level,
            read: layout.factors[index].read,
            start: at(factor.start),
            motion,
        })
    };
    program.factors.iter().enumerate().filter_map(mover).collect()
}

/// All events that differ between paths, in their order.
pub fn chances(program: &Program, spec: &RunSpec, kinds: &Kinds, layout: &Layout) -> Vec<Chances> {
    let reading = matches!(spec.mode, Mode::Reading(_));
    let at = |slot: SlotId| place(kinds, layout, slot);
    let chances = |(index, event): (usize, &keiretsu_program::Event)| {
        let hazard = match event.occurrence {
            _ if reading => Hazard::Read,
            Occurrence::Once { chance, by } => Hazard::Once { chance: at(chance), by },
            Occurrence::TwoState { now, shuts, reopens } => {
                Hazard::TwoState { now, shuts: at(shuts), reopens: at(reopens) }
            }
            Occurrence::Settled { .. } | Occurrence::Unknown => return None,
        };
        Some(Chances {
            event: index,
            state: layout.events[index].state?,
            read: layout.events[index].read,
            hazard,
        })
    };
    program.events.iter().enumerate().filter_map(chances).collect()
}
