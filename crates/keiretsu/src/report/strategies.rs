//! The strategy table, with the sources of each column.

use keiretsu_measures::Query;
use keiretsu_values::{Cell, Shown, Table};
use keiretsu_views::finding::sentence;
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
    let mut body: String = tables.iter().map(|table| grouped(material, table)).collect();
    for party in &model.strategies {
        let sources = cites::of_group(model, model.group(*party));
        let name = html::escaped(&material.subject.title(*party));
        body.push_str(&format!("<p class=\"note\">{name}: {}</p>\n", cites::Cites::all(&sources)));
    }
    let lead = "What each party has put in, what comes back, what it holds and what it can see.".to_owned();
    Ok(Some(Part { id: "strategies", title: "Strategies side by side", lead, body }))
}

/// How many groups of questions stand open: what was put in and what comes back come first.
const OPEN: usize = 2;

/// A table for each group of questions; a table without groups whole, for whoever opens it.
fn grouped(material: &Material<'_>, table: &Table) -> String {
    let Some(column) = table.column("group") else {
        let title = html::escaped(&table.title);
        let rows = html::linked(table, &material.anchors);
        return format!("<details><summary>{title}</summary>\n{rows}</details>\n");
    };
    let mut groups: Vec<String> = table.rows.iter().filter_map(|row| row[column].label()).collect();
    groups.dedup();
    let of_group = |(at, group): (usize, &String)| {
        let mut part = table.clone();
        part.rows.retain(|row| row[column].label().as_ref() == Some(group));
        part.rows.iter_mut().for_each(|row| row[column] = Cell::Empty);
        part.columns[column].shown = Shown::WhenFilled;
        part.title.clone_from(group);
        // What is said of the whole is said once.
        if Some(group) != groups.last() {
            part.notes.clear();
            part.left_out.clear();
        }
        part.findings.clear();
        let open = if at < OPEN { " open" } else { "" };
        let rows = html::linked(&part, &material.anchors);
        format!("<details{open}><summary>{}</summary>\n{rows}</details>\n", html::escaped(&part.title))
    };
    let findings = table.findings.iter().map(sentence);
    let findings: String = findings.map(|words| format!("<p>{}</p>\n", html::escaped(&words))).collect();
    findings + &groups.iter().enumerate().map(of_group).collect::<String>()
}
