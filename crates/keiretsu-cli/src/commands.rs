//! The commands, one file each.

mod calc;
mod check;
mod compare;
mod completions;
mod diff;
mod explain;
mod help;
mod import;
mod limits;
mod man;
mod measure;
mod new;
mod platform_log;
mod program;
mod report;
mod reverse;
mod run;
mod schema;
mod serve;
mod show;
mod stress;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::failure::Failure;
use crate::shell::Shell;

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    New(new::Args),
    Check(check::Args),
    Show(show::Args),
    Measure(measure::Args),
    Compare(compare::Args),
    Stress(stress::Args),
    Explain(explain::Args),
    Reverse(reverse::Args),
    Diff(diff::Args),
    Run(run::Args),
    Calc(calc::Args),
    Import(import::Args),
    Report(report::Args),
    Serve(serve::Args),
    Program(program::Args),
    Schema(schema::Args),
    Limits(limits::Args),
    Completions(completions::Args),
    Man(man::Args),
    Help(help::Args),
}

pub fn run(command: Command, shell: &Shell) -> Result<(), Failure> {
    match command {
        Command::New(args) => new::run(&args, shell),
        Command::Check(args) => check::run(&args, shell),
        Command::Show(args) => show::run(args, shell),
        Command::Measure(args) => measure::run(args, shell),
        Command::Compare(args) => compare::run(&args, shell),
        Command::Stress(args) => stress::run(&args, shell),
        Command::Explain(args) => explain::run(args, shell),
        Command::Reverse(args) => reverse::run(&args, shell),
        Command::Diff(args) => diff::run(&args, shell),
        Command::Run(args) => run::run(&args, shell),
        Command::Calc(args) => calc::run(args, shell),
        Command::Import(args) => import::run(&args, shell),
        Command::Report(args) => report::run(&args, shell),
        Command::Serve(args) => serve::run(&args, shell),
        Command::Program(args) => program::run(&args, shell),
        Command::Schema(args) => schema::run(&args, shell),
        Command::Limits(_) => limits::run(shell),
        Command::Completions(args) => completions::run(&args, shell),
        Command::Man(args) => man::run(&args, shell),
        Command::Help(args) => help::run(&args, shell),
    }
}

/// `MODEL WORD`, where the model may be left out: a single argument that names no file is the word, and the
/// model is the folder one stands in.
fn model_and_word(model: Option<PathBuf>, word: Option<String>) -> (PathBuf, Option<String>) {
    let here = || PathBuf::from(".");
    match (model, word) {
        (Some(model), None) if looks_like_a_word(&model) => (here(), model.to_str().map(str::to_owned)),
        (model, word) => (model.unwrap_or_else(here), word),
    }
}

fn looks_like_a_word(path: &Path) -> bool {
    let text = path.to_str().unwrap_or("/");
    !path.exists() && !text.contains(['/', '\\', '.'])
}
