//! `keiretsu new`: a model to start from.

use std::fs;
use std::path::PathBuf;

use keiretsu::values::suggest;
use keiretsu::{examples, output};

use crate::failure::Failure;
use crate::findings::count;
use crate::interrupt;
use crate::shell::Shell;

/// Write a model to start from
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = after())]
pub struct Args {
    /// The folder to write; it must not exist, or be empty
    dir: PathBuf,
    /// Which model; without it, a small one of two parties
    #[arg(long, value_name = "NAME")]
    example: Option<String>,
}

const LONG: &str = "\
Writes a model to a new folder: a small one of two parties with a comment on every line that needs one, or \
one of the examples with `--example`. Nothing that exists is overwritten.";

fn after() -> String {
    let names: Vec<&str> = examples::all().map(|example| example.name).collect();
    format!(
        "The examples are: {}.\n\nExamples:\n  keiretsu new mine && keiretsu check mine\n  \
         keiretsu new clouds --example three-clouds",
        names.join(", ")
    )
}

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let name = args.example.as_deref().unwrap_or(examples::STARTER.name);
    let example = examples::by_name(name).ok_or_else(|| {
        let hint = suggest::advice(name, examples::all().map(|example| example.name));
        Failure::usage(format!("there is no example `{name}`"), hint)
    })?;
    let dir = args.dir.display();
    let is_taken = fs::symlink_metadata(&args.dir).is_ok()
        && !fs::read_dir(&args.dir).is_ok_and(|mut entries| entries.next().is_none());
    if is_taken {
        let hint = "name a folder that does not exist yet, or an empty one".to_owned();
        return Err(Failure::Files(format!("{dir} is there already, and not empty"), hint));
    }
    let files: Vec<(PathBuf, Vec<u8>)> =
        example.files.iter().map(|(path, bytes)| (PathBuf::from(path), bytes.to_vec())).collect();
    interrupt::writing(&args.dir, || output::folder(&args.dir, &files))?;
    let wrote = count(files.len(), "file");
    shell.result(format!("wrote {wrote} to {dir}; next: keiretsu check {dir}\n").as_bytes())
}
