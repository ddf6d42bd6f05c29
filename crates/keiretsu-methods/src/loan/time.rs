//! Days and seconds of the proleptic Gregorian calendar, and ISO 8601 text to and from them.
//!
//! Invariant: the order of times is that of the calendar. Absent: time zones (ACTUS has none).

/// The last second of a day: ACTUS takes it for midnight at the day's end.
const LAST_SECOND: u32 = 86_399;

/// A point in time, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Seconds since midnight.
    pub second: u32,
}

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: i32,
    /// 1 to 31.
    pub day: i32,
}

pub(super) fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(super) fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 => 28 + i32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01: whole years since March of year 0, whole months since March, days.
pub(super) fn day_number(date: Civil) -> i32 {
    let (year, month) =
        if date.month <= 2 { (date.year - 1, date.month + 9) } else { (date.year, date.month - 3) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // Months from March on have 31 30 31 30 31, twice, then January and February.
    365 * year + leaps + (153 * month + 2) / 5 + date.day - 1 - 719_468
}

impl Time {
    pub fn midnight(date: Civil) -> Self {
        Self { day: day_number(date), second: 0 }
    }

    /// `2013-01-31`, `2013-01-31T00:00` or `2013-01-31T23:59:59`; `24:00:00` is the next midnight.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, clock) = text.split_once('T').unwrap_or((text, "00:00:00"));
        let mut parts = date.splitn(3, '-').map(digits);
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let good = (1..=9999).contains(&year) && (1..=12).contains(&month);
        if !good || !(1..=days_in_month(year, month)).contains(&day) {
            return None;
        }
        let mut parts = clock.split(':').map(digits);
        let (hour, minute) = (parts.next()??, parts.next()??);
        let second = parts.next().unwrap_or(Some(0))?;
        let midnight = Self::midnight(Civil { year, month, day });
        match (hour, minute, second) {
            (24, 0, 0) => Some(midnight.plus_days(1)),
            (0..24, 0..60, 0..60) => {
                Some(Self { second: (hour * 3600 + minute * 60 + second) as u32, ..midnight })
            }
            _ => None,
        }
    }

    /// The calendar day.
    pub fn civil(self) -> Civil {
        // From an estimate that is at most one year off, by whole years of 146097 days per 400.
        let mut year = 1970 + ((f64::from(self.day)) / 365.2425) as i32 + 1;
        let first = |year| day_number(Civil { year, month: 1, day: 1 });
        while self.day < first(year) {
            year -= 1;
        }
        let mut rest = self.day - first(year);
        let mut month = 1;
        while rest >= days_in_month(year, month) {
            rest -= days_in_month(year, month);
            month += 1;
        }
        Civil { year, month, day: rest + 1 }
    }

    /// The day that counts for interest: 23:59:59 is the midnight after it.
    pub fn counted(self) -> Self {
        Self { day: self.day + i32::from(self.second == LAST_SECOND), second: 0 }
    }

    pub fn plus_days(self, days: i32) -> Self {
        Self { day: self.day + days, ..self }
    }

    /// The same day so many months later, or the last day of that month if it is shorter.
    pub fn plus_months(self, months: i32) -> Self {
        let date = self.civil();
        let index = date.year * 12 + date.month - 1 + months;
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
        let day = date.day.min(days_in_month(year, month));
        Self { second: self.second, ..Self::midnight(Civil { year, month, day }) }
    }

    pub fn is_last_of_month(self) -> bool {
        let date = self.civil();
        date.day == days_in_month(date.year, date.month)
    }

    pub fn last_of_month(self) -> Self {
        let date = self.civil();
        self.plus_days(days_in_month(date.year, date.month) - date.day)
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> i32 {
        // 1970-01-01 was a Thursday.
        (self.day + 3).rem_euclid(7)
    }

    /// ISO 8601: a date, with the time of day unless it is midnight.
    pub fn text(self) -> String {
        let Civil { year, month, day } = self.civil();
        let date = format!("{year:04}-{month:02}-{day:02}");
        if self.second == 0 {
            return date;
        }
        let (hour, minute, second) = (self.second / 3600, self.second / 60 % 60, self.second % 60);
        format!("{date}T{hour:02}:{minute:02}:{second:02}")
    }
}

fn digits(text: &str) -> Option<i32> {
    let plain = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Time {
        Time::parse(text).expect("a time")
    }

    #[test]
    fn known_days() {
        assert_eq!(at("1970-01-01").day, 0);
        assert_eq!(at("2000-03-01").day, 11_017);
        assert_eq!(at("2013-12-31T24:00:00"), at("2014-01-01"));
        assert_eq!(at("2013-12-31T23:59:59").counted(), at("2014-01-01"));
        assert_eq!(at("2013-01-31").plus_months(1).text(), "2013-02-28");
        assert_eq!(at("2024-12-31").plus_months(-10).text(), "2024-02-29");
        assert_eq!(at("2026-11-24").weekday(), 1, "a Tuesday");
        for wrong in ["2013-02-29", "2013-13-01", "2013", "2013-01-01T25:00", "x"] {
            assert_eq!(Time::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_day_goes_to_text_and_back(day in -719_000..2_900_000i32) {
            let time = Time { day, second: 0 };
            prop_assert_eq!(Time::parse(&time.text()), Some(time));
        }
    }
}
