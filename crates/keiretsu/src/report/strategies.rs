//! The strategy table, with the sources of each column.

use keiretsu_measures::Query;
use keiretsu_views::html;

use super::{Material, Part, cites};
use crate::AskError;

/// The parties that the model compares, side by side; nothing where it compares none.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let model = material.subject.model;
    if model.strategies.is_empty() {
        return Ok(None);
    }
    let tables = material.measure("compare", &Query::default())?;
    let mut body = String::new();
    for table in &tables {
        let title = html::escaped(&table.title);
        body.push_str(&format!("<h3>{title}</h3>\n{}", html::linked(table, &material.anchors)));
    }
    for party in &model.strategies {
        let sources = cites::of_group(model, model.group(*party));
        let name = html::escaped(&material.subject.title(*party));
        body.push_str(&format!("<p class=\"note\">{name}: {}</p>\n", cites::Cites::all(&sources)));
    }
    let lead = "What each party has put in, what comes back, what it holds and what it can see.".to_owned();
    Ok(Some(Part { id: "strategies", title: "Strategies side by side", lead, body }))
}
