//! Business days: which days are, and where a date goes that is none (ACTUS, Business Day Shift Convention).

use super::time::Time;
use crate::day_count::BusinessDays;

/// Where a date goes that is no business day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    None,
    Following,
    ModifiedFollowing,
    Preceding,
    ModifiedPreceding,
}

/// Where dates go, and whether interest is reckoned to the date as moved or as scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Convention {
    pub calendar: BusinessDays,
    pub shift: Shift,
    /// Calculate first, then shift (the names that begin with `CS`).
    pub calculates_first: bool,
}

/// The calendar of a name.
pub(super) fn parse_calendar(text: &str) -> Option<BusinessDays> {
    match text {
        "NC" | "NoCalendar" => Some(BusinessDays::All),
        "MF" | "MondayToFriday" => Some(BusinessDays::MondayToFriday),
        _ => None,
    }
}

/// The shift and whether interest is reckoned before it.
pub(super) fn parse_shift(text: &str) -> Option<(Shift, bool)> {
    if matches!(text, "NOS" | "NULL") {
        return Some((Shift::None, false));
    }
    let first = match text.get(..2)? {
        "SC" => false,
        "CS" => true,
        _ => return None,
    };
    let shift = match &text[2..] {
        "F" => Shift::Following,
        "MF" => Shift::ModifiedFollowing,
        "P" => Shift::Preceding,
        "MP" => Shift::ModifiedPreceding,
        _ => return None,
    };
    Some((shift, first))
}

impl Convention {
    /// The day on which something scheduled for a day happens.
    pub fn shifted(self, time: Time) -> Time {
        let onward = |step: i32| {
            let mut moved = time;
            while !self.calendar.has(moved.date) {
                moved = moved.plus_days(step);
            }
            moved
        };
        let within = |first: Time, other: Time| {
            if first.date.month() == time.date.month() { first } else { other }
        };
        match self.shift {
            Shift::None => time,
            Shift::Following => onward(1),
            Shift::Preceding => onward(-1),
            Shift::ModifiedFollowing => within(onward(1), onward(-1)),
            Shift::ModifiedPreceding => within(onward(-1), onward(1)),
        }
    }

    /// The day to which interest is reckoned.
    pub fn calculated(self, time: Time) -> Time {
        if self.calculates_first { time } else { self.shifted(time) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sunday_at_the_end_of_a_month() {
        // 2013-03-31 was a Sunday.
        let day = Time::parse("2013-03-31").expect("a time");
        let moved = |text: &str| {
            let (shift, calculates_first) = parse_shift(text).expect("a convention");
            let convention = Convention { calendar: BusinessDays::MondayToFriday, shift, calculates_first };
            (convention.shifted(day).text(), convention.calculated(day).text())
        };
        let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(moved("SCF"), both("2013-04-01", "2013-04-01"));
        assert_eq!(moved("CSF"), both("2013-04-01", "2013-03-31"));
        assert_eq!(moved("SCMF"), both("2013-03-29", "2013-03-29"));
        assert_eq!(moved("CSMP"), both("2013-03-29", "2013-03-31"));
        assert_eq!(moved("NOS"), both("2013-03-31", "2013-03-31"));
        assert_eq!(parse_shift("SCX"), None);
    }

    #[test]
    fn preceding_does_not_leave_the_month_when_modified() {
        // 2013-06-01 was a Saturday.
        let day = Time::parse("2013-06-01").expect("a time");
        let convention =
            |shift| Convention { calendar: BusinessDays::MondayToFriday, shift, calculates_first: false };
        assert_eq!(convention(Shift::Preceding).shifted(day).text(), "2013-05-31");
        assert_eq!(convention(Shift::ModifiedPreceding).shifted(day).text(), "2013-06-03");
    }
}
