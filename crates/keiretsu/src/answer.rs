//! The answer to a question.

use keiretsu_values::{Table, Value};

/// The tables of a question, part by part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The fingerprint of the text that it is of.
    pub revision: u128,
    /// A part for each measure or topic, in the order of the question.
    pub parts: Vec<AnswerPart>,
    /// Remarks on the question itself, such as an option without effect.
    pub remarks: Vec<String>,
}

/// The tables of one measure or topic.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerPart {
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
