//! Concentration as published: what a party, or somebody about it, said of the part of one counterparty.

use keiretsu_model::{Model, Report};
use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Dimension, Entity, Table, TableSpec, Unit, Value};

use super::NAME;
use super::tables::{AMOUNT, SHARE};
use crate::{Query, Subject};

pub(super) const REPORTED: TableSpec = TableSpec::new(
    NAME,
    "reported",
    "Concentration as published",
    &[&[
        ColumnSpec::party("party", "the party that the report is about"),
        ColumnSpec::text("of", "what is reported: backlog, revenue, capex, commitments or debt"),
        ColumnSpec::party("counterparty", "the party that has a part of it"),
        ColumnSpec::text("on", "the time for which it was published"),
        ColumnSpec::unit(),
        ColumnSpec::measured("amount", "the counterparty's part of the total").by(AMOUNT),
        ColumnSpec::measured("total", "the total as published for that time")
            .titled("of a total of")
            .by("the total as published"),
        ColumnSpec::share("share", "the part as a share of the total").by(SHARE),
        ColumnSpec::id("report", Entity::Report, "the report of the part"),
    ]],
)
.filled_by("`[reports.NAME]` of revenue or backlog that name a `counterparty`")
.of_each("report")
.by_size("share");

/// One row a report that names a counterparty; no table where there is none. A share is a share of the report
/// of the same thing without a counterparty, for the same time.
pub(super) fn table(subject: &Subject<'_>, query: &Query) -> Option<Table> {
    let model = subject.model;
    let reading = query.reading.unwrap_or(Reading::Expected);
    let mut table = subject.table(&REPORTED);
    table.reading = Some(reading.name().to_owned());
    for report in model.reports.iter().filter(|report| query.wants(model.group(report.party))) {
        let (Some(counterparty), true) = (report.counterparty, PARTS.contains(&report.of.as_str())) else {
            continue;
        };
        let total = total(model, report);
        let (unit, [amount, total, share]) = numbers(model, reading, report, total);
        table.push(vec![
            subject.party(report.party),
            Cell::text(&report.of),
            subject.party(counterparty),
            Cell::text(report.on.text()),
            Cell::Unit(unit),
            Cell::Value(amount),
            Cell::Value(total),
            Cell::Value(share),
            Cell::named(&report.name),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Reported totals that counterparties have parts of.
const PARTS: [&str; 5] = ["backlog", "revenue", "capex", "commitments", "debt"];

/// The total of which a report is a part: on the same basis, else where one of the two states none. Two
/// stated bases that differ make no share.
fn total<'a>(model: &'a Model, part: &Report) -> Option<&'a Report> {
    let basis = |report: &Report| report.record.text("basis").map(str::to_owned);
    let own = basis(part);
    let totals = || model.reports.iter().filter(|other| is_total(part, other));
    let alike = totals().find(|other| basis(other) == own);
    alike.or_else(|| totals().find(|other| own.is_none() || basis(other).is_none()))
}

fn is_total(part: &Report, other: &Report) -> bool {
    let same = part.party == other.party && part.of == other.of && part.on.last == other.on.last;
    same && other.counterparty.is_none()
}

/// The unit of a report, and its amount, total and share in a reading.
fn numbers(model: &Model, reading: Reading, part: &Report, total: Option<&Report>) -> (Unit, [Value; 3]) {
    let figure = |report: &Report| {
        let stated = report.figure()?;
        Some((model.readings(stated)[reading].clone(), stated.figure.dimension))
    };
    let unknown = Value::unknown("no total is published for that time on that basis");
    let none = || (unknown.clone(), Dimension::MONEY);
    let (said, dimension) = figure(part).unwrap_or_else(none);
    let (whole, of_whole) = total.and_then(figure).unwrap_or_else(none);
    let unit = |dimension: Dimension| match dimension {
        Dimension::MONEY_RATE => Unit::MoneyPerYear(model.currency),
        _ => Unit::Money(model.currency),
    };
    if dimension == Dimension::NUMBER {
        return (unit(of_whole), [whole.scaled(&said), whole, said]);
    }
    let share = if dimension == of_whole { said.divide(&whole) } else { unknown };
    // A row has one unit: a total per year says nothing beside an amount.
    let is_alike = unit(dimension) == unit(of_whole);
    let whole = if is_alike { whole } else { Value::unknown("no total is published in that unit") };
    (unit(dimension), [said, whole, share])
}
