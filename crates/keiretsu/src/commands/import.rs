//! `keiretsu import`: other people's tables to a model.

use std::path::PathBuf;

use keiretsu::import::{self, ImportTrouble};
use keiretsu::{keep, limits};

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
    /// The table: CSV in UTF-8, one claim a row
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
new; what the model has is never changed. Everything is written, or nothing.";

const AFTER: &str = "\
Examples:
  keiretsu import claims facts.csv web --dry-run
  keiretsu import claims facts.csv web && keiretsu check web";

/// Runs the command.
pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let bytes = shell.read(&args.file, limits::IMPORT_BYTES_MAX)?;
    let imported = import::claims(&bytes, &args.dir).map_err(|trouble| refused(trouble, args))?;
    let [placed, known, unplaced] = imported.counts;
    if !args.dry_run && !imported.files.is_empty() {
        interrupt::writing(&args.dir, || keep::folder(&args.dir, &imported.files))?;
    }
    let would = if args.dry_run { "would place" } else { "placed" };
    say(&format!(
        "{would} {}, could not place {unplaced}, had {known} already in {}\n",
        count(placed, "row"),
        args.dir.display()
    ));
    if imported.table.rows.is_empty() { Ok(()) } else { shell.tables(&[imported.table]) }
}

fn refused(trouble: ImportTrouble, args: &Args) -> Failure {
    let file = args.file.display();
    match trouble {
        ImportTrouble::Table(mut lines) => {
            let rest = lines.len().saturating_sub(SHOWN);
            lines.truncate(SHOWN);
            lines.extend((rest > 0).then(|| format!("and {rest} more")));
            let hint = "the manual's page on `import claims` has the columns; nothing was written";
            Failure::usage(format!("{file} cannot be imported:\n  {}", lines.join("\n  ")), hint)
        }
        ImportTrouble::Folder(why) => {
            Failure::Files(format!("{}: {why}", args.dir.display()), "nothing was written".to_owned())
        }
        ImportTrouble::Ours(lines) => {
            let hint = "if the folder had errors before, mend them first; nothing was written";
            let what = "the model would have errors with these rows";
            Failure::usage(format!("{what}:\n  {}", lines.join("\n  ")), hint)
        }
    }
}

/// So many lines are printed of what is wrong with a table.
const SHOWN: usize = 20;
