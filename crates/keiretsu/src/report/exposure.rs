//! Losses of each party at the failure of another, as a heat map.

use keiretsu_measures::Query;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Table, Unit, Value};
use keiretsu_views::amount::proved;
use keiretsu_views::chart::{self, Heat};
use keiretsu_views::html::twin;

use super::{Material, Part, figure};
use crate::AskError;

/// The first table of `exposure`, in the expected reading.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let query = Query { reading: Some(Reading::Expected), ..Query::default() };
    let tables = material.measure("exposure", &query)?;
    let Some(table) = tables.first().filter(|table| !table.rows.is_empty()) else { return Ok(None) };
    let Some(heat) = heat(material, table) else { return Ok(None) };
    let body = figure(&chart::heat(&heat), &twin(table), "Rows would lose, columns fail; before recovery.");
    let lead =
        "Holdings, what is due, what is promised and not yet paid, and capacity that nobody else could \
                use, for each party on each other, in the expected reading."
            .to_owned();
    Ok(Some(Part { id: "exposure", title: "Exposure", lead, body }))
}

fn heat(material: &Material<'_>, table: &Table) -> Option<Heat> {
    let [exposed, to, amount] = ["creditor", "debtor", "exposure"].map(|key| table.column(key));
    let (exposed, to, amount) = (exposed?, to?, amount?);
    let mut heat = Heat { label: table.title.clone(), rows: vec![], columns: vec![], cells: vec![] };
    for row in &table.rows {
        for (names, cell) in [(&mut heat.rows, &row[exposed]), (&mut heat.columns, &row[to])] {
            let name = cell.label().unwrap_or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    heat.cells = vec![None; heat.rows.len() * heat.columns.len()];
    for row in &table.rows {
        let place = |names: &[String], cell: &Cell| {
            let name = cell.label()?;
            names.iter().position(|known| *known == name)
        };
        let at = place(&heat.rows, &row[exposed])? * heat.columns.len() + place(&heat.columns, &row[to])?;
        let value = row[amount].value().cloned().unwrap_or_else(|| Value::unknown("undisclosed"));
        let words = proved(&value, Unit::Money(material.subject.model.currency));
        heat.cells[at] = Some((value.amount(), words));
    }
    Some(heat)
}
