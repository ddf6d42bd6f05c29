//! Subjects of cells: things of a model, and periods of time.

use std::sync::Arc;

/// A thing of a model: by its name for machines, by its title for people.
///
/// Two things are one if their names are: a title is for reading and need not be unique.
#[derive(Clone, Debug)]
pub struct Id {
    /// Its name in the text of the model.
    pub name: Arc<str>,
    /// Its title; the name where it has none.
    pub title: Arc<str>,
}

impl Id {
    /// A thing with a title of its own.
    pub fn new(name: &str, title: &str) -> Self {
        Self { name: name.into(), title: title.into() }
    }

    /// A thing that is shown by its name.
    pub fn named(name: &str) -> Self {
        let name: Arc<str> = name.into();
        Self { title: name.clone(), name }
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Id {}

/// The kinds of things that cells name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entity {
    /// A party, by its whole.
    Party,
    /// A contract, or a tranche of one as `contract.tranche`.
    Contract,
    /// A holding.
    Holding,
    /// A scenario.
    Scenario,
    /// A published figure.
    Report,
    /// A platform.
    Platform,
    /// A product.
    Product,
}

impl Entity {
    /// Its word in schemas.
    pub fn word(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Contract => "contract",
            Self::Holding => "holding",
            Self::Scenario => "scenario",
            Self::Report => "report",
            Self::Platform => "platform",
            Self::Product => "product",
        }
    }

    /// Whether its title may be another word than its name.
    pub fn has_titles(self) -> bool {
        self == Self::Party
    }
}

/// A stretch of time that a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A calendar month.
    Month {
        /// The year.
        year: i32,
        /// The month, from 1.
        month: u8,
    },
    /// A calendar quarter, or the part of it that lies in the run.
    Quarter {
        /// The year.
        year: i32,
        /// The first of its months that is counted, from 1.
        first: u8,
        /// How many of its months are counted.
        months: u8,
    },
    /// A calendar year, or the part of it that lies in the run.
    Year {
        /// The year.
        year: i32,
        /// The first of its months that is counted, from 1.
        first: u8,
        /// How many of its months are counted.
        months: u8,
    },
}

impl Period {
    /// How many months it has.
    pub fn months(self) -> u8 {
        match self {
            Self::Month { .. } => 1,
            Self::Quarter { months, .. } | Self::Year { months, .. } => months,
        }
    }

    /// `2026-07`, or `2026-Q3` and `2026` for a quarter, a year, and a part of either.
    pub fn label(self) -> String {
        match self {
            Self::Month { year, month } => format!("{year:04}-{month:02}"),
            Self::Quarter { year, first, .. } => format!("{year:04}-Q{}", first.div_ceil(3)),
            Self::Year { year, .. } => format!("{year:04}"),
        }
    }

    /// For people: a part of a year says which, as in `2026, from July`.
    pub fn words(self) -> String {
        let (first, months, length) = match self {
            Self::Month { .. } => return self.label(),
            Self::Quarter { first, months, .. } => (first, months, 3),
            Self::Year { first, months, .. } => (first, months, 12),
        };
        let (label, begins) = (self.label(), (first - 1) / length * length + 1);
        let ends = begins + length - 1;
        let name = |month: u8| MONTHS[usize::from(month.clamp(1, 12) - 1)];
        let last = (first + months).saturating_sub(1);
        match (first == begins, last >= ends) {
            (true, true) => label,
            (false, true) => format!("{label}, from {}", name(first)),
            (true, false) => format!("{label}, to {}", name(last)),
            _ if first == last => format!("{label}, {}", name(first)),
            _ => format!("{label}, {} to {}", name(first), name(last)),
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_year_says_which() {
        let words = |first, months| Period::Year { year: 2026, first, months }.words();
        assert_eq!(words(1, 12), "2026");
        assert_eq!(words(7, 6), "2026, from July");
        assert_eq!(words(12, 1), "2026, from December");
        assert_eq!(words(1, 4), "2026, to April");
        assert_eq!(words(5, 1), "2026, May");
        assert_eq!(words(5, 3), "2026, May to July");
        assert_eq!(Period::Month { year: 2026, month: 5 }.words(), "2026-05");
        let quarter = |first, months| Period::Quarter { year: 2026, first, months }.words();
        assert_eq!(quarter(4, 3), "2026-Q2");
        assert_eq!(quarter(11, 2), "2026-Q4, from November");
        assert_eq!(quarter(1, 2), "2026-Q1, to February");
    }
}
