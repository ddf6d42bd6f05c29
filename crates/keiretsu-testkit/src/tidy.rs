//! Turns the text of the workspace into findings: what breaks the house rules, where, and what to do about
//! it.
//!
//! ```
//! use keiretsu_testkit::tidy::{Workspace, lines};
//! let workspace = Workspace::of(&[("crates/a/src/lib.rs", "fn fee() {}\n")]);
//! assert_eq!(lines::module_docs(&workspace)[0].line, 1);
//! ```
//!
//! Invariants: a rule reads text only, so it runs in milliseconds and on code that does not compile yet;
//! every finding says file, line, what, and what to do.
//! Absent: what the compiler and clippy check already (workspace lints), and the form of the code
//! (rustfmt).

pub mod borders;
pub mod glossary;
pub mod lines;
pub mod map;
pub mod sizes;
pub mod source;
pub mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use source::Source;

/// Larger files are data, which no rule reads.
const FILE_BYTES_MAX: u64 = 2_000_000;

/// One broken rule: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path from the root of the repository, with forward slashes.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub cure: String,
}

impl Finding {
    /// A finding at a line of a file.
    pub fn new(path: &str, line: usize, what: impl Into<String>, cure: impl Into<String>) -> Finding {
        assert!(1 <= line, "lines count from 1");
        Finding { path: path.to_string(), line, what: what.into(), cure: cure.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}\n    do: {}", self.path, self.line, self.what, self.cure)
    }
}

/// The text files of the repository, by path.
pub struct Workspace {
    files: BTreeMap<String, String>,
}

impl Workspace {
    /// This repository as it is on the disk now.
    pub fn here() -> Workspace {
        let root = root();
        let paths = listed_by_git(&root).unwrap_or_else(|| {
            let mut paths = Vec::new();
            walk(&root, &root, &mut paths);
            paths
        });
        let read = |path: String| text(&root.join(&path)).map(|text| (path, text));
        Workspace { files: paths.into_iter().filter_map(read).collect() }
    }

    /// A workspace of the given files, for tests of the rules.
    pub fn of(files: &[(&str, &str)]) -> Workspace {
        let owned = |(path, text): &(&str, &str)| ((*path).to_string(), (*text).to_string());
        Workspace { files: files.iter().map(owned).collect() }
    }

    /// Every text file: path and text, in order of path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of a file.
    pub fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Every Rust file, scanned.
    pub fn rust(&self) -> impl Iterator<Item = Source> {
        let rust = self.files().filter(|(path, _)| has_extension(path, "rs"));
        rust.map(|(path, text)| Source::new(path, text))
    }

    /// Whether a file or a folder has this path.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }

    /// The names of the crates: the folders of `crates/` that hold a `Cargo.toml`.
    pub fn crates(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|path| path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"))
    }
}

/// The folder of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the crate lies two folders below the root").to_path_buf()
}

/// Whether the environment asks tests to rewrite what they compare with (`UPDATE=1`).
pub fn update_asked() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Fails the calling test with all findings, if there are any.
pub fn report(mut found: Vec<Finding>) {
    found.sort();
    let listed: Vec<String> = found.iter().map(Finding::to_string).collect();
    assert!(found.is_empty(), "{} finding(s)\n{}", found.len(), listed.join("\n"));
}

/// Whether the path ends in this extension.
pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Whether `word` stands in `line` with no letter, digit or underscore beside it; where it starts.
pub(crate) fn find_word(line: &str, word: &str) -> Option<usize> {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).map(|(at, _)| at).find(|&at| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(joins) && !after.is_some_and(joins)
    })
}

/// What git tracks or would track; none where there is no git or no repository (a source archive).
fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").args(arguments).current_dir(root).output().ok()?;
    let names = String::from_utf8(listed.stdout).ok()?;
    listed.status.success().then(|| names.split_terminator('\0').map(str::to_string).collect())
}

/// Every file below `folder` but those of hidden folders and of folders that builds fill.
fn walk(root: &Path, folder: &Path, paths: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let ours = [".ci", ".config"].contains(&name.as_str());
        let built = name.starts_with("target") || ["node_modules", "dist"].contains(&name.as_str());
        if !path.is_dir() {
            let inner = path.strip_prefix(root).expect("the walk stays below the root");
            paths.push(inner.to_string_lossy().replace('\\', "/"));
        } else if ours || !(name.starts_with('.') || built) {
            walk(root, &path, paths);
        }
    }
}

/// The text of a file; none if it is gone, large or not text.
fn text(path: &Path) -> Option<String> {
    let is_small = std::fs::metadata(path).ok()?.len() <= FILE_BYTES_MAX;
    if is_small { std::fs::read_to_string(path).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_lists_itself() {
        let workspace = Workspace::here();
        assert!(workspace.has("crates/keiretsu-testkit/src/tidy.rs"));
        assert!(workspace.has("crates/keiretsu-testkit"));
        assert!(workspace.crates().any(|name| name == "keiretsu-testkit"));
        assert!(!workspace.files().any(|(path, _)| path.starts_with("target")));
    }

    #[test]
    fn a_walk_finds_what_git_lists() {
        let mut paths = Vec::new();
        walk(&root(), &root(), &mut paths);
        assert!(paths.iter().any(|path| path == "crates/keiretsu-testkit/src/tidy.rs"));
        assert!(!paths.iter().any(|path| path.starts_with("target") || path.starts_with(".git/")));
    }

    #[test]
    fn a_word_is_not_found_inside_another() {
        assert_eq!(find_word("a fix, fixed", "fix"), Some(2));
        assert_eq!(find_word("fixed prefix _fix", "fix"), None);
    }
}
