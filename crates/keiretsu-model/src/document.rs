//! Root file and includes to one tree, with every file's text kept for messages.

use crate::files::{FileError, Files};
use crate::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_LINE_BYTES};
use crate::tree::{self, Key, Node, Tree};
use crate::{Diagnostic, FileId, Span, suggest};

/// The most `*` in a pattern of `include`.
const MAX_STARS: usize = 4;

/// A file of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative to the model's folder.
    pub path: String,
    /// Its text; what is not UTF-8 is replaced.
    pub text: String,
}

/// The text of a model: all its files, and their tables merged into one.
#[derive(Clone, Debug)]
pub struct Document {
    /// The root file first.
    pub files: Vec<SourceFile>,
    /// All tables.
    pub root: Node,
}

impl Document {
    /// The whole value that stands where a span begins: a string with its quotes, a date, a table.
    pub fn value_at(&self, span: Span) -> Option<Span> {
        leaf(&self.root, span)
    }
}

/// The smallest value at the start of a span, below a node.
fn leaf(node: &Node, span: Span) -> Option<Span> {
    let inner = match &node.value {
        Tree::Table(entries) => entries.iter().find_map(|(_, node)| leaf(node, span)),
        Tree::List(nodes) => nodes.iter().find_map(|node| leaf(node, span)),
        _ => None,
    };
    let is_here = node.span.file == span.file && (node.span.start..node.span.end).contains(&span.start);
    // A table with a header has the header's place.
    inner.or(Some(node.span).filter(|_| is_here && !matches!(node.value, Tree::Table(_))))
}

/// Reads the root file and what it includes. Errors are collected; what could be read is returned.
pub fn load(files: &dyn Files, root: &str, diagnostics: &mut Vec<Diagnostic>) -> Document {
    let mut document =
        Document { files: Vec::new(), root: Node { span: Span::default(), value: Tree::Table(Vec::new()) } };
    let tree = read(files, root, Span::default(), &mut document.files, diagnostics);
    if document.files.is_empty() {
        // A message needs a file to stand in, even where the root itself is missing.
        document.files.push(SourceFile { path: root.to_owned(), text: String::new() });
    }
    let Some(tree) = tree else { return document };
    let includes = tree.get("include").cloned();
    let mut entries = tree.entries().to_vec();
    let paths = includes.map_or(vec![], |node| included(files, root, &node, diagnostics));
    for (path, span) in paths {
        if document.files.len() >= MAX_FILES {
            let message = format!("a model may have at most {MAX_FILES} files");
            diagnostics
                .push(Diagnostic::new("E0109", span, message).hint("put several contracts into one file"));
            break;
        }
        if let Some(tree) = read(files, &path, span, &mut document.files, diagnostics) {
            merge(&mut entries, tree, 0, diagnostics);
        }
    }
    document.root.value = Tree::Table(entries);
    document
}

fn read(
    files: &dyn Files,
    path: &str,
    asked: Span,
    texts: &mut Vec<SourceFile>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            diagnostics.push(unreadable(path, asked, &error));
            return None;
        }
    };
    let file = FileId(texts.len() as u32);
    let (text, wrong) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at))
        }
    };
    if let Some(at) = wrong {
        diagnostics.push(
            Diagnostic::new(
                "E0103",
                Span::new(file, at, at + '\u{FFFD}'.len_utf8()),
                format!("{path} is not UTF-8 text"),
            )
            .label("the first byte that is not")
            .hint("save the file as UTF-8"),
        );
    }
    let long = text.lines().find(|line| line.len() > MAX_LINE_BYTES);
    if let Some(line) = long {
        let at = line.as_ptr() as usize - text.as_ptr() as usize;
        let number = text[..at].matches('\n').count() + 1;
        let message = format!(
            "line {number} of {path} has {} bytes, more than the {MAX_LINE_BYTES} that are read",
            line.len()
        );
        // The text itself is not kept: such a line is too long to underline.
        texts.push(SourceFile { path: path.to_owned(), text: String::new() });
        diagnostics.push(Diagnostic::new("E0105", Span::new(file, 0, 0), message).hint("break the line"));
        return None;
    }
    let tree = if wrong.is_none() { Some(tree::parse(file, &text, diagnostics)) } else { None };
    texts.push(SourceFile { path: path.to_owned(), text });
    tree
}

fn unreadable(path: &str, asked: Span, error: &FileError) -> Diagnostic {
    match error {
        FileError::Missing => Diagnostic::new("E0101", asked, format!("there is no file {path}"))
            .hint("paths are relative to the folder of keiretsu.toml"),
        FileError::Outside => outside(path, asked),
        FileError::TooLarge => {
            let limit = MAX_FILE_BYTES >> 20;
            Diagnostic::new("E0104", asked, format!("{path} is larger than the {limit} MiB that are read"))
                .hint("split it and use `include`")
        }
        FileError::Unreadable(why) => {
            Diagnostic::new("E0101", asked, format!("{path} cannot be read: {why}"))
        }
    }
}

fn outside(path: &str, asked: Span) -> Diagnostic {
    Diagnostic::new("E0102", asked, format!("{path} lies outside the model's folder"))
        .hint("a model reads only files in its own folder; move the file there")
}

/// The paths that an `include` names, each with the place that asked for it.
fn included(
    files: &dyn Files,
    root: &str,
    node: &Node,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(String, Span)> {
    let patterns: Vec<&Node> = match &node.value {
        Tree::List(items) => items.iter().collect(),
        _ => vec![node],
    };
    let all = match files.list() {
        Ok(all) => all,
        Err(error) => {
            diagnostics.push(unreadable("the model's folder", node.span, &error));
            vec![]
        }
    };
    let mut paths: Vec<(String, Span)> = Vec::new();
    for node in patterns {
        let Some(pattern) = node.text() else {
            let message = format!("`include` takes file names, not {}", node.kind());
            diagnostics
                .push(Diagnostic::new("E0203", node.span, message).hint("include = [\"deals/*.toml\"]"));
            continue;
        };
        let steps_out = pattern.split(['/', '\\']).any(|step| step == "..");
        if steps_out || pattern.starts_with('/') || pattern.contains(':') {
            diagnostics.push(outside(pattern, node.span));
            continue;
        }
        if !pattern.contains(['*', '?', '[']) {
            paths.push((pattern.to_owned(), node.span));
            continue;
        }
        // Matching tries every way to stretch every `*`; a few are enough for any folder.
        let few = pattern.matches('*').count() <= MAX_STARS;
        let matching: Vec<&String> =
            all.iter().filter(|path| few && path.as_str() != root && matches(pattern, path)).collect();
        if matching.is_empty() {
            let near = suggest::nearest(pattern, all.iter().map(String::as_str));
            let hint = near.map_or(String::new(), |path| format!("the folder has {path}"));
            let message = format!("`{pattern}` matches no file of the model's folder");
            diagnostics.push(Diagnostic::new("E0108", node.span, message).hint(hint));
        }
        paths.extend(matching.into_iter().map(|path| (path.clone(), node.span)));
    }
    let mut seen = std::collections::BTreeSet::new();
    paths.retain(|(path, _)| seen.insert(path.clone()));
    paths
}

/// Whether a path fits a pattern: `*` any characters of one step, `?` one of them, `**` any steps.
fn matches(pattern: &str, path: &str) -> bool {
    let options = glob::MatchOptions { require_literal_separator: true, ..Default::default() };
    glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches_with(path, options))
}

/// Adds the tables of an included file: `[parties]`, `[contracts]` and so on may stand in several files,
/// one party or contract only in one.
fn merge(entries: &mut Vec<(Key, Node)>, tree: Node, depth: usize, diagnostics: &mut Vec<Diagnostic>) {
    let Tree::Table(added) = tree.value else { return };
    let index: std::collections::BTreeMap<String, usize> =
        entries.iter().enumerate().map(|(at, (key, _))| (key.name.clone(), at)).collect();
    for (key, node) in added {
        if depth == 0 && key.name == "include" {
            diagnostics.push(
                Diagnostic::new("E0110", key.span, "only the root file may include others")
                    .hint("list all files in `include` of keiretsu.toml"),
            );
            continue;
        }
        match index.get(&key.name) {
            None => entries.push((key, node)),
            Some(&at) => match (&mut entries[at].1.value, &node.value) {
                (Tree::Table(had), Tree::Table(_)) if depth == 0 => merge(had, node, 1, diagnostics),
                _ => {
                    let first = entries[at].0.span;
                    diagnostics.push(
                        Diagnostic::new("E0107", key.span, format!("`{}` is defined twice", key.name))
                            .label("again here")
                            .also(first, "first here")
                            .hint("rename one of them, or remove it"),
                    );
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryFiles;

    fn codes(files: &MemoryFiles) -> Vec<&'static str> {
        let mut diagnostics = Vec::new();
        load(files, "keiretsu.toml", &mut diagnostics);
        diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn patterns_match_steps() {
        assert!(matches("deals/*.toml", "deals/a.toml"));
        assert!(!matches("deals/*.toml", "deals/x/a.toml"));
        assert!(matches("**/*.toml", "deals/x/a.toml"));
        assert_eq!(codes(&MemoryFiles::root("include = [\"*a*a*a*a*a*b\"]")), ["E0108"]);
    }

    #[test]
    fn tables_of_several_files_are_one_and_names_are_unique() {
        let files = MemoryFiles::root("include = [\"a.toml\", \"b.toml\"]\n[parties]\nx = {}\n")
            .with("a.toml", "[parties]\ny = {}\n")
            .with("b.toml", "[parties]\nx = {}\n");
        assert_eq!(codes(&files), ["E0107"]);
        let nested = MemoryFiles::root("include = [\"a.toml\"]").with("a.toml", "include = [\"b.toml\"]");
        assert_eq!(codes(&nested), ["E0110"]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (text, code) in [
            ("include = [\"none.toml\"]", "E0101"),
            ("include = [\"none*.toml\"]", "E0108"),
            ("include = [\"../a.toml\"]", "E0102"),
            ("include = [\"/etc/passwd\"]", "E0102"),
            ("include = [3]", "E0203"),
            ("a = 1\na = 2", "E0107"),
        ] {
            assert_eq!(codes(&MemoryFiles::root(text)), [code], "{text}");
        }
        let mut latin = MemoryFiles::root("");
        latin.0.insert("keiretsu.toml".into(), vec![b'a', 0xE9]);
        assert_eq!(codes(&latin), ["E0103"]);
        let long = format!("a = \"{}\"", "x".repeat(MAX_LINE_BYTES));
        assert_eq!(codes(&MemoryFiles::root(&long)), ["E0105"]);
        let deep = "[".repeat(5_000);
        assert!(codes(&MemoryFiles::root(&format!("a = {deep}"))).contains(&"E0106"));
        assert_eq!(codes(&MemoryFiles::default()), ["E0101"]);
    }
}
