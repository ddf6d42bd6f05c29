//! Dates and day counts as a user writes them.

use jiff::civil::Date;
use keiretsu_methods::day_count::{Day, DayCount};

use super::faults::{Fault, Faults};

/// Names of day counts; capitals, spaces and hyphens do not matter.
pub static DAY_COUNTS: [(&str, DayCount); 25] = [
    ("act/365", DayCount::Actual365),
    ("act/360", DayCount::Actual360),
    ("act/364", DayCount::Actual364),
    ("act/365.25", DayCount::Actual36525),
    ("act/act", DayCount::ActualActual),
    ("30/360", DayCount::Thirty360),
    ("30/360 US", DayCount::Thirty360Us),
    ("30E/360", DayCount::Thirty360European),
    ("30E+/360", DayCount::Thirty360Plus),
    ("30E/360 ISDA", DayCount::Thirty360Isda),
    ("nl/365", DayCount::NoLeap365),
    ("nl/360", DayCount::NoLeap360),
    ("act/365F", DayCount::Actual365),
    ("act/365 fixed", DayCount::Actual365),
    ("365", DayCount::Actual365),
    ("act/act ISDA", DayCount::ActualActual),
    ("30/360 ISDA", DayCount::Thirty360),
    ("30/360 bond basis", DayCount::Thirty360),
    ("30A/360", DayCount::Thirty360),
    ("30U/360", DayCount::Thirty360Us),
    ("30/360 SIA", DayCount::Thirty360Us),
    ("30/360E", DayCount::Thirty360European),
    ("30/360 European", DayCount::Thirty360European),
    ("30E/360 eurobond", DayCount::Thirty360European),
    ("act/365 no leap", DayCount::NoLeap365),
];

/// A date, alone or in front of a time.
pub fn parsed(text: &str) -> Option<Date> {
    let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
    day.parse().ok()
}

/// A date; a fault if it is none.
pub fn date(text: &str, faults: &Faults, place: impl FnOnce() -> String) -> Option<Date> {
    let date = parsed(text);
    if date.is_none() {
        faults.push_with(|| Fault {
            place: place(),
            message: format!("`{text}` is not a date"),
            hint: "write year, month and day: 2026-04-21".to_owned(),
        });
    }
    date
}

/// A date as day counts take it.
pub fn day(date: Date) -> Day {
    Day { year: i32::from(date.year()), month: date.month() as u8, day: date.day() as u8 }
}
