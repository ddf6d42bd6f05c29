//! The parties, sources and events of rows, old and new.

use std::collections::{BTreeMap, BTreeSet};

use super::super::names::Known;
use super::super::row::Row;
use super::super::statement::{ImportedStatement, text};

/// The parties named in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A party of the model, by its name there.
    Party(String),
    /// No party in particular.
    Nobody,
    /// Several parties without stated shares.
    Several,
}

/// Parties, sources and events that rows name.
pub struct People {
    known: Known,
    /// New parties: title, parent, name.
    parties: Vec<(String, Option<String>, String)>,
    /// New sources: title, address, name.
    documents: Vec<(String, String, String)>,
    /// The source of each row.
    pub sources: BTreeMap<usize, String>,
    /// New events: name and description.
    events: Vec<(String, String)>,
    /// Names without brackets, of which `X (Y)` is a segment.
    whole: BTreeSet<String>,
}

impl People {
    /// The parties, sources and events for rows added to known names.
    pub fn new(rows: &[Row], known: &Known) -> Self {
        let cells = rows.iter().flat_map(|row| [row.cell("payer_or_investor"), row.cell("payee_or_issuer")]);
        let whole = cells.filter(|cell| !cell.contains(['(', ','])).map(single_spaced).collect();
        let mut people = Self {
            known: known.clone(),
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

    /// Whether a row was taken before.
    pub fn is_row(&self, id: &str) -> bool {
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

    /// The event that a row depends on; its chance is left to the analyst.
    pub fn event(&mut self, row: &Row) -> String {
        let words = row.cell("condition");
        let words = if words.is_empty() { "a condition that is not public" } else { words };
        self.happening(&format!("{} met", row.id), words)
    }

    /// A new event: a name made from words, and its description.
    pub fn happening(&mut self, name: &str, words: &str) -> String {
        let name = self.known.name(name);
        self.events.push((name.clone(), words.to_owned()));
        name
    }

    /// A name for a statement.
    pub fn name(&mut self, words: &str) -> String {
        self.known.name(words)
    }

    /// The party named in a cell; a new one is added.
    pub fn find(&mut self, cell: &str) -> Found {
        let cell = single_spaced(cell);
        if let Some(name) = self.known.parties.get(&cell) {
            return Found::Party(name.clone());
        }
        if is_nobody(&cell) {
            return Found::Nobody;
        }
        let (whole, part) = match cell.split_once(" (").map(|(whole, part)| (whole, part.strip_suffix(')'))) {
            Some((whole, Some(part))) => (whole, Some(part)),
            _ => (cell.as_str(), None),
        };
        let parts = members(whole);
        if parts.len() > 1 {
            let joint = part.filter(|part| part.starts_with(char::is_uppercase));
            return match joint {
                // "A, B, C (Venture)": the three under the name that they have together.
                Some(joint) if members(joint).len() == 1 => self.find(joint),
                _ if parts.iter().all(|part| is_nobody(part)) => Found::Nobody,
                _ => Found::Several,
            };
        }
        let has_whole = self.whole.contains(whole) || self.known.parties.contains_key(whole);
        let parent = part.filter(|_| has_whole).map(|_| self.find(whole));
        Found::Party(match (part, parent) {
            (Some(part), Some(Found::Party(parent))) => self.add(&cell, part, Some(parent)),
            _ => self.add(&cell, &cell, None),
        })
    }

    /// The issuer, where a cell names its holders: "Lab employees" are holders of Lab.
    pub fn issuer_of(&mut self, cell: &str) -> Option<String> {
        let cell = single_spaced(cell);
        let titles = self.known.parties.keys().chain(&self.whole);
        let begins =
            |title: &&String| cell.strip_prefix(title.as_str()).is_some_and(|rest| rest.starts_with(' '));
        let title = titles.filter(begins).max_by_key(|title| title.len())?.clone();
        match self.find(&title) {
            Found::Party(name) => Some(name),
            Found::Nobody | Found::Several => None,
        }
    }

    fn add(&mut self, cell: &str, title: &str, parent: Option<String>) -> String {
        let name = self.known.name(cell);
        self.parties.push((title.to_owned(), parent, name.clone()));
        self.known.parties.insert(cell.to_owned(), name.clone());
        name
    }

    /// The statements of new parties, sources and events.
    pub fn statements(&self) -> Vec<ImportedStatement> {
        let party = |(title, parent, name): &(String, Option<String>, String)| {
            let mut terms = vec![("name".to_owned(), text(title))];
            terms.extend(parent.iter().map(|parent| ("part_of".to_owned(), text(parent))));
            ImportedStatement {
                file: "parties.toml",
                path: format!("parties.{name}"),
                terms,
                ..ImportedStatement::default()
            }
        };
        let source = |(title, url, name): &(String, String, String)| {
            let title = if title.is_empty() { url } else { title };
            let mut terms = vec![("title".to_owned(), text(title))];
            terms.extend((!url.is_empty()).then(|| ("url".to_owned(), text(url))));
            ImportedStatement {
                file: "sources.toml",
                path: format!("sources.{name}"),
                terms,
                ..ImportedStatement::default()
            }
        };
        let event = |(name, words): &(String, String)| {
            let terms = vec![("text".to_owned(), text(words))];
            ImportedStatement {
                file: "capital.toml",
                path: format!("events.{name}"),
                terms,
                ..ImportedStatement::default()
            }
        };
        let people = self.documents.iter().map(source).chain(self.parties.iter().map(party));
        people.chain(self.events.iter().map(event)).collect()
    }
}

fn single_spaced(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words for people in general.
const GENERAL: [&str; 19] = [
    "outside",
    "lenders",
    "bondholders",
    "noteholders",
    "creditors",
    "banks",
    "investors",
    "landlords",
    "customers",
    "suppliers",
    "vendors",
    "employees",
    "shareholders",
    "others",
    "debt markets",
    "capital markets",
    "public markets",
    "the public",
    "the market",
];

/// Words before people in general.
const VAGUE: [&str; 14] = [
    "most",
    "many",
    "several",
    "some",
    "all",
    "other",
    "various",
    "unnamed",
    "undisclosed",
    "unknown",
    "certain",
    "multiple",
    "none",
    "n/a",
];

fn is_nobody(cell: &str) -> bool {
    let small = cell.to_lowercase();
    let mut words = cell.split(' ');
    let vague = words.next().is_some_and(|first| VAGUE.contains(&first.to_lowercase().as_str()));
    // "most lenders" are nobody, "All Nippon Airways" are a party.
    let vague = vague && words.all(|word| !word.starts_with(char::is_uppercase));
    cell.is_empty() || cell.starts_with(['(', '-', '\u{2013}']) || vague || GENERAL.contains(&small.as_str())
}

/// Legal forms after a comma in the name of one company.
const FORMS: [&str; 14] =
    ["inc", "inc.", "ltd", "ltd.", "llc", "l.l.c.", "lp", "l.p.", "plc", "s.a.", "sa", "ag", "corp.", "co."];

/// The names between commas and "and".
fn members(whole: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split(" and ").flat_map(|part| part.split([',', ';'])) {
        let part = part.trim();
        if !part.is_empty() && !FORMS.contains(&part.to_lowercase().as_str()) {
            parts.push(part);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(cell: &str) -> Found {
        People::new(&[], &Known::default()).find(cell)
    }

    #[test]
    fn a_party_is_told_from_nobody_and_from_several() {
        for cell in ["", "-", "(all customers)", "Lenders", "most hyperscalers", "Employees and investors"] {
            assert_eq!(find(cell), Found::Nobody, "{cell}");
        }
        for cell in ["A, B", "A and B", "Pimco and other bondholders", "A, B, C (sum)"] {
            assert_eq!(find(cell), Found::Several, "{cell}");
        }
        for (cell, name) in [
            ("All Nippon Airways", "all-nippon-airways"),
            ("Alphabet, Inc.", "alphabet-inc"),
            ("A, B, C (Stargate)", "stargate"),
            ("Cloud  (Compute)", "cloud-compute"),
        ] {
            assert_eq!(find(cell), Found::Party(name.to_owned()), "{cell}");
        }
    }
}
