//! Names of the model for the words of a table: parties, sources, rows.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_model::{Model, PartyRef};

/// What a model has already, by the words of a table.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Parties by title, segments as `Parent (Segment)`.
    pub parties: BTreeMap<String, String>,
    /// Sources by title and address.
    pub sources: BTreeMap<(String, String), String>,
    /// All names that are taken, of every kind.
    pub taken: BTreeSet<String>,
    /// Rows that were taken before.
    pub rows: BTreeSet<String>,
}

impl Known {
    /// What a model has.
    pub fn of(model: &Model) -> Self {
        let mut known = Self::default();
        for party in &model.parties[1..] {
            let title = match party.part_of {
                Some(PartyRef(parent)) => {
                    format!("{} ({})", model.parties[parent as usize].title, party.title)
                }
                None => party.title.clone(),
            };
            known.parties.insert(title, party.name.clone());
            known.taken.insert(party.name.clone());
        }
        for source in &model.sources {
            let key = (source.title.clone(), source.url.clone().unwrap_or_default());
            known.sources.insert(key, source.name.clone());
            known.taken.insert(source.name.clone());
        }
        known.taken.extend(model.known_contracts().map(|(_, contract)| contract.name.clone()));
        known.taken.extend(model.holdings.iter().map(|holding| holding.name.clone()));
        known.taken.extend(model.reports.iter().map(|report| report.name.clone()));
        known.taken.extend(model.platforms.iter().map(|platform| platform.name.clone()));
        known.taken.extend(model.events.iter().map(|event| event.name.clone()));
        known.taken.extend(model.factors.iter().map(|factor| factor.name.clone()));
        known
    }

    /// A name that nothing has yet, made of words, and takes it.
    pub fn name(&mut self, words: &str) -> String {
        let slug = slug(words);
        let mut name = slug.clone();
        let mut next = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{slug}-{next}");
            next += 1;
        }
        name
    }
}

/// Letters and digits with single hyphens between them, starting with a letter, no word of the language.
fn slug(words: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' };
    let text: String = words.chars().map(plain).collect();
    let joined = text.split_whitespace().collect::<Vec<_>>().join("-");
    let short = joined.chars().take(60).collect::<String>();
    let short = short.trim_end_matches('-');
    let first = short.chars().next();
    // A single word may be one of the language: a longer name never is.
    match first {
        None => "row-without-name".to_owned(),
        Some(letter) if !letter.is_ascii_alphabetic() => format!("n-{short}"),
        Some(_) if is_word(short) => format!("the-{short}"),
        Some(_) => short.to_owned(),
    }
}

fn is_word(name: &str) -> bool {
    let formula = keiretsu_model::lexer::unit(name).is_some();
    formula || keiretsu_model::RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names_of_the_language() {
        assert_eq!(slug("Amazon (AWS)"), "amazon-aws");
        assert_eq!(slug("anth-spacex-1.25b-mo"), "anth-spacex-1-25b-mo");
        assert_eq!(slug("10-K of the year"), "n-10-k-of-the-year");
        assert_eq!(slug("max"), "the-max");
        assert_eq!(slug("日本"), "row-without-name");
        let mut known = Known::default();
        assert_eq!((known.name("A b"), known.name("a-b")), ("a-b".to_owned(), "a-b-2".to_owned()));
    }
}
