//! Names in the text to references: the one or the several that a term gives, or why there is no such thing.

use crate::names::Kind;
use crate::reader::Reader;
use crate::record::Content;
use crate::tree::{Node, Tree};
use crate::{ContractRef, Diagnostic, EventRef, PartyRef, SourceRef, Span};

impl Reader<'_> {
    /// The position of a name of a kind, or a message.
    pub fn find(&mut self, kind: Kind, name: &str, span: Span) -> Option<u32> {
        if let Some(at) = self.names.find(kind, name) {
            return Some(at);
        }
        let hint = match self.names.other_kind(kind, name) {
            Some(other) => format!("`{name}` is a {}, not a {}", other.word(), kind.word()),
            None if self.names.all(kind).next().is_none() => {
                format!("the model has no `[{}]` yet", kind.table())
            }
            None => self.names.advice(name, &[kind]),
        };
        let message = format!("there is no {} `{name}`", kind.word());
        self.diagnostics.push(Diagnostic::new("E0601", span, message).hint(hint));
        None
    }

    /// The one name of a kind that a term gives.
    fn named(&mut self, node: &Node, kind: Kind, what: &str) -> Option<u32> {
        let word = kind.word();
        if let Tree::List(_) = node.value {
            let message = format!("`{what}` is the name of one {word}, not a list");
            self.diagnostics.push(Diagnostic::new("E0203", node.span, message).hint(match kind {
                Kind::Party => "name one of them, and write the same again for each of the others",
                _ => "name one of them",
            }));
            return None;
        }
        let Some(name) = node.text() else {
            return self.wrong_kind(node, what, &format!("the name of a {word} in quotes"));
        };
        self.find(kind, name, node.span)
    }

    /// A party.
    pub fn party(&mut self, node: &Node, what: &str) -> Option<PartyRef> {
        self.named(node, Kind::Party, what).map(PartyRef)
    }

    /// A contract.
    pub fn contract(&mut self, node: &Node, what: &str) -> Option<ContractRef> {
        self.named(node, Kind::Contract, what).map(ContractRef)
    }

    /// An event.
    pub fn event(&mut self, node: &Node, what: &str) -> Option<EventRef> {
        self.named(node, Kind::Event, what).map(EventRef)
    }

    /// Several contracts.
    pub fn contracts(&mut self, node: &Node, what: &str) -> Option<Content> {
        let names = self.texts(node, what)?;
        let found = names.iter().filter_map(|(name, span)| self.find(Kind::Contract, name, *span));
        Some(Content::Contracts(found.map(ContractRef).collect()))
    }

    /// The sources that a `source` key names.
    pub fn sources(&mut self, node: &Node) -> Vec<SourceRef> {
        let names = self.texts(node, "source").unwrap_or_default();
        names.iter().filter_map(|(name, span)| self.find(Kind::Source, name, *span)).map(SourceRef).collect()
    }
}
