//! The internal rate of return of a stake at as-of, with all its roots.

use jiff::civil::Date;
use keiretsu_methods::irr::{self, Verdict};
use keiretsu_values::{Bound, Reading, Value};

use super::stake::{Mark, Stake, days};

/// The rate, where there is one, and the roots, where they were searched.
pub(super) fn xirr(stake: &Stake, mark: &Mark, at: Reading) -> (Value, Option<String>) {
    let unknown = |why: &str| (Value::unknown(why), None);
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
    let (rate, verdict) = rate_of(&dated, bound);
    (rate, Some(verdict))
}

fn rate_of(flows: &[(i64, f64)], bound: Bound) -> (Value, String) {
    let (days, amounts): (Vec<i64>, Vec<f64>) = flows.iter().copied().unzip();
    let Ok(found) = irr::xirr(&days, &amounts) else {
        return (Value::unknown("the flows have no rate"), "none".to_owned());
    };
    let word = found.verdict.word().to_owned();
    match (found.verdict, found.rates.first()) {
        (Verdict::OneRate, Some(only)) => (Value::known(*only, bound), word),
        (Verdict::OneRate, None) => {
            (Value::unknown("its only rate is nearer to -100%, or larger, than a number holds"), word)
        }
        (Verdict::NoRate, _) => (Value::unknown("no rate makes the present value zero"), word),
        (Verdict::SeveralRates, _) => {
            let mut list: Vec<String> = found.rates.iter().map(|rate| percent(*rate)).collect();
            if 0 < found.unwritten {
                list.push(format!("{} that no number holds", found.unwritten));
            }
            (Value::unknown("several rates fit"), format!("{word}: {}", list.join(", ")))
        }
    }
}

/// A rate in percent, with as many digits as tell it from -100%.
fn percent(rate: f64) -> String {
    let above = 1.0 + rate;
    if 5e-4 <= above { format!("{:.1}%", rate * 100.0) } else { format!("-100% + {:.1e}%", above * 100.0) }
}
