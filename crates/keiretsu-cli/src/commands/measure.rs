//! `keiretsu measure`: one question, answered in tables.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use keiretsu::limits::QUESTION_BYTES_MAX;
use keiretsu::{PathsRequest, Question, StatementChange};

use super::platform_log::LogArgs;
use crate::failure::Failure;
use crate::shell::Shell;

/// Ask a model one thing: commitments, cash, coverage, concentration ...
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml [default: .]
    model: Option<PathBuf>,
    /// The measure; `--list` lists them
    name: Option<String>,
    /// List all measures
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    about: QuestionArgs,
    #[command(flatten)]
    paths: PathsArgs,
    #[command(flatten)]
    log: LogArgs,
    /// Ask what this file of JSON says, with the names of these options as keys; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "list"])]
    question: Option<PathBuf>,
}

/// What is asked of a measure.
#[derive(Debug, clap::Args)]
pub struct QuestionArgs {
    /// Only this party (its name in the model, or its title); may be given several times
    #[arg(long = "party", value_name = "PARTY")]
    parties: Vec<String>,
    /// Only this reading; without it, all three
    #[arg(long, value_parser = PossibleValuesParser::new(["firm", "expected", "headline"]))]
    reading: Option<String>,
    /// How time is cut
    #[arg(long, value_parser = PossibleValuesParser::new(["month", "quarter", "year", "total"]))]
    by: Option<String>,
    /// The day on which something is supposed to happen, such as a failure [default: the first month]
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Which of a party's money is spent first, where its own money is followed through the web
    #[arg(long, value_name = "HOW", default_value = "pro-rata")]
    #[arg(value_parser = PossibleValuesParser::new(["pro-rata", "fifo", "lifo"]))]
    own_money: String,
    /// A formula or condition in the words of the model, where the measure is of one: `defaulted(lab)`,
    /// `cash(lab) < $1B`, `lowest cash(lab)`; may be given several times
    #[arg(long = "of", value_name = "FORMULA")]
    of: Vec<String>,
    /// In this scenario of the model; may be given several times, later ones on top
    #[arg(long = "scenario", value_name = "SCENARIO")]
    scenarios: Vec<String>,
    #[command(flatten)]
    changes: Changes,
}

/// Statements in other words.
#[derive(Debug, clap::Args)]
pub struct Changes {
    /// A statement of the text in other words, such as 'lab.cash=$8B' or 'demand.growth.2027=40%'; may be
    /// given several times
    #[arg(long = "set", value_name = "STATEMENT=WORDS", value_parser = change)]
    set: Vec<StatementChange>,
}

fn change(text: &str) -> Result<StatementChange, String> {
    let (place, words) = text.split_once('=').ok_or("write STATEMENT=WORDS, such as lab.cash=$8B")?;
    Ok(StatementChange { place: place.trim().to_owned(), words: words.trim().to_owned() })
}

impl Changes {
    /// As questions have them.
    pub fn of(&self) -> Vec<StatementChange> {
        self.set.clone()
    }
}

/// A simulation, if one is wanted.
#[derive(Debug, clap::Args)]
pub struct PathsArgs {
    /// Simulate so many paths and show the distribution beside the readings
    #[arg(long, value_name = "N", value_parser = path_count)]
    paths: Option<u64>,
    /// Key of the random numbers: the same seed gives the same bits
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Threads to run on; they change nothing but the time it takes [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

/// A number of paths, within the limit of one run.
pub fn path_count(text: &str) -> Result<u64, String> {
    let count = text.replace(['_', ' '], "").parse::<u64>().ok();
    let count = count.filter(|count| (1..=keiretsu::PATHS_MAX).contains(count));
    count.ok_or_else(|| "give a number from 1 to 1000000000, such as 10000".to_owned())
}

const LONG: &str = "\
Asks a model one thing and answers in tables. Each number is given in three readings: firm (paid and binding \
only), expected, and headline (everything announced, at its cap). They are readings of the text, not a low \
and a high bound; `--paths` adds a distribution.

What something undisclosed would be needed for is `unknown`, and totals say what they leave out.";

const AFTER: &str = "\
Examples:
  keiretsu measure --list
  keiretsu measure mine cash --party lab --by year
  keiretsu measure mine coverage --reading firm
  keiretsu measure mine cash --paths 10000 --seed 1 -o cash.csv
  keiretsu measure mine cash --set 'lab.cash=$600M'
  keiretsu measure mine --question question.json --format json";

pub fn run(args: Args, shell: &Shell) -> Result<(), Failure> {
    if args.list {
        return shell.tables(&[keiretsu::listed_measures()]);
    }
    let (model, name) = super::model_and_word(args.model, args.name);
    let question = match &args.question {
        Some(file) => read(file, shell)?,
        None => args.about.question(&name.unwrap_or_default(), &args.paths),
    };
    if args.log.is_given() {
        return args.log.run(&question.ask, &model, shell);
    }
    let session = shell.open(&model)?;
    let answer = shell.ask(&session, &question, args.paths.threads)?;
    shell.tables(&answer.tables())
}

/// A question as JSON.
fn read(file: &std::path::Path, shell: &Shell) -> Result<Question, Failure> {
    let (name, bytes) = shell.read_or_input(file, QUESTION_BYTES_MAX)?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let hint =
            "write a JSON object such as { \"ask\": \"cash\", \"parties\": [\"lab\"], \"by\": \"year\" }";
        Failure::usage(format!("{name} is no question: {error}"), hint)
    })
}

impl QuestionArgs {
    /// As a question.
    pub fn question(&self, ask: &str, paths: &PathsArgs) -> Question {
        Question {
            ask: ask.to_owned(),
            parties: self.parties.clone(),
            reading: self.reading.clone(),
            by: self.by.clone(),
            at: self.at.clone(),
            scenarios: self.scenarios.clone(),
            changes: self.changes.of(),
            paths: paths.request(),
            own_money: Some(self.own_money.clone()),
            of: self.of.clone(),
            ..Question::default()
        }
    }
}

impl PathsArgs {
    /// The simulation, if one is wanted.
    pub fn request(&self) -> Option<PathsRequest> {
        Some(PathsRequest { seed: self.seed, count: self.paths? })
    }
}
