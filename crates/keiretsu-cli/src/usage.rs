//! Help, versions, and errors of a command line.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};

use crate::failure::FILES;
use crate::shell::say;

/// Prints help, a version, or the error of a command line.
pub fn words(words: &clap::Error) -> ExitCode {
    if let Some(usage) = no_command(words) {
        say(&usage);
        return ExitCode::from(2);
    }
    let printed = words.print().and_then(|()| io::stdout().flush());
    let code = u8::try_from(words.exit_code()).unwrap_or(2);
    match printed {
        Err(error) if error.kind() != ErrorKind::BrokenPipe && !words.use_stderr() => {
            say(&format!("error: standard output cannot be written: {}\n", keiretsu::system_words(&error)));
            ExitCode::from(FILES)
        }
        _ => ExitCode::from(code),
    }
}

/// What to write where a measure or a topic stands in the place of a command.
fn no_command(words: &clap::Error) -> Option<String> {
    let ContextValue::String(word) = words.get(ContextKind::InvalidSubcommand)? else { return None };
    let (what, command) = if keiretsu::measures::by_name(word).is_some() {
        ("measure", "measure")
    } else {
        keiretsu::show::TOPICS.iter().find(|topic| topic.name == word)?;
        ("topic of `show`", "show")
    };
    Some(format!("error: `{word}` is a {what}, no command\nhelp: keiretsu {command} MODEL {word}\n"))
}
