//! How long an amortising loan runs, and the level payment of an annuity.

use super::Known;
use super::plan::{Plan, call_of, first_instalment};
use super::terms::{Kind, Terms};
use super::time::Time;
use crate::day_count;

/// When a loan ends: its maturity, else as its instalments have it; a call loan when it is called.
pub(super) fn maturity(terms: &Terms, known: &Known) -> Option<Time> {
    if terms.kind == Kind::CallMoney {
        return call_of(terms, known).or(terms.maturity);
    }
    terms.maturity.or(terms.amortization).or_else(|| by_instalments(terms))
}

/// The day of the last instalment: as many as repay the notional, counted from the next one.
///
/// Of an annuity, only the part of a payment beyond interest repays (specification, `Tmd` of NAM).
fn by_instalments(terms: &Terms) -> Option<Time> {
    let cycle = terms.principal.cycle?;
    let first = first_instalment(terms);
    let mut past = 0;
    while cycle.at(first, past, terms.end_of_month) < terms.status && past < 100_000 {
        past += 1;
    }
    let next = cycle.at(first, past, terms.end_of_month);
    let after = cycle.at(first, past + 1, terms.end_of_month);
    let interest = match terms.kind {
        Kind::Annuity => terms.notional * terms.rate.unwrap_or(0.0) * year_fraction(terms, next, after, None),
        _ => 0.0,
    };
    let repaid = terms.instalment? - interest;
    // What repays nothing never ends; a bound keeps the list of dates finite.
    let count = (terms.notional / repaid).ceil();
    let count = if (1.0..10_000.0).contains(&count) { count as i32 } else { 10_000 };
    Some(cycle.at(first, past + count - 1, terms.end_of_month))
}

/// The fraction of a year between two scheduled days, as moved to business days; 0 if the second is not
/// later.
pub(super) fn year_fraction(terms: &Terms, from: Time, to: Time, maturity: Option<Time>) -> f64 {
    let convention = terms.convention;
    let day = |time: Time| convention.calculated(time).counted().date;
    let (from, to) = (day(from), day(to));
    let under = day_count::Terms { maturity: maturity.map(day), business: convention.calendar };
    if to <= from { 0.0 } else { terms.day_count.years_under(from, to, under) }
}

/// The instalment of a linear loan: the notional over the number of instalments still to come.
pub(super) fn linear(terms: &Terms, plan: &Plan, notional: f64, after: Time) -> f64 {
    let count = plan.instalments.iter().filter(|date| after < **date).count();
    let end = terms.amortization.or(plan.maturity);
    notional / count.max(usize::from(end.is_some())).max(1) as f64
}

/// The debt when a level payment is fixed.
#[derive(Clone, Copy)]
pub(super) struct Owed {
    pub notional: f64,
    pub accrued: f64,
    /// The base of interest.
    pub base: f64,
    pub rate: f64,
}

/// The level payment that repays the debt by the last instalment (specification, Annuity Amount Function),
/// with the interest that accrues until the first instalment and is not paid before it.
pub(super) fn annuity(terms: &Terms, plan: &Plan, owed: Owed, now: Time, from: Time) -> f64 {
    let times: Vec<Time> = plan.instalments.iter().copied().filter(|date| from < *date).collect();
    let fraction = |a, b| year_fraction(terms, a, b, plan.maturity);
    let Some(first) = times.first().copied() else { return owed.notional + owed.accrued };
    let paid_before = plan.interest.iter().copied().rfind(|date| now < *date && *date < first);
    let (since, accrued) = paid_before.map_or((now, owed.accrued), |date| (date, 0.0));
    let growth: Vec<f64> =
        times.windows(2).map(|pair| 1.0 + owed.rate * fraction(pair[0], pair[1])).collect();
    // From the last instalment back: the product of all growth so far, and the sum of the products.
    let (mut product, mut sum) = (1.0, 1.0);
    for step in growth.iter().rev() {
        product *= step;
        sum += product;
    }
    let due = owed.notional + accrued + owed.base * owed.rate * fraction(since, first);
    due * product / sum
}
