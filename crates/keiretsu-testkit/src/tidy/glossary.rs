//! Turns `docs/GLOSSARY.md` and the source into findings: type names in words that the field does not use,
//! and one name for types of two crates.
//!
//! ```
//! use keiretsu_testkit::tidy::{Workspace, glossary};
//! let page = "Plain words: spec.\n\n| term | means | from |\n|---|---|---|\n| contract | terms | - |\n";
//! let source = "//! A.\npub struct ContractSpec;\npub struct Deal;\n";
//! let files = [(glossary::PAGE, page), ("crates/keiretsu-model/src/lib.rs", source)];
//! let found = glossary::type_words(&Workspace::of(&files));
//! assert_eq!(found[0].what, "type `Deal`: `deal` is not in the glossary");
//! ```
//!
//! A word of a type name is known if it is a word of a term (first column) or a plain word (the paragraph
//! that opens with `Plain words:`). A name that public types of two crates bear stands in a paragraph that
//! opens with `Named alike:` or, until one of them is renamed, with `Still alike:`.
//!
//! Public is what a crate's `lib.rs` opens: its types, those of its public modules, and those that it
//! re-exports. Words are checked in all types of the model; names in all types on the way from text to
//! observations.
//!
//! Absent: the testkit, and types that only their own crate sees.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;
use super::{Finding, Workspace};

/// The glossary.
pub const PAGE: &str = "docs/GLOSSARY.md";

const TABLE_HEAD: &str = "| term | means | from |";
const PLAIN: &str = "Plain words:";
/// Paragraphs with names that types of two crates may bear.
const ALIKE: [&str; 2] = ["Named alike:", "Still alike:"];
/// The crates that a model passes from text to observations.
const PASSED: [&str; 5] = ["values", "model", "program", "contracts", "engine"];

/// Public types that are named in unknown words.
pub fn type_words(workspace: &Workspace) -> Vec<Finding> {
    let known = known_words(workspace.file(PAGE).unwrap_or_default());
    let mut found = Vec::new();
    for (path, line, name) in types(workspace, &["model"]) {
        for word in words_of(&name).iter().filter(|word| !known.contains(singular(word))) {
            let what = format!("type `{name}`: `{word}` is not in the glossary");
            let cure = format!(
                "use the field's word; or add the term to {PAGE}; or, if it is no term of the field, add \
                 `{word}` to the plain words there"
            );
            found.push(Finding::new(&path, line, what, cure));
        }
    }
    found
}

/// Types of two crates with one name that the glossary does not list, and names that it lists in vain.
pub fn names_alike(workspace: &Workspace) -> Vec<Finding> {
    let page = workspace.file(PAGE).unwrap_or_default();
    let listed: BTreeSet<String> = ALIKE.iter().flat_map(|opening| paragraph(page, opening)).collect();
    let mut places: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
    for (path, line, name) in types(workspace, &PASSED) {
        places.entry(name).or_default().push((path, line));
    }
    places.retain(|_, places| places.iter().any(|(path, _)| folder(path) != folder(&places[0].0)));
    let mut found = Vec::new();
    for (name, places) in places.iter().filter(|(name, _)| !listed.contains(*name)) {
        let (path, line) = &places[places.len() - 1];
        let what = format!("type `{name}` stands in `{}` too", places[0].0);
        let cure = format!("rename one of them; or, for one thing at two levels, list it in {PAGE}");
        found.push(Finding::new(path, *line, what, cure));
    }
    for name in listed.iter().filter(|name| !places.contains_key(*name)) {
        let what = format!("`{name}` is no name of two types any more");
        found.push(Finding::new(PAGE, 1, what, "take it out of its paragraph"));
    }
    found
}

/// A type: its file, its line, its name.
type Declared = (String, usize, String);

/// The public types of all crates, and all types of the crates in `whole`.
fn types(workspace: &Workspace, whole: &[&str]) -> Vec<Declared> {
    let sources: Vec<Source> = workspace.rust().filter(Source::is_src).collect();
    let mut open = Vec::new();
    for library in sources.iter().filter(|source| source.path.ends_with("/src/lib.rs")) {
        open_files(&sources, &library.path, &mut open);
    }
    let exported: BTreeSet<(Option<&str>, &str)> =
        open.iter().flat_map(|source| exports(source).map(|name| (source.crate_name(), name))).collect();
    let paths: BTreeSet<&str> = open.iter().map(|source| source.path.as_str()).collect();
    let mut found = Vec::new();
    for source in &sources {
        let of_crate = source.crate_name().unwrap_or_default().trim_start_matches("keiretsu-");
        let is_open = whole.contains(&of_crate) || paths.contains(source.path.as_str());
        for (line, name) in source.shipped().filter_map(|(line, code)| Some((line, public_type(code)?))) {
            let is_public = is_open || exported.contains(&(source.crate_name(), name));
            if is_public && of_crate != "testkit" {
                found.push((source.path.clone(), line, name.to_owned()));
            }
        }
    }
    found
}

/// Adds a file and, below it, those of its public modules.
fn open_files<'s>(sources: &'s [Source], path: &str, open: &mut Vec<&'s Source>) {
    let Some(source) = sources.iter().find(|source| source.path == path) else { return };
    open.push(source);
    let stem = path.trim_end_matches(".rs");
    let folder = stem.strip_suffix("/lib").unwrap_or(stem);
    for line in source.code.lines() {
        if let Some(module) = line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) {
            open_files(sources, &format!("{folder}/{module}.rs"), open);
        }
    }
}

/// Names of types that a file re-exports.
fn exports(source: &Source) -> impl Iterator<Item = &str> {
    let statements = source.code.split(';').filter_map(|statement| statement.split_once("pub use "));
    let names = statements.flat_map(|(_, list)| list.split(|c: char| !c.is_alphanumeric()));
    names.filter(|name| name.starts_with(char::is_uppercase))
}

/// The crate's folder of a path.
fn folder(path: &str) -> Option<&str> {
    path.split('/').nth(1)
}

/// The words of a paragraph after its opening.
fn paragraph<'p>(page: &'p str, opening: &'p str) -> impl Iterator<Item = String> + use<'p> {
    let lines = page.lines().skip_while(move |line| !line.starts_with(opening));
    let lines = lines.take_while(|line| !line.is_empty());
    let words = lines.flat_map(move |line| line.trim_start_matches(opening).split_whitespace());
    words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_string())
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
    let mut known = BTreeSet::new();
    for text in terms.chain(paragraph(page, PLAIN)) {
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
        let files = [(PAGE, TERMS), ("crates/keiretsu-model/src/lib.rs", source)];
        let found = type_words(&Workspace::of(&files));
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
    fn words_of_types_that_a_crate_opens_are_checked() {
        let files = [
            (PAGE, TERMS),
            ("crates/keiretsu-views/src/lib.rs", "mod a;\npub mod b;\nmod c;\npub use a::{Deal, run};\n"),
            ("crates/keiretsu-views/src/a.rs", "pub struct Deal;\npub struct Unseen;\n"),
            ("crates/keiretsu-views/src/b.rs", "pub struct Gift;\npub struct Kind;\n"),
            ("crates/keiretsu-views/src/c.rs", "pub struct Hidden;\n"),
        ];
        let found = type_words(&Workspace::of(&files));
        let found: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
        let expected =
            ["type `Deal`: `deal` is not in the glossary", "type `Gift`: `gift` is not in the glossary"];
        assert_eq!(found, expected);
    }

    #[test]
    fn types_of_two_crates_with_one_name_are_found() {
        let page = format!("Named alike: Party.\n\nStill alike: Table.\n\n{TERMS}");
        let files = [
            (PAGE, page.as_str()),
            ("crates/keiretsu-model/src/a.rs", "pub struct Party;\npub enum Claim {}\npub struct Own;\n"),
            ("crates/keiretsu-model/src/b.rs", "pub struct Own;\n"),
            ("crates/keiretsu-program/src/a.rs", "pub struct Party;\npub struct Claim;\n"),
            ("crates/keiretsu-views/src/a.rs", "pub struct Own;\n"),
        ];
        let found = names_alike(&Workspace::of(&files));
        let found: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
        let claim = "type `Claim` stands in `crates/keiretsu-model/src/a.rs` too";
        assert_eq!(found, [claim, "`Table` is no name of two types any more"]);
    }

    #[test]
    fn a_term_stands_once_and_whole() {
        let page = format!("{TERMS}| Take-or-pay | again. | - |\n| lease | no stop | - |\n");
        let found = rows(&Workspace::of(&[(PAGE, &page)]));
        let found: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(found, ["`Take-or-pay` stands twice", "row of `lease`"]);
    }
}
