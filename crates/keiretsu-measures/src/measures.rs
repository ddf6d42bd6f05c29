//! The measures: one file each, one line each in [`MEASURES`].

mod capacity;
mod cash;
mod commitments;
mod compare;
mod concentration;
mod coverage;
mod diversification;
mod domino;
mod exposure;
mod marks;
mod obligations;
mod returns;
mod stress;
mod visibility;

use crate::Measure;

/// All measures, in the order in which they are listed.
pub static MEASURES: &[&dyn Measure] = &[
    &commitments::Commitments,
    &cash::Cash,
    &concentration::Concentration,
    &coverage::Coverage,
    &exposure::Exposure,
    &domino::Domino,
    &obligations::Obligations,
    &returns::Returns,
    &marks::Marks,
    &capacity::Capacity,
    &diversification::Diversification,
    &visibility::Visibility,
    &stress::Stress,
    &compare::Compare,
];
