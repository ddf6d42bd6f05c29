//! What of amounts stands only as long as nobody cancels: three columns that tables of amounts share, shown
//! where some contract of the model says whether it can be cancelled.
//!
//! Invariant: the three together are the amount, as read.

use keiretsu_contracts::side::{Cancellable, Commitment};
use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Set, Table, Total, Value};

/// What falls away, what nothing is said of, and what stands.
pub(crate) const COLUMNS: [ColumnSpec; 3] = [
    ColumnSpec::money("cancellable", "what of it falls away if it is cancelled as soon as it can be")
        .titled("can be cancelled")
        .by("what falls due after the notice, less the fee")
        .when_filled(),
    ColumnSpec::money("unsaid", "what of it may or may not be cancellable, for all that is said")
        .titled("not said")
        .by("sum of the amounts of contracts that do not say whether they can be cancelled")
        .when_filled(),
    ColumnSpec::money("fixed", "what of it is owed even if all that can be cancelled is")
        .titled("cannot be")
        .by("what has fallen due, what falls due within the notice, and the fee")
        .when_filled(),
];

/// The same in a table of which no row is a part of another.
pub(crate) const ADDING: [ColumnSpec; 3] = [COLUMNS[0].adds(), COLUMNS[1].adds(), COLUMNS[2].adds()];

/// Amounts by what is said of cancelling them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cancels {
    /// What falls away, what nothing is said of, what stands.
    parts: [Total; 3],
    /// Whether some contract of them says whether it can be cancelled.
    said: bool,
}

impl Cancels {
    /// Adds what counts in totals of what is left of a commitment.
    pub fn add(&mut self, name: &str, commitment: &Commitment, reading: Reading) {
        self.add_parts(name, commitment, &parts_in_totals(commitment, reading));
    }

    /// Adds what is left of a commitment, whatever excludes it.
    pub fn add_alone(&mut self, name: &str, commitment: &Commitment, reading: Reading) {
        self.add_parts(name, commitment, &parts(commitment, reading));
    }

    /// Adds a commitment by its parts.
    pub fn add_parts(&mut self, name: &str, commitment: &Commitment, parts: &[Value; 3]) {
        self.said |= commitment.cancelling.said != Cancellable::Nothing;
        self.parts.iter_mut().zip(parts).for_each(|(total, part)| total.add(name, part));
    }

    /// Adds what has fallen due, which nobody can cancel.
    pub fn add_fallen(&mut self, name: &str, commitment: &Commitment, reading: Reading) {
        self.parts[2].add(name, &fallen_in_totals(commitment, reading));
    }

    /// Adds other amounts.
    pub fn append(&mut self, other: Self) {
        self.parts.iter_mut().zip(other.parts).for_each(|(total, more)| total.append(more));
        self.said |= other.said;
    }

    /// Whether some contract of them says whether it can be cancelled.
    pub fn said(&self) -> bool {
        self.said
    }

    /// What falls away.
    pub fn cancellable(&self) -> Value {
        self.parts[0].value()
    }

    /// What nothing is said of.
    pub fn unsaid(&self) -> Value {
        self.parts[1].value()
    }

    /// What is left once all that can be cancelled is.
    pub fn standing(&self) -> Value {
        self.unsaid().plus(&self.parts[2].value())
    }

    /// The cells of the three columns.
    pub fn cells(&self) -> [Cell; 3] {
        self.parts.each_ref().map(|total| Cell::Value(total.value()))
    }
}

/// What is left of a commitment by what is said of cancelling it.
fn parts(commitment: &Commitment, reading: Reading) -> [Value; 3] {
    [commitment.cancellable(reading), commitment.unsaid(reading), commitment.bound_to(reading)]
}

/// The same as it counts in totals.
pub(crate) fn parts_in_totals(commitment: &Commitment, reading: Reading) -> [Value; 3] {
    parts(commitment, reading).map(|part| as_counted(commitment, reading, part))
}

/// What has fallen due of a commitment, as it counts in totals.
fn fallen_in_totals(commitment: &Commitment, reading: Reading) -> Value {
    as_counted(commitment, reading, commitment.fallen(reading))
}

/// A part of a commitment as it counts in totals: nothing of a branch that does not, and of one of several
/// contracts as much as of the contract.
fn as_counted(commitment: &Commitment, reading: Reading, part: Value) -> Value {
    let Some(counted) = &commitment.counted else { return part };
    if counted[reading].is_zero() {
        return Value::exact(0.0);
    }
    let amount = commitment.amount(reading);
    if commitment.alternative.is_none() || part.is_zero() || counted[reading] == amount {
        return part;
    }
    part.scaled(&counted[reading].divide(&amount).within(Set::SHARE))
}

/// The columns that say something of cancelling, in any table.
const KEYS: [&str; 8] = [
    "cancellable",
    "unsaid",
    "fixed",
    "cancelling",
    "stands",
    "coverage_cancelled",
    "leaving_cancelled",
    "exposure_cancellable",
];

/// Leaves these columns empty in a table of which no contract says whether it can be cancelled.
pub(crate) fn shown_where(said: bool, table: &mut Table) {
    if said {
        return;
    }
    let keys: Vec<bool> = table.columns.iter().map(|column| KEYS.contains(&column.key.as_str())).collect();
    for row in &mut table.rows {
        for (cell, _) in row.iter_mut().zip(&keys).filter(|(_, is_one)| **is_one) {
            *cell = Cell::Empty;
        }
    }
}
