//! Revenue by counterparty and contract over all paths.

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Cell, ColumnSpec, Set, Table, TableSpec, Unit, Value};

use super::NAME;
use crate::{Query, Seen, Subject, over_paths};

pub(super) const RECEIPTS: TableSpec = TableSpec::new(
    NAME,
    "receipts",
    "Revenue of the whole horizon, over all paths",
    &[
        &[
            ColumnSpec::party("party", "the group whose revenue it is"),
            ColumnSpec::party("counterparty", "the group that it comes from"),
            ColumnSpec::contract("the contract, or the part of it, that brings it"),
            ColumnSpec::unit(),
            ColumnSpec::money(
                "expected",
                "the revenue in the expected reading, with factors on central paths",
            )
            .titled("expected (central)"),
        ],
        &over_paths::MEASURED,
        &[ColumnSpec::share("share_of_mean", "share of the mean in that of all revenue, outside included")
            .titled("share of mean revenue")],
    ],
)
.filled_by("contracts that pay a party")
.of_each("contract")
.by_size("mean");

/// The probes.
pub(super) fn needs(subject: &Subject<'_>) -> Vec<Probe> {
    (0..subject.program.flows.len()).map(paid).collect()
}

fn paid(flow: usize) -> Probe {
    Probe { quantity: Quantity::Payment(FlowId(flow as u32)), span: Span::Whole }
}

/// A row for each flow of revenue between groups, or from outside.
pub(super) fn over_all_paths(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Table {
    let money = Unit::Money(subject.model.currency);
    let mut table = subject.table(&RECEIPTS);
    table.window.simulation = seen.simulation();
    for party in subject.groups().into_iter().filter(|group| query.wants(*group)) {
        let flows = revenue(subject, party);
        let means = flows.iter().map(|(at, _)| mean(seen, *at));
        let all = means.fold(Value::exact(0.0), |sum, mean| sum.plus(&mean));
        for (at, from) in flows.into_iter().filter(|(_, from)| *from != PartyRef::OUTSIDE) {
            let Some(series) = seen.simulated(paid(at)) else { continue };
            let name = &subject.side.flows[at].name;
            if !over_paths::is_known(series) {
                table.leave_out(format!("{name}: {}", over_paths::UNKNOWN));
                continue;
            }
            let central = seen.value(Reading::Expected, paid(at), 0);
            let mut row = [party, from].map(|group| subject.party(group)).to_vec();
            row.extend([Cell::named(name), Cell::Unit(money), Cell::Value(central.clone())]);
            row.extend(over_paths::cells(series, &central, 0, &Value::exact(1.0)));
            row.push(Cell::Value(share(&mean(seen, at), &all)));
            table.push(row);
        }
    }
    table.note("The share is of the mean of all revenue, outside included.");
    table
}

/// The flows that are revenue of a party, and from which group.
fn revenue(subject: &Subject<'_>, party: PartyRef) -> Vec<(usize, PartyRef)> {
    let group = |id: keiretsu_program::PartyId| subject.model.group(PartyRef(id.0));
    let all = subject.program.flows.iter().enumerate().filter(|(_, flow)| {
        let trade = !matches!(flow.tag, Tag::Equity | Tag::Principal | Tag::Raise | Tag::Estate);
        trade && group(flow.to) == party && group(flow.from) != party
    });
    all.map(|(at, flow)| (at, group(flow.from))).collect()
}

fn mean(seen: &Seen<'_>, at: usize) -> Value {
    let mean = seen.simulated(paid(at)).and_then(|series| series.mean.first().copied());
    over_paths::value(mean.unwrap_or(f64::NAN), &seen.value(Reading::Expected, paid(at), 0))
}

/// The share of a part; no number where the whole cannot be read.
fn share(part: &Value, all: &Value) -> Value {
    let share = part.divide(all).within(Set::SHARE);
    match all.open_because() {
        Some(why) => Value::unread(why, share.set()),
        None => share,
    }
}
