//! The numbers of a reading by month, as replayed.

use keiretsu_program::{CoverId, FactorId, FlowId, PartyId, Program, Quantity, Reg};

use crate::Replay;

/// What a replay saw, in lists that are indexed by position.
pub struct Numbers<'a> {
    replay: &'a Replay,
    registers: Vec<usize>,
    factors: Vec<usize>,
    due: Vec<usize>,
    paid: Vec<usize>,
    net: Vec<usize>,
    cash: Vec<usize>,
    raised: Vec<usize>,
    drawn: Vec<usize>,
    defaulted: Vec<usize>,
}

impl<'a> Numbers<'a> {
    pub fn new(program: &Program, replay: &'a Replay) -> Self {
        let all = |count: usize, of: &dyn Fn(u32) -> Quantity| -> Vec<usize> {
            (0..count as u32).map(|at| replay.position(of(at))).collect()
        };
        let parties = program.parties.len();
        Self {
            replay,
            registers: all(program.ops.len(), &|at| Quantity::Register(Reg(at))),
            factors: all(program.factors.len(), &|at| Quantity::Factor(FactorId(at))),
            due: all(program.flows.len(), &|at| Quantity::Due(FlowId(at))),
            paid: all(program.flows.len(), &|at| Quantity::Payment(FlowId(at))),
            net: all(parties, &|at| Quantity::Net(PartyId(at))),
            cash: all(parties, &|at| Quantity::Cash(PartyId(at))),
            raised: all(parties, &|at| Quantity::Raised(PartyId(at))),
            drawn: all(program.covers.len(), &|at| Quantity::Drawn(CoverId(at))),
            defaulted: all(parties, &|at| Quantity::Defaulted(PartyId(at))),
        }
    }

    fn at(&self, place: usize, t: u32) -> f64 {
        self.replay.months[t as usize - 1][place]
    }

    pub fn register(&self, at: usize, t: u32) -> f64 {
        if t == 0 { self.replay.registers_start[at] } else { self.at(self.registers[at], t) }
    }

    pub fn factor(&self, at: usize, t: u32) -> f64 {
        if t == 0 { self.replay.factors_start[at] } else { self.at(self.factors[at], t) }
    }

    pub fn due(&self, at: usize, t: u32) -> f64 {
        self.at(self.due[at], t)
    }

    pub fn paid(&self, at: usize, t: u32) -> f64 {
        self.at(self.paid[at], t)
    }

    pub fn net(&self, at: usize, t: u32) -> f64 {
        self.at(self.net[at], t)
    }

    pub fn cash(&self, at: usize, t: u32) -> f64 {
        self.at(self.cash[at], t)
    }

    pub fn raised(&self, at: usize, t: u32) -> f64 {
        self.at(self.raised[at], t)
    }

    pub fn drawn(&self, at: usize, t: u32) -> f64 {
        self.at(self.drawn[at], t)
    }

    /// Whether a party has defaulted by the end of month `t`.
    pub fn defaulted(&self, at: usize, t: u32) -> bool {
        t > 0 && self.at(self.defaulted[at], t) > 0.5
    }

    pub fn quantity(&self, quantity: Quantity, t: u32) -> f64 {
        self.replay.get(quantity, t).unwrap_or(f64::NAN)
    }
}
