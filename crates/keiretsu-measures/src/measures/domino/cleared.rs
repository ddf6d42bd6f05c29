//! Clearing: the engine runs the month of the failure and all that follow, and the losses are read off it.

use std::collections::BTreeSet;

use keiretsu_model::PartyRef;
use keiretsu_program::{
    Change, CoverId, FlowId, HoldingId, Observations, Overlay, PartyId, Probe, Program, Quantity, Reading,
    Reg, Series, Span, Tag, Target,
};
use keiretsu_values::Value;

use crate::seen::value_at;
use crate::{Runs, RunsError, Subject};

/// Everything that is watched, with its place.
pub(super) struct Lens<'a> {
    pub subject: &'a Subject<'a>,
    probes: Vec<Probe>,
    /// Flows that pay for another party's default.
    pub covers: Vec<bool>,
    /// Registers of prepayments not yet used.
    unused: Vec<Reg>,
    /// Registers that stay zero while no guarantee pays.
    silent: Vec<Reg>,
    /// What estates are made of: cash and values of parties, and what their assets bring.
    beside: Vec<Quantity>,
}

/// The series of a run, by place.
pub(super) struct Months {
    /// All that is watched; in the run of a failure, all but what estates are made of.
    seen: Observations,
    /// What the estates of those that are brought down are made of, up to the last month in which one is.
    estates: Observations,
    /// Where each series is; none that nothing reads of a failure.
    places: Vec<Option<Kept>>,
}

/// Where a series is kept.
#[derive(Clone, Copy)]
enum Kept {
    Seen(usize),
    Estates(usize),
}

impl Months {
    fn keep(&mut self, places: &[usize], kept: fn(usize) -> Kept) {
        places.iter().enumerate().for_each(|(at, place)| self.places[*place] = Some(kept(at)));
    }

    fn series(&self, place: usize) -> &Series {
        match self.places[place].expect("what is read of a failure is watched") {
            Kept::Seen(at) => self.seen.read(at),
            Kept::Estates(at) => self.estates.read(at),
        }
    }

    /// A number in month `t`; unknown counts as zero here and is named elsewhere.
    pub fn at(&self, place: usize, t: u32) -> f64 {
        let value = self.series(place).mean[t as usize - 1];
        if value.is_nan() { 0.0 } else { value }
    }

    /// The same with its possible range.
    pub fn value(&self, place: usize, t: u32) -> Value {
        value_at(self.series(place), t as usize - 1)
    }
}

impl<'a> Lens<'a> {
    pub fn new(subject: &'a Subject<'a>) -> Self {
        let program = subject.program;
        let unused: Vec<Reg> = subject.side.prepayments.iter().filter_map(|line| line.unused).collect();
        let mut quantities = Vec::new();
        // Dues come first, so that the place of a due is that of its flow.
        quantities.extend((0..program.flows.len() as u32).map(|at| Quantity::Due(FlowId(at))));
        quantities.extend((0..program.flows.len() as u32).map(|at| Quantity::Payment(FlowId(at))));
        quantities.extend((0..program.holdings.len() as u32).map(|at| Quantity::Holding(HoldingId(at))));
        quantities.extend(program.claims.iter().map(|claim| Quantity::Register(claim.amount)));
        let parties = || (0..program.parties.len() as u32).map(PartyId);
        quantities.extend(parties().map(Quantity::Defaulted));
        quantities.extend(parties().map(Quantity::Net));
        quantities.extend(parties().map(Quantity::Raised));
        quantities.extend((0..program.covers.len() as u32).map(|at| Quantity::Drawn(CoverId(at))));
        quantities.extend(unused.iter().map(|register| Quantity::Register(*register)));
        let covers = subject.side.flows.iter().map(|flow| {
            let contract = flow.contract.and_then(|contract| subject.model.contract(contract));
            contract.is_some_and(|contract| COVERS.contains(&contract.spec.keyword))
        });
        // A fee is the price of it.
        let covers = covers.zip(&program.flows).map(|(covers, flow)| covers && flow.tag != Tag::Fee);
        let covers: Vec<bool> = covers.collect();
        let taken = subject.side.take_overs.iter().copied();
        let owed = covers.iter().zip(&program.flows).filter(|(covers, _)| **covers);
        // Calls come on top of the amount of their flow, which is nothing unless it stands alone.
        let silent: Vec<Reg> = taken.chain(owed.map(|(_, flow)| flow.amount)).collect();
        quantities.extend(silent.iter().map(|register| Quantity::Register(*register)));
        let beside = beside(program);
        quantities.extend(&beside);
        let probes = quantities.into_iter().map(|quantity| Probe { quantity, span: Span::Month }).collect();
        Self { subject, probes, covers, unused, silent, beside }
    }

    /// Whether there are guarantees or backstops.
    pub fn has_covers(&self) -> bool {
        self.covers.contains(&true)
    }

    pub fn paid(&self, flow: usize) -> usize {
        self.covers.len() + flow
    }

    pub fn held(&self, holding: usize) -> usize {
        2 * self.covers.len() + holding
    }

    pub fn claim(&self, claim: usize) -> usize {
        self.held(self.subject.program.holdings.len()) + claim
    }

    pub fn defaulted(&self, party: usize) -> usize {
        self.claim(self.subject.program.claims.len()) + party
    }

    pub fn net(&self, party: usize) -> usize {
        self.defaulted(self.subject.program.parties.len()) + party
    }

    pub fn raised(&self, party: usize) -> usize {
        self.net(self.subject.program.parties.len()) + party
    }

    pub fn drawn(&self, cover: usize) -> usize {
        self.raised(self.subject.program.parties.len()) + cover
    }

    /// The index of a register of unused prepayments.
    pub fn unused(&self, register: Reg) -> Option<usize> {
        let at = self.unused.iter().position(|known| *known == register)?;
        Some(self.drawn(self.subject.program.covers.len()) + at)
    }

    /// Where one of the things that estates are made of is.
    pub fn beside(&self, quantity: Quantity) -> Option<usize> {
        let at = self.beside.iter().position(|known| *known == quantity)?;
        Some(self.probes.len() - self.beside.len() + at)
    }

    pub fn group(&self, party: PartyId) -> usize {
        self.subject.model.group(PartyRef(party.0)).at()
    }

    /// The run without a forced failure; without guarantee payments where `covered` is false.
    pub fn base(&self, runs: &dyn Runs, reading: Reading, covered: bool) -> Result<Months, RunsError> {
        let overlays = if covered { vec![] } else { self.uncovered() };
        let seen = runs.possible(reading, &overlays, &self.probes, self.subject.program.months)?;
        let places = (0..self.probes.len()).map(|at| Some(Kept::Seen(at))).collect();
        Ok(Months { seen, estates: Observations::default(), places })
    }

    /// Whether something is read of every failure; the rest is of estates.
    fn is_of_all(&self, place: usize) -> bool {
        !(self.net(0)..self.drawn(0)).contains(&place) && place < self.probes.len() - self.beside.len()
    }

    /// What the estates of groups are made of, by place.
    fn of_estates(&self, failing: &[usize]) -> BTreeSet<usize> {
        let purses = self.heirs(failing);
        let purses = purses.iter().chain(failing);
        let mut places: BTreeSet<usize> = purses.flat_map(|at| [self.net(*at), self.raised(*at)]).collect();
        for at in failing {
            let assets = self.subject.program.parties[*at].recovery.map(Quantity::Register);
            let cash = Quantity::Cash(PartyId(*at as u32));
            places.extend(assets.into_iter().chain([cash]).filter_map(|of| self.beside(of)));
        }
        places
    }

    /// The purses that the estates of groups may pay, and their own.
    pub fn heirs(&self, failing: &[usize]) -> BTreeSet<usize> {
        let program = self.subject.program;
        let purse = |party: PartyId| program.parties[party.at()].purse.at();
        let failing: BTreeSet<usize> = failing.iter().map(|at| program.parties[*at].purse.at()).collect();
        let fails = |party: PartyId| failing.contains(&purse(party));
        let mut heirs = failing.clone();
        let claims = program.claims.iter().filter(|claim| fails(claim.debtor));
        heirs.extend(claims.map(|claim| purse(claim.creditor)));
        let holdings = program.holdings.iter().filter(|holding| fails(holding.issuer));
        heirs.extend(holdings.map(|holding| purse(holding.owner)));
        let flows = program.flows.iter().filter(|flow| fails(flow.from));
        heirs.extend(flows.map(|flow| purse(flow.to)));
        // Who has paid on a call has that part of the claim.
        let covers = program
            .covers
            .iter()
            .filter(|cover| cover.flows.iter().any(|flow| fails(program.flows[flow.at()].from)));
        heirs.extend(covers.map(|cover| purse(program.flows[cover.call.at()].from)));
        heirs.remove(&PartyId::OUTSIDE.at());
        heirs
    }

    /// Overlays without guarantees: no call, no step-in, no backstop.
    fn uncovered(&self) -> Vec<Overlay> {
        let program = self.subject.program;
        let shares = program.covers.iter().map(|cover| cover.share);
        let silent = shares.chain(self.silent.iter().copied()).map(|register| Overlay {
            target: Target::Register(register),
            change: Change::Set(0.0),
            from: 1,
            until: program.months,
        });
        silent.collect()
    }

    /// Whether guarantees certainly pay nothing in a run, which then equals the run without them.
    pub fn is_silent(&self, run: &Months) -> bool {
        let still = |place: usize| {
            let series = run.series(place);
            let nothing = series.mean.iter().all(|x| x.to_bits() == 0);
            nothing && series.possible.is_empty()
        };
        let flows = (0..self.covers.len()).filter(|flow| self.covers[*flow]);
        let drawn = (0..self.subject.program.covers.len()).map(|cover| self.drawn(cover));
        let first = self.drawn(self.subject.program.covers.len()) + self.unused.len();
        let registers = first..first + self.silent.len();
        flows.flat_map(|flow| [flow, self.paid(flow)]).chain(drawn).chain(registers).all(still)
    }

    /// The run in which a group fails in a month; without guarantee payments where `covered` is false.
    pub fn struck(
        &self,
        runs: &dyn Runs,
        reading: Reading,
        (party, t): (PartyRef, u32),
        covered: bool,
    ) -> Result<Months, RunsError> {
        let target = Target::Default(PartyId(party.0));
        let mut overlays = vec![Overlay { target, change: Change::Set(1.0), from: t, until: t }];
        if !covered {
            overlays.extend(self.uncovered());
        }
        let of_all: Vec<usize> = (0..self.probes.len()).filter(|place| self.is_of_all(*place)).collect();
        let months = self.subject.program.months;
        let seen = runs.possible(reading, &overlays, &self.watched(&of_all), months)?;
        let places = vec![None; self.probes.len()];
        let mut run = Months { seen, estates: Observations::default(), places };
        run.keep(&of_all, Kept::Seen);
        let parties = 0..self.subject.program.parties.len();
        let failed: Vec<(usize, u32)> = parties.filter_map(|at| Some((at, self.fails(&run, at)?))).collect();
        let failing: Vec<usize> = failed.iter().map(|(at, _)| *at).collect();
        if let Some(last) = failed.iter().map(|(_, t)| *t).max() {
            let of_estates: Vec<usize> = self.of_estates(&failing).into_iter().collect();
            run.estates = runs.possible(reading, &overlays, &self.watched(&of_estates), last)?;
            run.keep(&of_estates, Kept::Estates);
        }
        Ok(run)
    }

    fn watched(&self, places: &[usize]) -> Vec<Probe> {
        places.iter().map(|place| self.probes[*place]).collect()
    }

    /// The month in which a group fails in a run.
    pub fn fails(&self, run: &Months, party: usize) -> Option<u32> {
        let place = self.defaulted(party);
        (1..=self.subject.program.months).find(|t| run.at(place, *t) > 0.5)
    }
}

fn beside(program: &Program) -> Vec<Quantity> {
    let parties = || (0..program.parties.len() as u32).map(PartyId).zip(&program.parties);
    let cash = parties().map(|(id, _)| Quantity::Cash(id));
    let values = parties().filter(|(_, party)| party.value.is_some()).map(|(id, _)| Quantity::Value(id));
    let assets = parties().filter_map(|(_, party)| party.recovery).map(Quantity::Register);
    cash.chain(values).chain(assets).collect()
}

/// Contract types that pay what somebody else does not.
pub(super) const COVERS: [&str; 2] = ["guarantee", "backstop"];
