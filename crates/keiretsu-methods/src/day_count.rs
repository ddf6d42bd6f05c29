//! Turns two dates into years between them, by day count convention: the only day counts of the project.
//!
//! ```
//! use jiff::civil::date;
//! use keiretsu_methods::day_count::DayCount;
//! let (from, to) = (date(2026, 1, 31), date(2026, 7, 31));
//! assert!((DayCount::Thirty360.years(from, to) - 0.5).abs() < 1e-15);
//! assert!((DayCount::Actual360.years(from, to) - 181.0 / 360.0).abs() < 1e-15);
//! ```
//!
//! [`CONVENTIONS`] names each with its standard: International Swaps and Derivatives Association (ISDA), 2006
//! Definitions, section 4.16; Securities Industry Association (SIA), Standard Securities Calculation Methods
//! (1993); ACTUS, technical specification 1.0, Year Fraction Convention.
//!
//! A period is (first day, last day]: a leap day that is left out is one after the first day, up to and
//! including the last.
//!
//! Invariant: years change sign if the dates are swapped. Absent: Actual/Actual by coupon period (ICMA),
//! holidays.

use jiff::civil::{Date, date};

/// How days become years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayCount {
    /// Days / 365.
    Actual365,
    /// Days / 365.25.
    Actual36525,
    /// Days / 364.
    Actual364,
    /// Days / 360.
    Actual360,
    /// Days in leap years / 366, others / 365.
    ActualActual,
    /// Months of 30 days; a last day of 31 counts as 30 if the first one is 30 or 31.
    Thirty360,
    /// The same, where a first day at the end of February counts as 30, and so does a last one with it.
    Thirty360Us,
    /// Months of 30 days; each day of 31 counts as 30.
    Thirty360European,
    /// The same, where the end of February counts as day 30 too, except as the last day at maturity.
    Thirty360Isda,
    /// A first day of 31 counts as 30, a last day of 31 as the first of the next month.
    Thirty360Plus,
    /// Months of 28 days; each later day counts as 28.
    TwentyEight336,
    /// Days without leap days / 365.
    NoLeap365,
    /// Days without leap days / 360.
    NoLeap360,
    /// Business days from the first day up to the last, which is not counted, / 252.
    Business252,
}

/// Which days are business days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusinessDays {
    /// Every day.
    All,
    /// Monday to Friday.
    MondayToFriday,
}

/// Inputs of some conventions besides the two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The day on which the contract ends.
    pub maturity: Option<Date>,
    /// Its calendar.
    pub business: BusinessDays,
}

/// A convention by its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convention {
    /// The day count.
    pub count: DayCount,
    /// Its name here; capitals, spaces and hyphens do not matter.
    pub name: &'static str,
    /// Other names of the same.
    pub also: &'static [&'static str],
    /// Its names in ACTUS; none where that has no such convention.
    pub actus: &'static [&'static str],
    /// Where it is laid down.
    pub standard: &'static str,
}

/// Every convention.
pub static CONVENTIONS: [Convention; 14] = [
    named(DayCount::Actual365, "act/365", &["act/365F", "act/365 fixed", "365"], &["A365"], "ISDA 4.16(d)"),
    named(DayCount::Actual360, "act/360", &[], &["A360"], "ISDA 4.16(e)"),
    named(DayCount::Actual364, "act/364", &[], &[], "weeks of a year of 52"),
    named(DayCount::Actual36525, "act/365.25", &[], &[], "mean Julian year"),
    named(DayCount::ActualActual, "act/act", &["act/act ISDA"], &["AA"], "ISDA 4.16(b)"),
    named(
        DayCount::Thirty360,
        "30/360",
        &["30/360 ISDA", "30/360 bond basis", "30A/360"],
        &[],
        "ISDA 4.16(f), bond basis",
    ),
    named(DayCount::Thirty360Us, "30/360 US", &["30U/360", "30/360 SIA"], &[], "SIA"),
    named(
        DayCount::Thirty360European,
        "30E/360",
        &["30/360E", "30/360 European", "30E/360 eurobond"],
        &["30E360"],
        "ISDA 4.16(g), Eurobond basis",
    ),
    named(DayCount::Thirty360Plus, "30E+/360", &[], &[], "market practice beside ISDA 4.16(g)"),
    named(DayCount::Thirty360Isda, "30E/360 ISDA", &[], &["30E360ISDA"], "ISDA 4.16(h)"),
    named(DayCount::TwentyEight336, "28E/336", &[], &["28E336"], "ACTUS"),
    named(DayCount::NoLeap365, "nl/365", &["act/365 no leap"], &[], "market practice, (first, last]"),
    named(DayCount::NoLeap360, "nl/360", &["act/360 no leap"], &[], "market practice, (first, last]"),
    named(DayCount::Business252, "bus/252", &["b/252"], &["B252", "BUS252"], "ACTUS; Brazilian practice"),
];

const fn named(
    count: DayCount,
    name: &'static str,
    also: &'static [&'static str],
    actus: &'static [&'static str],
    standard: &'static str,
) -> Convention {
    Convention { count, name, also, actus, standard }
}

impl Default for Terms {
    fn default() -> Self {
        Self { maturity: None, business: BusinessDays::MondayToFriday }
    }
}

impl BusinessDays {
    /// Whether a day is one of them.
    pub fn has(self, day: Date) -> bool {
        self == Self::All || day.weekday().to_monday_zero_offset() < 5
    }

    /// How many there are from one day up to a later one, which is not counted.
    fn between(self, from: Date, to: Date) -> i64 {
        let days = days_between(from, to);
        match self {
            Self::All => days,
            Self::MondayToFriday => {
                let first = i64::from(from.weekday().to_monday_zero_offset());
                let rest = (first..first + days % 7).filter(|weekday| weekday % 7 < 5).count() as i64;
                days / 7 * 5 + rest
            }
        }
    }
}

impl DayCount {
    /// Years from one day to another; negative if `to` is earlier.
    pub fn years(self, from: Date, to: Date) -> f64 {
        self.years_under(from, to, Terms::default())
    }

    /// Years from one day to another under the terms of a contract; negative if `to` is earlier.
    pub fn years_under(self, from: Date, to: Date, terms: Terms) -> f64 {
        if to < from {
            return -self.years_under(to, from, terms);
        }
        // A period of no days has none in any month: 30E+ would see the 30th and the first of the next.
        if to == from {
            return 0.0;
        }
        let days = days_between(from, to) as f64;
        let no_leap = days - (leap_days(to) - leap_days(from)) as f64;
        match self {
            Self::Actual365 => days / 365.0,
            Self::Actual36525 => days / 365.25,
            Self::Actual364 => days / 364.0,
            Self::Actual360 => days / 360.0,
            Self::ActualActual => actual_actual(from, to),
            Self::NoLeap365 => no_leap / 365.0,
            Self::NoLeap360 => no_leap / 360.0,
            Self::Business252 => terms.business.between(from, to) as f64 / 252.0,
            Self::TwentyEight336 => {
                by_months(from, to, 28, i64::from(from.day().min(28)), i64::from(to.day().min(28)))
            }
            Self::Thirty360
            | Self::Thirty360Us
            | Self::Thirty360European
            | Self::Thirty360Isda
            | Self::Thirty360Plus => {
                let (first, last) = self.of_thirty(from, to, terms.maturity);
                by_months(from, to, 30, first, last)
            }
        }
    }

    /// The days of their months as which the first and the last day count, in months of 30. Day 31 is the
    /// first of the next month.
    fn of_thirty(self, from: Date, to: Date, maturity: Option<Date>) -> (i64, i64) {
        let february = |day: Date| day.month() == 2 && day == day.last_of_month();
        let (first, last) = (i64::from(from.day()), i64::from(to.day()));
        match self {
            Self::Thirty360European => (first.min(30), last.min(30)),
            Self::Thirty360Isda => {
                let first = if february(from) { 30 } else { first.min(30) };
                let last = if february(to) && maturity != Some(to) { 30 } else { last.min(30) };
                (first, last)
            }
            // The 31st day of a month of 30 is the first of the next one.
            Self::Thirty360Plus => (first.min(30), last),
            _ => {
                let us = self == Self::Thirty360Us && february(from);
                let first = if us { 30 } else { first.min(30) };
                let last = if us && february(to) { 30 } else { last };
                (first, if first == 30 { last.min(30) } else { last })
            }
        }
    }
}

/// Whole months of a fixed number of days, with the counted day of month of each end.
fn by_months(from: Date, to: Date, month_days: i64, first: i64, last: i64) -> f64 {
    let months = 12 * (i64::from(to.year()) - i64::from(from.year())) + i64::from(to.month())
        - i64::from(from.month());
    (months * month_days + last - first) as f64 / (12 * month_days) as f64
}

fn actual_actual(from: Date, to: Date) -> f64 {
    let length = |day: Date| f64::from(day.days_in_year());
    let between = |from: Date, to: Date| days_between(from, to) as f64;
    if from.year() == to.year() {
        return between(from, to) / length(from);
    }
    let first = between(from, date(from.year() + 1, 1, 1)) / length(from);
    let last = between(date(to.year(), 1, 1), to) / length(to);
    first + f64::from(to.year() - from.year() - 1) + last
}

/// Days from one day to another.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// How many days named 29 February there are up to and including a day, from year 0, which is not counted.
fn leap_days(day: Date) -> i64 {
    let year = i64::from(day.year()) - i64::from((day.month(), day.day()) < (2, 29));
    year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        let mut parts = text.split('-').map(|part| part.parse::<i32>().expect("digits"));
        let mut next = || parts.next().expect("three parts");
        date(next() as i16, next() as i8, next() as i8)
    }

    /// Days of a convention with its year, by hand, in both directions.
    fn check(count: DayCount, year: f64, cases: &[(&str, &str, f64)]) {
        for (from, to, days) in cases {
            let (got, back) = (count.years(day(from), day(to)), count.years(day(to), day(from)));
            assert!((got - days / year).abs() < 1e-12, "{count:?} {from} {to}: {}", got * year);
            assert!((got + back).abs() < 1e-12, "{count:?} {from} {to}: {got} and back {back}");
        }
    }

    /// ISDA, "The actual/actual day count fraction" (1999), section 4, and its companion examples of 30/360
    /// (2006), with neighbours by hand.
    #[test]
    fn months_of_thirty_days_as_published() {
        let bond = [
            ("2007-1-15", "2007-1-30", 15.0),
            ("2007-9-30", "2008-3-31", 180.0),
            ("2007-9-30", "2007-10-31", 30.0),
            ("2007-1-15", "2007-1-31", 16.0),
            ("2007-2-28", "2007-3-5", 7.0),
        ];
        check(DayCount::Thirty360, 360.0, &bond);
        let us = [("2007-2-28", "2007-3-5", 5.0), ("2007-2-28", "2008-2-29", 360.0)];
        check(DayCount::Thirty360Us, 360.0, &us);
        check(DayCount::Thirty360Us, 360.0, &[("2007-2-28", "2007-3-31", 30.0)]);
        let european = [("2007-1-15", "2007-1-31", 15.0), ("2007-2-28", "2008-2-29", 361.0)];
        check(DayCount::Thirty360European, 360.0, &european);
        check(DayCount::Thirty360European, 360.0, &[("2013-2-28", "2013-3-31", 32.0)]);
        let isda = [("2007-2-28", "2008-2-29", 360.0), ("2013-2-28", "2013-3-31", 30.0)];
        check(DayCount::Thirty360Isda, 360.0, &isda);
    }

    /// By hand: 360 x years + 30 x months + last - first, first 31 -> 30, last 31 -> 1 of the next month.
    #[test]
    fn a_first_day_of_31_is_the_30th_and_a_last_one_the_first_of_the_next_month() {
        let plus = [
            ("2025-5-31", "2026-2-28", 268.0),
            ("2025-7-31", "2025-12-31", 151.0),
            ("2025-4-30", "2025-10-31", 181.0),
            ("2007-1-15", "2007-1-31", 16.0),
            ("2025-12-30", "2025-12-31", 1.0),
            ("2025-12-31", "2026-1-1", 1.0),
            ("2025-12-31", "2025-12-31", 0.0),
        ];
        check(DayCount::Thirty360Plus, 360.0, &plus);
    }

    /// By hand from the calendar: 2027-12-29 to 2028-02-29 has 62 days, one of them the leap day at its end.
    #[test]
    fn a_leap_day_is_left_out_after_the_first_day_and_up_to_the_last() {
        let leap = [
            ("2027-12-29", "2028-2-29", 61.0),
            ("2028-2-29", "2028-9-1", 185.0),
            ("2027-12-29", "2028-3-31", 92.0),
            ("2028-2-28", "2028-2-29", 0.0),
            ("2028-2-29", "2028-3-1", 1.0),
            ("2028-2-29", "2032-2-29", 1460.0),
            ("2008-1-1", "2009-1-1", 365.0),
            ("1896-3-1", "1904-3-1", 2920.0),
        ];
        check(DayCount::NoLeap365, 365.0, &leap);
        check(DayCount::NoLeap360, 360.0, &leap);
    }

    #[test]
    fn actual_days_over_their_years() {
        check(
            DayCount::Actual365,
            365.0,
            &[("2013-1-1", "2014-1-1", 365.0), ("2024-1-1", "2025-1-1", 366.0)],
        );
        check(DayCount::Actual360, 360.0, &[("2013-1-1", "2013-7-1", 181.0)]);
        check(DayCount::Actual36525, 365.25, &[("2000-1-1", "2004-1-1", 1461.0)]);
        check(DayCount::Actual364, 364.0, &[("2007-1-1", "2007-12-31", 364.0)]);
        let years = [
            ("2003-11-1", "2004-5-1", 61.0 / 365.0 + 121.0 / 366.0),
            ("2011-12-31", "2013-1-2", 1.0 / 365.0 + 1.0 + 1.0 / 365.0),
        ];
        check(DayCount::ActualActual, 1.0, &years);
    }

    /// 2013-01-04 was a Friday; two whole weeks have ten business days.
    #[test]
    fn business_days_and_months_of_28() {
        let business =
            [("2013-1-4", "2013-1-8", 2.0), ("2013-1-5", "2013-1-7", 0.0), ("2013-1-5", "2013-1-19", 10.0)];
        check(DayCount::Business252, 252.0, &business);
        check(DayCount::TwentyEight336, 336.0, &[("2013-1-31", "2013-2-28", 28.0)]);
    }

    #[test]
    fn the_end_of_february_keeps_its_day_at_maturity() {
        let (from, to) = (day("2013-1-31"), day("2013-2-28"));
        let terms = Terms { maturity: Some(to), business: BusinessDays::All };
        let years = DayCount::Thirty360Isda.years_under(from, to, terms);
        assert!((years - 28.0 / 360.0).abs() < 1e-15, "{years}");
        check(DayCount::Thirty360Isda, 360.0, &[("2013-1-31", "2013-2-28", 30.0)]);
    }

    #[test]
    fn each_name_is_that_of_one_convention() {
        let mut names: Vec<&str> = CONVENTIONS.iter().flat_map(|one| one.also).copied().collect();
        names.extend(CONVENTIONS.iter().map(|one| one.name));
        names.extend(CONVENTIONS.iter().flat_map(|one| one.actus).copied());
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
