//! The internal rate of return of a stake at as-of, with all its roots.

use keiretsu_methods::irr;
use keiretsu_values::Value;

use super::stake::{Mark, Stake, days};
use crate::Subject;

/// The rate, where there is one, and what the roots are.
pub(super) fn xirr(subject: &Subject<'_>, stake: &Stake, mark: &Mark, at: usize) -> (Value, String) {
    let unknown = |why: &str| (Value::unknown(why), String::new());
    let Some(flows) = &stake.flows else { return unknown("payments are undated") };
    let Some(value) = mark.value[at].amount() else { return unknown("no value is stated") };
    if stake.realised[at].amount().is_some_and(|amount| amount > 0.0) {
        return unknown("distributions are undated");
    }
    let first = flows.iter().map(|(date, _)| *date).min().unwrap_or(subject.model.as_of);
    let mut dated = Vec::new();
    for (date, amount) in flows {
        let Some(amount) = amount.amount() else { return unknown("a payment is undisclosed") };
        dated.push((days(first, *date), -amount));
    }
    dated.push((days(first, subject.model.as_of), value));
    let bound = mark.value[at].bound().unwrap_or(keiretsu_values::Bound::Exact);
    rate_of(&dated, bound)
}

fn rate_of(flows: &[(i64, f64)], bound: keiretsu_values::Bound) -> (Value, String) {
    let (days, amounts): (Vec<i64>, Vec<f64>) = flows.iter().copied().unzip();
    let Ok(found) = irr::xirr(&days, &amounts) else {
        return (Value::unknown("the flows have no rate"), "none".to_owned());
    };
    match found.rates.as_slice() {
        [only] => (Value::known(*only, bound), "unique".to_owned()),
        [] => (Value::unknown("no rate makes the present value zero"), "none".to_owned()),
        several => {
            let list: Vec<String> = several.iter().map(|root| format!("{:.1}%", root * 100.0)).collect();
            (Value::unknown("several rates fit"), format!("several: {}", list.join(", ")))
        }
    }
}
