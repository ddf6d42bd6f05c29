//! Finds out, before a run, what is needed, what is the same on every path, and what can be unknown.

use keiretsu_program::{
    Change, Distribution, Event, EventId, Factor, FactorId, Feed, Mode, Occurrence, Op, Process, Program,
    Quantity, Reg, RunSpec, Slot, SlotId, Target,
};

use super::overlays::Overlays;

/// A parameter in this run.
#[derive(Clone, Debug, PartialEq)]
pub enum SlotKind {
    /// The same on every path.
    Fixed(f64),
    /// Drawn once a path, then changed by overlays.
    Drawn(Distribution, Vec<Change>),
    /// Another number in each world.
    Worlds(Vec<f64>),
}

impl SlotKind {
    /// Whether it is another number on another path, or in another world.
    pub fn differs(&self) -> bool {
        !matches!(self, SlotKind::Fixed(_))
    }

    fn is_known(&self) -> bool {
        match self {
            SlotKind::Fixed(value) => !value.is_nan(),
            SlotKind::Drawn(_, changes) => !changes.iter().any(|change| is_unknown(*change)),
            SlotKind::Worlds(values) => !values.iter().any(|value| value.is_nan()),
        }
    }
}

/// What is the same on every path (`false`) or not (`true`), what is read by anything, and what is never
/// unknown.
pub struct Kinds {
    /// One for each slot.
    pub slots: Vec<SlotKind>,
    /// Whether a factor differs between paths.
    pub factors: Vec<bool>,
    /// Whether an event differs between paths.
    pub events: Vec<bool>,
    /// Whether a register differs between paths, or depends on what happened in earlier months.
    pub registers: Vec<bool>,
    /// Whether anything reads a register.
    pub needed: Vec<bool>,
    /// Whether a register can never be unknown.
    pub known: Vec<bool>,
    /// Whether a party can default.
    pub can_default: Vec<bool>,
    /// Whether a party's cash at as-of is stated and known.
    pub cash_known: Vec<bool>,
}

impl Kinds {
    /// Looks at a program and a run of it.
    pub fn new(program: &Program, spec: &RunSpec, overlays: &Overlays, width: usize) -> Self {
        let slot = |at: usize| slot_kind(program, spec, SlotId(at as u32), overlays, width);
        let slots: Vec<SlotKind> = (0..program.slots.len()).map(slot).collect();
        let paths = matches!(spec.mode, Mode::Paths(_));
        let can_default = can_default(program, overlays);
        let cash_known = program.parties.iter().map(|party| {
            let cash = program.parties[party.purse.at()].cash;
            cash.is_some_and(|slot| slots[slot.at()].is_known())
        });
        let cash_known = cash_known.collect();
        let events = program.events.iter().enumerate().map(|(at, event)| {
            let moves = if paths { event_moves(event, &slots) } else { reads_worlds(event, &slots) };
            moves || overlays.differ(Target::Event(EventId(at as u32)))
        });
        let events = events.collect();
        let mut kinds = Self {
            slots,
            factors: vec![false; program.factors.len()],
            events,
            registers: vec![false; program.ops.len()],
            needed: needed(program, spec),
            known: vec![false; program.ops.len()],
            can_default,
            cash_known,
        };
        for (at, factor) in program.factors.iter().enumerate() {
            let differs = overlays.differ(Target::Factor(FactorId(at as u32)));
            kinds.factors[at] = kinds.moves(factor, paths) || differs;
        }
        for (at, op) in program.ops.iter().enumerate() {
            let differs = overlays.differ(Target::Register(Reg(at as u32)));
            kinds.registers[at] = kinds.differs(program, op) || differs;
        }
        for (at, factor) in program.factors.iter().enumerate() {
            if let Process::Formula(reg) = factor.process {
                kinds.factors[at] |= kinds.registers[reg.0 as usize];
            }
        }
        kinds.find_known(program, spec, overlays);
        kinds
    }

    /// Whether a factor moves by itself, or starts where each path has drawn.
    fn moves(&self, factor: &Factor, paths: bool) -> bool {
        match factor.process {
            Process::Formula(_) => false,
            Process::Geometric { .. } | Process::MeanReverting { .. } | Process::Jump { .. } if paths => true,
            _ => self.slots[factor.start.at()].differs(),
        }
    }

    fn differs(&self, program: &Program, op: &Op) -> bool {
        match *op {
            Op::Slot(slot) => self.slots[slot.at()].differs(),
            Op::Curve(_) => false,
            Op::Factor(factor) => match program.factors[factor.at()].process {
                Process::Formula(reg) => self.registers[reg.0 as usize] || self.factors[factor.at()],
                _ => self.factors[factor.at()],
            },
            Op::Event(event) => self.events[event.at()],
            Op::Account(_) => true,
            Op::Cash(party) => program.parties[program.parties[party.at()].purse.at()].cash.is_some(),
            Op::Defaulted(party) => self.can_default[program.parties[party.at()].purse.at()],
            _ => op.operands().any(|reg| self.registers[reg.0 as usize]),
        }
    }

    /// Accounts may feed the registers that feed them: assume them known until a register shows otherwise.
    fn find_known(&mut self, program: &Program, spec: &RunSpec, overlays: &Overlays) {
        let mut accounts: Vec<bool> =
            program.accounts.iter().map(|account| !account.opening.is_nan()).collect();
        loop {
            for at in 0..program.ops.len() {
                let darkened = overlays.darken(Target::Register(Reg(at as u32)));
                self.known[at] = !darkened && self.is_known(program, spec, overlays, &accounts, at);
            }
            let mut settled = true;
            for (account, known) in program.accounts.iter().zip(&mut accounts) {
                let fed_unknown = account.feeds.iter().any(|feed| match feed {
                    Feed::Value(reg) => !self.known[reg.0 as usize],
                    Feed::Payment(_) => false,
                });
                if *known && fed_unknown {
                    *known = false;
                    settled = false;
                }
            }
            if settled {
                return;
            }
        }
    }

    fn is_known(
        &self,
        program: &Program,
        spec: &RunSpec,
        overlays: &Overlays,
        accounts: &[bool],
        at: usize,
    ) -> bool {
        let op = &program.ops[at];
        let blind = matches!(spec.mode, Mode::Reading(reading) if takes_unknown_as_unmet(reading));
        match *op {
            Op::Slot(slot) => self.slots[slot.at()].is_known(),
            Op::Curve(_) | Op::Defaulted(_) => true,
            Op::Factor(factor) => self.factor_known(program, overlays, factor.at()),
            Op::Event(event) => self.event_known(program, spec, overlays, event.at()),
            Op::Account(account) => accounts[account.at()],
            Op::Cash(party) => self.cash_known[party.at()],
            Op::Div(_, by) => match program.ops[by.0 as usize] {
                Op::Slot(slot) => {
                    let nonzero = matches!(self.slots[slot.at()], SlotKind::Fixed(value) if value != 0.0);
                    nonzero && self.operands_known(op)
                }
                _ => false,
            },
            Op::Latch { .. } if blind => true,
            Op::Choose { when, then, otherwise } => {
                self.choice_known(program, overlays, [when, then, otherwise])
            }
            _ => self.operands_known(op),
        }
    }

    /// What is neither true nor false nor a chance chooses nothing.
    fn choice_known(
        &self,
        program: &Program,
        overlays: &Overlays,
        [when, then, otherwise]: [Reg; 3],
    ) -> bool {
        let known = |reg: Reg| self.known[reg.0 as usize];
        let overlaid = overlays.changes(Target::Register(when));
        if let Op::Slot(slot) = program.ops[when.0 as usize]
            && let SlotKind::Fixed(chance) = self.slots[slot.at()]
            && !overlaid
        {
            // Made for the whole run, so that the other branch is never looked at; or a chance.
            let bits = chance.to_bits();
            return match chance {
                _ if bits == 1.0f64.to_bits() => known(then),
                _ if bits == 0.0f64.to_bits() => known(otherwise),
                _ => (0.0..=1.0).contains(&chance) && known(then) && known(otherwise),
            };
        }
        is_truth(program, overlays, when) && known(when) && known(then) && known(otherwise)
    }

    fn operands_known(&self, op: &Op) -> bool {
        op.operands().all(|reg| self.known[reg.0 as usize])
    }

    fn factor_known(&self, program: &Program, overlays: &Overlays, at: usize) -> bool {
        let overlaid = overlays.darken(Target::Factor(FactorId(at as u32)));
        let known = match program.factors[at].process {
            Process::Formula(reg) => self.known[reg.0 as usize],
            _ => self.slots[program.factors[at].start.at()].is_known(),
        };
        known && !overlaid
    }

    fn event_known(&self, program: &Program, spec: &RunSpec, overlays: &Overlays, at: usize) -> bool {
        let overlaid = overlays.darken(Target::Event(EventId(at as u32)));
        let reading = match spec.mode {
            Mode::Reading(reading) => Some(reading),
            Mode::Paths(_) => None,
        };
        let known = match program.events[at].occurrence {
            Occurrence::Settled { .. } => true,
            Occurrence::Unknown => false,
            Occurrence::Once { chance, .. } => {
                !reading.is_some_and(takes_unknown_as_unmet) && self.slots[chance.at()].is_known()
            }
            Occurrence::TwoState { shuts, reopens, .. } => {
                reading.is_some_and(takes_unknown_as_unmet)
                    || self.slots[shuts.at()].is_known() && self.slots[reopens.at()].is_known()
            }
        };
        known && !overlaid
    }
}

/// Firm and headline take what is unknown as not yet met, and know of no event that is not settled.
pub fn takes_unknown_as_unmet(reading: keiretsu_program::Reading) -> bool {
    reading != keiretsu_program::Reading::Expected
}

/// Whether a register certainly stays between 0 and 1: compared, happened, or joined from such, and not
/// overlaid.
fn is_truth(program: &Program, overlays: &Overlays, reg: Reg) -> bool {
    let mut open = vec![reg];
    while let Some(reg) = open.pop() {
        let target = |target: Target| overlays.changes(target);
        let op = &program.ops[reg.0 as usize];
        let inside = match *op {
            Op::AtLeast(..) | Op::MoreThan(..) | Op::Defaulted(_) => true,
            Op::Event(event) => !target(Target::Event(event)),
            Op::And(..) | Op::Or(..) | Op::Not(_) | Op::Latch { .. } => {
                open.extend(op.operands());
                true
            }
            _ => false,
        };
        if !inside || target(Target::Register(reg)) {
            return false;
        }
    }
    true
}

fn is_unknown(change: Change) -> bool {
    match change {
        Change::Set(by) | Change::Scale(by) | Change::Shift(by) => by.is_nan(),
    }
}

/// Whether a chance of an event is another one in another world.
fn reads_worlds(event: &Event, slots: &[SlotKind]) -> bool {
    match event.occurrence {
        Occurrence::Settled { .. } | Occurrence::Unknown => false,
        Occurrence::Once { chance, .. } => slots[chance.at()].differs(),
        Occurrence::TwoState { shuts, reopens, .. } => {
            slots[shuts.at()].differs() || slots[reopens.at()].differs()
        }
    }
}

/// Whether an event comes about at random.
fn event_moves(event: &Event, slots: &[SlotKind]) -> bool {
    let unknown = |slot: SlotId| matches!(slots[slot.at()], SlotKind::Fixed(value) if value.is_nan());
    match event.occurrence {
        Occurrence::Settled { .. } | Occurrence::Unknown => false,
        Occurrence::Once { chance, .. } => !unknown(chance),
        Occurrence::TwoState { shuts, reopens, .. } => !unknown(shuts) && !unknown(reopens),
    }
}

fn slot_kind(program: &Program, spec: &RunSpec, id: SlotId, overlays: &Overlays, width: usize) -> SlotKind {
    let target = Target::Slot(id);
    // What it is where only some of its overlays hold.
    let changed = |value: f64, world: Option<usize>| {
        let held = overlays.of(target).iter().filter(|held| held.world.is_none() || held.world == world);
        held.fold(value, |value, held| crate::logic::changed(held.overlay.change, value))
    };
    match (spec.mode, program.slots[id.at()]) {
        (Mode::Reading(reading), slot) if overlays.differ(target) => {
            SlotKind::Worlds((0..width).map(|world| changed(slot.read(reading), Some(world))).collect())
        }
        (Mode::Reading(reading), slot) => SlotKind::Fixed(changed(slot.read(reading), None)),
        (Mode::Paths(_), Slot { sampled: Distribution::Point(value), .. }) => {
            SlotKind::Fixed(changed(value, None))
        }
        // A range of no width is a number.
        (Mode::Paths(_), slot) => {
            let changes = overlays.of(target).iter().map(|held| held.overlay.change);
            SlotKind::Drawn(slot.sampled, changes.collect())
        }
    }
}

/// A default belongs to the purse: a segment has none of its own.
fn can_default(program: &Program, overlays: &Overlays) -> Vec<bool> {
    let mut can: Vec<bool> =
        program.parties.iter().map(|party| party.funding.is_some_and(|funding| funding.default)).collect();
    for held in overlays.all() {
        if let Target::Default(party) = held.overlay.target {
            can[program.parties[party.at()].purse.at()] = true;
        }
    }
    can
}

/// What something reads: an amount, a claim, a value that is watched, and all that these are computed from.
fn needed(program: &Program, spec: &RunSpec) -> Vec<bool> {
    let mut needed = vec![false; program.ops.len()];
    let mut mark = |reg: Reg| needed[reg.0 as usize] = true;
    for flow in &program.flows {
        mark(flow.amount);
        flow.issue.iter().for_each(|issue| mark(issue.pre_money));
        flow.issue.and_then(|issue| issue.in_kind).into_iter().for_each(&mut mark);
    }
    program.credits.iter().flat_map(|pool| [Some(pool.grant), pool.grows]).flatten().for_each(&mut mark);
    program.claims.iter().for_each(|claim| mark(claim.amount));
    for cover in &program.covers {
        mark(cover.share);
        cover
            .limit
            .iter()
            .chain(&cover.cushion)
            .chain(&cover.worth)
            .chain(&cover.grows)
            .for_each(|reg| mark(*reg));
        cover.claims.iter().for_each(|one| mark(one.falls));
    }
    for party in &program.parties {
        party.recovery.iter().for_each(|reg| mark(*reg));
        party.funding.iter().flat_map(|funding| [funding.price, funding.most]).flatten().for_each(&mut mark);
    }
    for feed in program.accounts.iter().flat_map(|account| &account.feeds) {
        if let Feed::Value(reg) = feed {
            mark(*reg);
        }
    }
    for quantity in spec.quantities() {
        watched(program, quantity).into_iter().for_each(&mut mark);
    }
    for at in (0..program.ops.len()).rev() {
        if needed[at] {
            let op = &program.ops[at];
            op.operands().for_each(|reg| needed[reg.0 as usize] = true);
            if let Op::Factor(factor) = *op
                && let Process::Formula(reg) = program.factors[factor.at()].process
            {
                needed[reg.0 as usize] = true;
            }
        }
    }
    needed
}

/// The register that a probe reads, if it reads one.
fn watched(program: &Program, quantity: Quantity) -> Option<Reg> {
    match quantity {
        Quantity::Register(reg) => Some(reg),
        Quantity::Value(party) => program.parties[party.at()].value,
        Quantity::Holding(holding) => program.parties[program.holdings[holding.at()].issuer.at()].value,
        Quantity::Factor(factor) => match program.factors[factor.at()].process {
            Process::Formula(reg) => Some(reg),
            _ => None,
        },
        _ => None,
    }
}
