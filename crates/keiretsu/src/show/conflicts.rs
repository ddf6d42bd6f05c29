//! Where sources disagree, and which of them counts.

use keiretsu_measures::Subject;
use keiretsu_values::{Cell, Column, Table};

use super::facts;

/// One row a claim, the one that counts first.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let columns = ["figure", "claim", "source", "counts", "conflict"].map(Column::text);
    let mut table = subject.table("conflicts", "Open conflicts between sources", columns.to_vec());
    for conflict in facts::conflicts(subject.model) {
        let (words, whose) = conflict.used;
        let chosen = if conflict.chosen_by.is_empty() {
            "yes".to_owned()
        } else {
            format!("yes, by {}", conflict.chosen_by)
        };
        let row = |words: String, whose: String, counts: &str, kind: &str| {
            [&conflict.path, &words, &whose, counts, kind].map(Cell::text).to_vec()
        };
        table.push(row(words, whose, &chosen, ""));
        for (words, whose, kind) in conflict.others {
            table.push(row(words, whose, "no", kind));
        }
    }
    vec![table]
}
