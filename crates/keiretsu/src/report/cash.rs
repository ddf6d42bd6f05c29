//! Cash between parties by year, as two-column Sankeys of the expected reading.

use std::collections::BTreeMap;

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Cell, ColumnSpec, TableSpec, Unit, Value};
use keiretsu_views::amount::{inline, proved};
use keiretsu_views::chart::{self, Band};
use keiretsu_views::html::twin;

use super::{Material, Part, figure};
use crate::AskError;

/// Payments between parties in a year.
pub(crate) const PAID: TableSpec = TableSpec::new(
    "report",
    "paid",
    "Paid in a year",
    &[&[
        ColumnSpec::party("payer", "the party that pays"),
        ColumnSpec::party("payee", "the party that is paid"),
        ColumnSpec::text("for", "stakes, or service and others"),
        ColumnSpec::money("paid", "the amount paid in the year"),
    ]],
);

/// Payments of a flow by year.
pub(crate) fn paid(flow: u32) -> Probe {
    Probe { quantity: Quantity::Payment(FlowId(flow)), span: Span::Year }
}

/// Payments of one party to another in a year: for stakes, and for all else.
type Year = BTreeMap<(PartyRef, PartyRef, bool), f64>;

/// The years in which anything is paid between parties, the first open.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let years: Vec<(i16, Year)> = years(material).into_iter().filter(|(_, year)| !year.is_empty()).collect();
    if years.is_empty() {
        return Ok(None);
    }
    let mut body = String::new();
    for (at, (year, payments)) in years.iter().enumerate() {
        let open = if at == 0 { " open" } else { "" };
        let drawn = drawn(material, *year, payments);
        body.push_str(&format!("<details{open}><summary>{year}</summary>\n{drawn}</details>\n"));
    }
    let lead =
        "Who pays whom between the parties, year by year, in the expected reading on central paths. Each \
                party stands on both sides. Outside revenue and costs are not drawn."
            .to_owned();
    Ok(Some(Part { id: "cash", title: "Cash by year", lead, body }))
}

fn years(material: &Material<'_>) -> Vec<(i16, Year)> {
    let subject = &material.subject;
    let model = subject.model;
    let seen = material.run.seen();
    let mut years: Vec<(i16, Year)> =
        subject.program.years().map(|year| (year as i16, Year::new())).collect();
    for (at, flow) in subject.program.flows.iter().enumerate() {
        let (from, to) = (model.group(PartyRef(flow.from.0)), model.group(PartyRef(flow.to.0)));
        if from == PartyRef::OUTSIDE || to == PartyRef::OUTSIDE || from == to {
            continue;
        }
        let amounts = &seen.series(Reading::Expected, paid(at as u32)).mean;
        for ((_, year), amount) in years.iter_mut().zip(amounts) {
            if *amount > 0.0 {
                *year.entry((from, to, flow.tag == Tag::Equity)).or_default() += amount;
            }
        }
    }
    years
}

fn drawn(material: &Material<'_>, year: i16, payments: &Year) -> String {
    let subject = &material.subject;
    let unit = Unit::Money(subject.model.currency);
    let mut table = subject.table(&PAID);
    table.title = format!("Paid in {year}");
    let mut bands = Vec::new();
    for ((from, to, stock), amount) in payments {
        let ends = [subject.party(*from), subject.party(*to)];
        let (from, to) = (subject.title(*from), subject.title(*to));
        let value = Value::exact(*amount);
        let what = if *stock { "stakes" } else { "service and others" };
        let words = proved(&value, unit);
        table.push(ends.into_iter().chain([Cell::text(what), Cell::Value(value)]).collect());
        bands.push(Band { from, to, amount: *amount, words, stock: *stock });
    }
    for flow in &material.run.seen().run(Reading::Expected).left_out {
        let name = subject.side.flows.get(flow.at()).map_or("a flow", |flow| flow.name.as_str());
        table.leave_out(format!("{name}: its amount is unknown, so it is not drawn"));
    }
    let caption = match table.left_out.len() {
        0 => String::new(),
        1 => "1 contract of unknown amount is not drawn.".to_owned(),
        count => format!("{count} contracts of unknown amount are not drawn."),
    };
    let in_words = |sum| inline(&Value::exact(sum), unit);
    figure(&chart::sankey(&format!("Who pays whom in {year}"), &bands, &in_words), &twin(&table), &caption)
}
