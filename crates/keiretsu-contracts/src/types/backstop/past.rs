//! What of a cap was used before as-of, as a value and as a register: with what is unsold and its price as
//! they stood then.

use keiretsu_model::record::Stated;
use keiretsu_program::Reg;
use keiretsu_values::Value;

use super::{a_month, months};
use crate::calendar::HISTORY;
use crate::lowering::Lowering;
use crate::terms::Terms;
use crate::then::{entered_then, value_then};

/// The most that may still be billed: what is `left`, else the cap less what was billed before as-of as far
/// as numbers, dates and stated paths say so.
pub(super) fn most(lowering: &Lowering<'_>, versions: &[Terms<'_>], terms: &Terms<'_>) -> Value {
    let as_of = lowering.model.as_of;
    let of_books = |stated: &Stated| {
        let rate = lowering.exchange(stated.figure.currency, as_of);
        stated.part_of(stated.headline()).scaled(&rate)
    };
    if versions.iter().all(|version| months(lowering, version).last < 1) {
        return Value::exact(0.0);
    }
    let left = match (terms.record.figure("left"), terms.record.figure("cap")) {
        (Some(left), _) => of_books(left),
        (None, Some(cap)) => {
            let cap = of_books(cap);
            let used = billed_before(lowering, versions).unwrap_or(Value::exact(0.0));
            cap.minus(&used).max(&Value::exact(0.0))
        }
        (None, None) => return Value::undisclosed("no cap is stated"),
    };
    let [_, _, left] = lowering.posted_on(&[left.clone(), left.clone(), left], as_of);
    left
}

/// What was billed before as-of, in the books; `None` where numbers, dates and stated paths do not say it.
fn billed_before(lowering: &Lowering<'_>, versions: &[Terms<'_>]) -> Option<Value> {
    let mut sum = Value::exact(0.0);
    for version in versions {
        for t in past_months(lowering, version) {
            let of = |term| value_then(version.record.formula(term)?, lowering, t);
            let mut unsold = of("offered")?.minus(&of("sold")?).max(&Value::exact(0.0));
            if let Some(most) = version.record.figure("power") {
                unsold = unsold.min(&most.part_of(most.limit()));
            }
            let price = entered_then(version.record.formula("price")?, lowering, t)?;
            sum = sum.plus(&unsold.scaled(&price).times(1.0 / 12.0));
        }
    }
    sum.amount().map(|_| sum)
}

/// The past months of a version in which dates say that it was in force.
fn past_months(lowering: &Lowering<'_>, version: &Terms<'_>) -> Vec<i64> {
    let held = months(lowering, version);
    let when = version.record.formula("when");
    let met = |t: i64| when.is_none_or(|when| lowering.decided_then(when, t) == Some(true));
    (held.first.max(-HISTORY)..=held.last.min(0)).filter(|t| met(*t)).collect()
}

/// What of the cap was used before as-of: all that is not `left`, else what its terms billed since its start,
/// with what is unsold and its price as they stand at as-of.
pub(super) fn used_before(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    versions: &[Terms<'_>],
    cap: Reg,
) -> Option<Reg> {
    let cap = lowering.at_start(cap);
    if let Some(left) = lowering.limit_in_force(terms, "left") {
        return Some(lowering.program.sub(cap, left));
    }
    let mut sum: Option<Reg> = None;
    for version in versions {
        let past = past_months(lowering, version);
        if !past.is_empty() {
            let terms = ["offered", "sold", "price"];
            let part =
                lowering.sum_before(&past, version.record, &terms, |lowering| a_month(lowering, version))?;
            sum = Some(sum.map_or(part, |sum| lowering.program.add(sum, part)));
        }
    }
    let used = sum?;
    let name = &terms.contract.name;
    lowering.assume(format!("{name}: used before as-of with what is unsold and its price as of then"));
    Some(lowering.program.min(used, cap))
}
