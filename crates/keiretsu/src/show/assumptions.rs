//! Statements without a source, and the reason for each.

use keiretsu_measures::Subject;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec};

use super::facts;
use crate::Positions;

/// Statements without a source.
pub(crate) const ASSUMPTIONS: TableSpec = TableSpec::new(
    "assumptions",
    "assumptions",
    "Assumptions",
    &[&[
        ColumnSpec::text("assumption", "the statement without a source, or an assumed sentence"),
        ColumnSpec::text("words", "its words in the text"),
        ColumnSpec::text("because", "the reason that the text gives").minor(),
        ColumnSpec::text("place", "file and line").minor(),
    ]],
)
.of_each("assumption");

/// One row an assumption.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let places = Positions::new(&subject.model.document);
    let mut table = subject.table(&ASSUMPTIONS);
    for assumption in facts::assumptions(subject) {
        let place = assumption.span.map(|span| places.of(span));
        let words = if assumption.words.is_empty() { Cell::Empty } else { Cell::text(assumption.words) };
        table.push(vec![
            Cell::text(assumption.what),
            words,
            assumption.because.map_or(Cell::Empty, Cell::Text),
            place.map_or(Cell::Empty, |place| Cell::text(format!("{}:{}", place.file, place.line))),
        ]);
    }
    vec![table]
}
