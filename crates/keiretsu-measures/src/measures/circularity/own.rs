//! How much of a party's revenue is its own money.

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, PartyId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, ColumnSpec, Set, Table, TableSpec, Unit, Value};

use super::NAME;
use super::bounds::{convention, is_open, not_modelled};
use super::flows::Flows;
use super::purchases;
use crate::{Query, Seen, Subject, over_paths, shares};

pub(super) const REVENUE: TableSpec = TableSpec::new(
    NAME,
    "revenue",
    "Own money in revenue after as-of",
    &[&[
        ColumnSpec::party("party", "the party that is paid"),
        ColumnSpec::reading(),
        ColumnSpec::money("own", "revenue in the run that is the party's own money")
            .titled("own money in revenue"),
        ColumnSpec::money("web", "revenue in the run from other parties").titled("revenue from the web"),
        ColumnSpec::money("revenue", "all revenue in the run")
            .titled("all revenue")
            .by("{web} + revenue from outside"),
        ColumnSpec::share("own_of_web", "the part of revenue from other parties that is own money")
            .titled("own, of revenue from the web")
            .is("{own} / {web}"),
        ColumnSpec::share("own_of_all", "the part of all revenue that is own money")
            .titled("own, of all revenue")
            .is("{own} / {revenue}"),
    ]],
)
.filled_by("contracts by which parties of the web pay each other")
.of_each("party")
.by_size("own");

pub(super) const OVER_PATHS: TableSpec = TableSpec::new(
    NAME,
    "over_paths",
    "Own money received after as-of over all paths",
    &[
        &[
            ColumnSpec::party("party", "the party that receives its own money"),
            ColumnSpec::text("what", "the amount received, or its share of what is sent"),
            ColumnSpec::unit(),
        ],
        &over_paths::MEASURED,
    ],
)
.filled_by("contracts by which parties of the web pay each other");

/// The probes of the requested groups.
pub(super) fn needs(subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
    numbered(subject, query).into_iter().map(|(at, group)| received(at, group)).collect()
}

/// Requested groups, with their index among those with followed money.
fn numbered(subject: &Subject<'_>, query: &Query) -> Vec<(u32, PartyRef)> {
    let all = subject.tied().into_iter().enumerate();
    all.filter(|(_, group)| query.wants(*group)).map(|(at, group)| (at as u32, group)).collect()
}

/// Own money received by a group in the whole run.
pub(super) fn received(at: u32, group: PartyRef) -> Probe {
    let quantity = Quantity::OwnReceipts { group: at, party: PartyId(group.0) };
    Probe { quantity, span: Span::Whole }
}

/// A row for each party that receives something from the web, and reading.
pub(super) fn table(subject: &Subject<'_>, query: &Query, all: &[(Reading, Flows)]) -> Table {
    let mut table = headed(subject, query, &REVENUE);
    for group in subject.tied().into_iter().filter(|group| query.wants(*group)) {
        for (reading, flows) in all.iter().filter(|(_, flows)| !flows.received[group.at()][0].is_zero()) {
            table.push(row(subject, query, *reading, flows, group));
        }
    }
    table.note("Where a party states no revenue, all of it is at least what is modelled.");
    table
}

/// An empty table with the convention of the question in its title.
fn headed(subject: &Subject<'_>, query: &Query, spec: &TableSpec) -> Table {
    let mut table = subject.table(spec);
    table.title = format!("{}, {}", spec.title, convention(query.own_money).1);
    table
}

fn row(subject: &Subject<'_>, query: &Query, reading: Reading, flows: &Flows, group: PartyRef) -> Vec<Cell> {
    let [web, outside] = flows.received[group.at()].clone();
    let most = Set::between(0.0, web.set().high);
    let own = if let Some(why) = not_modelled(subject, flows, group, None) {
        Value::unread(why, most)
    } else {
        let own = own_revenue(query, flows, group);
        if !is_open(flows, group.0, None) {
            Value::exact(own)
        } else if let Some(why) = web.open_because() {
            Value::partly(own, most, why)
        } else {
            Value::new(own, most)
        }
    };
    let mut all = web.plus(&outside);
    if !subject.model.party(group).record.has("revenue") {
        all = all.with_unread("its revenue from outside is not stated", Set::NOT_NEGATIVE);
    }
    let share = |of: &Value| own.divide(of).within(Set::SHARE);
    vec![
        subject.party(group),
        Cell::text(reading.name()),
        Cell::Value(own.clone()),
        Cell::Value(web.clone()),
        Cell::Value(all.clone()),
        Cell::Value(share(&web)),
        Cell::Value(share(&all)),
    ]
}

fn own_revenue(query: &Query, flows: &Flows, group: PartyRef) -> f64 {
    let part = |at: usize, payer: u32| flows.revenue_part(at, payer, group.0);
    let back = flows.web.returned_in_part(group.0, None, convention(query.own_money).0, &part);
    back.unwrap_or_default().iter().skip(flows.months_before).sum()
}

/// Returned money over all paths, and as a share of the mean sent.
pub(super) fn over_all_paths(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, flows: &Flows) -> Table {
    let money = Unit::Money(subject.model.currency);
    let mut table = headed(subject, query, &OVER_PATHS);
    table.window.simulation = seen.simulation();
    for (at, group) in numbered(subject, query) {
        let Some(series) = seen.simulated(received(at, group)) else { continue };
        if !flows.web.between(group.0, None).is_ok_and(|between| !between.is_empty()) {
            continue;
        }
        if let Some(why) = not_modelled(subject, flows, group, None) {
            table.leave_out(format!("{}: {why}", subject.title(group)));
            continue;
        }
        let head = |what, unit| vec![subject.party(group), Cell::text(what), Cell::Unit(unit)];
        let mut row = head("own money received", money);
        let expected = seen.value(Reading::Expected, received(at, group), 0);
        row.extend(over_paths::cells(series, &expected, 0, &Value::exact(1.0)));
        table.push(row);
        let sent = mean_sent(subject, seen, group);
        if sent.amount().is_some_and(|sent| 0.0 < sent) {
            let mut row = head("of the mean of what it has sent", Unit::Share);
            let by = Value::exact(1.0).divide(&sent);
            row.extend(over_paths::cells(series, &expected, 0, &by));
            table.push(row);
        }
    }
    table.note("The share divides by a mean, so single paths may exceed 1; the mean cannot.");
    table
}

/// Mean money sent by a group to others over all paths, past flows included.
fn mean_sent(subject: &Subject<'_>, seen: &Seen<'_>, group: PartyRef) -> Value {
    let model = subject.model;
    let index = |party: PartyId| model.group(PartyRef(party.0));
    let sends = |from: PartyId, to: PartyId| {
        index(from) == group && index(to) != group && index(to) != PartyRef::OUTSIDE
    };
    let past = purchases::past(subject, Reading::Expected);
    let past = past.iter().filter(|(past, _)| sends(past.from, past.to)).map(|(_, amount)| amount);
    let mut sum = shares::sum(past);
    for (at, _) in subject.program.flows.iter().enumerate().filter(|(_, flow)| sends(flow.from, flow.to)) {
        let probe = Probe { quantity: Quantity::Payment(FlowId(at as u32)), span: Span::Month };
        let Some(series) = seen.simulated(probe) else { continue };
        for (at, mean) in series.mean.iter().enumerate() {
            let expected = seen.value(Reading::Expected, probe, at);
            let mean = if mean.is_finite() { *mean } else { 0.0 };
            sum = sum.plus(&over_paths::value(mean, &expected));
        }
    }
    sum
}
