//! Turns `docs/ARCHITECTURE.md` and the workspace into findings: where the map and the land differ.
//!
//! ```
//! use keiretsu_testkit::tidy::{Workspace, map};
//! let head = "| crate | turns | may use | must never contain |\n|---|---|---|---|\n";
//! let page = format!("{head}| `maths` | - | - | - |\n");
//! let manifest = "[dependencies]\nkeiretsu-model.workspace = true\n";
//! let files = [(map::PAGE, page.as_str()), ("crates/keiretsu-maths/Cargo.toml", manifest)];
//! let found = map::crate_table(&Workspace::of(&files));
//! assert_eq!(found[0].what, "`maths` uses `model`, which the map does not allow");
//! ```
//!
//! The third column of the crate table names exactly the workspace's own crates under `[dependencies]`, or
//! says `anything`. Crates are named without `keiretsu-`; the facade is `keiretsu`.
//!
//! Absent: dev-dependencies, which shape no layer, and crates from outside.

use std::collections::BTreeMap;

use super::{Finding, Workspace, has_extension};

/// The map.
pub const PAGE: &str = "docs/ARCHITECTURE.md";
/// Where decision records lie.
pub const DECISIONS: &str = "docs/decisions/";

const PAGE_LINES_MAX: usize = 250;
const DECISION_LINES_MAX: usize = 40;
const TABLE_HEAD: &str = "| crate | turns | may use | must never contain |";

/// Differences between the crate table and the crates.
pub fn crate_table(workspace: &Workspace) -> Vec<Finding> {
    let rows = rows(workspace.file(PAGE).unwrap_or_default());
    if rows.is_empty() {
        return vec![Finding::new(
            PAGE,
            1,
            "no crate table",
            format!("add one that opens with `{TABLE_HEAD}`"),
        )];
    }
    let mut found = Vec::new();
    for name in workspace.crates().map(short).filter(|name| !rows.contains_key(name)) {
        let what = format!("crate `{name}` is not in the table");
        found.push(Finding::new(
            PAGE,
            1,
            what,
            "add its row: what it turns into what, may use, must never contain",
        ));
    }
    for (name, row) in &rows {
        let folder = workspace.crates().find(|folder| short(folder) == *name);
        match folder {
            None => {
                let what = format!("no crate `{name}` in the workspace");
                found.push(Finding::new(
                    PAGE,
                    row.line,
                    what,
                    "drop the row, or name the crate as its folder",
                ));
            }
            Some(folder) => compare(workspace, name, folder, row, &mut found),
        }
    }
    found
}

/// Paths named in the page, in `code`, that are not in the repository.
pub fn paths(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    let is_pattern = |name: &str| name.contains(['*', '<', '{', ' ', '$', '(']) || name.starts_with('/');
    for (line, name) in names_in_code(workspace.file(PAGE).unwrap_or_default()) {
        if name.contains('/') && !is_pattern(name) && !workspace.has(name) {
            let cure = "correct the path, or take it off the map";
            found.push(Finding::new(PAGE, line, format!("no `{name}` in the repository"), cure));
        }
    }
    found
}

/// The map and decision records that are too long, and records whose name is not `NNNN-title.md`.
pub fn pages(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    let decisions = workspace.files().filter(|(path, _)| path.starts_with(DECISIONS));
    let mut by_number: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, text) in decisions {
        too_long(path, text, DECISION_LINES_MAX, &mut found);
        let name = &path[DECISIONS.len()..];
        let (number, title) = name.split_once('-').unwrap_or((name, ""));
        let is_number = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || !has_extension(title, "md") {
            found.push(Finding::new(path, 1, "name of a decision record", "name it NNNN-title.md"));
        } else if let Some(other) = by_number.insert(number, path) {
            found.push(Finding::new(path, 1, format!("same number as {other}"), "take the next free number"));
        }
    }
    too_long(PAGE, workspace.file(PAGE).unwrap_or_default(), PAGE_LINES_MAX, &mut found);
    found
}

struct Row<'a> {
    line: usize,
    may_use: Vec<&'a str>,
}

/// Finds what a crate uses beyond its row, and what its row allows beyond its use.
fn compare(workspace: &Workspace, name: &str, folder: &str, row: &Row<'_>, found: &mut Vec<Finding>) {
    if row.may_use == ["anything"] {
        return;
    }
    let manifest = format!("crates/{folder}/Cargo.toml");
    let used = inner_dependencies(workspace.file(&manifest).unwrap_or_default());
    for (line, dependency) in used.iter().filter(|(_, dependency)| !row.may_use.contains(dependency)) {
        let what = format!("`{name}` uses `{dependency}`, which the map does not allow");
        let cure = format!("do without it; or write a decision record and change the table in {PAGE}");
        found.push(Finding::new(&manifest, *line, what, cure));
    }
    let is_unused = |allowed: &&&str| !used.iter().any(|(_, dependency)| *dependency == **allowed);
    for allowed in row.may_use.iter().filter(is_unused) {
        let what = format!("`{name}` does not use `{allowed}`");
        found.push(Finding::new(PAGE, row.line, what, "take it out of the row: the map shows what is"));
    }
}

/// The rows of the crate table, by crate.
fn rows(page: &str) -> BTreeMap<&str, Row<'_>> {
    let table = page.lines().enumerate().skip_while(|(_, line)| line.trim() != TABLE_HEAD);
    let mut rows = BTreeMap::new();
    for (index, line) in table.skip(2).take_while(|(_, line)| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let may_use =
            cells.get(2).copied().unwrap_or_default().split(',').map(|name| name.trim().trim_matches('`'));
        let may_use = may_use.filter(|name| !name.is_empty() && *name != "-").collect();
        rows.insert(cells[0].trim_matches('`'), Row { line: index + 1, may_use });
    }
    rows
}

/// The workspace's own crates under `[dependencies]`, with their lines.
fn inner_dependencies(manifest: &str) -> Vec<(usize, &str)> {
    let mut section = "";
    let mut used = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        let is_section = line.starts_with('[');
        if is_section {
            section = line.trim().trim_matches(['[', ']']);
        }
        let named = match section.strip_prefix("dependencies.") {
            Some(name) if is_section => Some(name),
            _ if section == "dependencies" && !is_section => line.split(['.', ' ', '=']).next(),
            _ => None,
        };
        let inner = named.filter(|name| *name == "keiretsu" || name.starts_with("keiretsu-"));
        used.extend(inner.map(|name| (index + 1, short(name))));
    }
    used
}

fn short(name: &str) -> &str {
    name.strip_prefix("keiretsu-").unwrap_or(name)
}

/// Everything between single backticks outside fenced blocks, with its line.
fn names_in_code(page: &str) -> Vec<(usize, &str)> {
    let mut in_fence = false;
    let mut names = Vec::new();
    for (index, line) in page.lines().enumerate() {
        in_fence ^= line.starts_with("```");
        if !in_fence {
            names.extend(line.split('`').skip(1).step_by(2).map(|name| (index + 1, name)));
        }
    }
    names
}

fn too_long(path: &str, text: &str, lines_max: usize, found: &mut Vec<Finding>) {
    let lines = text.lines().count();
    if lines_max < lines {
        let what = format!("page of {lines} lines; {lines_max} at most");
        found.push(Finding::new(path, lines_max + 1, what, "say less"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(row: &str, manifest: &str, expected: &[&str]) {
        let page = format!("# Map\n\n{TABLE_HEAD}\n|---|---|---|---|\n{row}\n\n| `other` | table |\n");
        let files = [(PAGE, page.as_str()), ("crates/keiretsu-a/Cargo.toml", manifest)];
        let found = crate_table(&Workspace::of(&files));
        assert_eq!(found.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_true_row_is_fine() {
        let manifest = r#"
[package]
name = "keiretsu-a"
[dependencies]
keiretsu-b.workspace = true
serde = "1"

[dev-dependencies]
keiretsu-c = { path = "../c" }
"#;
        check("| `a` | x | `b` | y |", manifest, &[]);
        check("| `a` | x | anything | y |", manifest, &[]);
    }

    #[test]
    fn a_dependency_beyond_the_row_is_found_and_one_short_of_it() {
        check(
            "| `a` | x | `c` | y |",
            "[dependencies.keiretsu-b]\nworkspace = true\n",
            &["`a` uses `b`, which the map does not allow", "`a` does not use `c`"],
        );
    }

    #[test]
    fn crates_and_rows_must_match() {
        check("| `b` | x | - | y |", "", &["crate `a` is not in the table", "no crate `b` in the workspace"]);
        assert_eq!(crate_table(&Workspace::of(&[]))[0].what, "no crate table");
    }

    #[test]
    fn paths_must_exist() {
        let page =
            "see `docs/x.md`, `docs/`, `a/<name>.rs`, `cargo test a/b`\n```\n`docs/z.md`\n```\n`docs/y.md`\n";
        let found = paths(&Workspace::of(&[(PAGE, page), ("docs/x.md", "")]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].what.as_str()), (5, "no `docs/y.md` in the repository"));
    }

    #[test]
    fn decision_records_are_short_and_numbered() {
        let long = "line\n".repeat(41);
        let files = [
            ("docs/decisions/0001-a.md", ""),
            ("docs/decisions/0001-b.md", ""),
            ("docs/decisions/2-c.md", ""),
            ("docs/decisions/0003-d.md", &long),
        ];
        let found = pages(&Workspace::of(&files));
        let found: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
        let expected = [
            "same number as docs/decisions/0001-a.md",
            "page of 41 lines; 40 at most",
            "name of a decision record",
        ];
        assert_eq!(found, expected);
    }
}
