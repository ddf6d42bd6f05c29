//! `keiretsu compare`: parties side by side, the strategy table.

use std::path::PathBuf;

use keiretsu_measures::Query;

use crate::failure::Failure;
use crate::progress;
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
    paths: measure::PathsArgs,
}

const LONG: &str = "\
Sets parties side by side over all measures: one column a party, one row a question. The parties are those \
that are named, else the `strategies` of the model's `[compare]`.";

const AFTER: &str = "\
Examples:
  keiretsu compare mine
  keiretsu compare mine amazon microsoft --format markdown";

/// Runs the command.
pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let compare = measure::find("compare")?;
    let project = shell.open(&args.model)?;
    let parties = measure::parties(&project.model, &args.parties)?;
    let query = Query { parties, ..Query::default() };
    let tables = progress::watched(&project)?.measure(compare, &query, args.paths.simulation())?;
    shell.tables(&tables)
}
