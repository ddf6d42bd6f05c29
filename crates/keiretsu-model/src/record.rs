//! A table as read: its terms in the order of the text, each with its place and what it rests on.

use crate::date::When;
use crate::formula::Formula;
use crate::members::Member;
use crate::range::Range;
use crate::spec::Sharing;
use crate::{ContractRef, EventRef, PartyRef, SourceRef, Span};

pub use crate::content::{Basis, Change, Content, Ramp, Rest, SourceClaim, Stated, YearKey};

/// A table as read against its terms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The table's place: its header, or its braces.
    pub span: Span,
    /// Its terms.
    pub entries: Vec<Entry>,
    /// Terms of which it says nothing and which are undisclosed.
    pub unsaid: Vec<Entry>,
}

/// One term.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The term's name.
    pub name: &'static str,
    /// The key's place.
    pub key: Span,
    /// The value's place.
    pub span: Span,
    /// The value as written.
    pub text: String,
    /// Which numbers it may be.
    pub range: Range,
    /// Whether slices of a contract add up in it.
    pub adds: bool,
    /// What of it each of several parties in one role has.
    pub sharing: Sharing,
    /// What it is.
    pub content: Content,
    /// What it rests on.
    pub basis: Basis,
}

impl Record {
    /// A term, if it is there, or if that it is not said means that it is undisclosed.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().chain(&self.unsaid).find(|entry| entry.name == name)
    }

    /// Whether a term is said, be it misread. A date or a duration of which nothing but "undisclosed" is said
    /// is not.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name && entry.content != Content::Unsaid)
    }

    /// The place of a term, or of the table.
    pub fn span_of(&self, name: &str) -> Span {
        self.entry(name).map_or(self.span, |entry| entry.span)
    }

    /// A figure.
    pub fn figure(&self, name: &str) -> Option<&Stated> {
        match &self.entry(name)?.content {
            Content::Figure(figure) => Some(figure),
            _ => None,
        }
    }

    /// A formula or condition.
    pub fn formula(&self, name: &str) -> Option<&Formula> {
        match &self.entry(name)?.content {
            Content::Formula(formula, _) => Some(formula),
            _ => None,
        }
    }

    /// Words.
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.entry(name)?.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Several words.
    pub fn texts(&self, name: &str) -> &[(String, Span)] {
        match self.entry(name).map(|entry| &entry.content) {
            Some(Content::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// True or false; false where it is not said.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.entry(name).map(|entry| &entry.content), Some(Content::Flag(true)))
    }

    /// A whole number.
    pub fn count(&self, name: &str) -> Option<u64> {
        match self.entry(name)?.content {
            Content::Count(count) => Some(count),
            _ => None,
        }
    }

    /// A date or a span of dates.
    pub fn when(&self, name: &str) -> Option<When> {
        match self.entry(name)?.content {
            Content::When(when) => Some(when),
            _ => None,
        }
    }

    /// A duration in years.
    pub fn duration(&self, name: &str) -> Option<f64> {
        match self.entry(name)?.content {
            Content::Duration(years, _) => Some(years),
            _ => None,
        }
    }

    /// A party.
    pub fn party(&self, name: &str) -> Option<PartyRef> {
        match self.entry(name)?.content {
            Content::Party(party) => Some(party),
            _ => None,
        }
    }

    /// The parties of a role that has several.
    pub fn members(&self, name: &str) -> Option<&[Member]> {
        match &self.entry(name)?.content {
            Content::Members(members) => Some(members),
            _ => None,
        }
    }

    /// An event.
    pub fn event(&self, name: &str) -> Option<EventRef> {
        match self.entry(name)?.content {
            Content::Event(event) => Some(event),
            _ => None,
        }
    }

    /// A chance, with the date by which it holds.
    pub fn chance(&self, name: &str) -> Option<(&Stated, Option<When>)> {
        match &self.entry(name)?.content {
            Content::Chance(stated, by) => Some((stated, *by)),
            _ => None,
        }
    }

    /// Documents.
    pub fn sources(&self) -> &[SourceRef] {
        match self.entry("source").map(|entry| &entry.content) {
            Some(Content::Sources(sources)) => sources,
            _ => &[],
        }
    }

    /// Contracts.
    pub fn contracts(&self, name: &str) -> &[ContractRef] {
        match self.entry(name).map(|entry| &entry.content) {
            Some(Content::Contracts(contracts)) => contracts,
            _ => &[],
        }
    }

    /// A table.
    pub fn table(&self, name: &str) -> Option<&Record> {
        match &self.entry(name)?.content {
            Content::Table(record) => Some(record),
            _ => None,
        }
    }

    /// Tables by name.
    pub fn tables(&self, name: &str) -> &[(String, Span, Record)] {
        match self.entry(name).map(|entry| &entry.content) {
            Some(Content::Tables(tables)) => tables,
            _ => &[],
        }
    }

    /// A ramp.
    pub fn ramp(&self, name: &str) -> Option<&Ramp> {
        match &self.entry(name)?.content {
            Content::Ramp(ramp) => Some(ramp),
            _ => None,
        }
    }

    /// Figures by year.
    pub fn by_year(&self, name: &str) -> &[(YearKey, Stated)] {
        match self.entry(name).map(|entry| &entry.content) {
            Some(Content::ByYear(years)) => years,
            _ => &[],
        }
    }

    /// Shares by party.
    pub fn shares(&self, name: &str) -> &[(PartyRef, Stated)] {
        match self.entry(name).map(|entry| &entry.content) {
            Some(Content::Shares(shares)) => shares,
            _ => &[],
        }
    }

    /// Lets every statement of this table rest on what the table says of itself: its own `source` and
    /// `because`, else those around it. Terms named in `assumed` have no source.
    pub fn inherit(&mut self, around: &Basis) {
        let own = self.own_basis(around);
        let ours: Vec<String> = self.texts("assumed").iter().map(|(text, _)| text.clone()).collect();
        self.rest_on("", &own, &ours);
    }

    /// What the table says of itself, and around it where it says nothing.
    fn own_basis(&self, around: &Basis) -> Basis {
        let sources = self.sources();
        let text = |name: &str, around: &Option<String>| {
            self.text(name).map(str::to_owned).or_else(|| around.clone())
        };
        Basis {
            sources: if sources.is_empty() { around.sources.clone() } else { sources.to_vec() },
            quote: text("quote", &around.quote),
            page: text("page", &around.page),
            because: text("because", &around.because),
            assumed: false,
        }
    }

    fn rest_on(&mut self, path: &str, basis: &Basis, ours: &[String]) {
        for entry in self.entries.iter_mut().chain(&mut self.unsaid) {
            let name = join(path, entry.name);
            let assumed = ours.contains(&name);
            if entry.basis.sources.is_empty() && entry.basis.because.is_none() && !assumed {
                entry.basis = basis.clone();
            }
            // A document is cited for its amounts and days; that it also gives the shape or the trigger is
            // claimed by its words.
            let own_words = entry.basis.quote.is_some() || entry.basis.sources.is_empty();
            if assumed || (entry.content.shapes() && !own_words) {
                entry.basis.assumed = true;
                entry.basis.because = entry.basis.because.take().or_else(|| basis.because.clone());
            }
            let below = entry.basis.clone();
            match &mut entry.content {
                Content::Table(record) => {
                    let own = record.own_basis(&below);
                    let inner = record.texts("assumed").iter().map(|(text, _)| join(&name, text));
                    let ours: Vec<String> = ours.iter().cloned().chain(inner).collect();
                    record.rest_on(&name, &own, &ours);
                }
                Content::Tables(tables) => {
                    for (_, _, record) in tables {
                        record.inherit(&below);
                    }
                }
                _ => {}
            }
        }
    }

    /// This table with the terms of another one instead of its own, where that has them.
    #[must_use]
    pub fn with(&self, changes: &Record) -> Record {
        let mut merged = self.clone();
        for change in &changes.entries {
            match merged.entries.iter_mut().find(|entry| entry.name == change.name) {
                None => merged.entries.push(change.clone()),
                Some(entry) => match (&entry.content, &change.content) {
                    (Content::Table(had), Content::Table(new)) => {
                        entry.content = Content::Table(had.with(new));
                    }
                    (Content::Tables(had), Content::Tables(new)) => {
                        entry.content = Content::Tables(merge_tables(had, new));
                    }
                    _ => *entry = change.clone(),
                },
            }
        }
        let Record { entries, unsaid, .. } = &mut merged;
        unsaid.retain(|open| entries.iter().all(|entry| entry.name != open.name));
        merged
    }

    /// Calls `visit` on everything in this table and in those inside of which nothing is said, or nothing but
    /// that it is undisclosed, with its dotted path.
    pub fn walk_unsaid<'a>(&'a self, path: &str, visit: &mut impl FnMut(&str, &'a Entry)) {
        for entry in self.entries.iter().filter(|entry| entry.content == Content::Unsaid) {
            visit(&join(path, entry.name), entry);
        }
        for entry in &self.unsaid {
            if !matches!(entry.content, Content::Tables(_)) {
                visit(&join(path, entry.name), entry);
            }
        }
        for entry in self.entries.iter().chain(&self.unsaid) {
            let name = join(path, entry.name);
            match &entry.content {
                Content::Table(record) => record.walk_unsaid(&name, visit),
                Content::Tables(tables) => {
                    for (table, _, record) in tables {
                        record.walk_unsaid(&join(&name, table), visit);
                    }
                }
                _ => {}
            }
        }
    }

    /// Calls `visit` on every entry of this table and of the tables inside, with its dotted path.
    pub fn walk<'a>(&'a self, path: &str, visit: &mut impl FnMut(&str, &'a Entry)) {
        for entry in &self.entries {
            let name = join(path, entry.name);
            visit(&name, entry);
            match &entry.content {
                Content::Table(record) => record.walk(&name, visit),
                Content::Tables(tables) => {
                    for (table, _, record) in tables {
                        record.walk(&join(&name, table), visit);
                    }
                }
                _ => {}
            }
        }
    }
}

type Named = (String, Span, Record);

fn merge_tables(had: &[Named], new: &[Named]) -> Vec<Named> {
    let mut merged = had.to_vec();
    for (name, span, record) in new {
        match merged.iter_mut().find(|(old, ..)| old == name) {
            Some(old) => old.2 = old.2.with(record),
            None => merged.push((name.clone(), *span, record.clone())),
        }
    }
    merged
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
