//! `keiretsu man`: the manual pages of the command line.

use std::path::PathBuf;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::failure::Failure;
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

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = &args.dir else {
        return shell.result(&page(command));
    };
    let mut pages = vec![(folder.join("keiretsu.1"), page(command.clone()))];
    for part in command.get_subcommands().filter(|part| !part.is_hide_set()) {
        let name = format!("keiretsu-{}.1", part.get_name());
        pages.push((folder.join(name), page(part.clone())));
    }
    std::fs::create_dir_all(folder).map_err(|error| Failure::writing(folder, &error))?;
    shell.write(&pages)
}

fn page(command: Command) -> Vec<u8> {
    let mut bytes = Vec::new();
    Man::new(command).render(&mut bytes).expect("memory takes every byte");
    bytes
}
