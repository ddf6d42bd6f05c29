//! Rows to statements: each alone, then those that contradict each other about one thing as claims of one
//! figure.

mod becomes;

use std::collections::{BTreeMap, BTreeSet};

use becomes::Candidate;

use super::names::Known;
use super::row::Row;
use super::statement::{Claim, Figure, Statement, text};

/// What an import adds.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    /// New statements, in the order of the files and the rows.
    pub statements: Vec<Statement>,
    /// Rows that stand nowhere, and why.
    pub unplaced: Vec<(String, String)>,
    /// The latest day on which anything was said.
    pub as_of: String,
}

impl Placed {
    /// How many rows stand somewhere.
    pub fn placed(&self) -> usize {
        self.places().count()
    }

    /// Each placed row and where it stands.
    pub fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        self.statements.iter().flat_map(Statement::places)
    }
}

/// Places new rows into a model that has some things already.
pub fn all(rows: &[Row], known: &Known) -> Placed {
    let mut people = People::new(rows, known);
    let mut placed = Placed { as_of: as_of(rows), ..Placed::default() };
    let mut candidates: Vec<Option<Candidate>> = Vec::new();
    let new: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    for row in rows {
        let stranger = row.conflicts().find(|other| !new.contains(other) && people.is_row(other));
        let candidate = match (row.unreadable(), stranger) {
            (Some(reason), _) => Err(reason),
            (None, Some(other)) => {
                Err(format!("says otherwise than `{other}`, which the model has; add it to the claims there"))
            }
            (None, None) => becomes::candidate(row, &mut people),
        };
        match candidate {
            Ok(candidate) => candidates.push(Some(candidate)),
            Err(reason) => {
                placed.unplaced.push((row.id.clone(), reason));
                candidates.push(None);
            }
        }
    }
    let mut statements = people.statements();
    for group in groups(rows, &candidates) {
        statements.push(joined(rows, &group, &mut candidates, &people.sources));
    }
    statements.sort_by_key(|statement| {
        super::statement::FILES.iter().position(|file| *file == statement.file).unwrap_or_default()
    });
    placed.statements = statements;
    placed
}

/// The latest day that a row names as the one on which it was said.
fn as_of(rows: &[Row]) -> String {
    let days = rows.iter().filter_map(|row| row.when("announced")).map(|when| when.last);
    days.max().map_or_else(|| "2026-01-01".to_owned(), |day| day.to_string())
}

/// Rows that speak of the same thing, the one that counts first. Only a row that contradicts the first itself
/// joins it: what contradicts two different things joins one and leaves the other alone.
fn groups(rows: &[Row], candidates: &[Option<Candidate>]) -> Vec<Vec<usize>> {
    let place: BTreeMap<&str, usize> =
        rows.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
    let mut against: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); rows.len()];
    for (at, row) in rows.iter().enumerate() {
        for other in row.conflicts().filter_map(|id| place.get(id)).filter(|other| **other != at) {
            if let (Some(a), Some(b)) = (&candidates[at], &candidates[*other])
                && a.speaks_of(b)
            {
                against[at].insert(*other);
                against[*other].insert(at);
            }
        }
    }
    let mut order: Vec<usize> = (0..rows.len()).filter(|at| candidates[*at].is_some()).collect();
    order.sort_by_key(|at| (weight(&rows[*at]), *at));
    let mut taken = BTreeSet::new();
    let mut groups = Vec::new();
    for at in order {
        if taken.insert(at) {
            let mut group = vec![at];
            group.extend(against[at].iter().copied().filter(|other| taken.insert(*other)));
            groups.push(group);
        }
    }
    groups.sort_by_key(|group| group.iter().min().copied());
    groups
}

/// What counts first: what holds, what is likelier to be true.
fn weight(row: &Row) -> (bool, usize) {
    let sure = ["high", "medium", "low"].iter().position(|word| *word == row.cell("confidence"));
    (row.cell("status") == "terminated", sure.unwrap_or(3))
}

/// The statement of the first of a group, with what the others say beside it.
fn joined(
    rows: &[Row],
    group: &[usize],
    candidates: &mut [Option<Candidate>],
    sources: &BTreeMap<usize, String>,
) -> Statement {
    let mut first = candidates[group[0]].take().expect("groups are of candidates");
    let own = |at: usize, candidate: &Candidate, conflict| Claim {
        words: candidate.words.clone(),
        source: sources.get(&at).cloned(),
        quote: rows[at].cell("amount_text").to_owned(),
        conflict,
    };
    let mut claims = vec![own(group[0], &first, None)];
    let mut ids = vec![rows[group[0]].id.clone()];
    for at in &group[1..] {
        let other = candidates[*at].take().expect("groups are of candidates");
        let conflict = (other.pair != first.pair).then_some("direction");
        claims.push(own(*at, &other, conflict));
        ids.push(rows[*at].id.clone());
    }
    let apart = rows[group[0]].conflicts().filter(|id| !ids.iter().any(|own| own == id));
    let apart: Vec<String> = apart.map(|id| format!("the row {id} says otherwise")).collect();
    first.statement.remarks.extend(apart);
    if let Some(term) = first.figure {
        first.statement.figure = Some(Figure { term, claims });
    } else {
        let claim = &claims[0];
        if let Some(source) = &claim.source {
            first.statement.terms.push(("source".to_owned(), text(source)));
        }
        if !claim.quote.is_empty() {
            first.statement.terms.push(("quote".to_owned(), text(&claim.quote)));
        }
    }
    first.statement.rows = ids;
    first.statement
}

/// Parties and sources of the rows, old and new.
pub struct People {
    known: Known,
    /// New parties: title, parent, name.
    parties: Vec<(String, Option<String>, String)>,
    /// New sources: title, address, name.
    documents: Vec<(String, String, String)>,
    /// The source of each row.
    pub sources: BTreeMap<usize, String>,
    /// New events: name, and in words what happens.
    events: Vec<(String, String)>,
    /// Names without brackets, of which `X (Y)` is a segment.
    whole: BTreeSet<String>,
}

impl People {
    fn new(rows: &[Row], known: &Known) -> Self {
        let cells = rows.iter().flat_map(|row| [row.cell("payer_or_investor"), row.cell("payee_or_issuer")]);
        let whole = cells.filter(|cell| !cell.contains(['(', ','])).map(str::to_owned).collect();
        let known = known.clone();
        let mut people = Self {
            known,
            parties: vec![],
            documents: vec![],
            sources: BTreeMap::new(),
            events: vec![],
            whole,
        };
        for (at, row) in rows.iter().enumerate() {
            people.cite(at, row);
        }
        people
    }

    fn is_row(&self, id: &str) -> bool {
        self.known.rows.contains(id)
    }

    fn cite(&mut self, at: usize, row: &Row) {
        let (title, url) = (row.cell("source_title").to_owned(), row.cell("source_url").to_owned());
        if title.is_empty() && url.is_empty() {
            return;
        }
        let key = (title.clone(), url.clone());
        if !self.known.sources.contains_key(&key) {
            let name = self.known.name(if title.is_empty() { &url } else { &title });
            self.documents.push((title, url, name.clone()));
            self.known.sources.insert(key.clone(), name);
        }
        self.sources.insert(at, self.known.sources[&key].clone());
    }

    /// The event on which a row hangs; what makes it likely is left to the analyst.
    pub fn event(&mut self, row: &Row) -> String {
        let name = self.known.name(&format!("{} met", row.id));
        let words = row.cell("condition");
        let words = if words.is_empty() { "a condition that is not public" } else { words };
        self.events.push((name.clone(), words.to_owned()));
        name
    }

    /// A name for a statement.
    pub fn name(&mut self, words: &str) -> String {
        self.known.name(words)
    }

    /// The party of a cell; `outside` for everybody and nobody in particular.
    pub fn party(&mut self, cell: &str) -> Result<String, String> {
        let nobody = cell.is_empty() || cell == "-" || cell.starts_with('(');
        if nobody {
            return Ok("outside".to_owned());
        }
        let before = cell.split('(').next().unwrap_or_default();
        if before.contains(", ") || before.contains(" and ") {
            return Err(format!("`{cell}` are several parties in one cell; give each a row"));
        }
        if let Some(name) = self.known.parties.get(cell) {
            return Ok(name.clone());
        }
        let segment = cell.split_once(" (").and_then(|(whole, part)| {
            let part = part.strip_suffix(')')?;
            (self.whole.contains(whole) || self.known.parties.contains_key(whole)).then_some((whole, part))
        });
        let (title, parent) = match segment {
            Some((whole, part)) => (part.to_owned(), Some(self.party(whole)?)),
            None => (cell.to_owned(), None),
        };
        let name = self.known.name(cell);
        self.parties.push((title, parent, name.clone()));
        self.known.parties.insert(cell.to_owned(), name.clone());
        Ok(name)
    }

    /// The statements of new parties and sources.
    fn statements(&self) -> Vec<Statement> {
        let party = |(title, parent, name): &(String, Option<String>, String)| {
            let mut terms = vec![("name".to_owned(), text(title))];
            terms.extend(parent.iter().map(|parent| ("part_of".to_owned(), text(parent))));
            Statement { file: "parties.toml", path: format!("parties.{name}"), terms, ..Statement::default() }
        };
        let source = |(title, url, name): &(String, String, String)| {
            let title = if title.is_empty() { url } else { title };
            let mut terms = vec![("title".to_owned(), text(title))];
            terms.extend((!url.is_empty()).then(|| ("url".to_owned(), text(url))));
            Statement { file: "sources.toml", path: format!("sources.{name}"), terms, ..Statement::default() }
        };
        let event = |(name, words): &(String, String)| {
            let terms = vec![("text".to_owned(), text(words))];
            Statement { file: "capital.toml", path: format!("events.{name}"), terms, ..Statement::default() }
        };
        let people = self.documents.iter().map(source).chain(self.parties.iter().map(party));
        people.chain(self.events.iter().map(event)).collect()
    }
}
