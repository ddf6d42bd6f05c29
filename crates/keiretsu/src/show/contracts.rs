//! Contracts and holdings: obligor, obligee, terms in words, dates, standing.

use keiretsu_contracts::side::Commitment;
use keiretsu_measures::Subject;
use keiretsu_model::record::{Content, Record};
use keiretsu_model::{Contract, ContractRef, Holding, PartyRef};
use keiretsu_values::{Cell, ColumnSpec, Entity, Table, TableSpec};

use super::words;

/// Contracts and holdings in words.
pub(crate) const CONTRACTS: TableSpec = TableSpec::new(
    "contracts",
    "contracts",
    "Contracts and holdings",
    &[&[
        ColumnSpec::id("name", Entity::Contract, "the contract, its tranche, or the holding"),
        ColumnSpec::text("type", "the type of the contract, or `holding`"),
        ColumnSpec::text("from", "the party that owes, invests or holds"),
        ColumnSpec::text("to", "the party that is owed, or the issuer"),
        ColumnSpec::text("standing", "the standing of the commitment"),
        ColumnSpec::text("terms", "its terms in the words of the text"),
        ColumnSpec::text("dates", "its dates").minor(),
        ColumnSpec::text("source", "the sources of its statements").minor(),
    ]],
)
.of_each("contract");

/// One row a contract, or one an instalment where it has several; then the holdings.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let mut table = subject.table(&CONTRACTS);
    for (reference, contract) in subject.model.known_contracts() {
        let record = contract.record();
        let tranches = record.tables("tranches");
        if tranches.is_empty() {
            table.push(row(subject, reference, contract, None, record));
        }
        for (name, _, tranche) in tranches {
            table.push(row(subject, reference, contract, Some(name), tranche));
        }
    }
    for holding in &subject.model.holdings {
        table.push(held(subject, holding));
    }
    table.note("from owes or invests, to is owed; a holding runs from its owner to its issuer");
    vec![table]
}

fn row(
    subject: &Subject<'_>,
    reference: ContractRef,
    contract: &Contract,
    tranche: Option<&String>,
    record: &Record,
) -> Vec<Cell> {
    let of =
        |commitment: &&Commitment| commitment.contract == reference && commitment.tranche.as_ref() == tranche;
    let commitments: Vec<&Commitment> = subject.side.commitments.iter().filter(of).collect();
    let name = match tranche {
        Some(tranche) => format!("{}.{tranche}", contract.name),
        None => contract.name.clone(),
    };
    let from = contract.obligor.map_or(Cell::Empty, |party| Cell::text(name_of(subject, party)));
    vec![
        Cell::named(&name),
        Cell::text(contract.spec.keyword),
        from,
        obligees(subject, contract, &commitments),
        standing(contract, &commitments),
        terms(subject, record),
        dates(record),
        source(subject, record),
    ]
}

fn name_of<'a>(subject: &'a Subject<'_>, party: PartyRef) -> &'a str {
    &subject.model.party(party).name
}

/// The obligee, or all of them where there are several.
fn obligees(subject: &Subject<'_>, contract: &Contract, commitments: &[&Commitment]) -> Cell {
    if let Some(party) = contract.obligee {
        return Cell::text(name_of(subject, party));
    }
    let mut names: Vec<&str> = commitments.iter().map(|commitment| name_of(subject, commitment.to)).collect();
    names.dedup();
    if names.is_empty() { Cell::Empty } else { Cell::text(names.join(", ")) }
}

/// As its terms say; as stated, or as nothing, where it commits to no amount.
fn standing(contract: &Contract, commitments: &[&Commitment]) -> Cell {
    match (commitments.first(), contract.standing) {
        (Some(first), _) if first.is_unconfirmed() => Cell::text("binding, due, payment unconfirmed"),
        (Some(first), _) => Cell::text(first.standing.word()),
        (None, Some(stated)) => Cell::text(stated.word()),
        (None, None) if contract.superseded_by.is_some() => Cell::text("terminated"),
        (None, None) => Cell::Empty,
    }
}

/// Figures, formulas, conditions and lists in their words, by name.
fn terms(subject: &Subject<'_>, record: &Record) -> Cell {
    let mut parts = Vec::new();
    record.walk("", &mut |path, entry| {
        let is_said = match entry.content {
            Content::Figure(_) | Content::Formula(..) | Content::Shares(_) => true,
            Content::Texts(_) => entry.name != "assumed",
            _ => false,
        };
        if is_said {
            let words = words::entry(subject.model, entry);
            parts.push(if path == "amount" { words } else { format!("{path} {words}") });
        }
    });
    if parts.is_empty() { Cell::Empty } else { Cell::text(parts.join("; ")) }
}

fn dates(record: &Record) -> Cell {
    let dated = record.entries.iter().filter_map(|entry| match &entry.content {
        Content::When(when) if entry.name != "known" => Some(format!("{} {}", entry.name, when.text())),
        Content::Duration(..) if entry.name == "term" => Some(format!("{} {}", entry.name, entry.text)),
        _ => None,
    });
    let dated: Vec<String> = dated.collect();
    if dated.is_empty() { Cell::Empty } else { Cell::text(dated.join(", ")) }
}

/// The sources of the statements, each once.
fn source(subject: &Subject<'_>, record: &Record) -> Cell {
    let mut names = Vec::new();
    record.walk("", &mut |_, entry| {
        for name in subject.model.source_names(&entry.basis) {
            if !entry.basis.assumed && !names.contains(&name) {
                names.push(name);
            }
        }
    });
    if names.is_empty() { Cell::text("ours") } else { Cell::text(names.join(", ")) }
}

fn held(subject: &Subject<'_>, holding: &Holding) -> Vec<Cell> {
    vec![
        Cell::named(&holding.name),
        Cell::text("holding"),
        Cell::text(name_of(subject, holding.owner)),
        Cell::text(name_of(subject, holding.issuer)),
        Cell::Empty,
        terms(subject, &holding.record),
        dates(&holding.record),
        source(subject, &holding.record),
    ]
}
