//! The numbers of a reading by month: everything that there is, read off the rows of its run.

use keiretsu_program::{FactorId, Mode, PartyId, Probe, Quantity, Reg, RunSpec, Span};

use crate::plan::Plan;
use crate::plan::probes::{ProbePlace, source};
use crate::rows::Place;
use crate::work::Work;

/// What a run saw.
pub struct Numbers<'a> {
    plan: &'a Plan<'a>,
    /// All rows at the end of each month, from `t = 0`.
    months: Vec<Vec<f64>>,
    /// Whether somebody paid less than what was due, by month.
    short: Vec<bool>,
}

/// A run of a reading that watches everything, after what it watches already.
pub fn watching_all(program: &keiretsu_program::Program, spec: &RunSpec) -> RunSpec {
    assert!(matches!(spec.mode, Mode::Reading(_)), "a reading is one path");
    let all = crate::replay::all_quantities(program, spec);
    let all = all.into_iter().map(|quantity| Probe { quantity, span: Span::Month });
    RunSpec { probes: spec.probes.iter().copied().chain(all).collect(), ..spec.clone() }
}

impl<'a> Numbers<'a> {
    /// Of a plan that watches everything, before it is run.
    pub fn new(plan: &'a Plan<'a>) -> Self {
        Self { plan, months: vec![], short: vec![] }
    }

    /// Keeps a month: as-of first, then one after the other.
    pub fn keep(&mut self, work: &Work<'_>) {
        self.months.push(work.state.rows.first(self.plan.layout.total).to_vec());
        self.short.push(work.state.short);
    }

    fn at(&self, place: Place, t: u32) -> f64 {
        match place {
            Place::Fixed(value) => value,
            Place::Month(column) => self.plan.table.month(t)[column],
            Place::Row(row) => self.months[t as usize][row],
        }
    }

    pub fn register(&self, at: usize, t: u32) -> f64 {
        self.at(self.plan.register(Reg(at as u32)), t)
    }

    pub fn factor(&self, at: usize, t: u32) -> f64 {
        if t == 0 {
            return self.at(self.plan.factors[at].expect("every factor is watched"), 0);
        }
        self.quantity(Quantity::Factor(FactorId(at as u32)), t)
    }

    pub fn due(&self, at: usize, t: u32) -> f64 {
        self.plan.layout.flows[at].due.map_or(0.0, |row| self.months[t as usize][row])
    }

    pub fn paid(&self, at: usize, t: u32) -> f64 {
        let layout = &self.plan.layout;
        let paid = layout.cleared.get(at).filter(|_| self.short[t as usize]).map(|rows| rows.paid);
        paid.or(layout.flows[at].due).map_or(0.0, |row| self.months[t as usize][row])
    }

    pub fn net(&self, at: usize, t: u32) -> f64 {
        self.quantity(Quantity::Net(PartyId(at as u32)), t)
    }

    pub fn cash(&self, at: usize, t: u32) -> f64 {
        self.quantity(Quantity::Cash(PartyId(at as u32)), t)
    }

    pub fn raised(&self, at: usize, t: u32) -> f64 {
        self.quantity(Quantity::Raised(PartyId(at as u32)), t)
    }

    pub fn drawn(&self, at: usize, t: u32) -> f64 {
        self.months[t as usize][self.plan.layout.covers[at].drawn]
    }

    /// Whether a party has defaulted by the end of month `t`.
    pub fn defaulted(&self, at: usize, t: u32) -> bool {
        t > 0 && self.quantity(Quantity::Defaulted(PartyId(at as u32)), t) > 0.5
    }

    /// A quantity of a month from 1; what is lost by a failure is no number of a run.
    pub fn quantity(&self, quantity: Quantity, t: u32) -> f64 {
        if matches!(quantity, Quantity::Exposure(_) | Quantity::ExposureAtDefault(_)) {
            return f64::NAN;
        }
        match source(self.plan, quantity) {
            ProbePlace::At(place) => self.at(place, t),
            ProbePlace::Payment(flow) => self.paid(flow.at(), t),
        }
    }
}
