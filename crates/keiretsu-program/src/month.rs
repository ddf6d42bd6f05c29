//! Calendar months as plain numbers, so that time is arithmetic.

/// A calendar month: twelve times the year plus the month from 0 to 11.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    /// A month of a year; `month` runs from 1 to 12.
    ///
    /// # Panics
    /// If `month` is outside 1 to 12.
    pub fn new(year: i32, month: i32) -> Self {
        assert!((1..=12).contains(&month), "a month is 1 to 12");
        Self(year * 12 + month - 1)
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the year, from 1 to 12.
    pub fn of_year(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// The month a number of months later (earlier, if negative).
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// Months from another month to this one.
    pub fn since(self, other: Self) -> i32 {
        self.0 - other.0
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.of_year())
    }
}

#[cfg(test)]
mod tests {
    use super::Month;

    #[test]
    fn months_count_across_years() {
        let month = Month::new(2025, 12).plus(1);
        assert_eq!(month.to_string(), "2026-01");
        assert_eq!(month.since(Month::new(2024, 1)), 24);
        assert_eq!(Month(-1).of_year(), 12);
    }
}
