//! Parties side by side: groups, what each row means, what is read first, unknown beside what does not apply.

use std::collections::BTreeSet;

use keiretsu::measures::measures::compare;
use keiretsu_values::{Cell, Table};

use crate::asked::{example, question, tables};

fn words(table: &Table, key: &str) -> BTreeSet<String> {
    let at = table.column(key).expect("a column");
    table.rows.iter().filter_map(|row| row[at].key()).collect()
}

#[test]
fn each_row_stands_in_a_group_and_says_what_it_means() {
    for session in ["three-clouds", "ai-web"].map(example) {
        let sides = &tables(&session, &question("compare"))[0];
        let groups = ["money in", "money back", "power", "control", "dependence", "value", "risk"];
        assert!(words(sides, "group").iter().all(|group| groups.contains(&group.as_str())));
        assert!(!words(sides, "means").contains(""));
        let definitions = compare::definitions(sides);
        assert_eq!(words(&definitions, "question"), words(sides, "question"));
        // Rows of a group stand together, in the order of the groups.
        let at = sides.column("group").expect("a column");
        let mut met: Vec<String> = sides.rows.iter().filter_map(|row| row[at].key()).collect();
        met.dedup();
        let order: Vec<&str> =
            groups.into_iter().filter(|group| met.iter().any(|one| one == group)).collect();
        assert_eq!(met, order);
    }
}

#[test]
fn a_screen_has_the_rows_that_are_read_first() {
    for session in ["three-clouds", "ai-web"].map(example) {
        let mut sides = tables(&session, &question("compare")).remove(0);
        let all = words(&sides, "question").len();
        compare::at_a_glance(&mut sides);
        let first = words(&sides, "question").len();
        assert!((6..=12).contains(&first), "{first}");
        assert!(
            sides
                .notes
                .contains(&format!("{} more rows: --all. What each row means: --define.", all - first))
        );
    }
}

#[test]
fn the_value_of_stakes_says_whether_it_is_of_marks_or_modelled() {
    let sides = &tables(&example("three-clouds"), &question("compare"))[0];
    let [of, party, said] = ["question", "party", "words"].map(|key| sides.column(key).expect("a column"));
    let is = |name: &str| {
        let row = sides.rows.iter().find(|row| {
            row[of].key().as_deref() == Some("value: stake, which is")
                && row[party].key().as_deref() == Some(name)
        });
        row.map(|row| row[said].clone())
    };
    // The article states a mark of Microsoft's stake, and none of the others'.
    assert_eq!(is("microsoft"), Some(Cell::text("marks, unrealised")));
    assert_ne!(is("amazon"), is("microsoft"));
}
