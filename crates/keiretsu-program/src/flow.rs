//! Obligations: what is owed each month, from whom to whom, and what follows from it.

use keiretsu_values::Tag;

use crate::{FlowId, HoldingId, Month, PartyId, Reg};

/// An amount owed each month from a party to a party.
///
/// What is due is `max(amount, 0)`; an unknown amount is left out of cash and reported. A flow ends in the
/// month after either party has defaulted, unless it survives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Money due this month.
    pub amount: Reg,
    /// The obligor.
    pub from: PartyId,
    /// The obligee.
    pub to: PartyId,
    /// What it is for.
    pub tag: Tag,
    /// 1 is paid first; within a rank claims are equal.
    pub rank: u8,
    /// Whether it continues after a default of either party.
    pub survives: bool,
    /// Units that the payment buys.
    pub issue: Option<Issue>,
}

/// Units of the payee that a payment buys: a payment `x` dilutes every stake in the issuer by
/// `pre / (pre + x)` and adds `x / (pre + x)` to the holding. What is given in kind does the same without
/// cash, before any payment of the month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Issue {
    /// The payer's holding.
    pub holding: HoldingId,
    /// Value of the issuer before the payment, money.
    pub pre_money: Reg,
    /// What is given for units and is no cash of this month, money: a note that converts, a warrant that is
    /// exercised.
    pub in_kind: Option<Reg>,
}

/// A payment before or at as-of, of which nothing is uncertain any more but perhaps its amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PastFlow {
    /// When.
    pub month: Month,
    /// How much; NaN where unknown.
    pub amount: f64,
    /// The payer.
    pub from: PartyId,
    /// The payee.
    pub to: PartyId,
    /// What it was for.
    pub tag: Tag,
}

/// A running sum that registers of later months can read.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// What it stands at before the first month.
    pub opening: f64,
    /// What is added at the end of each month.
    pub feeds: Vec<Feed>,
}

/// What feeds an account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Feed {
    /// A register's value this month.
    Value(Reg),
    /// What was actually paid on a flow this month, service credits included.
    Payment(FlowId),
}

/// A pool of service credits: granted, used before cash on the named flows, expired, left. Never cash.
///
/// Each month what is left grows, the grant comes in, then each flow in order is settled from the pool as far
/// as it reaches, and only the rest is owed in cash; in month `expiry` what is left after that expires. An
/// unknown grant is left out and reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Credits {
    /// Who grants.
    pub grantor: PartyId,
    /// Who may use them.
    pub recipient: PartyId,
    /// Money's worth granted this month.
    pub grant: Reg,
    /// Last month of use (`u32::MAX`: never expires).
    pub expiry: u32,
    /// The flows they are good for.
    pub flows: Vec<FlowId>,
    /// What money in the pool is worth this month, of what it was worth last month, where it is in another
    /// currency; none: as much.
    pub grows: Option<Reg>,
}

/// What a creditor may claim when the debtor defaults: the remaining minimum less what can be resold.
///
/// Raised once, in the month of the default, against the estate: remaining cash plus recovery, by rank, pro
/// rata within a rank; what is left goes to holders by their stakes and the rest to outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EstateClaim {
    /// Who defaulted.
    pub debtor: PartyId,
    /// Who claims.
    pub creditor: PartyId,
    /// Present value of the remaining obligation less resale, money, as of this month.
    pub amount: Reg,
    /// 1 is paid first.
    pub rank: u8,
    /// Whether it ends with its creditor, who then delivers nothing more: there is no such claim once the
    /// creditor has defaulted in an earlier month.
    pub lapses: bool,
}
