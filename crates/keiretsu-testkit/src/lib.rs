//! Development only: what keeps the project true to its own pages.
//!
//! ```
//! use keiretsu_testkit::tidy::{Workspace, sizes};
//! let long = format!("//! Long.\n{}", "// line\n".repeat(900));
//! let workspace = Workspace::of(&[("crates/a/src/long.rs", &long)]);
//! let found = sizes::files(&workspace);
//! assert!(found[0].to_string().starts_with("crates/a/src/long.rs:801: file of 901 lines"));
//! ```
//!
//! Invariant: nothing here is used by a crate that ships; the checks are ordinary tests (`tests/tidy.rs`,
//! `tests/manual.rs`).
//! Absent: tests of behaviour. Those live beside the code they test.

pub mod cases;
pub mod found;
pub mod literate;
pub mod oracle;
pub mod platform_log;
pub mod second;
pub mod tidy;
pub mod webs;
