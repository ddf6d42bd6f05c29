//! Turns the module docs of contract types and measures, and the declared terms, into pages of the book.
//!
//! ```
//! use keiretsu_testkit::literate::generated;
//! use keiretsu_testkit::tidy::Workspace;
//! let files = [("crates/keiretsu-contracts/src/types/supply.rs", "//! Take-or-pay.\n")];
//! let pages = generated::pages(&Workspace::of(&files));
//! assert_eq!(pages[0].path, "docs/book/contracts/supply.md");
//! assert!(pages[0].text.starts_with("# supply\n"));
//! assert!(pages[0].text.contains("\n\nTake-or-pay.\n\n## Terms\n"));
//! ```
//!
//! Invariant: one file, one page, word for word, with the table of its terms below the first paragraph of a
//! contract type; a page whose file is gone is found.
//! Absent: running the pages' commands. They run from the source, where their lines are (`literate`).

use std::fs;
use std::path::Path;

use super::page::Page;
use super::terms;
use crate::tidy::{Finding, Workspace};

/// Folders of source files, and the folders of their pages.
const FOLDERS: [(&str, &str); 2] = [
    ("crates/keiretsu-contracts/src/types/", "docs/book/contracts/"),
    ("crates/keiretsu-measures/src/measures/", "docs/book/measures/"),
];

/// The third line of every page made from a doc.
const MARK: &str = "<!-- Copied from the docs of ";

/// The page of all declared terms, and the file that they are declared in.
const TERMS: (&str, &str) = ("docs/book/terms.md", "crates/keiretsu-model/src/spec.rs");

/// The third line of the page of all terms.
const TERMS_MARK: &str = "<!-- Made from the declared terms of the language; change them there. -->";

/// A source file whose doc is a page.
pub struct DocSource<'a> {
    /// Path of the source.
    pub path: &'a str,
    /// The source.
    pub text: &'a str,
}

/// A page of the book as it must be.
pub struct Copy {
    /// Path of the page.
    pub path: String,
    /// The page.
    pub text: String,
    /// Path of the source.
    pub source: String,
}

/// Every source file whose doc is a page.
pub fn sources(workspace: &Workspace) -> impl Iterator<Item = DocSource<'_>> {
    workspace.files().filter(|(path, _)| page_of(path).is_some()).map(|(path, text)| DocSource { path, text })
}

/// The pages as they must be.
pub fn pages(workspace: &Workspace) -> Vec<Copy> {
    let all_terms = workspace.file(TERMS.1).map(|_| Copy {
        path: TERMS.0.to_string(),
        text: format!("# Terms\n\n{TERMS_MARK}\n\n{}", terms::page()),
        source: TERMS.1.to_string(),
    });
    sources(workspace).filter_map(|source| copy(&source)).chain(all_terms).collect()
}

/// Whether the text is that of a page made here.
pub fn is_copy(text: &str) -> bool {
    text.lines().nth(2).is_some_and(|line| line.starts_with(MARK) || line == TERMS_MARK)
}

/// Pages that differ from their source, or have none.
pub fn differing(workspace: &Workspace) -> Vec<Finding> {
    let cure = "write it in the source, then run the test with UPDATE=1";
    let pages = pages(workspace);
    let mut found = Vec::new();
    for page in &pages {
        let there = workspace.file(&page.path).unwrap_or_default();
        if there != page.text {
            let same = there.lines().zip(page.text.lines()).take_while(|(there, here)| there == here).count();
            let what = format!("differs from the module doc of {}", page.source);
            found.push(Finding::new(&page.path, same + 1, what, cure));
        }
    }
    let is_orphan = |path: &str, text: &str| is_copy(text) && !pages.iter().any(|page| page.path == path);
    let orphans =
        workspace.files().filter(|(path, text)| path.starts_with("docs/book/") && is_orphan(path, text));
    found.extend(orphans.map(|(path, _)| Finding::new(path, 3, "its source is gone", "remove the page")));
    found
}

/// Writes the pages that differ.
pub fn rewrite(workspace: &Workspace, root: &Path) -> std::io::Result<()> {
    for page in pages(workspace) {
        if workspace.file(&page.path) != Some(&page.text) {
            let path = root.join(&page.path);
            fs::create_dir_all(path.parent().expect("a page lies in the book"))?;
            fs::write(path, &page.text)?;
        }
    }
    Ok(())
}

/// The path of the page of a source file.
fn page_of(path: &str) -> Option<String> {
    let in_folder = |(from, to): &(&str, &str)| {
        let name = path.strip_prefix(from)?.strip_suffix(".rs")?;
        (!name.contains('/')).then(|| format!("{to}{name}.md"))
    };
    FOLDERS.iter().find_map(in_folder)
}

fn copy(source: &DocSource<'_>) -> Option<Copy> {
    let path = page_of(source.path)?;
    let name = path.rsplit('/').next()?.strip_suffix(".md")?.to_string();
    let doc = Page::of_module_doc(source.path, source.text).lines.join("\n");
    let doc = match terms::of_contract(&name) {
        Some(table) if source.path.starts_with(FOLDERS[0].0) => with_terms(&doc, &table),
        _ => doc,
    };
    let text = format!("# {name}\n\n{MARK}{}; change it there. -->\n\n{doc}\n", source.path);
    Some(Copy { path, text, source: source.path.to_string() })
}

/// The page of a contract type, with its terms below the first paragraph.
fn with_terms(doc: &str, table: &str) -> String {
    let (first, rest) = doc.split_once("\n\n").unwrap_or((doc, ""));
    format!("{first}\n\n## Terms\n\n{table}\n## Example and meaning\n\n{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "crates/keiretsu-measures/src/measures/cash.rs";
    const PAGE: &str = "docs/book/measures/cash.md";
    const DOC: &str = "//! Cash.\n//!\n//!   indented\n\npub struct Cash;\n";
    const TRUE_PAGE: &str = r"# cash

<!-- Copied from the docs of crates/keiretsu-measures/src/measures/cash.rs; change it there. -->

Cash.

  indented
";

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let found = differing(&Workspace::of(files));
        assert_eq!(
            found.iter().map(|one| format!("{}: {}", one.line, one.what)).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn a_page_is_the_doc_word_for_word() {
        check(&[(SOURCE, DOC), (PAGE, TRUE_PAGE)], &[]);
        let what = format!("5: differs from the module doc of {SOURCE}");
        check(&[(SOURCE, DOC), (PAGE, &TRUE_PAGE.replace("Cash.", "Money."))], &[&what]);
        check(&[(SOURCE, DOC)], &[&what.replace("5:", "1:")]);
    }

    #[test]
    fn a_page_without_its_source_is_found() {
        check(&[(PAGE, TRUE_PAGE)], &["3: its source is gone"]);
        check(&[(PAGE, "# Cash\n\nWritten by hand.\n")], &[]);
    }

    #[test]
    fn other_source_files_have_no_page() {
        check(&[("crates/keiretsu-measures/src/lib.rs", DOC)], &[]);
        check(&[("crates/keiretsu-measures/src/measures/cash/runway.rs", DOC)], &[]);
    }

    #[test]
    fn rewriting_makes_pages_true() {
        let root = crate::literate::TemporaryFolder::new().unwrap();
        rewrite(&Workspace::of(&[(SOURCE, DOC)]), &root.path).unwrap();
        assert_eq!(fs::read_to_string(root.path.join(PAGE)).unwrap(), TRUE_PAGE);
    }
}
