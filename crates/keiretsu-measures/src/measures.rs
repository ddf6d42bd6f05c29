//! The measures: one file each, one line each in [`MEASURES`].

mod capacity;
mod cash;
pub mod changes;
mod commitments;
mod compare;
mod concentration;
mod coverage;
mod diversification;
mod returns;
pub mod reverse;
mod sensitivity;
mod stress;
mod visibility;

use crate::Measure;

/// All measures, in the order in which they are listed.
pub static MEASURES: &[&dyn Measure] = &[
    &commitments::Commitments,
    &cash::Cash,
    &concentration::Concentration,
    &coverage::Coverage,
    &returns::Returns,
    &capacity::Capacity,
    &diversification::Diversification,
    &visibility::Visibility,
    &stress::Stress,
    &reverse::Reverse::STANDARD,
    &sensitivity::Sensitivity,
    &compare::Compare,
];
