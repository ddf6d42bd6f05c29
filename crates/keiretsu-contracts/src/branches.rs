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

#[cfg(test)]
mod tests {
    use keiretsu_values::Set;

    use super::{Reading, Value, counted};
    use crate::testing::promised;

    /// What counts of two branches in the headline reading, one after the other and the other way round.
    fn both(one: Value, other: Value) -> [Value; 2] {
        let text = "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nrent = \"$1M/yr\"\n\
            term = \"1 year\"\nfrom = \"2026-01\"\nrenewal = {}\nresidual = { guaranteed = \"$1M\" }";
        let mut list = promised(text);
        list.retain(|one| one.branch);
        [[one.clone(), other.clone()], [other, one]].map(|amounts| {
            for (branch, amount) in list.iter_mut().zip(amounts) {
                branch.dues.clear();
                branch.undated = [0; 3].map(|_| amount.clone());
            }
            let counted = counted(&list, &[0, 1], Reading::Headline);
            counted.iter().fold(Value::exact(0.0), |sum, part| sum.plus(part))
        })
    }

    #[test]
    fn the_larger_is_between_the_greatest_and_the_sum_in_either_order() {
        let range = |low: f64, high: f64| Value::new(high, Set::between(low, high));
        let all = [
            Value::exact(3.0),
            Value::exact(8.0),
            Value::at_most(5.0),
            Value::at_least(6.0),
            range(2.0, 7.0),
            Value::undisclosed("secret"),
        ];
        for one in &all {
            for other in &all {
                let [sum, turned] = both(one.clone(), other.clone());
                assert_eq!(sum, turned);
                let (a, b) = (one.set(), other.set());
                assert!((sum.set().low - a.low.max(b.low)).abs() < 1e-12, "{one:?} {other:?} {sum:?}");
                assert!(a.high.max(b.high) <= sum.set().high && sum.set().high <= a.high + b.high);
                let read = |value: &Value| value.amount().unwrap_or(0.0);
                assert!((read(&sum) - read(one).max(read(other))).abs() < 1e-12, "{one:?} {other:?}");
            }
        }
    }
}
