//! Who may see, decide, use or block what.

use keiretsu_measures::Subject;
use keiretsu_model::When;
use keiretsu_values::{Cell, Column, Table};

use super::words;

/// One row a right.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let columns = ["holder", "right", "against", "scope", "from", "until", "contract", "source"];
    let mut table = subject.table("rights", "Rights", columns.map(Column::text).to_vec());
    let date = |when: &Option<When>| when.map_or(Cell::Empty, |when| Cell::text(when.text()));
    for right in &subject.side.rights {
        let contract = model.contract(right.contract).map_or("", |contract| contract.name.as_str());
        table.push(vec![
            Cell::text(&model.party(right.holder).name),
            Cell::text(&right.kind),
            Cell::text(&model.party(right.grantor).name),
            right.scope.as_ref().map_or(Cell::Empty, Cell::text),
            date(&right.from),
            date(&right.until),
            Cell::text(contract),
            Cell::text(words::sources(model, &right.basis)),
        ]);
    }
    vec![table]
}
