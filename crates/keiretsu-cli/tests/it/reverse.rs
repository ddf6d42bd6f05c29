//! Reverse stress: what it finds makes the event happen when it is run as a scenario, and what makes no sense
//! is refused.

use crate::harness::{Folder, command};
use serde_json::Value;

/// A lab that breaks even, and fails when it has lost its cash.
const LAB: &str = r#"keiretsu = 1
as_of = 2025-12-31
horizon = "12 months"

[parties.lab]
name = "Lab"
cash = "$24M"
revenue = "lab_revenue"
costs = "$60M/yr"
funding = { keep = "1 month of burn", raise = "6 months of burn", else = "default" }
because = "a test"

[factors.lab_revenue]
start = "$60M/yr"
volatility = "50%"
because = "a test"
"#;

fn reverse(folder: &Folder, words: &[&str]) -> Vec<Value> {
    let all = [&["reverse"], words, &["--format", "json"]].concat();
    let text = folder.run(&all).well();
    let tables: Value = serde_json::from_str(&text).expect("JSON");
    match tables {
        Value::Array(tables) => tables,
        one => vec![one],
    }
}

#[test]
fn the_smallest_fall_that_breaks_a_lab() {
    let tables = reverse(&Folder::with(LAB), &["--event", "defaulted(lab)"]);
    let row = &tables[0]["rows"][0];
    // By hand, as on the page of the measure: 36 of 60 over all twelve months.
    let (mean, variance) = (-0.25 / 2.0 * 6.5 / 12.0, 0.25 / 12.0 * 13.0 * 25.0 / 72.0);
    let distance = ((0.6_f64.ln() - mean) / f64::sqrt(variance)).abs();
    let found = row["distance"].as_f64().expect("a number");
    assert!((found - distance).abs() < 0.01, "{found} {distance}");
    let part = &tables[1]["rows"][0];
    assert_eq!((part["from"].as_str(), part["until"].as_str()), (Some("2026-01"), Some("2026-12")));
    assert_eq!(tables[0]["rows"].as_array().map(Vec::len), Some(1), "one factor, one way");
}

#[test]
fn what_is_found_happens_when_it_is_run_as_a_scenario() {
    let folder = Folder::new();
    folder.run(&["new", "mine", "--example", "three-clouds"]).well();
    for (event, party, says) in [
        ("defaulted(openai)", "openai", "OpenAI has defaulted"),
        ("defaulted(anthropic)", "anthropic", "Anthropic has defaulted"),
    ] {
        let file = format!("{party}.toml");
        folder.run(&["reverse", "mine", "--event", event, "-o", &file]).well();
        let found = folder.read(&file).replace("[scenarios.reverse-", &format!("[scenarios.{party}-"));
        let names: Vec<String> = found
            .lines()
            .filter_map(|line| line.strip_prefix("[scenarios.")?.strip_suffix(']').map(str::to_owned))
            .collect();
        assert!(!names.is_empty(), "{found}");
        let scenarios = folder.read("mine/scenarios.toml");
        folder.write("mine/scenarios.toml", format!("{scenarios}\n{found}").as_bytes());
        for name in names {
            let words = ["stress", "mine", &name, "--party", party, "--format", "csv"];
            let csv = folder.run(&words).well();
            let row = csv.lines().find(|line| line.contains(says)).unwrap_or_else(|| panic!("{csv}"));
            let header = csv.lines().find(|line| line.starts_with("scenario,")).expect("a header");
            let field = |key: &str| {
                let at = header.split(',').position(|column| column == key).expect(key);
                row.split(',').nth(at).unwrap_or_default()
            };
            assert_eq!(["base", "stressed"].map(field), ["0", "1"], "{row}");
            // The marks say how certain it is beside figures that the text leaves open.
            assert!(["=", "≥"].contains(&field("base_bound")), "{row}");
        }
    }
}

#[test]
fn the_same_bits_twice() {
    let folder = Folder::with(LAB);
    let words = ["reverse", "--event", "cash(lab) < $5M", "--format", "json"];
    assert_eq!(folder.run(&words).well(), folder.run(&words).well());
}

#[test]
fn no_file_is_overwritten_with_scenarios() {
    let folder = Folder::with(LAB);
    folder.write("found.toml", b"mine");
    let words = ["reverse", "--event", "defaulted(lab)", "-o", "found.toml"];
    folder.run(&words).failed(3, "it is there already");
    assert_eq!(folder.read("found.toml"), "mine");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let folder = Folder::with(LAB);
    let ask = |event: &str, more: &[&str]| {
        let words = [&["reverse", "--event", event], more].concat();
        crate::harness::Done::of(&command(&folder.path, &words).output().expect("it runs"))
    };
    ask("defaulted(lob)", &[]).failed(2, "  defaulted(lob)\n            ^^^\nhelp: did you mean `lab`?");
    ask("cash(lab)", &[]).failed(2, "is an amount, not an event");
    ask("cash(lab) < $30M", &[]).failed(2, "holds in 2026-01 without any shock");
    ask("defaulted(lab)", &["--by", "2025-06"]).failed(2, "2025-06 is not after 2025-12-31");
    ask("defaulted(lab)", &["--within", "0"]).failed(2, "a number above 0");
    ask("undisclosed", &[]).failed(2, "");
    let never = ask("defaulted(lab)", &["--within", "0.1"]).well();
    assert!(never.contains("No shock within a distance of 0.1"), "{never}");
    let certain = Folder::with(&LAB.replace("volatility = \"50%\"\n", "process = \"constant\"\n"));
    let words = ["reverse", "--event", "defaulted(lab)"];
    certain.run(&words).failed(2, "nothing in this model is uncertain");
}
