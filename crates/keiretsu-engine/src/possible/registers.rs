//! Registers of a month, around what the run has.

use std::borrow::Cow;
use std::rc::Rc;

use keiretsu_program::{Change, FactorId, Occurrence, Op, Process, Reading, Reg, SlotId, Target};
use keiretsu_values::Set;

use super::range::OpenRange;
use super::{Cell, Pass};

impl Pass<'_> {
    /// Every register of month `t`.
    pub fn registers(&mut self, t: u32) {
        self.month.clear();
        self.month.reserve(self.program.ops.len());
        for at in 0..self.program.ops.len() {
            let read = self.numbers.register(at, t);
            if self.quiet[at] && !read.is_finite() {
                self.disturb(at);
            }
            let cell = if self.quiet[at] {
                None
            } else if self.steady[at] && t > 0 {
                self.history[t as usize - 1][at].clone()
            } else {
                self.register(at, read, t)
            };
            self.month.push(cell);
        }
        self.history.push(std::mem::take(&mut self.month));
    }

    /// Registers that nothing open touches: neither an open slot, nor what happened in earlier months.
    pub fn find_quiet(&mut self) {
        let regs = 0..self.program.ops.len() as u32;
        self.overlaid = regs.map(|at| self.overlays.changes(Target::Register(Reg(at)))).collect();
        for at in 0..self.program.ops.len() {
            let (quiet, steady) = (self.stays_quiet(at), self.is_steady(at));
            self.quiet.push(quiet);
            self.steady.push(steady);
        }
    }

    /// Whether a register is made of slots alone, and so the same in every month.
    fn is_steady(&self, at: usize) -> bool {
        let op = self.program.ops[at];
        let natural = match op {
            Op::Slot(_) => true,
            Op::Curve(_)
            | Op::Factor(_)
            | Op::Event(_)
            | Op::Account(_)
            | Op::Cash(_)
            | Op::Defaulted(_)
            | Op::Latch { .. }
            | Op::Rise(_) => false,
            _ => op.operands().all(|reg| self.steady[reg.0 as usize]),
        };
        natural && !self.overlaid[at]
    }

    fn stays_quiet(&self, at: usize) -> bool {
        let program = self.program;
        let op = program.ops[at];
        let natural = match op {
            Op::Slot(slot) => self.slots[slot.at()].is_none(),
            Op::Factor(factor) => match program.factors[factor.at()].process {
                Process::Formula(reg) => self.quiet[reg.0 as usize],
                _ => self.slots[program.factors[factor.at()].start.at()].is_none(),
            },
            Op::Event(event) => self.event(event.at(), 0.0).is_none(),
            Op::Account(_) | Op::Cash(_) | Op::Defaulted(_) => false,
            _ => op.operands().all(|reg| self.quiet[reg.0 as usize]),
        };
        natural && !self.overlaid[at]
    }

    /// A register that cannot be read disturbs those that read it.
    fn disturb(&mut self, at: usize) {
        self.quiet[at] = false;
        for after in at + 1..self.program.ops.len() {
            self.quiet[after] = self.quiet[after] && self.stays_quiet(after);
        }
    }

    /// A register of month `t`, computed already.
    pub fn value(&self, reg: Reg, t: u32) -> OpenRange {
        self.held(reg, t).into_owned()
    }

    /// The same, only to be looked at.
    fn held(&self, reg: Reg, t: u32) -> Cow<'_, OpenRange> {
        match self.cell(reg, t) {
            Some(range) => Cow::Borrowed(range),
            None => Cow::Owned(OpenRange::point(self.numbers.register(reg.0 as usize, t))),
        }
    }

    pub fn cell(&self, reg: Reg, t: u32) -> &Cell {
        let at = reg.0 as usize;
        let month = self.history.get(t as usize).unwrap_or(&self.month);
        &month[at]
    }

    fn register(&self, at: usize, read: f64, t: u32) -> Cell {
        let op = self.program.ops[at];
        let natural = self.natural(at, op, read, t);
        let target = Target::Register(Reg(at as u32));
        let range = if self.overlaid[at] && self.is_changed(target, t) {
            let range = natural.unwrap_or_else(|| OpenRange::point(read));
            Some(self.changed(target, t, range))
        } else {
            natural
        };
        kept(range, read)
    }

    /// A register before overlays; none where nothing that it reads is open and the run has its number.
    fn natural(&self, at: usize, op: Op, read: f64, t: u32) -> Option<OpenRange> {
        let open = || op.operands().any(|reg| self.cell(reg, Self::read_at(op, t)).is_some());
        let range = match op {
            Op::Slot(slot) => self.slot(slot),
            Op::Factor(factor) => self.factor(factor, t),
            Op::Event(event) => self.event(event.at(), read),
            Op::Account(account) => self.account[account.at()].as_deref().cloned(),
            Op::Cash(party) => self.cash[self.purse(party)].as_deref().cloned(),
            Op::Defaulted(party) => self.may_fail[self.purse(party)].then(|| OpenRange::of(0.0, Set::SHARE)),
            // What has not held by its lapse never does.
            Op::Rise(of) if self.has_lapsed(of, t) => Some(OpenRange::point(0.0)),
            Op::Rise(of) if t > 0 && (self.cell(of, t).is_some() || self.cell(of, t - 1).is_some()) => {
                Some(self.rise(of, read, t))
            }
            Op::Latch { when, lapse } => self.latch(at, when, lapse, t),
            _ if open() => Some(self.joined(op, t)),
            _ => None,
        };
        match range {
            None if !read.is_finite() && !matches!(op, Op::Latch { .. }) => Some(unknown(op)),
            range => range,
        }
    }

    /// What a register is more than in the month before. A condition that stays met is met once at most.
    fn rise(&self, of: Reg, read: f64, t: u32) -> OpenRange {
        let (now, before) = (self.held(of, t), self.held(of, t - 1));
        let stays = matches!(self.program.ops[of.0 as usize], Op::Latch { .. });
        if !stays || self.overlaid[of.0 as usize] {
            return now.minus(&before);
        }
        let most = now.set(&self.symbols).high - before.set(&self.symbols).low;
        let base = if read.is_finite() { read } else { 0.0 };
        let once = OpenRange::once(of.0, t, base, Set::point(most.clamp(0.0, 1.0)));
        OpenRange { blind: now.blind, ..once }.like(&now).like(&before)
    }

    /// Whether a register is a condition that has lapsed before a month, so that it is what it was.
    fn has_lapsed(&self, reg: Reg, t: u32) -> bool {
        matches!(self.program.ops[reg.0 as usize], Op::Latch { lapse, .. } if lapse < t)
    }

    /// The month in which an operation reads its operands.
    fn read_at(op: Op, t: u32) -> u32 {
        match op {
            Op::Lag { months, .. } => t.saturating_sub(months),
            _ => t,
        }
    }

    /// An operation of which some operand is open.
    fn joined(&self, op: Op, t: u32) -> OpenRange {
        let symbols = &self.symbols;
        let value = |reg| self.held(reg, Self::read_at(op, t));
        let range = match op {
            Op::Add(a, b) => value(a).plus(&value(b)),
            Op::Sub(a, b) => value(a).minus(&value(b)),
            Op::Mul(a, b) | Op::And(a, b) => value(a).times(&value(b), symbols),
            Op::Div(a, b) => value(a).divide(&value(b), symbols),
            Op::Min(a, b) => value(a).min(&value(b), symbols),
            Op::Max(a, b) => value(a).max(&value(b), symbols),
            Op::AtLeast(a, b) => self.truth(&value(a).minus(&value(b)), |low| 0.0 <= low, |high| high < 0.0),
            Op::MoreThan(a, b) => self.truth(&value(a).minus(&value(b)), |low| 0.0 < low, |high| high <= 0.0),
            Op::Or(a, b) => self.either(&value(a), &value(b)),
            Op::Not(a) => OpenRange::point(1.0).minus(&value(a)),
            Op::Lag { of, .. } => value(of).into_owned(),
            Op::Choose { when, then, otherwise } => {
                self.chosen(&value(when), &value(then), &value(otherwise))
            }
            _ => OpenRange::of(0.0, Set::ALL),
        };
        let mut operands = op.operands().filter_map(|reg| self.cell(reg, Self::read_at(op, t)).as_ref());
        OpenRange { blind: operands.all(|range| range.blind), ..range }
    }

    /// A truth that is certain where the difference behind it is.
    fn truth(&self, ahead: &OpenRange, holds: fn(f64) -> bool, fails: fn(f64) -> bool) -> OpenRange {
        let set = ahead.set(&self.symbols);
        match (holds(set.low), fails(set.high)) {
            (true, _) => OpenRange::point(1.0),
            (_, true) => OpenRange::point(0.0),
            _ => OpenRange::of(0.0, Set::SHARE),
        }
    }

    fn either(&self, a: &OpenRange, b: &OpenRange) -> OpenRange {
        let (one, two) = (a.set(&self.symbols), b.set(&self.symbols));
        let or = |a: f64, b: f64| a + b - a * b;
        OpenRange::of(0.0, Set { low: or(one.low, two.low), high: or(one.high, two.high) })
    }

    fn chosen(&self, when: &OpenRange, then: &OpenRange, otherwise: &OpenRange) -> OpenRange {
        let symbols = &self.symbols;
        if when.is_closed() && (0.0..=1.0).contains(&when.base) {
            return then.scaled(when.base).plus(&otherwise.scaled(1.0 - when.base));
        }
        let set = then.set(symbols).or(otherwise.set(symbols));
        OpenRange::of(0.0, set).like(then).like(otherwise)
    }

    /// A condition that stays met. Who knows of no event takes it as not yet met; in headline what has not
    /// held by its lapse counts as met then.
    fn latch(&self, at: usize, when: Reg, lapse: u32, t: u32) -> Option<OpenRange> {
        if t == 0 || (self.reading == Reading::Headline && lapse <= t) {
            return None;
        }
        let blind = self.reading != Reading::Expected;
        let before = self.history[t as usize - 1][at].as_ref();
        let now = self.cell(when, t).as_ref().filter(|now| t <= lapse && !(blind && now.blind));
        if before.is_none() && now.is_none() {
            return None;
        }
        let set = |cell: Option<&Rc<OpenRange>>, read: f64| match cell {
            Some(range) => range.set(&self.symbols),
            None => Set::point(if read.is_nan() { 0.0 } else { read }),
        };
        let before = set(before, self.numbers.register(at, t - 1));
        let now = if t <= lapse { set(now, self.numbers.register(when.0 as usize, t)) } else { before };
        Some(OpenRange::of(0.0, before.max(now).within(Set::SHARE)))
    }

    fn event(&self, at: usize, read: f64) -> Option<OpenRange> {
        let blind = !matches!(self.reading, Reading::Expected);
        let slot_open = |slot: SlotId| self.slot(slot).is_some();
        let open = match self.program.events[at].occurrence {
            Occurrence::Once { chance, .. } => slot_open(chance),
            Occurrence::TwoState { shuts, reopens, .. } => slot_open(shuts) || slot_open(reopens),
            Occurrence::Settled { .. } | Occurrence::Unknown => false,
        };
        let unknown = read.is_nan() || (open && !blind);
        unknown.then(|| OpenRange { blind, ..OpenRange::of(0.0, Set::SHARE) })
    }

    /// A slot, if it is open in this reading.
    pub fn slot(&self, slot: SlotId) -> Option<OpenRange> {
        self.slots[slot.at()].clone()
    }

    /// A factor as others read it.
    fn factor(&self, factor: FactorId, t: u32) -> Option<OpenRange> {
        let terms = &self.program.factors[factor.at()];
        let range = match terms.process {
            Process::Formula(reg) => self.cell(reg, t).as_deref().cloned(),
            _ => self.slot(terms.start).map(|start| start.scaled(self.growth(factor.at(), t))),
        };
        let target = Target::Factor(factor);
        let range = range.map(|range| self.changed(target, t, range));
        range.map(|range| range.around(self.numbers.factor(factor.at(), t)))
    }

    fn growth(&self, factor: usize, t: u32) -> f64 {
        self.growth[factor][t as usize]
    }

    /// A factor as others read it.
    pub fn level(&self, factor: FactorId, read: f64, t: u32) -> OpenRange {
        self.factor(factor, t).unwrap_or_else(|| OpenRange::point(read))
    }

    fn is_changed(&self, target: Target, t: u32) -> bool {
        self.overlays.of(target).iter().any(|held| held.holds(t))
    }

    /// What overlays make of it in month `t`.
    fn changed(&self, target: Target, t: u32, range: OpenRange) -> OpenRange {
        let mine = self.overlays.of(target).iter().filter(|held| held.holds(t));
        mine.fold(range, |range, held| changed(held.overlay.change, &range))
    }
}

/// An open number as an overlay changes it.
pub fn changed(change: Change, range: &OpenRange) -> OpenRange {
    match change {
        Change::Set(to) if to.is_nan() => OpenRange::of(0.0, Set::ALL),
        Change::Set(to) => OpenRange::point(to),
        Change::Scale(by) => range.scaled(by),
        Change::Shift(by) => range.plus(&OpenRange::point(by)),
    }
}

/// An operation that has no number although nothing that it reads is open.
fn unknown(op: Op) -> OpenRange {
    let truth = matches!(
        op,
        Op::AtLeast(..) | Op::MoreThan(..) | Op::And(..) | Op::Or(..) | Op::Not(_) | Op::Defaulted(_)
    );
    OpenRange::of(0.0, if truth { Set::SHARE } else { Set::ALL })
}

/// A range around what the run has; none where it is just that.
pub fn kept(range: Option<OpenRange>, read: f64) -> Cell {
    let range = range?.around(read);
    if range.is_closed() && read.is_finite() { None } else { Some(Rc::new(range)) }
}

/// The same for a number that is kept already: itself, where the run has the same number.
pub fn kept_as(cell: &Cell, read: f64) -> Cell {
    let range = cell.as_ref()?;
    let same = range.base.to_bits() == read.to_bits() && !range.is_closed();
    if same { Some(Rc::clone(range)) } else { kept(Some((**range).clone()), read) }
}
