//! A value: an amount with its bound mark, or unknown with the reason.
//!
//! Unknown is a value of its own: it survives every operation, and a [`Total`] counts what it leaves out
//! instead of taking it for zero.

use crate::Bound;

/// An amount in base units (dollars, GW, fractions) with its bound mark, or unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A finite amount.
    Known {
        /// In base units.
        amount: f64,
        /// The direction it leaves open.
        bound: Bound,
    },
    /// Nothing is known; the reason is for the reader ("undisclosed", "payments are undated").
    Unknown {
        /// Why, in the user's words.
        reason: String,
    },
}

impl Value {
    /// A known amount; a non-finite one becomes unknown, so no table can print a NaN.
    pub fn known(amount: f64, bound: Bound) -> Self {
        if amount.is_finite() { Self::Known { amount, bound } } else { Self::unknown("not a finite number") }
    }

    /// A known amount without a direction.
    pub fn exact(amount: f64) -> Self {
        Self::known(amount, Bound::Exact)
    }

    /// An unknown amount with its reason.
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into() }
    }

    /// The amount, if it is known.
    pub fn amount(&self) -> Option<f64> {
        match self {
            Self::Known { amount, .. } => Some(*amount),
            Self::Unknown { .. } => None,
        }
    }

    /// The bound mark, if the amount is known.
    pub fn bound(&self) -> Option<Bound> {
        match self {
            Self::Known { bound, .. } => Some(*bound),
            Self::Unknown { .. } => None,
        }
    }

    /// Why the amount is unknown, if it is.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Known { .. } => None,
            Self::Unknown { reason } => Some(reason),
        }
    }

    /// Whether the amount is known to be exactly zero.
    pub fn is_zero(&self) -> bool {
        matches!(self, Self::Known { amount, bound: Bound::Exact } if amount.abs() <= 0.0)
    }

    /// This value plus another; unknown if either is.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a + b, Bound::with)
    }

    /// This value less another.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a - b, |a, b| a.with(b.flipped()))
    }

    /// This value times a plain number that has no bound of its own.
    #[must_use]
    pub fn times(&self, by: f64) -> Self {
        match self {
            Self::Known { amount, bound } => {
                Self::known(amount * by, if by < 0.0 { bound.flipped() } else { *bound })
            }
            unknown @ Self::Unknown { .. } => unknown.clone(),
        }
    }

    /// This value times a non-negative one.
    #[must_use]
    pub fn scaled(&self, by: &Self) -> Self {
        self.combine(by, |a, b| a * b, Bound::with)
    }

    /// This value divided by a positive one; unknown where the divisor is zero.
    #[must_use]
    pub fn divide(&self, by: &Self) -> Self {
        if by.amount().is_some_and(|amount| amount.abs() <= 0.0) {
            return Self::unknown("divides by zero");
        }
        self.combine(by, |a, b| a / b, |a, b| a.with(b.flipped()))
    }

    fn combine(
        &self,
        other: &Self,
        amounts: impl Fn(f64, f64) -> f64,
        bounds: impl Fn(Bound, Bound) -> Bound,
    ) -> Self {
        match (self, other) {
            (Self::Known { amount: a, bound: p }, Self::Known { amount: b, bound: q }) => {
                Self::known(amounts(*a, *b), bounds(*p, *q))
            }
            (unknown @ Self::Unknown { .. }, _) | (_, unknown @ Self::Unknown { .. }) => unknown.clone(),
        }
    }
}

/// A sum that adds the known parts and names the unknown ones.
#[derive(Clone, Debug, Default)]
pub struct Total {
    known: Option<(f64, Bound)>,
    /// What each unknown part was, in the order it was met.
    pub left_out: Vec<String>,
}

impl Total {
    /// Adds a part; an unknown one is named in `left_out` as `what: reason`.
    pub fn add(&mut self, what: &str, part: &Value) {
        match part {
            Value::Known { amount, bound } => {
                self.known = Some(match self.known {
                    None => (*amount, *bound),
                    Some((sum, had)) => (sum + amount, had.with(*bound)),
                });
            }
            Value::Unknown { reason } => self.left_out.push(format!("{what}: {reason}")),
        }
    }

    /// Whether nothing at all was added.
    pub fn is_empty(&self) -> bool {
        self.known.is_none() && self.left_out.is_empty()
    }

    /// The known part of the sum. Zero where nothing was added, unknown where only unknowns were.
    pub fn value(&self) -> Value {
        match (self.known, self.left_out.first()) {
            (Some((sum, bound)), _) => Value::known(sum, bound),
            (None, None) => Value::exact(0.0),
            (None, Some(first)) => Value::unknown(first.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_flips_the_divisor() {
        let ratio = Value::known(100.0, Bound::AtLeast).divide(&Value::known(33.0, Bound::AtMost));
        assert_eq!(ratio.bound(), Some(Bound::AtLeast));
        let ratio = Value::known(100.0, Bound::AtLeast).divide(&Value::known(33.0, Bound::AtLeast));
        assert_eq!(ratio.bound(), Some(Bound::Open));
    }

    #[test]
    fn unknown_is_never_zero() {
        let unknown = Value::unknown("undisclosed");
        assert_eq!(unknown.plus(&Value::exact(1.0)).amount(), None);
        assert_eq!(Value::exact(1.0).divide(&Value::exact(0.0)).amount(), None);
        assert_eq!(Value::known(f64::NAN, Bound::Exact).amount(), None);
    }

    #[test]
    fn a_total_names_what_it_leaves_out() {
        let mut total = Total::default();
        assert!(total.value().is_zero());
        total.add("fund", &Value::unknown("undisclosed"));
        assert_eq!(total.value().amount(), None);
        total.add("stake", &Value::exact(5.0));
        assert_eq!(total.value(), Value::exact(5.0));
        assert_eq!(total.left_out, ["fund: undisclosed"]);
    }
}
