//! Every figure in its words and in the three readings, with its source or assumption; then what contracts
//! leave unsaid.

use keiretsu_measures::Subject;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit};

use super::{facts, words};

/// Every figure in the three readings.
pub(crate) const FIGURES: TableSpec = TableSpec::new(
    "figures",
    "figures",
    "Figures",
    &[&[
        ColumnSpec::text("figure", "the dotted path of the figure"),
        ColumnSpec::text("words", "its words in the text"),
        ColumnSpec::unit(),
        ColumnSpec::measured("firm", "the figure in the firm reading"),
        ColumnSpec::text("firm_words", "its words where no unit of tables fits").minor().instead_of("firm"),
        ColumnSpec::measured("expected", "the figure in the expected reading"),
        ColumnSpec::text("expected_words", "its words where no unit of tables fits")
            .minor()
            .instead_of("expected"),
        ColumnSpec::measured("headline", "the figure in the headline reading"),
        ColumnSpec::text("headline_words", "its words where no unit of tables fits")
            .minor()
            .instead_of("headline"),
        ColumnSpec::text("source", "the sources of the figure, or `ours`"),
        ColumnSpec::text("quote", "the quoted words").minor(),
    ]],
)
.of_each("figure");

/// One row a figure.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let mut table = subject.table(&FIGURES);
    model.entries(&mut |path, entry| {
        for (key, stated) in words::stated(entry) {
            let source = words::sources(model, &entry.basis);
            let unit = words::unit(model, stated).map_or(Unit::Number { digits: 2 }, |(unit, _)| unit);
            let mut row = vec![Cell::text(format!("{path}{key}")), Cell::text(&stated.figure.words)];
            row.push(Cell::Unit(unit));
            for value in [stated.firm(), stated.expected(), stated.headline()] {
                row.extend(words::reading(model, stated, &value));
            }
            row.push(Cell::text(if source.is_empty() { "ours".to_owned() } else { source }));
            row.push(entry.basis.quote.as_ref().map_or(Cell::Empty, Cell::text));
            table.push(row);
        }
    });
    let unsaid = |table: &mut Table, path: &str| {
        let mut row =
            vec![Cell::text(path), Cell::text("undisclosed"), Cell::Unit(Unit::Number { digits: 2 })];
        row.extend(["undisclosed"; 3].into_iter().flat_map(|word| [Cell::Empty, Cell::text(word)]));
        row.extend([Cell::Empty, Cell::Empty]);
        table.push(row);
    };
    for path in facts::undisclosed(model) {
        unsaid(&mut table, &path);
    }
    table.note("of a figure alone: a condition makes the firm reading of an instalment 0 (`show contracts`)");
    vec![table]
}
