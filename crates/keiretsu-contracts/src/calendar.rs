//! Days of the model to months of the run.

use jiff::civil::Date;
use keiretsu_model::When;
use keiretsu_program::Month;

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

    /// The calendar month of a month index.
    pub fn month(&self, t: i64) -> Month {
        self.origin.plus(t as i32)
    }
}

/// The calendar month of a day.
pub fn month(date: Date) -> Month {
    Month::new(i32::from(date.year()), i32::from(date.month()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keiretsu_model::date::when;

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
