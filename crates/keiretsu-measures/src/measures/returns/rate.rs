//! The internal rate of return of a stake at as-of, with all its roots.

use jiff::civil::Date;
use keiretsu_methods::irr;
use keiretsu_values::{Bound, Value};

use super::stake::{Mark, Stake, days};

/// The rate, where there is one, and what the roots are.
pub(super) fn xirr(stake: &Stake, mark: &Mark, at: usize) -> (Value, String) {
    let unknown = |why: &str| (Value::unknown(why), String::new());
    let Some(flows) = &stake.flows else { return unknown("payments are undated") };
    let Some(value) = mark.value[at].amount() else { return unknown("no value is stated") };
    if stake.has_realised() && !stake.realised(at).is_zero() {
        return unknown("distributions are undated");
    }
    let by_then: Vec<&(Date, [Value; 3])> = flows.iter().filter(|(on, _)| *on <= mark.on).collect();
    let Some(first) = by_then.iter().map(|(on, _)| *on).min() else {
        return unknown("nothing had been paid in by the day of the mark");
    };
    let mut dated = Vec::new();
    for (on, amounts) in by_then {
        let Some(amount) = amounts[at].amount() else { return unknown("a payment is undisclosed") };
        dated.push((days(first, *on), -amount));
    }
    dated.push((days(first, mark.on), value));
    // A higher multiple over the same days is a higher rate.
    let bound = mark.value[at].divide(&mark.cost[at]).bound().unwrap_or(Bound::Open);
    rate_of(&dated, bound)
}

fn rate_of(flows: &[(i64, f64)], bound: Bound) -> (Value, String) {
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
