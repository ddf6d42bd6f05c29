//! Turns the source and the pages of the error catalogue into findings: codes without a page, pages without
//! a code.
//!
//! ```
//! use keiretsu_testkit::literate::catalogue;
//! use keiretsu_testkit::tidy::Workspace;
//! let source = "//! A.\nfn check() { report(\"E0312\", span) }\n";
//! let found = catalogue::differing(&Workspace::of(&[("crates/a/src/a.rs", source)]));
//! assert_eq!(found[0].what, "`E0312` has no page");
//! ```
//!
//! A code is `E` or `W` and four digits in a string of source that ships. Its page is
//! `docs/book/errors/E0312.md`.
//!
//! Invariant: each page provokes its code, since a command's output on it holds the code and the manual is
//! true.
//! Absent: the testkit's own strings, which report nothing to users.

use std::collections::BTreeMap;

use super::page::Page;
use crate::tidy::{Finding, Workspace};

const PAGES: &str = "docs/book/errors/";

/// Where source and catalogue differ.
pub fn differing(workspace: &Workspace) -> Vec<Finding> {
    let codes = codes(workspace);
    let mut found = Vec::new();
    for (code, (path, line)) in &codes {
        if workspace.file(&page_of(code)).is_none() {
            let cure = format!("write {}: the failing model, the message, the cure", page_of(code));
            found.push(Finding::new(path, *line, format!("`{code}` has no page"), cure));
        }
    }
    for (path, text) in workspace.files() {
        let name = path.strip_prefix(PAGES).and_then(|name| name.strip_suffix(".md"));
        let Some(code) = name.filter(|name| is_code(name)) else { continue };
        if !codes.contains_key(code) {
            found.push(Finding::new(path, 1, format!("`{code}` is not in the source"), "remove the page"));
        }
        let page = Page::of_markdown(path, text);
        if !page.steps().any(|step| step.expected.iter().any(|line| line.contains(code))) {
            let cure = "show a small model and a `console` block whose output holds the code";
            found.push(Finding::new(path, 1, format!("the page does not provoke `{code}`"), cure));
        }
    }
    found
}

/// Every code in strings of source that ships, with its first place.
fn codes(workspace: &Workspace) -> BTreeMap<String, (String, usize)> {
    let mut codes = BTreeMap::new();
    let ours = |name: &str| name != "keiretsu-testkit";
    for source in workspace.rust().filter(|source| source.is_src() && source.crate_name().is_some_and(ours)) {
        for literal in source.shipped_strings() {
            for code in words(&literal.text).filter(|word| is_code(word)) {
                codes.entry(code.to_string()).or_insert_with(|| (source.path.clone(), literal.line));
            }
        }
    }
    codes
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn is_code(word: &str) -> bool {
    let number = word.strip_prefix(['E', 'W']);
    number.is_some_and(|number| number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn page_of(code: &str) -> String {
    format!("{PAGES}{code}.md")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "//! A.\n// E0001\nlet code = \"W0301\";\nlet other = \"E03011 XE0301 E_0301\";\n\
                          #[cfg(test)]\nmod tests { const C: &str = \"E0002\"; }\n";

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let found = differing(&Workspace::of(files));
        assert_eq!(
            found.iter().map(|one| format!("{}:{}: {}", one.path, one.line, one.what)).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn a_code_has_a_page_that_provokes_it() {
        let page = "```console\n$ keiretsu check\nwarning[W0301]: idle\n```\n";
        check(&[("crates/a/src/a.rs", SOURCE), ("docs/book/errors/W0301.md", page)], &[]);
    }

    #[test]
    fn codes_without_page_and_pages_without_code_are_found() {
        let expected = [
            "crates/a/src/a.rs:3: `W0301` has no page",
            "docs/book/errors/E9999.md:1: `E9999` is not in the source",
            "docs/book/errors/E9999.md:1: the page does not provoke `E9999`",
        ];
        let page = "The code E9999.\n\n```console\n$ keiretsu check E9999\n```\n";
        check(&[("crates/a/src/a.rs", SOURCE), ("docs/book/errors/E9999.md", page)], &expected);
    }

    #[test]
    fn other_pages_of_the_folder_are_free() {
        check(&[("docs/book/errors/README.md", "")], &[]);
    }
}
