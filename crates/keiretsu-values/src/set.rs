//! Closed intervals of amounts, either end perhaps infinite, with the arithmetic of sets.
//!
//! The set of a result holds every number that members of the operands can give (Moore, *Interval Analysis*,
//! 1966). Absent: outward rounding; ends are as exact as f64 sums are.

/// All amounts from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Set {
    /// The least that is possible; minus infinity where nothing bounds it.
    pub low: f64,
    /// The most that is possible; infinity where nothing bounds it.
    pub high: f64,
}

impl Set {
    /// Every number.
    pub const ALL: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
    /// Zero and every number above.
    pub const NOT_NEGATIVE: Self = Self { low: 0.0, high: f64::INFINITY };
    /// The range of a share of a whole.
    pub const SHARE: Self = Self { low: 0.0, high: 1.0 };

    /// One number.
    pub fn point(x: f64) -> Self {
        Self { low: x, high: x }
    }

    /// From one number to another, whichever is the smaller; everything where one is no number.
    pub fn between(a: f64, b: f64) -> Self {
        if a.is_nan() || b.is_nan() { Self::ALL } else { Self { low: a.min(b), high: a.max(b) } }
    }

    /// Whether it is one number.
    pub fn is_point(self) -> bool {
        self.low >= self.high
    }

    /// Sums of members.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }

    /// Negatives of members.
    #[must_use]
    pub fn negative(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    /// Products of members.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let corners = [
            product(self.low, other.low),
            product(self.low, other.high),
            product(self.high, other.low),
            product(self.high, other.high),
        ];
        Self {
            low: corners.into_iter().fold(f64::INFINITY, f64::min),
            high: corners.into_iter().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// Reciprocals of members other than zero.
    #[must_use]
    pub fn reciprocal(self) -> Self {
        if self.low < 0.0 && 0.0 < self.high {
            return Self::ALL;
        }
        // An end at zero is reached from inside only, so its reciprocal is infinite with the sign of the
        // rest.
        let below = if self.high >= 0.0 && self.low < 0.0 { f64::NEG_INFINITY } else { 1.0 / self.high };
        let above = if self.low <= 0.0 && 0.0 <= self.high && self.low >= 0.0 {
            f64::INFINITY
        } else {
            1.0 / self.low
        };
        Self { low: below, high: above }
    }

    /// The larger of two members.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.max(other.high) }
    }

    /// The smaller of two members.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.min(other.high) }
    }

    /// Members of both; the nearest single number where they have none in common.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        let low = self.low.clamp(other.low, other.high);
        Self { low, high: self.high.clamp(low, other.high.max(low)) }
    }

    /// Members of either, and all numbers between.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }
}

/// Zero times anything is zero, an open end included: every member of it is finite.
fn product(a: f64, b: f64) -> f64 {
    if a.abs() <= 0.0 || b.abs() <= 0.0 { 0.0 } else { a * b }
}
