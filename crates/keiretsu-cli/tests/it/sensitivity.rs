//! What an answer depends on, by hand on a small model.

use crate::harness::{Folder, SMALL};
use serde_json::Value;

#[test]
fn sensitivity_names_words_claims_and_assumptions() {
    let folder = Folder::with(SMALL);
    let text = folder.run(&["measure", "sensitivity", "--of", "cash(lab)", "--format", "json"]).well();
    let tables: Value = serde_json::from_str(&text).expect("JSON");
    let row = |table: usize, input: &str| -> Value {
        let rows = tables[table]["rows"].as_array().expect("rows");
        rows.iter().find(|row| row["input"] == input).unwrap_or_else(|| panic!("{input} in {rows:?}")).clone()
    };
    let number = |row: &Value, key: &str| row[key].as_f64().expect("a number");
    // By hand: 360 or 400 of the two claims are all paid; about 100 has a mean of 100 and 95% below 110:
    // 90.59 to 110 at its ends.
    let minimum = row(0, "compute.minimum");
    assert_eq!(minimum["why"], "disputed");
    assert!((number(&minimum, "at_low") - number(&minimum, "at_high") - 40e6).abs() < 1e3, "{minimum}");
    let cash = row(0, "lab.cash");
    assert_eq!(cash["why"], "words");
    assert!((number(&cash, "at_high") - number(&cash, "at_low") - 19.41e6).abs() < 0.1e6, "{cash}");
    // Two claims: a standard deviation of 20, variance 400; about 100: 19.41 / 3.29, variance 34.8.
    let share = number(&row(2, "compute.minimum"), "effect");
    assert!((share - 400.0 / 434.8).abs() < 2e-3, "{share}");
    let first = number(&row(1, "compute.minimum"), "first");
    assert!((first - 400.0 / 434.8).abs() < 0.02, "{first}");
    folder.run(&["measure", "reverse"]).failed(2, "is of a condition or a formula");
}
