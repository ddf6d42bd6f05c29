//! `keiretsu limits`: the limits of input.

use keiretsu::limits::{Limit, all, table};

use crate::failure::Failure;
use crate::shell::Shell;

/// List what keiretsu takes at the most, with reasons
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {}

const AFTER: &str = "\
Example:
  keiretsu limits --format json";

pub fn run(shell: &Shell) -> Result<(), Failure> {
    let of_calc = keiretsu_calc::limits::ALL.map(|(of, most, reason)| Limit::count(of, most, reason));
    let of_serve = keiretsu_server::limits::ALL.map(|(of, most, reason)| Limit::count(of, most, reason));
    shell.tables(&[table(all().into_iter().chain(of_calc).chain(of_serve).collect())])
}
