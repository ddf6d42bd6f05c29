//! Turns days of the Gregorian calendar into whole numbers and back: the one calendar of this crate.
//!
//! ```
//! use keiretsu_methods::calendar::Day;
//! let leap = Day { year: 2028, month: 2, day: 28 }.plus_days(1);
//! assert_eq!((leap, leap.is_last_of_month()), (Day::last_of_month(2028, 2), true));
//! assert_eq!(leap.plus_days(1).number() - Day { year: 2028, month: 1, day: 1 }.number(), 60);
//! ```
//!
//! Proleptic: the rules of today hold for all years. Invariant: the order of days is that of their numbers.
//! Absent: time of day, time zones, holidays.

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

/// Days from 1 March of year 0 to 1970-01-01.
const EPOCH: i64 = 719_468;
/// Days in 400 years.
const DAYS_PER_ERA: i64 = 146_097;

impl Day {
    /// Days since 1970-01-01.
    pub fn number(self) -> i64 {
        // Years from March, so that the leap day is the last one (Hinnant, "chrono-compatible algorithms").
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = (i64::from(self.month) + 9) % 12;
        let days = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        365 * year + leap_years(year) + days - EPOCH
    }

    /// The day of a number; years beyond those of an `i32` are not reached.
    pub fn of_number(number: i64) -> Self {
        let number = number + EPOCH;
        let (era, in_era) = (number.div_euclid(DAYS_PER_ERA), number.rem_euclid(DAYS_PER_ERA));
        let of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
        let of_year = in_era - (365 * of_era + of_era / 4 - of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * from_march + 2) / 5 + 1) as u8;
        let month = ((from_march + 2) % 12 + 1) as u8;
        let year = (of_era + 400 * era + i64::from(month <= 2)) as i32;
        Self { year, month, day }
    }

    /// The last day of a month, 1 to 12.
    pub fn last_of_month(year: i32, month: u8) -> Self {
        Self { year, month, day: days_in_month(year, month) }
    }

    /// So many days later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self::of_number(self.number() + days)
    }

    /// The same day so many months later, or the last day of that month if it is shorter.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let index = i64::from(self.year) * 12 + i64::from(self.month) - 1 + i64::from(months);
        let (year, month) = (index.div_euclid(12) as i32, index.rem_euclid(12) as u8 + 1);
        Self { year, month, day: self.day.min(days_in_month(year, month)) }
    }

    /// Whether the month ends with it.
    pub fn is_last_of_month(self) -> bool {
        self.day == days_in_month(self.year, self.month)
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        (self.number() + 3).rem_euclid(7) as u8
    }

    /// How many days named 29 February there are up to and including this one, from year 0.
    pub(crate) fn leap_days(self) -> i64 {
        leap_years(i64::from(self.year) - i64::from((self.month, self.day) < (2, 29)))
    }
}

/// Whether a year has 366 days.
pub fn is_leap(year: i32) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

/// Days of a month, 1 to 12.
pub fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 => 28 + u8::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Leap years up to and including one, from year 0 on, which is not counted.
fn leap_years(year: i64) -> i64 {
    year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u8, day: u8) -> Day {
        Day { year, month, day }
    }

    #[test]
    fn days_are_numbered_by_the_calendar() {
        let days = |from: Day, to: Day| to.number() - from.number();
        assert_eq!(day(1970, 1, 1).number(), 0);
        assert_eq!(day(2000, 3, 1).number(), 11_017);
        assert_eq!(days(day(2024, 2, 28), day(2024, 3, 1)), 2, "leap year");
        assert_eq!(days(day(1900, 2, 28), day(1900, 3, 1)), 1, "no leap year");
        assert_eq!(days(day(1970, 1, 1), day(2000, 1, 1)), 10_957, "Unix day of the year 2000");
    }

    #[test]
    fn months_end_where_they_do() {
        assert_eq!(day(2013, 1, 31).plus_months(1), day(2013, 2, 28));
        assert_eq!(day(2024, 12, 31).plus_months(-10), day(2024, 2, 29));
        assert_eq!(Day::last_of_month(2100, 2), day(2100, 2, 28));
        assert_eq!(day(2026, 11, 24).weekday(), 1, "a Tuesday");
    }

    #[test]
    fn a_leap_day_counts_from_the_day_that_it_is() {
        let between = |from: Day, to: Day| to.leap_days() - from.leap_days();
        assert_eq!(between(day(2028, 2, 28), day(2028, 2, 29)), 1);
        assert_eq!(between(day(2028, 2, 29), day(2028, 3, 1)), 0);
        assert_eq!(between(day(1896, 3, 1), day(1904, 3, 1)), 1, "1900 has none");
    }

    proptest! {
        #[test]
        fn a_number_is_a_day_and_back(number in -800_000..3_000_000_i64) {
            let found = Day::of_number(number);
            prop_assert_eq!(found.number(), number);
            prop_assert!((1..=days_in_month(found.year, found.month)).contains(&found.day));
            prop_assert_eq!(Day::of_number(number + 1).weekday(), (found.weekday() + 1) % 7);
        }
    }
}
