//! Turns the words of a command on a page into what it printed, by running the `keiretsu` that cargo built.
//!
//! ```
//! use keiretsu_testkit::literate::command::Outcome;
//! let outcome = Outcome { stdout: "a \n".into(), stderr: "b\n\n".into(), status: 1 };
//! assert_eq!(outcome.lines(), ["a", "b", "? 1"]);
//! ```
//!
//! Cargo tells only the binary's own package where it is built, so it is looked for beside this test, after a
//! `cargo build` that does nothing when it is there and fresh.
//!
//! Invariant: a command sees the page's folder, a fixed environment and no input, and ends in time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::TemporaryFolder;
use super::page::is_inside;

/// A page's command that takes longer does not end, such as `serve`.
const COMMAND_SECONDS_MAX: u64 = 240;

/// What a command did.
#[derive(Debug)]
pub struct Outcome {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Exit status; -1 where a signal ended it.
    pub status: i32,
}

impl Outcome {
    /// As a page says it: standard output, standard error, and the exit status if it is not 0.
    pub fn lines(&self) -> Vec<String> {
        let both = self.stdout.lines().chain(self.stderr.lines());
        let mut lines: Vec<String> = both.map(|line| line.trim_end().to_string()).collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        if self.status != 0 {
            lines.push(format!("? {}", self.status));
        }
        lines
    }
}

/// The built `keiretsu`.
pub struct Binary {
    path: PathBuf,
}

impl Binary {
    /// Builds the binary in the profile and folder of the running test; why not, if that fails.
    pub fn build() -> Result<Binary, String> {
        let test = std::env::current_exe().map_err(|error| format!("no path of this test: {error}"))?;
        // target/debug/deps/manual-0123456789abcdef
        let folder = test.ancestors().nth(2).ok_or("this test lies outside a target folder")?;
        let target = folder.parent().ok_or("this test lies outside a target folder")?;
        let profile = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let profile = if profile == "debug" { "dev" } else { profile };
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args([
                "build",
                "--quiet",
                "--package",
                "keiretsu-cli",
                "--bin",
                "keiretsu",
                "--profile",
                profile,
            ])
            .arg("--target-dir")
            .arg(target)
            .current_dir(crate::tidy::root())
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        if !built.status.success() {
            return Err(format!("cannot build keiretsu\n{}", String::from_utf8_lossy(&built.stderr)));
        }
        Ok(Binary { path: folder.join(format!("keiretsu{}", std::env::consts::EXE_SUFFIX)) })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs the binary in a folder, to its end or to the last of so many seconds.
    pub fn answer(&self, folder: &Path, arguments: &[String], seconds_max: u64) -> Result<Outcome, String> {
        run(&self.path, folder, arguments, seconds_max)
    }

    /// Runs a page's command in the page's folder.
    pub fn run(&self, folder: &Path, words: &[String]) -> Result<Outcome, String> {
        match words[0].as_str() {
            "keiretsu" => self.answer(folder, &words[1..], COMMAND_SECONDS_MAX),
            "cat" if words.len() == 2 && is_inside(&words[1]) => fs::read_to_string(folder.join(&words[1]))
                .map(|stdout| Outcome { stdout, stderr: String::new(), status: 0 })
                .map_err(|error| format!("cannot read `{}`: {error}", words[1])),
            other => Err(format!("`{other}` is not run")),
        }
    }
}

/// Runs a program to its end. Its output goes through files, so that none of it has to be read meanwhile.
fn run(program: &Path, folder: &Path, arguments: &[String], seconds_max: u64) -> Result<Outcome, String> {
    let explain = |error: std::io::Error| format!("cannot run {}: {error}", program.display());
    let outputs = TemporaryFolder::new().map_err(explain)?;
    let [stdout, stderr] = ["stdout", "stderr"].map(|name| outputs.path.join(name));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).env_clear().env("COLUMNS", "100").env("NO_COLOR", "1");
    // A system without these finds neither its libraries nor a place for temporary files.
    for name in ["PATH", "SYSTEMROOT", "TMPDIR", "TEMP"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    let to = |path| File::create(path).map(Stdio::from).map_err(explain);
    let child =
        command.stdin(Stdio::null()).stdout(to(&stdout)?).stderr(to(&stderr)?).spawn().map_err(explain)?;
    let status = wait(child, seconds_max)?;
    let text = |path| fs::read(path).map(|bytes| printed(&bytes, folder)).map_err(explain);
    Ok(Outcome { stdout: text(&stdout)?, stderr: text(&stderr)?, status: status.code().unwrap_or(-1) })
}

/// Waits for the end of a child; kills it when it takes too long.
fn wait(mut child: Child, seconds_max: u64) -> Result<ExitStatus, String> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(500);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if start.elapsed().as_secs() < seconds_max => std::thread::sleep(pause),
            Ok(None) => {
                let killed = child.kill().and_then(|()| child.wait());
                return Err(format!("no end within {seconds_max} s; killed: {}", killed.is_ok()));
            }
            Err(error) => return Err(format!("cannot wait for the command: {error}")),
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Output as text, without the name of the folder, which differs from run to run.
fn printed(bytes: &[u8], folder: &Path) -> String {
    String::from_utf8_lossy(bytes).replace(&*folder.to_string_lossy(), "[folder]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &str) -> Vec<String> {
        command.split(' ').map(str::to_string).collect()
    }

    fn run_as_keiretsu(program: &str, command: &str) -> Result<Outcome, String> {
        let folder = TemporaryFolder::new().unwrap();
        fs::write(folder.path.join("a.txt"), "text\n").unwrap();
        Binary { path: program.into() }.run(&folder.path, &words(command))
    }

    #[test]
    fn empty_lines_inside_an_output_stay() {
        let outcome = Outcome { stdout: "a\n\nb\n\n".into(), stderr: String::new(), status: 0 };
        assert_eq!(outcome.lines(), ["a", "", "b"]);
    }

    #[test]
    fn cat_shows_a_file_of_the_page_only() {
        assert_eq!(run_as_keiretsu("none", "cat a.txt").unwrap().lines(), ["text"]);
        assert!(run_as_keiretsu("none", "cat b.txt").unwrap_err().starts_with("cannot read `b.txt`"));
        assert_eq!(run_as_keiretsu("none", "cat ../a.txt").unwrap_err(), "`cat` is not run");
        assert_eq!(run_as_keiretsu("none", "rm a.txt").unwrap_err(), "`rm` is not run");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_runs_in_the_folder_with_a_fixed_environment() {
        let listed = run_as_keiretsu("/bin/ls", "keiretsu").unwrap();
        assert_eq!((listed.lines(), listed.status), (vec!["a.txt".to_string()], 0));
        let environment = run_as_keiretsu("/usr/bin/env", "keiretsu").unwrap().lines();
        assert!(environment.contains(&"COLUMNS=100".to_string()));
        assert!(!environment.iter().any(|line| line.starts_with("CARGO")));
        assert_eq!(run_as_keiretsu("/bin/ls", "keiretsu missing").unwrap().status, 2);
    }

    #[test]
    fn a_program_that_is_not_there_is_said() {
        assert!(run_as_keiretsu("/no/such/program", "keiretsu").unwrap_err().starts_with("cannot run"));
    }
}
