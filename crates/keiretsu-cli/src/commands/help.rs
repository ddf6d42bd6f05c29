//! `keiretsu help`: a command, or a word of the tables, explained.

use clap::CommandFactory;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::shell::Shell;

/// Explain a command, or a word of the tables: MOIC, PFE, HHI, own money ...
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// A command, or a word as the tables have it
    #[arg(value_name = "WORD")]
    words: Vec<String>,
}

const AFTER: &str = "\
Examples:
  keiretsu help MOIC
  keiretsu help own money
  keiretsu help measure";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let word = args.words.join(" ");
    let mut commands = Cli::command();
    commands.build();
    if word.is_empty() {
        return shell.result(commands.render_long_help().to_string().as_bytes());
    }
    let meanings = keiretsu::glossary::explained(&word);
    let Some(command) = commands.find_subcommand_mut(&word) else {
        return match meanings {
            Ok(table) => shell.tables(&[table]),
            Err((what, hint)) => Err(Failure::usage(what, hint)),
        };
    };
    let mut text = command.render_long_help().to_string();
    if meanings.is_ok() {
        text.push('\n');
    }
    shell.tables_below(&text, &meanings.into_iter().collect::<Vec<_>>())
}
