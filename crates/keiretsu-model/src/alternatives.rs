//! Alternatives: several contracts of which one is owed, and nothing says yet which one.

use crate::names::Kind;
use crate::reader::Reader;
use crate::record::Record;
use crate::spec::{Term, TermKind};
use crate::web::records;
use crate::{Contract, ContractRef, Diagnostic, Span};

/// Several contracts of which one is owed.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// The contracts, as the text names them.
    pub of: Vec<ContractRef>,
    /// Which of them it is, once a source says so.
    pub chosen: Option<ContractRef>,
    /// All its terms.
    pub record: Record,
}

/// The terms of alternatives.
pub static ALTERNATIVE_TERMS: &[Term] = &[
    Term::new("of", TermKind::Contracts, "the contracts of which one is owed").required(),
    Term::new("by", TermKind::Party, "who chooses"),
    Term::new("until", TermKind::Date, "the day by which it is decided"),
    Term::new("chosen", TermKind::Contract, "the contract that it is, once that is decided"),
];

/// Reads all alternatives that were known.
pub(crate) fn read(reader: &mut Reader<'_>) -> Vec<Alternative> {
    let read = |(name, span, record): (String, Span, Record)| {
        let (of, chosen) = (record.contracts("of").to_vec(), record.contracts("chosen").first().copied());
        Alternative { name, span, of, chosen, record }
    };
    records(reader, Kind::Alternative, ALTERNATIVE_TERMS).into_iter().map(read).collect()
}

/// What of alternatives does not go together: fewer than two contracts, one in two of them, and a choice of
/// none of them.
pub(crate) fn check(all: &[Alternative], contracts: &[Option<Contract>], diagnostics: &mut Vec<Diagnostic>) {
    let named = |contract: &ContractRef| {
        contracts[contract.at()].as_ref().map_or_else(String::new, |contract| contract.name.clone())
    };
    for (at, one) in all.iter().enumerate() {
        let span = one.record.span_of("of");
        let mut of = one.of.clone();
        of.sort_unstable();
        of.dedup();
        let misread = |known: &Diagnostic| {
            known.span.file == span.file && span.start <= known.span.start && known.span.end <= span.end
        };
        if (of.len() < 2 && !diagnostics.iter().any(misread)) || of.len() < one.of.len() {
            let message = format!("`{}` is no choice between several contracts", one.name);
            diagnostics.push(
                Diagnostic::new("E0708", span, message)
                    .hint("name each once, as in of = [\"loan\", \"lease\"]"),
            );
        }
        for (contract, first) in of.iter().filter_map(|contract| {
            let first = all[..at].iter().find(|earlier| earlier.of.contains(contract))?;
            Some((contract, first))
        }) {
            let message = format!("`{}` is one of two alternatives at once", named(contract));
            diagnostics.push(
                Diagnostic::new("E0708", span, message)
                    .also(first.record.span_of("of"), "the first here")
                    .hint("name all contracts of which one is owed in one `of`"),
            );
        }
        if let Some(chosen) = one.chosen.filter(|chosen| !one.of.contains(chosen)) {
            let message = format!("`{}` is none of the contracts of `{}`", named(&chosen), one.name);
            diagnostics.push(
                Diagnostic::new("E0708", one.record.span_of("chosen"), message)
                    .also(span, "these")
                    .hint("name one of them"),
            );
        }
    }
}
