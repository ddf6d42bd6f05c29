//! The command line's words: commands and the flags that all of them share.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ColorChoice, Parser};
use keiretsu::{Dates, Day};

use crate::commands::Command;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "keiretsu", version, about = ABOUT, long_about = LONG, after_help = AFTER)]
#[command(max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// Look from this day instead of the model's: 2026-04-21, 2026-04 or 2026
    #[arg(long, global = true, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Day>,
    /// Hide what was not yet public on this day
    #[arg(long, global = true, value_name = "DATE", value_parser = day)]
    pub known_on: Option<Day>,
    /// How results are written: table is for people and fits a screen, the others are whole (csv-raw: words
    /// as they are, also those that a spreadsheet would run)
    #[arg(long, global = true, value_parser = PossibleValuesParser::new(formats()))]
    pub format: Option<String>,
    #[arg(short, long, global = true, value_name = "FILE", help = output())]
    pub output: Option<PathBuf>,
    /// Let -o replace a file that is no unchanged result of keiretsu
    #[arg(long, global = true)]
    pub force: bool,
    #[command(flatten)]
    pub layout: Layout,
    /// Whether to colour; auto does so in terminals, unless told otherwise by their settings
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    pub color: ColorChoice,
}

/// What people see of tables; formats for programs are whole.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "How much is shown")]
pub struct Layout {
    /// Show every row, and all that is left out and assumed, instead of one screen
    #[arg(long, global = true)]
    pub all: bool,
    /// Show the first N of each table: pairs, parties, contracts, each in its readings
    #[arg(long, global = true, value_name = "N", conflicts_with = "all")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub top: Option<u32>,
    /// Sort rows by the size of this column, the largest first
    #[arg(long, global = true, value_name = "COLUMN")]
    pub sort: Option<String>,
    /// Show every column, on lines as long as that takes
    #[arg(long, global = true)]
    pub wide: bool,
    /// Show only the table of this name
    #[arg(long, global = true, value_name = "NAME")]
    pub table: Option<String>,
    /// Columns of the screen, 40 or more [default: those of the terminal, else 100]
    #[arg(long, global = true, value_name = "COLUMNS")]
    #[arg(value_parser = clap::value_parser!(u16).range(40..))]
    pub width: Option<u16>,
}

impl Global {
    /// The as-of date and the known-on date.
    pub fn dates(&self) -> Dates {
        Dates { as_of: self.as_of, known_on: self.known_on }
    }
}

fn formats() -> Vec<&'static str> {
    keiretsu_views::formats().iter().map(|format| format.name()).collect()
}

fn output() -> String {
    let extensions = keiretsu_views::formats().iter().filter_map(|format| format.extensions().first());
    let mut extensions: Vec<String> = extensions.map(|extension| format!(".{extension}")).collect();
    extensions.dedup();
    format!("Write to this file (its extension says how: {}), whole or not at all", extensions.join(" "))
}

/// A day as people write it; a month or a year stands for its last day.
pub fn day(text: &str) -> Result<Day, String> {
    keiretsu::day(text).map_err(|(_, hint)| hint)
}

const ABOUT: &str =
    "Reads a web of contracts from text, and answers: what is owed, who depends on whom, what breaks";

const LONG: &str = "\
Keiretsu reads a web of contracts between companies (who invests in whom, who buys from whom, on what \
conditions) from plain text files, and answers: what is owed and when, who depends on whom, how much of the \
money comes back, what breaks if a plan fails.

A model is a folder of TOML files. Amounts are written in words as their sources say them (\"up to $20B\", \
\"about 5 GW\", \"undisclosed\"), and every answer says what it rests on.";

const AFTER: &str = "\
A first session:
  keiretsu new mine            write a small model to start from
  keiretsu check mine          see what is wrong with it, and what it rests on
  keiretsu show mine           see what it says
  keiretsu run mine            read the answers on one page
  keiretsu serve mine          see it in the browser, and move its figures
  keiretsu measure mine cash   ask it something; `keiretsu measure --list` lists what can be asked
  keiretsu help MOIC           a word of the tables explained

Exit status: 0 all well, 1 the model has errors, 2 wrong usage, 3 could not read or write, \
or no memory left, 4 interrupted.";
