//! The names of a model, and references to what they name.

use std::cell::Cell;
use std::collections::BTreeMap;

use keiretsu_values::ids;

use crate::limits::most;
use crate::tree::{Key, Node, Tree};
use crate::{Diagnostic, lexer, suggest};

ids! {
    /// Position in [`crate::Model::sources`].
    SourceRef,
    /// Position in [`crate::Model::parties`].
    PartyRef,
    /// Position in [`crate::Model::factors`].
    FactorRef,
    /// Position in [`crate::Model::events`].
    EventRef,
    /// Position in [`crate::Model::contracts`].
    ContractRef,
}

impl PartyRef {
    /// Everyone outside the web: the first party of every model.
    pub const OUTSIDE: Self = Self(0);
}

/// What can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A document.
    Source,
    /// A party.
    Party,
    /// A factor.
    Factor,
    /// An event.
    Event,
    /// A contract.
    Contract,
    /// A holding.
    Holding,
    /// A platform.
    Platform,
    /// A product.
    Product,
    /// A scenario.
    Scenario,
    /// A report.
    Report,
    /// An expectation.
    Expectation,
    /// Alternatives.
    Alternative,
}

impl Kind {
    /// The table of the model that lists them, and the word for one.
    const TABLES: [(Self, &'static str, &'static str); 12] = [
        (Self::Source, "sources", "source"),
        (Self::Party, "parties", "party"),
        (Self::Factor, "factors", "factor"),
        (Self::Event, "events", "event"),
        (Self::Contract, "contracts", "contract"),
        (Self::Holding, "holdings", "holding"),
        (Self::Platform, "platforms", "platform"),
        (Self::Product, "products", "product"),
        (Self::Scenario, "scenarios", "scenario"),
        (Self::Report, "reports", "report"),
        (Self::Expectation, "expect", "expectation"),
        (Self::Alternative, "alternatives", "alternative"),
    ];

    /// The word for one of this kind.
    pub fn word(self) -> &'static str {
        Self::TABLES[self as usize].2
    }

    /// The table of the model that lists this kind.
    pub fn table(self) -> &'static str {
        Self::TABLES[self as usize].1
    }
}

/// All names of a model.
#[derive(Clone, Debug, Default)]
pub struct Names {
    lists: [BTreeMap<String, u32>; Kind::TABLES.len()],
    /// Tranches of each contract, as `contract.tranche`.
    tranches: BTreeMap<String, u32>,
    /// How often the nearest name has been looked for.
    searches: Cell<u32>,
}

/// The nearest name is looked for so often in one model: each time all names are gone through, and nobody
/// reads that many messages.
const SEARCHES_MAX: u32 = 100;

impl Names {
    /// Collects the names of a tree; `outside` is always a party, the first.
    pub fn collect(root: &Node, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self::default();
        names.lists[Kind::Party as usize].insert("outside".to_owned(), 0);
        for (kind, table, word) in Kind::TABLES {
            let Some(node) = root.get(table) else { continue };
            if !matches!(node.value, Tree::Table(_)) {
                let message = format!("`{table}` is a table of {table} by name, not {}", node.kind());
                diagnostics.push(
                    Diagnostic::new("E0203", node.span, message)
                        .hint(format!("write `[{table}.name-of-the-{word}]` and its terms below")),
                );
            }
            let most = most(kind);
            if let Some((first, _)) = node.entries().get(most) {
                let message =
                    format!("a model may have at most {most} {table}, and this has {}", node.entries().len());
                diagnostics.push(
                    Diagnostic::new("E0111", first.span, message)
                        .hint("leave out or put together what the questions do not need"),
                );
            }
            for (key, node) in node.entries() {
                check_name(key, word, diagnostics);
                let list = &mut names.lists[kind as usize];
                let next = list.len() as u32;
                list.entry(key.name.clone()).or_insert(next);
                if kind == Kind::Contract {
                    for (tranche, _) in node.get("tranches").map_or(&[][..], Node::entries) {
                        check_name(tranche, "tranche", diagnostics);
                        let position = names.lists[kind as usize][&key.name];
                        names.tranches.insert(format!("{}.{}", key.name, tranche.name), position);
                    }
                }
            }
        }
        names
    }

    /// The position of a name in the list of its kind.
    pub fn find(&self, kind: Kind, name: &str) -> Option<u32> {
        self.lists[kind as usize].get(name).copied()
    }

    /// The contract of `contract.tranche`.
    pub fn tranche(&self, name: &str) -> Option<u32> {
        self.tranches.get(name).copied()
    }

    /// All names of a kind, sorted.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.lists[kind as usize].keys().map(String::as_str)
    }

    /// Advice for a word that is no name of these kinds; empty once it has been given often enough.
    pub fn advice(&self, word: &str, kinds: &[Kind]) -> String {
        let all = kinds.iter().flat_map(|kind| self.all(*kind));
        if self.may_search() { suggest::advice(word, all) } else { String::new() }
    }

    /// The name of these kinds that is nearest to a word, if it is near, and looked for.
    pub fn nearest(&self, word: &str, kinds: &[Kind]) -> Option<&str> {
        let all = kinds.iter().flat_map(|kind| self.all(*kind));
        if self.may_search() { suggest::nearest(word, all) } else { None }
    }

    fn may_search(&self) -> bool {
        self.searches.set(self.searches.get().saturating_add(1));
        self.searches.get() <= SEARCHES_MAX
    }

    /// Where else a name stands, if it is no name of the kind that was asked for.
    pub fn other_kind(&self, kind: Kind, name: &str) -> Option<Kind> {
        let others = Kind::TABLES.iter().map(|(other, ..)| *other).filter(|other| *other != kind);
        others.into_iter().find(|other| self.find(*other, name).is_some())
    }
}

/// Words of the formula language, which nothing can be called.
pub const RESERVED: [&str; 14] =
    ["and", "or", "not", "if", "then", "else", "min", "max", "sum", "of", "in", "next", "true", "false"];

fn check_name(key: &Key, word: &str, diagnostics: &mut Vec<Diagnostic>) {
    let name = &key.name;
    let parts = name.split(['-', '_']);
    let plain = parts.into_iter().all(|part| !part.is_empty() && part.chars().all(char::is_alphanumeric));
    let starts = name.chars().next().is_some_and(char::is_alphabetic);
    if !plain || !starts || name.len() > 80 {
        let message = format!("`{name}` cannot be the name of a {word}");
        diagnostics.push(Diagnostic::new("E0206", key.span, message).hint(
            "letters and digits, with single hyphens or underscores between them, starting with a letter",
        ));
    } else if RESERVED.contains(&name.as_str()) || lexer::unit(name).is_some() {
        let message = format!("`{name}` is a word of the formula language");
        diagnostics.push(
            Diagnostic::new("E0206", key.span, message).hint(format!("call the {word} something else")),
        );
    }
}
