//! `keiretsu completions`: completion scripts for shells.

use clap::CommandFactory;
use clap_complete::Shell as Kind;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::shell::Shell;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The shell
    shell: Kind,
}

const AFTER: &str = "\
Examples:
  keiretsu completions bash -o ~/.local/share/bash-completion/completions/keiretsu
  keiretsu completions fish -o ~/.config/fish/completions/keiretsu.fish
  keiretsu completions zsh  -o ~/.zfunc/_keiretsu";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "keiretsu", &mut bytes);
    shell.result(&bytes)
}
