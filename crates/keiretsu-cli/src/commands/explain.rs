//! `keiretsu explain`: everything that one number rests on.

use std::path::PathBuf;

use super::measure::{PathsArgs, QuestionArgs};
use crate::failure::Failure;
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
    /// The other way round: the numbers that this statement moves, the most first
    #[arg(long, value_name = "STATEMENT", conflicts_with_all = ["number", "list", "path"])]
    from: Option<String>,
    /// Show this path month by month: its number, counted from 0, or `expected`
    #[arg(long, value_name = "N")]
    path: Option<String>,
    #[command(flatten)]
    about: QuestionArgs,
    #[command(flatten)]
    paths: PathsArgs,
}

const LONG: &str = "\
Explains one number of one table. It is named as 'measure(row, column)': the row by its leading words, of \
which those may be left out that are not needed to tell rows apart, then the column. Where no reading is \
named, it is the expected one.

What a number rests on is found by making statements of the model a little different, one at a time, and \
computing the number again; so it is the same for every measure. The screen has those that move it most, of \
as many as can be tried in about a second, and says how far all the others move it together; `--all` tries \
every one, with larger steps too, and each contract and disputed claim, and nothing is left out.

`--from STATEMENT` goes the other way: the statement is made a little different, and every number that \
moves is listed, the largest movement first, as it is and as it becomes.";

const AFTER: &str = "\
Examples:
  keiretsu explain mine --list coverage
  keiretsu explain mine 'coverage(amazon, anthropic, firm)'
  keiretsu explain mine 'moic(microsoft-in-openai)'
  keiretsu explain mine 'cash(openai, firm, 2028)' --path expected
  keiretsu explain mine --from compute_price.start";

pub fn run(args: Args, shell: &Shell) -> Result<(), Failure> {
    let (model, number) = model_and_number(args.model, args.number);
    let session = shell.open(&model)?;
    let ask = match (&args.list, &args.from) {
        (Some(_), _) => "numbers",
        (None, Some(_)) => "from",
        (None, None) if args.path.is_none() && shell.is_first_screen()? => "most",
        (None, None) => "explain",
    };
    let mut question = args.about.question(ask, &args.paths);
    question.of = match args.list {
        None if args.from.is_some() => args.from.into_iter().collect(),
        Some(measure) => Some(measure).filter(|name| !name.is_empty()).into_iter().collect(),
        None => number.into_iter().collect(),
    };
    question.path = args.path;
    let answer = shell.ask(&session, &question, args.paths.threads)?;
    shell.tables(&answer.tables())
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
