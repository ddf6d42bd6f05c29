//! The parties of a model.

use keiretsu_measures::{Subject, role};
use keiretsu_model::PartyRef;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit};

use super::words;

/// The parties of a model.
pub(crate) const PARTIES: TableSpec = TableSpec::new(
    "parties",
    "parties",
    "Parties",
    &[&[
        ColumnSpec::party("party", "the name of the party in the text"),
        ColumnSpec::text("name", "its title"),
        ColumnSpec::text("kind", "its kind as stated"),
        ColumnSpec::text(
            "role",
            "its role: as stated, else by its kind, else by what its contracts have it do",
        ),
        ColumnSpec::party("part_of", "the party that it is a segment of"),
        ColumnSpec::text("cash", "its cash at as-of in the words of the text"),
        ColumnSpec::text("revenue", "its revenue from outside in the words of the text")
            .titled("revenue from outside"),
        ColumnSpec::text("costs", "its costs to outside in the words of the text").titled("costs to outside"),
        ColumnSpec::text("value", "its value in the words of the text"),
        ColumnSpec::number("owes", COUNT, "the number of contracts that it owes").titled("contracts it owes"),
        ColumnSpec::number("is_owed", COUNT, "the number of contracts that it is owed")
            .titled("contracts it is owed"),
    ]],
);

const COUNT: Unit = Unit::Number { digits: 0 };

/// One row a party, segments below their whole.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let mut table = subject.table(&PARTIES);
    for (at, party) in model.parties.iter().enumerate().skip(1) {
        let reference = PartyRef(at as u32);
        let owes = model.known_contracts().filter(|(_, contract)| contract.obligor == Some(reference));
        let is_owed = model.known_contracts().filter(|(_, contract)| contract.obligee == Some(reference));
        let whole = party.part_of.map_or(Cell::Empty, |whole| Cell::named(&model.party(whole).name));
        let term = |name| words::term(model, &party.record, name);
        table.push(vec![
            Cell::named(&party.name),
            Cell::text(&party.title),
            party.kind.as_ref().map_or(Cell::Empty, Cell::text),
            Cell::text(role(subject, reference)),
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
