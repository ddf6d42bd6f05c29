//! The parties, sources, events and rates of rows, old and new.

mod alike;

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_maths::power::decimal_place;
use keiretsu_values::Currency;

use self::alike::{is_of_stake, stake_of};
use super::somebody::{is_form, is_led, is_nobody, is_thing, members, plain_name};
use super::tiers;
use crate::import::names::{Known, slug};
use crate::import::row::Row;
use crate::import::statement::{ImportedStatement, text};

/// The parties named in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A party of the model, by its name there.
    Party(String),
    /// No party in particular.
    Nobody,
    /// Several parties, by their titles, without stated shares; and whether there are others.
    Several(Vec<String>, bool),
}

/// Parties, sources, events and rates that rows name.
pub struct People {
    known: Known,
    /// New parties: title, parent, name.
    parties: Vec<(String, Option<String>, String)>,
    /// New sources.
    documents: Vec<Document>,
    /// The source of each row.
    pub sources: BTreeMap<String, String>,
    /// New events: name, description, and when it happened.
    events: Vec<(String, String, Option<String>)>,
    /// Names without brackets, of which `X (Y)` is a segment.
    whole: BTreeSet<String>,
    /// The shortest spelling of each name.
    spellings: BTreeMap<String, String>,
    /// Rates by currency and date, and the row of each.
    rates: BTreeMap<Currency, BTreeMap<String, (f64, String)>>,
    /// Currencies for which no row gives a rate.
    unrated: BTreeSet<Currency>,
    /// Rows of money for stakes and of stakes: row, who holds or pays, and in whom, in plain letters.
    stakes: Vec<[String; 3]>,
    /// The latest day on which something was said.
    latest: Option<keiretsu_model::When>,
}

/// A document and what the rows that cite it say of it.
struct Document {
    title: String,
    url: String,
    name: String,
    /// The latest day on which something of it was said.
    date: Option<keiretsu_model::When>,
    confidences: BTreeSet<usize>,
}

/// How sure a row is.
pub const CONFIDENCES: [&str; 3] = ["high", "medium", "low"];

impl People {
    /// The parties, sources and events for rows added to known names.
    pub fn new(rows: &[Row], known: &Known) -> Self {
        let cells = rows.iter().flat_map(|row| [row.cell("payer_or_investor"), row.cell("payee_or_issuer")]);
        let whole: BTreeSet<String> =
            cells.filter(|cell| !cell.contains(['(', ','])).map(single_spaced).collect();
        let mut spellings: BTreeMap<String, String> = BTreeMap::new();
        // What the model has comes first; then the shortest, which has no legal form.
        let mut titles: Vec<&String> = whole.iter().collect();
        titles.sort_by_key(|title| title.len());
        for title in known.parties.keys().chain(titles) {
            spellings.entry(plain_name(title)).or_insert_with(|| title.clone());
        }
        // "Lab Group PBC" is Lab: then "Lab Group" is the same.
        for (plain, title) in spellings.clone() {
            let group = format!("{plain} group");
            let has_form =
                |other: &&String| plain_name(other) == plain && other.to_lowercase().contains(&group);
            if whole.iter().any(|other| has_form(&other)) {
                spellings.insert(group, title);
            }
        }
        let mut people = Self {
            known: known.clone(),
            parties: vec![],
            documents: vec![],
            sources: BTreeMap::new(),
            events: vec![],
            whole,
            spellings,
            rates: BTreeMap::new(),
            unrated: BTreeSet::new(),
            stakes: rows.iter().filter(|row| is_of_stake(row)).map(stake_of).collect(),
            latest: rows.iter().filter_map(|row| row.when("announced")).max_by_key(|said| said.last),
        };
        for row in rows {
            people.cite(row);
        }
        people
    }

    /// Whether a date lies behind all that the table knows.
    pub fn is_ahead(&self, when: keiretsu_model::When) -> bool {
        self.latest.is_some_and(|latest| latest.last < when.first)
    }

    /// Whether a row was taken before.
    pub fn is_row(&self, id: &str) -> bool {
        self.known.rows.contains(id)
    }

    fn cite(&mut self, row: &Row) {
        let (title, url) = (row.cell("source_title").to_owned(), row.cell("source_url").to_owned());
        if title.is_empty() && url.is_empty() {
            return;
        }
        let key = (title.clone(), url.clone());
        if !self.known.sources.contains_key(&key) {
            // A party has its name for itself.
            let words = if title.is_empty() { &url } else { &title };
            let is_party = self.whole.iter().any(|party| slug(party) == slug(words));
            let name = self.known.name(&if is_party { format!("{words} says") } else { words.clone() });
            let (date, confidences) = (None, BTreeSet::new());
            self.documents.push(Document { title, url, name: name.clone(), date, confidences });
            self.known.sources.insert(key.clone(), name);
        }
        let name = self.known.sources[&key].clone();
        if let Some(document) = self.documents.iter_mut().find(|document| document.name == name) {
            let said = row.when("announced");
            if document.date.is_none_or(|date| said.is_some_and(|said| date.last < said.last)) {
                document.date = said.or(document.date);
            }
            document.confidences.extend(CONFIDENCES.iter().position(|word| *word == row.cell("confidence")));
        }
        self.sources.insert(row.id.clone(), name);
    }

    /// A new event: a name made from words, and its description.
    pub fn happening(&mut self, name: &str, words: &str, happened: Option<String>) -> String {
        let name = self.known.name(name);
        self.events.push((name.clone(), words.to_owned(), happened));
        name
    }

    /// A name for a statement: the first of these that is free, else the last with a number.
    pub fn name(&mut self, wishes: &[String]) -> String {
        self.known.first_free(wishes)
    }

    /// The rate of a row, if it gives one and the model has none for the currency.
    pub fn exchange(&mut self, row: &Row, (currency, rate): (Currency, Option<f64>)) {
        if self.known.currencies.contains(&currency) {
            return;
        }
        let on = row.date("announced").or(row.date("start"));
        match (rate, on) {
            (Some(rate), Some(on)) => {
                self.rates.entry(currency).or_default().entry(on).or_insert((rate, row.id.clone()));
            }
            _ => _ = self.unrated.insert(currency),
        }
    }

    /// The party named in a cell; a new one is added.
    pub fn find(&mut self, cell: &str) -> Found {
        let cell = single_spaced(cell);
        if let Some(name) = self.known.parties.get(&cell) {
            return Found::Party(name.clone());
        }
        let (whole, part) = match cell.split_once(" (").map(|(whole, part)| (whole, part.strip_suffix(')'))) {
            Some((whole, Some(part))) => (whole, Some(part)),
            _ => (cell.as_str(), None),
        };
        // "(each)", "(for the chips)", "(A/B)" are remarks; "(Compute)" is a part, "(Venture)" a name.
        let part = part.filter(|part| part.starts_with(char::is_uppercase) && !part.contains(['/', ',']));
        let several = members(whole);
        if several.len() < 2 && is_nobody(&cell) || is_led(&cell) {
            return Found::Nobody;
        }
        if several.len() > 1 {
            return match part {
                // "A, B, C (Venture)": the three under the name that they have together.
                Some(joint) => self.find(joint),
                None => among(&several),
            };
        }
        if part.is_none() && whole != cell {
            return self.find(whole);
        }
        let spelt = self.spellings.get(&plain_name(whole)).cloned();
        let has_whole = spelt.is_some() || self.known.parties.contains_key(whole);
        match part.filter(|_| has_whole) {
            Some(part) => match self.find(whole) {
                Found::Party(parent) => Found::Party(self.segment(&cell, part, parent)),
                other => other,
            },
            // Another spelling of a name that is there too.
            None if spelt.as_ref().is_some_and(|spelt| *spelt != cell) && part.is_none() => {
                self.find(&spelt.unwrap_or_default())
            }
            None => Found::Party(self.add(&cell, &cell, None, &cell)),
        }
    }

    /// Of a thing that is built for money, nobody: "Project X".
    pub fn find_supplier(&mut self, cell: &str) -> Found {
        let bare = cell.split(" (").next().unwrap_or_default();
        if !self.known.parties.contains_key(cell) && is_thing(bare) { Found::Nobody } else { self.find(cell) }
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
            Found::Nobody | Found::Several(..) => None,
        }
    }

    /// The party itself, of a segment its parent.
    pub fn group<'a>(&'a self, name: &'a str) -> &'a str {
        let new = self.parties.iter().find(|(.., known)| known == name);
        let parent = new.and_then(|(_, parent, _)| parent.as_deref());
        parent.or(self.known.parents.get(name).map(String::as_str)).unwrap_or(name)
    }

    /// A segment; an abbreviation is a name by itself.
    fn segment(&mut self, cell: &str, part: &str, parent: String) -> String {
        let short =
            part.len() > 1 && part.chars().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit());
        let name = if short { part } else { cell };
        self.add(cell, part, Some(parent), name)
    }

    fn add(&mut self, cell: &str, title: &str, parent: Option<String>, name: &str) -> String {
        let bare: Vec<&str> = name.split(' ').collect();
        let bare = if bare.iter().all(|word| is_form(word)) { name.to_owned() } else { bare.join(" ") };
        let name = self.known.name(&bare);
        self.parties.push((title.to_owned(), parent, name.clone()));
        self.known.parties.insert(cell.to_owned(), name.clone());
        name
    }

    /// The statements of new parties, sources, events and rates.
    pub fn statements(&self) -> Vec<ImportedStatement> {
        let party = |(title, parent, name): &(String, Option<String>, String)| {
            let mut terms = vec![("name".to_owned(), text(title))];
            terms.extend(parent.iter().map(|parent| ("part_of".to_owned(), text(parent))));
            ImportedStatement::of("parties.toml", format!("parties.{name}"), terms)
        };
        let event = |(name, words, happened): &(String, String, Option<String>)| {
            let mut terms = vec![("text".to_owned(), text(words))];
            terms.extend(happened.iter().map(|day| ("happened".to_owned(), text(day))));
            ImportedStatement::of("capital.toml", format!("events.{name}"), terms)
        };
        let people = self.documents.iter().map(Document::statement).chain(self.parties.iter().map(party));
        people.chain(self.events.iter().map(event)).chain(self.currencies()).collect()
    }

    fn currencies(&self) -> impl Iterator<Item = ImportedStatement> + '_ {
        let rated = self.rates.iter().map(|(currency, rates)| {
            let mut terms: Vec<(String, String)> =
                rates.iter().map(|(on, (rate, _))| (on.clone(), text(&digits(*rate)))).collect();
            let rows: Vec<&str> = rates.values().map(|(_, row)| row.as_str()).collect();
            let because = format!("the dollars over the {} of the row {}", currency.code(), rows.join(", "));
            terms.push(("because".to_owned(), text(&because)));
            (currency, terms)
        });
        let unrated =
            self.unrated.iter().filter(|currency| !self.rates.contains_key(currency)).map(|currency| {
                let because = "no row has both the amount and its dollars".to_owned();
                (
                    currency,
                    vec![("figure".to_owned(), text("undisclosed")), ("because".to_owned(), text(&because))],
                )
            });
        rated.chain(unrated).map(|(currency, terms)| {
            ImportedStatement::of("reports.toml", format!("currencies.{}", currency.code()), terms)
        })
    }
}

impl Document {
    fn statement(&self) -> ImportedStatement {
        let title = if self.title.is_empty() { &self.url } else { &self.title };
        let mut terms = vec![("title".to_owned(), text(title))];
        terms.extend(self.date.map(|date| ("date".to_owned(), text(&date.text()))));
        terms.extend((!self.url.is_empty()).then(|| ("url".to_owned(), text(&self.url))));
        terms.push(("tier".to_owned(), text(tiers::tier(&self.title, &self.url))));
        let words: Vec<&str> = self.confidences.iter().map(|at| CONFIDENCES[*at]).collect();
        let said = format!("confidence of its rows: {}", words.join(", "));
        terms.extend((!words.is_empty()).then(|| ("text".to_owned(), text(&said))));
        ImportedStatement::of("sources.toml", format!("sources.{}", self.name), terms)
    }
}

/// A rate with six digits: the amounts that it comes from have no more.
fn digits(rate: f64) -> String {
    let places = (5 - decimal_place(rate.abs())).clamp(0, 12) as usize;
    let text = format!("{rate:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// What several names come to: nobody, where all are people in general.
fn among(names: &[&str]) -> Found {
    let named: Vec<String> =
        names.iter().filter(|name| !is_nobody(name)).map(|name| (*name).to_owned()).collect();
    let others = named.len() < names.len();
    if named.is_empty() { Found::Nobody } else { Found::Several(named, others) }
}

/// Words with single spaces.
pub fn single_spaced(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::row::row;

    fn find(cell: &str) -> Found {
        People::new(&[], &Known::default()).find(cell)
    }

    #[test]
    fn a_party_is_told_from_nobody_and_from_several() {
        for cell in ["", "-", "(all customers)", "Lenders", "most hyperscalers", "Employees and investors"] {
            assert_eq!(find(cell), Found::Nobody, "{cell}");
        }
        for cell in ["A, B", "A and B", "Pimco and other bondholders", "A, B, C (sum)", "A / B"] {
            assert!(matches!(find(cell), Found::Several(..)), "{cell}");
        }
        for (cell, name) in [
            ("All Nippon Airways", "all-nippon-airways"),
            ("Alphabet, Inc.", "alphabet-inc"),
            ("A, B, C (Stargate)", "stargate"),
            ("Cloud  (Compute)", "cloud-compute"),
            ("Lab (receives shares)", "lab"),
            ("Township site (Cloud/Lab)", "township-site"),
        ] {
            assert_eq!(find(cell), Found::Party(name.to_owned()), "{cell}");
        }
    }

    #[test]
    fn spellings_and_remarks_make_no_other_party() {
        let rows = [row(&[("payer_or_investor", "Lab"), ("payee_or_issuer", "Cloud")])];
        let mut people = People::new(&rows, &Known::default());
        for cell in ["Lab", "Lab Group PBC", "Lab (in part)", "Lab, Inc.", "LAB"] {
            assert_eq!(people.find(cell), Found::Party("lab".to_owned()), "{cell}");
        }
        assert_eq!(people.find("Cloud (CWS)"), Found::Party("cws".to_owned()));
        assert_eq!(people.group("cws"), "cloud");
        assert_eq!(people.find_supplier("Project Rain (North)"), Found::Nobody);
    }

    #[test]
    fn a_rate_has_the_digits_of_its_amounts() {
        assert_eq!(digits(2.0 / 1.7), "1.17647");
        assert_eq!(digits(0.0067), "0.0067");
        assert_eq!(digits(12.5), "12.5");
    }
}
