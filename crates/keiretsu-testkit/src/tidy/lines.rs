//! Turns files into findings about single lines: lines too long, and source files without a module doc.
//!
//! ```
//! use keiretsu_testkit::tidy::{Workspace, lines};
//! let long = format!("//! {}\n", "word ".repeat(30));
//! assert_eq!(lines::length(&Workspace::of(&[("crates/a/src/lib.rs", &long)])).len(), 1);
//! ```
//!
//! Absent: the width of text that is shown as it is (raw strings, fenced blocks, table rows, addresses,
//! examples, reference cases).

use super::source::Source;
use super::{Finding, Workspace, has_extension};

/// Characters of a line, as in `rustfmt.toml`.
pub const LINE_CHARS_MAX: usize = 110;

const CHECKED: [&str; 11] = ["rs", "md", "toml", "sh", "py", "ts", "js", "svelte", "css", "yml", "run"];

/// Folders of data, with lines as they came.
const DATA: [&str; 2] = ["examples/", "crates/keiretsu-testkit/cases/"];

/// Lines longer than [`LINE_CHARS_MAX`].
pub fn length(workspace: &Workspace) -> Vec<Finding> {
    let is_data = |path: &str| DATA.iter().any(|folder| path.starts_with(folder)) || path.contains("/dist/");
    let is_checked =
        |path: &str| path == ".ci/run" || CHECKED.iter().any(|extension| has_extension(path, extension));
    let mut found = Vec::new();
    for (path, text) in workspace.files().filter(|(path, _)| is_checked(path) && !is_data(path)) {
        let as_it_is = lines_as_they_are(path, text);
        for (index, line) in text.lines().enumerate() {
            let chars = line.chars().count();
            if LINE_CHARS_MAX < chars && !as_it_is[index] && !line.contains("://") {
                let what = format!("line of {chars} characters");
                found.push(Finding::new(
                    path,
                    index + 1,
                    what,
                    format!("break it at {LINE_CHARS_MAX} or before"),
                ));
            }
        }
    }
    found
}

/// Rust files of `src` that do not open with a module doc.
pub fn module_docs(workspace: &Workspace) -> Vec<Finding> {
    let cure =
        "open the file with `//!`: what this turns into what; then an example, invariants, what is absent";
    let is_bare = |source: &Source| source.is_src() && !source.text.starts_with("//!");
    let bare = workspace.rust().filter(is_bare);
    bare.map(|source| Finding::new(&source.path, 1, "no module doc on the first line", cure)).collect()
}

/// For each line, whether its width is that of something shown or quoted as it is.
fn lines_as_they_are(path: &str, text: &str) -> Vec<bool> {
    if has_extension(path, "rs") {
        return Source::new(path, text).in_raw;
    }
    if !has_extension(path, "md") {
        return vec![false; text.lines().count()];
    }
    let mut in_fence = false;
    let mut as_it_is = Vec::new();
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        in_fence ^= is_fence;
        as_it_is.push(in_fence || is_fence || line.starts_with('|'));
    }
    as_it_is
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn long_lines(path: &str, text: &str) -> Vec<usize> {
        length(&Workspace::of(&[(path, text)])).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn long_code_and_prose_is_found() {
        let wide = "w ".repeat(60);
        assert_eq!(long_lines("crates/a/src/a.rs", &format!("//! a\n// {wide}\n")), [2]);
        assert_eq!(long_lines("docs/a.md", &format!("{wide}\n")), [1]);
        assert_eq!(long_lines("docs/a.md", &"é".repeat(110)), NONE);
    }

    #[test]
    fn text_shown_as_it_is_may_be_wide() {
        let wide = "w ".repeat(60);
        assert_eq!(long_lines("crates/a/src/a.rs", &format!("let a = r#\"\n{wide}\n\"#;\n")), NONE);
        assert_eq!(
            long_lines("docs/a.md", &format!("```text\n{wide}\n```\n| {wide} |\nhttps://a.b/{wide}\n")),
            NONE
        );
        assert_eq!(long_lines("examples/a/keiretsu.toml", &wide), NONE);
        assert_eq!(long_lines("crates/keiretsu-testkit/cases/found/01-a/keiretsu.toml", &wide), NONE);
    }

    #[test]
    fn source_without_module_doc_is_found() {
        let files = [
            ("crates/a/src/a.rs", "use b;\n"),
            ("crates/a/src/b.rs", "//! B.\n"),
            ("crates/a/tests/c.rs", "\n"),
        ];
        let found = module_docs(&Workspace::of(&files));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "crates/a/src/a.rs");
    }
}
