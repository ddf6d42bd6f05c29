//! A guarantee that names no contract: tables state a limit and a beneficiary, and seldom what is covered.

use keiretsu_model::Standing;
use keiretsu_values::Value;

use crate::lowering::{Lowering, Terms};

/// A promise up to a limit whose calls nothing in the model decides: it is owed a fee, and calls nothing.
pub(super) fn lower(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing, ended: bool) {
    let expected = Value::unknown("it names no contract that would call it");
    super::promise(lowering, terms, standing, [Value::exact(0.0), expected]);
    if !ended {
        let held = super::months(lowering, terms);
        let in_force = super::in_force(lowering, terms, held, standing);
        super::fee(lowering, terms, in_force);
    }
}
