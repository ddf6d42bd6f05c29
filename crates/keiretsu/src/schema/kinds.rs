//! The kinds of term to schemas: the forms of a value, as far as JSON Schema can express them.

use keiretsu_model::spec::INNER_BASIS_TERMS;
use keiretsu_model::{Term, TermKind};
use keiretsu_values::Dimension;
use serde_json::{Map, Value, json};

/// The schemas that others refer to.
pub fn definitions() -> Map<String, Value> {
    let figure_table = json!({
        "figure": { "type": ["string", "number"], "description": "the words of the source" },
        "expect": { "type": ["string", "number"], "description": "what we take it for" },
        "on": { "$ref": "#/$defs/date", "description": "the date for which it holds" },
        "known": { "$ref": "#/$defs/date", "description": "when it became known" },
        "claims": { "type": "array", "description": "what each source says",
            "items": { "type": "object" } },
        "use": { "type": "string",
            "description": "the source that counts, or a rule: latest, best-tier, lowest, highest" },
    });
    let formula_table = json!({ "formula": { "type": ["string", "number"], "description": "the formula" } });
    let words = ["$8B", "about $33B", "up to 5 GW", "more than $100B over 10 years", "27%", "undisclosed"];
    let list = [
        (
            "texts",
            json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }),
        ),
        ("date", json!({ "type": ["string", "integer"], "examples": ["2026-04-21", "2026-04", 2026] })),
        ("date-or-duration", json!({ "type": ["string", "integer"] })),
        (
            "figure",
            json!({ "anyOf": [
                { "type": ["string", "number"], "examples": words },
                closed(&with_basis(figure_table)),
            ] }),
        ),
        ("formula", json!({ "anyOf": [{ "$ref": "#/$defs/figure" }, closed(&with_basis(formula_table))] })),
        ("by-year", spread(json!({ "later": { "$ref": "#/$defs/figure" } }), "figure", true)),
        ("rate", json!({ "anyOf": [{ "$ref": "#/$defs/formula" }, spread(json!({}), "figure", true)] })),
        ("ramp", spread(json!({ "rest": { "enum": ["flat", "linear"] } }), "figure", true)),
        ("shares", spread(json!({}), "figure", false)),
        ("members", spread(json!({}), "figure", false)),
        ("shares-by-year", spread(json!({}), "shares", false)),
        ("change", json!({ "anyOf": [{ "type": "boolean" }, { "$ref": "#/$defs/figure" }] })),
        ("changes", spread(json!({}), "change", false)),
    ];
    list.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// A table with these terms and no others.
pub fn table(lists: &[&[Term]]) -> Value {
    let mut schema = closed(&Value::Object(properties(lists)));
    let all = lists.iter().flat_map(|list| list.iter());
    let required: Vec<&str> = all.filter(|term| term.required).map(|term| term.name).collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The terms of a table, each with its meaning.
pub fn properties(lists: &[&[Term]]) -> Map<String, Value> {
    let all = lists.iter().flat_map(|list| list.iter());
    all.map(|term| (term.name.to_owned(), described(term))).collect()
}

/// A table with these entries and no others.
pub fn closed(properties: &Value) -> Value {
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// A term with its meaning.
pub fn described(term: &Term) -> Value {
    let mut schema = kind(term.kind);
    let unit = match term.kind {
        TermKind::Figure(dimensions) | TermKind::Formula(dimensions) | TermKind::ByYear(dimensions) => {
            units(dimensions)
        }
        _ => String::new(),
    };
    schema["description"] = json!(format!("{}{unit}", term.help));
    schema
}

/// The units of a term, where they are few enough to help.
fn units(dimensions: &[Dimension]) -> String {
    const FEW: usize = 3;
    if dimensions.is_empty() || FEW < dimensions.len() {
        return String::new();
    }
    let words: Vec<String> = dimensions.iter().map(ToString::to_string).collect();
    format!(" ({})", words.join(" or "))
}

fn kind(kind: TermKind) -> Value {
    let of = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
    match kind {
        TermKind::Text | TermKind::Party | TermKind::Contract | TermKind::Event | TermKind::Duration => {
            json!({ "type": "string" })
        }
        TermKind::Parties => json!({ "anyOf": [of("texts"), of("members")] }),
        TermKind::Texts | TermKind::Sources | TermKind::Contracts => of("texts"),
        TermKind::Choice(words) => json!({ "enum": words }),
        TermKind::Flag => json!({ "type": "boolean" }),
        TermKind::Count => json!({ "type": "integer", "minimum": 0 }),
        TermKind::Figure(_) | TermKind::Chance => of("figure"),
        TermKind::Formula(_) | TermKind::Condition => of("formula"),
        TermKind::Date | TermKind::Period => of("date"),
        TermKind::ByYear(_) => of("by-year"),
        TermKind::Ramp => of("ramp"),
        TermKind::Shares => of("shares"),
        TermKind::SharesByYear => of("shares-by-year"),
        TermKind::Changes => of("changes"),
        TermKind::PartyByName => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        TermKind::DateByParty => json!({ "type": "object", "additionalProperties": of("date") }),
        TermKind::Table(terms) => table(&[terms, INNER_BASIS_TERMS]),
        TermKind::TableOr(terms, words) => {
            let table = table(&[terms, INNER_BASIS_TERMS]);
            json!({ "anyOf": [{ "type": "boolean" }, { "enum": words }, table] })
        }
        TermKind::Tables(terms) => {
            json!({ "type": "object", "additionalProperties": table(&[terms, INNER_BASIS_TERMS]) })
        }
    }
}

/// A table by year or by name with values of one kind, or, where allowed, one word for all.
fn spread(own: Value, each: &str, or_bare: bool) -> Value {
    let mut table = closed(&with_basis(own));
    table["additionalProperties"] = json!({ "$ref": format!("#/$defs/{each}") });
    if or_bare { json!({ "anyOf": [{ "$ref": "#/$defs/figure" }, table] }) } else { table }
}

/// These entries, with source and assumption.
fn with_basis(own: Value) -> Value {
    let mut entries = json!({
        "source": { "$ref": "#/$defs/texts", "description": "the documents it rests on" },
        "quote": { "type": "string", "description": "the words of the source" },
        "page": { "type": ["string", "integer"], "description": "where in the source" },
        "because": { "type": "string", "description": "why we assume it" },
    });
    if let (Some(entries), Value::Object(own)) = (entries.as_object_mut(), own) {
        entries.extend(own);
    }
    entries
}
