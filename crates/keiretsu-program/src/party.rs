//! Parties: their cash and value, and their funding when cash runs short.

use crate::{EventId, PartyId, Reg, SlotId};

/// A party. Party 0 is `outside`: it never defaults and its cash may go below zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Party {
    /// The party with the cash that its payments move: itself, or the parent of a segment.
    pub purse: PartyId,
    /// Opening cash at as-of; `None` where nothing is said (cash counts from zero and is only a change).
    pub cash: Option<SlotId>,
    /// Equity value of the whole party, money.
    pub value: Option<Reg>,
    /// What happens when cash runs short; without it, cash cannot run short.
    pub funding: Option<Funding>,
    /// What the estate brings beside cash when it defaults, money.
    pub recovery: Option<Reg>,
    /// Shares of assets lost in default (Rogers and Veraart 2013).
    pub default_costs: Option<DefaultCosts>,
}

/// How a party finds money.
///
/// Each month, after a first clearing without raising: a party with cash below zero, or below
/// `keep` months of burn, raises `max(0, raise * burn - that cash)`, up to `most`, from outside at pre-money
/// `price` if its
/// market stands. Burn is the mean net outflow (raised money apart, not below zero) of this month and the two
/// before, of those that exist. What it still cannot pay is not paid. With `default` it fails when it has
/// been short for more than `grace` months in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Funding {
    /// Months of burn.
    pub keep: f64,
    /// Months of burn.
    pub raise: f64,
    /// Pre-money equity value; none or not positive: it cannot raise.
    pub price: Option<Reg>,
    /// The most that it raises in a month, money; none: no limit. Unknown or not positive: it cannot raise.
    pub most: Option<Reg>,
    /// Raising needs this event to stand.
    pub market: Option<EventId>,
    /// Whether it fails when it stays short.
    pub default: bool,
    /// Short months in a row that are forgiven.
    pub grace: u32,
}

/// Rogers and Veraart (2013): a defaulting party pays from `kept_assets` of its own assets and
/// `kept_received` of what it receives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DefaultCosts {
    /// Alpha, between 0 and 1.
    pub kept_assets: f64,
    /// Beta, between 0 and 1.
    pub kept_received: f64,
}

/// A stake of one party in another.
///
/// Its stake moves with issues and raises of the issuer (diluted by `pre / (pre + amount)`). Its value is
/// `mark * V(t) / V(0)` times that dilution where a mark is stated, plus the stake bought since times `V(t)`;
/// else stake times issuer value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holding {
    /// Who holds.
    pub owner: PartyId,
    /// In whom.
    pub issuer: PartyId,
    /// A fraction of the issuer's units at as-of.
    pub stake: Option<SlotId>,
    /// The stated value at as-of, money.
    pub mark: Option<SlotId>,
}
