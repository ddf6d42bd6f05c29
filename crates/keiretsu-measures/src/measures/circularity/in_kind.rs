//! Equity in kind: units given for something else than money, a layer of its own beside what comes back.

use keiretsu_contracts::side::FlowLabel;
use keiretsu_model::PartyRef;
use keiretsu_program::{HoldingId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Value};

use super::NAME;
use crate::{Query, Seen, Subject};

pub(super) const IN_KIND: TableSpec = TableSpec::new(
    NAME,
    "in_kind",
    "Equity given in kind, beside what its recipient pays",
    &[&[
        ColumnSpec::party("issuer", "the party that gives units of itself"),
        ColumnSpec::party("recipient", "the party that gets them"),
        ColumnSpec::reading(),
        ColumnSpec::share("stake", "the recipient's stake at the end of the run").titled("stake at the end"),
        ColumnSpec::money("worth", "its value at the end of the run").titled("worth at the end"),
        ColumnSpec::money("contracted", "what the recipient is contracted to pay the issuer")
            .titled("contracted from the recipient"),
    ]],
)
.filled_by("a `warrant` or `equity` given to a buyer")
.of_each("grant")
.by_size("worth");

/// The holdings to which units are given without money, each once.
fn given(subject: &Subject<'_>) -> Vec<HoldingId> {
    let flows = subject.program.flows.iter().zip(&subject.side.flows);
    // A note that converts was paid for in cash before.
    let is_gift = |label: &FlowLabel| {
        let contract = label.contract.and_then(|contract| subject.model.contract(contract));
        contract.is_some_and(|contract| contract.spec.keyword != "convertible")
    };
    let issues = flows.filter(|(_, label)| is_gift(label)).filter_map(|(flow, _)| flow.issue);
    let mut given: Vec<HoldingId> =
        issues.filter(|issue| issue.in_kind.is_some()).map(|issue| issue.holding).collect();
    given.sort_unstable();
    given.dedup();
    given
}

/// The probes.
pub(super) fn needs(subject: &Subject<'_>) -> Vec<Probe> {
    let watched = |holding| [Quantity::Holding(holding), Quantity::Stake(holding)];
    let quantities = given(subject).into_iter().flat_map(watched);
    quantities.map(|quantity| Probe { quantity, span: Span::Whole }).collect()
}

/// A row for each holding and reading; none where no equity is given in kind.
pub(super) fn table(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Option<Table> {
    let mut table = subject.table(&IN_KIND);
    let model = subject.model;
    for holding in given(subject) {
        let held = &subject.program.holdings[holding.at()];
        let (issuer, owner) = (PartyRef(held.issuer.0), PartyRef(held.owner.0));
        let (issuer, owner) = (model.group(issuer), model.group(owner));
        if !query.wants(issuer) && !query.wants(owner) {
            continue;
        }
        for reading in query.readings() {
            let read = |quantity| last(seen, reading, quantity);
            table.push(vec![
                subject.party(issuer),
                subject.party(owner),
                Cell::text(reading.name()),
                Cell::Value(read(Quantity::Stake(holding))),
                Cell::Value(read(Quantity::Holding(holding))),
                Cell::Value(subject.contracted(owner, issuer, reading).value()),
            ]);
        }
    }
    table.note("Units given are no cash and never netted with it; units that were bought beside them count.");
    (!table.rows.is_empty()).then_some(table)
}

/// The value of a quantity at the end of the run.
fn last(seen: &Seen<'_>, reading: Reading, quantity: Quantity) -> Value {
    seen.value(reading, Probe { quantity, span: Span::Whole }, 0)
}
