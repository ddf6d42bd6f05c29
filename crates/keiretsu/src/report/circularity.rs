//! How much of the money comes back, as intervals.

use keiretsu_measures::Query;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Table};
use keiretsu_views::chart::{self, Interval};
use keiretsu_views::html::twin;

use super::{Material, Part, figure};
use crate::AskError;

/// The pairs and the parties of `circularity`, in the expected reading.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let query = Query { reading: Some(Reading::Expected), ..Query::default() };
    let tables = material.measure("circularity", &query)?;
    let mut body = String::new();
    for table in tables.iter().filter(|table| table.column("lower_share").is_some()) {
        let list: Vec<Interval> = table.rows.iter().filter_map(|row| interval(table, row)).collect();
        if !list.is_empty() {
            let chart = chart::intervals(&table.title, &list);
            let title = keiretsu_views::html::escaped(&table.title);
            body.push_str(&format!("<h3>{title}</h3>\n{}", figure(&chart, &twin(table), "")));
        }
    }
    if body.is_empty() {
        return Ok(None);
    }
    let lead = "Of the cash that one sends another, the share that comes back later: no accounting \
                convention can leave the bar, and the dot is pro rata. Where cash in between is not \
                modelled, nothing is known but that it is between none and all."
        .to_owned();
    Ok(Some(Part { id: "circularity", title: "Circularity", lead, body }))
}

fn interval(table: &Table, row: &[Cell]) -> Option<Interval> {
    let cell = |key: &str| table.column(key).map(|at| &row[at]);
    let share = |key: &str| cell(key).and_then(Cell::value).and_then(keiretsu_values::Value::amount);
    let words = |key: &str| cell(key).and_then(Cell::label);
    let name = match (words("from"), words("to"), words("party")) {
        (Some(from), Some(to), _) => format!("{from} into {to}"),
        (_, _, Some(party)) => party,
        _ => return None,
    };
    let bounds = share("lower_share").zip(share("upper_share"));
    let points = share("middle_share").map(|middle| ("pro rata, dated".to_owned(), middle));
    let words = match bounds {
        Some((low, high)) => format!("{:.0}% to {:.0}%", low * 100.0, high * 100.0),
        None => "unknown".to_owned(),
    };
    Some(Interval { name, bounds, points: points.into_iter().collect(), words })
}
