//! The tables of named things: contracts by their types, and all others.

use keiretsu_model::spec::{BASIS_TERMS, CONTRACT_TERMS};
use keiretsu_model::{ContractSpec, ModelTable, Term, TermKind};
use serde_json::{Map, Value, json};

use super::kinds;

/// The schema of a table of named things.
pub fn by_name(table: &ModelTable) -> Value {
    let basis: &[Term] = if table.rests { BASIS_TERMS } else { &[] };
    let each = kinds::table(&[table.terms, basis]);
    json!({ "type": "object", "description": table.help, "additionalProperties": each })
}

/// The schema of the contracts: `type` decides which terms there are. Adds a definition for each type.
pub fn contracts(definitions: &mut Map<String, Value>) -> Value {
    let specs = keiretsu_contracts::specs();
    let keywords: Vec<&str> = specs.iter().map(|spec| spec.keyword).collect();
    let mut choices = Vec::new();
    for spec in specs {
        let name = format!("contract-{}", spec.keyword);
        let reference = json!({ "$ref": format!("#/$defs/{name}") });
        definitions.insert(format!("{name}-terms"), terms(spec, &name));
        definitions.insert(name, contract(spec));
        choices.push(json!({
            "if": { "properties": { "type": { "const": spec.keyword } }, "required": ["type"] },
            "then": reference,
        }));
    }
    let help = "who owes whom what, in the terms of its type";
    let each = json!({
        "type": "object",
        "properties": { "type": { "enum": keywords } },
        "required": ["type"],
        "allOf": choices,
    });
    json!({ "type": "object", "description": help, "additionalProperties": each })
}

/// All terms of a contract of a type, none of them required, as an amendment may set them.
fn terms(spec: &ContractSpec, name: &str) -> Value {
    let mut properties = kinds::properties(&[CONTRACT_TERMS, spec.terms, BASIS_TERMS]);
    properties["type"] = json!({ "const": spec.keyword, "description": spec.summary });
    for role in roles(spec) {
        properties.insert(role.name.to_owned(), kinds::described(&role));
    }
    properties.insert("amendments".to_owned(), amendments(name));
    kinds::closed(&Value::Object(properties))
}

fn contract(spec: &ContractSpec) -> Value {
    let own = spec.terms.iter().filter(|term| term.required).map(|term| term.name);
    let required: Vec<&str> =
        std::iter::once("type").chain(roles(spec).into_iter().map(|role| role.name)).chain(own).collect();
    json!({
        "description": spec.summary,
        "$ref": format!("#/$defs/contract-{}-terms", spec.keyword),
        "required": required,
    })
}

/// The parties of a contract, by the names of their roles.
fn roles(spec: &ContractSpec) -> Vec<Term> {
    let role = |name: &'static str, help| Term::new(name, TermKind::Parties, help).required();
    let mut roles = vec![role(spec.obligor.name, "the party that owes")];
    roles.extend(spec.obligee.map(|term| role(term.name, "the party that is owed")));
    roles
}

fn amendments(name: &str) -> Value {
    let each = json!({
        "type": "object",
        "properties": {
            "on": { "$ref": "#/$defs/date", "description": "from when" },
            "set": { "$ref": format!("#/$defs/{name}-terms"), "description": "what changes" },
            "known": { "$ref": "#/$defs/date", "description": "when it became known" },
            "source": { "$ref": "#/$defs/texts" },
            "quote": { "type": "string" },
            "page": { "type": ["string", "integer"] },
            "because": { "type": "string" },
        },
        "required": ["on", "set"],
        "additionalProperties": false,
    });
    json!({ "type": "array", "description": "changes of its terms from a date on", "items": each })
}
