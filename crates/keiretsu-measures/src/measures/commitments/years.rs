//! Commitments by the calendar period in which they fall due.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_contracts::side::Commitment;
use keiretsu_values::{Cell, Table, Value};

use super::contracts::standing;
use super::tables::YEARS;
use super::{UNDATED, Weighed, counts};
use crate::{PeriodLength, Query, Seen, Subject};

/// One row for each commitment, reading and calendar period, and one for undated amounts.
pub(super) fn by_period(
    subject: &Subject<'_>,
    query: &Query,
    seen: &Seen<'_>,
    wanted: &[&Commitment],
) -> Table {
    let weighed = Weighed { seen, subject };
    let by = query.by.unwrap_or(PeriodLength::Year);
    let mut all: Vec<YearsOf> = Vec::new();
    for commitment in wanted.iter().filter(|commitment| counts(commitment) && !commitment.slice) {
        for reading in query.readings() {
            let (years, undated) = weighed.periods(commitment, reading, by);
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
    let years: BTreeSet<String> = all.iter().flat_map(|one| one.years.keys().cloned()).collect();
    let mut table = subject.table(&YEARS);
    table.across = years.iter().map(|year| Cell::text(year.as_str())).collect();
    table.across.push(Cell::text(UNDATED));
    for YearsOf { head, years: mine, undated } in all {
        let nothing = Value::exact(0.0);
        let dated = years.iter().map(|year| (year.clone(), mine.get(year).unwrap_or(&nothing)));
        for (year, amount) in dated.chain([(UNDATED.to_owned(), &undated)]) {
            let row = head.iter().cloned().chain([Cell::Text(year), Cell::Value(amount.clone())]);
            table.push(row.collect());
        }
    }
    table.note("Factors follow their central paths.");
    table
}

/// Dues of a commitment in a reading, by period.
struct YearsOf {
    /// The cells that name it.
    head: Vec<Cell>,
    years: BTreeMap<String, Value>,
    undated: Value,
}

impl YearsOf {
    fn add(&mut self, years: Vec<(String, Value)>, undated: &Value) {
        for (year, amount) in years {
            let sum = self.years.entry(year).or_insert(Value::exact(0.0));
            *sum = sum.plus(&amount);
        }
        self.undated = self.undated.plus(undated);
    }
}
