//! Who is in a model.

use keiretsu_measures::Subject;
use keiretsu_model::PartyRef;
use keiretsu_values::{Cell, Column, Table, Unit};

use super::words;

/// One row a party, segments below their whole.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let count = |key: &str| Column::number(key, Unit::Number { digits: 0 });
    let columns = vec![
        Column::text("party"),
        Column::text("name"),
        Column::text("kind"),
        Column::text("part_of"),
        Column::text("cash"),
        Column::text("revenue").titled("revenue from outside"),
        Column::text("costs").titled("costs to outside"),
        Column::text("value"),
        count("owes").titled("contracts it owes"),
        count("is_owed").titled("contracts it is owed"),
    ];
    let mut table = subject.table("parties", "Parties", columns);
    for (at, party) in model.parties.iter().enumerate().skip(1) {
        let reference = PartyRef(at as u32);
        let owes = model.known_contracts().filter(|(_, contract)| contract.obligor == Some(reference));
        let is_owed = model.known_contracts().filter(|(_, contract)| contract.obligee == Some(reference));
        let whole = party.part_of.map_or(Cell::Empty, |whole| Cell::text(&model.party(whole).name));
        let term = |name| words::term(model, &party.record, name);
        table.push(vec![
            Cell::text(&party.name),
            Cell::text(&party.title),
            party.kind.as_ref().map_or(Cell::Empty, Cell::text),
            whole,
            term("cash"),
            term("revenue"),
            term("costs"),
            term("value"),
            Cell::exact(owes.count() as f64),
            Cell::exact(is_owed.count() as f64),
        ]);
    }
    vec![table]
}
