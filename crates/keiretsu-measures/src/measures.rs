//! The measures: one file each, one line each in [`MEASURES`].

mod capacity;
mod cash;
pub mod changes;
mod circularity;
mod commitments;
pub mod compare;
mod concentration;
mod coverage;
mod debt_service;
mod diversification;
mod domino;
mod exposure;
mod lock_in;
mod marks;
pub mod neutrality;
mod obligations;
pub mod rests;
mod returns;
pub mod reverse;
mod sensitivity;
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
    &debt_service::DebtService,
    &exposure::Exposure,
    &domino::Domino,
    &obligations::Obligations,
    &circularity::Circularity,
    &returns::Returns,
    &marks::Marks,
    &capacity::Capacity,
    &diversification::Diversification,
    &lock_in::LockIn,
    &value_capture::ValueCapture,
    &neutrality::Neutrality,
    &visibility::Visibility,
    &stress::Stress,
    &reverse::Reverse,
    &sensitivity::Sensitivity,
    &compare::Compare,
];
