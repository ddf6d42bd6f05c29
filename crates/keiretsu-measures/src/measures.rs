//! The measures: one file each, one line each in [`MEASURES`].

mod capacity;
mod cash;
mod circularity;
mod commitments;
mod compare;
mod concentration;
mod coverage;
mod diversification;
mod lock_in;
mod returns;
mod stress;
mod value_capture;
mod visibility;

use crate::Measure;

/// All measures, in the order in which they are listed.
pub static MEASURES: &[&dyn Measure] = &[
    &commitments::Commitments,
    &cash::Cash,
    &concentration::Concentration,
    &coverage::Coverage,
    &circularity::Circularity,
    &returns::Returns,
    &capacity::Capacity,
    &diversification::Diversification,
    &lock_in::LockIn,
    &value_capture::ValueCapture,
    &visibility::Visibility,
    &stress::Stress,
    &compare::Compare,
];
