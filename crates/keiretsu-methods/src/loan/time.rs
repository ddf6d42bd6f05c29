//! Days of the calendar with their seconds, and ISO 8601 text to and from them.
//!
//! Invariant: the order of times is that of the calendar. Absent: time zones (ACTUS has none).

use crate::calendar::{Day, days_in_month};

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

impl Time {
    /// The start of a day.
    pub fn midnight(date: Day) -> Self {
        // Years of four digits, and a thousand beside them, fit.
        Self { day: date.number() as i32, second: 0 }
    }

    /// `2013-01-31`, `2013-01-31T00:00` or `2013-01-31T23:59:59`; `24:00:00` is the next midnight.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, clock) = text.split_once('T').unwrap_or((text, "00:00:00"));
        let mut parts = date.splitn(3, '-').map(digits);
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let month = u8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
        let day = u8::try_from(day).ok().filter(|day| (1..=days_in_month(year, month)).contains(day))?;
        if year < 1 {
            return None;
        }
        let mut parts = clock.split(':').map(digits);
        let (hour, minute) = (parts.next()??, parts.next()??);
        let second = parts.next().unwrap_or(Some(0))?;
        let midnight = Self::midnight(Day { year, month, day });
        match (hour, minute, second) {
            (24, 0, 0) => Some(midnight.plus_days(1)),
            (0..24, 0..60, 0..60) => {
                Some(Self { second: (hour * 3600 + minute * 60 + second) as u32, ..midnight })
            }
            _ => None,
        }
    }

    /// The calendar day.
    pub fn date(self) -> Day {
        Day::of_number(i64::from(self.day))
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
        Self { second: self.second, ..Self::midnight(self.date().plus_months(months)) }
    }

    pub fn is_last_of_month(self) -> bool {
        self.date().is_last_of_month()
    }

    pub fn last_of_month(self) -> Self {
        let Day { year, month, .. } = self.date();
        Self { second: self.second, ..Self::midnight(Day::last_of_month(year, month)) }
    }

    /// ISO 8601: a date, with the time of day unless it is midnight.
    pub fn text(self) -> String {
        let Day { year, month, day } = self.date();
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
        for wrong in ["2013-02-29", "2013-13-01", "2013-01-00", "0000-01-01", "2013", "2013-01-01T25:00", "x"]
        {
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
