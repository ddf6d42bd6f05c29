//! The reference cases, and methods run on them through the command's own formats.

#[path = "../../../../keiretsu-testkit/src/cases.rs"]
pub mod files;

use serde_json::{Value, json};

use super::Folder;

pub fn file(name: &str) -> Value {
    serde_json::from_str(&files::read(name)).expect("reference cases are JSON")
}

/// The answer to a JSON file.
pub fn calc(method: &str, input: &Value) -> Value {
    calc_text(method, "in.json", &input.to_string(), &[])
}

pub fn calc_text(method: &str, name: &str, text: &str, more: &[&str]) -> Value {
    let folder = Folder::new();
    folder.write(name, text.as_bytes());
    let words = [&["calc", method, name, "--format", "json"], more].concat();
    let out = folder.run(&words).well();
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}\n{out}"))
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A number, or a fraction in a string.
pub fn number(value: &Value) -> f64 {
    if let Some(text) = value.as_str() {
        let parts: Vec<f64> = text.split('/').map(|part| part.parse().expect("a number")).collect();
        return parts[0] / parts.get(1).unwrap_or(&1.0);
    }
    value.as_f64().unwrap_or_else(|| panic!("a number, not {value}"))
}

pub fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

pub fn field(rows: &Value, key: &str) -> Vec<f64> {
    list(rows).iter().map(|row| number(&row[key])).collect()
}

pub fn near(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{what}: {got} {want}");
    }
}

/// Entries of a matrix above zero, as `{from, to, amount}` under other names.
pub fn entries(matrix: &Value, names: [&str; 3], more: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for (i, row) in list(matrix).iter().enumerate() {
        for (j, amount) in numbers(row).into_iter().enumerate().filter(|(_, amount)| 0.0 < *amount) {
            let mut entry = more.as_object().cloned().unwrap_or_default();
            entry.insert(names[0].into(), json!(i.to_string()));
            entry.insert(names[1].into(), json!(j.to_string()));
            entry.insert(names[2].into(), json!(amount));
            all.push(Value::Object(entry));
        }
    }
    all
}
