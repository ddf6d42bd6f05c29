//! How much of a party's revenue is its own money.

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, PartyId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Bound, Cell, Column, Table, Unit, Value};

use super::NAME;
use super::bounds::{convention, not_modelled};
use super::flows::Flows;
use crate::{Query, Seen, Subject, over_paths};

/// What must be watched of the groups that are asked for.
pub(super) fn needs(subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
    numbered(subject, query).into_iter().map(|(at, group)| received(at, group)).collect()
}

/// Groups that are asked for, with their place among those whose money is followed.
fn numbered(subject: &Subject<'_>, query: &Query) -> Vec<(u32, PartyRef)> {
    let all = subject.tied().into_iter().enumerate();
    all.filter(|(_, group)| query.wants(*group)).map(|(at, group)| (at as u32, group)).collect()
}

/// What a group receives of its own money in the whole run.
pub(super) fn received(at: u32, group: PartyRef) -> Probe {
    let quantity = Quantity::OwnReceipts { group: at, party: PartyId(group.0) };
    Probe { quantity, span: Span::Whole }
}

/// A row for each party that receives something from the web, and reading.
pub(super) fn table(subject: &Subject<'_>, query: &Query, all: &[(Reading, Flows)]) -> Table {
    let columns = vec![
        Column::text("party"),
        Column::text("reading"),
        subject.money("own").titled("own money in revenue"),
        subject.money("web").titled("revenue from the web"),
        subject.money("revenue").titled("all revenue"),
        Column::number("own_of_web", Unit::Share).titled("own, of revenue from the web"),
        Column::number("own_of_all", Unit::Share).titled("own, of all revenue"),
    ];
    let title = format!("Own money in revenue after as-of, {}", convention(query.own_money).1);
    let mut table = subject.table(NAME, title, columns);
    for group in subject.tied().into_iter().filter(|group| query.wants(*group)) {
        for (reading, flows) in all.iter().filter(|(_, flows)| 0.0 < flows.received[group.at()][0]) {
            table.push(row(subject, query, *reading, flows, group));
        }
    }
    table.note("Where a party states no revenue, all of it is at least what is modelled.");
    table
}

fn row(subject: &Subject<'_>, query: &Query, reading: Reading, flows: &Flows, group: PartyRef) -> Vec<Cell> {
    let own = match not_modelled(subject, flows, group, None) {
        Some(why) => Value::unknown(why),
        None => Value::exact(own_revenue(query, flows, group)),
    };
    let [web, outside] = flows.received[group.at()];
    let stated = subject.model.party(group).record.has("revenue");
    let (web, all) =
        (Value::exact(web), Value::known(web + outside, if stated { Bound::Exact } else { Bound::AtLeast }));
    vec![
        Cell::text(subject.title(group)),
        Cell::text(reading.name()),
        Cell::Value(own.clone()),
        Cell::Value(web.clone()),
        Cell::Value(all.clone()),
        Cell::Value(own.divide(&web)),
        Cell::Value(own.divide(&all)),
    ]
}

fn own_revenue(query: &Query, flows: &Flows, group: PartyRef) -> f64 {
    let part = |at: usize, payer: u32| flows.revenue_part(at, payer, group.0);
    let back = flows.web.returned_in_part(group.0, None, convention(query.own_money).0, &part);
    back.unwrap_or_default().iter().skip(flows.months_before).sum()
}

/// What comes back in the run over all paths, and as a share of the mean of what is sent.
pub(super) fn over_all_paths(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, flows: &Flows) -> Table {
    let money = Unit::Money(subject.model.currency);
    let mut columns = vec![Column::text("party"), Column::text("what")];
    columns.extend(over_paths::columns(money));
    let title = format!("Own money received after as-of over all paths, {}", convention(query.own_money).1);
    let mut table = subject.table(NAME, title, columns);
    for (at, group) in numbered(subject, query) {
        let Some(series) = seen.simulated(received(at, group)) else { continue };
        let name = subject.title(group);
        if !flows.web.between(group.0, None).is_ok_and(|between| !between.is_empty()) {
            continue;
        }
        if let Some(why) = not_modelled(subject, flows, group, None) {
            table.leave_out(format!("{name}: {why}"));
            continue;
        }
        let mut row = vec![Cell::text(&name), Cell::text("own money received")];
        row.extend(over_paths::cells(series, 0, 1.0, Some(money)));
        table.push(row);
        let sent = mean_sent(subject, seen, flows, group);
        if 0.0 < sent {
            let mut row = vec![Cell::text(&name), Cell::text("of the mean of what it has sent")];
            row.extend(over_paths::cells(series, 0, 1.0 / sent, Some(Unit::Share)));
            table.push(row);
        }
    }
    table.note("The share divides by a mean, so single paths may exceed 1; the mean cannot.");
    table
}

/// What a group sends to others on the mean of all paths, past flows included.
fn mean_sent(subject: &Subject<'_>, seen: &Seen<'_>, _: &Flows, group: PartyRef) -> f64 {
    let model = subject.model;
    let index = |party: PartyId| model.group(PartyRef(party.0));
    let sends = |from: PartyId, to: PartyId| {
        index(from) == group && index(to) != group && index(to) != PartyRef::OUTSIDE
    };
    let past = subject.program.past.iter().filter(|past| sends(past.from, past.to) && 0.0 < past.amount);
    let mut sum: f64 = past.map(|past| past.amount).sum();
    for (at, _) in subject.program.flows.iter().enumerate().filter(|(_, flow)| sends(flow.from, flow.to)) {
        let probe = Probe { quantity: Quantity::Payment(FlowId(at as u32)), span: Span::Month };
        let months = seen.simulated(probe).map_or(&[][..], |series| &series.mean);
        sum += months.iter().filter(|mean| mean.is_finite()).sum::<f64>();
    }
    sum
}
