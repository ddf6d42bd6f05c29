//! How much of the money comes back: ink only where something is proved.

use keiretsu_measures::Query;
use keiretsu_program::Reading;
use keiretsu_values::{Table, Unit, Value};
use keiretsu_views::chart::{Track, track};
use keiretsu_views::html::{escaped, linked};
use keiretsu_views::{between, known_amount};

use super::anchors::Anchors;
use super::relation::{Row, rows};
use super::{Material, Part, counted, with_table};
use crate::AskError;

/// How many rows are drawn of each table.
const DRAWN: usize = 16;
/// How many a sentence names.
const NAMED: usize = 4;

/// The pairs and the parties of `circularity`, in the expected reading.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let query = Query { reading: Some(Reading::Expected), ..Query::default() };
    let tables = material.measure("circularity", &query)?;
    let mut body = String::new();
    for (name, what) in [("pairs", ("pair", "pairs")), ("parties", ("party", "parties"))] {
        let sent: Vec<Row<'_>> = rows(&tables, name).into_iter().filter(sends).collect();
        let Some(table) = sent.first().map(|row| row.table) else { continue };
        body.push_str(&drawn(material, table, sent, what));
    }
    if body.is_empty() {
        return Ok(None);
    }
    let lead =
        "Of the money that one sends another, the share that comes back: no way of telling whose money \
                is spent can leave the bounds, and the mark is pro rata. Expected reading."
            .to_owned();
    Ok(Some(Part { id: "circularity", title: "Circularity", lead, body }))
}

const KEY: &str = "<p class=\"key\">\
<span><span class=\"track\"><i class=\"proved\" style=\"--w:0.5\"></i></span>proved to come back</span>\
<span><span class=\"track\"><i class=\"refuted\" style=\"--w:0.5\"></i></span>proved not to</span>\
<span><span class=\"track\"></span>cannot be told</span><span><b></b>pro rata</span></p>\n";

fn sends(row: &Row<'_>) -> bool {
    row.amount("sent").is_some()
}

fn drawn(material: &Material<'_>, table: &Table, sent: Vec<Row<'_>>, what: (&str, &str)) -> String {
    let (mut told, untold): (Vec<Row<'_>>, Vec<Row<'_>>) =
        sent.into_iter().partition(|row| proved(*row).says());
    told.sort_by(|a, b| b.amount("sent").unwrap_or(0.0).total_cmp(&a.amount("sent").unwrap_or(0.0)));
    let (nothing, some): (Vec<Row<'_>>, Vec<Row<'_>>) =
        told.into_iter().partition(|row| proved(*row).is_nothing());
    let lines: String = some.iter().take(DRAWN).map(|row| told_line(material, *row)).collect();
    let mut notes = Vec::new();
    if DRAWN < some.len() {
        notes.push(format!("{} more can be told.", counted(some.len() - DRAWN, what)));
    }
    if !nothing.is_empty() {
        let first: Vec<String> =
            nothing.iter().take(NAMED).filter_map(|row| Some(who(material, *row)?.0)).collect();
        let more = nothing.len() - first.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        notes.push(format!(
            "Of {} it is proved that nothing comes back: {}{more}.",
            counted(nothing.len(), what),
            first.join(", ")
        ));
    }
    if !untold.is_empty() {
        notes.push(format!(
            "Of {} it cannot be told: anything from none to all may come back.",
            counted(untold.len(), what)
        ));
    }
    let title = escaped(&table.title);
    let notes: String = notes.iter().map(|note| format!("<p>{}</p>\n", escaped(note))).collect();
    let key = if some.is_empty() { "" } else { KEY };
    with_table(&format!("<h3>{title}</h3>\n{key}{lines}{notes}"), &linked(table, &material.anchors))
}

/// What a row is about, and where it leads.
fn who(material: &Material<'_>, row: Row<'_>) -> Option<(String, Option<String>)> {
    match ["from", "to", "party"].map(|key| row.id(key)) {
        [Some(from), Some(to), _] => {
            Some((format!("{} to {}", from.title, to.title), material.anchors.tie(&from.name, &to.name)))
        }
        [_, _, Some(party)] => Some((party.title.to_string(), material.anchors.party(&party.name))),
        _ => None,
    }
}

fn told_line(material: &Material<'_>, row: Row<'_>) -> String {
    let Some((who, target)) = who(material, row) else { return String::new() };
    let words = in_words(row);
    format!(
        "<div class=\"told\"><span>{}</span>{}<span class=\"words\">{} of {}</span></div>\n",
        escaped(&who),
        track(&proved(row), &words),
        Anchors::linked(&words, target.as_deref()),
        escaped(&row.words("sent")),
    )
}

/// What is proved of the share of a row that comes back, and that by the convention of the question.
fn proved(row: Row<'_>) -> Track {
    let low = row.value("lower_share").map_or(0.0, |value| value.set().low);
    let high = row.value("upper_share").map_or(1.0, |value| value.set().high);
    let is_share = |share: f64, none: f64| if share.is_finite() { share.clamp(0.0, 1.0) } else { none };
    let point = row.value("middle_share").and_then(known_amount);
    Track { low: is_share(low, 0.0), high: is_share(high, 1.0), point }
}

/// The bounds of a row in the words that a screen has for them.
fn in_words(row: Row<'_>) -> String {
    let unknown = Value::unknown("not told");
    let share = |key| row.value(key).unwrap_or(&unknown);
    between(share("lower_share"), share("upper_share"), Unit::Share)
}
