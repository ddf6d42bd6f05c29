//! What was published about parties beside contracts, by party, thing and date.

use keiretsu_measures::Subject;
use keiretsu_model::PartyRef;
use keiretsu_values::{Cell, Column, Table};

use super::words;

/// One row a report.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let columns = ["party", "of", "counterparty", "on", "words", "basis", "source", "report"];
    let mut table =
        subject.table("reports", "Published figures beside contracts", columns.map(Column::text).to_vec());
    let mut reports: Vec<_> = model.reports.iter().collect();
    reports.sort_by_key(|report| (report.party, &report.of, report.counterparty, report.on.last));
    for report in reports {
        let title = |party: PartyRef| Cell::text(&model.party(party).title);
        let basis = report.record.entry("figure").map(|entry| words::sources(model, &entry.basis));
        table.push(vec![
            title(report.party),
            Cell::text(&report.of),
            report.counterparty.map_or(Cell::Empty, title),
            Cell::text(report.on.text()),
            words::term(model, &report.record, "figure"),
            words::term(model, &report.record, "basis"),
            basis.map_or(Cell::Empty, Cell::text),
            Cell::text(&report.name),
        ]);
    }
    vec![table]
}
