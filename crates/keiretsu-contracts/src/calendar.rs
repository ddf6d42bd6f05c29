//! Days of the model to months of the run, and terms of whole months.

use std::cell::RefCell;

use jiff::civil::Date;
use keiretsu_maths::power::power;
use keiretsu_model::When;
use keiretsu_program::Month;

/// The months before as-of that are looked through: no contract of a model began earlier.
pub(crate) const HISTORY: i64 = 12_000;

/// The months of a term, as month indices, both included; they may lie before or beyond the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermMonths {
    /// The first month.
    pub first: i64,
    /// The last month.
    pub last: i64,
}

impl TermMonths {
    /// Whether month `t` is one of them.
    pub fn holds(self, t: i64) -> bool {
        self.first <= t && t <= self.last
    }

    /// How many months.
    pub fn count(self) -> i64 {
        self.last - self.first + 1
    }
}

/// The calendar of a run.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    /// The day the model looks from.
    pub as_of: Date,
    /// The month of `t = 0`.
    pub origin: Month,
    /// The last month index.
    pub months: u32,
}

impl Calendar {
    /// The first month that is run is the one that holds the day after as-of: its bills fall due at its end.
    pub fn new(as_of: Date, months: u32) -> Self {
        let next = as_of.tomorrow().unwrap_or(as_of);
        Self { as_of, origin: month(next).plus(-1), months }
    }

    /// The month index of a calendar month: 0 and below lie before the run.
    pub fn t(&self, month: Month) -> i64 {
        i64::from(month.since(self.origin))
    }

    /// The month index in which something stated falls due: its last day counts.
    pub fn due(&self, when: &When) -> i64 {
        self.t(month(when.last))
    }

    /// Whether something stated lies in the past: its last day is not after as-of.
    pub fn is_past(&self, when: &When) -> bool {
        when.last <= self.as_of
    }

    /// The month index from which something stated holds: its first day counts.
    pub fn from(&self, when: &When) -> i64 {
        self.t(month(when.first))
    }

    /// The months of a term, counted from its first to its last day: 15 February 2026 to 14 February 2028 are
    /// 24, of which February 2026 is the first and January 2028 the last. One that ends before it begins has
    /// its first month.
    pub fn term(&self, from: &When, until: &When) -> TermMonths {
        let first = self.from(from);
        TermMonths { first, last: first + months_begun(from.first, until.last).max(1) - 1 }
    }

    /// What money at the end of month `later` is worth at the end of month `t`, at a yearly rate: month end,
    /// actual/365.
    pub fn worth(&self, rate: f64, t: i64, later: i64) -> f64 {
        worth(rate, self.days(t, later))
    }

    /// The days from the end of month `t` to that of month `later`.
    fn days(&self, t: i64, later: i64) -> i32 {
        last_of(self.month(t)).until(last_of(self.month(later))).map_or(0, |span| span.get_days())
    }

    /// The calendar month of a month index.
    pub fn month(&self, t: i64) -> Month {
        self.origin.plus(t as i32)
    }
}

/// What money in so many days is worth now.
fn worth(rate: f64, days: i32) -> f64 {
    power(1.0 + rate, -f64::from(days) / 365.0)
}

/// What money is worth, asked for many months: each number of days is worked out once.
#[derive(Debug)]
pub struct Worths {
    calendar: Calendar,
    rate: f64,
    /// Days from the end of month 0 to that of each month.
    ends: Vec<i32>,
    by_days: RefCell<Vec<f64>>,
}

impl Worths {
    /// At a yearly rate, for months up to some years after the run.
    pub fn new(calendar: Calendar, rate: f64) -> Self {
        let ends: Vec<i32> = (0..=i64::from(calendar.months) + 240).map(|t| calendar.days(0, t)).collect();
        let most = ends.last().map_or(0, |days| (*days).max(0) as usize);
        Self { calendar, rate, ends, by_days: RefCell::new(vec![f64::NAN; most + 1]) }
    }

    /// The yearly rate.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// What money at the end of month `later` is worth at the end of month `t`.
    pub fn at(&self, t: i64, later: i64) -> f64 {
        let end = |t: i64| self.ends.get(usize::try_from(t).ok()?).copied();
        let days = match (end(t), end(later)) {
            (Some(now), Some(then)) => then - now,
            _ => self.calendar.days(t, later),
        };
        let known = usize::try_from(days).ok();
        let mut by_days = self.by_days.borrow_mut();
        match known.and_then(|days| by_days.get_mut(days)) {
            Some(known) => {
                if known.is_nan() {
                    *known = worth(self.rate, days);
                }
                *known
            }
            None => worth(self.rate, days),
        }
    }
}

/// The last day of a month.
pub fn last_of(month: Month) -> Date {
    Date::new(month.year() as i16, month.of_year() as i8, 1).map_or(Date::MAX, Date::last_of_month)
}

/// The first day of a month.
pub fn first_of(month: Month) -> Date {
    last_of(month).first_of_month()
}

/// The calendar month of a day.
pub fn month(date: Date) -> Month {
    Month::new(i32::from(date.year()), i32::from(date.month()))
}

/// How many months have begun from a first to a last day, each on the day of the month of the first one, or
/// on the last day of a shorter month.
fn months_begun(first: Date, last: Date) -> i64 {
    let after = last.tomorrow().unwrap_or(last);
    let whole = i64::from(month(after).since(month(first)));
    let begins = first.day().min(after.days_in_month());
    whole + i64::from(begins < after.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use keiretsu_model::date::when;

    #[test]
    fn a_term_counts_from_its_first_to_its_last_day() {
        let calendar = Calendar::new(Date::constant(2025, 12, 31), 12);
        let count =
            |from, until| calendar.term(&when(from).expect("a date"), &when(until).expect("a date")).count();
        assert_eq!(count("2026-02-15", "2028-02-14"), 24);
        assert_eq!(count("2026-02-15", "2028-02-15"), 25, "the last day begins a month");
        assert_eq!(count("2026-03-01", "2028-02-29"), 24);
        assert_eq!(count("2026-03", "2028-02"), 24);
        assert_eq!(count("2026", "2027"), 24);
        assert_eq!(count("2026-02-15", "2026-02-20"), 1);
        assert_eq!(count("2026-01-31", "2026-02-27"), 1, "the second month begins on 28 February");
        assert_eq!(count("2026-01-31", "2026-03-30"), 2);
    }

    #[test]
    fn a_term_begins_with_the_month_of_its_first_day() {
        let calendar = Calendar::new(Date::constant(2025, 12, 31), 12);
        let day = |text| when(text).expect("a date");
        let term = calendar.term(&day("2026-02-15"), &day("2026-04-14"));
        assert_eq!(term, TermMonths { first: 2, last: 3 });
    }

    #[test]
    fn the_first_month_holds_the_day_after_as_of() {
        let end = Calendar::new(Date::constant(2025, 12, 31), 12);
        assert_eq!(end.month(1).to_string(), "2026-01");
        let middle = Calendar::new(Date::constant(2026, 4, 21), 12);
        assert_eq!(middle.month(1).to_string(), "2026-04");
        assert_eq!(middle.due(&when("2026-04-30").expect("a date")), 1);
        assert!(middle.is_past(&when("2026-04-20").expect("a date")));
        assert!(!middle.is_past(&when("2026-04").expect("a date")));
    }
}
