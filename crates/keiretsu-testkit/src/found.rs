//! Turns the faults that were once found in keiretsu, and are back, into findings.
//!
//! Each folder of `cases/found` is a small model and `case.json`: the fault, its origin, the derivation of
//! the right values, and commands with what must hold of their answers (`check`). A case runs in a copy of
//! its folder, so that a command that writes where it should not harms nothing.
//!
//! `CASE=20-` runs the cases with a name, or the end of a name, that begins so.
//!
//! Invariant: all failures are told at once.
//! Absent: faults that take more than a command to show, such as interrupts; their tests stand beside the
//! code.

pub mod check;

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::literate::command::Binary;
use crate::literate::{TemporaryFolder, copy_folder, on_all_cores};
use crate::tidy::{Finding, root};
use check::Check;

/// Where the cases lie.
const FOLDER: &str = "crates/keiretsu-testkit/cases/found";

/// A fault and what shows it.
pub struct Case {
    /// The name of its folder.
    pub name: String,
    /// The text of `case.json`.
    text: String,
    /// What the text says.
    told: Told,
}

/// `case.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// What was wrong.
    pub fault: String,
    /// Where it comes from.
    pub origin: String,
    /// The derivation of the right values.
    pub why: String,
    /// What the definitions left open, where they did.
    pub question: Option<String>,
    /// What was decided.
    pub decided: Option<String>,
    /// The commands.
    pub checks: Vec<Check>,
}

/// Runs every case of this repository, or those that `CASE` asks for.
pub fn check_found() -> Vec<Finding> {
    let asked = std::env::var("CASE").ok();
    let cases = match cases(asked.as_deref().unwrap_or_default()) {
        Ok(cases) => cases,
        Err(unreadable) => return vec![unreadable],
    };
    let binary = match Binary::build() {
        Ok(binary) => binary,
        Err(why) => return vec![Finding::new("crates/keiretsu-cli/Cargo.toml", 1, why, "make it build")],
    };
    let troubles = on_all_cores(&cases, &|case| {
        run(case, &binary).unwrap_or_else(|error| {
            vec![Finding::new(&path_of(&case.name), 1, format!("cannot run: {error}"), "make room")]
        })
    });
    troubles.into_iter().flatten().collect()
}

/// The cases asked for; at least one.
fn cases(asked: &str) -> Result<Vec<Case>, Finding> {
    let folder = root().join(FOLDER);
    let cannot = |error: io::Error| Finding::new(FOLDER, 1, format!("cannot read: {error}"), "restore it");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && is_asked(&name, asked) {
            names.push(name);
        }
    }
    names.sort();
    if names.is_empty() {
        return Err(Finding::new(FOLDER, 1, format!("no case `{asked}`"), "give the begin of a name"));
    }
    names.into_iter().map(|name| read(&folder, name)).collect()
}

fn read(folder: &Path, name: String) -> Result<Case, Finding> {
    let path = path_of(&name);
    let text = fs::read_to_string(folder.join(&name).join("case.json"))
        .map_err(|error| Finding::new(&path, 1, format!("cannot read: {error}"), "write it"))?;
    match serde_json::from_str(&text) {
        Ok(told) => Ok(Case { name, text, told }),
        Err(error) => {
            let cure = "write it as `cases/README.md` says";
            Err(Finding::new(&path, error.line().max(1), error.to_string(), cure))
        }
    }
}

/// Whether a name, or the end of a name behind a hyphen, begins with what is asked for.
fn is_asked(name: &str, asked: &str) -> bool {
    format!("-{name}").contains(&format!("-{asked}"))
}

/// Everything that is wrong with a case.
fn run(case: &Case, binary: &Binary) -> io::Result<Vec<Finding>> {
    let place = TemporaryFolder::new()?;
    let folder = place.path.join(&case.name);
    copy_folder(&root().join(FOLDER).join(&case.name), &folder)?;
    let mut troubles = Vec::new();
    for (index, check) in case.told.checks.iter().enumerate() {
        let words = words(check, &folder, &place.path.join("t"));
        let outcome = binary.answer(&folder, &words, check.timeout);
        if let Err(trouble) = outcome.and_then(|outcome| check.holds(&outcome)) {
            let what = format!("`{}`: {trouble}", check.run.join(" "));
            let cure = format!("correct the program: {}", case.told.fault);
            troubles.push(Finding::new(&path_of(&case.name), line_of(&case.text, index), what, cure));
        }
    }
    Ok(troubles)
}

/// The words of a command: `MODEL` is the case's folder, `FILE:` something in it, and `TEMP` a path outside,
/// with nothing there at first, that the checks of a case share.
fn words(check: &Check, folder: &Path, temporary: &Path) -> Vec<String> {
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let place = |word: &String| match (word.as_str(), word.strip_prefix("FILE:"), word.strip_prefix("TEMP/"))
    {
        ("MODEL", ..) => shown(folder),
        ("TEMP", ..) => shown(temporary),
        (_, Some(name), _) => shown(&folder.join(name)),
        (_, _, Some(name)) => shown(&temporary.join(name)),
        _ => word.clone(),
    };
    let mut words: Vec<String> = check.run.iter().map(place).collect();
    if check.reads_tables() && !words.iter().any(|word| word == "--format") {
        words.extend(["--format".to_string(), "json".to_string()]);
    }
    words
}

/// The line on which a check begins.
fn line_of(text: &str, check: usize) -> usize {
    let mut begins = text.lines().enumerate().filter(|(_, line)| line.contains("\"run\""));
    begins.nth(check).map_or(1, |(index, _)| index + 1)
}

fn path_of(name: &str) -> String {
    format!("{FOLDER}/{name}/case.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_asked_for_by_the_begin_of_a_word() {
        assert!(
            is_asked("20-default-between-bills", "20-") && is_asked("20-default-between-bills", "between")
        );
        assert!(!is_asked("120-default", "20-") && is_asked("120-default", ""));
    }

    #[test]
    fn words_stand_for_places() {
        let run = r#"{"run": ["measure", "MODEL", "TEMP", "TEMP/a", "FILE:b", "TEMPO"], "count": 1}"#;
        let check: Check = serde_json::from_str(run).unwrap();
        let words = words(&check, Path::new("f"), Path::new("t"));
        assert_eq!(words, ["measure", "f", "t", "t/a", "f/b", "TEMPO", "--format", "json"]);
    }

    #[test]
    fn the_line_of_a_check_is_where_it_begins() {
        assert_eq!(line_of("{\n\"run\": []},\n{\n\"run\": []}\n", 1), 4);
    }
}
