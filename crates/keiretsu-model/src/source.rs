//! Sources: the documents that figures cite.

use crate::Span;
use crate::date::When;
use crate::document::Document;
use crate::names::{Kind, Names};
use crate::reader::Reader;
use crate::spec::{Term, TermKind};

/// Kinds of document, the most reliable first.
pub const TIERS: [&str; 5] = ["filing", "company", "press", "analyst", "seed"];

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name by which figures cite it.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// Its title.
    pub title: String,
    /// Who wrote or published it.
    pub by: Option<String>,
    /// When it appeared, as exact as it is said; what it says is known from the last day of that on.
    pub date: Option<When>,
    /// Where it can be read.
    pub url: Option<String>,
    /// How reliable it is, as a position in [`TIERS`].
    pub tier: Option<usize>,
}

/// The terms of a source.
pub static SOURCE_TERMS: &[Term] = &[
    Term::new("title", TermKind::Text, "its title").required(),
    Term::new("by", TermKind::Text, "who wrote it"),
    Term::new("publisher", TermKind::Text, "who published it"),
    Term::new("date", TermKind::Date, "when it appeared"),
    Term::new("url", TermKind::Text, "where it can be read"),
    Term::new("tier", TermKind::Choice(&TIERS), "how reliable it is"),
    Term::new("text", TermKind::Text, "a note"),
];

/// Reads all sources.
pub(crate) fn read(
    document: &Document,
    names: &Names,
    diagnostics: &mut Vec<crate::Diagnostic>,
) -> Vec<Source> {
    let mut reader =
        Reader { document, names, source_dates: &[], source_tiers: &[], known_on: None, diagnostics };
    let entries = document.root.get(Kind::Source.table()).map_or(&[][..], |node| node.entries());
    let read = |(key, node): &(crate::tree::Key, crate::tree::Node)| {
        let record = reader.record(node, &[SOURCE_TERMS], &format!("the source `{}`", key.name));
        let text = |name: &str| record.text(name).map(str::to_owned);
        Source {
            name: key.name.clone(),
            span: key.span,
            title: text("title").unwrap_or_default(),
            by: text("by").or_else(|| text("publisher")),
            date: record.when("date"),
            url: text("url"),
            tier: record.text("tier").and_then(|tier| TIERS.iter().position(|known| *known == tier)),
        }
    };
    entries.iter().map(read).collect()
}
