//! Where a loan stands at as-of: as stated, else as its run from the start at its stated terms leaves it.

use keiretsu_model::Standing;
use keiretsu_program::Reg;

use super::owed::{Opening, rate_of};
use super::revolving;
use super::schedule::Schedule;
use crate::dated::Dated;
use crate::lowering::Lowering;
use crate::terms::Terms;

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
        let yearly = lowering.program.mul(owed, rate);
        let accrued = lowering.times(yearly, schedule.accrued_months() as f64 / 12.0);
        return Opening { owed, accrued, late: zero };
    }
    if !schedule.is_begun() {
        return Opening { owed: zero, accrued: zero, late: zero };
    }
    let name = &terms.contract.name;
    lowering.assume(format!("{name}: outstanding at as-of as its terms leave it since the draw"));
    if schedule.revolves() {
        return revolving::stood(lowering, schedule, standing);
    }
    let mut sum = Opening { owed: zero, accrued: zero, late: zero };
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
            moving(lowering, schedule, &held.dated, amount)
        };
        sum.owed = lowering.program.add(sum.owed, owed);
        sum.accrued = lowering.program.add(sum.accrued, accrued);
    }
    sum
}

/// Interest accrued since the last payment at a rate that moves, each month at the rate of that month.
fn moving(lowering: &mut Lowering<'_>, schedule: &Schedule<'_>, drawn: &Dated, amount: Reg) -> Reg {
    let mut sum = lowering.program.number(0.0);
    for (t, share) in schedule.bearing(drawn) {
        let version = schedule.version(t);
        let Some(yearly) = lowering.then(t.min(0), |lowering| rate_of(lowering, version)) else { continue };
        let part = lowering.times(yearly, share / 12.0);
        sum = lowering.program.add(sum, part);
    }
    let sum = lowering.at_start(sum);
    lowering.program.mul(amount, sum)
}
