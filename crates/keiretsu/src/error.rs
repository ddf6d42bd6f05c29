//! Errors outside the text of a model, in words for the user.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::{Path, PathBuf};

/// Reason why a model cannot be opened at all. Errors inside its text are diagnostics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// There is nothing at this path.
    Missing(PathBuf),
    /// The folder holds no model; models that lie in folders below it.
    NoModel(PathBuf, Vec<PathBuf>),
    /// The system refuses; its reason.
    Unreadable(PathBuf, String),
}

impl Display for OpenError {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(out, "there is no file or folder {}", path.display()),
            Self::NoModel(folder, _) if folder == Path::new(".") => {
                out.write_str("this folder has no keiretsu.toml")
            }
            Self::NoModel(folder, _) => {
                write!(out, "the folder {} has no keiretsu.toml", folder.display())
            }
            Self::Unreadable(path, why) => write!(out, "{} cannot be read: {why}", path.display()),
        }
    }
}

impl OpenError {
    /// The remedy; may be empty.
    pub fn hint(&self) -> String {
        match self {
            Self::NoModel(_, near) if !near.is_empty() => {
                let named = |path: &PathBuf| path.strip_prefix(".").unwrap_or(path).display().to_string();
                let near: Vec<String> = near.iter().map(named).collect();
                format!("name the folder of a model: {}", near.join(", "))
            }
            Self::Missing(_) | Self::NoModel(..) => {
                "name the folder of a model, or write one to start from with `keiretsu new DIR`".to_owned()
            }
            Self::Unreadable(..) => String::new(),
        }
    }
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskError {
    /// The text of the model has errors: see the session's diagnostics.
    Diagnostics,
    /// The question is of an unknown kind, or names something that the model does not have.
    InvalidRequest {
        /// The errors, one a line.
        what: String,
        /// The remedy; may be empty.
        hint: String,
    },
    /// The run cannot be made as requested.
    Refused {
        /// Why.
        what: String,
        /// The remedy; may be empty.
        hint: String,
    },
    /// The control of the question stopped it.
    Interrupted,
    /// A fault of keiretsu: the rule that does not hold.
    Internal(String),
}

impl AskError {
    /// An invalid request.
    pub fn invalid(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::InvalidRequest { what: what.into(), hint: hint.into() }
    }

    /// A refused run.
    pub fn refused(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused { what: what.into(), hint: hint.into() }
    }

    /// The remedy; may be empty.
    pub fn hint(&self) -> String {
        match self {
            Self::Diagnostics => "`keiretsu check` shows them".to_owned(),
            Self::InvalidRequest { hint, .. } | Self::Refused { hint, .. } => hint.clone(),
            Self::Interrupted => String::new(),
            Self::Internal(_) => "this is our mistake; please report it with the model".to_owned(),
        }
    }
}

impl Display for AskError {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diagnostics => out.write_str("the model has errors"),
            Self::InvalidRequest { what, .. } | Self::Refused { what, .. } => out.write_str(what),
            Self::Interrupted => out.write_str("the run was interrupted"),
            Self::Internal(what) => write!(out, "keiretsu made a program that breaks its own rules: {what}"),
        }
    }
}

impl Error for AskError {}

impl Error for OpenError {}

/// The message of the system, without the number that Rust appends.
pub fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}
