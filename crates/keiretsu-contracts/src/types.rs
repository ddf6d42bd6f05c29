//! The contract types: one file each, one line each in [`TYPES`].

mod capex;
mod credits;
mod equity;
mod revenue_share;
mod right;
mod supply;

use crate::ContractType;

/// All contract types.
pub static TYPES: &[&dyn ContractType] = &[
    &equity::Equity,
    &supply::Supply,
    &capex::Capex,
    &revenue_share::RevenueShare,
    &credits::ServiceCredits,
    &right::RightGranted,
];
