//! Turns a name into the reference cases of that name, or skips where they are not at hand.

use serde_json::Value;
use std::path::Path;

/// The file `shared/cases/<name>.json`; `None`, with a message, if it is missing outside of CI.
pub fn cases(name: &str) -> Option<Value> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases").join(format!("{name}.json"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).expect("reference cases are valid JSON")),
        Err(error) => {
            let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!in_ci, "reference cases are required in CI: {}: {error}", path.display());
            eprintln!("skipped: no {}", path.display());
            None
        }
    }
}

/// An array of numbers; fractions such as "2/3" are divided.
#[allow(dead_code, reason = "each test binary uses a part of this module")]
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array of numbers").iter().map(number).collect()
}

/// An array of arrays of numbers.
#[allow(dead_code, reason = "each test binary uses a part of this module")]
pub fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().expect("an array of arrays").iter().map(numbers).collect()
}

/// A number, or a fraction in a string.
#[allow(dead_code, reason = "each test binary uses a part of this module")]
pub fn number(value: &Value) -> f64 {
    if let Some(text) = value.as_str() {
        let parts: Vec<f64> = text.split('/').map(|part| part.parse().expect("a number")).collect();
        return parts[0] / parts.get(1).unwrap_or(&1.0);
    }
    value.as_f64().expect("a number")
}
