//! What a question is answered with.

use keiretsu_values::{Table, Value};

/// The tables of a question, part by part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The fingerprint of the text that it is of.
    pub revision: u128,
    /// One part for a measure or topic, in the order in which they were asked for.
    pub parts: Vec<Part>,
    /// What to know about the question itself: an option that changes nothing, for one.
    pub remarks: Vec<String>,
}

/// The tables of one measure or topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The measure or topic.
    pub name: String,
    /// Its tables.
    pub tables: Vec<Table>,
}

impl Answer {
    /// A number of an answer by its address: the table by measure and name, the row by its keys (a column and
    /// the name of a thing), and the column.
    pub fn number(&self, table: (&str, &str), keys: &[(&str, &str)], column: &str) -> Option<&Value> {
        let tables = self.parts.iter().flat_map(|part| &part.tables);
        let mut tables = tables.filter(|other| (other.measure.as_str(), other.name) == table);
        tables.next()?.number(keys, column)
    }

    /// All tables in their order.
    pub fn tables(&self) -> Vec<Table> {
        self.parts.iter().flat_map(|part| part.tables.iter().cloned()).collect()
    }
}
