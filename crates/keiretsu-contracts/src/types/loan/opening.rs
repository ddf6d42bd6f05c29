//! Where a loan stands at as-of: as stated, else as its run from the start at its stated terms leaves it.

use keiretsu_model::Standing;
use keiretsu_program::Reg;

use super::schedule::{Repayment, Schedule};
use crate::lowering::{Lowering, Terms};

/// Where a loan stands at as-of.
pub(super) struct Opening {
    /// What is outstanding.
    pub owed: Reg,
    /// Interest accrued since the last payment.
    pub accrued: Reg,
}

/// What is outstanding at as-of, and the interest accrued since the last payment: as stated, else as the run
/// from the start at the stated terms leaves it.
pub(super) fn opening(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    schedule: &Schedule<'_>,
    standing: Standing,
    rate: Reg,
) -> Opening {
    let zero = lowering.program.number(0.0);
    let rate = lowering.at_start(rate);
    if let Some(owed) = lowering.term(terms, "outstanding") {
        // What was outstanding then accrued since the last payment.
        let rhythm = schedule.at(0);
        let months =
            if rhythm.added { 0 } else { (0..rhythm.every).find(|back| rhythm.pays(-back)).unwrap_or(0) };
        let yearly = lowering.program.mul(owed, rate);
        let accrued = lowering.times(yearly, months as f64 / 12.0);
        return Opening { owed, accrued };
    }
    if !schedule.is_begun() {
        return Opening { owed: zero, accrued: zero };
    }
    let name = &terms.contract.name;
    lowering.assume(format!("{name}: outstanding at as-of as its terms leave it since the draw"));
    let mut sum = Opening { owed: zero, accrued: zero };
    let calendar = lowering.calendar;
    for held in schedule.draws(standing).0 {
        if held.dated.past(&calendar).next().is_none() {
            continue;
        }
        let amount = held.amount(lowering);
        let amount = lowering.at_start(amount);
        let stood = schedule.outstanding(&held.dated);
        let (owed, years) = stood.map_or((f64::NAN, f64::NAN), |stood| (stood.owed, stood.years));
        if owed.abs() <= 0.0 && years.abs() <= 0.0 {
            // Paid back before as-of, whatever it was.
            continue;
        }
        let owed = lowering.times(amount, owed);
        let known = stood.map(|stood| stood.accrued).filter(|accrued| !accrued.is_nan());
        let accrued = if let Some(accrued) = known {
            lowering.times(amount, accrued)
        } else {
            // At the rate of as-of, where it moves.
            let on = lowering.times(amount, years);
            lowering.program.mul(on, rate)
        };
        sum.owed = lowering.program.add(sum.owed, owed);
        sum.accrued = lowering.program.add(sum.accrued, accrued);
    }
    if schedule.at(0).repayment == Repayment::Revolving
        && let Some(usage) = lowering.formula_term(terms, "usage")
    {
        let usage = lowering.at_start(usage);
        let usage = lowering.positive(usage);
        sum.owed = lowering.program.min(sum.owed, usage);
    }
    sum
}

/// The rate with its spread; an amendment of either holds from its month on.
pub(super) fn rate(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    lowering.in_force(terms, |lowering, version| {
        let rate = lowering.formula_term(version, "rate")?;
        Some(match lowering.term(version, "spread") {
            Some(spread) => lowering.program.add(rate, spread),
            None => rate,
        })
    })
}
