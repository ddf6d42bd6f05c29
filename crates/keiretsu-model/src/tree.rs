//! TOML text to a tree that keeps the order of the text and the place of every key and value.

use keiretsu_values::Dimension;
use toml::de::{DeTable, DeValue};

use crate::{Diagnostic, FileId, Span, date, figure, lexer};

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value's characters; of a `[header]` table, its header.
    pub span: Span,
    /// What it is.
    pub value: Tree,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// True or false.
    Flag(bool),
    /// A date, as written.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table, in the order of the text.
    Table(Vec<(Key, Node)>),
}

/// A key with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub name: String,
    /// Its characters.
    pub span: Span,
}

impl Node {
    /// The entries, if it is a table.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            Tree::Table(entries) => entries,
            _ => &[],
        }
    }

    /// An entry of a table.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The same table without an entry.
    pub fn without(&self, name: &str) -> Self {
        let mut node = self.clone();
        if let Tree::Table(entries) = &mut node.value {
            entries.retain(|(key, _)| key.name != name);
        }
        node
    }

    /// The text, if it is a string.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Tree::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The span of the characters inside the quotes of a string, so that a part of it can be underlined.
    /// A string with escapes is underlined whole.
    pub fn inside(&self) -> Span {
        match &self.value {
            Tree::Text(text) if self.span.end - self.span.start == text.len() as u32 + 2 => {
                Span { start: self.span.start + 1, end: self.span.end - 1, ..self.span }
            }
            _ => self.span,
        }
    }

    /// What kind of thing it is, in the user's words.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Tree::Text(_) => "text",
            Tree::Integer(_) | Tree::Float(_) => "a number",
            Tree::Flag(_) => "true or false",
            Tree::Date(_) => "a date",
            Tree::List(_) => "a list",
            Tree::Table(_) => "a table",
        }
    }
}

/// Parses a file; on errors the tree holds what could be read.
pub fn parse(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let range = error.span().unwrap_or(0..text.len().min(1));
        let span = Span::new(file, range.start, range.end.max(range.start));
        if error.message().starts_with("duplicate key") {
            let name = text.get(range).unwrap_or_default();
            diagnostics.push(
                Diagnostic::new("E0107", span, format!("`{name}` is defined twice"))
                    .label("again here")
                    .hint("keep one of them"),
            );
            continue;
        }
        let (message, hint) = without_quotes(text.get(range).unwrap_or_default()).unwrap_or_else(|| {
            let hint = "texts stand in quotes, a table is `[name]` or `{ key = \"value\" }`, a key once";
            (format!("this is not TOML: {}", error.message()), hint.to_owned())
        });
        diagnostics.push(Diagnostic::new("E0106", span, message).hint(hint));
    }
    let span = table.span();
    Node {
        span: Span::new(file, span.start, span.end),
        value: Tree::Table(entries(file, table.into_inner(), diagnostics)),
    }
}

/// A month, a figure or a name that stands without quotes, and how to write it.
fn without_quotes(words: &str) -> Option<(String, String)> {
    let hint = format!("write \"{words}\", in quotes");
    if date::when(words).is_some() {
        let message = format!("{words} stands without quotes, where TOML knows whole days only");
        return Some((message, hint));
    }
    if let Some(hint) = date::no_day(words) {
        return Some((format!("`{words}` is no day of the calendar"), hint.to_owned()));
    }
    let bare = !words.is_empty() && !words.contains(['"', '\'', '\n', '[', ']', '{', '}', '=', ',', '#']);
    let name = words.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
    let means = figure::parse(words).is_ok() || name;
    (bare && means).then(|| (format!("`{words}` stands without quotes"), hint))
}

fn entries(file: FileId, table: DeTable<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Key, Node)> {
    let mut entries: Vec<(Key, Node)> = table
        .into_iter()
        .map(|(key, value)| {
            let span = Span::new(file, key.span().start, key.span().end);
            let key = Key { name: key.into_inner().into_owned(), span };
            let range = value.span();
            (key, node(file, Span::new(file, range.start, range.end), value.into_inner(), diagnostics))
        })
        .collect();
    // The library sorts keys; tables and reports follow the text.
    entries.sort_by_key(|(key, _)| key.span.start);
    entries
}

fn node(file: FileId, span: Span, value: DeValue<'_>, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let value = match value {
        DeValue::String(text) => Tree::Text(text.into_owned()),
        DeValue::Integer(number) => {
            Tree::Integer(i64::from_str_radix(number.as_str(), number.radix()).unwrap_or_else(|_| {
                diagnostics.push(Diagnostic::new("E0106", span, "this whole number is too large"));
                0
            }))
        }
        DeValue::Float(number) => {
            let value = number.as_str().parse().unwrap_or(f64::NAN);
            if !f64::is_finite(value) {
                diagnostics.push(
                    Diagnostic::new("E0106", span, "this is not a finite number")
                        .hint("write \"undisclosed\" for what is not known"),
                );
            } else if !lexer::is_readable(value, Dimension::NUMBER) {
                let (message, hint) = lexer::UNREADABLE;
                diagnostics.push(Diagnostic::new("E0301", span, message).hint(hint));
            }
            // Zero has no sign.
            let signed = if value.abs() <= 0.0 { 0.0 } else { value };
            Tree::Float(if f64::is_finite(value) { signed } else { 0.0 })
        }
        DeValue::Boolean(flag) => Tree::Flag(flag),
        DeValue::Datetime(date) => Tree::Date(date.to_string()),
        DeValue::Array(list) => Tree::List(
            list.into_iter()
                .map(|item| {
                    let range = item.span();
                    node(file, Span::new(file, range.start, range.end), item.into_inner(), diagnostics)
                })
                .collect(),
        ),
        DeValue::Table(table) => Tree::Table(entries(file, table, diagnostics)),
    };
    Node { span, value }
}
