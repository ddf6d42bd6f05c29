//! Questions to a session, in names and words: the same for every face, and the same as JSON.

use serde::{Deserialize, Serialize};

/// A question. A field left out takes its default.
///
/// ```
/// let question: keiretsu::Question =
///     serde_json::from_str(r#"{ "ask": "cash", "parties": ["lab"], "by": "year" }"#).unwrap();
/// let cash = keiretsu::Question::of("cash", ["lab"]);
/// assert_eq!(question, keiretsu::Question { by: Some("year".into()), ..cash });
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// A measure; or `run` (cash, coverage, and the distribution of paths), `all` (every measure), `show`
    /// (topics in `of`), `explain` (a number in `of`), `most` (the same with the statements that move it
    /// most, in about a second), `number` (the same without statements, at once), `numbers` (the names of
    /// numbers, of a measure in `of`), `believed` (numbers in `of` under other claims), `rests` (what the
    /// answers rest on, the most first), `from` (the numbers that a statement in `of` moves), `expect`
    /// (whether what the model expects holds).
    pub ask: String,
    /// Only these parties, by name or title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<String>,
    /// Only this reading: firm, expected or headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// How time is cut: month, year or total.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The day on which something is supposed to happen; of `reverse`, the last day for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The day that the model looks from, instead of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The known-on date: news after this day is not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_on: Option<String>,
    /// The scenarios in which everything is run, later ones on top.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<String>,
    /// The scenarios that are set against it one by one, where a measure does so; none: all of the model.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<String>,
    /// Statements of the text in other words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<StatementChange>,
    /// A simulation in addition to the readings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<PathsRequest>,
    /// Which of a party's money is spent first: pro-rata, fifo or lifo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_money: Option<String>,
    /// Formulas and conditions in the words of the model, numbers or topics, depending on `ask`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// Of `reverse`: how far out is looked, in standard deviations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<f64>,
    /// Of `explain`: a path shown month by month, `expected` or its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A statement in other words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementChange {
    /// Its dotted path, as `explain` and `show figures` print it: `lab.cash`, `demand.growth.2027`.
    pub place: String,
    /// The new words, in the language of models: `$8B`, `40%`, `undisclosed`.
    pub words: String,
}

/// A simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathsRequest {
    /// Key of the random numbers: the same seed gives the same bits.
    #[serde(default = "first_seed")]
    pub seed: u64,
    /// How many paths.
    pub count: u64,
}

fn first_seed() -> u64 {
    1
}

impl Question {
    /// A question about some parties, or about all where none is named.
    pub fn of<P: Into<String>>(ask: &str, parties: impl IntoIterator<Item = P>) -> Self {
        Self {
            ask: ask.to_owned(),
            parties: parties.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// The same with a statement in other words.
    #[must_use]
    pub fn with(mut self, place: &str, words: &str) -> Self {
        self.changes.push(StatementChange { place: place.to_owned(), words: words.to_owned() });
        self
    }
}
