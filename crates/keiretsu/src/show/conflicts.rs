//! Where sources disagree, and which of them counts.

use keiretsu_measures::Subject;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec};

use super::facts;

/// Claims of sources that disagree.
pub(crate) const CONFLICTS: TableSpec = TableSpec::new(
    "conflicts",
    "conflicts",
    "Open conflicts between sources",
    &[&[
        ColumnSpec::text("figure", "the dotted path of the disputed figure"),
        ColumnSpec::text("claim", "the words of a source"),
        ColumnSpec::text("source", "that source"),
        ColumnSpec::text("counts", "whether the claim counts, and the rule or source that chose it"),
        ColumnSpec::text("conflict", "how the claim differs from the one that counts"),
    ]],
)
.of_each("claim");

/// One row a claim, the one that counts first.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let mut table = subject.table(&CONFLICTS);
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
        for other in conflict.others {
            table.push(row(other.words, other.source, "no", &other.differs));
        }
    }
    vec![table]
}
