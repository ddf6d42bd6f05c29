//! What the failure of one party leaves the other: a claim, and how it would have fallen due.
//!
//! A claim and the calls of its guarantees have one base: the binding dues that were still to come on the day
//! of the failure, less what is sold to others. The claim is what they are worth on that day; a guarantor
//! pays them as they would have fallen due. A contract that survives a failure continues and is no claim.
//!
//! Invariant: what falls due of a claim is worth no more than the claim; money lent is worth what its own
//! interest makes of it.
//! Absent: what a contract without a claim would have brought; it ends with its parties.

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{ClaimId, EstateClaim, Op, PartyId, Reg};

use crate::lowering::Lowering;
use crate::pending::ClaimFalls;
use crate::terms::Terms;

impl Lowering<'_> {
    /// What the default of one party leaves the other; nothing of its own for a slice, of what survives, and
    /// where everyone outside owes it, who never defaults.
    pub fn claim(&mut self, terms: &Terms<'_>, claim: EstateClaim) -> Option<ClaimId> {
        let survives = terms.record.flag("survives");
        let group = |party: PartyId| self.model.group(PartyRef(party.0));
        let own = group(claim.debtor) == group(claim.creditor);
        let none = self.in_whole(terms.contract) || survives || own || claim.debtor == PartyId::OUTSIDE;
        if none {
            return None;
        }
        // As insolvency law has it: at the rate of the day of the failure.
        let amount = self.posted(claim.amount);
        Some(self.program.claim(EstateClaim { amount, ..claim }))
    }

    /// Notes how a claim would have fallen due.
    pub fn falls(&mut self, claim: Option<ClaimId>, falls: ClaimFalls) {
        if let Some(claim) = claim {
            let [whole, net] = [falls.whole, falls.net].map(|falls| self.posted(falls));
            // What was paid in a month takes so much off as it was worth in the books then.
            let worth = falls.worth.map(|worth| self.entered(worth));
            self.pending.falls.insert(claim, ClaimFalls { whole, net, worth });
        }
    }

    /// Whether another contract covers what this one makes due.
    pub fn is_covered(&self, contract: ContractRef) -> bool {
        let mut all = self.model.known_contracts().flat_map(|(_, known)| &known.versions);
        all.any(|version| version.record.contracts("covers").contains(&contract))
    }

    /// 1 once a party has failed in an earlier month, else 0.
    pub fn failed(&mut self, party: PartyRef) -> Reg {
        let party = PartyId(self.model.group(party).0);
        self.program.op(Op::Defaulted(party))
    }

    /// What a claim brings its creditor: nothing once who delivers has failed.
    pub fn while_delivered(&mut self, claim: &EstateClaim) -> Reg {
        if !claim.lapses {
            return claim.amount;
        }
        let failed = self.failed(PartyRef(claim.creditor.0));
        let stands = self.not(failed);
        self.if_holds(stands, claim.amount)
    }

    /// In the month after the failure of a party what a register was in the month of it, else nothing.
    pub fn at_failure(&mut self, party: PartyRef, of: Reg) -> Reg {
        let failed = self.failed(party);
        let now = self.program.op(Op::Rise(failed));
        let was = self.program.op(Op::Lag { of, months: 1 });
        self.if_holds(now, was)
    }

    /// From the month after the failure of a party on what a register was in the month of it, else nothing.
    pub fn since_failure(&mut self, party: PartyRef, of: Reg) -> Reg {
        let now = self.at_failure(party, of);
        let kept = self.program.account(0.0);
        self.program.feed(kept, keiretsu_program::Feed::Value(now));
        let before = self.program.op(Op::Account(kept));
        self.program.add(before, now)
    }
}
