//! When shares of an amount fall due: on days, and in months of the run.

use jiff::civil::Date;
use keiretsu_model::When;
use keiretsu_values::{Reading, Value};

use crate::calendar::{Calendar, TermMonths, last_of, month};
use crate::side::Due;

/// When shares of an amount fall due, in the order of days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dated {
    shares: Vec<(Date, f64)>,
}

impl Dated {
    /// Evenly over the months of a stated time; one day, month or year falls due on its last day.
    pub fn over(when: &When) -> Self {
        if when.single {
            return Self { shares: vec![(when.last, 1.0)] };
        }
        let (first, last) = (month(when.first), month(when.last));
        let count = last.since(first) + 1;
        let day = |at: i32| last_of(first.plus(at)).min(when.last);
        Self { shares: (0..count).map(|at| (day(at), 1.0 / f64::from(count))).collect() }
    }

    /// The last day of each month of a term that has a share.
    pub fn by_month(term: TermMonths, calendar: &Calendar, share: impl Fn(i64) -> f64) -> Self {
        let all = (term.first..=term.last).map(|t| (last_of(calendar.month(t)), share(t)));
        Self { shares: all.filter(|(_, share)| share.abs() > 0.0).collect() }
    }

    /// Shares on days, in the order of days.
    pub fn of(shares: Vec<(Date, f64)>) -> Self {
        Self { shares }
    }

    /// The days with their shares.
    pub fn shares(&self) -> impl Iterator<Item = (Date, f64)> + '_ {
        self.shares.iter().copied()
    }

    /// What of it is after as-of.
    pub fn future(&self, calendar: &Calendar) -> Self {
        Self::of(self.shares().filter(|(on, _)| calendar.as_of < *on).collect())
    }

    /// All shares times a number.
    pub fn times(&self, by: f64) -> Self {
        Self::of(self.shares().map(|(on, share)| (on, share * by)).collect())
    }

    /// One share on a day.
    pub fn on(day: Date, share: f64) -> Self {
        Self { shares: vec![(day, share)] }
    }

    /// What of it falls in some months, times a number.
    pub fn held(&self, calendar: &Calendar, window: TermMonths, by: f64) -> Self {
        let mine = self.shares.iter().filter(|(on, _)| window.holds(calendar.t(month(*on))));
        Self { shares: mine.map(|(on, share)| (*on, share * by)).collect() }
    }

    /// Whether nothing is dated.
    pub fn is_empty(&self) -> bool {
        self.shares.is_empty()
    }

    /// The sum of all shares.
    pub fn sum(&self) -> f64 {
        self.shares.iter().map(|(_, share)| share).sum()
    }

    /// The share that falls due from a month on, whatever as-of is.
    pub fn since(&self, calendar: &Calendar, t: i64) -> f64 {
        let later = self.shares.iter().filter(|(on, _)| t <= calendar.t(month(*on)));
        later.map(|(_, share)| share).sum()
    }

    /// The share that falls due in a month, whatever as-of is.
    pub fn of_month(&self, calendar: &Calendar, t: i64) -> f64 {
        self.since(calendar, t) - self.since(calendar, t + 1)
    }

    /// What fell due from a month up to as-of.
    pub fn past_since(&self, calendar: &Calendar, t: i64) -> f64 {
        self.past(calendar).filter(|(on, _)| t <= calendar.t(month(*on))).map(|(_, share)| share).sum()
    }

    /// Whether nothing of it is after as-of.
    pub fn is_past(&self, calendar: &Calendar) -> bool {
        !self.shares.is_empty() && self.shares.iter().all(|(on, _)| *on <= calendar.as_of)
    }

    /// What fell due by as-of.
    pub fn past<'a>(&'a self, calendar: &Calendar) -> impl Iterator<Item = (Date, f64)> + 'a {
        let as_of = calendar.as_of;
        self.shares.iter().copied().filter(move |(on, _)| *on <= as_of)
    }

    /// The shares that fall due in the months of the run, `t = 0` included.
    pub fn by_months(&self, calendar: &Calendar) -> Vec<f64> {
        let mut all = vec![0.0; calendar.months as usize + 1];
        for (on, share) in self.shares.iter().filter(|(on, _)| calendar.as_of < *on) {
            let month = usize::try_from(calendar.t(month(*on))).ok();
            if let Some(sum) = month.and_then(|t| all.get_mut(t)) {
                *sum += share;
            }
        }
        all
    }

    /// The share that falls due after month `t` of the run.
    pub fn after(&self, calendar: &Calendar, t: i64) -> f64 {
        let later = |on: Date| calendar.as_of < on && t < calendar.t(month(on));
        self.shares.iter().filter(|(on, _)| later(*on)).map(|(_, share)| share).sum()
    }

    /// For each month of the run, `t = 0` included, what falls due after it, as worth at its end at a yearly
    /// rate.
    pub fn worth_after(&self, calendar: &Calendar, rate: f64) -> Vec<f64> {
        let months = i64::from(calendar.months);
        let last = self.shares.last().map_or(0, |(on, _)| calendar.t(month(*on)));
        let mut by_month = vec![0.0; last.max(months).max(0) as usize + 2];
        for (on, share) in self.shares.iter().filter(|(on, _)| calendar.as_of < *on) {
            if let Some(sum) = by_month.get_mut(calendar.t(month(*on)).max(0) as usize) {
                *sum += share;
            }
        }
        let mut after = vec![0.0; calendar.months as usize + 1];
        let mut worth = 0.0;
        // Nothing is worth nothing until something falls due.
        let until = by_month.iter().rposition(|share| share.abs() > 0.0).unwrap_or(0) as i64;
        for t in (0..last.max(months).min(until)).rev() {
            worth = (worth + by_month[t as usize + 1]) * calendar.worth(rate, t, t + 1);
            if let Some(after) = after.get_mut(t as usize) {
                *after = worth;
            }
        }
        after
    }

    /// The dues of an amount in its three readings.
    pub fn dues(&self, calendar: &Calendar, amounts: &[Value; 3]) -> Vec<Due> {
        self.dues_at(calendar, |_| amounts.clone())
    }

    /// The dues of an amount that is one of each day.
    pub(crate) fn dues_at(&self, calendar: &Calendar, amounts: impl Fn(Date) -> [Value; 3]) -> Vec<Due> {
        let of = |(on, share): &(Date, f64)| Due {
            on: *on,
            past: *on <= calendar.as_of,
            amounts: amounts(*on).map(|amount| amount.times(*share)),
        };
        self.shares.iter().map(of).collect()
    }
}

/// Dues of several parts, in the order of days; those of one day are one.
pub fn merged(parts: impl IntoIterator<Item = Vec<Due>>) -> Vec<Due> {
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_default();
    all.extend(parts.flatten());
    if all.is_sorted_by(|a, b| a.on < b.on) {
        return all;
    }
    // Those of one day stay in their order.
    all.sort_by_key(|due| due.on);
    let mut by_day: Vec<Due> = Vec::with_capacity(all.len());
    for due in all {
        match by_day.last_mut().filter(|had| had.on == due.on) {
            None => by_day.push(due),
            Some(had) => {
                had.amounts = Reading::ALL.map(|reading| had.amounts[reading].plus(&due.amounts[reading]));
            }
        }
    }
    by_day
}
