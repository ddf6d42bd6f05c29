//! What a text says of a right to end a contract for convenience, and what of a commitment that leaves.

use jiff::civil::Date;
use keiretsu_model::{PartyRef, Standing};
use keiretsu_values::{Reading, Value};

use super::{Commitment, Due};

/// What is said of ending a contract for convenience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cancellable {
    /// Nothing.
    #[default]
    Nothing,
    /// That it is not disclosed.
    Undisclosed,
    /// That it cannot be, or no longer.
    Never,
    /// That it can be.
    Can,
}

/// The right to end the contract of a commitment for convenience.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cancelling {
    /// What is said of it.
    pub said: Cancellable,
    /// Who can; nobody is named where that is not disclosed.
    pub by: Vec<PartyRef>,
    /// The terms in words.
    pub words: String,
    /// Whether the commitment stays whoever cancels: a fee for the end, a value that is guaranteed at the
    /// end.
    pub stays: bool,
    /// What of what is left falls away if it is cancelled as soon as it can be, and what stands: what falls
    /// due within the notice, and the fee. In the three readings.
    pub parts: Option<Parts>,
}

/// A commitment taken apart by what happens to it if it is cancelled.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// What falls away.
    pub falls: [Value; 3],
    /// What stands.
    pub stands: [Value; 3],
    /// The last day on which what falls due stands for want of notice.
    pub from: [Date; 3],
    /// What of each later due falls away: all of it, unless the fee is a share.
    pub share: [Value; 3],
}

impl Commitment {
    /// What of what is left stands only as long as nobody cancels; nothing of what was paid.
    pub fn cancellable(&self, reading: Reading) -> Value {
        match &self.cancelling.parts {
            Some(parts) if self.is_open() => parts.falls[reading].clone(),
            _ => Value::exact(0.0),
        }
    }

    /// The same of what is still to come after a day: what has fallen due by then can be cancelled no more,
    /// and the fee is owed whenever it is.
    pub fn cancellable_after(&self, reading: Reading, day: Date) -> Value {
        let falls = self.cancellable(reading);
        let Some(parts) = self.cancelling.parts.as_ref().filter(|_| !falls.is_zero()) else { return falls };
        let by_then = |due: &&Due| !due.past && parts.from[reading] < due.on && due.on <= day;
        let mine = self.dues.iter().filter(by_then);
        let gone = mine.fold(Value::exact(0.0), |sum, due| sum.plus(&due.amounts[reading]));
        falls.minus(&gone.scaled(&parts.share[reading])).max(&Value::exact(0.0))
    }

    /// What of what is left nobody can cancel: what would still be owed if it were cancelled today.
    pub fn bound_to(&self, reading: Reading) -> Value {
        match &self.cancelling.parts {
            Some(parts) if self.is_open() => parts.stands[reading].clone(),
            None if self.is_open() && self.cancelling.said != Cancellable::Never => Value::exact(0.0),
            _ => self.left(reading),
        }
    }

    /// What of what is left may or may not be cancellable, for all that is said.
    pub fn unsaid(&self, reading: Reading) -> Value {
        match self.cancelling.said {
            Cancellable::Nothing | Cancellable::Undisclosed if self.is_open() => self.left(reading),
            _ => Value::exact(0.0),
        }
    }

    /// Whether something of it could still be cancelled.
    fn is_open(&self) -> bool {
        !self.is_over() && self.standing != Standing::Paid
    }
}
