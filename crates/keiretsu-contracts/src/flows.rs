//! Obligations of contracts and parties, each a flow with its name in the side table.

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{FlowId, PartyId, Reg, Tag};

use crate::lowering::Lowering;
use crate::side::FlowLabel;
use crate::terms::Terms;

impl Lowering<'_> {
    /// An obligation of a contract; its amount is one of the books.
    pub fn flow(
        &mut self,
        terms: &Terms<'_>,
        tranche: Option<&str>,
        amount: Reg,
        to: PartyRef,
        tag: Tag,
    ) -> FlowId {
        let amount = self.posted(amount);
        let id = self.program.flow(amount, PartyId(terms.obligor().0), PartyId(to.0), tag);
        let flow = self.program.flow_mut(id);
        flow.rank = Self::rank_or(terms, terms.contract.spec.rank);
        flow.survives = terms.record.flag("survives");
        let name = match tranche {
            Some(tranche) => format!("{}.{tranche}", terms.contract.name),
            None => terms.contract.name.clone(),
        };
        self.side.flows.push(FlowLabel { contract: Some(terms.id), name, on: None });
        id
    }

    /// An obligation of the obligee: what a borrower pays back, with a name of its own behind the contract's.
    ///
    /// It outlives a default of the obligor, since a debt stays due when its creditor fails; with a default
    /// of the obligee it ends, and its claim takes over, unless it survives that too.
    pub(crate) fn flow_back(
        &mut self,
        terms: &Terms<'_>,
        part: &str,
        amount: Reg,
        rank: u8,
        tag: Tag,
    ) -> FlowId {
        let debtor = terms.obligee();
        let mut amount = self.posted(amount);
        if !terms.record.flag("survives") {
            let failed = self.failed(debtor);
            let stands = self.not(failed);
            amount = self.program.mul(amount, stands);
        }
        let id = self.program.flow(amount, PartyId(debtor.0), PartyId(terms.obligor().0), tag);
        let flow = self.program.flow_mut(id);
        flow.rank = rank;
        flow.survives = true;
        let name = terms.name(part);
        self.side.flows.push(FlowLabel { contract: Some(terms.id), name, on: None });
        id
    }

    /// A flow that belongs to a party, such as its revenue from outside.
    pub fn party_flow(&mut self, amount: Reg, from: PartyId, to: PartyId, tag: Tag, name: String) {
        self.program.flow(amount, from, to, tag);
        self.side.flows.push(FlowLabel { contract: None, name, on: None });
    }

    /// The flows of a contract's obligor, once all contracts are lowered.
    pub(crate) fn flows_of(&self, contract: ContractRef) -> Vec<FlowId> {
        let obligor = self.model.contract(contract).and_then(|contract| contract.obligor);
        let flows = &self.program.program().flows;
        let mine = self.side.flows.iter().zip(flows).enumerate().filter(|(_, (label, flow))| {
            label.contract == Some(contract) && obligor.is_none_or(|obligor| flow.from.0 == obligor.0)
        });
        mine.map(|(at, _)| FlowId(at as u32)).collect()
    }

    /// The rank of a contract's claims: as stated, else as given.
    pub(crate) fn rank_or(terms: &Terms<'_>, otherwise: u8) -> u8 {
        terms.record.count("rank").map_or(otherwise, |rank| rank.clamp(1, 255) as u8)
    }
}
