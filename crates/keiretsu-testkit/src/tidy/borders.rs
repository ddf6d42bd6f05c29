//! Turns source files into findings about borders: serde inside, the outside world inside.
//!
//! ```
//! use keiretsu_testkit::tidy::{Workspace, borders};
//! let clock = "//! A.\nuse std::time::Instant;\n";
//! let workspace = Workspace::of(&[("crates/keiretsu-engine/src/month.rs", clock)]);
//! assert_eq!(borders::outside_world(&workspace)[0].line, 2);
//! ```
//!
//! Absent: which crate may use which; that is the map's table (`map`); `unwrap`, which clippy refuses.

use super::source::Source;
use super::{Finding, Workspace, find_word};

/// Crates that talk to people and machines.
const FACES: [&str; 5] =
    ["keiretsu", "keiretsu-cli", "keiretsu-server", "keiretsu-python", "keiretsu-testkit"];

/// Crates of which answers are text for people and machines.
const SERIALISED: [&str; 2] = ["keiretsu-calc", "keiretsu-views"];

/// Ways to files, network, clock, environment and terminal.
const OUTSIDE: [&str; 11] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::io::stdin",
    "std::io::stdout",
    "SystemTime",
    "Instant",
    "println!",
    "print!",
    "eprintln!",
];

/// serde derives outside `wire.rs`, faces and views.
pub fn serde_derives(workspace: &Workspace) -> Vec<Finding> {
    let may_derive = |source: &Source| {
        let of_edge = |name: &str| FACES.contains(&name) || SERIALISED.contains(&name);
        source.path.ends_with("/wire.rs") || source.crate_name().is_some_and(of_edge)
    };
    let derives =
        |line: &str| ["Serialize", "Deserialize"].iter().any(|name| find_word(line, name).is_some());
    let what = "serde derive on an inner type";
    let cure = "derive on a wire type in `wire.rs` and convert, so that inner types stay free to change";
    find(workspace, |source| !may_derive(source), |_, line| derives(line).then_some((what.into(), cure)))
}

/// Input, output, clock and environment in crates that are no faces.
pub fn outside_world(workspace: &Workspace) -> Vec<Finding> {
    let cure = "let a face do it and hand the result in; the model reads through its one `Files` trait";
    let is_inner = |source: &Source| !source.crate_name().is_some_and(|name| FACES.contains(&name));
    // The one implementation of `Files` that reads a folder lives beside the trait.
    let is_door = |path: &str, way: &str| path == "crates/keiretsu-model/src/files.rs" && way == "std::fs";
    find(workspace, is_inner, |path, line| {
        let way = OUTSIDE.iter().find(|way| find_word(line, way).is_some() && !is_door(path, way))?;
        Some((format!("`{way}` in an inner crate"), cure))
    })
}

/// Applies a rule to each line of code that ships, in the files of `src` that are wanted.
fn find(
    workspace: &Workspace,
    wanted: impl Fn(&Source) -> bool,
    rule: impl Fn(&str, &str) -> Option<(String, &'static str)>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in workspace.rust().filter(|source| source.is_src() && wanted(source)) {
        for (number, line) in source.shipped() {
            if let Some((what, cure)) = rule(&source.path, line) {
                found.push(Finding::new(&source.path, number, what, cure));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: fn(&Workspace) -> Vec<Finding>, path: &str, text: &str, lines: &[usize]) {
        let found = rule(&Workspace::of(&[(path, text)]));
        assert_eq!(found.iter().map(|one| one.line).collect::<Vec<_>>(), lines, "{path}: {text}");
    }

    #[test]
    fn serde_stays_at_the_edge() {
        let derive = "#[derive(Clone, serde::Serialize)]\n";
        check(serde_derives, "crates/keiretsu-program/src/op.rs", derive, &[1]);
        check(serde_derives, "crates/keiretsu-program/src/wire.rs", derive, &[]);
        check(serde_derives, "crates/keiretsu-views/src/json.rs", derive, &[]);
        check(serde_derives, "crates/keiretsu-program/tests/op.rs", derive, &[]);
    }

    #[test]
    fn only_faces_see_the_outside() {
        let text = "use std::fs::read;\nlet now = Instant::now();\nlet instant = 1;\n";
        check(outside_world, "crates/keiretsu-methods/src/irr.rs", text, &[1, 2]);
        check(outside_world, "crates/keiretsu-model/src/files.rs", text, &[2]);
        check(outside_world, "crates/keiretsu-cli/src/main.rs", text, &[]);
    }
}
