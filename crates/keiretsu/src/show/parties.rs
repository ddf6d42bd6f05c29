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
        ColumnSpec::text("name", "its title").minor(),
        ColumnSpec::text("kind", "its kind as stated").minor(),
        ColumnSpec::text(
            "role",
            "its role: as stated, else by its kind, else by what its contracts have it do",
        )
        .minor(),
        ColumnSpec::party("part_of", "the party that it is a segment of"),
        ColumnSpec::text("cash", "its cash at as-of in the words of the text"),
        ColumnSpec::text("revenue", "its revenue from outside in the words of the text")
            .titled("revenue from outside")
            .minor(),
        ColumnSpec::text("costs", "its costs to outside in the words of the text")
            .titled("costs to outside")
            .minor(),
        ColumnSpec::text("value", "its value in the words of the text").minor(),
        ColumnSpec::number("owes", COUNT, "the number of contracts that it owes").titled("contracts it owes"),
        ColumnSpec::number("is_owed", COUNT, "the number of contracts that it is owed")
            .titled("contracts it is owed"),
    ]],
)
.of_each("party");

const COUNT: Unit = Unit::Number { digits: 0 };

/// One row a party, segments below their whole.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let mut table = subject.table(&PARTIES);
    for (at, party) in model.parties.iter().enumerate().skip(1) {
        let reference = PartyRef(at as u32);
        let owes = model.known_contracts().filter(|(_, contract)| contract.obligor == Some(reference));
        let is_owed = model.known_contracts().filter(|(of, contract)| match contract.obligee {
            Some(obligee) => obligee == reference,
            // A programme owes its suppliers, whom its commitments name.
            None => subject.side.commitments.iter().any(|one| one.contract == *of && one.to == reference),
        });
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
