//! `keiretsu report`: a model as one self-contained page.

use std::path::{Path, PathBuf};

use keiretsu::PathsRequest;

use crate::failure::Failure;
use crate::findings::printable;
use crate::progress;
use crate::shell::{Shell, say};

/// Write a report: one HTML file with tables and charts, without network
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
    /// How many paths the fans rest on
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = super::measure::path_count)]
    paths: u64,
    /// Key of the random numbers: the same seed gives the same page
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
}

const LONG: &str = "\
Writes one self-contained HTML file: the strategy table, the web of deals, cash by year, fans of outcomes, \
exposure, circularity, assumptions, conflicts, and every figure with its document. It needs no network and \
no script, is light or dark as the reader prefers, and can be read on a phone and printed. Every chart \
stands with its table.";

const AFTER: &str = "\
Examples:
  keiretsu report mine -o report.html
  keiretsu report mine --as-of 2025-12-31 -o then.html";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let file = shell.global.output.clone().unwrap_or_else(|| PathBuf::from("report.html"));
    let is_html = |path: &Path| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| ["html", "htm"].contains(&extension.to_lowercase().as_str()))
    };
    if !is_html(&file) {
        let what = format!("{} is no name of an HTML file", file.display());
        return Err(Failure::usage(what, "write `-o report.html`"));
    }
    let session = shell.open(&args.model)?;
    shell.may_write(&file)?;
    let paths = PathsRequest { seed: args.seed, count: args.paths };
    let page = session.report(paths, &progress::control(None))?;
    shell.write(&[(file.clone(), page.into_bytes())])?;
    say(&printable(&format!("wrote {}\n", file.display())));
    Ok(())
}
