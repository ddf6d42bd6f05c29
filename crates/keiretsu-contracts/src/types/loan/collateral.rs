//! Collateral with a margin call: above one loan-to-value the borrower repays down to another.

use keiretsu_program::{Op, PartyId, Reg};

use crate::lowering::Lowering;
use crate::slots::plain_slot;
use crate::terms::Terms;

/// What a margin call asks for this month; `None` where no collateral can be called on.
pub(super) fn call(lowering: &mut Lowering<'_>, terms: &Terms<'_>, owed: Reg) -> Option<Reg> {
    let called_at = lowering.term_of(terms, "collateral", "call_at")?;
    let restores = lowering.term_of(terms, "collateral", "restore_to").unwrap_or(called_at);
    let worth = worth(lowering, terms)?;
    let limit = lowering.program.mul(worth, called_at);
    let back = lowering.program.mul(worth, restores);
    let above = lowering.program.op(Op::MoreThan(owed, limit));
    let excess = lowering.program.sub(owed, back);
    Some(lowering.if_holds(above, excess))
}

/// What the collateral is worth: as its formula says, or as the holding moves with its issuer's value.
pub(super) fn worth(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    let record = terms.record.table("collateral")?;
    if let Some(value) = record.formula("value") {
        return Some(lowering.entered_formula(terms.path("collateral.value"), value));
    }
    let (name, model) = (record.text("holding")?, lowering.model);
    let holding = model.holdings.iter().find(|holding| holding.name == name)?;
    let about = model.about;
    let issuer = PartyId(holding.issuer.0);
    let value = lowering.program.party_mut(issuer).value;
    let slot = |lowering: &mut Lowering<'_>, term: &str| {
        let stated = holding.record.figure(term)?;
        let basis = holding.record.entry(term).map(|entry| entry.basis.clone()).unwrap_or_default();
        Some(lowering.figure_as(format!("{name}.{term}"), stated, &basis, plain_slot(stated, about)))
    };
    match (slot(lowering, "value"), value) {
        // A mark moves with the issuer's value, rebased to it at as-of.
        (Some(mark), Some(value)) => {
            let start = lowering.at_start(value);
            let moved = lowering.program.op(Op::Div(value, start));
            Some(lowering.program.mul(mark, moved))
        }
        (Some(mark), None) => Some(mark),
        (None, Some(value)) => {
            let stake = slot(lowering, "stake")?;
            let worth = lowering.program.mul(stake, value);
            Some(lowering.entered(worth))
        }
        (None, None) => Some(lowering.program.number(f64::NAN)),
    }
}
