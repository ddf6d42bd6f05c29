//! Makes a random small web from a seed.
//!
//! Registers come in three kinds so that numbers stay of a size: money (millions to billions), shares
//! (around 1) and truths. Products are of money and a share only; nothing grows by more than it is fed.

mod terms;

use keiretsu_program::{
    Builder, Copula, Distribution, Event, EventId, Factor, FactorId, FlowId, HoldingId, Jump, Month,
    Occurrence, Op, Overlay, PartyId, Process, Program, Reg, Slot, SlotId,
};

use super::random::Random;

/// A web with what a run adds to it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The web.
    pub program: Program,
    /// What the run changes.
    pub overlays: Vec<Overlay>,
    /// The groups whose own money is followed.
    pub groups: Vec<Vec<PartyId>>,
}

struct Web {
    random: Random,
    b: Builder,
    months: u32,
    /// Parties with a purse of their own; `outside` is not among them.
    purses: Vec<PartyId>,
    /// All parties but `outside`.
    parties: Vec<PartyId>,
    slots: Vec<SlotId>,
    factors: Vec<FactorId>,
    events: Vec<EventId>,
    money: Vec<Reg>,
    shares: Vec<Reg>,
    truths: Vec<Reg>,
    flows: Vec<FlowId>,
    fed: Vec<HoldingId>,
}

/// The web of a seed.
pub fn generate(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let months = random.count(6, 36);
    let origin = Month::new(2025, random.count(1, 12) as i32);
    let mut web = Web {
        random,
        b: Builder::new(origin, months),
        months,
        purses: vec![],
        parties: vec![],
        slots: vec![],
        factors: vec![],
        events: vec![],
        money: vec![],
        shares: vec![],
        truths: vec![],
        flows: vec![],
        fed: vec![],
    };
    web.draw_parties();
    web.draw_leaves();
    web.draw_registers();
    web.draw_terms();
    web.draw_holdings();
    web.draw_flows();
    web.draw_rest();
    web.draw_covers();
    let groups = web.draw_groups();
    let overlays = web.draw_overlays();
    let program = web.b.finish();
    assert_eq!(keiretsu_program::verify(&program), Ok(()), "seed {seed} makes a program that does not hold");
    Case { program, overlays, groups }
}

impl Web {
    fn draw_parties(&mut self) {
        for _ in 0..self.random.count(2, 6) {
            let party = self.b.party();
            self.purses.push(party);
        }
        self.parties.clone_from(&self.purses);
        for _ in 0..self.random.count(0, 2) {
            let segment = self.b.party();
            self.b.party_mut(segment).purse = self.random.pick(&self.purses);
            self.parties.push(segment);
        }
    }

    /// Three readings and a distribution around a number; unknown at times.
    fn slot(&mut self, middle: f64, unknown: f64) -> SlotId {
        let reading = |random: &mut Random| {
            if random.chance(unknown) { f64::NAN } else { middle * random.between(0.8, 1.2) }
        };
        let (firm, expected, headline) =
            (reading(&mut self.random), reading(&mut self.random), reading(&mut self.random));
        let sampled = match self.random.count(0, 3) {
            0 => Distribution::Lognormal { mu: middle.abs().ln(), sigma: self.random.between(0.0, 0.5) },
            1 => {
                let (a, b) = (0.5 * middle, 1.5 * middle);
                Distribution::Uniform { low: a.min(b), high: a.max(b) }
            }
            _ => Distribution::Point(reading(&mut self.random)),
        };
        self.b.slot(Slot { firm, expected, headline, sampled, possible: [None; 3] })
    }

    fn share_slot(&mut self, low: f64, high: f64) -> SlotId {
        let value = self.random.between(low, high);
        self.b.slot(Slot { sampled: Distribution::Uniform { low, high }, ..Slot::constant(value) })
    }

    fn dollars(&mut self) -> f64 {
        10f64.powf(self.random.between(6.0, 9.0))
    }

    fn draw_leaves(&mut self) {
        for _ in 0..self.random.count(3, 6) {
            let middle = self.dollars();
            let slot = self.slot(middle, 0.04);
            self.slots.push(slot);
            let reg = self.b.read(slot);
            self.money.push(reg);
        }
        for _ in 0..self.random.count(1, 3) {
            let (size, shape) = (self.dollars(), self.random.count(0, 2));
            let (until, growth) = (self.random.count(1, self.months), self.random.between(-0.05, 0.05));
            let curve = self.b.curve_of(|t| match shape {
                0 => size * f64::from(t <= until),
                1 => size * f64::from(t == until),
                _ => size * (1.0 + growth).powi(t as i32),
            });
            self.money.push(curve);
        }
        for value in [0.0, 1.0] {
            let reg = self.b.number(value);
            self.truths.push(reg);
        }
        let half = self.b.number(0.5);
        self.shares.push(half);
        self.draw_factors();
        self.draw_events();
        for _ in 0..self.random.count(0, 3) {
            let opening = if self.random.chance(0.5) { 0.0 } else { self.dollars() };
            let account = self.b.account(opening);
            // A tenth of it, so that what feeds on itself grows slowly.
            let (reg, tenth) = (self.b.op(Op::Account(account)), self.b.number(0.1));
            let reg = self.b.mul(reg, tenth);
            self.money.push(reg);
        }
    }

    fn draw_factors(&mut self) {
        let mut loadings = vec![];
        for _ in 0..self.random.count(0, 4) {
            let start = self.share_slot(0.5, 2.0);
            let growth = (1.0 + self.random.between(-0.3, 0.5)).powf(1.0 / 12.0);
            let curve = (0..=self.months).map(|t| if t == 0 { 1.0 } else { growth }).collect();
            let (growth, volatility) = (self.b.curve(curve), self.share_slot(0.0, 0.6));
            let process = match self.random.count(0, 4) {
                0 => Process::Central,
                1 => Process::Geometric { volatility },
                2 => Process::MeanReverting { volatility, half_life: self.share_slot(0.2, 4.0) },
                3 => {
                    let (rate, mean) = (self.share_slot(0.0, 6.0), self.share_slot(-0.5, 0.3));
                    Process::Jump { volatility, jump: Jump { rate, mean, spread: self.share_slot(0.0, 0.4) } }
                }
                _ => Process::Formula(self.random.pick(&self.shares)),
            };
            let factor = self.b.factor(Factor { start, growth, process });
            let reg = self.b.op(Op::Factor(factor));
            self.shares.push(reg);
            self.factors.push(factor);
            loadings.push(self.random.between(-0.9, 0.9));
        }
        // Products of loadings on one common factor are always correlations of real random numbers.
        for a in 0..loadings.len() {
            for b in 0..a {
                if self.random.chance(0.7) || loadings.len() > 2 {
                    self.b.correlate(self.factors[a], self.factors[b], loadings[a] * loadings[b]);
                }
            }
        }
        if self.random.chance(0.3) {
            self.b.copula(Copula::StudentT { freedom: self.random.between(2.5, 12.0) });
        }
    }

    fn draw_events(&mut self) {
        for _ in 0..self.random.count(1, 4) {
            let occurrence = match self.random.count(0, 6) {
                0..=2 => Occurrence::Once {
                    chance: self.share_slot(0.0, 1.0),
                    by: self.random.count(1, 2 * self.months),
                },
                3 | 4 => Occurrence::TwoState {
                    now: self.random.chance(0.5),
                    shuts: self.share_slot(0.0, 0.9),
                    reopens: self.share_slot(0.0, 0.9),
                },
                5 => Occurrence::Settled { at: self.random.count(0, self.months + 2) },
                _ => Occurrence::Unknown,
            };
            let event = self.b.event(Event { occurrence });
            let reg = self.b.op(Op::Event(event));
            self.events.push(event);
            self.truths.push(reg);
        }
    }

    fn draw_registers(&mut self) {
        for _ in 0..self.random.count(8, 40) {
            let (m, n) = (self.random.pick(&self.money), self.random.pick(&self.money));
            let (s, u) = (self.random.pick(&self.shares), self.random.pick(&self.shares));
            let (p, q) = (self.random.pick(&self.truths), self.random.pick(&self.truths));
            match self.random.count(0, 24) {
                0..=11 => {
                    let op = self.draw_money(m, n, s, p);
                    let reg = self.b.op(op);
                    self.money.push(reg);
                }
                12..=15 => self.draw_share(m, n, s, u, p),
                _ => {
                    let op = self.draw_truth([m, n], [s, u], [p, q]);
                    let reg = self.b.op(op);
                    self.truths.push(reg);
                }
            }
        }
    }

    fn draw_money(&mut self, m: Reg, n: Reg, s: Reg, p: Reg) -> Op {
        match self.random.count(0, 10) {
            0 => Op::Add(m, n),
            1 => Op::Sub(m, n),
            2 | 3 => Op::Mul(m, s),
            4 => Op::Min(m, n),
            5 => Op::Max(m, n),
            6 => Op::Choose { when: p, then: m, otherwise: n },
            7 => Op::Lag { of: m, months: self.random.count(1, 12) },
            8 => Op::Rise(m),
            9 => Op::Mul(m, p),
            _ => Op::Cash(self.random.pick(&self.parties)),
        }
    }

    /// A quotient of money, kept between 0 and 2, or a mixture.
    fn draw_share(&mut self, m: Reg, n: Reg, s: Reg, u: Reg, p: Reg) {
        let reg = if self.random.chance(0.5) {
            let (quotient, none, two) = (self.b.op(Op::Div(m, n)), self.b.number(0.0), self.b.number(2.0));
            let at_least_none = self.b.max(quotient, none);
            self.b.min(at_least_none, two)
        } else {
            self.b.op(Op::Choose { when: p, then: s, otherwise: u })
        };
        self.shares.push(reg);
    }

    fn draw_truth(&mut self, [m, n]: [Reg; 2], [s, u]: [Reg; 2], [p, q]: [Reg; 2]) -> Op {
        let lapse = if self.random.chance(0.6) { self.random.count(1, self.months) } else { u32::MAX };
        match self.random.count(0, 9) {
            0 => Op::AtLeast(m, n),
            1 => Op::MoreThan(m, n),
            2 => Op::AtLeast(s, u),
            3 => Op::MoreThan(s, u),
            4 => Op::And(p, q),
            5 => Op::Or(p, q),
            6 => Op::Not(p),
            7 | 8 => Op::Latch { when: p, lapse },
            _ => Op::Defaulted(self.random.pick(&self.parties)),
        }
    }
}
