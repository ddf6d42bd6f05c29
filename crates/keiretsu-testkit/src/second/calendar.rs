//! Months and days, and dates as people state them.
//!
//! A month is a count (`12 * year + month - 1`), so that loops over months are loops over numbers.
//!
//! Absent: years outside of 1900 to 2200, and any other way to write a date.

/// Months since year 0.
pub type Month = i32;

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Its month.
    pub month: Month,
    /// From 1.
    pub day: i32,
}

/// A stated date: it may be any of its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The first day that the words allow.
    pub first: Day,
    /// The last.
    pub last: Day,
}

/// The calendar year of a month.
pub fn year(month: Month) -> i32 {
    month.div_euclid(12)
}

/// The month of a year, counted from 1.
pub fn month_of(year: i32, month: i32) -> Month {
    12 * year + month - 1
}

/// As `2026-04`.
pub fn month_text(month: Month) -> String {
    format!("{:04}-{:02}", year(month), month.rem_euclid(12) + 1)
}

/// How many days a month has.
pub fn days_in(month: Month) -> i32 {
    let year = year(month);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month.rem_euclid(12) {
        1 if leap => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

impl Day {
    /// The day after.
    #[must_use]
    pub fn next(self) -> Day {
        if self.day < days_in(self.month) {
            Day { day: self.day + 1, ..self }
        } else {
            Day { month: self.month + 1, day: 1 }
        }
    }

    /// As `2026-04-20`.
    pub fn text(self) -> String {
        format!("{}-{:02}", month_text(self.month), self.day)
    }
}

/// `2026`, `2026-04`, `2026-04-20`, or two of them with `to`.
pub fn when(text: &str) -> Option<When> {
    if let Some((from, to)) = text.split_once(" to ") {
        return Some(When { first: when(from)?.first, last: when(to)?.last });
    }
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (first, last) = match parts[..] {
        [year] => (month_of(year, 1), month_of(year, 12)),
        [year, month] => (month_of(year, month), month_of(year, month)),
        [year, month, day] => {
            let day = Day { month: month_of(year, month), day };
            return Some(When { first: day, last: day });
        }
        _ => return None,
    };
    Some(When { first: Day { month: first, day: 1 }, last: Day { month: last, day: days_in(last) } })
}

/// How many months a term has that runs from its first to its last day; what is left of one counts as one.
///
/// DEFINITIONS, "Terms in their time": 2026-02-15 to 2028-02-14 is 24 months.
pub fn months_of_term(first: Day, last: Day) -> i32 {
    let end = last.next();
    let whole = end.month - first.month;
    if end.day > first.day.min(days_in(end.month)) { whole + 1 } else { whole }
}

/// `10 years`, `18 months`, `1 year`.
pub fn duration(text: &str) -> Option<i32> {
    let (count, unit) = text.split_once(' ')?;
    let count: i32 = count.parse().ok()?;
    match unit {
        "year" | "years" => Some(12 * count),
        "month" | "months" => Some(count),
        "quarter" | "quarters" => Some(3 * count),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_of_whole_months_counts_from_its_first_to_its_last_day() {
        let months = |first, last| {
            months_of_term(when(first).expect("a date").first, when(last).expect("a date").last)
        };
        assert_eq!(months("2026-02-15", "2028-02-14"), 24);
        assert_eq!(months("2026-03-01", "2028-02-29"), 24);
        assert_eq!(months("2026-01", "2026-12"), 12);
        assert_eq!(months("2026", "2027"), 24);
    }
}
