//! Branches of a contract that exclude each other: to renew a lease, or to leave it and pay what its asset is
//! worth less. Both are shown; a total counts one.
//!
//! Firm counts the smaller, which is owed whatever is chosen; headline the larger, as the larger of two sets.
//! In the expected reading each counts by its own chance, so both do.

use std::collections::BTreeMap;

use keiretsu_model::ContractRef;
use keiretsu_values::{Reading, Value};

use crate::side::Commitment;

/// Lets of the branches of each contract one count in totals.
pub(crate) fn count_one(all: &mut [Commitment]) {
    let mut by_contract: BTreeMap<ContractRef, Vec<usize>> = BTreeMap::new();
    for (at, one) in all.iter().enumerate().filter(|(_, one)| one.branch && !one.is_over()) {
        by_contract.entry(one.contract).or_default().push(at);
    }
    for mine in by_contract.values().filter(|mine| 1 < mine.len()) {
        let counted = Reading::ALL.map(|reading| counted(all, mine, reading));
        for (place, at) in mine.iter().enumerate() {
            all[*at].counted = Some(Reading::ALL.map(|reading| counted[reading][place].clone()));
        }
    }
}

/// What counts of each branch.
fn counted(all: &[Commitment], mine: &[usize], reading: Reading) -> Vec<Value> {
    let amounts: Vec<Value> = mine.iter().map(|at| all[*at].amount(reading)).collect();
    let pick: fn(&Value, &Value) -> Value = match reading {
        Reading::Expected => return amounts,
        Reading::Firm => Value::min,
        Reading::Headline => Value::max,
    };
    let Some(one) = amounts.iter().cloned().reduce(|one, other| pick(&one, &other)) else { return vec![] };
    let read = |value: &Value| value.amount().unwrap_or(0.0);
    let chosen = amounts.iter().position(|amount| (read(amount) - read(&one)).abs() <= 0.0).unwrap_or(0);
    (0..mine.len()).map(|at| if at == chosen { one.clone() } else { Value::exact(0.0) }).collect()
}
