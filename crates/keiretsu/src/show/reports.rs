//! Figures published about parties, other than contracts, by party, subject and date.

use keiretsu_measures::Subject;
use keiretsu_values::{Cell, ColumnSpec, Entity, Table, TableSpec};

use super::words;

/// Published figures that are no contracts.
pub(crate) const REPORTS: TableSpec = TableSpec::new(
    "reports",
    "reports",
    "Published figures beside contracts",
    &[&[
        ColumnSpec::party("party", "the party that the figure is of"),
        ColumnSpec::text("of", "the thing that is reported: backlog, revenue, capex ..."),
        ColumnSpec::party("counterparty", "the counterparty whose part it is"),
        ColumnSpec::text("on", "the date or span that it is for"),
        ColumnSpec::text("words", "the figure in the words of the source"),
        ColumnSpec::text("basis", "how it was measured").minor(),
        ColumnSpec::text("source", "its sources").minor(),
        ColumnSpec::id("report", Entity::Report, "the name of the report in the text").minor(),
    ]],
)
.of_each("report");

/// One row a report.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let mut table = subject.table(&REPORTS);
    let mut reports: Vec<_> = model.reports.iter().collect();
    reports.sort_by_key(|report| (report.party, &report.of, report.counterparty, report.on.last));
    for report in reports {
        let basis = report.record.entry("figure").map(|entry| words::sources(model, &entry.basis));
        table.push(vec![
            subject.party(report.party),
            Cell::text(&report.of),
            report.counterparty.map_or(Cell::Empty, |party| subject.party(party)),
            Cell::text(report.on.text()),
            words::term(model, &report.record, "figure"),
            words::term(model, &report.record, "basis"),
            basis.map_or(Cell::Empty, Cell::text),
            Cell::named(&report.name),
        ]);
    }
    vec![table]
}
