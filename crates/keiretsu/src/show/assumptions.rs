//! What rests on nobody but us, and why.

use keiretsu_measures::Subject;
use keiretsu_values::{Cell, Column, Table};

use super::facts;
use crate::Places;

/// One row an assumption.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let places = Places::new(&subject.model.document);
    let columns = ["assumption", "words", "because", "place"].map(Column::text);
    let mut table = subject.table("assumptions", "Assumptions", columns.to_vec());
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
