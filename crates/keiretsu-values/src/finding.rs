//! Findings: sentences made from the numbers of tables, in which each number knows its place.
//!
//! ```
//! use keiretsu_values::{Cell, Column, Finding, FindingPart, Table, Unit, Value};
//! let columns = vec![Column::text("party"), Column::number("share", Unit::Share)];
//! let mut table = Table::new("example", "Shares", columns);
//! table.push(vec![Cell::text("lab"), Cell::Value(Value::at_least(0.5))]);
//! let finding = Finding::of_row(&table, 0, "{party} has {share} of it.");
//! let FindingPart::Number(share) = &finding.parts[2] else { panic!("{finding:?}") };
//! assert_eq!(table.at(&share.address), Some(&share.value));
//! ```
//!
//! Invariant: the number of a finding is that of the cell at its address. Absent: words of numbers (views).

use crate::{Cell, Column, Id, Table, Unit, Value};

/// The place of a number: measure, table, row by its keys, and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellAddress {
    /// The measure.
    pub measure: String,
    /// The table, by its name in the measure.
    pub table: &'static str,
    /// The keys of the row: each column that names rows, and its word by the names of things.
    pub keys: Vec<(String, String)>,
    /// Which of several rows with these keys, from 0.
    pub ordinal: usize,
    /// The column of the number.
    pub column: String,
}

/// A number with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingNumber {
    /// Its place.
    pub address: CellAddress,
    /// The number.
    pub value: Value,
    /// Its unit.
    pub unit: Unit,
}

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum FindingPart {
    /// Words.
    Text(String),
    /// A thing of the model.
    Thing(Id),
    /// A number.
    Number(Box<FindingNumber>),
}

/// A sentence made from the numbers of tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    /// Its parts in their order.
    pub parts: Vec<FindingPart>,
}

impl Finding {
    /// A sentence without numbers.
    pub fn text(words: impl Into<String>) -> Self {
        Self { parts: vec![FindingPart::Text(words.into())] }
    }

    /// A sentence of one row: a key of a column in braces stands for what the row has there.
    ///
    /// # Panics
    /// If the table has no such row or column: a measure's own mistake, never a user's.
    pub fn of_row(table: &Table, row: usize, template: &str) -> Self {
        let mut parts = Vec::new();
        for piece in template.split_inclusive(['{', '}']) {
            match piece.strip_suffix('}') {
                Some(key) => parts.push(part(table, row, key)),
                None => parts.push(FindingPart::Text(piece.trim_end_matches('{').to_owned())),
            }
        }
        parts.retain(|part| *part != FindingPart::Text(String::new()));
        Self { parts }
    }

    /// This sentence followed by another part of it.
    #[must_use]
    pub fn then(mut self, more: Self) -> Self {
        self.parts.extend(more.parts);
        self
    }

    /// This sentence followed by more words.
    #[must_use]
    pub fn and(self, words: impl Into<String>) -> Self {
        self.then(Self::text(words))
    }

    /// Its numbers in their order.
    pub fn numbers(&self) -> impl Iterator<Item = &FindingNumber> {
        self.parts.iter().filter_map(|part| match part {
            FindingPart::Number(number) => Some(&**number),
            _ => None,
        })
    }
}

fn part(table: &Table, row: usize, key: &str) -> FindingPart {
    let Some(column) = table.column(key) else { panic!("`{}` has no column `{key}`", table.measure) };
    match &table.rows[row][column] {
        Cell::Value(value) => FindingPart::Number(Box::new(FindingNumber {
            address: table.address(row, column),
            value: value.clone(),
            unit: table.unit(row, column).unwrap_or(Unit::Number { digits: 2 }),
        })),
        Cell::Id(id) => FindingPart::Thing(id.clone()),
        cell => {
            let words = cell.label().filter(|words| !words.is_empty());
            FindingPart::Text(words.unwrap_or_else(|| "none".to_owned()))
        }
    }
}

impl Table {
    /// The address of a cell.
    pub fn address(&self, row: usize, column: usize) -> CellAddress {
        let keys = self.keys_of(row);
        let ordinal = (0..row).filter(|other| self.keys_of(*other) == keys).count();
        CellAddress {
            measure: self.measure.clone(),
            table: self.name,
            keys,
            ordinal,
            column: self.columns[column].key.clone(),
        }
    }

    /// The number at an address; none where the table has none there.
    pub fn at(&self, address: &CellAddress) -> Option<&Value> {
        if (self.measure.as_str(), self.name) != (address.measure.as_str(), address.table) {
            return None;
        }
        let column = self.column(&address.column)?;
        let mut rows = (0..self.rows.len()).filter(|row| self.keys_of(*row) == address.keys);
        self.rows[rows.nth(address.ordinal)?][column].value()
    }

    /// Each column that names rows, with its word in a row by the names of things; empty ones are left out.
    fn keys_of(&self, row: usize) -> Vec<(String, String)> {
        let named = self.columns.iter().zip(&self.rows[row]).take(self.keys());
        let word = |(column, cell): (&Column, &Cell)| Some((column.key.clone(), cell.key()?));
        named.filter_map(word).filter(|(_, word)| !word.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_same_keys_are_told_apart() {
        let mut table = Table::new("x", "X", vec![Column::text("of"), Column::number("n", Unit::Multiple)]);
        for number in [1.0, 2.0] {
            table.push(vec![Cell::text("same"), Cell::exact(number)]);
        }
        let second = table.address(1, 1);
        assert_eq!((second.ordinal, table.at(&second)), (1, Some(&Value::exact(2.0))));
        let elsewhere = CellAddress { measure: "y".to_owned(), ..second };
        assert_eq!(table.at(&elsewhere), None);
    }
}
