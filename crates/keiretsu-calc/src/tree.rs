//! JSON text to a tree that keeps duplicate keys.

use std::fmt::{self, Formatter};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::faults::Faults;
use crate::source::InputFile;

/// A JSON value. Keys of a map stand in order, and may stand twice.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonTree {
    /// `null`.
    Null,
    /// `true`, `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// Text in quotes.
    Text(String),
    /// `[...]`.
    List(Vec<JsonTree>),
    /// `{...}`.
    Map(Vec<(String, JsonTree)>),
}

impl JsonTree {
    /// Reads JSON; a syntax error is one fault, since the text after it cannot be trusted.
    pub fn read(source: &InputFile, faults: &Faults) -> Option<JsonTree> {
        let text = source.text(faults)?;
        match serde_json::from_str(text) {
            Ok(tree) => Some(tree),
            Err(error) => {
                let words = error.to_string();
                let what = words.split(" at line ").next().unwrap_or_default();
                let place = format!("{} line {} column {}", source.name, error.line(), error.column());
                let number = what.contains("expected value") || what.contains("out of range");
                let hint = if number { "JSON has no NaN, infinity or empty values" } else { "" };
                faults.push(place, format!("this is not JSON: {what}"), hint);
                None
            }
        }
    }

    /// The kind of value, with its article.
    pub fn kind(&self) -> &'static str {
        match self {
            JsonTree::Null => "null",
            JsonTree::Flag(_) => "true or false",
            JsonTree::Number(_) => "a number",
            JsonTree::Text(_) => "a text",
            JsonTree::List(_) => "a list",
            JsonTree::Map(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for JsonTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<JsonTree, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = JsonTree;

    fn expecting(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<JsonTree, E> {
        Ok(JsonTree::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<JsonTree, E> {
        Ok(JsonTree::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<JsonTree, E> {
        Ok(JsonTree::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<JsonTree, E> {
        Ok(JsonTree::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<JsonTree, E> {
        Ok(JsonTree::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<JsonTree, E> {
        Ok(JsonTree::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<JsonTree, E> {
        Ok(JsonTree::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<JsonTree, A::Error> {
        let mut list = Vec::new();
        while let Some(tree) = access.next_element()? {
            list.push(tree);
        }
        Ok(JsonTree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<JsonTree, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = access.next_entry()? {
            map.push(entry);
        }
        Ok(JsonTree::Map(map))
    }
}
