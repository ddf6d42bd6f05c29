//! The numbers of documents, and the links that lead to them.

use std::collections::BTreeSet;

use keiretsu_model::record::Record;
use keiretsu_model::{Model, PartyRef, SourceRef};

/// The documents of a model, numbered in the order of the text.
pub(crate) struct Cites {
    names: Vec<String>,
}

impl Cites {
    /// The documents of a model.
    pub fn of(model: &Model) -> Self {
        Self { names: model.sources.iter().map(|source| source.name.clone()).collect() }
    }

    /// The number of a document, as a link.
    pub fn link(source: SourceRef) -> String {
        let at = source.at();
        format!("<a href=\"#source-{}\">[{}]</a>", at + 1, at + 1)
    }

    /// Links for the names of documents between commas, as tables have them; other words stay.
    pub fn links(&self, names: &str) -> String {
        let link = |name: &str| match self.names.iter().position(|known| known == name) {
            Some(at) => Self::link(SourceRef(at as u32)),
            None => keiretsu_views::html::escaped(name),
        };
        names.split(", ").map(link).collect::<Vec<_>>().join(" ")
    }

    /// Links for a set of documents.
    pub fn all(sources: &BTreeSet<SourceRef>) -> String {
        sources.iter().map(|source| Self::link(*source)).collect::<Vec<_>>().join(" ")
    }
}

/// Every document that a record cites, in any of its figures.
pub(crate) fn cited(record: &Record, sources: &mut BTreeSet<SourceRef>) {
    sources.extend(record.sources());
    record.walk("", &mut |_, entry| sources.extend(entry.basis.sources.iter().copied()));
}

/// The sources of all contracts and holdings of a group.
pub(crate) fn of_group(model: &Model, group: PartyRef) -> BTreeSet<SourceRef> {
    let mut sources = BTreeSet::new();
    let is = |party: Option<PartyRef>| party.is_some_and(|party| model.group(party) == group);
    for (_, contract) in model.known_contracts() {
        if is(contract.obligor) || is(contract.obligee) {
            cited(contract.record(), &mut sources);
        }
    }
    for holding in &model.holdings {
        if is(Some(holding.owner)) || is(Some(holding.issuer)) {
            cited(&holding.record, &mut sources);
        }
    }
    sources
}
