//! The registry of routes to an `OpenAPI` document.

use serde_json::{Map, Value, json};

use crate::route::Route;
use crate::routes::ROUTES;

/// The whole document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "keiretsu serve",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One model, its answers, and an event whenever its text changes.",
        },
        "paths": paths,
    })
}

fn operation(route: &Route) -> Value {
    let (kind, meaning) = route.gives;
    let error = json!({
        "description": "code, message and hint of what is wrong",
        "content": { "application/json": { "schema": error() } },
    });
    let mut operation = json!({
        "summary": route.says,
        "responses": {
            "200": { "description": meaning, "content": { kind: {} } },
            "default": error,
        },
    });
    if !route.query.is_empty() {
        operation["parameters"] = route.query.iter().map(parameter).collect::<Value>();
    }
    if let Some(body) = route.body {
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": body() } } });
    }
    operation
}

fn parameter((name, meaning): &(&str, &str)) -> Value {
    json!({
        "name": name,
        "in": "query",
        "description": meaning,
        "schema": { "type": "string" },
    })
}

fn error() -> Value {
    json!({
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "code": { "type": "string" },
                    "message": { "type": "string" },
                    "hint": { "type": ["string", "null"] },
                    "diagnostics": { "type": "array" },
                },
            },
            "revision": { "type": ["string", "null"] },
        },
    })
}

/// A question: the keys are those of the options of the command line.
pub fn question() -> Value {
    let word = || json!({ "type": "string" });
    let words = || json!({ "type": "array", "items": { "type": "string" } });
    json!({
        "type": "object",
        "required": ["ask"],
        "additionalProperties": false,
        "properties": {
            "ask": word(), "parties": words(), "reading": word(), "by": word(), "at": word(),
            "as_of": word(), "known_on": word(), "scenarios": words(), "against": words(),
            "changes": changes(),
            "paths": {
                "type": "object",
                "required": ["count"],
                "additionalProperties": false,
                "properties": { "seed": { "type": "integer" }, "count": { "type": "integer" } },
            },
            "own_money": word(), "of": words(), "within": { "type": "number" }, "path": word(),
        },
    })
}

/// Statements in other words.
pub fn changes() -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["place", "words"],
            "additionalProperties": false,
            "properties": { "place": { "type": "string" }, "words": { "type": "string" } },
        },
    })
}

#[cfg(test)]
mod tests {
    use keiretsu::{PathsRequest, Question, StatementChange};

    use super::*;

    #[test]
    fn a_question_is_described_with_all_its_keys() {
        let word = || Some("x".to_owned());
        let list = || vec!["x".to_owned()];
        let whole = Question {
            ask: "cash".to_owned(),
            parties: list(),
            reading: word(),
            by: word(),
            at: word(),
            as_of: word(),
            known_on: word(),
            scenarios: list(),
            against: list(),
            changes: vec![StatementChange { place: "a.b".to_owned(), words: "1".to_owned() }],
            paths: Some(PathsRequest { seed: 1, count: 1 }),
            own_money: word(),
            of: list(),
            within: Some(1.0),
            path: word(),
        };
        let keys = |value: &Value| {
            let keys = value.as_object().into_iter().flat_map(Map::keys).cloned();
            keys.collect::<std::collections::BTreeSet<String>>()
        };
        let whole = serde_json::to_value(whole).expect("a question is JSON");
        assert_eq!(keys(&question()["properties"]), keys(&whole));
    }
}
