//! A folder of text to answers: open a model, see what is wrong with it, ask it for measures, keep tables.
//!
//! ```
//! use keiretsu::{Dates, Project};
//! use keiretsu_measures::Query;
//! use keiretsu_model::MemoryFiles;
//! let files = MemoryFiles::root(
//!     r#"
//! keiretsu = 1
//! title = "A lab buys compute"
//! as_of = 2025-12-31
//! horizon = "3 years"
//! [parties]
//! lab = {}
//! cloud = {}
//! [contracts.compute]
//! type = "supply"
//! buyer = "lab"
//! seller = "cloud"
//! from = "2026-01"
//! minimum = "$360M over 3 years"
//! "#,
//! );
//! let project = Project::of(&files, "keiretsu.toml", Dates::default());
//! assert!(project.found.is_empty());
//! let runner = project.runner().unwrap();
//! for measure in keiretsu_measures::MEASURES {
//!     assert!(runner.measure(*measure, &Query::default(), None).is_ok());
//! }
//! ```
//!
//! Invariants: what is written is written whole or not at all; a model with errors is never run.
//! Absent: finance. What a number means is said in contracts, methods and measures.

mod again;
mod beyond;
mod correlations;
mod diff;
mod distribution;
pub mod examples;
pub mod explain;
mod folder;
pub mod import;
pub mod input;
pub mod keep;
pub mod limits;
pub mod log;
mod place;
mod project;
pub mod report;
mod runner;
mod scenario;
pub mod schema;
pub mod show;
mod trouble;
mod watching;

pub use diff::{Version, diff};
pub use folder::Folder;
pub use place::{Place, Places, boundary};
pub use project::{Dates, Project};
pub use runner::{Question, Run, Runner, Simulation};
pub use trouble::{OpenTrouble, RunTrouble, system_words};
