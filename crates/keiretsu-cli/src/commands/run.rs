//! `keiretsu run`: everything at once, a summary to read and tables to keep.

use std::path::PathBuf;

use keiretsu::output;
use keiretsu::values::Page;
use keiretsu_views::{Format, Style, page};

use crate::failure::Failure;
use crate::findings::{count, printable};
use crate::interrupt;
use crate::shell::{Shell, say};

use super::measure;

/// Run a model: a summary to read, and with -o a folder with the tables of all measures
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
    #[command(flatten)]
    about: measure::QuestionArgs,
    #[command(flatten)]
    paths: measure::PathsArgs,
}

const LONG: &str = "\
Runs a model in its three readings, and on random paths if `--paths` says how many. Prints one page: who \
pays whom and how much of it is firm, who is short and when, what comes back, the largest exposures, who \
fails with whom, what waits, what it all rests on, what is unknown, and to the right of each the command \
that says more. Each number on it is one of that command's.

`--all` prints each party's cash by year and who covers whom instead; JSON and CSV have these tables too. \
With `-o DIR` the tables of all measures are written to a folder, one file each, as Parquet or as `--format` \
says. The folder appears whole or not at all; it takes the place of an earlier run's, and of nothing else.";

const AFTER: &str = "\
Examples:
  keiretsu run mine
  keiretsu run mine --all
  keiretsu run mine --paths 10000 --seed 1 -o results
  keiretsu run mine --scenario half -o results --format csv";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    if let Some(folder) = &shell.global.output {
        // Better said now than after a long run.
        output::results_may_go_to(folder).map_err(|error| Failure::writing(folder, &error))?;
    }
    let session = shell.open(&args.model)?;
    if let Some(written) = page_format(shell)? {
        let question = args.about.question("run", &args.paths);
        let page = shell.page(&session, &question, args.paths.threads)?;
        let page = page.of_model(&args.model.display().to_string());
        return shell.result(written(&page, &shell.out).as_bytes());
    }
    let ask = if shell.global.output.is_some() { "all" } else { "run" };
    let question = args.about.question(ask, &args.paths);
    let answer = shell.ask(&session, &question, args.paths.threads)?;
    let Some(folder) = &shell.global.output else { return shell.tables(&answer.tables()) };
    let format = format(shell);
    let parts = answer.parts.iter();
    let named = parts.flat_map(|part| keiretsu_views::files(format, &part.name, &part.tables));
    let files: Vec<(PathBuf, Vec<u8>)> = named.map(|(name, bytes)| (name.into(), bytes)).collect();
    interrupt::writing(folder, || output::results(folder, &files))?;
    let written = format!("wrote {} to {}\n", count(files.len(), "file"), folder.display());
    say(&printable(&written));
    Ok(())
}

/// A page as text of a format.
type Writer = fn(&Page, &Style) -> String;

/// How a page is written, if one is: for people, where no folder and no whole tables are asked for.
fn page_format(shell: &Shell) -> Result<Option<Writer>, Failure> {
    if shell.global.layout.all || shell.global.output.is_some() {
        return Ok(None);
    }
    Ok(match shell.format()?.name() {
        "table" => Some(page::text),
        "markdown" => Some(|page, _| page::markdown(page)),
        "html" => Some(|page, _| page::html(page)),
        _ => None,
    })
}

/// The named format, else Parquet: it keeps types, units, bounds and omissions.
fn format(shell: &Shell) -> &'static dyn Format {
    let name = shell.global.format.as_deref().unwrap_or("parquet");
    keiretsu_views::by_name(name).unwrap_or(keiretsu_views::formats()[0])
}
