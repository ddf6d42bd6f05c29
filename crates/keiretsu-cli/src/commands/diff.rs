//! `keiretsu diff`: changes between two models, or two days of one.

use std::path::{Path, PathBuf};

use keiretsu::{Dates, Session};

use crate::cli::day;
use crate::failure::Failure;
use crate::findings;
use crate::progress;
use crate::shell::{Shell, say};

/// Show what changed between two versions of a model: in the text, in the answers, and why
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The version before: a folder with a model, or MODEL@DATE as it stood on that day
    old: String,
    /// The version now
    new: String,
}

const LONG: &str = "\
Compares two models: which terms of the text have other words, which answers moved (what each pair is \
committed to, coverage, lowest cash), and which change caused how much of it. Causes are Shapley values: \
each change's share of the difference, the same whatever the order of the changes.

MODEL@DATE is the model looked at from that day, with what was known then.";

const AFTER: &str = "\
Examples:
  keiretsu diff last-week this-week
  keiretsu diff mine@2025-12-31 mine
  keiretsu diff old new --format json

Two commits of one folder: `git worktree add old HEAD~1`, then `keiretsu diff old .`";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let (old, new) = (version(&args.old, shell)?, version(&args.new, shell)?);
    shell.tables(&keiretsu::diff(&old, &new, &progress::control(None))?.tables())
}

/// A model, and from when it is looked at.
fn version(words: &str, shell: &Shell) -> Result<Session, Failure> {
    let (path, dates) = located(words, shell.global.dates())?;
    let session = shell.session(&path, dates)?;
    let (errors, warnings) = session.counts();
    if errors > 0 {
        say(&findings::text(&session, &path, shell.err));
        let counted = findings::counted(errors, warnings);
        return Err(Failure::Errors(format!("{} cannot be run: {counted}", path.display())));
    }
    Ok(session)
}

fn located(words: &str, dates: Dates) -> Result<(PathBuf, Dates), Failure> {
    // A folder may have an @ in its name.
    let Some((path, date)) = words.rsplit_once('@').filter(|_| !Path::new(words).exists()) else {
        return Ok((words.into(), dates));
    };
    let date = day(date).map_err(|hint| Failure::usage(format!("`{date}` is not a day"), hint))?;
    let path = if path.is_empty() { "." } else { path };
    Ok((path.into(), Dates { as_of: Some(date), known_on: Some(date) }))
}
