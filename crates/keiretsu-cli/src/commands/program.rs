//! `keiretsu program`: the program of a model.

use std::path::PathBuf;

use keiretsu::program::Labels;

use crate::failure::Failure;
use crate::shell::Shell;

/// Print the program that a model becomes: every slot, register and flow
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
}

const LONG: &str = "\
Prints the program that a model is lowered to, one primitive a line, with the names of the model beside the \
ids. This is what is run, and all that is run: where a result surprises, the cause is here.";

const AFTER: &str = "\
Example:
  keiretsu program mine | less";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let session = shell.open(&args.model)?;
    let (program, subject) = session.lowered()?;
    let (model, side) = (subject.model, subject.side);
    let names = |names: &mut dyn Iterator<Item = &String>| names.cloned().collect();
    let labels = Labels {
        parties: names(&mut model.parties.iter().map(|party| &party.name)),
        slots: names(&mut side.slots.iter().map(|slot| &slot.path)),
        factors: names(&mut model.factors.iter().map(|factor| &factor.name)),
        events: names(&mut model.events.iter().map(|event| &event.name)),
        flows: names(&mut side.flows.iter().map(|flow| &flow.name)),
    };
    shell.result(labels.disassemble(program).as_bytes())
}
