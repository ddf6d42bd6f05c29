//! Where a loan stands at as-of: as stated, else as its run from the start at its stated terms leaves it.

use keiretsu_model::Standing;
use keiretsu_program::Reg;
use keiretsu_values::Set;

use super::owed::{Opening, rate_of};
use super::revolving;
use super::schedule::Schedule;
use crate::dated::Dated;
use crate::lowering::Lowering;
use crate::terms::Terms;
use crate::undated::may_fall;

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
    if schedule.is_drawn_some_time() && may_fall(standing) {
        let owed = drawn_some_time(lowering, terms, standing).unwrap_or(zero);
        return Opening { owed, accrued: zero, late: zero };
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
        let owed = if owed.is_nan() {
            let left =
                if schedule.rhythms().any(|rhythm| rhythm.added) { Set::NOT_NEGATIVE } else { Set::SHARE };
            let left = lowering.unread("a rate that is no number decides what is left", left);
            lowering.program.mul(amount, left)
        } else {
            lowering.times(amount, owed)
        };
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

/// What stands of a loan of which nothing says when it is drawn: all of it where a source says that it was
/// paid, else all of it as read, which is the most that can.
fn drawn_some_time(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing) -> Option<Reg> {
    let stated = terms.record.figure("amount")?;
    let basis = terms.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
    let amount = lowering.amount_as(terms.path("amount"), stated, &basis, standing);
    let amount = lowering.at_start(amount);
    let paid = terms.contract.standing == Some(Standing::Paid);
    Some(if paid { amount } else { lowering.perhaps_still(amount, 0) })
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
