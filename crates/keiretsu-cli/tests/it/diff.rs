//! Differences of two models: what is named, what moved, and causes that sum to the difference.

use crate::harness::{Folder, SMALL};
use serde_json::Value;

fn diff(folder: &Folder, old: &str, new: &str) -> Vec<Value> {
    let text = folder.run(&["diff", old, new, "--format", "json"]).well();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn both(old: &str, new: &str) -> Folder {
    let folder = Folder::new();
    folder.write("old/keiretsu.toml", old.as_bytes());
    folder.write("new/keiretsu.toml", new.as_bytes());
    folder
}

#[test]
fn causes_sum_to_the_difference() {
    let changed = SMALL
        .replace("about $100M", "about $120M")
        .replace("$360M over 3 years", "$390M over 3 years")
        .replace("because = \"usual\"", "because = \"as always\"");
    let tables = diff(&both(SMALL, &changed), "old", "new");
    let texts: Vec<&str> =
        tables[0]["rows"].as_array().expect("rows").iter().filter_map(|row| row["what"].as_str()).collect();
    assert_eq!(texts, ["parties.lab.cash", "contracts.compute.minimum", "contracts.compute.margin"]);
    let of = |table: usize, key: &str, answer: &str| -> Vec<f64> {
        let rows = tables[table]["rows"].as_array().expect("rows").iter();
        let rows = rows.filter(|row| row["answer"] == answer);
        rows.map(|row| row[key].as_f64().expect("a number")).collect()
    };
    let answer = "lowest cash of Lab, firm";
    let change = of(1, "change", answer);
    // By hand: 20 more cash, 30 more to pay over the three years of the run.
    assert!((change[0] + 10e6).abs() < 1.0, "{change:?}");
    let mut effects = of(2, "effect", answer);
    effects.sort_by(f64::total_cmp);
    assert!((effects[0] + 30e6).abs() < 1.0 && (effects[1] - 20e6).abs() < 1.0, "{effects:?}");
    assert_eq!(of(2, "effect", "commitments of Lab to Cloud, firm"), [30e6]);
    let told = summary(&tables);
    assert_eq!(told[0], "Text: 3 statements in other words, 0 new, 0 gone.");
    assert!(told[1].contains(" answers changed, most: "), "{told:?}");
    // By hand: 30 more to pay, then 20 more cash.
    let last = told.last().expect("a sentence");
    assert!(last.starts_with("What moved most: contracts.compute.minimum ("), "{last}");
    assert!(last.contains("; parties.lab.cash ("), "{last}");
}

/// The sentences that stand over the tables.
fn summary(tables: &[Value]) -> Vec<String> {
    let findings = tables[0]["findings"].as_array().expect("findings").iter();
    findings.map(|finding| finding["text"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn what_became_known_and_unknown_is_named() {
    let hidden = SMALL.replace("$360M over 3 years", "undisclosed");
    let folder = both(&hidden, SMALL);
    let known = summary(&diff(&folder, "old", "new")).join(" ");
    assert!(
        known.contains("Became known: ") && known.contains("commitments of Lab to Cloud, firm, $360M"),
        "{known}"
    );
    let unknown = summary(&diff(&folder, "new", "old")).join(" ");
    assert!(unknown.contains("Became unknown: commitments of Lab to Cloud, firm, it was $360M"), "{unknown}");
    let same = summary(&diff(&folder, "new", "new"));
    assert_eq!(same, ["The text says the same.", "No answer moved."]);
}

#[test]
fn a_contract_and_the_parties_it_names_are_one_change() {
    let more = format!(
        "{SMALL}\n[parties.other]\nname = \"Other\"\n[contracts.more]\ntype = \"supply\"\nbuyer = \"lab\"\n\
         seller = \"other\"\nfrom = \"2026-01\"\nminimum = \"$36M over 3 years\"\nbecause = \"a test\"\n"
    );
    let folder = both(SMALL, &more);
    for (old, new, sign) in [("old", "new", -1.0), ("new", "old", 1.0)] {
        let tables = diff(&folder, old, new);
        let rows = tables[2]["rows"].as_array().expect("rows");
        let row = rows.iter().find(|row| row["answer"] == "lowest cash of Lab, firm").expect("it moved");
        assert_eq!(row["cause"], "contracts.more");
        assert!((row["effect"].as_f64().expect("a number") - sign * 36e6).abs() < 1.0, "{row}");
    }
}

#[test]
fn a_day_before_the_source_knows_nothing_of_it() {
    let folder = Folder::new();
    folder.write("mine/keiretsu.toml", SMALL.as_bytes());
    let tables = diff(&folder, "mine@2025-10-31", "mine");
    let text = tables[0]["rows"].to_string();
    assert!(text.contains("by the date"), "{text}");
    folder.run(&["diff", "mine@2025-13", "mine"]).failed(2, "`2025-13` is not a day");
    folder.run(&["diff", "none", "mine"]).failed(3, "there is no file or folder none");
    folder.write("bad/keiretsu.toml", SMALL.replace("seller", "seler").as_bytes());
    folder.run(&["diff", "mine", "bad"]).failed(1, "bad cannot be run: 2 errors");
}

#[test]
fn a_model_does_not_differ_from_itself() {
    let folder = Folder::with(SMALL);
    let text = folder.run(&["diff", ".", "."]).well();
    assert!(text.contains("The text says the same.") && text.contains("No answer moved"), "{text}");
}

#[test]
fn more_changes_than_can_be_ordered_are_estimated_and_still_sum() {
    let contract = |at: usize, amount: usize| {
        format!(
            "[contracts.c{at}]\ntype = \"supply\"\nbuyer = \"lab\"\nseller = \"cloud\"\nfrom = \"2026-01\"\n\
             minimum = \"${amount}M over 3 years\"\nbecause = \"a test\"\n"
        )
    };
    let all = |amount: usize| (0..12).map(|at| contract(at, amount + at)).collect::<String>();
    let folder = both(&format!("{SMALL}\n{}", all(10)), &format!("{SMALL}\n{}", all(20)));
    let tables = diff(&folder, "old", "new");
    let rows = tables[2]["rows"].as_array().expect("rows").iter();
    let effects = rows.filter(|row| row["answer"] == "commitments of Lab to Cloud, firm");
    let sum: f64 = effects.map(|row| row["effect"].as_f64().expect("a number")).sum();
    assert!((sum - 120e6).abs() < 1.0, "{sum}");
    assert!(tables[2]["notes"].to_string().contains("estimated from"), "{}", tables[2]["notes"]);
}
