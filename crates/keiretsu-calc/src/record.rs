//! An object of a user's JSON to numbers and names, with a fault for everything that is not as it should be.
//!
//! Reading continues after a fault, with a stand-in; the caller checks [`Faults::none`] before it computes.

use std::borrow::Cow;
use std::collections::HashSet;

use keiretsu_values::suggest;

use crate::faults::{DataFault, Faults};
use crate::tree::JsonTree;

/// Whole numbers up to here are one number each in an f64.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// The range allowed for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberRange {
    /// Any finite number.
    Any,
    /// Zero or more.
    Amount,
    /// More than zero.
    Positive,
    /// From 0 to 1.
    Fraction,
}

impl NumberRange {
    /// The error in a number, if any.
    pub fn refuses(self, number: f64) -> Option<(&'static str, &'static str)> {
        let fine = match self {
            _ if !number.is_finite() => return Some(("is not a finite number", "")),
            NumberRange::Any => true,
            NumberRange::Amount => 0.0 <= number,
            NumberRange::Positive => f64::MIN_POSITIVE <= number,
            NumberRange::Fraction => (0.0..=1.0).contains(&number),
        };
        let words = match self {
            NumberRange::Amount | NumberRange::Any => ("is negative", "give an amount of zero or more"),
            NumberRange::Positive => ("is not above zero", "give a number above zero"),
            NumberRange::Fraction => ("is no fraction", "give a fraction from 0 to 1, such as 0.25"),
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

/// The remedy for a text that is no number.
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
pub struct JsonObject<'a> {
    map: &'a [(String, JsonTree)],
    place: String,
    faults: &'a Faults,
    /// It is no object; the fault has been reported.
    broken: bool,
}

impl<'a> JsonObject<'a> {
    /// Reads an object at a place; `known`: the keys that it may have.
    pub fn new(tree: &'a JsonTree, place: String, known: &[&str], faults: &'a Faults) -> Self {
        let JsonTree::Map(map) = tree else {
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
    pub fn root(tree: &'a JsonTree, known: &[&str], faults: &'a Faults) -> Self {
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
        self.faults.push_with(|| DataFault {
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
    pub fn get(&self, key: &str) -> Option<&'a JsonTree> {
        let found = self.map.iter().find(|(name, _)| name == key).map(|(_, tree)| tree);
        found.filter(|tree| **tree != JsonTree::Null)
    }

    /// Whether an entry is given.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// A number, if it is given.
    pub fn number(&self, key: &str, range: NumberRange) -> Option<f64> {
        self.number_in(self.get(key)?, || self.place_of(key), range)
    }

    /// A number that must be given.
    pub fn need(&self, key: &str, range: NumberRange) -> f64 {
        if !self.has(key) {
            self.missing(key);
        }
        self.number(key, range).unwrap_or(0.0)
    }

    fn number_in(&self, tree: &JsonTree, place: impl Fn() -> String, range: NumberRange) -> Option<f64> {
        let refuse = |message: String, hint: &str| {
            self.faults.push_with(|| DataFault { place: place(), message, hint: hint.to_owned() });
            None
        };
        let number = match tree {
            JsonTree::Number(number) => *number,
            JsonTree::Text(text) => match number_of(text) {
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
        let number = self.number(key, NumberRange::Amount)?;
        if number.fract().abs() <= 0.0 && number < f64::from(u32::MAX) {
            return Some(number as u32);
        }
        self.fault(key, &format!("{number} is no whole number"), "give 1, 2, 3 ...");
        None
    }

    /// True or false, if it is given.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            JsonTree::Flag(flag) => Some(*flag),
            other => {
                self.fault(key, &format!("this is {}", other.kind()), "give true or false");
                None
            }
        }
    }

    /// A text or a whole number that names something, if it is given.
    pub fn name(&self, key: &str) -> Option<Cow<'a, str>> {
        match self.get(key)? {
            JsonTree::Text(text) if !text.trim().is_empty() => Some(text.trim().into()),
            JsonTree::Number(number) if number.fract().abs() <= 0.0 && number.abs() < WHOLE_MAX => {
                Some(format!("{number}").into())
            }
            JsonTree::Text(_) => {
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
            JsonTree::Text(text) => text.clone(),
            JsonTree::Number(number) => number.to_string(),
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
    pub fn list(&self, key: &str) -> &'a [JsonTree] {
        match self.get(key) {
            None => &[],
            Some(JsonTree::List(list)) => list,
            Some(other) => {
                self.fault(key, &format!("this is {}, not a list", other.kind()), "put it in [ ]");
                &[]
            }
        }
    }

    /// A list that must be given.
    pub fn need_list(&self, key: &str) -> &'a [JsonTree] {
        if !self.has(key) {
            self.missing(key);
        }
        self.list(key)
    }

    /// The objects of a list, which may be left out.
    pub fn records(&self, key: &str, known: &[&str]) -> Vec<JsonObject<'a>> {
        let list = self.list(key).iter().enumerate();
        list.map(|(at, tree)| {
            JsonObject::new(tree, format!("{}[{at}]", self.place_of(key)), known, self.faults)
        })
        .collect()
    }

    /// The objects of a list that must be given.
    pub fn need_records(&self, key: &str, known: &[&str]) -> Vec<JsonObject<'a>> {
        self.need_list(key);
        if matches!(self.get(key), Some(JsonTree::List(_))) { self.records(key, known) } else { Vec::new() }
    }

    /// An object, if it is given.
    pub fn record(&self, key: &str, known: &[&str]) -> Option<JsonObject<'a>> {
        Some(JsonObject::new(self.get(key)?, self.place_of(key), known, self.faults))
    }

    /// The numbers of a list.
    pub fn numbers(&self, key: &str, range: NumberRange) -> Vec<f64> {
        let list = self.list(key).iter().enumerate();
        let number = |(at, tree)| self.number_in(tree, || format!("{}[{at}]", self.place_of(key)), range);
        list.map(|entry| number(entry).unwrap_or(0.0)).collect()
    }

    /// The numbers of an object, by name and in order; none if it is left out.
    pub fn amounts(&self, key: &str, range: NumberRange) -> Vec<(&'a str, f64)> {
        let Some(tree) = self.get(key) else { return Vec::new() };
        let JsonTree::Map(map) = tree else {
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
