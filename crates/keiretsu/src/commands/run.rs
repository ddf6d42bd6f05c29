//! `keiretsu run`: everything at once, a summary to read and tables to keep.

use std::path::PathBuf;

use keiretsu::{Question, keep};
use keiretsu_measures::{MEASURES, Measure};
use keiretsu_values::Table;
use keiretsu_views::Format;

use crate::failure::Failure;
use crate::findings::{count, printable};
use crate::interrupt;
use crate::progress;
use crate::shell::{Shell, say};

use super::measure;

/// What is read first.
const SUMMARY: [&str; 2] = ["cash", "coverage"];

/// Run a model: a summary to read, and with -o a folder with the tables of all measures
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
    #[command(flatten)]
    asked: measure::Asked,
    #[command(flatten)]
    paths: measure::PathsArgs,
}

const LONG: &str = "\
Runs a model in its three readings, and on random paths if `--paths` says how many. Prints each party's \
cash by year and who covers whom; with `-o DIR` the tables of all measures are written to a folder, one \
file each, as Parquet or as `--format` says. The folder appears whole or not at all; it takes the place of \
an earlier run's, and of nothing else.";

const AFTER: &str = "\
Examples:
  keiretsu run mine
  keiretsu run mine --paths 10000 --seed 1 -o results
  keiretsu run mine --scenario half -o results --format csv";

/// Runs the command.
pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    if let Some(folder) = &shell.global.output {
        // Better said now than after a long run.
        keep::results_may_go_to(folder).map_err(|error| Failure::writing(folder, &error))?;
    }
    let project = shell.open(&args.model)?;
    let mut query = args.asked.query(&project.model)?;
    let (runner, watched) = progress::watching(&project, &args.asked.of())?;
    query.watched = watched;
    let measures: Vec<&dyn Measure> = match shell.global.output {
        Some(_) => MEASURES.to_vec(),
        None => MEASURES.iter().copied().filter(|measure| SUMMARY.contains(&measure.name())).collect(),
    };
    let simulation = args.paths.simulation();
    let scenarios = &args.asked.scenarios;
    let question = Question { query: &query, simulation, scenarios, against: &[] };
    let lists = runner.measures(&measures, &question)?;
    let names = measures.iter().map(|measure| measure.name());
    let mut named: Vec<(&str, Vec<Table>)> = names.zip(lists).collect();
    if let Some(simulation) = simulation {
        // What `cash` says of the paths is in the distribution, of every party.
        for (_, tables) in named.iter_mut().filter(|(name, _)| *name == "cash") {
            tables.retain(|table| table.window.simulation.is_none());
        }
        named.push(("distribution", runner.distribution(&query, simulation, scenarios)?));
    }
    let Some(folder) = &shell.global.output else {
        let tables: Vec<Table> = named.into_iter().flat_map(|(_, tables)| tables).collect();
        return shell.tables(&tables);
    };
    let format = format(shell);
    let named = named.iter().flat_map(|(name, tables)| keiretsu_views::files(format, name, tables));
    let files: Vec<(PathBuf, Vec<u8>)> = named.map(|(name, bytes)| (name.into(), bytes)).collect();
    interrupt::writing(folder, || keep::results(folder, &files))?;
    let written = format!("wrote {} to {}\n", count(files.len(), "file"), folder.display());
    say(&printable(&written));
    Ok(())
}

/// The format that is named, else Parquet: it keeps types, units, bounds and what is left out.
fn format(shell: &Shell) -> &'static dyn Format {
    let name = shell.global.format.as_deref().unwrap_or("parquet");
    keiretsu_views::by_name(name).unwrap_or(keiretsu_views::formats()[0])
}
