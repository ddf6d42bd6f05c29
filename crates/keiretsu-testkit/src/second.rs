//! A second reading of model texts: random texts from a seed, and a plain interpreter of what they owe.
//!
//! ```
//! use keiretsu_testkit::second::answers::answers;
//! let text = r#"
//! as_of = 2025-12-31
//! horizon = "2 years"
//! [contracts.s]
//! type = "supply"
//! buyer = "a"
//! seller = "b"
//! from = "2026-01"
//! until = "2026-12"
//! minimum = "$5M per quarter"
//! "#;
//! let cells = answers(text).expect("a text that it can read");
//! assert_eq!(cells["cash|b|firm|2026-03|service"].read, Some(5e6));
//! ```
//!
//! The oracle reads programs; nobody else reads texts twice. This reads TOML, figures, dates and
//! conditions by itself and uses nothing of the crates that ship but random words (decision 0019).
//! `tests/second.rs` sets the two side by side.
//!
//! Invariant: written from the definitions and the manual, never from the code that it is compared with.
//! Absent: failure, clearing, paths; whatever the generator does not write.

pub mod answers;
pub mod calendar;
mod capex;
pub mod compare;
mod condition;
mod contingent;
mod convertible;
mod credits;
mod dice;
pub mod dues;
mod equity;
pub mod figure;
pub mod generate;
mod lease;
mod loan;
mod ramp;
pub mod script;
pub mod set;
mod sharing;
pub mod shrink;
mod supply;
mod web;
pub mod world;
