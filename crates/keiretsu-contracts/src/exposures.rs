//! What contracts put at risk if a party failed, as registers that measures may watch: nobody pays them.
//!
//! Invariants: registers are added after all contracts are lowered, so that no parameter of a contract moves
//! when its exposure is asked for; claims of a contract that says nothing of its own enter by themselves.
//! Absent: holdings and dues, which measures read off the run.

use keiretsu_model::side::{Exposure, Layer};
use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{Claim, Reg};

use crate::lowering::{Lowering, Terms, kind_of, versions};

impl Lowering<'_> {
    /// Asks every contract, then adds the claims of those that had nothing to say about them.
    pub(crate) fn exposures(&mut self) {
        let model = self.model;
        for (id, contract) in model.known_contracts() {
            let Some(kind) = kind_of(contract) else { continue };
            kind.expose(self, &versions(id, contract, &self.calendar));
        }
        let mut said: Vec<ContractRef> =
            self.side.exposures.iter().filter(|e| e.layer == Layer::Contract).map(|e| e.contract).collect();
        for (contract, claim) in self.side.claims.clone().into_iter().zip(self.claims()) {
            if said.contains(&contract) {
                continue;
            }
            said.push(contract);
            let Some(register) = self.claimed(contract) else { continue };
            self.side.exposures.push(Exposure {
                contract,
                creditor: PartyRef(claim.creditor.0),
                debtor: PartyRef(claim.debtor.0),
                layer: Layer::Contract,
                register: register.0,
                at_least: None,
            });
        }
    }

    fn claims(&self) -> Vec<Claim> {
        self.program.program().claims.clone()
    }

    /// What a contract's creditor could claim if its debtor failed, by month; none where it could not.
    pub fn claimed(&mut self, contract: ContractRef) -> Option<Reg> {
        let mine = self.side.claims.iter().zip(self.claims()).filter(|(id, _)| **id == contract);
        let amounts: Vec<Reg> = mine.map(|(_, claim)| claim.amount).collect();
        amounts.into_iter().reduce(|sum, amount| self.program.add(sum, amount))
    }

    /// Notes that `creditor` would lose the amount of a register if `debtor` failed.
    pub fn exposed(
        &mut self,
        terms: &Terms<'_>,
        layer: Layer,
        [creditor, debtor]: [PartyRef; 2],
        amount: Reg,
        at_least: Option<String>,
    ) {
        self.side.exposures.push(Exposure {
            contract: terms.id,
            creditor,
            debtor,
            layer,
            register: amount.0,
            at_least,
        });
    }
}
