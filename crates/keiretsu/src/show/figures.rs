//! Every figure in its words and in the three readings, with what it rests on.

use keiretsu_measures::Subject;
use keiretsu_values::{Cell, Column, Table};

use super::words;

/// One row a figure.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let columns = ["figure", "words", "firm", "expected", "headline", "source", "quote"].map(Column::text);
    let mut table = subject.table("figures", "Figures", columns.to_vec());
    model.entries(&mut |path, entry| {
        for (key, stated) in words::stated(entry) {
            let source = words::sources(model, &entry.basis);
            table.push(vec![
                Cell::text(format!("{path}{key}")),
                Cell::text(&stated.figure.words),
                words::reading(model, stated, &stated.firm()),
                words::reading(model, stated, &stated.expected()),
                words::reading(model, stated, &stated.headline()),
                Cell::text(if source.is_empty() { "ours".to_owned() } else { source }),
                entry.basis.quote.as_ref().map_or(Cell::Empty, Cell::text),
            ]);
        }
    });
    table.note("of a figure alone: a condition makes the firm reading of an instalment 0 (`show contracts`)");
    vec![table]
}
