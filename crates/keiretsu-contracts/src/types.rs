//! The contract types: one file each, one line each in [`TYPES`].

mod backstop;
mod capex;
mod convertible;
mod credits;
mod equity;
mod guarantee;
mod lease;
mod loan;
mod revenue_share;
mod right;
mod supply;
mod warrant;

// The manual's worked example of adding a type is compiled and tested here, and ships with no binary.
#[cfg(test)]
#[path = "../../../docs/book/add-a-contract-type/deposit.rs"]
mod deposit;

use crate::lowering::ContractType;

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
    &loan::Loan,
    &lease::Lease,
    &convertible::Convertible,
    &warrant::Warrant,
    #[cfg(test)]
    &deposit::Deposit,
];
