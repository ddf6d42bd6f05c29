//! `keiretsu explain`: everything that one number rests on.

use std::path::PathBuf;

use keiretsu::Question;
use keiretsu::explain::{Replay, explain, listed};

use super::measure::{self, Asked, PathsArgs};
use crate::failure::Failure;
use crate::progress;
use crate::shell::Shell;

/// Explain one number: its formula, and the statements, contracts, claims and sources that it rests on
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml [default: .]
    model: Option<PathBuf>,
    /// The number, as 'measure(row, column)'; `--list` lists all
    number: Option<String>,
    /// List the names of all numbers, or of those of one measure
    #[arg(long, value_name = "MEASURE", num_args = 0..=1, default_missing_value = "")]
    list: Option<String>,
    /// Show this path month by month: its number, counted from 0, or `expected`
    #[arg(long, value_name = "N", value_parser = replay)]
    path: Option<Replay>,
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    paths: PathsArgs,
}

const LONG: &str = "\
Explains one number of one table. It is named as 'measure(row, column)': the row by its leading words, of \
which those may be left out that are not needed to tell rows apart, then the column. Where no reading is \
named, it is the expected one.

What a number rests on is found by making every statement of the model a little different, one at a time, \
and computing the number again; so it is the same for every measure, and nothing is left out.";

const AFTER: &str = "\
Examples:
  keiretsu explain mine --list coverage
  keiretsu explain mine 'coverage(amazon, anthropic, firm)'
  keiretsu explain mine 'moic(microsoft-in-openai)'
  keiretsu explain mine 'cash(openai, firm, 2028)' --path expected";

fn replay(text: &str) -> Result<Replay, String> {
    match text {
        "expected" => Ok(Replay::Expected),
        number => {
            let path = number.parse().ok().filter(|path| *path <= PATH_MAX);
            path.map(Replay::Path).ok_or_else(|| "write a number from 0 on, or `expected`".to_owned())
        }
    }
}

/// Paths are counted with room to spare.
const PATH_MAX: u64 = 1_000_000_000_000;

/// Runs the command.
pub fn run(args: Args, shell: &Shell) -> Result<(), Failure> {
    let (model, number) = model_and_number(args.model, args.number);
    let project = shell.open(&model)?;
    let query = args.asked.query(&project.model)?;
    let runner = progress::watched(&project)?;
    let simulation = args.paths.simulation();
    let scenarios = &args.asked.scenarios;
    let question = Question { query: &query, simulation, scenarios, against: &[] };
    if let Some(name) = args.list {
        let one = if name.is_empty() { None } else { Some(measure::find(&name)?) };
        return shell.tables(&[listed(&runner, &question, one)?]);
    }
    let Some(number) = number else {
        let hint = "name one, such as 'coverage(amazon, anthropic)'; `--list` lists all";
        return Err(Failure::usage("no number is named", hint));
    };
    let replay = args.path.map(|replay| (replay, args.paths.seed));
    shell.tables(&explain(&runner, &question, &number, replay)?)
}

/// A single argument with a bracket is a number of the model one stands in.
fn model_and_number(model: Option<PathBuf>, number: Option<String>) -> (PathBuf, Option<String>) {
    match (model, number) {
        (Some(model), None) if model.to_str().is_some_and(|text| text.ends_with(')')) && !model.exists() => {
            (PathBuf::from("."), model.to_str().map(str::to_owned))
        }
        (model, number) => (model.unwrap_or_else(|| PathBuf::from(".")), number),
    }
}
