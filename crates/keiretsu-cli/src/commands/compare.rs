//! `keiretsu compare`: parties side by side, the strategy table.

use std::path::PathBuf;

use keiretsu::Question;

use crate::failure::Failure;
use crate::shell::Shell;

use super::measure;

/// Set parties side by side: what each puts in, is owed, holds, risks
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
    /// The parties; without any, those of `[compare]` in the model
    #[arg(value_name = "PARTY")]
    parties: Vec<String>,
    #[command(flatten)]
    changes: measure::Changes,
    #[command(flatten)]
    paths: measure::PathsArgs,
}

const LONG: &str = "\
Sets parties side by side over all measures: one column a party, one row a question. The parties are those \
that are named, else the `strategies` of the model's `[compare]`.";

const AFTER: &str = "\
Examples:
  keiretsu compare mine
  keiretsu compare mine amazon microsoft --format markdown";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let parties = args.parties.clone();
    let question = Question {
        ask: "compare".to_owned(),
        parties,
        changes: args.changes.of(),
        paths: args.paths.request(),
        ..Question::default()
    };
    let session = shell.open(&args.model)?;
    let answer = shell.ask(&session, &question, args.paths.threads)?;
    shell.tables(&answer.tables())
}
