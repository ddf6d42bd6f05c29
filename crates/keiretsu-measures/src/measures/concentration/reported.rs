//! Concentration as published: what a party, or somebody about it, said of the part of one counterparty.

use keiretsu_model::{Model, Report};
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Column, Dimension, Table, Unit, Value};

use crate::{Query, Subject};

/// One row a report that names a counterparty; no table where there is none. A share is a share of the report
/// of the same thing without a counterparty, for the same time.
pub(super) fn table(subject: &Subject<'_>, query: &Query) -> Option<Table> {
    let model = subject.model;
    let reading = query.reading.unwrap_or(Reading::Expected);
    let columns = vec![
        Column::text("party"),
        Column::text("of"),
        Column::text("counterparty"),
        Column::text("on"),
        subject.money("amount"),
        subject.money("total").titled("of a total of"),
        Column::number("share", Unit::Share),
        Column::text("report"),
    ];
    let mut table = subject.table("concentration", "Concentration as published", columns);
    table.reading = Some(reading.name().to_owned());
    for report in model.reports.iter().filter(|report| query.wants(model.group(report.party))) {
        let (Some(counterparty), true) = (report.counterparty, PARTS.contains(&report.of.as_str())) else {
            continue;
        };
        let total = model.reports.iter().find(|other| is_total(report, other));
        let [amount, total, share] = numbers(model, reading, report, total);
        table.push(vec![
            Cell::text(subject.title(report.party)),
            Cell::text(&report.of),
            Cell::text(subject.title(counterparty)),
            Cell::text(report.on.text()),
            amount,
            total,
            share,
            Cell::text(&report.name),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What has parts that are counterparties.
const PARTS: [&str; 5] = ["backlog", "revenue", "capex", "commitments", "debt"];

fn is_total(part: &Report, other: &Report) -> bool {
    let same = part.party == other.party && part.of == other.of && part.on.last == other.on.last;
    same && other.counterparty.is_none()
}

/// Amount, total and share of a report, in a reading.
fn numbers(model: &Model, reading: Reading, part: &Report, total: Option<&Report>) -> [Cell; 3] {
    let figure = |report: &Report| {
        let stated = report.figure()?;
        Some((model.readings(stated)[reading].clone(), stated.figure.dimension))
    };
    let unknown = Value::unknown("no total is published for that time");
    let none = || (unknown.clone(), Dimension::MONEY);
    let (said, dimension) = figure(part).unwrap_or_else(none);
    let (whole, of_whole) = total.and_then(figure).unwrap_or_else(none);
    let money = |value: Value, dimension: Dimension| match dimension {
        Dimension::MONEY_RATE => Cell::Measured(value, Unit::MoneyPerYear(model.currency)),
        _ => Cell::Measured(value, Unit::Money(model.currency)),
    };
    if dimension == Dimension::NUMBER {
        let amount = whole.scaled(&said);
        return [money(amount, of_whole), money(whole, of_whole), Cell::Value(said)];
    }
    let share = if dimension == of_whole { said.divide(&whole) } else { unknown };
    [money(said, dimension), money(whole, of_whole), Cell::Value(share)]
}
