//! Days of the calendar with their seconds, and ISO 8601 text to and from them.
//!
//! Invariant: the order of times is that of the calendar. Absent: time zones (ACTUS has none).

use jiff::Span;
use jiff::civil::Date;

/// The last second of a day: ACTUS takes it for midnight at the day's end.
const LAST_SECOND: u32 = 86_399;

/// Months and days beyond which no calendar goes.
const MONTHS_MAX: i32 = 239_976;
const DAYS_MAX: i32 = 7_304_484;

/// A point in time, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time {
    pub date: Date,
    /// Seconds since midnight.
    pub second: u32,
}

impl Time {
    /// The start of a day.
    pub const fn midnight(date: Date) -> Self {
        Self { date, second: 0 }
    }

    /// `2013-01-31`, `2013-01-31T00:00` or `2013-01-31T23:59:59`; `24:00:00` is the next midnight.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, clock) = text.split_once('T').unwrap_or((text, "00:00:00"));
        let mut parts = date.splitn(3, '-').map(digits);
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let day = Date::new(year as i16, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        if year < 1 {
            return None;
        }
        let mut parts = clock.split(':').map(digits);
        let (hour, minute) = (parts.next()??, parts.next()??);
        let second = parts.next().unwrap_or(Some(0))?;
        match (hour, minute, second) {
            (24, 0, 0) => Some(Self::midnight(day).plus_days(1)),
            (0..24, 0..60, 0..60) => {
                Some(Self { date: day, second: (hour * 3600 + minute * 60 + second) as u32 })
            }
            _ => None,
        }
    }

    /// The day that counts for interest: 23:59:59 is the midnight after it.
    pub fn counted(self) -> Self {
        Self::midnight(self.plus_days(i32::from(self.second == LAST_SECOND)).date)
    }

    /// A number of days later, at most the last one of the calendar.
    pub fn plus_days(self, days: i32) -> Self {
        Self { date: self.date.saturating_add(Span::new().days(days.clamp(-DAYS_MAX, DAYS_MAX))), ..self }
    }

    /// The same day a number of months later, or the last day of that month if it is shorter.
    pub fn plus_months(self, months: i32) -> Self {
        let span = Span::new().months(months.clamp(-MONTHS_MAX, MONTHS_MAX));
        Self { date: self.date.saturating_add(span), ..self }
    }

    pub fn is_last_of_month(self) -> bool {
        self.date == self.date.last_of_month()
    }

    pub fn last_of_month(self) -> Self {
        Self { date: self.date.last_of_month(), ..self }
    }

    /// ISO 8601: a date, with the time of day unless it is midnight.
    pub fn text(self) -> String {
        let date = self.date.to_string();
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
        assert_eq!(at("2013-12-31T24:00:00"), at("2014-01-01"));
        assert_eq!(at("2013-12-31T23:59:59").counted(), at("2014-01-01"));
        assert_eq!(at("2013-01-31").plus_months(1).text(), "2013-02-28");
        assert_eq!(at("2024-12-31").plus_months(-10).text(), "2024-02-29");
        assert_eq!(at("9999-12-31").plus_months(i32::MAX).plus_days(i32::MAX).text(), "9999-12-31");
        for wrong in ["2013-02-29", "2013-13-01", "2013-01-00", "0000-01-01", "2013", "2013-01-01T25:00", "x"]
        {
            assert_eq!(Time::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_day_goes_to_text_and_back(day in 0..3_652_058i32) {
            let time = at("0001-01-01").plus_days(day);
            prop_assert_eq!(Time::parse(&time.text()), Some(time));
        }
    }
}
