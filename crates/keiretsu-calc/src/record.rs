//! An object of a user's JSON to numbers and names, with a fault for everything that is not as it should be.
//!
//! Reading goes on behind a fault, with a stand-in; the caller asks [`Faults::none`] before it computes.

use std::borrow::Cow;
use std::collections::HashSet;

use keiretsu_values::suggest;

use crate::faults::{Fault, Faults};
use crate::tree::Tree;

/// Whole numbers up to here are one number each in an f64.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Any finite number.
    Any,
    /// Zero or more.
    Amount,
    /// More than zero.
    Positive,
    /// From 0 to 1.
    Fraction,
}

impl Range {
    /// What is wrong with a number, if anything.
    pub fn refuses(self, number: f64) -> Option<(&'static str, &'static str)> {
        let fine = match self {
            _ if !number.is_finite() => return Some(("is not a finite number", "")),
            Range::Any => true,
            Range::Amount => 0.0 <= number,
            Range::Positive => f64::MIN_POSITIVE <= number,
            Range::Fraction => (0.0..=1.0).contains(&number),
        };
        let words = match self {
            Range::Amount | Range::Any => ("is negative", "give an amount of zero or more"),
            Range::Positive => ("is not above zero", "give a number above zero"),
            Range::Fraction => ("is no fraction", "give a fraction from 0 to 1, such as 0.25"),
        };
        (!fine).then_some(words)
    }
}

/// A number that is written as text: `12.5`, or a fraction such as `3966000000/221`.
pub fn number_of(text: &str) -> Option<f64> {
    let text = text.trim();
    let parsed = match text.split_once('/') {
        Some((above, below)) => above.trim().parse::<f64>().ok()? / below.trim().parse::<f64>().ok()?,
        None => text.parse().ok()?,
    };
    // Rust also reads `nan`, `inf` and `infinity`.
    parsed.is_finite().then_some(parsed)
}

/// What to write instead of a text that is no number.
pub fn number_hint(text: &str) -> &'static str {
    if text.contains(',') {
        "write numbers with a point and without separators: 1234.5"
    } else if text.contains('%') {
        "write a fraction: 0.25 for 25%"
    } else if text.chars().any(|letter| letter.is_ascii_digit()) {
        "write digits only: 1234.5"
    } else {
        ""
    }
}

/// An object.
#[derive(Debug)]
pub struct Record<'a> {
    map: &'a [(String, Tree)],
    place: String,
    faults: &'a Faults,
    /// It is no object, which has been said.
    broken: bool,
}

impl<'a> Record<'a> {
    /// Reads an object at a place; `known`: the keys that it may have.
    pub fn new(tree: &'a Tree, place: String, known: &[&str], faults: &'a Faults) -> Self {
        let Tree::Map(map) = tree else {
            let wanted = format!("give an object: {{{}}}", known.join(", "));
            faults.push(&place, format!("this is {}, not an object", tree.kind()), wanted);
            return Self { map: &[], place, faults, broken: true };
        };
        let record = Self { map, place, faults, broken: false };
        for (at, (key, _)) in map.iter().enumerate() {
            if !known.contains(&key.as_str()) {
                let hint = suggest::advice(key, known.iter().copied());
                record.fault(key, "is not known here", &hint);
            } else if map[..at].iter().any(|(other, _)| other == key) {
                record.fault(key, "is given twice", "keep one of them");
            }
        }
        record
    }

    /// The whole of a file.
    pub fn root(tree: &'a Tree, known: &[&str], faults: &'a Faults) -> Self {
        Self::new(tree, String::new(), known, faults)
    }

    /// The place of one of its entries, as the user would write it.
    pub fn place_of(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    /// Its own place.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Something is wrong with an entry.
    pub fn fault(&self, key: &str, message: &str, hint: &str) {
        self.faults.push_with(|| Fault {
            place: self.place_of(key),
            message: message.to_owned(),
            hint: hint.to_owned(),
        });
    }

    fn missing(&self, key: &str) {
        if !self.broken {
            self.fault(key, "is missing", "");
        }
    }

    /// An entry that is given, and not null.
    pub fn get(&self, key: &str) -> Option<&'a Tree> {
        let found = self.map.iter().find(|(name, _)| name == key).map(|(_, tree)| tree);
        found.filter(|tree| **tree != Tree::Null)
    }

    /// Whether an entry is given.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// A number, if it is given.
    pub fn number(&self, key: &str, range: Range) -> Option<f64> {
        self.number_in(self.get(key)?, || self.place_of(key), range)
    }

    /// A number that must be given.
    pub fn need(&self, key: &str, range: Range) -> f64 {
        if !self.has(key) {
            self.missing(key);
        }
        self.number(key, range).unwrap_or(0.0)
    }

    fn number_in(&self, tree: &Tree, place: impl Fn() -> String, range: Range) -> Option<f64> {
        let refuse = |message: String, hint: &str| {
            self.faults.push_with(|| Fault { place: place(), message, hint: hint.to_owned() });
            None
        };
        let number = match tree {
            Tree::Number(number) => *number,
            Tree::Text(text) => match number_of(text) {
                Some(number) => number,
                None => return refuse(format!("`{text}` is not a number"), number_hint(text)),
            },
            other => return refuse(format!("this is {}, not a number", other.kind()), ""),
        };
        match range.refuses(number) {
            None => Some(number),
            Some((what, hint)) => refuse(format!("{number} {what}"), hint),
        }
    }

    /// A whole number from 0, if it is given.
    pub fn whole(&self, key: &str) -> Option<u32> {
        let number = self.number(key, Range::Amount)?;
        if number.fract().abs() <= 0.0 && number < f64::from(u32::MAX) {
            return Some(number as u32);
        }
        self.fault(key, &format!("{number} is no whole number"), "give 1, 2, 3 ...");
        None
    }

    /// True or false, if it is given.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Tree::Flag(flag) => Some(*flag),
            other => {
                self.fault(key, &format!("this is {}", other.kind()), "give true or false");
                None
            }
        }
    }

    /// A text or a whole number that names something, if it is given.
    pub fn name(&self, key: &str) -> Option<Cow<'a, str>> {
        match self.get(key)? {
            Tree::Text(text) if !text.trim().is_empty() => Some(text.trim().into()),
            Tree::Number(number) if number.fract().abs() <= 0.0 && number.abs() < WHOLE_MAX => {
                Some(format!("{number}").into())
            }
            Tree::Text(_) => {
                self.fault(key, "is empty", "");
                None
            }
            other => {
                self.fault(key, &format!("this is {}, not a name", other.kind()), "put names in quotes");
                None
            }
        }
    }

    /// A name that must be given.
    pub fn need_name(&self, key: &str) -> Cow<'a, str> {
        if !self.has(key) {
            self.missing(key);
        }
        self.name(key).unwrap_or_default()
    }

    /// The words of an entry that has one of a few, with capitals, spaces and hyphens left out.
    pub fn one_of<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let said = match self.get(key)? {
            Tree::Text(text) => text.clone(),
            Tree::Number(number) => number.to_string(),
            other => other.kind().to_owned(),
        };
        let found = one_of(&said, words);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.fault(key, &format!("`{said}` is not known"), &suggest::advice(&said, known));
        }
        found
    }

    /// The entries of a list, which may be left out.
    pub fn list(&self, key: &str) -> &'a [Tree] {
        match self.get(key) {
            None => &[],
            Some(Tree::List(list)) => list,
            Some(other) => {
                self.fault(key, &format!("this is {}, not a list", other.kind()), "put it in [ ]");
                &[]
            }
        }
    }

    /// A list that must be given.
    pub fn need_list(&self, key: &str) -> &'a [Tree] {
        if !self.has(key) {
            self.missing(key);
        }
        self.list(key)
    }

    /// The objects of a list, which may be left out.
    pub fn records(&self, key: &str, known: &[&str]) -> Vec<Record<'a>> {
        let list = self.list(key).iter().enumerate();
        list.map(|(at, tree)| Record::new(tree, format!("{}[{at}]", self.place_of(key)), known, self.faults))
            .collect()
    }

    /// The objects of a list that must be given.
    pub fn need_records(&self, key: &str, known: &[&str]) -> Vec<Record<'a>> {
        self.need_list(key);
        if matches!(self.get(key), Some(Tree::List(_))) { self.records(key, known) } else { Vec::new() }
    }

    /// An object, if it is given.
    pub fn record(&self, key: &str, known: &[&str]) -> Option<Record<'a>> {
        Some(Record::new(self.get(key)?, self.place_of(key), known, self.faults))
    }

    /// The numbers of a list.
    pub fn numbers(&self, key: &str, range: Range) -> Vec<f64> {
        let list = self.list(key).iter().enumerate();
        let number = |(at, tree)| self.number_in(tree, || format!("{}[{at}]", self.place_of(key)), range);
        list.map(|entry| number(entry).unwrap_or(0.0)).collect()
    }

    /// The numbers of an object, by name and in order; none if it is left out.
    pub fn amounts(&self, key: &str, range: Range) -> Vec<(&'a str, f64)> {
        let Some(tree) = self.get(key) else { return Vec::new() };
        let Tree::Map(map) = tree else {
            let what = format!("this is {}, not an object", tree.kind());
            self.fault(key, &what, "give names with numbers: {\"a\": 1, \"b\": 2}");
            return Vec::new();
        };
        let mut seen = HashSet::new();
        let mut amounts = Vec::with_capacity(map.len());
        for (name, tree) in map {
            let place = || format!("{}.{name}", self.place_of(key));
            if !seen.insert(name.as_str()) {
                self.faults.push(place(), "is given twice", "keep one of them");
            }
            amounts.push((name.as_str(), self.number_in(tree, place, range).unwrap_or(0.0)));
        }
        amounts
    }
}

/// One of a few words, with capitals, spaces and hyphens left out.
pub fn one_of<T: Copy>(said: &str, words: &[(&str, T)]) -> Option<T> {
    let said = plain(said);
    words.iter().find(|(word, _)| plain(word) == said).map(|(_, meaning)| *meaning)
}

fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace('+', "plus").replace("actual", "act");
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}
