//! What each party gets back of all that it sends: the table, and the same for whoever compares parties.

use keiretsu_model::PartyRef;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Value};

use super::bounds::Returned;
use super::flows::Flows;
use super::{NAME, RETURNED, headed, readings, whole};
use crate::{Query, Seen, Subject};

/// The returned part of all that each party sends.
pub(crate) const PARTIES: TableSpec = TableSpec::new(
    NAME,
    "parties",
    "Of all that a party sends into the web, how much comes back",
    &[
        &[ColumnSpec::party("party", "the party that sends, and gets back"), ColumnSpec::reading()],
        &RETURNED,
        &[ColumnSpec::money("static", "what of it comes back pro rata if all flows are one window")
            .minor()
            .titled("pro rata, static")
            .by("what it sends x the visits of money to it (Leontief), whatever the order in time")],
    ],
)
.filled_by("contracts by which parties of the web pay each other")
.of_each("party")
.by_size("sent")
.as_range("lower_share", "upper_share", "comes back");

/// Of all that a group sends into the web, the shares that come back to it.
pub(crate) struct ComesBack {
    pub party: PartyRef,
    pub reading: Reading,
    /// The lower bound, for every order of spending.
    pub lower_share: Option<Value>,
    /// By the convention of the question.
    pub middle_share: Option<Value>,
    /// The upper bound, for every order of spending.
    pub upper_share: Option<Value>,
    returned: Returned,
}

/// Returned money of each requested group that pays others, in each reading.
pub(crate) fn comes_back(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<ComesBack> {
    let all = readings(subject, query, seen);
    of_groups(subject, query, &all).into_iter().map(|(back, _)| back).collect()
}

/// The same with the flows that it is read from.
fn of_groups<'a>(
    subject: &Subject<'_>,
    query: &Query,
    all: &'a [(Reading, Flows)],
) -> Vec<(ComesBack, &'a Flows)> {
    let mut found = Vec::new();
    for party in subject.tied().into_iter().filter(|group| query.wants(*group)) {
        for (reading, flows) in all {
            let Some(returned) = Returned::of(subject, flows, party, None, query.own_money) else { continue };
            let [lower_share, middle_share, upper_share] = returned.shares().map(Some);
            let reading = *reading;
            let back = ComesBack { party, reading, lower_share, middle_share, upper_share, returned };
            found.push((back, flows));
        }
    }
    found
}

/// A row for each group that pays others, and reading.
pub(super) fn table(subject: &Subject<'_>, query: &Query, all: &[(Reading, Flows)]) -> Table {
    let mut table = headed(subject, query, &PARTIES);
    for (back, flows) in of_groups(subject, query, all) {
        let mut row = vec![subject.party(back.party), Cell::text(back.reading.name())];
        row.extend(back.returned.amounts().map(Cell::Value));
        let shares = [back.lower_share, back.middle_share, back.upper_share];
        row.extend(shares.map(|share| share.map_or(Cell::Empty, Cell::Value)));
        let known = back.returned.middle.amount().is_some();
        let whole = || whole::pro_rata_static(flows, back.party.at());
        row.push(Cell::Value(if known { whole() } else { back.returned.middle }));
        table.push(row);
    }
    table.note("Shares of different parties overlap and must not be summed.");
    table
}
