//! What a lender would lose by a stated chance that its borrower fails.

use keiretsu_contracts::side::OpenLoan;
use keiretsu_model::When;
use keiretsu_model::record::{Record, Stated};
use keiretsu_program::Reading;
use keiretsu_values::{Dimension, Set, Value};

use super::borrowers::register;
use crate::{Seen, Subject};

/// The stated chance and what follows from it.
pub(super) struct StatedLoss {
    pub chance: Value,
    /// For which time the chance holds.
    pub span: String,
    pub recovered: Value,
    pub given_default: Value,
    pub expected: Value,
}

impl StatedLoss {
    /// Of a debt with an amount outstanding; none where no chance is stated.
    pub fn of(
        subject: &Subject<'_>,
        seen: &Seen<'_>,
        debt: &OpenLoan,
        reading: Reading,
        outstanding: &Value,
    ) -> Option<Self> {
        let statements = statements(subject, debt);
        let (stated, by) = statements.iter().find_map(|record| record.chance("chance"))?;
        let chance = subject.model.readings(stated)[reading].clone();
        let share = statements.iter().find_map(|record| record.figure("recovery"));
        let recovered = match (share, debt.worth) {
            (Some(share), _) => outstanding.scaled(&subject.model.readings(share)[reading]),
            (None, Some(worth)) => outstanding.min(&seen.value(reading, register(worth), 0)),
            (None, None) => {
                let all = Set { low: 0.0, high: outstanding.set().high };
                Value::unread("what is got back is not stated", all)
                    .named(&subject.contract_name(debt.contract))
            }
        };
        let given_default = outstanding.minus(&recovered).within(Set::NOT_NEGATIVE);
        let expected = given_default.scaled(&chance);
        Some(Self { chance, span: span(stated, by), recovered, given_default, expected })
    }
}

/// The statements on a failure, that of the loan before that of its borrower.
fn statements<'a>(subject: &Subject<'a>, debt: &OpenLoan) -> Vec<&'a Record> {
    let model = subject.model;
    let loan = model.contract(debt.contract).and_then(|contract| contract.record().table("default"));
    let party = model.party(model.group(debt.borrower)).record.table("default");
    loan.into_iter().chain(party).collect()
}

fn span(stated: &Stated, by: Option<When>) -> String {
    match by {
        Some(by) => format!("by {}", by.last),
        None if stated.figure.dimension == Dimension::RATE => "a year".to_owned(),
        None => "in all".to_owned(),
    }
}
