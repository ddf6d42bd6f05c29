//! Turns `docs/GLOSSARY.md` and the model's source into findings: type names in words that the field does
//! not use.
//!
//! ```
//! use keiretsu_testkit::tidy::{Workspace, glossary};
//! let page = "Plain words: spec.\n\n| term | means | from |\n|---|---|---|\n| contract | terms | - |\n";
//! let source = "//! A.\npub struct ContractSpec;\npub struct Deal;\n";
//! let files = [(glossary::PAGE, page), ("crates/keiretsu-model/src/a.rs", source)];
//! let found = glossary::model_types(&Workspace::of(&files));
//! assert_eq!(found[0].what, "type `Deal`: `deal` is not in the glossary");
//! ```
//!
//! A word of a type name is known if it is a word of a term (first column) or a plain word (the paragraph
//! that opens with `Plain words:`).
//!
//! Absent: other crates. The model's types are the words that everybody else repeats.

use std::collections::BTreeSet;

use super::{Finding, Workspace};

/// The glossary.
pub const PAGE: &str = "docs/GLOSSARY.md";

const TABLE_HEAD: &str = "| term | means | from |";
const PLAIN: &str = "Plain words:";

/// Public types of the model that are named in unknown words.
pub fn model_types(workspace: &Workspace) -> Vec<Finding> {
    let known = known_words(workspace.file(PAGE).unwrap_or_default());
    let mut found = Vec::new();
    let model = workspace.rust().filter(|source| source.path.starts_with("crates/keiretsu-model/src/"));
    for source in model {
        for (line, name) in source.shipped().filter_map(|(line, code)| Some((line, public_type(code)?))) {
            for word in words_of(name).iter().filter(|word| !known.contains(singular(word))) {
                let what = format!("type `{name}`: `{word}` is not in the glossary");
                let cure = format!(
                    "use the field's word; or add the term to {PAGE}; or, if it is no term of the field, add \
                     `{word}` to the plain words there"
                );
                found.push(Finding::new(&source.path, line, what, cure));
            }
        }
    }
    found
}

/// Terms that stand twice, and rows without a sentence.
pub fn rows(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (line, cells) in table(workspace.file(PAGE).unwrap_or_default()) {
        let term = cells[0].trim();
        if !seen.insert(term.to_lowercase()) {
            found.push(Finding::new(
                PAGE,
                line,
                format!("`{term}` stands twice"),
                "one word, one meaning: keep one",
            ));
        }
        let is_whole = cells.len() == 3 && cells[1].trim().ends_with('.') && !cells[2].trim().is_empty();
        if !is_whole {
            let cure = "write `| term | One sentence. | standard, or - |`";
            found.push(Finding::new(PAGE, line, format!("row of `{term}`"), cure));
        }
    }
    found
}

/// Rows of the tables: line and cells, without head and rule.
fn table(page: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let rows = page.lines().enumerate().filter(|(_, line)| line.starts_with("| ") && *line != TABLE_HEAD);
    rows.map(|(index, line)| (index + 1, line.trim().trim_matches('|').split('|').collect()))
}

/// The words of all terms, and the plain words, in the singular.
fn known_words(page: &str) -> BTreeSet<String> {
    let terms = table(page).map(|(_, cells)| cells[0].to_string());
    let plain = page.lines().skip_while(|line| !line.starts_with(PLAIN)).take_while(|line| !line.is_empty());
    let plain = plain.map(|line| line.trim_start_matches(PLAIN).to_string());
    let mut known = BTreeSet::new();
    for text in terms.chain(plain) {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        known.extend(words.map(|word| singular(&word.to_lowercase()).to_string()));
    }
    known
}

/// The name of the public type that the line declares.
fn public_type(code: &str) -> Option<&str> {
    let code = code.trim_start();
    let kinds = ["pub struct ", "pub enum ", "pub trait ", "pub type "];
    let name = kinds.iter().find_map(|kind| code.strip_prefix(kind))?;
    name.split(|c: char| !c.is_alphanumeric()).next()
}

/// The words of a name in camel case, in small letters.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for letter in name.chars() {
        if letter.is_uppercase() || words.is_empty() {
            words.push(String::new());
        }
        let word = words.last_mut().expect("a word was pushed for the first letter");
        word.extend(letter.to_lowercase());
    }
    words
}

/// The word without a plural's ending, the same way for type names and for the glossary.
fn singular(word: &str) -> &str {
    let is_plural = word.ends_with('s') && !word.ends_with("ss") && 3 < word.len();
    if is_plural { &word[..word.len() - 1] } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: &str = "Plain words: id, spec,\nkind.\n\n| term | means | from |\n|---|---|---|\n\
                         | take-or-pay | A. | - |\n| service credits | B. | - |\n";

    fn check(source: &str, expected: &[&str]) {
        let files = [(PAGE, TERMS), ("crates/keiretsu-model/src/a.rs", source)];
        let found = model_types(&Workspace::of(&files));
        assert_eq!(found.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn names_in_known_words_are_fine() {
        check("pub struct TakeOrPay<'a>;\npub enum ServiceCreditKind {}\npub struct Services(u8);\n", &[]);
    }

    #[test]
    fn names_in_unknown_words_are_found() {
        check("pub enum TakeOrLeave {}\n", &["type `TakeOrLeave`: `leave` is not in the glossary"]);
    }

    #[test]
    fn private_types_and_types_of_tests_are_free() {
        check(
            "struct Thing;\npub(crate) struct Thing2;\n#[cfg(test)]\nmod tests { pub struct Thing3; }\n",
            &[],
        );
    }

    #[test]
    fn a_term_stands_once_and_whole() {
        let page = format!("{TERMS}| Take-or-pay | again. | - |\n| lease | no stop | - |\n");
        let found = rows(&Workspace::of(&[(PAGE, &page)]));
        let found: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(found, ["`Take-or-pay` stands twice", "row of `lease`"]);
    }
}
