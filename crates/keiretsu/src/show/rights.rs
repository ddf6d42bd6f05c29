//! Rights: to see, decide, use or block.

use keiretsu_measures::Subject;
use keiretsu_model::When;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec};

use super::words;

/// Rights and their holders.
pub(crate) const RIGHTS: TableSpec = TableSpec::new(
    "rights",
    "rights",
    "Rights",
    &[&[
        ColumnSpec::party("holder", "the party that has the right"),
        ColumnSpec::text("right", "the kind of right"),
        ColumnSpec::party("against", "the party that granted it"),
        ColumnSpec::text("scope", "what it is a right to"),
        ColumnSpec::text("from", "its first day"),
        ColumnSpec::text("until", "its last day"),
        ColumnSpec::contract("the contract that grants it").minor(),
        ColumnSpec::text("source", "its sources").minor(),
    ]],
)
.of_each("right");

/// One row a right.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let mut table = subject.table(&RIGHTS);
    let date = |when: &Option<When>| when.map_or(Cell::Empty, |when| Cell::text(when.text()));
    for right in &subject.side.rights {
        let contract = model.contract(right.contract).map_or("", |contract| contract.name.as_str());
        table.push(vec![
            Cell::named(&model.party(right.holder).name),
            Cell::text(&right.kind),
            Cell::named(&model.party(right.grantor).name),
            right.scope.as_ref().map_or(Cell::Empty, Cell::text),
            date(&right.from),
            date(&right.until),
            Cell::named(contract),
            Cell::text(words::sources(model, &right.basis)),
        ]);
    }
    vec![table]
}
