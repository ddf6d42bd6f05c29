//! The text of a model as tables: nothing computed, every statement with its source or assumption.
//!
//! One file a topic, and one line in [`TOPICS`].

mod assumptions;
mod conflicts;
mod contracts;
pub mod facts;
mod figures;
mod parties;
mod reports;
mod rights;
mod sources;
mod timeline;
pub(crate) mod words;

use keiretsu_measures::Subject;
use keiretsu_values::{Table, TableSpec};

/// Something that can be shown.
pub struct Topic {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Its table as declared.
    pub(crate) spec: &'static TableSpec,
    /// Its tables.
    pub tables: fn(&Subject<'_>) -> Vec<Table>,
}

/// All topics, in the order in which they are listed.
pub static TOPICS: &[Topic] = &[
    Topic {
        name: "parties",
        summary: "who is in it, with cash, revenue, costs",
        spec: &parties::PARTIES,
        tables: parties::tables,
    },
    Topic {
        name: "contracts",
        summary: "contracts and holdings: who, what, when",
        spec: &contracts::CONTRACTS,
        tables: contracts::tables,
    },
    Topic {
        name: "figures",
        summary: "every figure in three readings, with its source",
        spec: &figures::FIGURES,
        tables: figures::tables,
    },
    Topic {
        name: "assumptions",
        summary: "what rests on nobody but us",
        spec: &assumptions::ASSUMPTIONS,
        tables: assumptions::tables,
    },
    Topic {
        name: "conflicts",
        summary: "where sources disagree, and which one counts",
        spec: &conflicts::CONFLICTS,
        tables: conflicts::tables,
    },
    Topic {
        name: "timeline",
        summary: "everything that has a date, in order",
        spec: &timeline::TIMELINE,
        tables: timeline::tables,
    },
    Topic {
        name: "reports",
        summary: "published figures that are no contracts",
        spec: &reports::REPORTS,
        tables: reports::tables,
    },
    Topic {
        name: "rights",
        summary: "who may see, decide, use or block what",
        spec: &rights::RIGHTS,
        tables: rights::tables,
    },
    Topic {
        name: "sources",
        summary: "the documents, and how much rests on each",
        spec: &sources::SOURCES,
        tables: sources::tables,
    },
];

/// A topic by its name.
pub fn by_name(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}
