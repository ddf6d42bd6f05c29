//! The basis of all numbers: assumptions, conflicts, figures, published figures, documents.

use keiretsu_model::TIERS;
use keiretsu_views::html::{self, escaped};

use super::{Material, Part};
use crate::{AskError, show};

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
    let links = |names: &str| material.cites.links(names);
    let tables: String = tables.iter().map(|table| html::cited(table, "source", &links)).collect();
    // Long lists are there for whoever looks something up.
    let open = if rows <= 25 { " open" } else { "" };
    let body = format!("<details{open}><summary>{rows} rows</summary>\n{tables}</details>\n");
    Some(Part { id, title, lead: lead.to_owned(), body })
}

/// The documents by number.
pub(crate) fn documents(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let sources = &material.subject.model.sources;
    if sources.is_empty() {
        return Ok(None);
    }
    let line = |(at, source): (usize, &keiretsu_model::Source)| {
        let mut words = vec![escaped(&source.title)];
        words.extend(source.by.as_deref().map(escaped));
        words.extend(source.date.map(|when| when.text()));
        words.extend(source.tier.map(|tier| TIERS[tier].to_owned()));
        let link = source.url.as_deref().filter(|url| url.starts_with("http"));
        let link = link.map_or(String::new(), |url| {
            format!(" <a href=\"{0}\" rel=\"noreferrer\">{0}</a>", escaped(url))
        });
        format!("<li id=\"source-{}\">{}{link}</li>\n", at + 1, words.join(", "))
    };
    let list: String = sources.iter().enumerate().map(line).collect();
    let body = format!("<ol>\n{list}</ol>\n");
    let lead = "The numbers in brackets. Nothing on this page was fetched; links leave it.".to_owned();
    Ok(Some(Part { id: "sources", title: "Documents", lead, body }))
}
