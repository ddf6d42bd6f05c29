//! The documents of a model, and how much rests on each.

use keiretsu_measures::Subject;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit};

/// Kinds of document by position, the most reliable first.
const TIERS: [&str; 5] = ["filing", "company", "press", "analyst", "seed"];

/// The documents of a model.
pub(crate) const SOURCES: TableSpec = TableSpec::new(
    "sources",
    "sources",
    "Sources",
    &[&[
        ColumnSpec::text("source", "the name of the document in the text"),
        ColumnSpec::text("title", "its title"),
        ColumnSpec::text("by", "its author or publisher"),
        ColumnSpec::date("date", "its date"),
        ColumnSpec::text("tier", "its kind, which decides whom to believe"),
        ColumnSpec::number("terms", Unit::Number { digits: 0 }, "the number of terms that rest on it")
            .minor()
            .titled("terms that rest on it"),
        ColumnSpec::text("url", "its address").minor(),
    ]],
)
.of_each("source");

/// One row a document.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let mut cited = vec![0_u32; model.sources.len()];
    model.entries(&mut |_, entry| {
        let counts = !entry.basis.assumed && entry.name != "source";
        for source in entry.basis.sources.iter().filter(|_| counts) {
            cited[source.at()] += 1;
        }
    });
    let mut table = subject.table(&SOURCES);
    let text = |text: &Option<String>| text.as_ref().map_or(Cell::Empty, Cell::text);
    for (source, cited) in model.sources.iter().zip(cited) {
        let tier = source.tier.and_then(|tier| TIERS.get(tier));
        table.push(vec![
            Cell::text(&source.name),
            Cell::text(&source.title),
            text(&source.by),
            source.date.map_or(Cell::Empty, |when| Cell::text(when.text())),
            tier.map_or(Cell::Empty, |tier| Cell::text(*tier)),
            Cell::exact(f64::from(cited)),
            text(&source.url),
        ]);
    }
    vec![table]
}
