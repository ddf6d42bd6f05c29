//! The command line: one subcommand a file in `commands`.
//!
//! Exit status: 0 all well; 1 the model has errors; 2 wrong usage; 3 could not read or write, or no
//! memory left; 4 interrupted. Results go to standard output, everything else to standard error.

mod cli;
mod commands;
mod failure;
mod findings;
mod interrupt;
mod memory;
mod progress;
mod shell;
mod usage;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static MEMORY: memory::Counted = memory::Counted;

fn main() -> ExitCode {
    memory::limit();
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(words) => return usage::words(&words),
    };
    interrupt::listen();
    let shell = shell::Shell::new(cli.global);
    match commands::run(cli.command, &shell) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(&shell);
            failure.code()
        }
    }
}
