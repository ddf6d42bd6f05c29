//! Rows of a measure's own tables to its findings: which row comes first, and how many cannot be read.
//!
//! Invariants: a finding quotes cells and makes no number of its own but counts of rows; what cannot be read
//! is counted, never passed over; of rows that cannot be told apart in size none is called the largest.

use keiretsu_values::{Finding, Reading, Table, Unit, Value};

/// Rows of one table.
#[derive(Clone, Debug)]
pub(crate) struct Picked<'t> {
    rows: Vec<PickedRow<'t>>,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PickedRow<'t> {
    table: &'t Table,
    at: usize,
}

/// What a row is, in one word and in the plural.
pub(crate) type Noun = (&'static str, &'static str);

impl<'t> Picked<'t> {
    /// All rows of the tables of a name; none where there is no such table.
    pub fn of(tables: &'t [Table], name: &str) -> Self {
        let tables = tables.iter().filter(|table| table.name == name);
        let rows = tables.flat_map(|table| (0..table.rows.len()).map(move |at| PickedRow { table, at }));
        Self { rows: rows.collect() }
    }

    /// Those for which something holds.
    pub fn that(&self, holds: impl Fn(&PickedRow<'t>) -> bool) -> Self {
        Self { rows: self.rows.iter().copied().filter(holds).collect() }
    }

    /// Those with a word in a column.
    pub fn with(&self, column: &str, word: &str) -> Self {
        self.that(|row| row.word(column) == word)
    }

    /// Those of one reading: firm, else the next that was asked for.
    pub fn in_one_reading(&self, column: &str) -> Self {
        let of = |reading: Reading| self.with(column, reading.name());
        let mut readings = Reading::ALL.into_iter().map(of);
        readings.find(|rows| !rows.is_empty()).unwrap_or_else(|| self.clone())
    }

    /// Those with an amount in a column that can be read and is not zero.
    pub fn readable(&self, column: &str) -> Self {
        self.that(|row| row.amount(column).is_some_and(|amount| 0.0 < amount.abs()))
    }

    /// Those with a number in a column of which nothing can be read.
    pub fn unknown(&self, column: &str) -> Self {
        self.that(|row| row.value(column).is_some_and(|value| value.amount().is_none()))
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn first(&self) -> Option<PickedRow<'t>> {
        self.rows.first().copied()
    }

    /// How many different words a column has.
    pub fn distinct(&self, column: &str) -> usize {
        let words: std::collections::BTreeSet<String> =
            self.rows.iter().map(|row| row.word(column)).collect();
        words.len()
    }

    /// The row with the largest amount in a column, the first of equals.
    pub fn largest(&self, column: &str) -> Option<PickedRow<'t>> {
        self.most(|row| row.amount(column))
    }

    /// The row with the smallest amount in a column, the first of equals.
    pub fn smallest(&self, column: &str) -> Option<PickedRow<'t>> {
        self.most(|row| row.amount(column).map(|amount| -amount))
    }

    /// The row with the most of something, the first of equals.
    pub fn most(&self, of: impl Fn(&PickedRow<'t>) -> Option<f64>) -> Option<PickedRow<'t>> {
        let mut best: Option<(f64, PickedRow<'t>)> = None;
        for row in &self.rows {
            let Some(amount) = of(row) else { continue };
            if best.is_none_or(|(most, _)| most < amount) {
                best = Some((amount, *row));
            }
        }
        best.map(|(_, row)| row)
    }

    /// The rows with a number in a column, the largest first, those that cannot be read last.
    pub fn by_size(&self, column: &str) -> Vec<PickedRow<'t>> {
        let mut rows = self.that(|row| row.value(column).is_some()).rows;
        let size = |row: &PickedRow<'t>| row.amount(column).unwrap_or(f64::NEG_INFINITY);
        rows.sort_by(|one, other| size(other).total_cmp(&size(one)));
        rows
    }

    /// The rows with an amount in a column that can be read, the largest first, whatever its sign.
    pub fn by_size_without_sign(&self, column: &str) -> Vec<PickedRow<'t>> {
        let size = |row: &PickedRow<'t>| row.amount(column).map_or(0.0, f64::abs);
        let mut rows = self.that(|row| row.amount(column).is_some()).rows;
        rows.sort_by(|one, other| size(other).total_cmp(&size(one)));
        rows
    }

    /// `the largest of 12 pairs`; `as read` where the bounds do not prove it, and how many cannot be read.
    pub fn largest_of(&self, column: &str, noun: Noun) -> String {
        let (readable, unknown) = (self.readable(column), self.unknown(column).len());
        let top = readable.largest(column);
        let is_beaten = |row: &PickedRow<'t>| {
            let least = top.and_then(|top| top.value(column)).map_or(f64::NEG_INFINITY, |v| v.set().low);
            let is_top = top.is_some_and(|top| top.at == row.at && std::ptr::eq(top.table, row.table));
            is_top || row.value(column).is_some_and(|value| value.set().high <= least)
        };
        let as_read = if readable.rows.iter().all(is_beaten) { "" } else { " as read" };
        match (readable.len(), unknown) {
            (1, 0) => format!("the only {}", noun.0),
            (known, 0) => format!("the largest{as_read} of {}", counted(known, noun)),
            (1, unknown) => format!("the only {} that can be read, of {}", noun.0, 1 + unknown),
            (known, unknown) => format!(
                "the largest{as_read} of the {} that can be read; {unknown} cannot",
                counted(known, noun)
            ),
        }
    }
}

impl<'t> PickedRow<'t> {
    /// A sentence of this row: a key of a column in braces stands for what it has there.
    pub fn say(self, template: &str) -> Finding {
        Finding::of_row(self.table, self.at, template)
    }

    /// A number of this row.
    pub fn value(self, column: &str) -> Option<&'t Value> {
        self.table.rows[self.at][self.table.column(column)?].value()
    }

    /// The unit of a number of this row.
    pub fn unit(self, column: &str) -> Option<Unit> {
        self.table.unit(self.at, self.table.column(column)?)
    }

    /// The amount of a number, where something can be read.
    pub fn amount(self, column: &str) -> Option<f64> {
        self.value(column)?.amount()
    }

    /// The word of a column, by the names of things; empty where there is none.
    pub fn word(self, column: &str) -> String {
        let at = self.table.column(column);
        at.and_then(|at| self.table.rows[self.at][at].key()).unwrap_or_default()
    }

    /// The row of the same table whose words are the same but for one column.
    pub fn beside(self, column: &str, word: &str) -> Option<Self> {
        let keys = &self.table.columns[..self.table.keys()];
        let same = |other: &Self| {
            let word_of = |key: &str| if key == column { word.to_owned() } else { self.word(key) };
            keys.iter().all(|key| other.word(&key.key) == word_of(&key.key))
        };
        let table = self.table;
        (0..table.rows.len()).map(|at| Self { table, at }).find(same).filter(|other| other.at != self.at)
    }
}

/// How many findings a measure has at the most.
const MOST: usize = 3;

/// The first findings that there are; where there is none, the words that say so.
pub(crate) fn or_else(all: impl IntoIterator<Item = Option<Finding>>, words: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> = all.into_iter().flatten().take(MOST).collect();
    if findings.is_empty() {
        findings.push(Finding::text(words));
    }
    findings
}

/// `1 pair`, `2 pairs`.
pub(crate) fn counted(number: usize, (one, many): Noun) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// ` is` after one, ` are` after more.
pub(crate) fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

#[cfg(test)]
mod tests {
    use keiretsu_values::{Cell, Column, Currency, Unit};

    use super::*;

    fn table(amounts: &[Value]) -> Table {
        let columns = vec![Column::text("who"), Column::number("much", Unit::Money(Currency::USD))];
        let mut table = Table::new("x", "X", columns);
        for (at, amount) in amounts.iter().enumerate() {
            table.push(vec![Cell::text(format!("p{at}")), Cell::Value(amount.clone())]);
        }
        table
    }

    fn first(amounts: &[Value]) -> String {
        let tables = [table(amounts)];
        let rows = Picked::of(&tables, "");
        rows.largest_of("much", ("pair", "pairs"))
    }

    #[test]
    fn the_largest_is_said_to_be_so_only_where_bounds_prove_it() {
        assert_eq!(first(&[Value::exact(2.0), Value::exact(5.0)]), "the largest of 2 pairs");
        assert_eq!(first(&[Value::at_least(2.0), Value::exact(5.0)]), "the largest as read of 2 pairs");
        assert_eq!(first(&[Value::at_least(5.0), Value::exact(2.0)]), "the largest of 2 pairs");
    }

    #[test]
    fn what_cannot_be_read_is_counted() {
        let unknown = || Value::undisclosed("why");
        assert_eq!(first(&[Value::exact(2.0)]), "the only pair");
        assert_eq!(first(&[unknown(), Value::exact(5.0)]), "the only pair that can be read, of 2");
        let three = [Value::exact(2.0), unknown(), Value::exact(5.0)];
        assert_eq!(first(&three), "the largest of the 2 pairs that can be read; 1 cannot");
    }

    #[test]
    fn rows_without_the_amount_are_no_largest() {
        let tables = [table(&[Value::undisclosed("why"), Value::exact(0.0)])];
        let rows = Picked::of(&tables, "");
        assert!(rows.readable("much").largest("much").is_none());
        assert_eq!((rows.unknown("much").len(), rows.len()), (1, 2));
        assert!(Picked::of(&tables, "other").is_empty());
    }
}
