//! Ramps to cumulative shares: how much of a total has fallen by the end of each month of a term.

use keiretsu_model::When;
use keiretsu_model::record::{Ramp, Rest};

use crate::calendar::{Calendar, TermMonths, month};

/// A ramp over a term, with its shares by year worked out once.
#[derive(Clone, Debug)]
pub struct Spread {
    ramp: Ramp,
    term: TermMonths,
    calendar: Calendar,
    /// Shares by calendar year, where the ramp gives them.
    years: Vec<(i32, f64)>,
}

impl Spread {
    /// A ramp over a term.
    pub fn new(ramp: Ramp, term: TermMonths, calendar: &Calendar) -> Self {
        let years = match &ramp {
            Ramp::Shares { years, rest } => year_shares(years, *rest, term, calendar),
            _ => vec![],
        };
        Self { ramp, term, calendar: *calendar, years }
    }

    /// The share of the total that has fallen by the end of month `t`: 0 before the term, 1 from its end on.
    pub fn cumulative(&self, t: i64) -> f64 {
        let term = self.term;
        if t < term.first {
            return 0.0;
        }
        if t >= term.last {
            return 1.0;
        }
        let done = (t - term.first + 1) as f64;
        let count = term.count() as f64;
        match &self.ramp {
            Ramp::Flat | Ramp::WithCapacity => done / count,
            // Month k of n has weight k: the sum of the first k is k (k + 1) / 2.
            Ramp::Linear => done * (done + 1.0) / (count * (count + 1.0)),
            Ramp::SCurve(by) => smooth(done / s_curve_months(by.as_ref(), term, &self.calendar)),
            Ramp::Shares { .. } => self.by_years(t),
        }
    }

    /// The share of the whole that is there at the end of month `t`, for things that come in and stay.
    pub fn available(&self, t: i64) -> f64 {
        let term = self.term;
        if t < term.first || t > term.last {
            return 0.0;
        }
        match self.ramp {
            // Flat capacity is there from the first day.
            Ramp::Flat | Ramp::WithCapacity => 1.0,
            // Linear capacity grows by the same amount every month.
            Ramp::Linear => (t - term.first + 1) as f64 / term.count() as f64,
            _ => self.cumulative(t),
        }
    }

    /// Shares by calendar year, each spread evenly over the months of the term in that year.
    fn by_years(&self, t: i64) -> f64 {
        let now = self.calendar.month(t);
        let mut sum = 0.0;
        for (year, share) in &self.years {
            if *year < now.year() {
                sum += share;
            } else if *year == now.year() {
                let months = months_in(*year, self.term, &self.calendar);
                let done =
                    i64::from(now.of_year()) - i64::from(self.calendar.month(months.first).of_year()) + 1;
                sum += share * done as f64 / months.count() as f64;
            }
        }
        sum.min(1.0)
    }
}

/// The smooth step: 0 and 1 at its ends, with no slope there.
fn smooth(u: f64) -> f64 {
    let u = u.clamp(0.0, 1.0);
    u * u * (3.0 - 2.0 * u)
}

fn s_curve_months(by: Option<&When>, term: TermMonths, calendar: &Calendar) -> f64 {
    let end = by.map_or(term.last, |when| calendar.t(month(when.last)).min(term.last));
    (end - term.first + 1).max(1) as f64
}

/// The share of each calendar year of a term; what is not listed goes as `rest` says.
fn year_shares(
    years: &[(i16, f64)],
    rest: Option<Rest>,
    term: TermMonths,
    calendar: &Calendar,
) -> Vec<(i32, f64)> {
    let (first, last) = (calendar.month(term.first).year(), calendar.month(term.last).year());
    let listed =
        |year: i32| years.iter().find(|(known, _)| i32::from(*known) == year).map(|(_, share)| *share);
    let known: f64 = years.iter().map(|(_, share)| share).sum();
    let open: Vec<i32> = (first..=last).filter(|year| listed(*year).is_none()).collect();
    let left = (1.0 - known).max(0.0);
    let base = years.last().map_or(0.0, |(_, share)| *share);
    let weights = rest_weights(&open, rest, left, base, term, calendar);
    (first..=last)
        .map(|year| {
            let open_at = open.iter().position(|other| *other == year);
            (year, listed(year).or(open_at.map(|at| weights[at])).unwrap_or(0.0))
        })
        .collect()
}

/// How the years that are not listed share what is left, weighed by their months in the term.
fn rest_weights(
    open: &[i32],
    rest: Option<Rest>,
    left: f64,
    base: f64,
    term: TermMonths,
    calendar: &Calendar,
) -> Vec<f64> {
    let months: Vec<f64> =
        open.iter().map(|year| months_in(*year, term, calendar).count() as f64 / 12.0).collect();
    let whole: f64 = months.iter().sum();
    if open.is_empty() || whole <= 0.0 {
        return vec![0.0; open.len()];
    }
    let steps: f64 = months.iter().enumerate().map(|(at, share)| (at + 1) as f64 * share).sum();
    // Linear: base + k * step in the k-th open year, a part of it where the term covers a part of the year.
    let step = (left - base * whole) / steps;
    let linear = rest == Some(Rest::Linear) && step >= 0.0;
    months
        .iter()
        .enumerate()
        .map(
            |(at, share)| if linear { (base + (at + 1) as f64 * step) * share } else { left * share / whole },
        )
        .collect()
}

/// The months of a term that lie in a calendar year.
fn months_in(year: i32, term: TermMonths, calendar: &Calendar) -> TermMonths {
    let first = calendar.t(keiretsu_program::Month::new(year, 1)).max(term.first);
    let last = calendar.t(keiretsu_program::Month::new(year, 12)).min(term.last);
    TermMonths { first, last: last.max(first - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;

    fn calendar() -> Calendar {
        Calendar::new(Date::constant(2026, 4, 21), 120)
    }

    const TEN_YEARS: TermMonths = TermMonths { first: 1, last: 120 };

    #[test]
    fn every_ramp_is_complete_at_the_end_and_never_falls() {
        let shares = Ramp::Shares { years: vec![(2026, 0.03), (2027, 0.06)], rest: Some(Rest::Linear) };
        for ramp in [Ramp::Flat, Ramp::Linear, Ramp::SCurve(None), Ramp::WithCapacity, shares] {
            let mut last = 0.0;
            let spread = Spread::new(ramp.clone(), TEN_YEARS, &calendar());
            for t in 0..=121 {
                let now = spread.cumulative(t);
                assert!(last <= now + 1e-12, "{ramp:?} falls at {t}");
                last = now;
            }
            assert!((last - 1.0).abs() < 1e-12, "{ramp:?}");
        }
    }

    #[test]
    fn shares_by_year_fall_in_their_years() {
        let ramp = Ramp::Shares { years: vec![(2026, 0.03), (2027, 0.06)], rest: Some(Rest::Linear) };
        let spread = Spread::new(ramp, TEN_YEARS, &calendar());
        // April 2026 is the first month: December 2026 is the ninth.
        let year = |last: i64, months: i64| spread.cumulative(last) - spread.cumulative(last - months);
        assert!((year(9, 9) - 0.03).abs() < 1e-12);
        assert!((year(21, 12) - 0.06).abs() < 1e-12);
        assert!(year(33, 12) > 0.06, "the rest grows from the last listed share");
    }

    /// What falls in each of three years of which the share of the first is listed.
    fn three_years(first: f64) -> [f64; 3] {
        let ramp = Ramp::Shares { years: vec![(2026, first)], rest: Some(Rest::Linear) };
        let calendar = Calendar::new(Date::constant(2025, 12, 31), 36);
        let spread = Spread::new(ramp, TermMonths { first: 1, last: 36 }, &calendar);
        [12, 24, 36].map(|last| spread.cumulative(last) - spread.cumulative(last - 12))
    }

    #[test]
    fn a_linear_rest_rises_by_one_step_a_year() {
        // By hand: 90 are left, and two years at 10 leave 70 for steps of one and two: a step is 70 / 3.
        let [_, second, third] = three_years(0.1);
        assert!((second - (0.1 + 0.7 / 3.0)).abs() < 1e-12, "{second}");
        assert!((third - (0.1 + 1.4 / 3.0)).abs() < 1e-12, "{third}");
    }

    #[test]
    fn a_linear_rest_that_would_fall_is_flat() {
        // By hand: 40 are left for two years, less than 60 a year.
        let [first, second, third] = three_years(0.6);
        assert!((first - 0.6).abs() < 1e-12, "{first}");
        assert!((second - 0.2).abs() < 1e-12 && (third - 0.2).abs() < 1e-12, "{second} {third}");
    }

    #[test]
    fn an_s_curve_by_a_date_is_complete_then() {
        let ramp = Ramp::SCurve(keiretsu_model::date::when("2030"));
        let spread = Spread::new(ramp, TEN_YEARS, &calendar());
        let at = |t| spread.available(t);
        assert!((at(57) - 1.0).abs() < 1e-12, "December 2030 is month 57");
        assert!(at(28) < 0.51 && at(28) > 0.47);
    }
}
