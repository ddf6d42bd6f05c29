//! Finds out, before a run, what is needed, what is the same on every path, and what can be unknown.

use keiretsu_program::{
    Change, Distribution, Event, Factor, Feed, Mode, Occurrence, Op, Process, Program, Quantity, Reg,
    RunSpec, Slot, SlotId, Target,
};

/// A parameter in this run.
#[derive(Clone, Debug, PartialEq)]
pub enum SlotKind {
    /// The same on every path.
    Fixed(f64),
    /// Drawn once a path, then changed by overlays.
    Drawn(Distribution, Vec<Change>),
}

impl SlotKind {
    fn is_drawn(&self) -> bool {
        matches!(self, SlotKind::Drawn(..))
    }

    fn is_known(&self) -> bool {
        match self {
            SlotKind::Fixed(value) => !value.is_nan(),
            SlotKind::Drawn(_, changes) => !changes.iter().any(|change| is_unknown(*change)),
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
    pub fn new(program: &Program, spec: &RunSpec) -> Self {
        let slots: Vec<SlotKind> =
            (0..program.slots.len()).map(|at| slot_kind(program, spec, SlotId(at as u32))).collect();
        let paths = matches!(spec.mode, Mode::Paths(_));
        let can_default = can_default(program, spec);
        let cash_known = program.parties.iter().map(|party| {
            let cash = program.parties[party.purse.at()].cash;
            cash.is_some_and(|slot| slots[slot.at()].is_known())
        });
        let cash_known = cash_known.collect();
        let events = program.events.iter().map(|event| paths && event_differs(event, &slots)).collect();
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
            kinds.factors[at] = paths && kinds.moves(factor);
        }
        for (at, op) in program.ops.iter().enumerate() {
            kinds.registers[at] = kinds.differs(program, op);
        }
        for (at, factor) in program.factors.iter().enumerate() {
            if let Process::Formula(reg) = factor.process {
                kinds.factors[at] = kinds.registers[reg.0 as usize];
            }
        }
        kinds.find_known(program, spec);
        kinds
    }

    /// Whether a factor moves by itself, or starts where each path has drawn.
    fn moves(&self, factor: &Factor) -> bool {
        match factor.process {
            Process::Formula(_) => false,
            Process::Central => self.slots[factor.start.at()].is_drawn(),
            _ => true,
        }
    }

    fn differs(&self, program: &Program, op: &Op) -> bool {
        match *op {
            Op::Slot(slot) => self.slots[slot.at()].is_drawn(),
            Op::Curve(_) => false,
            Op::Factor(factor) => match program.factors[factor.at()].process {
                Process::Formula(reg) => self.registers[reg.0 as usize],
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
    fn find_known(&mut self, program: &Program, spec: &RunSpec) {
        let mut accounts: Vec<bool> =
            program.accounts.iter().map(|account| !account.opening.is_nan()).collect();
        let mut darkened = vec![false; program.ops.len()];
        for overlay in spec.overlays.iter().filter(|overlay| is_unknown(overlay.change)) {
            if let Target::Register(reg) = overlay.target {
                darkened[reg.0 as usize] = true;
            }
        }
        loop {
            for (at, darkened) in darkened.iter().enumerate() {
                self.known[at] = !darkened && self.is_known(program, spec, &accounts, at);
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

    fn is_known(&self, program: &Program, spec: &RunSpec, accounts: &[bool], at: usize) -> bool {
        let op = &program.ops[at];
        let blind = matches!(spec.mode, Mode::Reading(reading) if takes_unknown_as_unmet(reading));
        match *op {
            Op::Slot(slot) => self.slots[slot.at()].is_known(),
            Op::Curve(_) | Op::Defaulted(_) => true,
            Op::Factor(factor) => self.factor_known(program, spec, factor.at()),
            Op::Event(event) => self.event_known(program, spec, event.at()),
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
            Op::Choose { when, then, otherwise } => self.choice_known(program, spec, [when, then, otherwise]),
            _ => self.operands_known(op),
        }
    }

    /// What is neither true nor false nor a chance chooses nothing.
    fn choice_known(&self, program: &Program, spec: &RunSpec, [when, then, otherwise]: [Reg; 3]) -> bool {
        let known = |reg: Reg| self.known[reg.0 as usize];
        let overlaid = spec.overlays.iter().any(|overlay| overlay.target == Target::Register(when));
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
        is_truth(program, spec, when) && known(when) && known(then) && known(otherwise)
    }

    fn operands_known(&self, op: &Op) -> bool {
        op.operands().all(|reg| self.known[reg.0 as usize])
    }

    fn factor_known(&self, program: &Program, spec: &RunSpec, at: usize) -> bool {
        let overlaid = spec.overlays.iter().any(|overlay| {
            matches!(overlay.target, Target::Factor(factor) if factor.at() == at)
                && is_unknown(overlay.change)
        });
        let known = match program.factors[at].process {
            Process::Formula(reg) => self.known[reg.0 as usize],
            _ => self.slots[program.factors[at].start.at()].is_known(),
        };
        known && !overlaid
    }

    fn event_known(&self, program: &Program, spec: &RunSpec, at: usize) -> bool {
        let overlaid = spec.overlays.iter().any(|overlay| {
            matches!(overlay.target, Target::Event(event) if event.at() == at) && is_unknown(overlay.change)
        });
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
fn is_truth(program: &Program, spec: &RunSpec, reg: Reg) -> bool {
    let mut open = vec![reg];
    while let Some(reg) = open.pop() {
        let target = |target: Target| spec.overlays.iter().any(|overlay| overlay.target == target);
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

fn event_differs(event: &Event, slots: &[SlotKind]) -> bool {
    let unknown = |slot: SlotId| matches!(slots[slot.at()], SlotKind::Fixed(value) if value.is_nan());
    match event.occurrence {
        Occurrence::Settled { .. } | Occurrence::Unknown => false,
        Occurrence::Once { chance, .. } => !unknown(chance),
        Occurrence::TwoState { shuts, reopens, .. } => !unknown(shuts) && !unknown(reopens),
    }
}

fn slot_kind(program: &Program, spec: &RunSpec, id: SlotId) -> SlotKind {
    let changes = spec.overlays.iter().filter(|overlay| overlay.target == Target::Slot(id));
    let changes: Vec<Change> = changes.map(|overlay| overlay.change).collect();
    match (spec.mode, program.slots[id.at()]) {
        (Mode::Reading(reading), slot) => fixed(slot.read(reading), &changes),
        (Mode::Paths(_), Slot { sampled: Distribution::Point(value), .. }) => fixed(value, &changes),
        // A range of no width is a number.
        (Mode::Paths(_), slot) => SlotKind::Drawn(slot.sampled, changes),
    }
}

fn fixed(value: f64, changes: &[Change]) -> SlotKind {
    SlotKind::Fixed(changes.iter().fold(value, |value, change| crate::logic::changed(*change, value)))
}

/// A default belongs to the purse: a segment has none of its own.
fn can_default(program: &Program, spec: &RunSpec) -> Vec<bool> {
    let mut can: Vec<bool> =
        program.parties.iter().map(|party| party.funding.is_some_and(|funding| funding.default)).collect();
    for overlay in &spec.overlays {
        if let Target::Default(party) = overlay.target {
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
