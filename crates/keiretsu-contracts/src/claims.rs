//! What the failure of one party leaves the other: a claim, and how it would have fallen due.
//!
//! A claim and the calls of its guarantees have one base: the binding dues that were still to come on the day
//! of the failure, less what is sold to others. The claim is what they are worth on that day; a guarantor
//! pays them as they would have fallen due. What survives a failure goes on and is no claim.
//!
//! Invariant: what falls due of a claim is worth no more than the claim; money lent is worth what its own
//! interest makes of it.
//! Absent: what a contract without a claim would have brought; it ends with its parties.

use std::collections::BTreeMap;

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{Claim, ClaimId, Op, PartyId, Reg};

use crate::lowering::{Lowering, Terms};

/// Of a claim, what would have fallen due each month once its debtor has failed.
#[derive(Clone, Copy, Debug)]
pub struct Falls {
    /// As the debtor would have owed it.
    pub whole: Reg,
    /// Less what is sold to others.
    pub net: Reg,
    /// What money of a month is worth to it, where it grows while it is unpaid: what an estate has paid of it
    /// bears no interest any more. None where the rate of the model says so.
    pub worth: Option<Reg>,
}

/// The falls of all claims that some guarantee covers.
pub type FallsByClaim = BTreeMap<ClaimId, Falls>;

impl Lowering<'_> {
    /// What the default of one party leaves the other; nothing of its own for a slice, of what survives, and
    /// where everyone outside owes it, who never defaults.
    pub fn claim(&mut self, terms: &Terms<'_>, claim: Claim) -> Option<ClaimId> {
        let survives = terms.record.flag("survives");
        let group = |party: PartyId| self.model.group(PartyRef(party.0));
        let own = group(claim.debtor) == group(claim.creditor);
        let none = self.in_whole(terms.contract) || survives || own || claim.debtor == PartyId::OUTSIDE;
        if none {
            return None;
        }
        // As insolvency law has it: at the rate of the day of the failure.
        let amount = self.posted(claim.amount);
        Some(self.program.claim(Claim { amount, ..claim }))
    }

    /// Notes how a claim would have fallen due.
    pub fn falls(&mut self, claim: Option<ClaimId>, falls: Falls) {
        if let Some(claim) = claim {
            let [whole, net] = [falls.whole, falls.net].map(|falls| self.posted(falls));
            // What was paid in a month takes so much off as it was worth in the books then.
            let worth = falls.worth.map(|worth| self.entered(worth));
            self.falls.insert(claim, Falls { whole, net, worth });
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
    pub fn while_delivered(&mut self, claim: &Claim) -> Reg {
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
