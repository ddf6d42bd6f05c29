//! `keiretsu limits`: what is taken at the most.

use crate::failure::Failure;
use crate::shell::Shell;

/// List what keiretsu takes at the most, with reasons
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {}

const AFTER: &str = "\
Example:
  keiretsu limits --format json";

/// Runs the command.
pub fn run(shell: &Shell) -> Result<(), Failure> {
    shell.tables(&[keiretsu::limits::table()])
}
