//! Turns files into findings about size: files that have outgrown their limit or their ratchet.
//!
//! ```
//! use keiretsu_testkit::tidy::{Workspace, sizes};
//! let text = format!("//! A.\n{}", "// line\n".repeat(400));
//! let found = sizes::files(&Workspace::of(&[("crates/a/src/a.rs", &text)]));
//! assert_eq!(found[0].what, "file of 401 lines outside its tests");
//! ```
//!
//! `tidy.ratchet` lists what is allowed to be larger: `file PATH LINES`, one a line.
//!
//! Invariants: an entry never grows by itself (`UPDATE=1` only lowers or drops); no file passes the hard
//! limit.
//! Absent: other languages than Rust; functions, which clippy counts (`clippy.toml`).

use std::collections::BTreeMap;

use super::source::Source;
use super::{Finding, Workspace};

/// Lines of a file outside its test modules that need no entry.
pub const FILE_LINES_AIM: usize = 400;
/// Lines of a file, tests and all, that no entry goes beyond.
pub const FILE_LINES_MAX: usize = 800;
/// Where the ratchet lies.
pub const RATCHET: &str = "crates/keiretsu-testkit/tidy.ratchet";

/// Files beyond their limit.
pub fn files(workspace: &Workspace) -> Vec<Finding> {
    let (ratchet, _) = Ratchet::of(workspace);
    let mut found = Vec::new();
    for source in workspace.rust() {
        let all = source.text.lines().count();
        if FILE_LINES_MAX < all {
            let what = format!("file of {all} lines; {FILE_LINES_MAX} at most");
            let cure = "split it by idea, one file each";
            found.push(Finding::new(&source.path, FILE_LINES_MAX + 1, what, cure));
        }
        let lines = file_lines(&source);
        let key = file_key(&source);
        if ratchet.limit(&key) < lines {
            let what = format!("file of {lines} lines outside its tests");
            found.push(Finding::new(&source.path, 1, what, ratchet.cure(&key, lines)));
        }
    }
    found
}

/// Entries of the ratchet that say nothing: not readable, of something gone, or within the limit again.
pub fn stale_entries(workspace: &Workspace) -> Vec<Finding> {
    let (ratchet, mut found) = Ratchet::of(workspace);
    let sizes = sizes(workspace);
    for (key, entry) in &ratchet.entries {
        let is_needed = sizes.get(key).is_some_and(|&size| FILE_LINES_AIM < size);
        if !is_needed {
            let what = format!("entry `{key}` is not needed any more");
            found.push(Finding::new(
                RATCHET,
                entry.line,
                what,
                "drop the line, or run the test with UPDATE=1",
            ));
        }
    }
    found
}

/// The ratchet's text with each entry lowered to the present size, or dropped; comments stay.
pub fn lowered(workspace: &Workspace) -> String {
    let sizes = sizes(workspace);
    let mut kept = String::new();
    for line in workspace.file(RATCHET).unwrap_or_default().lines() {
        let Some((key, limit)) = entry(line) else {
            kept.extend([line, "\n"]);
            continue;
        };
        let size = sizes.get(key).copied().unwrap_or(0).min(limit);
        if FILE_LINES_AIM < size {
            kept.extend([key, " ", &size.to_string(), "\n"]);
        }
    }
    kept
}

/// What may be larger than the limits, and how large.
struct Ratchet {
    entries: BTreeMap<String, Entry>,
}

struct Entry {
    line: usize,
    limit: usize,
}

impl Ratchet {
    /// The ratchet of the workspace, and what cannot be read in it.
    fn of(workspace: &Workspace) -> (Ratchet, Vec<Finding>) {
        let (mut entries, mut found) = (BTreeMap::new(), Vec::new());
        for (index, line) in workspace.file(RATCHET).unwrap_or_default().lines().enumerate() {
            if let Some((key, limit)) = entry(line) {
                entries.insert(key.to_string(), Entry { line: index + 1, limit });
            } else if !line.is_empty() && !line.starts_with('#') {
                let cure = "write `file PATH LINES`";
                found.push(Finding::new(RATCHET, index + 1, "not an entry", cure));
            }
        }
        (Ratchet { entries }, found)
    }

    fn limit(&self, key: &str) -> usize {
        self.entries.get(key).map_or(FILE_LINES_AIM, |entry| entry.limit.max(FILE_LINES_AIM))
    }

    fn cure(&self, key: &str, size: usize) -> String {
        let least = FILE_LINES_AIM;
        match self.entries.get(key) {
            Some(entry) => {
                format!("bring it to {} (its entry in {RATCHET}), or better to {least}", entry.limit)
            }
            None => format!("split it to {least}; if whole is clearer, add `{key} {size}` to {RATCHET}"),
        }
    }
}

/// The key and the limit on a line of the ratchet.
fn entry(line: &str) -> Option<(&str, usize)> {
    let (key, limit) = line.trim_end().rsplit_once(' ')?;
    let is_entry = key.starts_with("file ") && key.split(' ').count() == 2;
    limit.parse().ok().filter(|_| is_entry).map(|limit| (key, limit))
}

fn file_key(source: &Source) -> String {
    format!("file {}", source.path)
}

/// Lines outside test modules; all lines of a file that is a test.
fn file_lines(source: &Source) -> usize {
    let all = source.text.lines().count();
    let shipped = source.shipped().count();
    if shipped == 0 { all } else { shipped }
}

/// The present size of every file.
fn sizes(workspace: &Workspace) -> BTreeMap<String, usize> {
    workspace.rust().map(|source| (file_key(&source), file_lines(&source))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "crates/a/src/a.rs";

    fn file(lines: usize) -> String {
        "// line\n".repeat(lines)
    }

    fn check(rule: fn(&Workspace) -> Vec<Finding>, text: &str, ratchet: &str, expected: &[&str]) {
        let found = rule(&Workspace::of(&[(PATH, text), (RATCHET, ratchet)]));
        assert_eq!(found.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_file_has_a_limit_that_an_entry_lifts() {
        check(files, &file(400), "", &[]);
        check(files, &file(401), "", &["file of 401 lines outside its tests"]);
        check(files, &file(401), "file crates/a/src/a.rs 401\n", &[]);
        check(files, &file(402), "file crates/a/src/a.rs 401\n", &["file of 402 lines outside its tests"]);
    }

    #[test]
    fn no_entry_lifts_the_hard_limit() {
        check(files, &file(801), "file crates/a/src/a.rs 900\n", &["file of 801 lines; 800 at most"]);
    }

    #[test]
    fn tests_count_for_the_hard_limit_only() {
        let text = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", file(390), file(100));
        check(files, &text, "", &[]);
    }

    #[test]
    fn entries_that_say_nothing_are_found() {
        let what = "entry `file crates/a/src/a.rs` is not needed any more";
        check(stale_entries, &file(400), "file crates/a/src/a.rs 401\n", &[what]);
        check(stale_entries, &file(401), "file crates/a/src/a.rs 500\n# why\n\n", &[]);
        check(stale_entries, "", "crates/a/src/a.rs 500\n", &["not an entry"]);
    }

    #[test]
    fn updating_only_lowers() {
        let ratchet = "# why\nfile crates/a/src/a.rs 500\nfile crates/a/src/gone.rs 499\n";
        let lower = |lines| lowered(&Workspace::of(&[(PATH, &file(lines)), (RATCHET, ratchet)]));
        assert_eq!(lower(450), "# why\nfile crates/a/src/a.rs 450\n");
        assert_eq!(lower(600), "# why\nfile crates/a/src/a.rs 500\n");
        assert_eq!(lower(100), "# why\n");
    }
}
