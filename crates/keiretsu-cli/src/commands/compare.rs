//! `keiretsu compare`: parties side by side, the strategy table.

use std::path::PathBuf;

use keiretsu::Question;
use keiretsu::measures::measures::compare;

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
    /// Say what each row means, instead of comparing
    #[arg(long)]
    define: bool,
}

const LONG: &str = "\
Sets parties side by side over all measures: one column a party, one row a question. The parties are those \
that are named, else the `strategies` of the model's `[compare]`. Rows stand in groups: money in, money \
back, power, control, dependence, value, risk. A screen has the twelve that are read first; `--all` has \
every row, and `--define` says what each means.";

const AFTER: &str = "\
Examples:
  keiretsu compare mine
  keiretsu compare mine --define
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
    let mut tables = answer.tables();
    if args.define {
        return shell.tables(&tables.first().map(compare::definitions).into_iter().collect::<Vec<_>>());
    }
    if shell.is_screen() && shell.wants_text()? {
        tables.iter_mut().for_each(compare::at_a_glance);
    }
    shell.tables(&tables)
}
