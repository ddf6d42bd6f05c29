//! The terms of a contract, version by version, each with the months in which it holds.

use keiretsu_model::record::Record;
use keiretsu_model::{Contract, ContractRef, PartyRef, PartyShare, Standing};

use crate::calendar::{Calendar, TermMonths, month};
use crate::decided::first_held;

/// One version of a contract, with the months in which it holds.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// Which contract.
    pub id: ContractRef,
    /// The contract.
    pub contract: &'a Contract,
    /// The terms of this version.
    pub record: &'a Record,
    /// The month indices in which this version holds.
    pub window: TermMonths,
    /// Whether it is the version in force at as-of, which is the one that commitments speak of.
    pub current: bool,
}

impl Terms<'_> {
    /// The dotted path of a term in the text.
    pub fn path(&self, term: &str) -> String {
        format!("{}.{term}", self.contract.stated_name())
    }

    /// The name of a part of the contract as it is run.
    pub fn name(&self, part: &str) -> String {
        format!("{}.{part}", self.contract.name)
    }

    /// The share that it is of a contract with several parties in a role, if it is one.
    pub fn share(&self) -> Option<&PartyShare> {
        let part = self.contract.part.as_ref()?;
        let mut versions = self.contract.versions.iter();
        let at = versions.position(|version| std::ptr::eq(&raw const version.record, self.record))?;
        part.shares.get(at).map(|share| &**share)
    }

    /// Where the contract stands: as stated, else as its terms say; superseded contracts are terminated.
    pub fn standing(&self, derived: Standing) -> Standing {
        if self.contract.superseded_by.is_some() {
            return Standing::Terminated;
        }
        self.contract.standing.unwrap_or(derived)
    }

    /// Where a part of the contract stands that says so itself: as it says, unless the whole is over.
    pub fn standing_of(&self, stated: Option<Standing>, derived: Standing) -> Standing {
        match self.standing(derived) {
            over @ (Standing::Lapsed | Standing::Terminated) => over,
            whole => stated.unwrap_or(whole),
        }
    }

    /// The obligor; checks have made sure that there is one.
    pub fn obligor(&self) -> PartyRef {
        self.contract.obligor.unwrap_or(PartyRef::OUTSIDE)
    }

    /// The obligee, or outside where there are several.
    pub fn obligee(&self) -> PartyRef {
        self.contract.obligee.unwrap_or(PartyRef::OUTSIDE)
    }
}

/// The month in which a contract is terminated by a date that its right to terminate names.
pub(crate) fn ended(contract: &Contract, calendar: &Calendar) -> Option<i64> {
    first_held(contract.record().formula("terminated_when")?, calendar)
}

/// The versions of a contract with the months in which each holds, none after its end: an amendment holds
/// from the month of its date on, and what was due before stays due as it was.
pub(crate) fn versions<'a>(id: ContractRef, contract: &'a Contract, calendar: &Calendar) -> Vec<Terms<'a>> {
    let starts: Vec<i64> = contract
        .versions
        .iter()
        .map(|version| version.from.map_or(i64::MIN / 2, |date| calendar.t(month(date))))
        .collect();
    let now =
        contract.versions.iter().rposition(|version| version.from.is_none_or(|from| from <= calendar.as_of));
    let end = ended(contract, calendar).map_or(i64::MAX / 2, |ended| ended - 1);
    let window = |at: usize| TermMonths {
        first: starts[at],
        last: starts.get(at + 1).map_or(end, |next| (next - 1).min(end)),
    };
    contract
        .versions
        .iter()
        .enumerate()
        .map(|(at, version)| Terms {
            id,
            contract,
            record: &version.record,
            window: window(at),
            current: Some(at) == now,
        })
        .collect()
}
