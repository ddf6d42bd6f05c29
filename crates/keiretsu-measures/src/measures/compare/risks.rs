//! Each scenario of the model against the base: what partners then pay, and what would be lost on them.

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Cell, ColumnSpec, Entity, Table, TableSpec, Total, Unit, Value};

use super::across::{self, Across};
use super::side::Side;
use crate::{Seen, Subject};

pub(super) const RISKS: TableSpec = TableSpec::new(
    "compare",
    "risks",
    "What each risk does to them",
    &[&[
        ColumnSpec::id("scenario", Entity::Scenario, "the scenario that is set against the base"),
        ColumnSpec::text("change_of", "the figure that changes").titled("change of"),
        ColumnSpec::party("party", "the party that it changes for"),
        ColumnSpec::unit(),
        ColumnSpec::measured("change", "how much more there is in the scenario")
            .by("the figure in the scenario - the figure in the base, with the same chance in both"),
    ]],
)
.filled_by("parties with stakes in others, or the `strategies` of `[compare]`")
.of_each("change")
.across("party", "change");

/// The probes of payments.
pub(super) fn needs(subject: &Subject<'_>) -> Vec<Probe> {
    (0..subject.program.flows.len() as u32).map(paid).collect()
}

fn paid(flow: u32) -> Probe {
    Probe { quantity: Quantity::Payment(FlowId(flow)), span: Span::Whole }
}

/// A row for each scenario, thing that changes and party; no table where there are no scenarios.
pub(super) fn table(
    subject: &Subject<'_>,
    sides: &[Side<'_>],
    seen: &Seen<'_>,
    base: &Across<'_>,
) -> Option<Table> {
    if seen.scenarios().is_empty() {
        return None;
    }
    let mut table = subject.table(&RISKS);
    let parties: Vec<PartyRef> = sides.iter().map(Side::party).collect();
    table.across = parties.iter().map(|party| subject.party(*party)).collect();
    let unit = Cell::Unit(Unit::Money(subject.model.currency));
    for (name, world) in seen.scenarios() {
        let peaks = across::peaks(subject, &parties, world);
        let paid = |side: &Side<'_>| {
            let sum = |seen: &Seen<'_>| payments(subject, seen, side.party(), side.partners());
            change(&sum(seen), &sum(world))
        };
        let exposed = |side: &Side<'_>| change(&base.exposed(side), &base.exposed_by(side, &peaks));
        let paid: Vec<Option<Value>> = sides.iter().map(paid).collect();
        let exposed: Vec<Option<Value>> = sides.iter().map(exposed).collect();
        for (what, changes) in [("what partners pay", paid), ("exposure to partners, peak", exposed)] {
            for (side, change) in sides.iter().zip(changes) {
                let change = change.map_or(Cell::Empty, Cell::Value);
                let party = subject.party(side.party());
                table.push(vec![Cell::named(name), Cell::text(what), party, unit.clone(), change]);
            }
        }
    }
    table.note("In the expected reading, over the whole run; base and scenario share all chance.");
    Some(table)
}

/// Payments of partners to a party, except for stakes.
fn payments(subject: &Subject<'_>, seen: &Seen<'_>, party: PartyRef, partners: &[PartyRef]) -> Total {
    let model = subject.model;
    let mut total = Total::default();
    for (at, flow) in subject.program.flows.iter().enumerate() {
        let (from, to) = (model.group(PartyRef(flow.from.0)), model.group(PartyRef(flow.to.0)));
        if to != party || !partners.contains(&from) || flow.tag == Tag::Equity {
            continue;
        }
        let value = seen.sum(Reading::Expected, paid(at as u32), usize::MAX);
        total.add(&subject.side.flows[at].name, &value);
    }
    total
}

/// How much more there is in the scenario; nothing where nothing is there.
fn change(base: &Total, there: &Total) -> Option<Value> {
    if base.is_empty() && there.is_empty() {
        return None;
    }
    let (base, there) = (base.value(), there.value());
    // What reads the same and has the same ends in both worlds is the same amount, whatever it is; where
    // something cannot be read, equal ends say nothing.
    let same = base == there && base.open_because().is_none();
    Some(if same { Value::exact(0.0) } else { there.beyond(&base) })
}
