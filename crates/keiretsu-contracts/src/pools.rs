//! Pools of service credits: which flows they settle is known when all contracts are lowered.

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{Credits, FlowId, PartyId};

use crate::lowering::Lowering;
use crate::pending::Pool;
use crate::side::FlowLabel;

impl Lowering<'_> {
    /// A pool of service credits good for these contracts.
    pub fn credits(&mut self, pool: Credits, contracts: Vec<ContractRef>) {
        let pool = self.posted_pool(pool);
        self.pending.pools.push(Pool { credits: pool, contracts, bills_only: false });
    }

    /// A pool of service credits good for the bills of a contract, and for nothing else of it.
    pub fn credits_for_bills(&mut self, pool: Credits, contract: ContractRef) {
        let pool = self.posted_pool(pool);
        self.pending.pools.push(Pool { credits: pool, contracts: vec![contract], bills_only: true });
    }

    /// What is left of a pool is so in the books: it is worth what they are worth.
    fn posted_pool(&mut self, pool: Credits) -> Credits {
        Credits { grant: self.posted(pool.grant), grows: self.books_growth(), ..pool }
    }

    /// Makes the pools, once all flows are known.
    pub(crate) fn fill_pools(&mut self) {
        for Pool { mut credits, contracts, bills_only } in std::mem::take(&mut self.pending.pools) {
            credits.flows = self.flows_between(&contracts, credits.recipient, bills_only);
            self.program.credits(credits);
        }
    }

    fn flows_between(&self, contracts: &[ContractRef], payer: PartyId, bills_only: bool) -> Vec<FlowId> {
        let group = self.model.group(PartyRef(payer.0));
        let program = self.program.program();
        let fits = |(at, label): (usize, &FlowLabel)| {
            let from = PartyRef(program.flows[at].from.0);
            let named = label.contract.is_some_and(|contract| contracts.contains(&contract));
            let is_bill =
                !bills_only || label.contract.is_some_and(|id| label.name == self.contract_name(id));
            (named && is_bill && self.model.group(from) == group).then_some(FlowId(at as u32))
        };
        self.side.flows.iter().enumerate().filter_map(fits).collect()
    }
}
