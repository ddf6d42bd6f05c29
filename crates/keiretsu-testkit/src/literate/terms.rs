//! The declared terms of the language as tables of the manual: the spec that the parser reads by.
//!
//! ```
//! use keiretsu_testkit::literate::terms;
//! let table = terms::of_contract("loan").unwrap();
//! assert!(table.contains("| `lender` | a party, or several | compulsory | who lends |"));
//! assert_eq!(terms::of_contract("handshake"), None);
//! ```
//!
//! Invariant: every declared term is a row, and every row a declared term.

use std::fmt::Write;

use keiretsu_contracts::specs;
use keiretsu_model::spec::{BASIS_TERMS, CONTRACT_TERMS, Unsaid};
use keiretsu_model::{ContractSpec, FUNCTIONS, ModelTable, RESERVED, TABLES, Term, TermKind, lexer};

/// The terms of a contract type as a Markdown table; none if there is no such type.
pub fn of_contract(keyword: &str) -> Option<String> {
    let spec: &'static ContractSpec = specs().into_iter().find(|spec| spec.keyword == keyword)?;
    let mut table = Table::new();
    table.add_all("", spec.roles());
    table.add_all("", spec.terms);
    let _ = writeln!(
        table.0,
        "\nOf every contract, and of every table: [terms](../terms.md#every-contract). Default rank of its \
         claims: {}.",
        spec.rank
    );
    Some(table.0)
}

const PREFACE: &str = "\
Each table below is made from the declarations that the parser reads by. A term that is not compulsory may be
left out; one that is undisclosed then is listed so. Every table inside a table takes the basis terms at the
end too. Terms of one contract type stand at the top of its page in `contracts/`; the kinds are explained in
[the language](language.md).
";

const RESERVED_WORDS: &str = "
## Reserved words

No party, contract, factor, event or other thing can be called by a word of the formula language, by a unit,
or `outside`, the party of everyone outside the web.

";

/// The page of all terms but those of the contract types.
pub fn page() -> String {
    let mut page = PREFACE.to_string();
    section(&mut page, "Every contract", "contracts.NAME", "who owes whom what", CONTRACT_TERMS);
    for ModelTable { name, help, terms, .. } in TABLES {
        section(&mut page, &capital(name), &format!("{name}.NAME"), help, terms);
    }
    let help = "on what it rests: of contracts, of all tables above but `sources`, and of every figure";
    section(&mut page, "Basis", "any table", help, BASIS_TERMS);
    page += RESERVED_WORDS;
    let units: Vec<&str> = lexer::UNITS.iter().map(|(word, ..)| *word).collect();
    page += &item("words", &RESERVED);
    page += &item("units", &units);
    page += &item("functions, only before a bracket", &FUNCTIONS);
    page
}

fn section(page: &mut String, title: &str, place: &str, help: &str, terms: &'static [Term]) {
    let mut table = Table::new();
    table.add_all("", terms);
    let _ = write!(page, "\n## {title}\n\n`[{place}]`: {help}\n\n{}", table.0);
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An item of a list, with lines of at most six words.
fn item(title: &str, words: &[&str]) -> String {
    let lines: Vec<String> = words.chunks(6).map(quoted).collect();
    format!("- {title}: {}\n", lines.join(",\n  "))
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// A Markdown table of terms, row by row.
struct Table(String);

impl Table {
    fn new() -> Self {
        Self("| term | kind | if left out | meaning |\n|---|---|---|---|\n".to_string())
    }

    /// Adds terms, and those of their tables below each.
    fn add_all<'a>(&mut self, within: &str, terms: impl IntoIterator<Item = &'a Term>) {
        for term in terms {
            let path = format!("{within}{}", term.name);
            self.add(&path, term);
            match term.kind {
                TermKind::Table(terms) | TermKind::TableOr(terms, _) => {
                    self.add_all(&format!("{path}."), terms);
                }
                TermKind::Tables(terms) => self.add_all(&format!("{path}.NAME."), terms),
                _ => {}
            }
        }
    }

    fn add(&mut self, path: &str, term: &Term) {
        let (meaning, default) = term.help.split_once("; default ").unwrap_or((term.help, ""));
        let default = match (term.required, term.unsaid) {
            (true, _) => "compulsory".to_string(),
            (_, Unsaid::Never) => default.to_string(),
            (_, Unsaid::Always) => "undisclosed".to_string(),
            (_, Unsaid::Unless(others)) => format!("undisclosed, unless it says {}", quoted(others)),
            (_, Unsaid::With(others)) => format!("undisclosed, beside {}", quoted(others)),
        };
        let _ = writeln!(self.0, "| `{path}` | {} | {default} | {meaning} |", kind(term.kind));
    }
}

/// A kind of term, in words.
fn kind(kind: TermKind) -> String {
    match kind {
        TermKind::Text => "text".to_string(),
        TermKind::Texts => "texts".to_string(),
        TermKind::Choice(words) => quoted(words),
        TermKind::Flag => "`true`, `false`".to_string(),
        TermKind::Count => "whole number".to_string(),
        TermKind::Figure(dimensions) => of_units("figure", dimensions),
        TermKind::Formula(dimensions) => of_units("figure or formula", dimensions),
        TermKind::ByYear(dimensions) => of_units("figure, or figures by year", dimensions),
        TermKind::Condition => "condition".to_string(),
        TermKind::Date => "date".to_string(),
        TermKind::Period => "date, or `A to B`".to_string(),
        TermKind::Duration => "duration".to_string(),
        TermKind::Chance => "chance, `70% by 2029`".to_string(),
        TermKind::Sources => "sources".to_string(),
        TermKind::Party => "a party".to_string(),
        TermKind::Parties => "a party, or several".to_string(),
        TermKind::Contract => "a contract".to_string(),
        TermKind::Contracts => "contracts".to_string(),
        TermKind::Event => "an event".to_string(),
        TermKind::Ramp => "ramp".to_string(),
        TermKind::Shares => "shares by party".to_string(),
        TermKind::PartyByName => "parties by name".to_string(),
        TermKind::SharesByYear => "shares of parties by year".to_string(),
        TermKind::Changes => "changes by target".to_string(),
        TermKind::DateByParty => "dates by party".to_string(),
        TermKind::Table(_) => "table".to_string(),
        TermKind::TableOr(_, words) => format!("table, `true`, `false`, {}", quoted(words)),
        TermKind::Tables(_) => "tables by name".to_string(),
    }
}

/// The words for a kind of number, with its units where they are few.
fn of_units(words: &str, dimensions: &[impl ToString]) -> String {
    match dimensions {
        [] => words.to_string(),
        few if few.len() < 4 => {
            let units: Vec<String> = few.iter().map(ToString::to_string).collect();
            format!("{words}: {}", units.join(" or "))
        }
        _ => format!("{words}, in any unit"),
    }
}
