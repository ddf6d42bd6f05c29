//! `--log FILE` of `keiretsu measure MODEL neutrality`: a platform's own log, tested.

use std::path::{Path, PathBuf};

use keiretsu::limits;
use keiretsu::measures::measures::neutrality::{self, LogRequest};
use keiretsu::platform_log::{Mapping, log};
use keiretsu_views::grid::Grid;

use crate::failure::Failure;
use crate::shell::Shell;

/// A platform's log, for `neutrality`.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of neutrality")]
pub struct LogArgs {
    /// Test this log of the platform: a CSV or Parquet file with a row for each model shown
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// A column of the log under another name, such as `price=usd_per_mtok`; may be given several times
    #[arg(long = "column", value_name = "WHAT=NAME", requires = "log", value_parser = pair)]
    columns: Vec<(String, String)>,
    /// One more column of numbers to take along; may be given several times
    #[arg(long = "feature", value_name = "NAME", requires = "log")]
    features: Vec<String>,
    /// Whose log it is, where the model has several platforms
    #[arg(long, value_name = "PLATFORM", requires = "log")]
    platform: Option<String>,
    /// Give each model a weight of its own; affiliation must then change while the log runs
    #[arg(long, requires = "log")]
    model_effects: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (what, name) = text.split_once('=').ok_or("write WHAT=NAME, such as price=usd_per_mtok")?;
    Ok((what.trim().to_owned(), name.trim().to_owned()))
}

impl LogArgs {
    /// Whether a log is given.
    pub fn is_given(&self) -> bool {
        self.log.is_some()
    }

    /// Tests the log.
    pub fn run(self, measure: &str, model: &Path, shell: &Shell) -> Result<(), Failure> {
        let Some(path) = &self.log else { return Ok(()) };
        if measure != neutrality::NAME {
            let hint = format!("`keiretsu measure MODEL {} --log FILE` does", neutrality::NAME);
            return Err(Failure::usage(format!("`{measure}` reads no log"), hint));
        }
        let session = shell.open(model)?;
        let (_, subject) = session.lowered()?;
        let wrong =
            |(what, hint): (String, String)| Failure::usage(format!("{}: {what}", path.display()), hint);
        let grid = grid(path, shell)?;
        let mapping = Mapping { columns: self.columns, features: self.features };
        let request = LogRequest { platform: self.platform, model_effects: self.model_effects };
        let log = log(&grid, &mapping).map_err(wrong)?;
        let mut tables = neutrality::tested(&subject, &log, &request).map_err(wrong)?;
        // What a log says of itself, that it is made up for one, stays with its numbers.
        if let Some(comment) = &grid.comment {
            for table in &mut tables {
                table.note(format!("the log says: {comment}"));
            }
        }
        shell.tables(&tables)
    }
}

fn grid(path: &Path, shell: &Shell) -> Result<Grid, Failure> {
    let bytes = shell.read(path, limits::LOG_BYTES_MAX)?;
    let is_parquet = bytes.starts_with(b"PAR1");
    let grid = if is_parquet { Grid::of_parquet(bytes) } else { Grid::of_csv(&bytes) };
    grid.map_err(|fault| {
        let usual = "a log is a CSV file (UTF-8, one line of names) or a flat Parquet file";
        let hint = if fault.hint.is_empty() { usual } else { &fault.hint };
        Failure::usage(format!("{}: {fault}", path.display()), hint)
    })
}
