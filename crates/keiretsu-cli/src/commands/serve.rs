//! `keiretsu serve`: a model as a page in the browser, and as an API for programs of this machine.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use keiretsu_server::{Settings, start};

use crate::failure::Failure;
use crate::interrupt;
use crate::shell::{Shell, announce, say};

/// Show a model in the browser; its answers follow as files are saved and sliders move
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
    /// The port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8642)]
    port: u16,
    /// The address to listen under; any but one of this machine alone demands a token, which is printed
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    host: String,
    /// Let the page write the files of the model
    #[arg(long)]
    edit: bool,
    /// Do not look for changed files
    #[arg(long)]
    no_watch: bool,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
}

const LONG: &str = "\
Serves a model on this machine: a page that shows the answers, the web and what each number rests on, and \
the API beneath it, which /api/openapi.json describes. When a file of the model is saved, the page has the \
new answers; while its text has errors, the page shows them beside the last answers.

The first line printed is the address. Nothing is written unless `--edit` says so. Ctrl-C ends it.";

const AFTER: &str = "\
Examples:
  keiretsu serve                          the model in this folder
  keiretsu serve mine --port 0 --open     on a free port, in the browser
  keiretsu serve mine --edit              the page may write the files of the model";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let server = start(&Settings {
        model: args.model.clone(),
        dates: shell.global.dates(),
        host: args.host.clone(),
        port: args.port,
        may_edit: args.edit,
        watches: !args.no_watch,
    })?;
    let stopper = server.stopper();
    interrupt::ends(move || stopper.stop());
    let address = server.address();
    let page = match server.token() {
        Some(token) => format!("{address}/?token={token}"),
        None => address.clone(),
    };
    let open = if page == address { String::new() } else { format!("open {page}\n") };
    announce(&format!("listening on {address}\n{open}"))?;
    if args.open && !opened(&page) {
        say("no browser could be opened; the address above is the page\n");
    }
    server.wait();
    Ok(())
}

/// Has the system open an address; whether it knows how.
fn opened(address: &str) -> bool {
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    let mut command = Command::new(program);
    command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}
