//! `keiretsu stress`: the scenarios of a model against its base.

use std::path::PathBuf;

use keiretsu::Question;
use keiretsu_measures::Query;

use crate::failure::Failure;
use crate::progress;
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

/// Runs the command.
pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let stress = measure::find("stress")?;
    let project = shell.open(&args.model)?;
    if project.model.scenarios.is_empty() {
        let hint = "add one: [scenarios.half] with scale = { name-of-a-factor = \"50%\" }";
        return Err(Failure::usage("the model has no [scenarios]", hint));
    }
    let parties = measure::parties(&project.model, &args.parties)?;
    let query = Query { parties, ..Query::default() };
    let simulation = args.paths.simulation();
    let question = Question { query: &query, simulation, scenarios: &[], against: &args.scenarios };
    shell.tables(&progress::watched(&project)?.measures(&[stress], &question)?.concat())
}
