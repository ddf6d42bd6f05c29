//! Layers of exposure by pair: in one month with the peak beside it, or over time.

use keiretsu_model::PartyRef;
use keiretsu_program::{Reading, Span};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Total, Value};

use super::pairs::{Kind, Pair, pairs};
use super::{NAME, PAIR, last_month};
use crate::{PeriodLength, Query, Seen, Subject, cancels};

/// Losses in the order of [`Kind::ALL`], and the total.
const LAYERS: [ColumnSpec; 7] = [
    ColumnSpec::money("holding", "the value of holdings in the other party"),
    ColumnSpec::money("receivable", "what the other party owes this month and has not yet paid").minor(),
    ColumnSpec::money("undelivered", "capital that the other party has promised and not yet paid").minor(),
    ColumnSpec::money("contract", "what contracts with the other party would leave")
        .by("the larger of the claim on default and the stranded capacity, by contract"),
    ColumnSpec::money("guarantee", "what would have to be paid for the other party").minor(),
    ColumnSpec::money("collateral", "what secures the loans to the other party").minor(),
    ColumnSpec::money("exposure", "what would be lost in all, before recovery")
        .by("max(0, sum of the layers before {collateral} - {collateral})"),
];

pub(super) const AT_ONCE: TableSpec = TableSpec::new(
    NAME,
    "at_once",
    "Exposure in one month, before recovery",
    &[
        &PAIR,
        &[ColumnSpec::reading()],
        &LAYERS,
        &[
            ColumnSpec::money("peak", "the greatest exposure of all months until a failure"),
            ColumnSpec::period("peak_at", "the first month in which the peak is reached").titled("in"),
            ColumnSpec::money(
                "exposure_cancellable",
                "what of {contract} stands only as long as nobody cancels",
            )
            .minor()
            .titled("contract that can be cancelled")
            .by("of each contract the lesser of its exposure and of what can be cancelled of what is to come")
            .when_filled(),
        ],
    ],
)
.filled_by("holdings, loans, contracts and guarantees between two groups")
.of_each("pair")
.by_size("exposure");

pub(super) const OVER_TIME: TableSpec = TableSpec::new(
    NAME,
    "over_time",
    "Exposure over time, before recovery",
    &[
        &PAIR,
        &[
            ColumnSpec::reading(),
            ColumnSpec::period("at", "the month at the end of which it stands").titled("end of"),
        ],
        &LAYERS,
    ],
)
.filled_by("`holdings`, and contracts by which one group owes another")
.of_each("pair")
.at_a_glance("at", "exposure");

/// Exposure of one group to another: in the requested month, and the greatest.
#[expect(clippy::struct_field_names, reason = "the names are those of the table")]
pub(crate) struct Peak {
    /// The creditor.
    pub creditor: PartyRef,
    /// The debtor.
    pub debtor: PartyRef,
    pub reading: Reading,
    /// The greatest exposure of all months until a failure; none where there is no such month.
    pub peak: Option<Value>,
    /// The first month in which it is reached, if it is known.
    month: Option<u32>,
    /// The exposure in the requested month.
    layers: Layers,
    /// What of it stands only as long as nobody cancels.
    cancellable: Value,
}

/// A peak for each pair and reading in which the debtor still stands in the requested month, and the exposure
/// may be above zero.
pub(crate) fn peaks(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Peak> {
    of_pairs(subject, query, seen, &pairs(subject, query))
}

fn of_pairs(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, pairs: &[Pair]) -> Vec<Peak> {
    let t = subject.requested_month(query).unwrap_or(1);
    let mut found = Vec::new();
    for pair in pairs {
        for reading in query.readings() {
            let last = last_month(subject, pair, seen, reading);
            if last < t {
                continue;
            }
            let (peak, month) = greatest(pair, seen, reading, last);
            let layers = Layers::of(pair, seen, reading, t);
            if layers.is_empty() && peak.as_ref().is_none_or(Value::is_zero) {
                continue;
            }
            let (creditor, debtor) = (pair.creditor, pair.debtor);
            let cancellable = pair.cancellable(subject, seen, reading, t);
            found.push(Peak { creditor, debtor, reading, peak, month, layers, cancellable });
        }
    }
    found
}

/// One row for each pair and reading: the requested month, with the greatest of all months next to it.
pub(super) fn at_once(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, pairs: &[Pair]) -> Table {
    let mut table = subject.table(&AT_ONCE);
    let month = subject.program.month(subject.requested_month(query).unwrap_or(1));
    table.title = format!("Exposure in {month}, before recovery");
    for found in of_pairs(subject, query, seen, pairs) {
        let mut row = vec![subject.party(found.creditor), subject.party(found.debtor)];
        row.push(Cell::text(found.reading.name()));
        row.extend(found.layers.cells(&mut table));
        row.push(found.peak.map_or(Cell::Empty, Cell::Value));
        row.push(found.month.map_or(Cell::Empty, |t| subject.period(Span::Month, t, 1)));
        row.push(Cell::Value(found.cancellable));
        table.push(row);
    }
    cancels::shown_where(pairs.iter().any(|pair| pair.says_of_cancelling(subject)), &mut table);
    table
}

/// One row for each pair, reading, and calendar period, at its end.
pub(super) fn over_time(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, pairs: &[Pair]) -> Table {
    let mut table = subject.table(&OVER_TIME);
    let last = subject.program.months;
    let by = query.by.unwrap_or(PeriodLength::Year);
    let ends = |t: &u32| *t == last || by.ends_with(subject.program.month(*t).of_year());
    for pair in pairs {
        for reading in query.readings() {
            for t in (1..=last_month(subject, pair, seen, reading)).filter(ends) {
                let layers = Layers::of(pair, seen, reading, t);
                if layers.is_empty() {
                    continue;
                }
                let mut row = vec![subject.party(pair.creditor), subject.party(pair.debtor)];
                row.extend([Cell::text(reading.name()), subject.period(Span::Month, t, 1)]);
                row.extend(layers.cells(&mut table));
                table.push(row);
            }
        }
    }
    table
}

/// The exposure of a pair in a month.
struct Layers {
    by_kind: Vec<(Kind, Total)>,
    net: Value,
}

impl Layers {
    fn of(pair: &Pair, seen: &Seen<'_>, reading: Reading, t: u32) -> Self {
        let (by_kind, net) = pair.total(seen, reading, t);
        Self { by_kind, net }
    }

    /// Whether there is nothing in them at all, not even something unknown.
    fn is_empty(&self) -> bool {
        self.net.is_zero() && self.by_kind.iter().all(|(_, total)| total.left_out.is_empty())
    }

    /// The layers and their sum; omissions are noted in the table.
    fn cells(&self, table: &mut Table) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (kind, total) in &self.by_kind {
            // What is unknown altogether says so itself.
            for what in total.left_out.iter().filter(|_| total.value().amount().is_some()) {
                let (name, why) = what.split_once(": ").unwrap_or((what, ""));
                table.leave_out(format!("{name} ({}): {why}", kind.word()));
            }
            cells.push(if total.is_empty() { Cell::Empty } else { Cell::Value(total.value()) });
        }
        cells.push(Cell::Value(self.net.clone()));
        cells
    }
}

/// The greatest exposure of the months up to the last, and the first month in which it is reached.
fn greatest(pair: &Pair, seen: &Seen<'_>, reading: Reading, last: u32) -> (Option<Value>, Option<u32>) {
    let (mut best, mut month): (Option<Value>, Option<u32>) = (None, None);
    for t in 1..=last {
        let (_, value) = pair.total(seen, reading, t);
        // Rounding makes no new peak.
        let more = |most: f64| value.amount().is_some_and(|amount| most + 1e-9 * most.abs() < amount);
        if best.as_ref().is_none_or(|best| best.amount().is_none_or(more)) && value.amount().is_some() {
            month = Some(t);
        }
        best = Some(best.map_or(value.clone(), |best| best.max(&value)));
    }
    (best, month)
}

#[cfg(test)]
mod tests {
    use super::{Kind, LAYERS};

    #[test]
    fn there_is_a_column_for_each_layer() {
        let keys: Vec<&str> = LAYERS[..Kind::ALL.len()].iter().map(|column| column.key).collect();
        assert_eq!(keys, Kind::ALL.map(Kind::word));
    }
}
