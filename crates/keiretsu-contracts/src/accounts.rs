//! Running sums of what was paid, which conditions of later months can read.

use std::collections::BTreeMap;

use keiretsu_model::ContractRef;
use keiretsu_program::{AccountId, Feed, FlowId};

use crate::lowering::Lowering;

impl Lowering<'_> {
    /// Lets every account grow by the payments of its contract or tranche, once all flows are known.
    pub(crate) fn feed_accounts(&mut self) {
        let mut by_contract: BTreeMap<ContractRef, Vec<FlowId>> = BTreeMap::new();
        for (at, label) in self.side.flows.iter().enumerate() {
            if let Some(contract) = label.contract {
                by_contract.entry(contract).or_default().push(FlowId(at as u32));
            }
        }
        for ((contract, tranche), account) in std::mem::take(&mut self.accounts) {
            let whole = self.contract_name(contract);
            let name = tranche.as_ref().map(|tranche| format!("{whole}.{tranche}"));
            self.program.open(account, self.paid_before(contract, name.as_deref()));
            // Of a contract that runs both ways, what its obligor pays: of a loan, what was drawn.
            let obligor = self.model.contract(contract).and_then(|contract| contract.obligor);
            for flow in by_contract.get(&contract).into_iter().flatten() {
                if obligor.is_some_and(|obligor| self.program.program().flows[flow.at()].from.0 != obligor.0)
                {
                    continue;
                }
                // What is prepaid counts when it is used.
                if tranche.is_none() && self.side.flows[flow.at()].name == format!("{whole}.prepayment") {
                    continue;
                }
                if name.as_ref().is_none_or(|name| *name == self.side.flows[flow.at()].name) {
                    self.program.feed(account, Feed::Payment(*flow));
                }
            }
        }
    }

    /// The running sum of what was paid on a contract or tranche.
    pub fn paid_account(&mut self, contract: ContractRef, tranche: Option<&str>) -> AccountId {
        let key = (contract, tranche.map(str::to_owned));
        if let Some(account) = self.accounts.get(&key) {
            return *account;
        }
        let account = self.program.account(0.0);
        self.accounts.insert(key, account);
        account
    }

    /// What was paid on a contract or tranche before the run; unknown amounts count as nothing here.
    fn paid_before(&self, contract: ContractRef, name: Option<&str>) -> f64 {
        let obligor = self.model.contract(contract).and_then(|contract| contract.obligor);
        let past = self.side.past.iter().zip(&self.program.program().past);
        let mine = past.filter(|(label, past)| {
            label.contract == Some(contract)
                && obligor.is_none_or(|obligor| past.from.0 == obligor.0)
                && name.is_none_or(|name| name == label.name)
        });
        mine.map(|(_, past)| past.amount).filter(|amount| !amount.is_nan()).sum()
    }
}
