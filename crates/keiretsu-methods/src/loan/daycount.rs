//! Two days to a fraction of a year (ACTUS, Year Fraction Convention; conventions of the ISDA definitions).

use super::business::Calendar;
use super::time::{Civil, Time, day_number, is_leap};

/// How days between two dates become a fraction of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayCount {
    /// `AA`: actual days over the actual days of their years (ISDA).
    ActualActual,
    /// `A360`.
    Actual360,
    /// `A365`.
    Actual365,
    /// `30E360`: every 31st counts as the 30th.
    Thirty360,
    /// `30E360ISDA`: the last day of February counts as the 30th too, except at maturity.
    Thirty360Isda,
    /// `28E336`: every month has 28 days.
    TwentyEight336,
    /// `B252`: business days over 252.
    Business252,
}

impl DayCount {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "AA" => Self::ActualActual,
            "A360" => Self::Actual360,
            "A365" => Self::Actual365,
            "30E360" => Self::Thirty360,
            "30E360ISDA" => Self::Thirty360Isda,
            "28E336" => Self::TwentyEight336,
            "B252" | "BUS252" => Self::Business252,
            _ => return None,
        })
    }

    /// The fraction of a year from one time to another; 0 if the second is not later.
    pub fn fraction(self, from: Time, to: Time, maturity: Option<Time>, calendar: Calendar) -> f64 {
        let (from, to) = (from.counted(), to.counted());
        if to <= from {
            return 0.0;
        }
        let actual = f64::from(to.day - from.day);
        match self {
            Self::ActualActual => actual_actual(from, to),
            Self::Actual360 => actual / 360.0,
            Self::Actual365 => actual / 365.0,
            Self::Thirty360 => by_months(from, to, 30, |time| time.civil().day.min(30)),
            Self::Thirty360Isda => {
                let day = |time: Time| {
                    let february = time.civil().month == 2 && time.is_last_of_month();
                    let at_maturity = time == to && maturity.map(Time::counted) == Some(to);
                    if february && !at_maturity { 30 } else { time.civil().day.min(30) }
                };
                by_months(from, to, 30, day)
            }
            Self::TwentyEight336 => by_months(from, to, 28, |time| time.civil().day.min(28)),
            Self::Business252 => {
                let days =
                    (from.day..to.day).filter(|day| calendar.is_business(Time { day: *day, second: 0 }));
                days.count() as f64 / 252.0
            }
        }
    }
}

fn actual_actual(from: Time, to: Time) -> f64 {
    let (first, last) = (from.civil().year, to.civil().year);
    let length = |year| if is_leap(year) { 366.0 } else { 365.0 };
    let starts = |year| day_number(Civil { year, month: 1, day: 1 });
    if first == last {
        return f64::from(to.day - from.day) / length(first);
    }
    let head = f64::from(starts(first + 1) - from.day) / length(first);
    let tail = f64::from(to.day - starts(last)) / length(last);
    head + f64::from(last - first - 1) + tail
}

/// Months of so many days, with each end's day of the month.
fn by_months(from: Time, to: Time, month_days: i32, day: impl Fn(Time) -> i32) -> f64 {
    let (a, b) = (from.civil(), to.civil());
    let months = (b.year - a.year) * 12 + b.month - a.month;
    f64::from(months * month_days + day(to) - day(from)) / f64::from(12 * month_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(convention: &str, from: &str, to: &str) -> f64 {
        let time = |text| Time::parse(text).expect("a time");
        let convention = DayCount::parse(convention).expect("a convention");
        convention.fraction(time(from), time(to), None, Calendar::MondayToFriday)
    }

    #[test]
    #[allow(clippy::float_cmp, reason = "each is one division of whole numbers")]
    fn fractions_by_hand() {
        assert_eq!(fraction("A360", "2013-01-01", "2013-07-01"), 181.0 / 360.0);
        assert_eq!(fraction("A365", "2013-01-01", "2014-01-01"), 1.0);
        assert_eq!(fraction("30E360", "2013-01-31", "2013-03-31"), 60.0 / 360.0);
        assert_eq!(fraction("30E360", "2013-02-28", "2013-03-31"), 32.0 / 360.0);
        assert_eq!(fraction("30E360ISDA", "2013-02-28", "2013-03-31"), 30.0 / 360.0);
        assert_eq!(fraction("28E336", "2013-01-31", "2013-02-28"), 28.0 / 336.0);
        assert_eq!(fraction("B252", "2013-01-04", "2013-01-08"), 2.0 / 252.0);
        assert_eq!(fraction("AA", "2011-12-31", "2013-01-02"), 1.0 / 365.0 + 1.0 + 1.0 / 365.0);
        assert_eq!(fraction("AA", "2013-02-01", "2013-01-01"), 0.0);
    }
}
