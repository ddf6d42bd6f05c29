//! Parameter slots: one number of the model in each of its readings, and how it is sampled.
//!
//! Readings, scenarios, sensitivity and disputed claims are overlays on the slots of one program.

use keiretsu_values::{Distribution, Reading, Set};

/// What a number may be, beside what is read of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Possible {
    /// All that it may be; what is read is in it, and zero where nothing is.
    pub set: Set,
    /// Whether words such as "about" stand behind it.
    pub vague: bool,
}

impl Possible {
    /// The number itself; anything where it is not known.
    pub fn only(read: f64) -> Self {
        Self { set: if read.is_nan() { Set::ALL } else { Set::point(read) }, vague: false }
    }

    /// Whether it is one number and no vague one.
    pub fn is_only(&self) -> bool {
        self.set.is_point() && !self.vague
    }
}

/// A parameter: its three readings and its distribution, in base units. NaN stands for unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// In the firm reading.
    pub firm: f64,
    /// In the expected reading.
    pub expected: f64,
    /// In the headline reading.
    pub headline: f64,
    /// In the simulation.
    pub sampled: Distribution,
    /// What the words leave possible in each of the three readings; none: what is read, anything where
    /// nothing is.
    pub possible: [Option<Possible>; 3],
}

impl Slot {
    /// The same parameter; a number that has overflowed is unknown.
    pub(crate) fn without_overflow(self) -> Self {
        let known = |value: f64| if value.is_infinite() { f64::NAN } else { value };
        let sampled = match self.sampled {
            Distribution::Point(value) => Distribution::Point(known(value)),
            other => other,
        };
        let [firm, expected, headline] = [self.firm, self.expected, self.headline].map(known);
        Self { firm, expected, headline, sampled, ..self }
    }

    /// The same number in every reading and on every path.
    pub fn constant(value: f64) -> Self {
        Self {
            firm: value,
            expected: value,
            headline: value,
            sampled: Distribution::Point(value),
            possible: [None; 3],
        }
    }

    /// What it may be in a reading.
    pub fn possible(&self, reading: Reading) -> Possible {
        self.possible[reading].unwrap_or_else(|| Possible::only(self.read(reading)))
    }

    /// Its value in a reading.
    pub fn read(&self, reading: Reading) -> f64 {
        match reading {
            Reading::Firm => self.firm,
            Reading::Expected => self.expected,
            Reading::Headline => self.headline,
        }
    }
}
