//! Who borrows what, until when contracts pay them, and when they fail.

use jiff::civil::Date;
use keiretsu_contracts::side::{Commitment, OpenLoan, Purpose};
use keiretsu_model::PartyRef;
use keiretsu_program::{PartyId, Probe, Quantity, Reading, Reg, Span, Tag};
use keiretsu_values::{Set, Value};

use crate::{Query, Seen, Subject};

/// A group that owes debts.
pub(super) struct Borrower<'a> {
    pub party: PartyRef,
    pub debts: Vec<&'a OpenLoan>,
}

/// A register by month.
pub(super) fn register(reg: Reg) -> Probe {
    Probe { quantity: Quantity::Register(reg), span: Span::Month }
}

/// The groups that owe debts to others, in the order of the text.
pub(super) fn borrowers<'a>(subject: &Subject<'a>, query: &Query) -> Vec<Borrower<'a>> {
    let model = subject.model;
    let owes = |party: PartyRef| -> Vec<&'a OpenLoan> {
        let all = subject.side.debts.iter().filter(|debt| subject.stands(debt.contract));
        all.filter(|debt| model.group(debt.borrower) == party && model.group(debt.lender) != party).collect()
    };
    let groups = subject.groups().into_iter().filter(|party| query.wants(*party));
    groups.map(|party| Borrower { party, debts: owes(party) }).filter(|one| !one.debts.is_empty()).collect()
}

impl Borrower<'_> {
    /// The probes beside those of its flows.
    pub fn probes(&self) -> Vec<Probe> {
        let registers = self.debts.iter().flat_map(|debt| {
            let others = [debt.worth, debt.equity];
            [debt.outstanding, debt.now].into_iter().chain(others.into_iter().flatten())
        });
        registers.map(register).chain([self.failure()]).collect()
    }

    fn failure(&self) -> Probe {
        Probe { quantity: Quantity::Defaulted(PartyId(self.party.0)), span: Span::Month }
    }

    /// The month in which it fails in a reading; none where it stands.
    pub fn fails(&self, seen: &Seen<'_>, reading: Reading) -> Option<u32> {
        let failed = seen.series(reading, self.failure()).mean.iter().position(|failed| *failed > 0.5)?;
        Some(failed as u32 + 1)
    }

    /// What it owes at as-of.
    pub fn outstanding(&self, subject: &Subject<'_>, seen: &Seen<'_>, reading: Reading) -> Value {
        let each = self.debts.iter().map(|debt| outstanding(subject, seen, debt, reading));
        each.fold(Value::exact(0.0), |sum, owed| sum.plus(&owed))
    }

    /// The last day on which one of its debts falls due; none where one has no maturity.
    pub fn last_maturity(&self) -> Option<Date> {
        self.debts.iter().map(|debt| debt.maturity).collect::<Option<Vec<Date>>>()?.into_iter().max()
    }
}

/// What is outstanding of a debt at as-of.
pub(super) fn outstanding(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    debt: &OpenLoan,
    reading: Reading,
) -> Value {
    seen.value(reading, register(debt.now), 0).named(&subject.contract_name(debt.contract))
}

/// Until when contracts pay a party in a reading.
pub(super) struct Paid {
    /// The last day on which one of them makes something due; none where none is dated.
    pub last: Option<Date>,
    /// A contract that pays at a time that nothing dates.
    pub undated: Option<String>,
}

impl Paid {
    pub fn of(subject: &Subject<'_>, party: PartyRef, reading: Reading) -> Self {
        let model = subject.model;
        let mine = |one: &&Commitment| model.group(one.to) == party && model.group(one.from) != party;
        let mut paid = Self { last: None, undated: None };
        let counts = |one: &&Commitment| one.alternative.is_none() || !one.left_in_totals(reading).is_zero();
        let receipts = subject.standing_by_party().filter(mine).filter(|one| is_receipt(one));
        for one in receipts.filter(counts) {
            let dues = one.dues.iter().filter(|due| !due.past && !due.amounts[reading].is_zero());
            paid.last = paid.last.max(dues.map(|due| due.on).max());
            if !one.undated(reading).is_zero() && paid.undated.is_none() {
                paid.undated = Some(subject.name(one));
            }
        }
        paid
    }

    /// The months by which contracts outlive a maturity; below zero where they end first. None where no
    /// contract pays.
    pub fn beyond(&self, maturity: Option<Date>) -> Option<Value> {
        let open = self.undated.as_ref().map(|name| format!("{name}: nothing dates it"));
        let Some(maturity) = maturity else {
            let pays = self.last.is_some() || open.is_some();
            return pays.then(|| Value::unknown("no maturity is stated"));
        };
        let months = self.last.map(|last| months_between(maturity, last));
        match (months, open) {
            (Some(months), Some(why)) => {
                Some(Value::partly(months, Set { low: months, high: f64::INFINITY }, why))
            }
            (Some(months), None) => Some(Value::exact(months)),
            (None, Some(why)) => Some(Value::unknown(why)),
            (None, None) => None,
        }
    }
}

/// Whether a commitment is a contracted receipt: for service, rent, building, fees or a share of revenue.
fn is_receipt(one: &Commitment) -> bool {
    let tags = [Tag::Service, Tag::Rent, Tag::Capex, Tag::RevenueShare, Tag::Fee];
    tags.into_iter().any(|tag| one.purpose == Purpose::Flow(tag))
}

/// Calendar months from one day to another.
fn months_between(first: Date, last: Date) -> f64 {
    let months = |day: Date| 12 * i32::from(day.year()) + i32::from(day.month());
    f64::from(months(last) - months(first))
}
