//! The basis of all numbers: parties, contracts, assumptions, conflicts, figures, published figures,
//! documents.

use std::collections::BTreeMap;

use keiretsu_model::{Model, TIERS};
use keiretsu_views::html::{self, escaped};

use super::anchors::Anchors;
use super::{Material, Part};
use crate::{AskError, show};

/// Who, what in words, when, and where it stands.
pub(crate) fn contracts(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let lead = "Who owes or invests, what in words, when, and where it stands. Names lead to the figures.";
    Ok(topic(material, "contracts", "contracts", "Contracts and holdings", lead))
}

/// The parties, each with its own figures in words.
pub(crate) fn parties(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let lead = "Names lead to the figures.";
    Ok(topic(material, "parties", "parties", "Parties", lead))
}

/// The assumptions of the analyst.
pub(crate) fn assumptions(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let lead = "What no document says. Change these first.";
    Ok(topic(material, "assumptions", "assumptions", "Assumptions", lead))
}

/// Where documents disagree.
pub(crate) fn conflicts(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let lead = "Where documents disagree, which of them counts, and how the others differ.";
    Ok(topic(material, "conflicts", "conflicts", "Conflicts", lead))
}

/// Every figure in its words.
pub(crate) fn figures(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let lead = "Every figure of the model in its words and in three readings.";
    Ok(topic(material, "figures", "figures", "Figures", lead))
}

/// Published figures that are no contracts.
pub(crate) fn reports(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let lead = "What was published about parties beside their contracts. No run reads it.";
    Ok(topic(material, "reports", "reports", "Published figures", lead))
}

fn topic(
    material: &Material<'_>,
    name: &str,
    id: &'static str,
    title: &'static str,
    lead: &str,
) -> Option<Part> {
    let tables = (show::by_name(name)?.tables)(&material.subject);
    let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
    if rows == 0 {
        return None;
    }
    let tables: String = tables.iter().map(|table| html::linked(table, &material.anchors)).collect();
    // Long lists are there for whoever looks something up.
    let open = if rows <= 25 { " open" } else { "" };
    let body = format!("<details{open}><summary>{rows} rows</summary>\n{tables}</details>\n");
    Some(Part { id, title, lead: lead.to_owned(), body })
}

/// The documents by number, each with the words that the model quotes from it.
pub(crate) fn documents(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let sources = &material.subject.model.sources;
    if sources.is_empty() {
        return Ok(None);
    }
    let quotes = quotes(material.subject.model);
    let line = |(at, source): (usize, &keiretsu_model::Source)| {
        let mut words = vec![escaped(&source.title)];
        words.extend(source.by.as_deref().map(escaped));
        words.extend(source.date.map(|when| when.text()));
        words.extend(source.tier.map(|tier| TIERS[tier].to_owned()));
        let link = source.url.as_deref().filter(|url| url.starts_with("http"));
        let link = link.map_or(String::new(), |url| {
            format!(" <a href=\"{0}\" rel=\"noreferrer\">{0}</a>", escaped(url))
        });
        let quoted = quotes.get(&at).map_or(String::new(), |quotes| quoted(material, quotes));
        format!("<li id=\"source-{}\">{}{link}{quoted}</li>\n", at + 1, words.join(", "))
    };
    let list: String = sources.iter().enumerate().map(line).collect();
    let body = format!("<ol>\n{list}</ol>\n");
    let lead = "The numbers in brackets. Nothing on this page was fetched; links leave it.".to_owned();
    Ok(Some(Part { id: "sources", title: "Documents", lead, body }))
}

/// Quotations by document, each with the figure that rests on it.
fn quotes(model: &Model) -> BTreeMap<usize, Vec<(String, String)>> {
    let mut quotes: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
    model.entries(&mut |path, entry| {
        let Some(quote) = &entry.basis.quote else { return };
        for source in &entry.basis.sources {
            quotes.entry(source.at()).or_default().push((path.to_owned(), quote.clone()));
        }
    });
    quotes
}

fn quoted(material: &Material<'_>, quotes: &[(String, String)]) -> String {
    let line = |(path, quote): &(String, String)| {
        let path = Anchors::linked(path, material.anchors.figure_of(path).as_deref());
        format!("<li>{path}: “{}”</li>\n", escaped(quote))
    };
    let lines: String = quotes.iter().map(line).collect();
    format!("<ul>\n{lines}</ul>\n")
}
