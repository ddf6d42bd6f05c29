//! What a question is answered with.

use keiretsu_values::Table;

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
    /// All tables in their order.
    pub fn tables(&self) -> Vec<Table> {
        self.parts.iter().flat_map(|part| part.tables.iter().cloned()).collect()
    }
}
