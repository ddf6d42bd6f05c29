//! A text as the generator makes it and the shrinker takes it apart: sections of terms.

use std::fmt;

/// A term's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// As it stands in TOML.
    Word(String),
    /// A table in one line.
    Table(Vec<(String, Value)>),
}

/// A table of the text with its terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its head without brackets, empty for the root.
    pub head: String,
    /// Its terms.
    pub lines: Vec<(String, Value)>,
}

/// A whole text.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// The root first.
    pub sections: Vec<Section>,
}

/// Text in quotes.
pub fn quoted(text: impl fmt::Display) -> Value {
    Value::Word(format!("\"{text}\""))
}

/// A word that needs no quotes: a day, a year, `true`.
pub fn bare(text: impl fmt::Display) -> Value {
    Value::Word(text.to_string())
}

impl Section {
    /// A section without terms.
    pub fn new(head: impl Into<String>) -> Section {
        Section { head: head.into(), lines: vec![] }
    }

    /// Adds a term.
    pub fn put(&mut self, key: impl Into<String>, value: Value) {
        self.lines.push((key.into(), value));
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Word(word) => write!(out, "{word}"),
            Value::Table(terms) => {
                let terms: Vec<String> =
                    terms.iter().map(|(key, value)| format!("{key} = {value}")).collect();
                write!(out, "{{ {} }}", terms.join(", "))
            }
        }
    }
}

impl fmt::Display for Script {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Section { head, lines } in &self.sections {
            if !head.is_empty() {
                writeln!(out, "\n[{head}]")?;
            }
            for (key, value) in lines {
                writeln!(out, "{key} = {value}")?;
            }
        }
        Ok(())
    }
}
