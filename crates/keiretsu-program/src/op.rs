//! Registers: what is computed each month, in order, before anything falls due.
//!
//! At `t = 0` (the as-of state) every register is computed once so that lags and marks have a base; nothing
//! is posted. Then `t = 1..=T`. Truth is a number: 1 holds, 0 does not; in the expected reading a truth is
//! the chance that it holds, and conditions count as independent. NaN is *unknown* and follows three-valued
//! logic: it survives arithmetic, comparison, minimum and maximum, but `0 and unknown = 0`, `1 or unknown =
//! 1`.

use crate::{AccountId, CurveId, EventId, FactorId, PartyId, SlotId};

/// Comparisons allow for rounding: numbers that differ by at most this part of the larger one are the same. A
/// product of a few hundred factors is off by about 1e-14 of itself, and no decimal that people write is as
/// fine as this.
pub const ROUNDING: f64 = 1e-12;

/// A register: the result of the op at this position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reg(pub u32);

/// One primitive. Every operand is an earlier register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// The value of a slot in this reading, or as drawn for this path.
    Slot(SlotId),
    /// The number of a curve for this month.
    Curve(CurveId),
    /// A factor's level this month.
    Factor(FactorId),
    /// Whether an event has happened (or stands): 1 or 0; its chance in the expected reading.
    /// An event without a chance is unknown; in firm and headline every event that is not settled is unknown.
    Event(EventId),
    /// `a + b`.
    Add(Reg, Reg),
    /// `a - b`.
    Sub(Reg, Reg),
    /// `a * b`.
    Mul(Reg, Reg),
    /// `a / b`; unknown where `b` is zero.
    Div(Reg, Reg),
    /// The lesser; unknown if either is.
    Min(Reg, Reg),
    /// The greater; unknown if either is.
    Max(Reg, Reg),
    /// 1 if `a >= b` but for [`ROUNDING`], else 0; unknown if either is.
    AtLeast(Reg, Reg),
    /// 1 if `a > b` by more than [`ROUNDING`], else 0; unknown if either is.
    MoreThan(Reg, Reg),
    /// 0 if either is 0, else `a * b`.
    And(Reg, Reg),
    /// 1 if either is 1, else `a + b - a * b`.
    Or(Reg, Reg),
    /// `1 - a`.
    Not(Reg),
    /// `then` where `when` is 1, `otherwise` where it is 0, their mixture for a chance, else unknown.
    Choose {
        /// A truth.
        when: Reg,
        /// Where it holds.
        then: Reg,
        /// Where it does not.
        otherwise: Reg,
    },
    /// The value a number of months ago; before the as-of state, the value at `t = 0`.
    Lag {
        /// The register that is looked back at.
        of: Reg,
        /// How many months, at least 1.
        months: u32,
    },
    /// Whether a truth has ever held since `t = 1`, up to and including month `lapse` (`u32::MAX`: for ever).
    /// Latched: `L(0) = 0`, `L(t) = L(t-1) or when(t)`. For a chance, the greatest chance so far.
    /// Firm and headline take unknown as not yet met; in headline what has not held by `lapse` counts as
    /// met in that month (what is conditional is dated at its lapse date).
    Latch {
        /// A truth.
        when: Reg,
        /// The last month in which it can be met.
        lapse: u32,
    },
    /// This month less last month; 0 at `t = 0`.
    Rise(Reg),
    /// A running sum at the end of last month.
    Account(AccountId),
    /// A party's cash at the end of last month; unknown if its opening cash is.
    Cash(PartyId),
    /// Whether a party had defaulted by the end of last month.
    Defaulted(PartyId),
}

impl Op {
    /// The registers it reads, in order.
    pub fn operands(&self) -> impl Iterator<Item = Reg> {
        let list: [Option<Reg>; 3] = match *self {
            Self::Slot(_)
            | Self::Curve(_)
            | Self::Factor(_)
            | Self::Event(_)
            | Self::Account(_)
            | Self::Cash(_)
            | Self::Defaulted(_) => [None; 3],
            Self::Add(a, b)
            | Self::Sub(a, b)
            | Self::Mul(a, b)
            | Self::Div(a, b)
            | Self::Min(a, b)
            | Self::Max(a, b)
            | Self::AtLeast(a, b)
            | Self::MoreThan(a, b)
            | Self::And(a, b)
            | Self::Or(a, b) => [Some(a), Some(b), None],
            Self::Not(a) | Self::Rise(a) => [Some(a), None, None],
            Self::Lag { of, .. } => [Some(of), None, None],
            Self::Latch { when, .. } => [Some(when), None, None],
            Self::Choose { when, then, otherwise } => [Some(when), Some(then), Some(otherwise)],
        };
        list.into_iter().flatten()
    }
}
