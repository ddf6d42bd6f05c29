//! The reference cases, and methods run through the command's own formats.

#[path = "../../../../keiretsu-testkit/src/cases.rs"]
pub mod files;

use serde_json::Value;

use super::Folder;

/// The answer of `keiretsu calc` to a JSON file.
pub fn calc(method: &str, input: &Value) -> Value {
    let folder = Folder::new();
    folder.write("in.json", input.to_string().as_bytes());
    let out = folder.run(&["calc", method, "in.json", "--format", "json"]).well();
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}\n{out}"))
}

/// The numbers of a column.
pub fn field(rows: &Value, key: &str) -> Vec<f64> {
    let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
    rows.iter().map(|row| row[key].as_f64().expect("a number")).collect()
}
