//! What is owed on a loan at as-of, and the rate that it bears.

use keiretsu_program::Reg;

use crate::lowering::Lowering;
use crate::terms::Terms;

/// Where a loan stands at as-of.
pub(super) struct Opening {
    /// What is outstanding.
    pub owed: Reg,
    /// Interest accrued since the last payment.
    pub accrued: Reg,
    /// What of it was drawn in the first month of the run, before as-of.
    pub late: Reg,
}

/// The rate with its spread; an amendment of either holds from its month on.
pub(super) fn rate(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    lowering.in_force(terms, rate_of)
}

/// The rate of a version with its spread.
pub(super) fn rate_of(lowering: &mut Lowering<'_>, version: &Terms<'_>) -> Option<Reg> {
    let rate = lowering.formula_term(version, "rate")?;
    Some(match lowering.term(version, "spread") {
        Some(spread) => lowering.program.add(rate, spread),
        None => rate,
    })
}
