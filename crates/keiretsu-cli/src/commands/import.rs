//! `keiretsu import`: other people's tables to a model.

use std::path::PathBuf;

use keiretsu::import::{self, ImportError, ImportLock};
use keiretsu::limits;

use crate::failure::Failure;
use crate::findings::count;
use crate::interrupt;
use crate::shell::{Shell, say};

/// Make a model from a table of claims, or add to one what is new in the table
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// What is imported: `claims`
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(["claims"]))]
    what: String,
    /// The table: CSV in UTF-8 (commas, semicolons or tabs between cells), one claim a row
    file: PathBuf,
    /// The folder of the model; it is made where there is none
    dir: PathBuf,
    /// Say what would become of each row, and write nothing
    #[arg(long)]
    dry_run: bool,
}

const LONG: &str = "\
Reads a table of claims, one row a claim and one source a row, and writes a model: contracts, reports, \
parties and sources, with rows that contradict each other as claims of one figure. What cannot be placed is \
listed with the reason, and kept in the ledger claims.csv of the folder. Importing again adds only what is \
new; what the model has is never changed. Everything is written, or nothing, also where the power fails.";

const AFTER: &str = "\
Examples:
  keiretsu import claims facts.csv web --dry-run
  keiretsu import claims facts.csv web && keiretsu check web";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let bytes = shell.read(&args.file, limits::IMPORT_BYTES_MAX)?;
    let held = if args.dry_run { None } else { Some(hold(args)?) };
    let imported = import::claims(&bytes, &args.dir).map_err(|error| refused(error, args))?;
    let [placed, known, unplaced] = imported.counts;
    if let Some(held) = held.filter(|_| !imported.files.is_empty()) {
        interrupt::writing(&args.dir, || held.write(&imported.files))?;
    }
    let would = if args.dry_run { "would place" } else { "placed" };
    say(&format!(
        "{would} {}, could not place {unplaced}, had {known} already in {}\n",
        count(placed, "row"),
        args.dir.display()
    ));
    if !imported.table.rows.is_empty() {
        shell.tables(&[imported.table])?;
    }
    if 0 < unplaced && placed + known == 0 {
        let what = format!("no row of {} could be placed: the model has nothing of it", args.file.display());
        return Err(Failure::Errors(what));
    }
    Ok(())
}

/// The right to import into the folder.
fn hold(args: &Args) -> Result<ImportLock, Failure> {
    ImportLock::take(&args.dir).map_err(|error| {
        let why = keiretsu::system_words(&error);
        Failure::Files(format!("{}: {why}", args.dir.display()), "nothing was written".to_owned())
    })
}

fn refused(error: ImportError, args: &Args) -> Failure {
    let file = args.file.display();
    match error {
        ImportError::Table(lines) => {
            let hint = "the manual's page on `import claims` has the columns; nothing was written";
            Failure::usage(format!("{file} cannot be imported:\n  {}", lines.join("\n  ")), hint)
        }
        ImportError::Folder(why) => {
            Failure::Files(format!("{}: {why}", args.dir.display()), "nothing was written".to_owned())
        }
        ImportError::Internal(lines) => {
            let hint = "if the folder had errors before, mend them first; nothing was written";
            let what = "the model would have errors with these rows";
            Failure::usage(format!("{what}:\n  {}", lines.join("\n  ")), hint)
        }
    }
}
