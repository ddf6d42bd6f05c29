//! Sections 1 to 3: factors, events and registers of a month.

use keiretsu_program::{
    Event, EventId, Factor, FactorId, Jump, Occurrence, Op, ROUNDING, Reading, Reg, SlotId, Target,
};

use super::{Oracle, Process, Record, World};

/// A month in years.
const DT: f64 = 1.0 / 12.0;

impl Oracle<'_> {
    fn slot(&self, id: SlotId) -> f64 {
        self.slots[id.at()]
    }

    /// Section 1: the level of each factor as others read it; formulas come with the registers.
    pub(super) fn factors(&mut self, t: u32) -> Vec<f64> {
        let mut read = vec![];
        for (index, factor) in self.program.factors.iter().enumerate() {
            let growth = self.program.curves[factor.growth.at()][t as usize];
            let before = if t == 0 { self.slot(factor.start) } else { self.central[index] * growth };
            self.central[index] = before;
            let level = match self.world {
                World::Path(draws) if 1 <= t => {
                    let month = t as usize - 1;
                    self.step(index, factor, t, draws.normals[month][index], &draws.jumps[month][index])
                }
                _ => before,
            };
            if t == 0 && !matches!(factor.process, Process::MeanReverting { .. }) {
                self.level[index] = level;
            }
            read.push(self.overlaid(Target::Factor(FactorId(index as u32)), t, level));
        }
        read
    }

    /// The exact transition of a process on a path.
    fn step(&mut self, index: usize, factor: &Factor, t: u32, e: f64, jumps: &[f64]) -> f64 {
        let growth = self.program.curves[factor.growth.at()][t as usize];
        let level = self.level[index];
        let geometric = |s: f64| level * growth * (-s * s * DT / 2.0 + s * DT.sqrt() * e).exp();
        match factor.process {
            Process::Central | Process::Formula(_) => self.central[index],
            Process::Geometric { volatility } => {
                self.level[index] = geometric(self.slot(volatility));
                self.level[index]
            }
            Process::MeanReverting { volatility, half_life } => {
                let (s, k) = (self.slot(volatility), std::f64::consts::LN_2 / self.slot(half_life));
                let spread = s * ((1.0 - (-2.0 * k * DT).exp()) / (2.0 * k)).sqrt();
                let z = level * (-k * DT).exp() + spread * e;
                let variance = s * s * (1.0 - (-2.0 * k * f64::from(t) * DT).exp()) / (2.0 * k);
                self.level[index] = z;
                self.central[index] * (z - variance / 2.0).exp()
            }
            Process::Jump { volatility, jump: Jump { rate, mean, spread } } => {
                let (rate, mean, d) = (self.slot(rate), self.slot(mean), self.slot(spread));
                let mut next = geometric(self.slot(volatility)) * (-rate * mean * DT).exp();
                for normal in jumps {
                    next *= (1.0 + mean) * (-d * d / 2.0 + d * normal).exp();
                }
                self.level[index] = next;
                next
            }
        }
    }

    /// The levels of formula factors, once all registers are known.
    pub(super) fn formulas(&self, t: u32, now: &mut Record) {
        for index in 0..self.program.factors.len() {
            if let Some(level) = self.formula(index, t, now) {
                now.factors[index] = level;
            }
        }
    }

    fn formula(&self, index: usize, t: u32, now: &Record) -> Option<f64> {
        let Process::Formula(reg) = self.program.factors[index].process else { return None };
        let value = now.registers[reg.0 as usize];
        Some(self.overlaid(Target::Factor(FactorId(index as u32)), t, value))
    }

    /// Section 2: the state or chance of each event as others read it.
    pub(super) fn events(&mut self, t: u32) -> Vec<f64> {
        let mut read = vec![];
        for (index, event) in self.program.events.iter().enumerate() {
            self.event[index] = self.occurs(index, event, t);
            read.push(self.overlaid(Target::Event(EventId(index as u32)), t, self.event[index]));
        }
        read
    }

    fn occurs(&self, index: usize, event: &Event, t: u32) -> f64 {
        let before = self.event[index];
        match event.occurrence {
            Occurrence::Unknown => f64::NAN,
            Occurrence::Settled { at } => f64::from(at <= t),
            Occurrence::Once { .. } if t == 0 => 0.0,
            Occurrence::TwoState { now, .. } if t == 0 => f64::from(now),
            Occurrence::Once { chance, by } => {
                let stays = 1.0 - self.slot(chance);
                match self.world {
                    World::Reading(Reading::Expected) => 1.0 - stays.powf(f64::from(t) / f64::from(by)),
                    World::Reading(_) => f64::NAN,
                    World::Path(draws) => {
                        let hazard = 1.0 - stays.powf(1.0 / f64::from(by));
                        let fires = draws.uniforms[t as usize - 1][index] < hazard;
                        if hazard.is_nan() { hazard } else { f64::from(before >= 1.0 || fires) }
                    }
                }
            }
            Occurrence::TwoState { shuts, reopens, .. } => {
                let monthly = |slot| 1.0 - (1.0 - self.slot(slot)).powf(DT);
                let (shuts, reopens) = (monthly(shuts), monthly(reopens));
                match self.world {
                    World::Reading(Reading::Expected) => before * (1.0 - shuts) + (1.0 - before) * reopens,
                    World::Reading(_) => before,
                    World::Path(_) if shuts.is_nan() || reopens.is_nan() => f64::NAN,
                    World::Path(draws) => {
                        let uniform = draws.uniforms[t as usize - 1][index];
                        let stands = if before >= 1.0 { shuts <= uniform } else { uniform < reopens };
                        f64::from(stands)
                    }
                }
            }
        }
    }

    /// Section 3: every register, in order, as others read it.
    pub(super) fn registers(&mut self, t: u32, now: &mut Record) {
        let mut rounded: Vec<bool> = vec![];
        for (index, op) in self.program.ops.iter().enumerate() {
            // Whether it hangs on payments, so that rounding shows in it.
            let paid = matches!(op, Op::Cash(_) | Op::Account(_));
            rounded.push(paid || op.operands().any(|reg| rounded[reg.0 as usize]));
            let read = |reg: Reg| now.registers[reg.0 as usize];
            match *op {
                Op::AtLeast(a, b) | Op::MoreThan(a, b) => {
                    let same = a == b;
                    let (a, b) = (read(a), read(b));
                    // Equal numbers are copies of one; but for mixtures, which round, unless they are 0 or 1.
                    let copies = !self.world.is(Reading::Expected) || is(a, 0.0) || is(a, 1.0);
                    let exact = same || is(a, b) && copies;
                    if !exact {
                        self.history.share_gap((a - b) / a.abs().max(b.abs()));
                    }
                    if rounded[index] {
                        self.history.money_gap(a - b);
                    }
                }
                Op::Div(_, b) if rounded[b.0 as usize] => self.history.money_gap(read(b)),
                _ => {}
            }
            let value = self.evaluate(index, *op, t, now);
            if let Op::Latch { .. } = op {
                self.latch[index] = value;
            }
            now.registers.push(self.overlaid(Target::Register(Reg(index as u32)), t, value));
        }
    }

    fn evaluate(&self, index: usize, op: Op, t: u32, now: &Record) -> f64 {
        let read = |reg: Reg| now.registers[reg.0 as usize];
        let ago = |reg: Reg, months: u32| match t.saturating_sub(months) {
            month if month == t => read(reg),
            month => self.history.months[month as usize].registers[reg.0 as usize],
        };
        match op {
            Op::Slot(slot) => self.slot(slot),
            Op::Curve(curve) => self.program.curves[curve.at()][t as usize],
            Op::Factor(factor) => self.formula(factor.at(), t, now).unwrap_or(now.factors[factor.at()]),
            Op::Event(event) => now.events[event.at()],
            Op::Add(a, b) => read(a) + read(b),
            Op::Sub(a, b) => read(a) - read(b),
            Op::Div(a, b) => divide(read(a), read(b)),
            Op::Min(a, b) => both(read(a), read(b), f64::min),
            Op::Max(a, b) => both(read(a), read(b), f64::max),
            Op::AtLeast(a, b) => both(read(a), read(b), |a, b| f64::from(!above(b, a))),
            Op::MoreThan(a, b) => both(read(a), read(b), |a, b| f64::from(above(a, b))),
            Op::And(a, b) if is(read(a), 0.0) || is(read(b), 0.0) => 0.0,
            Op::Mul(a, b) | Op::And(a, b) => read(a) * read(b),
            Op::Or(a, b) if is(read(a), 1.0) || is(read(b), 1.0) => 1.0,
            Op::Or(a, b) => read(a) + read(b) - read(a) * read(b),
            Op::Not(a) => 1.0 - read(a),
            Op::Choose { when, then, otherwise } => match read(when) {
                when if is(when, 1.0) => read(then),
                when if is(when, 0.0) => read(otherwise),
                when if 0.0 < when && when < 1.0 => when * read(then) + (1.0 - when) * read(otherwise),
                _ => f64::NAN,
            },
            Op::Lag { of, months } => ago(of, months),
            Op::Latch { when, lapse } => self.latched(self.latch[index], read(when), t, lapse),
            Op::Rise(_) if t == 0 => 0.0,
            Op::Rise(a) => read(a) - ago(a, 1),
            Op::Account(account) => self.account[account.at()],
            Op::Cash(party) => self.known_cash(self.purse(party)),
            Op::Defaulted(party) => f64::from(self.defaulted[self.purse(party)]),
        }
    }

    /// Unknown if its opening cash is not stated.
    fn known_cash(&self, party: usize) -> f64 {
        if self.program.parties[party].cash.is_some() { self.cash[party] } else { f64::NAN }
    }

    fn latched(&self, before: f64, when: f64, t: u32, lapse: u32) -> f64 {
        let forgets = self.world.is(Reading::Firm) || self.world.is(Reading::Headline);
        let when = if when.is_nan() && forgets { 0.0 } else { when };
        match (t, is(before, 1.0) || is(when, 1.0)) {
            (0, _) => 0.0,
            (t, _) if lapse < t => before,
            (_, true) => 1.0,
            (t, false) if t == lapse && self.world.is(Reading::Headline) => 1.0,
            _ => both(before, when, f64::max),
        }
    }
}

/// `a / b`; unknown where `b` is zero.
pub(super) fn divide(a: f64, b: f64) -> f64 {
    if is(b, 0.0) { f64::NAN } else { a / b }
}

/// Unknown if either is.
fn both(a: f64, b: f64, of: impl Fn(f64, f64) -> f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { of(a, b) }
}

/// Whether `a` is more than `b` by more than rounding.
fn above(a: f64, b: f64) -> bool {
    a > b && a - b > ROUNDING * a.abs().max(b.abs()).min(f64::MAX)
}

/// Exactly this number: truths are copies of 0 and 1, never results of rounding.
#[expect(clippy::float_cmp, reason = "the oracle compares as programs say")]
fn is(x: f64, number: f64) -> bool {
    x == number
}
