//! The contract types: one file each, one line each in [`TYPES`].

mod backstop;
mod capex;
mod credits;
mod equity;
mod guarantee;
mod revenue_share;
mod right;
mod supply;

// The manual's worked example of adding a type is compiled and tested here, and ships with no binary.
#[cfg(test)]
#[path = "../../../docs/book/add-a-contract-type/deposit.rs"]
mod deposit;

use crate::ContractType;

/// All contract types.
pub static TYPES: &[&dyn ContractType] = &[
    &equity::Equity,
    &supply::Supply,
    &capex::Capex,
    &revenue_share::RevenueShare,
    &credits::ServiceCredits,
    &right::RightGranted,
    &guarantee::Guarantee,
    &backstop::Backstop,
    #[cfg(test)]
    &deposit::Deposit,
];
