//! `keiretsu man`: the manual pages of the command line.

use std::path::PathBuf;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use keiretsu::keep;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::interrupt;
use crate::shell::Shell;

/// Print the manual page, or write the pages of all commands to a folder
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Write keiretsu.1 and a page for each command to this folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

const AFTER: &str = "\
Examples:
  keiretsu man | man -l -
  keiretsu man --dir ~/.local/share/man/man1";

/// Runs the command.
pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = &args.dir else {
        return shell.result(&page(command));
    };
    let mut pages = vec![(PathBuf::from("keiretsu.1"), page(command.clone()))];
    for part in command.get_subcommands().filter(|part| !part.is_hide_set()) {
        let name = format!("keiretsu-{}.1", part.get_name());
        pages.push((PathBuf::from(name), page(part.clone())));
    }
    interrupt::writing(folder, || keep::folder(folder, &pages))
}

fn page(command: Command) -> Vec<u8> {
    let mut bytes = Vec::new();
    Man::new(command).render(&mut bytes).expect("memory takes every byte");
    bytes
}
