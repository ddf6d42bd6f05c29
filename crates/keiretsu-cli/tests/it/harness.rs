//! Runs the binary in a folder of its own.

pub mod cases;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A lab buys compute from a cloud: the smallest model that owes something.
pub const SMALL: &str = r#"keiretsu = 1
title = "A lab buys compute"
as_of = 2025-12-31
horizon = "3 years"

[sources.paper]
title = "A newspaper"
date = 2025-11-30

[parties]
lab = { name = "Lab", cash = "about $100M", source = "paper" }
cloud = { name = "Cloud" }

[contracts.compute]
type = "supply"
buyer = "lab"
seller = "cloud"
from = "2026-01"
minimum = { claims = [
    { figure = "$360M over 3 years", source = "paper" },
    { figure = "$400M over 3 years", because = "talk" },
], use = "paper" }
margin = { figure = "30%", because = "usual" }
"#;

/// A folder that goes away with the test.
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
}

impl Folder {
    /// An empty folder.
    pub fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("keiretsu-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a temporary folder");
        Self { path }
    }

    /// A folder with a model in it.
    pub fn with(model: &str) -> Self {
        let folder = Self::new();
        folder.write("keiretsu.toml", model.as_bytes());
        folder
    }

    /// Writes a file.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    /// Reads a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path.join(path)).expect(path)
    }

    /// The names in a folder, hidden ones too.
    pub fn names(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path.join(path)).expect("a folder").flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs `keiretsu` here.
    pub fn run(&self, words: &[&str]) -> Done {
        let output = command(&self.path, words).output().expect("keiretsu runs");
        Done::of(&output)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// `keiretsu` with these words, in a folder, on a plain page of 100 columns.
pub fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keiretsu"));
    command.args(words).current_dir(folder).env("COLUMNS", "100").env("NO_COLOR", "1");
    command.stdin(Stdio::null());
    command
}

/// What a command did.
#[derive(Debug)]
pub struct Done {
    /// Its exit status.
    pub status: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Done {
    /// From the output of a process.
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
        let status = output.status.code().unwrap_or(-1);
        Self { status, out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Its output, of a command that went well.
    pub fn well(self) -> String {
        assert_eq!(self.status, 0, "{}{}", self.out, self.err);
        self.out
    }

    /// Asserts that it ended with a status and said something on standard error, and did not panic.
    pub fn failed(self, status: i32, said: &str) {
        assert_eq!(self.status, status, "{}{}", self.out, self.err);
        assert!(self.err.contains(said), "no `{said}` in:\n{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}
