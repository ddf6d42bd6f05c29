//! What is wrong with a user's data: collected, so that all of it is said at once.

use std::cell::{Cell, RefCell};

/// Faults that are kept and printed; beyond, they are counted.
const KEPT: usize = 20;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, as the user wrote it: `debts[3].amount`, `edges.csv line 7`; empty for the whole.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead; may be empty.
    pub hint: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The data is not what the method takes: what is wrong, the first ones; and how many faults in all.
    Unreadable(Vec<Fault>, usize),
    /// The data makes sense, and the method has no answer for it: why, and what to do.
    NoAnswer(String, String),
}

impl Refusal {
    /// The method has no answer.
    pub fn no_answer(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::NoAnswer(why.into(), hint.into())
    }
}

/// Faults found so far.
#[derive(Debug, Default)]
pub struct Faults {
    kept: RefCell<Vec<Fault>>,
    count: Cell<usize>,
}

impl Faults {
    /// Adds one.
    pub fn push(&self, place: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) {
        self.push_with(|| Fault { place: place.into(), message: message.into(), hint: hint.into() });
    }

    /// Adds one, which is worked out only if it will be shown.
    pub fn push_with(&self, fault: impl FnOnce() -> Fault) {
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
    pub fn none(&self) -> Result<(), Refusal> {
        match self.count.get() {
            0 => Ok(()),
            count => Err(Refusal::Unreadable(self.kept.borrow().clone(), count)),
        }
    }

    /// How many so far.
    pub fn count(&self) -> usize {
        self.count.get()
    }
}
