//! The declared terms of the language to a JSON Schema (2020-12), for completion and checks in editors.
//!
//! ```
//! let schema = keiretsu::schema::schema();
//! assert_eq!(schema["properties"]["keiretsu"]["const"], 1);
//! ```
//!
//! It describes every file of a model, the root and those it includes, so nothing is required at the top.
//! Invariant: it accepts every model that opens without errors.
//! Absent: what stands inside strings. Amounts, conditions, dates and names have a grammar of their own,
//! which `keiretsu check` reads.

mod answers;
mod kinds;
mod tables;

pub(crate) use answers::specs;
pub use answers::tables;

use keiretsu_model::TABLES;
use serde_json::{Map, Value, json};

/// The schema of a model's files.
pub fn schema() -> Value {
    let mut definitions = kinds::definitions();
    let mut properties = root();
    for table in TABLES {
        properties.insert(table.name.to_owned(), tables::by_name(table));
    }
    properties.insert("contracts".to_owned(), tables::contracts(&mut definitions));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of a keiretsu model",
        "description": "A web of contracts between parties, with what each figure rests on.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// The top of `keiretsu.toml`, in addition to the tables of named things.
fn root() -> Map<String, Value> {
    let text = |help: &str| json!({ "type": "string", "description": help });
    let kind = |name: &str, help: &str| json!({ "$ref": format!("#/$defs/{name}"), "description": help });
    let table = |help: &str, properties: Value| {
        let mut table = kinds::closed(&properties);
        table["description"] = json!(help);
        table
    };
    let by_key = |help: &str, each: Value| {
        let mut table = json!({ "type": "object", "description": help });
        table["additionalProperties"] = each;
        table
    };
    let entries = [
        ("keiretsu", json!({ "const": 1, "description": "the version of the language" })),
        ("title", text("what the model is about")),
        ("text", text("what it is, in more words")),
        ("as_of", kind("date", "the day the model looks from")),
        ("horizon", kind("date-or-duration", "how far it looks: \"10 years\", or a date; default 10 years")),
        ("currency", text("the currency of its tables, as in ISO 4217; default USD")),
        (
            "currencies",
            by_key(
                "what one unit of another currency is worth",
                kind("rate", "a figure, figures by date, or a formula"),
            ),
        ),
        ("discount", kind("figure", "yearly rate of present values; without it none is given")),
        ("include", kind("texts", "the other files of the model, as paths or patterns: deals/*.toml")),
        (
            "readings",
            table(
                "how words are read",
                json!({ "about": kind("figure", "the tolerance of \"about\"; 10%") }),
            ),
        ),
        ("correlations", correlations()),
        (
            "compare",
            table("what `keiretsu compare` shows", json!({ "strategies": kind("texts", "its parties") })),
        ),
    ];
    entries.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn correlations() -> Value {
    json!({
        "type": "object",
        "description": "correlations of pairs of factors: \"this, that\" = \"60%\"",
        "properties": {
            "copula": { "enum": ["gaussian", "student-t"], "description": "how their tails hang together" },
            "freedom": { "$ref": "#/$defs/figure", "description": "degrees of freedom of student-t; 4" },
            "repair": { "enum": ["nearest"], "description": "replace an impossible matrix by the nearest" },
        },
        "additionalProperties": { "$ref": "#/$defs/figure" },
    })
}
