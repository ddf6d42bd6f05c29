//! A table to its totals: the sums of the columns that add, one row for each reading.
//!
//! A total over a part that is unknown is the end that is proved: the least, else the most. A measure that
//! has totals among its own rows gets no others.

use crate::{Bound, Cell, ColumnKind, Reading, Set, Table, Value};

/// The word where a total has no thing.
pub const TOTAL: &str = "total";

type Row = Vec<Cell>;

impl Table {
    /// The columns by which rows are versions of one thing.
    pub fn versions(&self) -> Vec<usize> {
        let named: Vec<usize> = self.screen.versions.iter().filter_map(|key| self.column(key)).collect();
        let is_reading = |at: &usize| self.columns[*at].kind == ColumnKind::Reading;
        if named.is_empty() { (0..self.columns.len()).filter(is_reading).collect() } else { named }
    }

    /// Whether a row is a total of its measure: a word where the others have things.
    pub fn is_total(&self, cells: &[Cell]) -> bool {
        let names_things =
            self.columns.first().is_some_and(|column| matches!(column.kind, ColumnKind::Id(_)));
        names_things && matches!(cells.first(), Some(Cell::Text(_)))
    }

    /// The sums over its rows, where it has several and no totals of its own.
    pub fn totals(&self) -> Vec<Row> {
        if self.rows.iter().any(|row| self.is_total(row)) {
            return vec![];
        }
        let adding: Vec<usize> = (0..self.columns.len()).filter(|at| self.columns[*at].adds).collect();
        let versions = self.versions();
        let is_thing = |at: &usize| !versions.contains(at);
        let things = |row: &Row| -> Vec<Option<String>> {
            (0..self.keys()).filter(is_thing).map(|at| row[at].key()).collect()
        };
        let is_several = self.rows.iter().any(|row| things(row) != things(&self.rows[0]));
        if adding.is_empty() || !is_several {
            return vec![];
        }
        let version = |row: &Row| -> Row { versions.iter().map(|at| row[*at].clone()).collect() };
        let mut all: Vec<Row> = vec![];
        for row in &self.rows {
            if !all.contains(&version(row)) {
                all.push(version(row));
            }
        }
        all.sort_by_key(|version| version.iter().map(place).collect::<Vec<_>>());
        all.iter().map(|of| self.total(of, &versions, &adding)).collect()
    }

    /// The same with its totals behind its rows.
    #[must_use]
    pub fn with_totals(mut self) -> Self {
        let totals = self.totals();
        self.rows.extend(totals);
        self
    }

    fn total(&self, of: &Row, versions: &[usize], adding: &[usize]) -> Row {
        let is_of = |row: &&Row| versions.iter().zip(of).all(|(at, cell)| row[*at] == *cell);
        let mut cells = vec![Cell::Empty; self.columns.len()];
        cells[0] = Cell::text(TOTAL);
        for (at, cell) in versions.iter().zip(of) {
            cells[*at] = cell.clone();
        }
        for at in adding {
            let values = self.rows.iter().filter(is_of).filter_map(|row| row[*at].value());
            let sum = values.cloned().reduce(|sum, value| sum.plus(&value));
            cells[*at] = sum.map_or(Cell::Empty, |sum| Cell::Value(proved_end(&sum)));
        }
        cells
    }
}

/// The value itself, or the end of it that is proved where the amount as read is no bound.
pub fn proved_end(value: &Value) -> Value {
    let Set { low, high } = value.set();
    match value.bound() {
        Some(Bound::Open) if low.is_finite() && 0.0 < low.abs() => Value::at_least(low),
        Some(Bound::Open) if high.is_finite() => Value::known(high, Bound::AtMost),
        _ => value.clone(),
    }
}

/// Readings stand in their usual order.
fn place(reading: &Cell) -> usize {
    let name = reading.key().unwrap_or_default();
    Reading::ALL.iter().position(|reading| reading.name() == name).unwrap_or(Reading::ALL.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ColumnSpec, Currency, TableSpec};

    const OWED: TableSpec = TableSpec::new(
        "owed",
        "owed",
        "What is owed",
        &[&[
            ColumnSpec::party("party", "who owes"),
            ColumnSpec::reading(),
            ColumnSpec::money("due", "how much").adds(),
        ]],
    );

    fn owed(rows: &[(&str, &str, Value)]) -> Table {
        let mut table = Table::declared(&OWED, Currency::USD);
        for (party, reading, due) in rows {
            table.push(vec![Cell::named(party), Cell::text(*reading), Cell::Value(due.clone())]);
        }
        table
    }

    #[test]
    fn a_total_is_the_sum_of_each_reading_and_the_least_over_an_unknown_part() {
        let unknown = Value::unread("undisclosed", Set::NOT_NEGATIVE);
        let table = owed(&[
            ("a", "headline", Value::exact(7.0)),
            ("a", "firm", Value::exact(5.0)),
            ("b", "headline", Value::exact(2.0)),
            ("b", "firm", unknown),
        ]);
        let totals = table.totals();
        let said = |row: &Row| (row[1].key().unwrap_or_default(), row[2].value().cloned());
        // By hand: 5 and something undisclosed; 7 + 2.
        assert_eq!(said(&totals[0]).0, "firm");
        let least = said(&totals[0]).1.expect("a sum");
        assert_eq!((least.amount(), least.bound()), (Some(5.0), Some(Bound::AtLeast)));
        assert_eq!(said(&totals[1]), ("headline".to_owned(), Some(Value::exact(9.0))));
        assert_eq!(table.with_totals().totals(), Vec::<Row>::new(), "totals are not added again");
    }

    #[test]
    fn one_thing_has_no_total() {
        let table = owed(&[("a", "firm", Value::exact(5.0)), ("a", "headline", Value::exact(7.0))]);
        assert_eq!(table.totals(), Vec::<Row>::new());
    }
}
