//! Turns the proceeds of an exit into the part of each class of shares.
//!
//! ```
//! use keiretsu_methods::captable::waterfall::{Class, Participation, distribute};
//! let class = |preference| Class { shares: 1.0, preference, rank: 0, participation: Participation::None };
//! assert_eq!(distribute(&[class(0.0), class(5.0)], 8.0).unwrap(), [3.0, 5.0]);
//! assert_eq!(distribute(&[class(0.0), class(5.0)], 12.0).unwrap(), [6.0, 6.0]);
//! ```
//!
//! Preferences are paid by rank, pro rata within a rank; what is left goes to common, to participating
//! classes, and to classes that give up their preference. If a common share receives w, a class of n shares
//! with preference P receives max(P, n w): it converts if that is better, and when all others do the same no
//! class regrets its choice. Payments rise with w, so w is found by passing their corners in order.
//!
//! Invariants: payments sum to the proceeds, and none falls as proceeds rise.

use super::{CapTableError, amounts};

/// Participation of preferred shares beyond their preference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Participation {
    /// Nothing, unless they convert.
    None,
    /// Their part of the rest as if converted.
    Full,
    /// The same, until they have received so much in all (money, at least the preference).
    UpTo(f64),
}

/// A class of shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Shares, as if converted to common.
    pub shares: f64,
    /// Liquidation preference of the whole class; 0 for common.
    pub preference: f64,
    /// Lower ranks are paid first.
    pub rank: u32,
    /// Beyond the preference.
    pub participation: Participation,
}

impl Class {
    /// Received if preferences are covered and a common share receives `w`.
    fn receives(&self, w: f64) -> f64 {
        let common = self.shares * w;
        match self.participation {
            Participation::None => common.max(self.preference),
            Participation::Full => self.preference + common,
            Participation::UpTo(most) => (self.preference + common).min(most).max(common),
        }
    }

    /// Values of a common share at which `receives` bends.
    fn corners(&self) -> [f64; 2] {
        let at = |money: f64| if 0.0 < self.shares { money / self.shares } else { 0.0 };
        match self.participation {
            Participation::None => [at(self.preference), 0.0],
            Participation::Full => [0.0, 0.0],
            Participation::UpTo(most) => [at(most - self.preference), at(most)],
        }
    }

    fn check(&self) -> Result<(), CapTableError> {
        amounts(&[self.shares, self.preference])?;
        match self.participation {
            Participation::UpTo(most) => amounts(&[most, most - self.preference]),
            _ => Ok(()),
        }
    }
}

/// The part of the proceeds that each class receives.
///
/// # Errors
/// [`CapTableError::NotAnAmount`], [`CapTableError::NobodyTakesTheRest`].
pub fn distribute(classes: &[Class], proceeds: f64) -> Result<Vec<f64>, CapTableError> {
    classes.iter().try_for_each(Class::check)?;
    let preferences: f64 = classes.iter().map(|class| class.preference).sum();
    amounts(&[proceeds, preferences])?;
    if proceeds < preferences {
        return Ok(by_rank(classes, proceeds));
    }
    let w = value_of_common(classes, proceeds)?;
    Ok(classes.iter().map(|class| class.receives(w)).collect())
}

/// Preferences by rank, pro rata within a rank, as far as the proceeds go.
fn by_rank(classes: &[Class], proceeds: f64) -> Vec<f64> {
    let mut paid = vec![0.0; classes.len()];
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by_key(|k| classes[*k].rank);
    let mut left = proceeds;
    for equals in order.chunk_by(|a, b| classes[*a].rank == classes[*b].rank) {
        let due: f64 = equals.iter().map(|k| classes[*k].preference).sum();
        let share = if due <= left { 1.0 } else { left / due };
        for k in equals {
            paid[*k] = classes[*k].preference * share;
        }
        left = (left - due).max(0.0);
    }
    paid
}

/// The value of a common share at which payments use up the proceeds.
fn value_of_common(classes: &[Class], proceeds: f64) -> Result<f64, CapTableError> {
    let total = |w: f64| -> f64 { classes.iter().map(|class| class.receives(w)).sum() };
    let mut corners: Vec<f64> = classes.iter().flat_map(Class::corners).filter(|w| w.is_finite()).collect();
    corners.sort_by(f64::total_cmp);
    // The last corner at which payments do not exceed the proceeds; payments are straight from there on.
    let (mut from, mut paid) = (0.0, total(0.0));
    let mut to = None;
    for corner in corners {
        let there = total(corner);
        if proceeds < there {
            to = Some((corner, there));
            break;
        }
        (from, paid) = (corner, there);
    }
    let slope = match to {
        Some((corner, there)) => (there - paid) / (corner - from),
        // Beyond all corners every class that may takes its part.
        None => classes.iter().filter(|class| 0.0 < class.shares).map(|class| class.shares).sum(),
    };
    let left = (proceeds - paid).max(0.0);
    if left <= 4.0 * f64::EPSILON * proceeds {
        return Ok(from);
    }
    if 0.0 < slope { Ok(from + left / slope) } else { Err(CapTableError::NobodyTakesTheRest) }
}
