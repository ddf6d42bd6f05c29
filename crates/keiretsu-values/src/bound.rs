//! Bound marks: position of a shown amount in the set of possible ones.
//!
//! Marks are made when a value is shown and take no part in arithmetic; [`crate::Value`] does that on sets.

/// Position of a printed amount in the set of possible ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// `=`: the amount itself.
    Exact,
    /// `~`: roughly the amount.
    About,
    /// `≥`: the amount or more.
    AtLeast,
    /// `≤`: the amount or less.
    AtMost,
    /// `≳`: roughly the amount, or more.
    AboutAtLeast,
    /// `≲`: roughly the amount, or less.
    AboutAtMost,
    /// The amount stands at neither end: no bound holds.
    Open,
}

impl Bound {
    /// The mark as printed; `?` where no bound holds.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Exact => "=",
            Self::About => "~",
            Self::AtLeast => "≥",
            Self::AtMost => "≤",
            Self::AboutAtLeast => "≳",
            Self::AboutAtMost => "≲",
            Self::Open => "?",
        }
    }

    /// The mark of an amount that stands at the low end, at the high end, at both or at neither.
    pub(crate) fn of(at_low: bool, at_high: bool, vague: bool) -> Self {
        match (at_low, at_high, vague) {
            (true, true, false) => Self::Exact,
            (true, true, true) => Self::About,
            (true, false, false) => Self::AtLeast,
            (true, false, true) => Self::AboutAtLeast,
            (false, true, false) => Self::AtMost,
            (false, true, true) => Self::AboutAtMost,
            (false, false, _) => Self::Open,
        }
    }
}
