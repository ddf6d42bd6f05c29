//! All contracts and holdings, each with its documents.

use keiretsu_views::html;

use super::{Material, Part};
use crate::{AskError, show};

/// The table of `show contracts`, with numbers of documents.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let topic = show::by_name("contracts").map(|topic| (topic.tables)(&material.subject));
    let tables = topic.unwrap_or_default();
    let body: String = tables
        .iter()
        .map(|table| html::cited(table, "source", &|names| material.cites.links(names)))
        .collect();
    let lead =
        "The table of the web: who owes or invests, what in words, when, and where it stands.".to_owned();
    Ok(Some(Part { id: "contracts", title: "Contracts and holdings", lead, body }))
}
