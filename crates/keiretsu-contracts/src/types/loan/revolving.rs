//! A revolving loan from its first draw on: what is drawn on dates, up to its use beyond that, and back
//! down to its use from the month after, as the run has it month by month.
//!
//! Once in registers, for where it stands at as-of, and once in values, for what its borrower owes: of a line
//! only what is drawn on dates is owed, since a further draw is a right.

use keiretsu_model::Standing;
use keiretsu_program::Reg;
use keiretsu_values::{Reading, Value};

use super::owed::{Opening, rate_of};
use super::rhythm::{Repayment, fixed_rate};
use super::schedule::Schedule;
use crate::calendar::last_of;
use crate::commitments::nothing;
use crate::in_time::Dues;
use crate::lowering::Lowering;
use crate::side::Due;
use crate::terms::Terms;
use crate::then::entered_then;

/// What comes back of a revolving loan.
pub(super) struct Back {
    pub principal: Vec<Due>,
    /// Interest that is paid, where the rate is a number.
    pub interest: Vec<Due>,
    /// What nothing dates.
    pub undated: [Value; 3],
    /// What stands at as-of.
    pub stands: [Value; 3],
}

/// Where it stands at as-of, run from its first draw.
pub(super) fn stood(lowering: &mut Lowering<'_>, schedule: &Schedule<'_>, standing: Standing) -> Opening {
    let draws = schedule.draws(standing);
    let zero = lowering.program.number(0.0);
    let (mut owed, mut accrued) = (zero, zero);
    let first = schedule.first_draw(&draws).unwrap_or(1);
    for t in first..=0 {
        let (version, rhythm) = (schedule.version(t), schedule.at(t));
        let yearly = lowering.then(t, |lowering| rate_of(lowering, version)).unwrap_or(zero);
        let interest = lowering.program.mul(owed, yearly);
        let interest = lowering.monthly(interest);
        if rhythm.matured(t) {
            (owed, accrued) = (zero, zero);
            continue;
        }
        let draw = drawn_in(lowering, &draws, t);
        let mut next = moved(lowering, schedule, standing, t, [owed, draw]);
        if rhythm.added {
            next = lowering.program.add(next, interest);
        } else if rhythm.pays(t) {
            accrued = zero;
        } else {
            accrued = lowering.program.add(accrued, interest);
        }
        owed = next;
    }
    // Drawn in the month of as-of and before it: it bears interest from the next month on, and comes back
    // from then.
    let late = late_in(lowering, &draws);
    owed = lowering.program.add(owed, late);
    if let Some(yearly) = rate_of(lowering, schedule.version(1)) {
        let early = lowering.program.mul(late, yearly);
        let early = lowering.monthly(early);
        accrued = lowering.program.sub(accrued, early);
    }
    let now = schedule.version(1).record;
    if !now.has("usage") && !now.has("keeps") {
        // Nothing says what has come back of it.
        owed = lowering.perhaps_still(owed, 0);
    }
    let [owed, accrued, late] = [owed, accrued, late].map(|reg| lowering.at_start(reg));
    Opening { owed, accrued, late }
}

/// What is outstanding after a month, before interest that is added.
fn moved(
    lowering: &mut Lowering<'_>,
    schedule: &Schedule<'_>,
    standing: Standing,
    t: i64,
    [owed, draw]: [Reg; 2],
) -> Reg {
    let version = schedule.version(t);
    let limit = amount_of(lowering, version, standing);
    if schedule.at(t).repayment != Repayment::Revolving {
        let back = schedule.instalment_share(t).map_or(f64::NAN, |share| 1.0 - share);
        let left = lowering.times(owed, back);
        return lowering.program.add(left, draw);
    }
    let room = lowering.program.sub(limit, owed);
    let room = lowering.positive(room);
    let usage = lowering.then(t, |lowering| lowering.formula_term(version, "usage"));
    let Some(usage) = usage else {
        let draw = lowering.program.min(draw, room);
        return lowering.program.add(owed, draw);
    };
    let usage = lowering.positive(usage);
    let target = lowering.program.min(usage, limit);
    let drawn = lowering.program.add(owed, draw);
    let more = lowering.program.sub(target, drawn);
    let more = lowering.positive(more);
    let counts = lowering.beyond_firm();
    let more = lowering.if_holds(counts, more);
    let draw = lowering.program.add(draw, more);
    let draw = lowering.program.min(draw, room);
    let kept = lowering.program.min(owed, target);
    lowering.program.add(kept, draw)
}

fn amount_of(lowering: &mut Lowering<'_>, version: &Terms<'_>, standing: Standing) -> Reg {
    let Some(stated) = version.record.figure("amount") else { return lowering.program.number(0.0) };
    let basis = version.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
    lowering.amount_as(version.path("amount"), stated, &basis, standing)
}

/// What is drawn on dates in a past month.
fn drawn_in(lowering: &mut Lowering<'_>, draws: &Dues<'_>, t: i64) -> Reg {
    let calendar = lowering.calendar;
    sum_of(lowering, draws, |dated| dated.of_month(&calendar, t))
}

/// What was drawn in the first month of the run before as-of.
fn late_in(lowering: &mut Lowering<'_>, draws: &Dues<'_>) -> Reg {
    let calendar = lowering.calendar;
    sum_of(lowering, draws, |dated| dated.past_since(&calendar, 1))
}

fn sum_of(lowering: &mut Lowering<'_>, draws: &Dues<'_>, share: impl Fn(&crate::dated::Dated) -> f64) -> Reg {
    let mut sum = lowering.program.number(0.0);
    for held in &draws.0 {
        let share = share(&held.dated);
        if share > 0.0 {
            let amount = held.amount(lowering);
            let part = lowering.times(amount, share);
            sum = lowering.program.add(sum, part);
        }
    }
    sum
}

/// What comes back of what is drawn on dates, and of what is stated to be outstanding at as-of in the books;
/// `None` where its use moves with more than dates.
pub(super) fn paid_back(
    lowering: &Lowering<'_>,
    schedule: &Schedule<'_>,
    draws: &Dues<'_>,
    outstanding: Option<&[Value; 3]>,
) -> Option<Back> {
    let calendar = lowering.calendar;
    let first = match outstanding {
        Some(_) => 1,
        None => schedule.first_draw(draws)?,
    };
    let mut owed = outstanding.cloned().unwrap_or_else(nothing);
    let known = outstanding.is_some();
    let mut accrued = nothing();
    let mut back = Back { principal: vec![], interest: vec![], undated: nothing(), stands: owed.clone() };
    for t in first..=schedule.last_change(draws) {
        let (version, rhythm) = (schedule.version(t), schedule.at(t));
        let rate = fixed_rate(version.record).unwrap_or(0.0) / 12.0;
        let on = last_of(calendar.month(t));
        let due = |amounts: [Value; 3]| Due { on, past: on <= calendar.as_of, amounts };
        for (accrued, owed) in accrued.iter_mut().zip(&owed) {
            *accrued = accrued.plus(&owed.times(rate));
        }
        if rhythm.added {
            let grown = std::mem::replace(&mut accrued, nothing());
            owed = Reading::ALL.map(|reading| owed[reading].plus(&grown[reading]));
        } else if (rhythm.pays(t) || rhythm.matured(t)) && accrued.iter().any(|value| !value.is_zero()) {
            back.interest.push(due(std::mem::replace(&mut accrued, nothing())));
        }
        let target = if rhythm.matured(t) { nothing() } else { target(lowering, version, t)? };
        let above = Reading::ALL.map(|reading| owed[reading].minus(&target[reading]).max(&Value::exact(0.0)));
        if above.iter().any(|value| !value.is_zero()) {
            back.principal.push(due(above));
        }
        owed = Reading::ALL.map(|reading| owed[reading].min(&target[reading]));
        let now = |on: jiff::civil::Date| {
            (!known || calendar.as_of < on) && calendar.t(crate::calendar::month(on)) == t
        };
        for held in draws.0.iter().filter(|_| !rhythm.matured(t)) {
            let share: f64 = held.dated.shares().filter(|(on, _)| now(*on)).map(|(_, share)| share).sum();
            let amounts = held.entered_readings(lowering);
            owed = Reading::ALL.map(|reading| owed[reading].plus(&amounts[reading].times(share)));
        }
        if t <= 0 {
            back.stands.clone_from(&owed);
        }
    }
    if !known {
        for held in &draws.0 {
            // Drawn in the month of as-of and before it.
            let late = held.dated.past_since(&calendar, 1);
            let amounts = held.entered_readings(lowering);
            back.stands =
                Reading::ALL.map(|reading| back.stands[reading].plus(&amounts[reading].times(late)));
        }
    }
    let [principal, interest] = [back.principal, back.interest].map(|dues| lowering.posted_dues(dues));
    let [undated, stands] = [owed, back.stands].map(|amounts| lowering.posted_on(&amounts, calendar.as_of));
    Some(Back { principal, interest, undated, stands })
}

/// What it should stand at in a month, where numbers and dates say so; no more than its amount.
fn target(lowering: &Lowering<'_>, version: &Terms<'_>, t: i64) -> Option<[Value; 3]> {
    let usage = entered_then(version.record.formula("usage")?, lowering, t)?.max(&Value::exact(0.0));
    let limit = lowering.entered_readings(version.record.figure("amount")?, Standing::Binding);
    Some(limit.map(|limit| limit.min(&usage)))
}
