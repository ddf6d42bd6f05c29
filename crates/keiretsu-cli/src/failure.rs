//! Failures of a command, and their exit status.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use keiretsu::{AskError, OpenError};
use keiretsu_server::StartError;

use crate::findings::printable;
use crate::shell::{Shell, say};

/// The exit status where something cannot be read or written, or memory is not enough.
pub const FILES: u8 = 3;
/// The exit status after Ctrl-C.
pub const INTERRUPTED: u8 = 4;

/// A reason to end.
#[derive(Debug)]
pub enum Failure {
    /// The model has errors; further words.
    Errors(String),
    /// Invalid command line: the error, and the remedy.
    Usage(String, String),
    /// A failed read or write: the error, and the remedy.
    Files(String, String),
    /// The user stopped it.
    Interrupted,
    /// Broken pipe: the reader of the output has gone. No fault.
    Unread,
}

impl Failure {
    /// A command that cannot be done.
    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage(what.into(), hint.into())
    }

    /// A file that could not be read.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        let what = format!("{} cannot be read: {}", path.display(), keiretsu::system_words(error));
        Self::Files(what, String::new())
    }

    /// A file that could not be written.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        let what = format!("{} cannot be written: {}", path.display(), keiretsu::system_words(error));
        Self::Files(what, String::new())
    }

    /// The exit status.
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Unread => ExitCode::SUCCESS,
            Self::Errors(_) => ExitCode::from(1),
            Self::Usage(..) => ExitCode::from(2),
            Self::Files(..) => ExitCode::from(FILES),
            Self::Interrupted => ExitCode::from(INTERRUPTED),
        }
    }

    /// Prints the error on standard error.
    pub fn print(&self, shell: &Shell) {
        let (what, hint) = match self {
            Self::Unread => return,
            // What is wrong with the text has been said already.
            Self::Errors(what) if what.is_empty() => return,
            Self::Errors(what) => (what.as_str(), ""),
            Self::Interrupted => ("interrupted; nothing was written", ""),
            Self::Usage(what, hint) | Self::Files(what, hint) => (what.as_str(), hint.as_str()),
        };
        let paint = |text: &str, code: &str| {
            if shell.err.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
        };
        let mut text = format!("{} {}\n", paint("error:", "1;31"), printable(what));
        if !hint.is_empty() {
            text += &[&paint("help:", "1;36"), " ", &printable(hint), "\n"].concat();
        }
        say(&text);
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::Files(error.to_string(), error.hint())
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Interrupted => Self::Interrupted,
            AskError::InvalidRequest { .. } | AskError::Refused { .. } => {
                Self::Usage(error.to_string(), error.hint())
            }
            AskError::Diagnostics | AskError::Internal(_) => {
                Self::Errors(format!("{error}; {}", error.hint()))
            }
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Open(error) => error.into(),
            StartError::Listen(_, ref why) if why.kind() == io::ErrorKind::AddrInUse => {
                Self::Files(error.to_string(), "another port may be free: `--port 0` takes one".to_owned())
            }
            StartError::Listen(..) | StartError::System(_) => Self::Files(error.to_string(), String::new()),
        }
    }
}
