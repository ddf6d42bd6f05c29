//! Expectations: what goes on holding, such as a published ratio or what a review agreed on.
//!
//! Their words are read by those who know the tables of answers; a model only keeps them.

use crate::Span;
use crate::names::Kind;
use crate::reader::Reader;
use crate::record::Record;
use crate::spec::{Term, TermKind};
use crate::web::records;

/// Something that goes on holding.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Its name.
    pub name: String,
    /// Its words.
    pub that: String,
    /// Where they stand.
    pub span: Span,
    /// All its terms.
    pub record: Record,
}

/// The terms of an expectation.
pub static EXPECTATION_TERMS: &[Term] = &[Term::new(
    "that",
    TermKind::Text,
    "what goes on holding: a number of a table beside an amount, or `no default`",
)
.required()];

/// Reads all expectations that were known.
pub(crate) fn read(reader: &mut Reader<'_>) -> Vec<Expectation> {
    let mut expectations = Vec::new();
    for (name, _, record) in records(reader, Kind::Expectation, EXPECTATION_TERMS) {
        let Some(that) = record.text("that").map(str::to_owned) else { continue };
        let span = record.span_of("that");
        expectations.push(Expectation { name, that, span, record });
    }
    expectations
}
