//! `keiretsu stress`: the scenarios of a model against its base.

use std::path::PathBuf;

use keiretsu::Question;

use crate::failure::Failure;
use crate::shell::Shell;

use super::measure;

/// Set the scenarios of a model against its base: which figures move, and by how much
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
    /// The scenarios; without any, all of the model
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Only what this party pays, holds or is paid; may be given several times
    #[arg(long = "party", value_name = "PARTY")]
    parties: Vec<String>,
    #[command(flatten)]
    changes: measure::Changes,
    #[command(flatten)]
    paths: measure::PathsArgs,
}

const LONG: &str = "\
Runs a model in each of its scenarios and sets what comes out against the base: what is paid on each \
contract, cash, failures, what stakes are worth. Base and scenario use the same random numbers, so a \
difference is the scenario's.";

const AFTER: &str = "\
Examples:
  keiretsu stress mine
  keiretsu stress mine half --party lab
  keiretsu stress mine --paths 10000 --format csv";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let question = Question {
        against: args.scenarios.clone(),
        changes: args.changes.of(),
        paths: args.paths.request(),
        ..Question::of("stress", args.parties.clone())
    };
    let session = shell.open(&args.model)?;
    let answer = shell.ask(&session, &question, args.paths.threads)?;
    shell.tables(&answer.tables())
}
