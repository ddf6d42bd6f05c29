//! JSON text to a tree that keeps what a user wrote twice.

use std::fmt::{self, Formatter};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::faults::Faults;
use crate::source::Source;

/// A JSON value. Keys of a map stand in order, and may stand twice.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// `null`.
    Null,
    /// `true`, `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// Text in quotes.
    Text(String),
    /// `[...]`.
    List(Vec<Tree>),
    /// `{...}`.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// Reads JSON; what is wrong becomes one fault, since nothing after it can be trusted.
    pub fn read(source: &Source, faults: &Faults) -> Option<Tree> {
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

    /// What it is, with its article.
    pub fn kind(&self) -> &'static str {
        match self {
            Tree::Null => "null",
            Tree::Flag(_) => "true or false",
            Tree::Number(_) => "a number",
            Tree::Text(_) => "a text",
            Tree::List(_) => "a list",
            Tree::Map(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tree, E> {
        Ok(Tree::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(Tree::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(tree) = access.next_element()? {
            list.push(tree);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = access.next_entry()? {
            map.push(entry);
        }
        Ok(Tree::Map(map))
    }
}
