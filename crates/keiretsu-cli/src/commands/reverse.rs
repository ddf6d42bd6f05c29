//! `keiretsu reverse`: the mildest shocks that make an event happen.

use std::path::PathBuf;

use keiretsu::Question;
use keiretsu::measures::measures::reverse::Reverse;
use keiretsu::values::{Cell, Table};

use super::measure;
use crate::failure::Failure;
use crate::findings::count;
use crate::shell::Shell;

/// Find the mildest shocks that make an event happen, each as a scenario
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
    /// What shall happen: a condition in the words of the model, such as `defaulted(lab)`
    #[arg(long, value_name = "CONDITION")]
    event: String,
    /// The month by which it shall happen [default: the end of the horizon]
    #[arg(long, value_name = "DATE")]
    by: Option<String>,
    /// How far out is looked, in standard deviations from the middle
    #[arg(long, value_name = "DISTANCE", default_value_t = Reverse::WITHIN)]
    within: f64,
    /// In this scenario of the model; may be given several times, later ones on top
    #[arg(long = "scenario", value_name = "SCENARIO")]
    scenarios: Vec<String>,
    #[command(flatten)]
    changes: measure::Changes,
}

const LONG: &str = "\
Turns a stress test around: names an event, and asks for the mildest shocks that make it happen. A shock \
multiplies factors of the model over a stretch of months, and may force an event such as a market that \
shuts. How mild it is follows from the model's own volatilities, correlations and chances.

Several answers that differ in kind are given, the likeliest first, each with the scenario that repeats it: \
paste it into the model, and `keiretsu stress` shows what else it does.";

const AFTER: &str = "\
Examples:
  keiretsu reverse mine --event 'defaulted(lab)'
  keiretsu reverse mine --event 'cash(lab) < $1B' --by 2028-12
  keiretsu reverse mine --event 'defaulted(lab)' -o found.toml     the scenarios, to be included
  keiretsu reverse mine --event 'defaulted(lab)' --format json

Conditions are those of the language: defaulted(PARTY), cash(PARTY) < $1B, value(PARTY) < $5B,
FACTOR < $1B/yr, paid(CONTRACT) >= $1B, joined by and, or, not.";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let question = Question {
        ask: "reverse".to_owned(),
        of: vec![args.event.clone()],
        at: args.by.clone(),
        within: Some(args.within),
        scenarios: args.scenarios.clone(),
        changes: args.changes.of(),
        ..Question::default()
    };
    let session = shell.open(&args.model)?;
    let mut tables = shell.ask(&session, &question, None)?.tables();
    let place = shell.global.output.as_ref();
    if place.is_some_and(|place| place.extension() == Some("toml".as_ref())) {
        return shell.result(blocks(tables.get(2)).join("\n").as_bytes());
    }
    if !shell.wants_text()? || tables.len() < 3 {
        return shell.tables(&tables);
    }
    let mut blocks = blocks(tables.pop().as_ref());
    let more = if shell.is_screen() { blocks.len().saturating_sub(SHOWN) } else { 0 };
    blocks.truncate(blocks.len() - more);
    if more > 0 {
        blocks.push(format!("not shown: {} (--all, or -o found.toml)\n", count(more, "scenario")));
    }
    let blocks = blocks.join("\n");
    shell.tables_and_text(&tables, &format!("\nAs scenarios of the model:\n\n{blocks}"))
}

/// How many scenarios a screen has room for below the tables.
const SHOWN: usize = 1;

/// The scenarios of the third table.
fn blocks(scenarios: Option<&Table>) -> Vec<String> {
    let rows = scenarios.map_or(&[][..], |table| &table.rows);
    let block = |row: &Vec<Cell>| match row.last() {
        Some(Cell::Text(toml)) => Some(toml.clone()),
        _ => None,
    };
    rows.iter().filter_map(block).collect()
}
