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

/// The most that a guarantee pays that names no contract, which is all that it is: its limit, or of a value
/// what that is worth less than guaranteed, up to the limit. Unknown where it is undisclosed.
pub(super) fn whole(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    let limit = steady_term(lowering, terms, "limit");
    let Some(guaranteed) = steady_term(lowering, terms, "guaranteed") else { return limit };
    let short = if let Some(value) = terms.record.formula("value") {
        let value = lowering.entered_formula(terms.path("value"), value);
        let short = lowering.program.sub(guaranteed, value);
        lowering.positive(short)
    } else {
        let share = Value::unread("what it is worth is not stated", Set::SHARE);
        let share = lowering.program.slot(steady(&share));
        let share = lowering.program.read(share);
        lowering.program.mul(guaranteed, share)
    };
    Some(limit.map_or(short, |limit| lowering.program.min(short, limit)))
}

/// An amount that is the same in every reading.
fn steady_term(lowering: &mut Lowering<'_>, terms: &Terms<'_>, name: &str) -> Option<Reg> {
    let entry = terms.record.entry(name)?;
    let stated = terms.record.figure(name)?;
    Some(lowering.figure_as(terms.path(name), stated, &entry.basis, steady(&stated.limit())))
}

/// A cushion is a term as well. One that is undisclosed is read as if it took nothing, and may take anything.
pub(super) fn cushion(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    let entry = terms.record.entry("cushion")?;
    let stated = terms.record.figure("cushion")?;
    let first = stated.limit();
    let first = if first.amount().is_none() { Value::new(0.0, Set::NOT_NEGATIVE) } else { first };
    Some(lowering.figure_as(terms.path("cushion"), stated, &entry.basis, steady(&first)))
}
