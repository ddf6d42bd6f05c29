//! Turns the name of a reference case into its text.
//!
//! ```
//! assert!(keiretsu_testkit::cases::read("actus/actus-tests-pam.json").contains("pam01"));
//! ```
//!
//! The only place that knows where the cases lie. Their origins and licences stand in `cases/README.md`.
//! Crates below the testkit take this file by its path, so that their tests build nothing above them:
//! `#[path = "../../../keiretsu-testkit/src/cases.rs"]`.
//!
//! Invariant: a case that is not there fails the test that asks for it; no test passes by not running.
//! Absent: reading the text as JSON or CSV, which the tests do.

use std::path::{Path, PathBuf};

/// The text of a file of `crates/keiretsu-testkit/cases`, such as `xirr.json`.
pub fn read(name: &str) -> String {
    let path = folder().join(name);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("no reference case {name} at {}: {error}", path.display()))
}

/// The folder of the cases; all crates are siblings of the testkit.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../keiretsu-testkit/cases")
}
