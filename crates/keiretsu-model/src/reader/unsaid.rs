//! What a table does not say: the terms that are undisclosed then, each as if the text said so.

use crate::Span;
use crate::formula::{Formula, Node};
use crate::record::{Basis, Content, Entry, Record};
use crate::spec::{Term, TermKind};
use crate::statements::undisclosed;

/// The terms of which a table says nothing and which are undisclosed, each at the place of the table.
pub(super) fn unsaid(terms: &[&'static [Term]], span: Span, says: impl Fn(&str) -> bool) -> Vec<Entry> {
    open(terms, span, |term| term.unsaid.is_open(&says) && !says(term.name))
}

/// The terms of which a table says nothing but that something else says that they are there.
pub(super) fn meant(terms: &[&'static [Term]], span: Span, says: impl Fn(&str) -> bool) -> Vec<Entry> {
    open(terms, span, |term| term.unsaid.is_meant(&says) && !says(term.name))
}

fn open(terms: &[&'static [Term]], span: Span, is_open: impl Fn(&Term) -> bool) -> Vec<Entry> {
    let all = terms.iter().flat_map(|list| list.iter()).filter(|term| is_open(term));
    let entry = |term: &Term| Entry {
        name: term.name,
        key: span,
        span,
        text: "undisclosed".to_owned(),
        range: term.range,
        adds: term.adds,
        sharing: term.sharing,
        content: nothing_said(term.kind, span),
        basis: Basis::default(),
    };
    all.map(entry).collect()
}

fn nothing_said(kind: TermKind, span: Span) -> Content {
    let formula = |node, yields| Content::Formula(Box::new(Formula { node, span }), yields);
    match kind {
        TermKind::Figure(_) => Content::Figure(Box::new(undisclosed(span))),
        TermKind::Formula(yields) => formula(Node::Worded(Box::new(undisclosed(span))), yields),
        TermKind::Condition => formula(Node::Undisclosed, &[]),
        // One of which nothing is known stands for all.
        TermKind::Tables(terms) => {
            let says = |_: &str| false;
            let record = Record { span, entries: vec![], unsaid: unsaid(&[terms], span, says) };
            Content::Tables(vec![("undisclosed".to_owned(), span, record)])
        }
        _ => Content::Unsaid,
    }
}
