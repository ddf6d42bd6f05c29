//! Turns two dates into years between them, by day count convention.
//!
//! ```
//! use keiretsu_methods::day_count::{Day, DayCount};
//! let day = |year, month, day| Day { year, month, day };
//! let (from, to) = (day(2026, 1, 31), day(2026, 7, 31));
//! assert!((DayCount::Thirty360.years(from, to) - 0.5).abs() < 1e-15);
//! assert!((DayCount::Actual360.years(from, to) - 181.0 / 360.0).abs() < 1e-15);
//! ```
//!
//! International Swaps and Derivatives Association, 2006 Definitions, section 4.16; the US rule for the end
//! of February from Securities Industry Association, Standard Securities Calculation Methods (1993).
//!
//! Invariant: years change sign if the dates are swapped. Absent: Actual/Actual by coupon period (ICMA),
//! business days.

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

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
    /// Days in leap years / 366, others / 365 (ISDA).
    ActualActual,
    /// Months of 30 days; a second day of 31 counts as 30 if the first one does (bond basis).
    Thirty360,
    /// The same, where the end of February counts as day 30 (US).
    Thirty360Us,
    /// Months of 30 days; each day of 31 counts as 30 (Eurobond basis).
    Thirty360European,
    /// The same, where the end of February counts as day 30 (ISDA).
    Thirty360Isda,
    /// As Eurobond basis, but a second day of 31 counts as the first of the next month.
    Thirty360Plus,
    /// Days without leap days / 365.
    NoLeap365,
    /// Days without leap days / 360.
    NoLeap360,
}

impl Day {
    /// Days since 1 March of year 0, as the calendar counts them.
    pub fn number(self) -> i64 {
        // Years from March, so that the leap day is the last one (Hinnant, "chrono-compatible algorithms").
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = (i64::from(self.month) + 9) % 12;
        let days = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + days
    }

    fn is_end_of_february(self) -> bool {
        self.month == 2 && self.day == if is_leap(self.year) { 29 } else { 28 }
    }

    /// Leap days before this day, counted from year 0.
    fn leap_days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400)
    }
}

fn is_leap(year: i32) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

impl DayCount {
    /// Years from one day to another; negative if `to` is earlier.
    pub fn years(self, from: Day, to: Day) -> f64 {
        if to < from {
            return -self.years(to, from);
        }
        let days = (to.number() - from.number()) as f64;
        let no_leap = days - (to.leap_days() - from.leap_days()) as f64;
        match self {
            Self::Actual365 => days / 365.0,
            Self::Actual36525 => days / 365.25,
            Self::Actual364 => days / 364.0,
            Self::Actual360 => days / 360.0,
            Self::ActualActual => actual_actual(from, to),
            Self::NoLeap365 => no_leap / 365.0,
            Self::NoLeap360 => no_leap / 360.0,
            _ => self.thirty(from, to),
        }
    }

    fn thirty(self, from: Day, to: Day) -> f64 {
        let (mut first, mut last) = (i64::from(from.day), i64::from(to.day));
        let mut carried = 0;
        match self {
            Self::Thirty360European | Self::Thirty360Isda => {
                let isda = self == Self::Thirty360Isda;
                first = if isda && from.is_end_of_february() { 30 } else { first.min(30) };
                last = if isda && to.is_end_of_february() { 30 } else { last.min(30) };
            }
            Self::Thirty360Plus => {
                first = first.min(30);
                if last == 31 {
                    (last, carried) = (1, 1);
                }
            }
            _ => {
                if self == Self::Thirty360Us && from.is_end_of_february() {
                    first = 30;
                    last = if to.is_end_of_february() { 30 } else { last };
                }
                first = first.min(30);
                last = if 30 <= first { last.min(30) } else { last };
            }
        }
        let years = i64::from(to.year) - i64::from(from.year);
        let months = i64::from(to.month) - i64::from(from.month) + carried;
        (360 * years + 30 * months + last - first) as f64 / 360.0
    }
}

fn actual_actual(from: Day, to: Day) -> f64 {
    let start = |year: i32| Day { year, month: 1, day: 1 };
    let length = |year: i32| if is_leap(year) { 366.0 } else { 365.0 };
    let between = |from: Day, to: Day| (to.number() - from.number()) as f64;
    if from.year == to.year {
        return between(from, to) / length(from.year);
    }
    let first = between(from, start(from.year.saturating_add(1))) / length(from.year);
    let last = between(start(to.year), to) / length(to.year);
    first + f64::from(to.year - from.year - 1) + last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u8, day: u8) -> Day {
        Day { year, month, day }
    }

    #[test]
    fn days_are_numbered_by_the_calendar() {
        let days = |from: Day, to: Day| to.number() - from.number();
        assert_eq!(days(day(2024, 2, 28), day(2024, 3, 1)), 2, "leap year");
        assert_eq!(days(day(1900, 2, 28), day(1900, 3, 1)), 1, "no leap year");
        assert_eq!(days(day(1970, 1, 1), day(2000, 1, 1)), 10_957, "Unix day of the year 2000");
    }

    #[test]
    fn published_examples_agree() {
        // ISDA, "The actual/actual day count fraction" (1999), section 4, and its companion examples of
        // 30/360 (ISDA, "30/360 day count conventions", 2006).
        let near = |got: f64, want: f64| assert!((got - want).abs() < 1e-12, "{got} {want}");
        near(DayCount::ActualActual.years(day(2003, 11, 1), day(2004, 5, 1)), 61.0 / 365.0 + 121.0 / 366.0);
        for (count, from, to, days) in [
            (DayCount::Thirty360, day(2007, 1, 15), day(2007, 1, 30), 15.0),
            (DayCount::Thirty360, day(2007, 9, 30), day(2008, 3, 31), 180.0),
            (DayCount::Thirty360, day(2007, 9, 30), day(2007, 10, 31), 30.0),
            (DayCount::Thirty360, day(2007, 1, 15), day(2007, 1, 31), 16.0),
            (DayCount::Thirty360European, day(2007, 1, 15), day(2007, 1, 31), 15.0),
            (DayCount::Thirty360Plus, day(2007, 1, 15), day(2007, 1, 31), 16.0),
            (DayCount::Thirty360, day(2007, 2, 28), day(2007, 3, 5), 7.0),
            (DayCount::Thirty360Us, day(2007, 2, 28), day(2007, 3, 5), 5.0),
            (DayCount::Thirty360Isda, day(2007, 2, 28), day(2008, 2, 29), 360.0),
            (DayCount::Thirty360European, day(2007, 2, 28), day(2008, 2, 29), 361.0),
            (DayCount::NoLeap360, day(2008, 2, 1), day(2008, 3, 1), 28.0),
        ] {
            near(count.years(from, to), days / 360.0);
            near(count.years(to, from), -days / 360.0);
        }
        near(DayCount::Actual36525.years(day(2000, 1, 1), day(2004, 1, 1)), 4.0);
        near(DayCount::Actual364.years(day(2007, 1, 1), day(2007, 12, 31)), 1.0);
        near(DayCount::NoLeap365.years(day(2008, 1, 1), day(2009, 1, 1)), 1.0);
    }
}
