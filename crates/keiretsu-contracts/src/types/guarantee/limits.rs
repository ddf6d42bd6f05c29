//! The limit and the cushion of a guarantee as registers.

use keiretsu_program::Reg;
use keiretsu_values::{Set, Value};

use crate::lowering::Lowering;
use crate::slots::steady;
use crate::terms::Terms;

/// A limit is a term, not an amount that may or may not be taken: it holds in every reading.
pub(super) fn cap(lowering: &mut Lowering<'_>, terms: &Terms<'_>, name: &str) -> Option<Reg> {
    let entry = terms.record.entry(name)?;
    let stated = terms.record.figure(name)?;
    Some(lowering.limit(terms.path(name), stated, &entry.basis))
}

/// The limit of a guarantee that names no contract, which is all that it is: unknown where it is undisclosed.
pub(super) fn whole(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    let entry = terms.record.entry("limit")?;
    let stated = terms.record.figure("limit")?;
    Some(lowering.figure_as(terms.path("limit"), stated, &entry.basis, steady(&stated.limit())))
}

/// A cushion is a term as well. One that is undisclosed is read as if it took nothing, and may take anything.
pub(super) fn cushion(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    let entry = terms.record.entry("cushion")?;
    let stated = terms.record.figure("cushion")?;
    let first = stated.limit();
    let first = if first.amount().is_none() { Value::new(0.0, Set::NOT_NEGATIVE) } else { first };
    Some(lowering.figure_as(terms.path("cushion"), stated, &entry.basis, steady(&first)))
}
