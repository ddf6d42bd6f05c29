//! `keiretsu schema`: the JSON Schema of the language, for editors.

use crate::failure::Failure;
use crate::shell::Shell;

/// Print the JSON Schema of keiretsu.toml, for completion and checks in an editor
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// Print the tables of answers instead: columns, kinds, units, meanings, formulas
    #[arg(long)]
    tables: bool,
}

const LONG: &str = "\
Prints a JSON Schema (2020-12) of the files of a model: every table, every term with what it means, every \
contract type. Editors with a TOML language server complete and check with it. `keiretsu check` says more: a \
schema cannot read amounts, conditions and names.

With --tables it prints what answers look like: for each measure its tables, and for each column its kind, \
unit, meaning and formula, the same whatever the model.";

const AFTER: &str = "\
Example, with Taplo or Even Better TOML:
  keiretsu schema -o keiretsu.schema.json
  and as the first line of keiretsu.toml:  #:schema ./keiretsu.schema.json";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let schema = if args.tables { keiretsu::schema::tables() } else { keiretsu::schema::schema() };
    shell.result(format!("{schema:#}\n").as_bytes())
}
