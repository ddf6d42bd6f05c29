//! What a contract owes when, for its whole life: rows of dated dues, in each reading.
//!
//! Invariant: a row holds the dues of the whole life of its contract, those before as-of included.
//! Absent: who can pay. Nobody fails.

use super::calendar::{Month, When};
use super::set::{Set, sum};
use super::world::{Contract, World};

/// Where a commitment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A source says that money moved.
    Paid,
    /// Owed, whether or not it has fallen due.
    Binding,
    /// Waits for a condition.
    Conditional,
    /// A plan.
    Announced,
    /// Lapsed or terminated: counts nowhere.
    Gone,
}

/// What money is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Capital: shares, notes.
    Capital,
    /// Service.
    Service,
    /// Building.
    Building,
    /// Money lent: what the lender has to lend.
    Lending,
    /// Money lent: what the borrower has to pay back.
    Repaying,
    /// Interest and fees, which are no commitment.
    Interest,
    /// The principal of a convertible that has not converted, which is no commitment either.
    Back,
    /// Rent.
    Rent,
    /// A share of revenue.
    Sharing,
    /// Service credits.
    Credits,
    /// What is called only if somebody else does not pay.
    Contingent,
    /// Capacity that nobody else buys.
    Unsold,
    /// The strike of a warrant.
    Exercise,
}

/// An amount that falls due.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// In which month; nothing where it is undated.
    pub month: Option<Month>,
    /// Whether that was before as-of.
    pub past: bool,
    /// How much.
    pub amount: Set,
}

/// One commitment: who owes whom, and what falls due when in each reading.
#[derive(Clone, Debug)]
pub struct Row {
    /// The contract.
    pub contract: String,
    /// Its type.
    pub kind: String,
    /// The contract, or its tranche.
    pub name: String,
    /// Who owes.
    pub payer: String,
    /// Who is owed.
    pub payee: String,
    /// What for.
    pub purpose: For,
    /// Where it stands.
    pub standing: Standing,
    /// What moves in each reading.
    pub dues: [Vec<Due>; 3],
    /// What is owed by commitment: without what would be bought anyway.
    pub owed: [Vec<Due>; 3],
    /// What of it is money put in ahead of what it buys.
    pub prepaid: [Vec<Due>; 3],
    /// The contract of which it is a slice.
    pub slice_of: Option<String>,
}

impl Row {
    /// A row of which all that moves is owed.
    pub fn of(
        contract: &Contract,
        (payer, payee): (&str, &str),
        purpose: For,
        standing: Standing,
        dues: [Vec<Due>; 3],
    ) -> Row {
        Row {
            contract: contract.name.clone(),
            kind: contract.kind.clone(),
            name: contract.name.clone(),
            payer: payer.to_owned(),
            payee: payee.to_owned(),
            purpose,
            standing,
            owed: dues.clone(),
            dues,
            prepaid: Default::default(),
            slice_of: contract.text("part_of").map(str::to_owned),
        }
    }

    /// The commitment of a reading: the sum of dues (DEFINITIONS, "Terms in their time").
    pub fn commitment(&self, reading: usize) -> Set {
        if self.standing == Standing::Gone {
            return Set::nothing();
        }
        sum(self.owed[reading].iter().map(|due| due.amount))
    }

    /// Whether it is a commitment: not what depends on rates, nor what nobody has to do.
    pub fn is_committed(&self) -> bool {
        !matches!(self.purpose, For::Interest | For::Back | For::Exercise)
    }

    /// What is still to come of it.
    pub fn to_come(&self, reading: usize) -> Set {
        if self.standing == Standing::Gone {
            return Set::nothing();
        }
        let coming = self.owed[reading].iter().filter(|due| !due.past);
        sum(coming.map(|due| due.amount))
    }
}

/// An amount that falls due evenly over the months of a stated date; a single date is its last month.
pub fn spread(amount: Set, when: When, span: bool, world: &World) -> Vec<Due> {
    if !span {
        return vec![Due { month: Some(when.last.month), past: world.is_past(when), amount }];
    }
    let months = when.last.month - when.first.month + 1;
    let each = amount.times(1.0 / f64::from(months));
    let due = |month: Month| {
        let ends = if month == when.last.month { when.last.day } else { i32::MAX };
        let in_full_by = super::calendar::Day { month, day: ends.min(super::calendar::days_in(month)) };
        Due { month: Some(month), past: in_full_by <= world.as_of, amount: each }
    };
    (when.first.month..=when.last.month).map(due).collect()
}

/// A bill of a month: at its end, so that it is past only where the month was over at as-of.
pub fn bill(month: Month, amount: Set, world: &World) -> Due {
    Due { month: Some(month), past: month < world.first, amount }
}
