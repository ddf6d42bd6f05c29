//! Names of the model for the words of a table: parties, sources, rows.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_model::{Model, PartyRef};
use keiretsu_values::Currency;
use unicode_normalization::UnicodeNormalization;

use super::row::fingerprint;

/// Names in a model, by the words of a table.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Parties by title, segments as `Parent (Segment)`.
    pub parties: BTreeMap<String, String>,
    /// Sources by title and address.
    pub sources: BTreeMap<(String, String), String>,
    /// All names that are taken, of every kind.
    pub taken: BTreeSet<String>,
    /// Where the statements stand that an import makes of rows: contracts, holdings, reports, platforms.
    pub statements: BTreeSet<String>,
    /// Rows that were taken before.
    pub rows: BTreeSet<String>,
    /// The party of which one is a segment.
    pub parents: BTreeMap<String, String>,
    /// Who has a stake in whom, or has paid for one.
    pub stakes: BTreeSet<(String, String)>,
    /// Currencies of which the model has the worth.
    pub currencies: BTreeSet<Currency>,
    /// The last number behind a name that was taken.
    pub numbers: BTreeMap<String, usize>,
}

impl Known {
    /// The names in a model.
    pub fn of(model: &Model) -> Self {
        let mut known = Self::default();
        for party in &model.parties[1..] {
            let title = match party.part_of {
                Some(PartyRef(parent)) => {
                    format!("{} ({})", model.parties[parent as usize].title, party.title)
                }
                None => party.title.clone(),
            };
            if let Some(PartyRef(parent)) = party.part_of {
                known.parents.insert(party.name.clone(), model.parties[parent as usize].name.clone());
            }
            known.parties.insert(title.nfc().collect(), party.name.clone());
            known.taken.insert(party.name.clone());
        }
        for source in &model.sources {
            let key = (source.title.nfc().collect(), source.url.clone().unwrap_or_default());
            known.sources.insert(key, source.name.clone());
            known.taken.insert(source.name.clone());
        }
        let place = |table: &str, name: &str| format!("{table}.{name}");
        let contracts = model.stated_contracts().map(|(_, contract)| place("contracts", &contract.name));
        let reports = model.reports.iter().map(|report| place("reports", &report.name));
        let platforms = model.platforms.iter().map(|platform| place("platforms", &platform.name));
        let holdings = model.holdings.iter().map(|holding| place("holdings", &holding.name));
        known.statements.extend(contracts.chain(reports).chain(platforms).chain(holdings));
        known
            .taken
            .extend(known.statements.iter().filter_map(|place| Some(place.split_once('.')?.1.to_owned())));
        let name = |party: PartyRef| model.parties[party.0 as usize].name.clone();
        let held = model.holdings.iter().map(|holding| (name(holding.owner), name(holding.issuer)));
        let invests = model.stated_contracts().filter_map(|(_, contract)| {
            let capital = ["equity", "convertible"].contains(&contract.spec.keyword);
            Some((name(contract.obligor.filter(|_| capital)?), name(contract.obligee?)))
        });
        known.stakes.extend(held.chain(invests));
        known.taken.extend(model.events.iter().map(|event| event.name.clone()));
        known.currencies.extend(model.currencies.iter().map(|(currency, _)| *currency));
        known.taken.extend(model.factors.iter().map(|factor| factor.name.clone()));
        known
    }

    /// The first of some names that is free, else the last one with a number, and takes it.
    pub fn first_free(&mut self, wishes: &[String]) -> String {
        let free = wishes.iter().find(|wish| !self.taken.contains(&slug(wish)));
        match free.or(wishes.last()) {
            Some(wish) => self.name(&wish.clone()),
            None => self.name("row"),
        }
    }

    /// A name that nothing has yet, made of words, and takes it.
    pub fn name(&mut self, words: &str) -> String {
        let slug = slug(words);
        let mut name = slug.clone();
        let next = self.numbers.entry(slug.clone()).or_insert(2);
        while !self.taken.insert(name.clone()) {
            name = format!("{slug}-{next}");
            *next += 1;
        }
        name
    }
}

/// Letters and digits with single hyphens between them, starting with a letter, no word of the language.
/// Letters with marks lose the marks, other scripts are spelt in Latin letters.
pub fn slug(words: &str) -> String {
    let latin = deunicode::deunicode_with_tofu(words, " ");
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' };
    let text: String = latin.chars().map(plain).collect();
    let joined = text.split_whitespace().collect::<Vec<_>>().join("-");
    let short = joined.chars().take(60).collect::<String>();
    let short = short.trim_end_matches('-');
    let first = short.chars().next();
    // A single word may be one of the language: a longer name never is.
    match first {
        // Signs that nobody spells: the same words give the same name all the same.
        None => format!("name-{}", &fingerprint(&[words.to_owned()])[..8]),
        Some(letter) if !letter.is_ascii_alphabetic() => format!("n-{short}"),
        Some(_) if is_word(short) => format!("the-{short}"),
        Some(_) => short.to_owned(),
    }
}

fn is_word(name: &str) -> bool {
    let formula = keiretsu_model::lexer::unit(name).is_some();
    // Everyone who is not modelled is a party of every model.
    formula || name == "outside" || keiretsu_model::RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_folded_and_not_dropped() {
        for (words, name) in [
            ("\u{c9}nergie B\u{e2}le", "energie-bale"),
            ("\u{d8}resund Kraft", "oresund-kraft"),
            ("Gr\u{f6}\u{df}e", "grosse"),
            ("Soci\u{e9}t\u{e9} G\u{e9}n\u{e9}rale", "societe-generale"),
            ("\u{30af}\u{30e9}\u{30a6}\u{30c9}", "kuraudo"),
        ] {
            assert_eq!(slug(words), name);
        }
        // 株式会社甲, in whatever Latin letters: a name of its own.
        let name = slug("\u{682a}\u{5f0f}\u{4f1a}\u{793e}\u{7532}");
        assert!(
            name.len() > 5 && name.chars().all(|sign| sign.is_ascii_lowercase() || sign == '-'),
            "{name}"
        );
    }

    #[test]
    fn names_are_names_of_the_language() {
        assert_eq!(slug("Amazon (AWS)"), "amazon-aws");
        assert_eq!(slug("anth-spacex-1.25b-mo"), "anth-spacex-1-25b-mo");
        assert_eq!(slug("10-K of the year"), "n-10-k-of-the-year");
        assert_eq!(slug("max"), "the-max");
        assert_eq!(slug("\u{e000}"), slug("\u{e000}"));
        assert!(slug("\u{e000}").starts_with("name-"));
        let mut known = Known::default();
        assert_eq!((known.name("A b"), known.name("a-b")), ("a-b".to_owned(), "a-b-2".to_owned()));
    }
}
