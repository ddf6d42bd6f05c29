//! An amount as a set: what its reading takes, what the words leave possible, and whether they are vague.
//!
//! DEFINITIONS, "Values are sets". Zero that is exact is "nothing at all": it makes no sum readable.
//!
//! Invariant: the order of operands changes nothing.
//! Absent: reasons and names of what is open.

/// Two ends within this much of each other are one end (figures are decimals, sums of them are rounded).
pub const SAME: f64 = 1e-9;

/// An amount: as read, and between which ends it may lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Set {
    /// What the reading takes; nothing where nothing can be read.
    pub read: Option<f64>,
    /// Whether a part of it cannot be read.
    pub unread: bool,
    /// The least that the words leave possible.
    pub low: f64,
    /// The most.
    pub high: f64,
    /// Whether the words are vague ("about").
    pub vague: bool,
}

/// Whether two amounts are the same but for rounding.
pub fn same(a: f64, b: f64) -> bool {
    let finite = a.is_finite() && b.is_finite();
    a.total_cmp(&b).is_eq() || (finite && (a - b).abs() <= SAME * a.abs().max(b.abs()).max(1.0))
}

impl Set {
    /// Exactly so much.
    pub fn exact(amount: f64) -> Set {
        Set { read: Some(amount), unread: false, low: amount, high: amount, vague: false }
    }

    /// Nothing at all.
    pub fn nothing() -> Set {
        Set::exact(0.0)
    }

    /// An undisclosed amount that cannot be negative.
    pub fn undisclosed() -> Set {
        Set { read: None, unread: true, low: 0.0, high: f64::INFINITY, vague: false }
    }

    /// Whether it is nothing at all.
    pub fn is_nothing(&self) -> bool {
        self.low.abs() <= 0.0 && self.high.abs() <= 0.0
    }

    /// The sum. What is undisclosed adds nothing to what is read, and opens the set.
    #[must_use]
    pub fn plus(self, other: Set) -> Set {
        if self.is_nothing() {
            return other;
        }
        if other.is_nothing() {
            return self;
        }
        let unread = self.unread || other.unread;
        let amount = self.read.unwrap_or(0.0) + other.read.unwrap_or(0.0);
        // A sum of which nothing can be read is unknown.
        let read = Some(amount).filter(|amount| !unread || 0.0 < amount.abs());
        let vague = self.vague || other.vague;
        Set { read, unread, low: self.low + other.low, high: self.high + other.high, vague }
    }

    /// The negative.
    #[must_use]
    pub fn negative(self) -> Set {
        if self.is_nothing() {
            return self;
        }
        Set { read: self.read.map(|read| -read), low: -self.high, high: -self.low, ..self }
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Set) -> Set {
        self.plus(other.negative())
    }

    /// So many times it; the factor is not negative.
    #[must_use]
    pub fn times(self, by: f64) -> Set {
        if by <= 0.0 {
            return Set::nothing();
        }
        Set { read: self.read.map(|read| read * by), low: self.low * by, high: self.high * by, ..self }
    }

    /// Between nothing and all of it, with nothing that says how much.
    #[must_use]
    pub fn perhaps(self) -> Set {
        if self.is_nothing() {
            self
        } else {
            Set { read: None, unread: true, low: self.low.min(0.0), ..self }
        }
    }

    /// So likely; with an unknown chance, between nothing and all of it.
    #[must_use]
    pub fn weighed(self, chance: Option<f64>) -> Set {
        chance.map_or(self.perhaps(), |chance| self.times(chance))
    }

    /// The quotient of two sets that cannot be negative; unknown where it divides by nothing.
    #[must_use]
    pub fn over(self, by: Set) -> Set {
        let read = match (self.read, by.read) {
            (Some(a), Some(b)) if 0.0 < b => Some(a / b),
            _ => None,
        };
        let low = if by.high.is_infinite() { 0.0 } else { self.low / by.high };
        let high = if self.is_nothing() {
            0.0
        } else if by.low <= 0.0 {
            f64::INFINITY
        } else {
            self.high / by.low
        };
        // Nothing, divided by about something, is nothing.
        let vague = (self.vague || by.vague) && (low.abs() > 0.0 || high.abs() > 0.0);
        Set { read, unread: read.is_none(), low: if low.is_nan() { 0.0 } else { low }, high, vague }
    }

    /// The larger of two: of what is read, and of what is possible.
    #[must_use]
    pub fn larger(self, other: Set) -> Set {
        let read = match (self.read, other.read) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        let vague = if self.read >= other.read { self.vague } else { other.vague };
        let unread = self.unread || other.unread;
        Set { read, unread, low: self.low.max(other.low), high: self.high.max(other.high), vague }
    }

    /// The mark with which it is shown; empty where no bound holds, `?` where nothing is known.
    pub fn mark(&self) -> &'static str {
        let Some(read) = self.read else { return "?" };
        let (at_low, at_high) = (same(read, self.low), same(read, self.high));
        match (at_low, at_high, self.vague) {
            (true, true, false) => "=",
            (true, true, true) => "~",
            (true, false, false) => "≥",
            (true, false, true) => "≳",
            (false, true, false) => "≤",
            (false, true, true) => "≲",
            (false, false, _) => "",
        }
    }
}

/// The sum of many.
pub fn sum(parts: impl IntoIterator<Item = Set>) -> Set {
    parts.into_iter().fold(Set::nothing(), Set::plus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undisclosed_part_opens_a_sum_and_nothing_at_all_does_not_make_it_readable() {
        let sum = Set::exact(8.0).plus(Set::undisclosed());
        assert_eq!((sum.read, sum.mark()), (Some(8.0), "≥"));
        assert_eq!(Set::nothing().plus(Set::undisclosed()).mark(), "?");
    }

    #[test]
    fn more_up_to_and_about_have_no_bound_in_any_order() {
        let more = Set { high: f64::INFINITY, ..Set::exact(5.0) };
        let up_to = Set { low: 0.0, ..Set::exact(4.0) };
        let about = Set { vague: true, ..Set::exact(3.0) };
        for order in [[more, up_to, about], [about, more, up_to], [up_to, about, more]] {
            let sum = sum(order);
            assert_eq!((sum.read, sum.low, sum.mark()), (Some(12.0), 8.0, ""));
        }
    }
}
