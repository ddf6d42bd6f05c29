//! Readings: the three ways to take the words of figures and the conditions of contracts.
//!
//! ```
//! use keiretsu_values::Reading;
//! let amounts = [8.0, 14.0, 20.0];
//! assert_eq!(amounts[Reading::Expected], 14.0);
//! ```

use std::ops::{Index, IndexMut};

/// A way to take the words of figures and the conditions of contracts. Factors follow their central paths in
/// all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// Paid and binding only: no unmet condition, nothing announced.
    Firm,
    /// Conditional amounts are weighted by their chance.
    Expected,
    /// Conditional and announced amounts count too, at the cap.
    Headline,
}

impl Reading {
    /// All three, in the order in which tables print them.
    pub const ALL: [Self; 3] = [Self::Firm, Self::Expected, Self::Headline];

    /// Its name, as users write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Firm => "firm",
            Self::Expected => "expected",
            Self::Headline => "headline",
        }
    }
}

/// A list with an entry for each reading is read by reading.
impl<T> Index<Reading> for [T; 3] {
    type Output = T;

    fn index(&self, reading: Reading) -> &T {
        &self[reading as usize]
    }
}

impl<T> IndexMut<Reading> for [T; 3] {
    fn index_mut(&mut self, reading: Reading) -> &mut T {
        &mut self[reading as usize]
    }
}
