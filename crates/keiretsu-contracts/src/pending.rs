//! What contracts leave for the end of the lowering, when all flows and claims are known: pools of credits,
//! promises of guarantors, claims that a guarantor takes over.

use std::collections::BTreeMap;

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{ClaimId, Credits, FlowId, PartyId, Reg, SlotId};

/// What is pending.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    /// Pools of credits without their flows.
    pub pools: Vec<Pool>,
    /// What each guarantee promises.
    pub covers: BTreeMap<ContractRef, Promised>,
    /// How claims that some guarantee covers would have fallen due.
    pub falls: BTreeMap<ClaimId, ClaimFalls>,
    /// What a failure would leave of each covered loan, principal and accrued interest, in its books.
    pub lent: BTreeMap<ContractRef, [Reg; 2]>,
    /// On which calls of guarantees fall due that cover no contract.
    pub alone: BTreeMap<ContractRef, FlowId>,
    /// The parameters of each alternative that say which of it is owed.
    pub choices: Vec<Vec<SlotId>>,
    /// Claims that guarantors may take a share of.
    pub handed: Vec<Handed>,
}

/// A pool of credits and the contracts that it settles.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The pool, without flows.
    pub credits: Credits,
    /// The contracts it is good for.
    pub contracts: Vec<ContractRef>,
    /// Whether it settles the bills of these contracts and nothing else of them.
    pub bills_only: bool,
}

/// Of a claim, what would have fallen due each month once its debtor has failed.
#[derive(Clone, Copy, Debug)]
pub struct ClaimFalls {
    /// As the debtor would have owed it.
    pub whole: Reg,
    /// Less what is sold to others.
    pub net: Reg,
    /// What money of a month is worth to it, where it grows while it is unpaid: what an estate has paid of it
    /// bears no interest any more. None where the rate of the model says so.
    pub worth: Option<Reg>,
}

/// What a guarantor has promised, over all versions of its contract.
#[derive(Clone, Debug)]
pub struct Promised {
    /// On which calls fall due.
    pub call: FlowId,
    /// The contracts that are covered.
    pub contracts: Vec<ContractRef>,
    /// Who pays.
    pub guarantor: PartyRef,
    /// Who is paid.
    pub beneficiary: PartyRef,
    /// Whether all of a claim is called at once.
    pub accelerated: bool,
    /// The share of what is missing that is paid.
    pub share: Option<Reg>,
    /// The most that is paid in all.
    pub limit: Option<Reg>,
    /// What the beneficiary loses first in all.
    pub cushion: Option<Reg>,
    /// Its rights to step in.
    pub steps: Vec<StepIn>,
}

/// A right of a guarantor to take over a contract when its payer fails.
#[derive(Clone, Debug)]
pub struct StepIn {
    /// The guarantee.
    pub id: ContractRef,
    /// The share of the contract that it takes over, by month.
    pub takes: Reg,
    /// What that brings from others, as a share of its cost.
    pub value: Option<Reg>,
    /// The name of its flows.
    pub name: String,
    /// The rank of what it owes.
    pub rank: u8,
}

/// A claim of which a guarantor takes a share.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The claim.
    pub claim: ClaimId,
    /// By which right.
    pub step: StepIn,
    /// Who takes it.
    pub guarantor: PartyId,
}
