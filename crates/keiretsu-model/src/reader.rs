//! A tree to a record: reads a table against its terms and reports everything that does not fit.

use jiff::civil::Date;
use keiretsu_values::Dimension;

use crate::document::Document;
use crate::formula::Formula;
use crate::names::Names;
use crate::record::{Basis, Content, Entry, Record, Stated};
use crate::spec::{INNER_BASIS_TERMS, Term, TermKind};
use crate::tree::{Key, Node, Tree};
use crate::{Diagnostic, Severity, SourceRef, Span, figure, formula, parser, suggest, trade};

mod times;
mod unsaid;

use self::unsaid::{meant, unsaid};
use crate::figure::is_undisclosed;

/// Reads tables of a document.
pub(crate) struct Reader<'a> {
    /// All text, for what is shown as written.
    pub document: &'a Document,
    /// All names.
    pub names: &'a Names,
    /// The date of each source, if it has one.
    pub source_dates: &'a [Option<Date>],
    /// The tier of each source as a position in [`crate::source::TIERS`]; the first is best.
    pub source_tiers: &'a [usize],
    /// The last day of which news counts.
    pub known_on: Option<Date>,
    /// What was found.
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads a table against lists of terms.
    pub fn record(&mut self, node: &Node, terms: &[&'static [Term]], what: &str) -> Record {
        let mut record = self.part(node, terms, what);
        if !matches!(node.value, Tree::Table(_)) {
            return record;
        }
        let missing = |term: &&Term| node.get(term.name).is_none();
        for term in terms.iter().flat_map(|list| list.iter()).filter(missing) {
            if term.required {
                let message = format!("{what} needs `{}`: {}", term.name, term.help);
                self.diagnostics.push(Diagnostic::new("E0202", node.span, message).hint(example(term)));
            }
        }
        let figures = record.entries.iter().filter_map(|entry| match &entry.content {
            Content::Figure(stated) => Some(&stated.figure),
            _ => None,
        });
        let [mut over, mut at] = [false; 2];
        for figure in figures {
            over |= figure.over.is_some();
            at |= figure.at.is_some();
        }
        // "$5B over 10 years" says when it ends, "160M shares at $0.01" what each costs.
        let says = |name: &str| match name {
            "over" => over,
            "at" => at,
            name => node.get(name).is_some(),
        };
        record.entries.extend(meant(terms, node.span, says));
        record.unsaid = unsaid(terms, node.span, says);
        record
    }

    /// Reads a table of changes: like [`Self::record`], but nothing is required.
    pub fn part(&mut self, node: &Node, terms: &[&'static [Term]], what: &str) -> Record {
        let mut record = Record { span: node.span, entries: Vec::new(), unsaid: Vec::new() };
        if !matches!(node.value, Tree::Table(_)) {
            self.wrong_kind::<()>(node, what, "a table of terms: `{ term = value }`");
            return record;
        }
        for (key, value) in node.entries() {
            let term = terms.iter().flat_map(|list| list.iter()).find(|term| term.name == key.name);
            match term {
                Some(term) => record.entries.push(self.entry(key, value, term)),
                None => self.unknown_key(key, terms, what),
            }
        }
        record
    }

    fn unknown_key(&mut self, key: &Key, terms: &[&'static [Term]], what: &str) {
        let known = || terms.iter().flat_map(|list| list.iter());
        let meant = trade::term(&key.name, &known().map(|term| term.name));
        let hint = match known().find(|term| Some(term.name) == meant) {
            Some(term) => format!("write `{}`: {}", term.name, term.help),
            // Of many, those of its own are told.
            None => match suggest::nearest(&key.name, known().map(|term| term.name)) {
                Some(name) => format!("did you mean `{name}`?"),
                None => suggest::advice(
                    &key.name,
                    terms.iter().take(1).flat_map(|own| own.iter()).map(|term| term.name),
                ),
            },
        };
        let message = format!("{what} has no term `{}`", key.name);
        self.diagnostics.push(Diagnostic::new("E0201", key.span, message).hint(hint));
    }

    fn entry(&mut self, key: &Key, node: &Node, term: &Term) -> Entry {
        let mut basis = Basis::default();
        let content = self.content(node, term.name, term.kind, &mut basis).unwrap_or(Content::Misread);
        let text = self.written(node);
        term.range.check(term.name, &text, &content, self.diagnostics);
        let figure = match &content {
            Content::Figure(stated) => Some(stated.as_ref()),
            content => content.worded(),
        };
        if let Some(stated) = figure.filter(|_| !term.spans) {
            self.idle_words(term.name, stated);
        }
        let (range, adds, sharing) = (term.range, term.adds, term.sharing);
        Entry { name: term.name, key: key.span, span: node.span, text, range, adds, sharing, content, basis }
    }

    /// How many errors there are so far.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count()
    }

    /// A time or a price after an amount says nothing in a term that does not read it.
    pub fn idle_words(&mut self, what: &str, stated: &Stated) {
        let idle = match (stated.figure.over, stated.figure.at) {
            (Some(_), _) => "the time over which it falls",
            (None, Some(_)) => "the price of each",
            (None, None) if stated.figure.of_rest => "what it is a share of",
            (None, None) => return,
        };
        let message = format!("`{what}` does not read {idle} in \"{}\"", stated.figure.words);
        self.diagnostics.push(
            Diagnostic::new("W0301", stated.span, message)
                .hint("leave these words to `quote` or `text`, and give what they say in a term of its own"),
        );
    }

    /// The value in the user's words: a string without its quotes, of a figure or formula in a table its
    /// words, anything else as it could be written on one line.
    pub fn written(&self, node: &Node) -> String {
        let words = ["figure", "formula"].iter().find_map(|key| node.get(key)?.text());
        match node.text().or(words) {
            Some(text) => text.to_owned(),
            None => self.on_one_line(node),
        }
    }

    fn on_one_line(&self, node: &Node) -> String {
        match &node.value {
            Tree::Text(text) => format!("\"{text}\""),
            Tree::Table(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, node)| format!("{} = {}", key.name, self.on_one_line(node)))
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            }
            Tree::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.on_one_line(item)).collect();
                format!("[{}]", items.join(", "))
            }
            _ => {
                let file = &self.document.files[node.span.file.at()].text;
                file.get(node.span.start as usize..node.span.end as usize).unwrap_or_default().to_owned()
            }
        }
    }

    /// What a value of a kind says.
    pub fn content(&mut self, node: &Node, what: &str, kind: TermKind, basis: &mut Basis) -> Option<Content> {
        match kind {
            TermKind::Text => self.text(node, what).map(Content::Text),
            TermKind::Texts => self.texts(node, what).map(Content::Texts),
            TermKind::Choice(words) => self.choice(node, what, words).map(Content::Text),
            TermKind::Flag => match node.value {
                Tree::Flag(flag) => Some(Content::Flag(flag)),
                _ => self.wrong_kind(node, what, "true or false"),
            },
            TermKind::Count => match node.value {
                Tree::Integer(count) if count >= 0 => Some(Content::Count(count as u64)),
                _ => self.wrong_kind(node, what, "a whole number"),
            },
            TermKind::Figure(dimensions) => {
                self.stated(node, dimensions, what, basis).map(|stated| Content::Figure(Box::new(stated)))
            }
            TermKind::Formula(dimensions) => self.formula(node, what, dimensions, basis),
            TermKind::Condition => self.formula(node, what, &[], basis),
            TermKind::Date | TermKind::Period if node.text().is_some_and(is_undisclosed) => {
                Some(Content::Unsaid)
            }
            TermKind::Date => self.when(node, what, true).map(Content::When),
            TermKind::Period => self.when(node, what, false).map(Content::When),
            TermKind::Duration => self.duration(node, what),
            TermKind::Chance => self.chance(node, what, basis),
            TermKind::Sources => Some(Content::Sources(self.sources(node))),
            TermKind::Party => self.party(node, what).map(Content::Party),
            TermKind::Parties => self.parties(node, what, basis),
            TermKind::Contract => {
                self.contract(node, what).map(|contract| Content::Contracts(vec![contract]))
            }
            TermKind::Contracts => self.contracts(node, what),
            TermKind::Event => self.event(node, what).map(Content::Event),
            TermKind::ByYear(dimensions) => self.by_year(node, dimensions, what, basis),
            TermKind::Ramp => self.ramp(node, what, basis).map(Content::Ramp),
            TermKind::Shares => self.shares(node, what, basis).map(Content::Shares),
            TermKind::PartyByName => self.party_by_name(node, what),
            TermKind::SharesByYear => self.shares_by_year(node, what, basis),
            TermKind::Changes => self.changes(node, what, basis),
            TermKind::DateByParty => self.date_by_party(node, what),
            TermKind::Table(terms) => {
                Some(Content::Table(self.record(node, &[terms, INNER_BASIS_TERMS], what)))
            }
            TermKind::TableOr(terms, words) => match &node.value {
                Tree::Flag(flag) => Some(Content::Flag(*flag)),
                Tree::Text(_) => self.choice(node, what, words).map(Content::Text),
                _ => Some(Content::Table(self.record(node, &[terms, INNER_BASIS_TERMS], what))),
            },
            TermKind::Tables(terms) => self.tables(node, what, terms),
        }
    }

    fn tables(&mut self, node: &Node, what: &str, terms: &'static [Term]) -> Option<Content> {
        if !matches!(node.value, Tree::Table(_)) {
            return self.wrong_kind(node, what, "tables by name");
        }
        let read = |(key, node): &(Key, Node)| {
            let record = self.record(node, &[terms, INNER_BASIS_TERMS], &format!("`{what}.{}`", key.name));
            (key.name.clone(), key.span, record)
        };
        Some(Content::Tables(node.entries().iter().map(read).collect()))
    }

    /// Reports a value of the wrong kind; always `None`.
    pub fn wrong_kind<T>(&mut self, node: &Node, what: &str, wanted: &str) -> Option<T> {
        let message = format!("`{what}` is {wanted}, not {}", node.kind());
        self.diagnostics.push(Diagnostic::new("E0203", node.span, message));
        None
    }

    pub fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        match node.text() {
            Some(text) => Some(text.to_owned()),
            None => self.wrong_kind(node, what, "text in quotes"),
        }
    }

    pub fn texts(&mut self, node: &Node, what: &str) -> Option<Vec<(String, Span)>> {
        match &node.value {
            Tree::Text(text) => Some(vec![(text.clone(), node.span)]),
            Tree::List(items) => {
                Some(items.iter().filter_map(|item| Some((self.text(item, what)?, item.span))).collect())
            }
            _ => self.wrong_kind(node, what, "text or a list of texts"),
        }
    }

    pub fn choice(&mut self, node: &Node, what: &str, words: &[&'static str]) -> Option<String> {
        let text = self.text(node, what)?;
        if words.contains(&text.as_str()) {
            return Some(text);
        }
        let message = format!("`{what}` cannot be `{text}`");
        let hint = suggest::advice(&text, words.iter().copied());
        self.diagnostics.push(Diagnostic::new("E0204", node.span, message).hint(hint));
        None
    }

    /// A formula, bare or as `{ formula = "...", because = "..." }`.
    fn formula(
        &mut self,
        node: &Node,
        what: &str,
        yields: &'static [Dimension],
        basis: &mut Basis,
    ) -> Option<Content> {
        let inner = if node.entries().is_empty() { None } else { node.get("formula") };
        if inner.is_some() {
            for (key, value) in node.entries() {
                if key.name != "formula" {
                    self.basis_key(key, value, basis, &["formula"]);
                }
            }
        }
        let worded = |stated: Stated| {
            let (span, node) = (stated.span, formula::Node::Worded(Box::new(stated)));
            Some(Content::Formula(Box::new(Formula { node, span }), yields))
        };
        let amount = !yields.is_empty();
        if amount && ["figure", "claims", "expect"].iter().any(|key| node.get(key).is_some()) {
            return worded(self.stated(node, yields, what, basis)?);
        }
        let node = inner.unwrap_or(node);
        let text = match &node.value {
            Tree::Integer(number) => number.to_string(),
            Tree::Float(number) => number.to_string(),
            _ => self.text(node, what)?,
        };
        let parsed = parser::parse(&text, node.inside(), self.names);
        let in_words = match &parsed {
            // "8%-9%" is a range, "9% - 8%" a difference.
            Ok(Formula { node: formula::Node::Binary(..), .. }) => figure::is_hyphenated(&text),
            Ok(formula) => formula.node == formula::Node::Undisclosed,
            Err(_) => figure::parse(&text).is_ok(),
        };
        if amount && in_words {
            let stated = self.words(&text, node.inside(), node.span, what)?;
            self.fits(&stated, yields, what);
            return worded(stated);
        }
        match parsed {
            Ok(formula) => Some(Content::Formula(Box::new(formula), yields)),
            Err((code, misread)) => {
                let span = node.inside().part(misread.start, misread.end);
                self.diagnostics.push(Diagnostic::new(code, span, misread.message).hint(misread.hint));
                None
            }
        }
    }

    /// Whether something that a source says, or that has its own date, was known by then.
    pub fn is_known(&self, sources: &[SourceRef], known: Option<Date>) -> bool {
        let Some(limit) = self.known_on else { return true };
        let earliest = sources.iter().filter_map(|source| self.source_dates[source.at()]).min();
        known.or(earliest).is_none_or(|date| date <= limit)
    }

    /// Leaves out the statements of a table that only later sources make.
    pub fn hide_unknown(&self, record: &mut Record) {
        if self.known_on.is_some() {
            record
                .entries
                .retain(|entry| entry.name == "source" || self.is_known(&entry.basis.sources, None));
        }
    }

    /// Reads a key that says what a statement rests on; anything else is an unknown key.
    pub fn basis_key(&mut self, key: &Key, node: &Node, basis: &mut Basis, others: &[&str]) -> bool {
        match key.name.as_str() {
            "source" => basis.sources = self.sources(node),
            "because" => basis.because = self.text(node, "because"),
            "quote" => basis.quote = self.text(node, "quote"),
            "page" => basis.page = Some(self.written(node)),
            name => {
                let known = ["source", "because", "quote", "page"].into_iter().chain(others.iter().copied());
                self.diagnostics.push(
                    Diagnostic::new("E0201", key.span, format!("a figure has no term `{name}`"))
                        .hint(suggest::advice(name, known)),
                );
                return false;
            }
        }
        true
    }
}

fn example(term: &Term) -> String {
    match term.kind {
        TermKind::Party | TermKind::Parties => format!("{} = \"name-of-a-party\"", term.name),
        TermKind::Figure(_) => format!("{} = \"$5B\"", term.name),
        TermKind::Date | TermKind::Period => format!("{} = 2026-04-20", term.name),
        _ => String::new(),
    }
}
