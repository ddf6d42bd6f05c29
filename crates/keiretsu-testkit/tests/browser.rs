//! Pages in a real browser: `cargo test -p keiretsu-testkit --test browser`. What is looked for is said in
//! `browser/faults.mjs`; `PICTURES=folder` keeps a picture of each page.
//!
//! It needs Node, Chromium, and `npm ci` in the folder `browser`, all of which `.ci/run` sees to. A desk
//! without them is told so; where `CI` is set, it is a failure.

use std::path::{Path, PathBuf};
use std::process::Command;

use keiretsu_testkit::literate::command::Binary;
use keiretsu_testkit::tidy::root;

/// The names of Chromium, the usual one first.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

#[test]
fn reports_are_readable_in_a_browser() {
    let folder = root().join("crates/keiretsu-testkit/browser");
    let chromium = match tools(&folder) {
        Ok(chromium) => chromium,
        Err(missing) if std::env::var_os("CI").is_some() => panic!("{missing}"),
        Err(missing) => return eprintln!("not looked at in a browser: {missing}"),
    };
    let binary = Binary::build().expect("keiretsu builds");
    let looked = Command::new("node")
        .args(["--test", "--test-reporter=spec", "report.test.mjs"])
        .current_dir(&folder)
        .env("KEIRETSU", binary.path())
        .env("EXAMPLES", root().join("examples"))
        .env("CHROMIUM", chromium)
        .output()
        .expect("node runs");
    let said = [looked.stdout, looked.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(looked.status.success(), "{}", said.concat());
}

/// The browser, where everything is there.
fn tools(folder: &Path) -> Result<PathBuf, String> {
    on_path("node").ok_or("there is no `node`")?;
    if !folder.join("node_modules/playwright-core").exists() {
        return Err("run `npm ci` in crates/keiretsu-testkit/browser".to_owned());
    }
    BROWSERS.iter().find_map(|name| on_path(name)).ok_or_else(|| "there is no `chromium`".to_owned())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
