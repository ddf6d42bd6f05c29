//! Commitments by the calendar year in which they fall due.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_contracts::side::Commitment;
use keiretsu_values::{Cell, Table, Value};

use super::contracts::standing;
use super::tables::YEARS;
use super::{UNDATED, Weighed, counts};
use crate::{Query, Seen, Subject};

/// One row for each commitment, reading and calendar year, and one for undated amounts.
pub(super) fn by_year(
    subject: &Subject<'_>,
    query: &Query,
    seen: &Seen<'_>,
    wanted: &[&Commitment],
) -> Table {
    let weighed = Weighed { seen, subject };
    let mut all: Vec<YearsOf> = Vec::new();
    for commitment in wanted.iter().filter(|commitment| counts(commitment) && !commitment.slice) {
        for reading in query.readings() {
            let (years, undated) = weighed.years(commitment, reading);
            let head = vec![
                Cell::named(&subject.name(commitment)),
                subject.party(commitment.from),
                subject.party(commitment.to),
                Cell::text(standing(commitment)),
                Cell::text(reading.name()),
            ];
            // What a contract says of the past and of the time to come may stand alike: it is one row.
            match all.iter_mut().find(|had| had.head == head) {
                Some(had) => had.add(years, &undated),
                None => all.push(YearsOf { head, years: years.into_iter().collect(), undated }),
            }
        }
    }
    let years: BTreeSet<i32> = all.iter().flat_map(|one| one.years.keys().copied()).collect();
    let mut table = subject.table(&YEARS);
    table.across = years.iter().map(|year| Cell::text(year.to_string())).collect();
    table.across.push(Cell::text(UNDATED));
    for YearsOf { head, years: mine, undated } in all {
        let nothing = Value::exact(0.0);
        let dated = years.iter().map(|year| (year.to_string(), mine.get(year).unwrap_or(&nothing)));
        for (year, amount) in dated.chain([(UNDATED.to_owned(), &undated)]) {
            let row = head.iter().cloned().chain([Cell::Text(year), Cell::Value(amount.clone())]);
            table.push(row.collect());
        }
    }
    table.note("Factors follow their central paths.");
    table
}

/// Dues of a commitment in a reading, by year.
struct YearsOf {
    /// The cells that name it.
    head: Vec<Cell>,
    years: BTreeMap<i32, Value>,
    undated: Value,
}

impl YearsOf {
    fn add(&mut self, years: Vec<(i32, Value)>, undated: &Value) {
        for (year, amount) in years {
            let sum = self.years.entry(year).or_insert(Value::exact(0.0));
            *sum = sum.plus(&amount);
        }
        self.undated = self.undated.plus(undated);
    }
}
