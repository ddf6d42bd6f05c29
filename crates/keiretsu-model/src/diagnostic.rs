//! Diagnostics: what is wrong, where, in the user's words, and what to write instead.

use crate::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The model cannot be run.
    Error,
    /// It can, but probably not as meant.
    Warning,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// `E` or `W` and four digits; each has a page in the manual.
    pub code: &'static str,
    /// The characters to underline.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to say under the underlined characters; may be empty.
    pub label: String,
    /// What to write instead; may be empty.
    pub hint: String,
    /// Other places that matter, each with a few words.
    pub others: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A finding without label, hint and other places.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            span,
            message: message.into(),
            label: String::new(),
            hint: String::new(),
            others: Vec::new(),
        }
    }

    /// With words under the underlined characters.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// With another place.
    #[must_use]
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.others.push((span, label.into()));
        self
    }

    /// Error or warning, by its code.
    pub fn severity(&self) -> Severity {
        if self.code.starts_with('W') { Severity::Warning } else { Severity::Error }
    }
}

/// Whether a list of findings holds an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
}
