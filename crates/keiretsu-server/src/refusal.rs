//! What cannot be answered to JSON with a status: what is wrong, and the remedy.

use axum::extract::rejection::QueryRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use keiretsu::AskError;
use serde_json::{Value, json};

use crate::jobs::Stopped;

/// A refused request.
#[derive(Clone, Debug)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    hint: String,
    revision: Option<String>,
    diagnostics: Vec<Value>,
}

impl Refusal {
    /// A refusal with a status, a word for programs, and words for people.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (message, hint) = (message.into(), hint.into());
        Self { status, code, message, hint, revision: None, diagnostics: vec![] }
    }

    /// A malformed request.
    pub fn invalid(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(400, "invalid", message, hint)
    }

    /// The revision that it is of.
    #[must_use]
    pub fn of(mut self, revision: &str) -> Self {
        self.revision = Some(revision.to_owned());
        self
    }

    /// The diagnostics behind it.
    #[must_use]
    pub fn with(mut self, diagnostics: Vec<Value>) -> Self {
        self.diagnostics = diagnostics;
        self
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        let hint = Some(&self.hint).filter(|hint| !hint.is_empty());
        let mut error = json!({ "code": self.code, "message": self.message, "hint": hint });
        if !self.diagnostics.is_empty() {
            error["diagnostics"] = json!(self.diagnostics);
        }
        json!({ "error": error, "revision": self.revision })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, [(header::CONTENT_TYPE, "application/json")], self.json().to_string()).into_response()
    }
}

impl From<AskError> for Refusal {
    fn from(error: AskError) -> Self {
        let (status, code) = match &error {
            AskError::Diagnostics => (409, "diagnostics"),
            AskError::InvalidRequest { .. } => (400, "invalid"),
            AskError::Refused { .. } => (400, "refused"),
            AskError::Interrupted => (409, "cancelled"),
            AskError::Internal(_) => (500, "internal"),
        };
        Self::new(status, code, error.to_string(), error.hint())
    }
}

impl From<QueryRejection> for Refusal {
    fn from(rejection: QueryRejection) -> Self {
        Self::invalid(rejection.body_text(), "see /api/openapi.json")
    }
}

impl From<Stopped> for Refusal {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Superseded => Self::new(409, "superseded", "a newer question took its place", ""),
            Stopped::Cancelled => Self::new(409, "cancelled", "the question was cancelled", ""),
            Stopped::Late => Self::new(
                503,
                "late",
                "the answer takes longer than the server computes",
                "ask for fewer paths or parties, or on the command line",
            ),
            Stopped::Full => {
                Self::new(429, "full", "too many questions wait already", "ask again in a moment")
            }
            Stopped::Ending => Self::new(503, "ending", "the server is ending", ""),
            Stopped::Failed => Self::new(
                500,
                "internal",
                "the question made keiretsu fail",
                "this is our mistake; please report it with the model",
            ),
        }
    }
}
