//! Turns a name into the reference cases of that name.

#[path = "../../../keiretsu-testkit/src/cases.rs"]
pub mod files;

use serde_json::Value;

/// The reference cases `<name>.json`.
pub fn cases(name: &str) -> Value {
    serde_json::from_str(&files::read(&format!("{name}.json"))).expect("reference cases are valid JSON")
}

/// An array of numbers; fractions such as "2/3" are divided.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array of numbers").iter().map(number).collect()
}

/// An array of arrays of numbers.
pub fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().expect("an array of arrays").iter().map(numbers).collect()
}

/// A number, or a fraction in a string.
pub fn number(value: &Value) -> f64 {
    if let Some(text) = value.as_str() {
        let parts: Vec<f64> = text.split('/').map(|part| part.parse().expect("a number")).collect();
        return parts[0] / parts.get(1).unwrap_or(&1.0);
    }
    value.as_f64().expect("a number")
}
