//! The shapes of requests, and of the small answers.

use std::collections::BTreeMap;

use keiretsu::{Question, StatementChange};
use serde::Deserialize;

/// The body of `POST /api/ask`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskBody {
    /// The client's name for the job, to cancel it by.
    pub id: Option<String>,
    /// A newer question of the same client and slot takes the place of this one.
    pub supersedes: Option<String>,
    /// The revision that the client shows. The answer is of the current one, whichever that is.
    #[serde(rename = "revision")]
    pub _revision: Option<String>,
    /// The question.
    pub question: Question,
}

/// The body of `POST /api/watch`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchBody {
    /// The client.
    pub client: String,
    /// Its questions, by names of its own.
    pub questions: BTreeMap<String, Question>,
}

/// The body of `POST /api/cancel`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    /// The job.
    pub id: String,
}

/// The body of `POST /api/edit`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum EditBody {
    /// A file with another text.
    Text(TextEdit),
    /// Statements of a file in other words.
    Changes(ChangesEdit),
    /// A new scenario in the root file.
    Scenario(ScenarioEdit),
}

/// A file with another text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextEdit {
    /// The file.
    pub path: String,
    /// The sum of the text that the client has.
    pub sha256: String,
    /// The new text.
    pub text: String,
}

/// Statements of a file in other words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangesEdit {
    /// The file.
    pub path: String,
    /// The sum of the text that the client has.
    pub sha256: String,
    /// The statements and their words.
    pub changes: Vec<StatementChange>,
}

/// A new scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioEdit {
    /// What it is.
    pub scenario: NewScenario,
}

/// A new scenario: statements in other words, under a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewScenario {
    /// Its name.
    pub name: String,
    /// The statements and their words.
    pub changes: Vec<StatementChange>,
}

/// The words behind `/api/events?`.
#[derive(Debug, Deserialize)]
pub struct EventsQuery {
    /// The client.
    pub client: Option<String>,
}

/// The words behind `/api/export?`.
#[derive(Debug, Deserialize)]
pub struct ExportQuery {
    /// The question, as JSON.
    pub question: String,
    /// The name or the extension of a format.
    pub format: String,
}
