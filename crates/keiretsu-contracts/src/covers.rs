//! Guarantees on their way to covers: which flows and claims are covered is known when all contracts are
//! lowered.

use keiretsu_model::PartyRef;
use keiretsu_program::{ClaimId, Cover, EstateClaim, FlowId, Outstanding, PartyId, Reg, Slot, Tag};

use crate::calendar::TermMonths;
use crate::lowering::Lowering;
use crate::pending::{ClaimFalls, Handed, Promised, StepIn};
use crate::side::FlowLabel;
use crate::slots::NO_LIMIT;
use crate::terms::Terms;

/// The part of a promise that one version of the contract makes.
#[derive(Clone, Copy, Debug)]
pub struct PromisePart {
    /// The months in which it holds.
    pub held: TermMonths,
    /// The share of what is missing that is paid, zero outside those months.
    pub share: Reg,
    /// The most that is paid in all.
    pub limit: Option<Reg>,
    /// What the beneficiary loses first in all.
    pub cushion: Option<Reg>,
}

impl Lowering<'_> {
    /// The flow on which the calls of a contract fall due; every version of it has the same one.
    pub fn call_flow(&mut self, terms: &Terms<'_>) -> FlowId {
        if let Some(promised) = self.pending.covers.get(&terms.id) {
            return promised.call;
        }
        let nothing = self.program.number(0.0);
        let call = self.flow(terms, None, nothing, terms.obligee(), Tag::Guarantee);
        let contracts = terms.record.contracts("covers").to_vec();
        let (guarantor, beneficiary) = (terms.obligor(), terms.obligee());
        let promised = Promised {
            call,
            contracts,
            guarantor,
            beneficiary,
            accelerated: false,
            share: None,
            limit: None,
            cushion: None,
            steps: vec![],
        };
        self.pending.covers.insert(terms.id, promised);
        call
    }

    /// Adds what a version of a guarantee promises; versions never hold at the same time.
    pub fn promise_cover(&mut self, terms: &Terms<'_>, part: PromisePart) {
        let part = PromisePart { share: self.share_beside(terms, part.share), ..part };
        let held = self.active(part.held);
        let no_limit = self.program.number(NO_LIMIT);
        let nothing = self.program.number(0.0);
        let mut parts = [part.share, part.limit.unwrap_or(no_limit), part.cushion.unwrap_or(nothing)];
        for part in &mut parts[1..] {
            *part = self.program.mul(*part, held);
        }
        let Some(before) = self.pending.covers.get(&terms.id).cloned() else { return };
        let known = [before.share, before.limit, before.cushion];
        for (part, before) in parts.iter_mut().zip(known) {
            if let Some(before) = before {
                *part = self.program.add(before, *part);
            }
        }
        let [share, limit, cushion] = parts.map(Some);
        self.pending.covers.insert(terms.id, Promised { share, limit, cushion, ..before });
    }

    /// Lets the guarantor call all of a claim at once.
    pub fn accelerate(&mut self, terms: &Terms<'_>) {
        if let Some(promised) = self.pending.covers.get_mut(&terms.id) {
            promised.accelerated = true;
        }
    }

    /// Lets the guarantor take over a share of what it covers where the payer fails.
    pub fn step_into(&mut self, terms: &Terms<'_>, in_force: Reg, value: Option<Reg>) {
        let rank = Self::rank_or(terms, terms.contract.spec.rank);
        let name = format!("{}.step-in", terms.contract.name);
        // A register of its own, so that a run without covers changes nothing else.
        let takes = self.own(in_force);
        self.side.take_overs.push(takes);
        if let Some(promised) = self.pending.covers.get_mut(&terms.id) {
            promised.steps.push(StepIn { takes, value, name, rank, id: terms.id });
        }
    }

    /// The same number as a register that nothing else reads.
    fn own(&mut self, of: Reg) -> Reg {
        let counts = self.program.slot(Slot::constant(1.0));
        let counts = self.program.read(counts);
        self.program.mul(of, counts)
    }

    /// What a guarantor owes, and gets from others, once it has taken over the contract of a claim; the rest
    /// of the claim is left for calls.
    fn take_over(&mut self, promised: &Promised, claim: ClaimId, tag: Tag) {
        let Some(mut falls) = self.pending.falls.get(&claim).copied() else { return };
        let of = self.program.program().claims[claim.at()];
        for step in &promised.steps {
            let taken = self.since_failure(PartyRef(of.debtor.0), step.takes);
            let cost = self.program.mul(falls.whole, taken);
            let guarantor = PartyId(promised.guarantor.0);
            let own = self.program.flow(cost, guarantor, of.creditor, tag);
            self.program.flow_mut(own).rank = step.rank;
            let label = FlowLabel { contract: Some(step.id), name: step.name.clone(), on: None };
            self.side.flows.push(label.clone());
            if let Some(value) = step.value {
                let brings = self.program.mul(cost, value);
                self.program.flow(brings, PartyId::OUTSIDE, guarantor, Tag::Revenue);
                self.side.flows.push(label);
            }
            let left = self.not(taken);
            let [whole, net] = [falls.whole, falls.net].map(|reg| self.program.mul(reg, left));
            falls = ClaimFalls { whole, net, ..falls };
            self.pending.handed.push(Handed { claim, step: step.clone(), guarantor });
        }
        self.pending.falls.insert(claim, falls);
    }

    /// Who takes a contract over stands in the creditor's place, less what others bring; the creditor has
    /// nothing left to claim of it. Once all exposures are noted, which are those before any payment.
    pub(crate) fn hand_claims_over(&mut self) {
        for Handed { claim, step, guarantor } in std::mem::take(&mut self.pending.handed) {
            let of = self.program.program().claims[claim.at()];
            let mut own = self.program.mul(of.amount, step.takes);
            if let Some(value) = step.value {
                let kept = self.not(value);
                own = self.program.mul(own, kept);
            }
            let left = self.not(step.takes);
            let amount = self.program.mul(of.amount, left);
            self.program.claim_mut(claim).amount = amount;
            self.program.claim(EstateClaim { creditor: guarantor, amount: own, lapses: false, ..of });
            self.side.claims.push(step.id);
        }
    }

    /// Covers of all guarantees, once all flows and claims are known.
    pub(crate) fn make_covers(&mut self) {
        for (id, promised) in std::mem::take(&mut self.pending.covers) {
            let flows = self.covered_flows(&promised);
            if promised.contracts.is_empty() {
                self.pending.alone.insert(id, promised.call);
            }
            let (Some(share), false) = (promised.share, flows.is_empty()) else { continue };
            let mut claims = vec![];
            for claim in self.covered_claims(&promised) {
                let tag = flows.iter().find(|flow| self.is_of(**flow, claim));
                let tag = tag.map_or(Tag::Guarantee, |flow| self.program.program().flows[flow.at()].tag);
                self.take_over(&promised, claim, tag);
                claims.push(Outstanding { claim, falls: self.called_of(&promised, claim) });
            }
            let share = self.own(share);
            let (rate, calendar) = (self.yearly_rate(), self.calendar);
            let own = claims.iter().map(|one| self.pending.falls.get(&one.claim)?.worth);
            let own = own.collect::<Option<Vec<Reg>>>().and_then(|all| all.first().copied());
            let worth = if own.is_some() {
                own
            } else {
                let worth = || self.program.curve_of(|t| calendar.worth(rate, 0, i64::from(t)));
                (rate.abs() > 0.0 && !claims.is_empty()).then(worth)
            };
            let Promised { call, limit, cushion, .. } = promised;
            let books = self.books_of(id);
            let [limit, cushion] = [limit, cushion]
                .map(|most| most.map(|most| self.in_books(books, |lowering| lowering.posted(most))));
            let grows = self.in_books(books, Self::books_growth);
            self.program.cover(Cover { call, flows, share, limit, cushion, claims, worth, grows });
            self.side.covers.push(id);
        }
    }

    /// What is called of a claim each month.
    fn called_of(&mut self, promised: &Promised, claim: ClaimId) -> Reg {
        let Some(falls) = self.pending.falls.get(&claim).copied() else { return self.program.number(0.0) };
        if !promised.accelerated {
            return falls.net;
        }
        let of = self.program.program().claims[claim.at()];
        let debtor = PartyRef(of.debtor.0);
        let mut all = self.at_failure(debtor, of.amount);
        for step in &promised.steps {
            let taken = self.since_failure(debtor, step.takes);
            let left = self.not(taken);
            all = self.program.mul(all, left);
        }
        all
    }

    /// Whether a claim takes the place of a flow.
    fn is_of(&self, flow: FlowId, claim: ClaimId) -> bool {
        self.side.flows[flow.at()].contract == Some(self.side.claims[claim.at()])
    }

    /// What others owe the beneficiary under the covered contracts.
    fn covered_flows(&self, promised: &Promised) -> Vec<FlowId> {
        let group = |party: PartyId| self.model.group(PartyRef(party.0));
        let (guarantor, beneficiary) =
            (self.model.group(promised.guarantor), self.model.group(promised.beneficiary));
        let fits = |at: &usize| {
            let flow = &self.program.program().flows[*at];
            let named =
                self.side.flows[*at].contract.is_some_and(|named| promised.contracts.contains(&named));
            let (from, to) = (group(flow.from), group(flow.to));
            named
                && to == beneficiary
                && from != beneficiary
                && from != guarantor
                && flow.tag != Tag::Guarantee
        };
        (0..self.side.flows.len()).filter(fits).map(|at| FlowId(at as u32)).collect()
    }

    fn covered_claims(&self, promised: &Promised) -> Vec<ClaimId> {
        let beneficiary = self.model.group(promised.beneficiary);
        let claims = self.program.program().claims.iter().zip(&self.side.claims).enumerate();
        let mine = claims.filter(|(_, (claim, contract))| {
            let creditor = self.model.group(PartyRef(claim.creditor.0));
            promised.contracts.contains(contract) && creditor == beneficiary
        });
        mine.map(|(at, _)| ClaimId(at as u32)).collect()
    }
}
