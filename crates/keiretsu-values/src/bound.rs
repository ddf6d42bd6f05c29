//! Bound marks: what direction a stated amount leaves open, and how arithmetic carries it.
//!
//! Sums keep a common direction; subtraction and division flip the second operand's; opposite directions
//! leave no bound; "about" survives a meeting with any single direction (DEFINITIONS, "Bound marks").

/// How a value stands to the amount that is printed beside it.
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
    /// Neither bound holds: opposite directions met.
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
            Self::Open => "?",
        }
    }

    /// The bound of a sum of two values that carry these bounds.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Open, _)
            | (_, Self::Open)
            | (Self::AtLeast, Self::AtMost)
            | (Self::AtMost, Self::AtLeast) => Self::Open,
            (Self::About, _) | (_, Self::About) => Self::About,
            (Self::Exact, bound) | (bound, Self::Exact) => bound,
            (same, _) => same,
        }
    }

    /// The bound of the negative, or of the reciprocal of a positive value.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Self::AtLeast => Self::AtMost,
            Self::AtMost => Self::AtLeast,
            same => same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bound::{self, About, AtLeast, AtMost, Exact, Open};

    #[test]
    fn sums_keep_a_common_direction_and_lose_an_opposite_one() {
        for (a, b, sum) in [
            (Exact, Exact, Exact),
            (Exact, AtLeast, AtLeast),
            (AtLeast, AtLeast, AtLeast),
            (AtLeast, AtMost, Open),
            (About, Exact, About),
            (About, AtLeast, About),
            (Open, Exact, Open),
        ] {
            assert_eq!(a.with(b), sum, "{a:?} with {b:?}");
            assert_eq!(b.with(a), sum, "{b:?} with {a:?}");
        }
    }

    #[test]
    fn flipping_twice_changes_nothing() {
        for bound in [Exact, About, AtLeast, AtMost, Open] {
            assert_eq!(bound.flipped().flipped(), bound);
        }
        assert_eq!(Bound::AtLeast.flipped(), AtMost);
    }
}
