//! A guarantee that names no contract: tables state a limit and a beneficiary, and seldom what is covered.

use keiretsu_model::{PartyRef, Standing};
use keiretsu_program::{FlowId, Op, Reg};
use keiretsu_values::{Set, Value};

use crate::calendar::TermMonths;
use crate::lowering::Lowering;
use crate::side::Layer;
use crate::terms::Terms;

/// A promise up to a limit. It is owed a fee, and calls nothing, unless it has a condition: then all of it is
/// due in the month in which that is met.
pub(super) fn lower(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing, ended: bool) {
    let when = terms.record.entry("when");
    let expected = if when.is_some() || terms.record.has("on") {
        // It is what the run calls.
        Value::exact(0.0)
    } else {
        let limit = terms.record.figure("limit").or_else(|| terms.record.figure("guaranteed"));
        let limit = limit.map(|limit| lowering.readings(limit, Standing::Conditional));
        let limit = limit.map_or(Set::NOT_NEGATIVE, |[.., most]| most.set());
        Value::unread("it names no contract that would call it", Set::between(0.0, limit.high))
    };
    let call = if ended { None } else { Some(lowering.call_flow(terms)) };
    super::promise(lowering, terms, standing, [Value::exact(0.0), expected]);
    let words = match (when, terms.record.party("debtor")) {
        (Some(when), _) => when.text.clone(),
        _ if terms.record.has("guaranteed") => "what it is of is worth less than guaranteed".to_owned(),
        (None, Some(debtor)) => format!("a shortfall of {}", lowering.model.party(debtor).title),
        (None, None) => "a call by its beneficiary".to_owned(),
    };
    lowering.triggered_by(terms, &words, terms.record.when("before").or_else(|| terms.record.when("on")));
    let Some(call) = call else { return };
    let met = called(lowering, terms);
    let held = super::months(lowering, terms);
    let in_force = super::in_force(lowering, held, standing, met);
    super::fee(lowering, terms, in_force);
    if let Some(met) = met {
        lowering.dated_by(terms, call);
        call_once(lowering, terms, call, (met, held, standing));
    }
}

/// Whether its condition has held, or its day has come.
fn called(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    if let Some(met) = super::condition(lowering, terms) {
        return Some(met);
    }
    let first = lowering.calendar.due(&terms.record.when("on")?);
    Some(lowering.active(TermMonths { first, last: i64::MAX / 2 }))
}

fn call_once(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    call: FlowId,
    (met, held, standing): (Reg, TermMonths, Standing),
) {
    let Some(limit) = super::limits::whole(lowering, terms) else { return };
    let now = lowering.program.op(Op::Rise(met));
    let now = super::in_force(lowering, held, standing, Some(now));
    // What is not known of it is so in its month only.
    let due = lowering.if_holds(now, limit);
    let due = lowering.posted(due);
    let before = lowering.program.program().flows[call.at()].amount;
    lowering.program.flow_mut(call).amount = lowering.program.add(before, due);
}

/// What is left of the limit while it is in force, by the failure of its debtor: of nobody in the web where
/// none is named. What an asset is worth calls a guarantee of a value, and no failure.
pub(super) fn expose(lowering: &mut Lowering<'_>, versions: &[Terms<'_>]) {
    let Some(terms) = versions.first().filter(|terms| !terms.record.has("guaranteed")) else { return };
    let debtor = versions.iter().rev().find_map(|version| version.record.party("debtor"));
    let Some(call) = lowering.pending.alone.get(&terms.id).copied() else { return };
    let drawn = super::exposure::drawn(lowering, terms, call);
    let mut sum: Option<Reg> = None;
    for terms in versions {
        let Some(limit) = super::limits::whole(lowering, terms) else { continue };
        let held = super::months(lowering, terms);
        let held = lowering.active(held);
        let left = lowering.program.sub(limit, drawn);
        let left = lowering.positive(left);
        let left = lowering.if_holds(held, left);
        sum = Some(sum.map_or(left, |sum| lowering.program.add(sum, left)));
    }
    if let Some(left) = sum {
        lowering.exposed(
            terms,
            Layer::Guarantee,
            [terms.obligor(), debtor.unwrap_or(PartyRef::OUTSIDE)],
            left,
            None,
        );
    }
}
