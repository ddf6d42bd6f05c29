//! Faults of a user's data: collected, so that all are reported at once.

use std::cell::{Cell, RefCell};

/// Faults that are kept and printed; beyond, they are counted.
const KEPT: usize = 20;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFault {
    /// Where, as the user wrote it: `debts[3].amount`, `edges.csv line 7`; empty for the whole.
    pub place: String,
    /// The error.
    pub message: String,
    /// The remedy; may be empty.
    pub hint: String,
}

/// Reason why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalcError {
    /// The data is not valid input of the method: the first faults, and the count of all.
    InvalidData(Vec<DataFault>, usize),
    /// The data is valid, and the method has no answer for it: the reason, and the remedy.
    NoAnswer(String, String),
}

impl CalcError {
    /// The method has no answer.
    pub fn no_answer(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::NoAnswer(why.into(), hint.into())
    }
}

/// Faults found so far.
#[derive(Debug, Default)]
pub struct Faults {
    kept: RefCell<Vec<DataFault>>,
    count: Cell<usize>,
}

impl Faults {
    /// Adds one.
    pub fn push(&self, place: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) {
        self.push_with(|| DataFault { place: place.into(), message: message.into(), hint: hint.into() });
    }

    /// Adds one, which is worked out only if it will be shown.
    pub fn push_with(&self, fault: impl FnOnce() -> DataFault) {
        self.count.set(self.count.get() + 1);
        let mut kept = self.kept.borrow_mut();
        if kept.len() < KEPT {
            kept.push(fault());
        }
    }

    /// Fine so far, or all that is wrong.
    ///
    /// # Errors
    /// If there is a fault.
    pub fn none(&self) -> Result<(), CalcError> {
        match self.count.get() {
            0 => Ok(()),
            count => Err(CalcError::InvalidData(self.kept.borrow().clone(), count)),
        }
    }

    /// How many so far.
    pub fn count(&self) -> usize {
        self.count.get()
    }
}
