//! Guarantees on their way to covers: which flows are covered is known when all contracts are lowered.

use keiretsu_model::side::FlowLabel;
use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{ClaimId, Cover, FlowId, PartyId, Reg, Tag};

use crate::lowering::{Lowering, Terms};
use crate::ramps::TermMonths;

/// What a guarantor has promised, over all versions of its contract.
#[derive(Clone, Debug)]
pub struct Promised {
    /// On which calls fall due.
    pub call: FlowId,
    /// The contracts that are covered.
    contracts: Vec<ContractRef>,
    guarantor: PartyRef,
    beneficiary: PartyRef,
    share: Option<Reg>,
    limit: Option<Reg>,
    cushion: Option<Reg>,
    steps: Vec<Step>,
}

/// When a guarantor takes a contract over, and which share of its cost that brings.
#[derive(Clone, Debug)]
struct Step {
    taken: Reg,
    value: Option<Reg>,
    name: String,
    rank: u8,
    id: ContractRef,
}

/// The part of a promise that one version of the contract makes.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The months in which it holds.
    pub held: TermMonths,
    /// The share of what is missing that is paid, zero outside those months.
    pub share: Reg,
    /// The most that is paid in all.
    pub limit: Option<Reg>,
    /// What the beneficiary loses first in all.
    pub cushion: Option<Reg>,
}

/// A limit that nothing reaches.
const NO_LIMIT: f64 = 1e30;

impl Lowering<'_> {
    /// The flow on which the calls of a contract fall due; every version of it has the same one.
    pub fn call_flow(&mut self, terms: &Terms<'_>) -> FlowId {
        if let Some(promised) = self.covers.get(&terms.id) {
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
            share: None,
            limit: None,
            cushion: None,
            steps: vec![],
        };
        self.covers.insert(terms.id, promised);
        call
    }

    /// Adds what a version of a guarantee promises; versions never hold at the same time.
    pub fn promise_cover(&mut self, terms: &Terms<'_>, part: Part) {
        let held = self.active(part.held);
        let no_limit = self.program.number(NO_LIMIT);
        let nothing = self.program.number(0.0);
        let mut parts = [part.share, part.limit.unwrap_or(no_limit), part.cushion.unwrap_or(nothing)];
        for part in &mut parts[1..] {
            *part = self.program.mul(*part, held);
        }
        let Some(before) = self.covers.get(&terms.id).cloned() else { return };
        let known = [before.share, before.limit, before.cushion];
        for (part, before) in parts.iter_mut().zip(known) {
            if let Some(before) = before {
                *part = self.program.add(before, *part);
            }
        }
        let [share, limit, cushion] = parts.map(Some);
        self.covers.insert(terms.id, Promised { share, limit, cushion, ..before });
    }

    /// Lets the guarantor take over what it covers while `taken` is 1.
    pub fn step_into(&mut self, terms: &Terms<'_>, taken: Reg, value: Option<Reg>) {
        let rank =
            terms.record.count("rank").map_or(terms.contract.spec.rank, |rank| rank.clamp(1, 255) as u8);
        let name = format!("{}.step-in", terms.contract.name);
        if let Some(promised) = self.covers.get_mut(&terms.id) {
            promised.steps.push(Step { taken, value, name, rank, id: terms.id });
        }
    }

    /// What a guarantor owes, and gets from others, once it has taken a contract over.
    fn take_over(&mut self, promised: &Promised, flows: &[FlowId]) {
        let guarantor = PartyId(promised.guarantor.0);
        for step in &promised.steps {
            for flow in flows {
                let flow = self.program.program().flows[flow.at()];
                let cost = self.program.mul(flow.amount, step.taken);
                let own = self.program.flow(cost, guarantor, flow.to, flow.tag);
                self.program.flow_mut(own).rank = step.rank;
                let label = FlowLabel { contract: Some(step.id), name: step.name.clone(), on: None };
                self.side.flows.push(label.clone());
                if let Some(value) = step.value {
                    let brings = self.program.mul(cost, value);
                    self.program.flow(brings, PartyId::OUTSIDE, guarantor, Tag::Revenue);
                    self.side.flows.push(label);
                }
            }
        }
    }

    /// Covers of all guarantees, once all flows and claims are known.
    pub(crate) fn make_covers(&mut self) {
        for (id, promised) in std::mem::take(&mut self.covers) {
            let flows = self.covered_flows(&promised);
            let (Some(share), false) = (promised.share, flows.is_empty()) else { continue };
            self.take_over(&promised, &flows);
            let claims = self.covered_claims(&promised);
            let Promised { call, limit, cushion, .. } = promised;
            self.program.cover(Cover { call, flows, share, limit, cushion, claims });
            self.side.covers.push(id);
        }
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
