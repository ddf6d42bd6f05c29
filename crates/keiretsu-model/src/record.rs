//! A table as read: its terms in the order of the text, each with its place and what it rests on.

use keiretsu_values::{Dimension, Value};

use crate::date::When;
use crate::figure::{Figure, Said};
use crate::formula::Formula;
use crate::{ContractRef, EventRef, PartyRef, SourceRef, Span};

/// A table as read against its terms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The table's place: its header, or its braces.
    pub span: Span,
    /// Its terms.
    pub entries: Vec<Entry>,
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
    /// What it is.
    pub content: Content,
    /// What it rests on.
    pub basis: Basis,
}

/// What a statement rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basis {
    /// Documents; none: it is an assumption.
    pub sources: Vec<SourceRef>,
    /// The words of the source.
    pub quote: Option<String>,
    /// Where in the source.
    pub page: Option<String>,
    /// Why we assume it.
    pub because: Option<String>,
    /// Marked as ours, even where the table around it has a source.
    pub assumed: bool,
}

impl Basis {
    /// Takes over what another basis says where this one says nothing.
    pub fn join(&mut self, other: Self) {
        self.sources.extend(
            other.sources.iter().filter(|source| !self.sources.contains(source)).copied().collect::<Vec<_>>(),
        );
        self.because = self.because.take().or(other.because);
        self.quote = self.quote.take().or(other.quote);
        self.page = self.page.take().or(other.page);
    }

    /// Whether nothing but us says so.
    pub fn is_assumption(&self) -> bool {
        self.assumed || self.sources.is_empty()
    }
}

/// A figure as it stands in the model: what is believed, and what else was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// The figure that is used.
    pub figure: Figure,
    /// Its place.
    pub span: Span,
    /// What an analyst takes it for.
    pub expect: Option<Said>,
    /// The date for which it holds.
    pub on: Option<When>,
    /// What other sources say.
    pub others: Vec<Claim>,
    /// Which rule or name chose the figure that is used, where there are several.
    pub chosen_by: Option<String>,
}

/// One source's figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// What it says.
    pub figure: Figure,
    /// Its place.
    pub span: Span,
    /// What it rests on.
    pub basis: Basis,
}

impl Stated {
    /// What is certain.
    pub fn firm(&self) -> Value {
        self.figure.said.firm()
    }

    /// The most that is said.
    pub fn headline(&self) -> Value {
        self.figure.said.headline()
    }

    /// What is expected: as the analyst says, else the mean of what it is sampled from.
    pub fn expected(&self) -> Value {
        self.expect.unwrap_or(self.figure.said).expected()
    }

    /// Whether the expected reading rests on a uniform between zero and the cap.
    pub fn guesses(&self) -> bool {
        self.expect.is_none() && matches!(self.figure.said, Said::UpTo(_))
    }
}

/// What a term says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Words.
    Text(String),
    /// Several words, each with its place.
    Texts(Vec<(String, Span)>),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Count(u64),
    /// A figure.
    Figure(Box<Stated>),
    /// A formula, and what it may yield; nothing: it is a condition.
    Formula(Box<Formula>, &'static [Dimension]),
    /// A date or a span of dates.
    When(When),
    /// A duration in years, and the words behind it.
    Duration(f64, String),
    /// A chance, and by when.
    Chance(Box<Stated>, Option<When>),
    /// Documents.
    Sources(Vec<SourceRef>),
    /// A party.
    Party(PartyRef),
    /// Contracts.
    Contracts(Vec<ContractRef>),
    /// An event.
    Event(EventRef),
    /// Figures by year, and later.
    ByYear(Vec<(YearKey, Stated)>),
    /// How a total spreads over time.
    Ramp(Ramp),
    /// Shares by party.
    Shares(Vec<(PartyRef, Stated)>),
    /// Parties by name.
    PartyByName(Vec<(String, PartyRef)>),
    /// Shares of parties by year.
    SharesByYear(Vec<(When, Vec<(PartyRef, Stated)>)>),
    /// Changes by target, as written.
    Changes(Vec<Change>),
    /// Dates by party.
    DateByParty(Vec<(PartyRef, When)>),
    /// A table.
    Table(Record),
    /// Tables by name, each with the place of its name.
    Tables(Vec<(String, Span, Record)>),
}

/// One change of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it changes: a factor, an event, or `contract.term`.
    pub target: String,
    /// Its place.
    pub span: Span,
    /// The figure.
    pub figure: Stated,
}

/// A key of figures by year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum YearKey {
    /// In that year, or month.
    At(When),
    /// In all later ones.
    Later,
}

/// How a total spreads over the life of a contract.
#[derive(Clone, Debug, PartialEq)]
pub enum Ramp {
    /// The same every month.
    Flat,
    /// Growing by the same amount every month, from nothing.
    Linear,
    /// The smooth step `3u^2 - 2u^3`, complete at the end or by a date.
    SCurve(Option<When>),
    /// As the contract's capacity comes in.
    WithCapacity,
    /// Shares of the total by calendar year; `rest` says how the others go.
    Shares {
        /// Year and share, a fraction.
        years: Vec<(i16, f64)>,
        /// How what is not listed spreads: flat or linear; none where the shares are the whole.
        rest: Option<Rest>,
    },
}

/// How the years that a ramp does not list share what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The same every year.
    Flat,
    /// Growing by the same amount each year from the last listed share.
    Linear,
}

impl Record {
    /// A term, if it is there.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// Whether a term is there.
    pub fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
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

    /// A figure, if it is of this dimension.
    pub fn figure_of(&self, name: &str, dimension: Dimension) -> Option<&Stated> {
        self.figure(name).filter(|stated| stated.figure.dimension == dimension)
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

    /// An event.
    pub fn event(&self, name: &str) -> Option<EventRef> {
        match self.entry(name)?.content {
            Content::Event(event) => Some(event),
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
    /// `because`, else those around it. Terms named in `assumed` rest on nobody but us.
    pub fn inherit(&mut self, around: &Basis) {
        let sources = self.sources();
        let because = self.text("because").map(str::to_owned);
        let own = Basis {
            sources: if sources.is_empty() { around.sources.clone() } else { sources.to_vec() },
            quote: self.text("quote").map(str::to_owned).or_else(|| around.quote.clone()),
            page: self.text("page").map(str::to_owned).or_else(|| around.page.clone()),
            because: because.or_else(|| around.because.clone()),
            assumed: false,
        };
        let ours: Vec<String> = self.texts("assumed").iter().map(|(text, _)| text.clone()).collect();
        self.rest_on("", &own, &ours);
    }

    fn rest_on(&mut self, path: &str, basis: &Basis, ours: &[String]) {
        for entry in &mut self.entries {
            let name = join(path, entry.name);
            let assumed = ours.contains(&name);
            if entry.basis.sources.is_empty() && entry.basis.because.is_none() && !assumed {
                entry.basis = basis.clone();
            }
            if assumed {
                entry.basis.assumed = true;
                entry.basis.because = entry.basis.because.take().or_else(|| basis.because.clone());
            }
            let below = entry.basis.clone();
            match &mut entry.content {
                Content::Table(record) => record.rest_on(&name, &below, ours),
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
        merged
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
