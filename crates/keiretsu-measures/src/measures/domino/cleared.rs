//! Clearing: the engine runs the month of the failure and all that follow, and the losses are read off it.

use keiretsu_model::PartyRef;
use keiretsu_program::{
    Change, FlowId, HoldingId, Overlay, PartyId, Probe, Quantity, Reading, Series, Span, Target,
};

use crate::{Runs, Stopped, Subject};

/// What one group loses, by layer, in money. Layers add up to the loss.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Loss {
    /// What fell due and was not paid.
    pub dues: f64,
    /// Claims for what contracts would still have brought.
    pub contracts: f64,
    /// Value of holdings before the failure.
    pub holdings: f64,
    /// What estates paid back.
    pub recovered: f64,
    /// What guarantors paid, less what was paid as one.
    pub covered: f64,
}

impl Loss {
    /// In all.
    pub fn sum(&self) -> f64 {
        self.dues + self.contracts + self.holdings - self.recovered - self.covered
    }
}

/// A failure and what it does: losses by group, and who fails in which month.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub losses: Vec<Loss>,
    /// The month in which a group fails.
    pub failed: Vec<Option<u32>>,
    /// Holdings in those that fail whose value is not known.
    pub unknown: Vec<usize>,
}

/// Everything that is watched, with its place.
pub(super) struct Lens<'a> {
    subject: &'a Subject<'a>,
    probes: Vec<Probe>,
    /// Flows that pay for what another does not.
    covers: Vec<bool>,
}

/// The series of a run, by place.
struct Months<'a>(&'a [Series]);

impl Months<'_> {
    /// A number in month `t`; unknown counts for nothing and is said elsewhere.
    fn at(&self, place: usize, t: u32) -> f64 {
        let value = self.0[place].mean[t as usize - 1];
        if value.is_nan() { 0.0 } else { value }
    }
}

impl<'a> Lens<'a> {
    pub fn new(subject: &'a Subject<'a>) -> Self {
        let program = subject.program;
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
        let probes = quantities.into_iter().map(|quantity| Probe { quantity, span: Span::Month }).collect();
        let covers = subject.side.flows.iter().map(|flow| {
            let contract = flow.contract.and_then(|contract| subject.model.contract(contract));
            contract.is_some_and(|contract| COVERS.contains(&contract.spec.keyword))
        });
        Self { subject, probes, covers: covers.collect() }
    }

    /// Whether anybody pays for anybody else.
    pub fn has_covers(&self) -> bool {
        self.covers.contains(&true)
    }

    fn paid(&self, flow: usize) -> usize {
        self.covers.len() + flow
    }

    fn held(&self, holding: usize) -> usize {
        2 * self.covers.len() + holding
    }

    fn claim(&self, claim: usize) -> usize {
        self.held(self.subject.program.holdings.len()) + claim
    }

    fn defaulted(&self, party: usize) -> usize {
        self.claim(self.subject.program.claims.len()) + party
    }

    fn net(&self, party: usize) -> usize {
        self.defaulted(self.subject.program.parties.len()) + party
    }

    fn raised(&self, party: usize) -> usize {
        self.net(self.subject.program.parties.len()) + party
    }

    fn group(&self, party: PartyId) -> usize {
        self.subject.model.group(PartyRef(party.0)).at()
    }

    /// The run in which nobody is made to fail.
    pub fn base(&self, runs: &dyn Runs, reading: Reading) -> Result<Vec<Series>, Stopped> {
        Ok(runs.reading(reading, &[], &self.probes)?.series)
    }

    /// What happens if a group fails in a month; without what guarantors pay where `covered` is false.
    pub fn failure(
        &self,
        runs: &dyn Runs,
        reading: Reading,
        base: &[Series],
        (party, t): (PartyRef, u32),
        covered: bool,
    ) -> Result<Outcome, Stopped> {
        let target = Target::Default(PartyId(party.0));
        let mut overlays = vec![Overlay { target, change: Change::Set(1.0), from: t, until: t }];
        if !covered {
            let silent = self.covers.iter().zip(&self.subject.program.flows).filter(|(covers, _)| **covers);
            overlays.extend(silent.map(|(_, flow)| Overlay {
                target: Target::Register(flow.amount),
                change: Change::Set(0.0),
                from: 1,
                until: self.subject.program.months,
            }));
        }
        let run = runs.reading(reading, &overlays, &self.probes)?;
        Ok(self.outcome(&Months(base), &Months(&run.series), t))
    }

    fn outcome(&self, base: &Months<'_>, run: &Months<'_>, first: u32) -> Outcome {
        let program = self.subject.program;
        let parties = program.parties.len();
        let failed: Vec<Option<u32>> = (0..parties).map(|at| self.newly(base, run, at)).collect();
        let (mut losses, mut unknown) = (vec![Loss::default(); parties], vec![]);
        for (at, flow) in program.flows.iter().enumerate() {
            self.flow(base, run, (at, flow.from, flow.to), first, &mut losses);
        }
        for (at, claim) in program.claims.iter().enumerate() {
            let (debtor, creditor) = (self.group(claim.debtor), self.group(claim.creditor));
            if let Some(t) = failed[debtor].filter(|_| debtor != creditor) {
                losses[creditor].contracts += run.at(self.claim(at), t).max(0.0);
            }
        }
        for (at, holding) in program.holdings.iter().enumerate() {
            let (owner, issuer) = (self.group(holding.owner), self.group(holding.issuer));
            if let Some(t) = failed[issuer].filter(|_| owner != issuer) {
                if base.0[self.held(at)].mean[t as usize - 1].is_nan() {
                    unknown.push(at);
                }
                losses[owner].holdings += base.at(self.held(at), t) - run.at(self.held(at), t);
            }
        }
        let months: std::collections::BTreeSet<u32> = failed.iter().flatten().copied().collect();
        for t in months {
            for (loss, paid) in losses.iter_mut().zip(self.estates_pay(run, t)) {
                loss.recovered += paid;
            }
        }
        Outcome { losses, failed, unknown }
    }

    /// The month in which a party fails that it would not have failed by without the failure.
    fn newly(&self, base: &Months<'_>, run: &Months<'_>, party: usize) -> Option<u32> {
        let place = self.defaulted(party);
        let fails =
            |months: &Months<'_>| (1..=self.subject.program.months).find(|t| months.at(place, *t) > 0.5);
        let (now, before) = (fails(run)?, fails(base));
        before.is_none_or(|before| now < before).then_some(now)
    }

    /// Unpaid dues and what guarantors pay, beyond those of the base.
    fn flow(
        &self,
        base: &Months<'_>,
        run: &Months<'_>,
        (at, from, to): (usize, PartyId, PartyId),
        first: u32,
        losses: &mut [Loss],
    ) {
        let (payer, payee) = (self.group(from), self.group(to));
        if payer == payee {
            return;
        }
        let unpaid = |months: &Months<'_>, t: u32| months.at(at, t) - months.at(self.paid(at), t);
        let more = |of: &dyn Fn(&Months<'_>, u32) -> f64| -> f64 {
            (first..=self.subject.program.months).map(|t| of(run, t) - of(base, t)).sum()
        };
        losses[payee].dues += more(&unpaid).max(0.0);
        if self.covers[at] {
            let paid = more(&|months, t| months.at(self.paid(at), t));
            losses[payee].covered += paid;
            losses[payer].covered -= paid;
        }
    }

    /// What comes to each party in a month beside payments on flows and what it raises: from estates.
    fn estates_pay(&self, run: &Months<'_>, t: u32) -> Vec<f64> {
        let program = self.subject.program;
        let purse = |id: PartyId| program.parties[id.at()].purse.at();
        let parties = 0..program.parties.len();
        let mut known: Vec<f64> = parties.clone().map(|party| run.at(self.raised(party), t)).collect();
        let mut size = known.clone();
        for (at, flow) in program.flows.iter().enumerate() {
            let paid = run.at(self.paid(at), t);
            for (party, sign) in [(purse(flow.to), 1.0), (purse(flow.from), -1.0)] {
                known[party] += sign * paid;
                size[party] += paid;
            }
        }
        let rest = |party: usize| {
            if program.parties[party].purse.at() != party || party == 0 {
                return 0.0;
            }
            let rest = run.at(self.net(party), t) - known[party];
            // Less than rounding is nothing; what leaves by one's own estate is no receipt.
            if rest <= 1e-9 * size[party] + 1e-6 { 0.0 } else { rest }
        };
        parties.map(rest).collect()
    }
}

/// Contract types that pay what somebody else does not.
const COVERS: [&str; 2] = ["guarantee", "backstop"];
