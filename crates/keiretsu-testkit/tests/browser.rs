//! Pages in a real browser: `cargo test -p keiretsu-testkit --test browser`. What is looked for is said in
//! `browser/faults.mjs`, and for the page of `serve` in its own `tests`; `PICTURES=folder` keeps a picture of
//! each page.
//!
//! It needs Node, Chromium, and `npm ci` in the folders `browser` and `keiretsu-server/page`, all of which
//! `.ci/run` sees to. A desk without them is told so; where `CI` is set, it is a failure.

use std::path::{Path, PathBuf};
use std::process::Command;

use keiretsu_testkit::literate::command::Binary;
use keiretsu_testkit::tidy::root;

/// The names of Chromium, the usual one first.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// Reports.
const REPORTS: &str = "crates/keiretsu-testkit/browser";
/// The source of the page of `serve`.
const PAGE: &str = "crates/keiretsu-server/page";

#[test]
fn reports_are_readable_in_a_browser() {
    let Some(chromium) = wanted(REPORTS) else { return };
    let tests = ["--test", "--test-reporter=spec", "report.test.mjs"];
    run(with_binary(Command::new("node").args(tests), &chromium).current_dir(root().join(REPORTS)));
}

#[test]
fn the_page_of_a_served_model_works_in_a_browser() {
    let Some(chromium) = wanted(PAGE) else { return };
    run(with_binary(Command::new("npm").arg("test"), &chromium).current_dir(root().join(PAGE)));
}

#[test]
fn the_page_is_in_form_and_its_build_is_the_committed_one() {
    if wanted(PAGE).is_none() {
        return;
    }
    let npm = |script: &str| run(Command::new("npm").args(["run", script]).current_dir(root().join(PAGE)));
    npm("check");
    npm("same");
}

/// The browser, where there is everything that a folder needs; else that is said, or a failure.
fn wanted(folder: &str) -> Option<PathBuf> {
    match tools(folder) {
        Ok(chromium) => Some(chromium),
        Err(missing) if std::env::var_os("CI").is_some() => panic!("{missing}"),
        Err(missing) => {
            eprintln!("not looked at in a browser: {missing}");
            None
        }
    }
}

fn with_binary<'a>(command: &'a mut Command, chromium: &Path) -> &'a mut Command {
    let binary = Binary::build().expect("keiretsu builds");
    let examples = root().join("examples");
    command.env("KEIRETSU", binary.path()).env("EXAMPLES", examples).env("CHROMIUM", chromium)
}

fn run(command: &mut Command) {
    let done = command.output().expect("it runs");
    let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(done.status.success(), "{}", said.concat());
}

/// The browser, where everything is there.
fn tools(folder: &str) -> Result<PathBuf, String> {
    on_path("node").ok_or("there is no `node`")?;
    if !root().join(folder).join("node_modules/playwright-core").exists() {
        return Err(format!("run `npm ci` in {folder}"));
    }
    BROWSERS.iter().find_map(|name| on_path(name)).ok_or_else(|| "there is no `chromium`".to_owned())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
