//! Each scenario of the model against the base: what partners then pay, and what would be lost on them.

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Cell, Column, Table, Total, Unit, Value};

use super::across::{Across, titles};
use super::side::Side;
use crate::{Seen, Subject};

/// What must be seen of payments.
pub(super) fn needs(subject: &Subject<'_>) -> Vec<Probe> {
    (0..subject.program.flows.len() as u32).map(paid).collect()
}

fn paid(flow: u32) -> Probe {
    Probe { quantity: Quantity::Payment(FlowId(flow)), span: Span::Whole }
}

/// A row for each scenario and thing that changes; no table where there are no scenarios.
pub(super) fn table(
    subject: &Subject<'_>,
    columns: Vec<Column>,
    sides: &[Side<'_>],
    seen: &Seen<'_>,
    base: &Across,
) -> Option<Table> {
    if seen.scenarios().is_empty() {
        return None;
    }
    let mut heads = vec![Column::text("scenario"), Column::text("change_of").titled("change of")];
    heads.extend(columns);
    let mut table = subject.table("compare", "What each risk does to them", heads);
    let parties: Vec<PartyRef> = sides.iter().map(Side::party).collect();
    let unit = Unit::Money(subject.model.currency);
    for (name, world) in seen.scenarios() {
        let there = Across::exposures(subject, &parties, world);
        let payments: Vec<Option<Value>> = sides
            .iter()
            .map(|side| {
                let sum = |seen: &Seen<'_>| payments(subject, seen, side.party(), side.partners());
                change(&sum(seen), &sum(world))
            })
            .collect();
        let exposures: Vec<Option<Value>> = sides
            .iter()
            .map(|side| {
                let (party, partners) = (subject.title(side.party()), titles(subject, side.partners()));
                change(&base.exposed(&party, &partners), &there.exposed(&party, &partners))
            })
            .collect();
        for (what, changes) in [("what partners pay", payments), ("exposure to partners, peak", exposures)] {
            let mut row = vec![Cell::text(name), Cell::text(what)];
            row.extend(changes.into_iter().map(|change| match change {
                Some(change) => Cell::Measured(change, unit),
                None => Cell::Empty,
            }));
            table.push(row);
        }
    }
    table.note("In the expected reading, over the whole run; base and scenario share all chance.");
    Some(table)
}

/// What partners pay a party for anything but stakes.
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
