//! Two texts of a model to what changed between them, and to the text with some of it changed.
//!
//! A change is the smallest table or value that differs: a contract that is new, a term with other words.
//! Some change no answer by themselves: titles, reasons, sources, scenarios, and definitions that others only
//! name (a new factor, a party that is gone). These are always as in the new text, except that what is gone
//! stays defined as long as it might be named.
//!
//! Invariants: with nothing taken the text has the terms of the old one, with all taken those of the new one;
//! every place in a mixed text lies in the file that it was read from.
//! Absent: moves and renames, which are a removal and an addition.

use crate::document::Document;
use crate::names::Kind;
use crate::tree::{Key, Node, Tree};
use crate::{FileId, Span};

/// Something that differs between two texts.
#[derive(Clone, Debug, PartialEq)]
pub struct TextChange {
    /// Its path, `contracts.compute.minimum`.
    pub path: Vec<String>,
    /// Its words before; `None` where it is new.
    pub old: Option<String>,
    /// Its words now; `None` where it is gone.
    pub new: Option<String>,
    /// The sources that its table names before, and now.
    pub sources: [String; 2],
    /// Whether it can move answers.
    pub moves: bool,
    /// Where it stands: in the new text, else in the old one.
    pub span: Span,
}

impl TextChange {
    /// The path as people write it.
    pub fn name(&self) -> String {
        self.path.join(".")
    }
}

/// What changed from one text to another, in the order of the new one, then what is gone.
pub fn changes(old: &Document, new: &Document) -> Vec<TextChange> {
    let mut found = Vec::new();
    compare(&mut Vec::new(), &old.root, &new.root, ["", ""], &mut found);
    found
}

/// The old text with those changes made for which `taken` is true, and all that move nothing.
pub fn mixed(old: &Document, new: &Document, changes: &[TextChange], taken: &[bool]) -> Document {
    let mut document = old.clone();
    let files = document.files.len() as u32;
    document.files.extend(new.files.iter().cloned());
    for (at, change) in changes.iter().enumerate() {
        let made = if change.moves { taken.get(at) == Some(&true) } else { keeps_names(change) };
        if made {
            let now = find(&new.root, &change.path).map(|(key, node)| shifted(key, node, files));
            put(&mut document.root, &change.path, now);
        }
    }
    document
}

/// Whether a change that moves nothing may be made without taking a name away from others.
fn keeps_names(change: &TextChange) -> bool {
    change.new.is_some() || change.path.len() > 2
}

fn compare(path: &mut Vec<String>, old: &Node, new: &Node, above: [&str; 2], found: &mut Vec<TextChange>) {
    let sources = [source(old, above[0]), source(new, above[1])];
    let above = [sources[0].as_str(), sources[1].as_str()];
    let now = new.entries().iter().map(|(key, node)| (key, old.get(&key.name), Some(node)));
    let gone = old.entries().iter().filter(|(key, _)| new.get(&key.name).is_none());
    let gone = gone.map(|(key, node)| (key, Some(node), None));
    // A kind of which there is nothing yet, or nothing any more, is an empty table of names.
    let nothing = Node { span: Span::default(), value: Tree::Table(vec![]) };
    for (key, before, now) in now.chain(gone) {
        let is_kind = path.is_empty() && before.or(now).is_some_and(|node| !is_whole(node));
        let pair = if is_kind { [before.or(Some(&nothing)), now.or(Some(&nothing))] } else { [before, now] };
        path.push(key.name.clone());
        match pair {
            _ if *path == ["include"] => {}
            [Some(before), Some(now)] if same(before, now) => {}
            [Some(before), Some(now)] if !is_whole(before) && !is_whole(now) => {
                compare(path, before, now, above, found);
            }
            pair => found.push(difference(path, pair, above)),
        }
        path.pop();
    }
}

fn difference(path: &[String], pair: [Option<&Node>; 2], above: [&str; 2]) -> TextChange {
    let of = |at: usize| pair[at].map_or(String::new(), |node| source(node, above[at]));
    TextChange {
        path: path.to_vec(),
        old: pair[0].map(words),
        new: pair[1].map(words),
        sources: [of(0), of(1)],
        moves: moves(path),
        span: pair[1].or(pair[0]).map_or(Span::default(), |node| node.span),
    }
}

/// Keys that say why, who and where, and change no number.
const SILENT: [&str; 9] =
    ["because", "source", "quote", "page", "text", "title", "name", "assumed", "quoted_total"];
/// Tables with names that others read, and tables that only a question reads.
const NAMED: [Kind; 4] = [Kind::Source, Kind::Party, Kind::Factor, Kind::Event];

/// Whether a change at this path can move answers.
fn moves(path: &[String]) -> bool {
    let table = path.first().map_or("", String::as_str);
    let silent = path.last().is_some_and(|last| SILENT.contains(&last.as_str()));
    let asked = [Kind::Source.table(), Kind::Scenario.table(), "compare", "keiretsu", "correlations"];
    // A definition that is new or gone; what is inside one that stays may matter.
    let defined = path.len() == 2 && NAMED.iter().any(|kind| kind.table() == table);
    !(silent || asked.contains(&table) || defined)
}

/// Whether a node is compared as one: a value, or a table that is a figure or a formula.
fn is_whole(node: &Node) -> bool {
    let Tree::Table(entries) = &node.value else { return true };
    let of_a_figure = ["figure", "claims", "expect", "formula"];
    entries.iter().any(|(key, _)| of_a_figure.contains(&key.name.as_str()))
}

/// Equal but for places.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Tree::Table(a), Tree::Table(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, of_a)| {
                    b.iter().any(|(other, of_b)| key.name == other.name && same(of_a, of_b))
                })
        }
        (Tree::List(a), Tree::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (a, b) => a == b,
    }
}

/// The words of a node, short.
fn words(node: &Node) -> String {
    match &node.value {
        Tree::Text(text) | Tree::Date(text) => text.clone(),
        Tree::Integer(number) => number.to_string(),
        Tree::Float(number) => number.to_string(),
        Tree::Flag(flag) => flag.to_string(),
        Tree::List(items) => items.iter().map(words).collect::<Vec<_>>().join(" | "),
        Tree::Table(entries) => {
            let chosen = ["figure", "formula", "claims", "expect"].iter().find_map(|key| node.get(key));
            let told = |(key, node): &(Key, Node)| format!("{} = {}", key.name, words(node));
            match (chosen, node.get("expect").filter(|_| node.get("figure").is_some())) {
                (Some(figure), Some(expect)) => format!("{}, expect {}", words(figure), words(expect)),
                (Some(figure), None) => match node.get("use") {
                    Some(choice) => format!("{}; use {}", words(figure), words(choice)),
                    None => words(figure),
                },
                (None, _) => entries.iter().map(told).collect::<Vec<_>>().join(", "),
            }
        }
    }
}

/// The sources that a table names, else those above it.
fn source(node: &Node, above: &str) -> String {
    match node.get("source").map(|node| &node.value) {
        Some(Tree::Text(name)) => name.clone(),
        Some(Tree::List(names)) => names.iter().map(words).collect::<Vec<_>>().join(", "),
        _ => above.to_owned(),
    }
}

fn find<'a>(root: &'a Node, path: &[String]) -> Option<(&'a Key, &'a Node)> {
    let (first, rest) = path.split_first()?;
    let (key, node) = root.entries().iter().find(|(key, _)| key.name == *first)?;
    if rest.is_empty() { Some((key, node)) } else { find(node, rest) }
}

/// Puts an entry where the path leads, or takes it away.
fn put(root: &mut Node, path: &[String], now: Option<(Key, Node)>) {
    let (Tree::Table(entries), Some((first, rest))) = (&mut root.value, path.split_first()) else { return };
    let at = entries.iter().position(|(key, _)| key.name == *first);
    if let (Some(at), false) = (at, rest.is_empty()) {
        put(&mut entries[at].1, rest, now);
        return;
    }
    if let (Some(entry), false) = (&now, rest.is_empty()) {
        // The first of its kind.
        let (span, key) = (entry.1.span, Key { name: first.clone(), span: entry.0.span });
        let mut kind = Node { span, value: Tree::Table(vec![]) };
        put(&mut kind, rest, now);
        entries.push((key, kind));
        return;
    }
    match (at, now) {
        (Some(at), Some(entry)) => entries[at] = entry,
        (Some(at), None) => {
            entries.remove(at);
        }
        (None, Some(entry)) => entries.push(entry),
        (None, None) => {}
    }
}

/// An entry with places `files` files later.
fn shifted(key: &Key, node: &Node, files: u32) -> (Key, Node) {
    let moved = |span: Span| Span { file: FileId(span.file.0 + files), ..span };
    let value = match &node.value {
        Tree::List(items) => Tree::List(items.iter().map(|item| shifted(key, item, files).1).collect()),
        Tree::Table(entries) => {
            Tree::Table(entries.iter().map(|(key, node)| shifted(key, node, files)).collect())
        }
        plain => plain.clone(),
    };
    let key = Key { name: key.name.clone(), span: moved(key.span) };
    (key, Node { span: moved(node.span), value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemoryFiles, Options, document, open_document};

    const OLD: &str = r#"
keiretsu = 1
as_of = 2025-12-31
[sources.a]
title = "A"
[parties.lab]
cash = { figure = "$5M", because = "a" }
[parties.gone]
[contracts.x]
type = "right"
"#;
    const NEW: &str = r#"
keiretsu = 1
as_of = 2026-01-31
[sources.b]
title = "B"
[parties.lab]
cash = { figure = "$6M", source = "b" }
[parties.new]
name = "New"
[factors.f]
start = "$1M"
"#;

    fn load(text: &str) -> Document {
        document::load(&MemoryFiles::root(text), "keiretsu.toml", &mut Vec::new())
    }

    #[test]
    fn the_smallest_things_that_differ_are_named() {
        let list = changes(&load(OLD), &load(NEW));
        let told: Vec<String> = list
            .iter()
            .map(|change| {
                let word = |words: &Option<String>| words.clone().unwrap_or_else(|| "-".to_owned());
                format!("{} {} > {} {}", change.name(), word(&change.old), word(&change.new), change.moves)
            })
            .collect();
        assert_eq!(
            told,
            [
                "as_of 2025-12-31 > 2026-01-31 true",
                "sources.b - > title = B false",
                "sources.a title = A > - false",
                "parties.lab.cash $5M > $6M true",
                "parties.new - > name = New false",
                "parties.gone  > - false",
                "factors.f - > start = $1M false",
                "contracts.x type = right > - true",
            ]
        );
        assert_eq!(list[3].sources, [String::new(), "b".to_owned()]);
    }

    #[test]
    fn a_mixed_text_has_what_was_taken_and_keeps_names() {
        let (old, new) = (load(OLD), load(NEW));
        let list = changes(&old, &new);
        let taken: Vec<bool> = list.iter().map(|change| change.name() == "parties.lab.cash").collect();
        let text = mixed(&old, &new, &list, &taken);
        let opened = open_document(&text, Vec::new(), &Options::new(&[]));
        let cash = |name: &str| {
            let party = opened.model.find_party(name)?;
            Some(opened.model.party(party).record.figure("cash")?.figure.words.clone())
        };
        assert_eq!(cash("lab").as_deref(), Some("$6M"));
        assert_eq!(opened.model.as_of.to_string(), "2025-12-31");
        assert!(opened.model.find_party("gone").is_some() && opened.model.find_party("new").is_some());
        // The span of what was taken lies in the new file, which is the second.
        let party = opened.model.find_party("lab").expect("a party");
        let span = opened.model.party(party).record.figure("cash").expect("cash").span;
        let file = &opened.model.document.files[span.file.at()];
        assert!(file.text[span.start as usize..span.end as usize].contains("$6M"));
    }
}
