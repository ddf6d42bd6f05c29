//! Rows of measures' tables, read by the keys of their columns.

use keiretsu_values::{Cell, Id, Table, Unit, Value};
use keiretsu_views::amount::{inline, unmarked};
use keiretsu_views::known_amount;

/// A row of a table.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    pub table: &'t Table,
    pub at: usize,
}

/// The rows of the table of a name; none where there is no such table.
pub(crate) fn rows<'t>(tables: &'t [Table], name: &str) -> Vec<Row<'t>> {
    let tables = tables.iter().filter(|table| table.name == name);
    tables.flat_map(|table| (0..table.rows.len()).map(move |at| Row { table, at })).collect()
}

impl<'t> Row<'t> {
    fn cell(self, key: &str) -> Option<&'t Cell> {
        Some(&self.table.rows[self.at][self.table.column(key)?])
    }

    /// The thing in a column.
    pub fn id(self, key: &str) -> Option<&'t Id> {
        match self.cell(key)? {
            Cell::Id(id) => Some(id),
            _ => None,
        }
    }

    /// The number in a column.
    pub fn value(self, key: &str) -> Option<&'t Value> {
        self.cell(key)?.value()
    }

    /// The amount in a column, where it can be read and is not zero.
    pub fn amount(self, key: &str) -> Option<f64> {
        known_amount(self.value(key)?).filter(|amount| *amount != 0.0)
    }

    /// The words that name the row in a column.
    pub fn word(self, key: &str) -> String {
        self.cell(key).and_then(Cell::label).unwrap_or_default()
    }

    /// The number of a column as people read it.
    pub fn words(self, key: &str) -> String {
        let unit = self.table.column(key).and_then(|at| self.table.unit(self.at, at));
        let unit = unit.unwrap_or(Unit::Number { digits: 2 });
        self.value(key).map_or(String::new(), |value| inline(value, unit))
    }
}

/// What is firm and what it comes to at the headline: `$13B firm, up to $33B`, or one of them where they are
/// alike.
pub(crate) fn firm_and_most(firm: &Value, most: &Value, unit: Unit) -> String {
    let [firm_words, most_words] = [firm, most].map(|value| inline(value, unit));
    if unmarked(&firm_words) == unmarked(&most_words) {
        return most_words;
    }
    let most_words = match most_words.strip_prefix('≤') {
        Some(words) => format!("up to {words}"),
        None => format!("{most_words} at the headline"),
    };
    match firm.amount() {
        Some(_) if firm.is_zero() => format!("nothing firm, {most_words}"),
        Some(_) => format!("{firm_words} firm, {most_words}"),
        None => format!("firm unknown, {most_words}"),
    }
}
