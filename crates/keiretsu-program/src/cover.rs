//! Covers: who pays what another does not.

use crate::{ClaimId, FlowId, Reg};

/// A promise to pay what is missing on some flows: a guarantee.
///
/// The guarantor and the beneficiary are the payer and the payee of `call`. What the cover calls in a month
/// is due on that flow beside its own amount. How a call comes about, and what happens where several parties
/// are short at once, is in `docs/MONTH.md`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// The flow on which calls fall due; its own amount is usually zero.
    pub call: FlowId,
    /// The flows that are covered; all are owed to the beneficiary, by others than the guarantor.
    pub flows: Vec<FlowId>,
    /// The share of what is missing that is paid: 1 for all, 0 before it starts and after it ends.
    pub share: Reg,
    /// The most that is paid over the whole life, money; none: without limit.
    pub limit: Option<Reg>,
    /// What the beneficiary loses first over the whole life, money; none: nothing.
    pub cushion: Option<Reg>,
    /// Claims on a defaulted payer that take the place of the covered flows: what they bring is not called
    /// again.
    pub claims: Vec<Outstanding>,
    /// What money at the end of each month is worth on one day, the same for all months; none: as much in
    /// every month. By it what claims have brought keeps its worth until calls are made.
    pub worth: Option<Reg>,
    /// What money counted against limit and cushion is worth this month, of what it was worth last month,
    /// where both are in another currency; none: as much.
    pub grows: Option<Reg>,
}

/// A claim in the words of the contract that it stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outstanding {
    /// Which claim.
    pub claim: ClaimId,
    /// What of it would have fallen due this month had the debtor not failed, money.
    pub falls: Reg,
}
