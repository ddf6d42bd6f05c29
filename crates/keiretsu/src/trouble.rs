//! What can go wrong outside the text of a model, in words for the user.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::{Path, PathBuf};

/// Why a model could not be opened at all. What is wrong inside its text are diagnostics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenTrouble {
    /// There is nothing at this path.
    Missing(PathBuf),
    /// The folder holds no model; models that lie in folders below it.
    NoModel(PathBuf, Vec<PathBuf>),
    /// The system refuses, and says why.
    Unreadable(PathBuf, String),
}

impl Display for OpenTrouble {
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

impl OpenTrouble {
    /// What to do about it; may be empty.
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

/// Why a model could not be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunTrouble {
    /// Its text has errors.
    Errors,
    /// The user asked for what the model does not have: what is wrong, and what to write instead.
    Asked(String, String),
    /// The run cannot be done as asked: why, and what to do.
    Refused(String, String),
    /// Whoever watched the run stopped it.
    Interrupted,
    /// A mistake of ours: what does not hold.
    Ours(String),
}

impl Display for RunTrouble {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Errors => out.write_str("the model has errors"),
            Self::Asked(what, _) | Self::Refused(what, _) => out.write_str(what),
            Self::Interrupted => out.write_str("the run was interrupted"),
            Self::Ours(what) => write!(out, "keiretsu made a program that breaks its own rules: {what}"),
        }
    }
}

impl RunTrouble {
    /// What to do about it; may be empty.
    pub fn hint(&self) -> String {
        match self {
            Self::Errors => "`keiretsu check` shows them".to_owned(),
            Self::Asked(_, hint) | Self::Refused(_, hint) => hint.clone(),
            Self::Interrupted => String::new(),
            Self::Ours(_) => "this is our mistake; please report it with the model".to_owned(),
        }
    }
}

/// What the system says, without the number that Rust puts behind it.
pub fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}
