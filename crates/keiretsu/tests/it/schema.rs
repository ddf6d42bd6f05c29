//! The JSON Schema accepts every example, and refuses what the language refuses by its shape.

use std::path::Path;

use keiretsu::{examples, schema};
use serde_json::{Map, Value, json};
use toml::de::{DeTable, DeValue};

/// Why a value does not fit a schema, as a path and a reason; for the keywords that our schema uses.
fn misfit(root: &Value, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    let Value::Object(rules) = schema else { return Err(format!("{path}: no schema")) };
    for (keyword, rule) in rules {
        rule_misfit(root, rules, (keyword, rule), value, path)?;
    }
    Ok(())
}

fn rule_misfit(
    root: &Value,
    rules: &Map<String, Value>,
    (keyword, rule): (&str, &Value),
    value: &Value,
    path: &str,
) -> Result<(), String> {
    let fits = |schema: &Value, value: &Value, path: &str| misfit(root, schema, value, path);
    let list = || rule.as_array().map_or(&[][..], Vec::as_slice);
    let wrong = |what: &str| Err(format!("{path}: {what}"));
    match keyword {
        "$schema" | "$defs" | "title" | "description" | "examples" | "then" => Ok(()),
        "$ref" => {
            let pointer = rule.as_str().unwrap_or_default().trim_start_matches('#');
            fits(root.pointer(pointer).ok_or(format!("no {pointer}"))?, value, path)
        }
        "type" if is_of_type(rule, value) => Ok(()),
        "const" if rule == value => Ok(()),
        "type" | "const" => wrong(&format!("{value} is not {rule}")),
        "enum" if list().contains(value) => Ok(()),
        "enum" => wrong(&format!("{value} is none of {rule}")),
        "minimum" => {
            if value.as_f64() < rule.as_f64() {
                wrong("too small")
            } else {
                Ok(())
            }
        }
        "required" => {
            let absent = list().iter().find(|key| value.get(key.as_str().unwrap_or_default()).is_none());
            absent.map_or(Ok(()), |key| wrong(&format!("no {key}")))
        }
        "properties" => {
            let known = rule.as_object().into_iter().flatten();
            let mut there = known.filter_map(|(key, schema)| Some((key, schema, value.get(key)?)));
            there.try_for_each(|(key, schema, value)| fits(schema, value, &format!("{path}.{key}")))
        }
        "additionalProperties" => {
            let known = rules.get("properties");
            let others = value.as_object().into_iter().flatten();
            let mut others = others.filter(|(key, _)| known.is_none_or(|known| known.get(key).is_none()));
            others.try_for_each(|(key, value)| match rule {
                Value::Bool(false) => wrong(&format!("unknown {key}")),
                schema => fits(schema, value, &format!("{path}.{key}")),
            })
        }
        "items" => {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            items.iter().try_for_each(|item| fits(rule, item, path))
        }
        "allOf" => list().iter().try_for_each(|schema| fits(schema, value, path)),
        "anyOf" => {
            let reasons: Vec<String> =
                list().iter().map_while(|schema| fits(schema, value, path).err()).collect();
            if reasons.len() < list().len() { Ok(()) } else { Err(reasons.join(", or ")) }
        }
        "if" if fits(rule, value, path).is_err() => Ok(()),
        "if" => rules.get("then").map_or(Ok(()), |then| fits(then, value, path)),
        unknown => Err(format!("the keyword `{unknown}` is not known to this test")),
    }
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match rule {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => false,
    }
}

fn of_toml(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => json!(text),
        DeValue::Integer(integer) => {
            json!(i64::from_str_radix(integer.as_str(), integer.radix()).expect("an integer"))
        }
        DeValue::Float(float) => json!(float.as_str().parse::<f64>().expect("a float")),
        DeValue::Boolean(flag) => json!(flag),
        DeValue::Datetime(date) => json!(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| of_toml(item.get_ref())).collect(),
        DeValue::Table(table) => of_table(table),
    }
}

fn of_table(table: &DeTable<'_>) -> Value {
    let entries = table.iter().map(|(key, value)| (key.get_ref().to_string(), of_toml(value.get_ref())));
    Value::Object(entries.collect())
}

fn check(text: &str) -> Result<(), String> {
    let table = DeTable::parse(text).expect("TOML");
    let schema = schema::schema();
    misfit(&schema, &schema, &of_table(table.get_ref()), "")
}

#[test]
fn every_file_of_every_example_fits() {
    let mut files = 0;
    for example in examples::all() {
        let is_toml = |path: &str| Path::new(path).extension().is_some_and(|ending| ending == "toml");
        for (path, bytes) in example.files.iter().filter(|(path, _)| is_toml(path)) {
            let text = std::str::from_utf8(bytes).expect("text");
            assert_eq!(check(text), Ok(()), "{} {path}", example.name);
            files += 1;
        }
    }
    assert!(files > 0);
}

#[test]
fn a_rate_of_exchange_fits_in_each_of_its_forms() {
    for rate in ["1.1", "\"about $1.10\"", "\"eur_rate\"", "{ formula = \"a / b\", because = \"a peg\" }"] {
        assert_eq!(check(&format!("keiretsu = 1\n[currencies]\nEUR = {rate}\n")), Ok(()), "{rate}");
    }
    let dated = "{ 2025-09 = \"$1.17\", 2026-03-15 = 1.09, source = \"bank\" }";
    assert_eq!(check(&format!("keiretsu = 1\n[currencies]\nEUR = {dated}\n")), Ok(()));
    assert!(check("keiretsu = 1\n[currencies]\nEUR = [1.1]\n").is_err());
}

#[test]
fn what_has_the_wrong_shape_does_not_fit() {
    for text in [
        "keiretsu = 2",
        "quux = 1",
        "include = [1]",
        "[contracts.c]\nbuyer = \"a\"",
        "[contracts.c]\ntype = \"suply\"",
        "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"",
        "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nminimun = \"$1\"",
        "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\ncarry = \"yes\"",
        "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\namendments = [{ on = 2026 }]",
        "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nminimum = { figur = \"$1\" }",
    ] {
        assert!(check(text).is_err(), "{text}");
    }
    let text = "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nminimum = \"$1\"";
    assert_eq!(check(text), Ok(()));
}

#[test]
fn every_reference_is_defined() {
    fn walk(root: &Value, part: &Value) {
        if let Some(pointer) = part.get("$ref").and_then(Value::as_str) {
            assert!(root.pointer(pointer.trim_start_matches('#')).is_some(), "{pointer}");
        }
        match part {
            Value::Object(entries) => entries.values().for_each(|inner| walk(root, inner)),
            Value::Array(items) => items.iter().for_each(|inner| walk(root, inner)),
            _ => {}
        }
    }
    let schema = schema::schema();
    walk(&schema, &schema);
}
