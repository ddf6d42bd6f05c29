//! Losses at the failure of a party: bars of what they are made of, for the parties that are owed most.

use keiretsu_measures::Query;
use keiretsu_program::Reading;
use keiretsu_values::{Id, Table};
use keiretsu_views::chart::{Line, Segment, line};
use keiretsu_views::html::{escaped, linked, prose};
use keiretsu_views::known_amount;

use super::anchors::Anchors;
use super::relation::{Row, rows};
use super::{Material, Part, counted, with_table};
use crate::AskError;

/// How many failing parties are drawn, and how many who would lose of each.
const PANELS: usize = 6;
const BARS: usize = 8;
/// The parts of an exposure, with their colours.
const PARTS: [(&str, &str, &str); 5] = [
    ("holding", "s1", "holdings"),
    ("receivable", "s2", "due and unpaid"),
    ("undelivered", "s4", "paid and not delivered"),
    ("contract", "s3", "contracts"),
    ("guarantee", "s0", "guarantees"),
];

/// The first table of `exposure`, in the expected reading.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let query = Query { reading: Some(Reading::Expected), ..Query::default() };
    let tables = material.measure("exposure", &query)?;
    let Some(table) = tables.first().filter(|table| !table.rows.is_empty()) else { return Ok(None) };
    let panels = panels(&tables);
    if panels.is_empty() {
        return Ok(None);
    }
    let longest = panels.iter().flat_map(|panel| &panel.rows).map(|row| reach(*row)).fold(0.0, f64::max);
    let drawn: String = panels.iter().take(PANELS).map(|panel| panel.drawn(material, longest)).collect();
    let more: Vec<String> = panels.iter().skip(PANELS).map(|panel| panel.debtor.title.to_string()).collect();
    let more = match more.len() {
        0 => String::new(),
        _ => format!("<p class=\"note\">In the table only, with less: {}.</p>\n", escaped(&more.join(", "))),
    };
    let untold = rows(&tables, "at_once");
    let untold =
        untold.iter().filter(|row| row.value("exposure").is_some_and(|value| known_amount(value).is_none()));
    let untold = match untold.count() {
        0 => String::new(),
        many => {
            let many = counted(many, ("exposure", "exposures"));
            format!("<p class=\"note\">{many} cannot be told, and not drawn.</p>\n")
        }
    };
    let body = format!("{}<div class=\"panels\">\n{drawn}</div>\n{more}{untold}", key());
    let lead = format!(
        "{} if the other party failed, before recovery; one scale. The mark is the peak. Expected reading.",
        table.title.trim_end_matches(", before recovery")
    );
    let body = with_table(&body, &linked(table, &material.anchors));
    Ok(Some(Part { id: "exposure", title: "Exposure", lead, body }))
}

fn key() -> String {
    let part =
        |(_, class, words): &(&str, &str, &str)| format!("<span><i class=\"{class}\"></i>{words}</span>");
    let parts: String = PARTS.iter().map(part).collect();
    format!(
        "<p class=\"key\">{parts}<span><b></b>peak</span><span><i class=\"open\"></i>unknown</span></p>\n"
    )
}

/// Who would lose by one party, the most first.
struct Panel<'t> {
    debtor: &'t Id,
    rows: Vec<Row<'t>>,
}

fn panels(tables: &[Table]) -> Vec<Panel<'_>> {
    let mut panels: Vec<Panel<'_>> = Vec::new();
    for row in rows(tables, "at_once") {
        let Some(debtor) = row.id("debtor").filter(|_| row.amount("exposure").is_some()) else { continue };
        match panels.iter_mut().find(|panel| panel.debtor == debtor) {
            Some(panel) => panel.rows.push(row),
            None => panels.push(Panel { debtor, rows: vec![row] }),
        }
    }
    for panel in &mut panels {
        panel.rows.sort_by(|a, b| exposed(*b).total_cmp(&exposed(*a)));
    }
    let all = |panel: &Panel<'_>| panel.rows.iter().map(|row| exposed(*row)).sum::<f64>();
    panels.sort_by(|a, b| all(b).total_cmp(&all(a)));
    panels
}

fn exposed(row: Row<'_>) -> f64 {
    row.amount("exposure").unwrap_or(0.0)
}

/// How far a bar or its mark goes.
fn reach(row: Row<'_>) -> f64 {
    let parts: f64 = PARTS.iter().filter_map(|(key, _, _)| row.amount(key)).sum();
    parts.max(row.amount("peak").unwrap_or(0.0)).max(exposed(row))
}

impl Panel<'_> {
    fn drawn(&self, material: &Material<'_>, longest: f64) -> String {
        let name = Anchors::linked(&self.debtor.title, material.anchors.party(&self.debtor.name).as_deref());
        let bars: String = self.rows.iter().take(BARS).map(|row| self.bar(material, *row, longest)).collect();
        let more = match self.rows.len().saturating_sub(BARS) {
            0 => String::new(),
            more => format!("<p class=\"note\">{} with less.</p>\n", counted(more, ("party", "parties"))),
        };
        format!("<div>\n<h3>If {name} failed</h3>\n{bars}{more}</div>\n")
    }

    fn bar(&self, material: &Material<'_>, row: Row<'_>, longest: f64) -> String {
        let Some(creditor) = row.id("creditor") else { return String::new() };
        let part = |(key, class, words): &(&str, &str, &str)| match known_amount(row.value(key)?) {
            Some(amount) if 0.0 < amount => {
                Some(Segment::new(amount / longest, class, &format!("{words}: {}", row.words(key))))
            }
            Some(_) => None,
            None => Some(Segment::unknown(class, &format!("{words}: unknown"))),
        };
        let peak = row.amount("peak").map(|peak| (peak / longest, format!("peak {}", row.words("peak"))));
        let target = material.anchors.tie(&creditor.name, &self.debtor.name);
        let peak_words = match (row.words("peak"), row.word("peak_at")) {
            (peak, _) if peak.is_empty() || peak == row.words("exposure") => String::new(),
            (peak, at) => format!(", peak {peak} in {at}"),
        };
        let words = Anchors::linked(&row.words("exposure"), target.as_deref()) + &prose(&peak_words);
        let segments = PARTS.iter().filter_map(part).collect();
        format!(
            "<div class=\"row\"><div class=\"who\">{}</div><div class=\"bars apart\">{}</div></div>\n",
            escaped(&creditor.title),
            line(&Line { segments, tick: peak, words })
        )
    }
}
