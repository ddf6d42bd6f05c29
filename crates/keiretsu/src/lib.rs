//! A web of contracts as text to answers: a session owns a model, a question is asked of it in names and
//! words, an answer is typed tables.
//!
//! ```
//! use keiretsu::{Control, Question, Session};
//! // A session: the model, with everything that is wrong with it.
//! let session = Session::of_text(
//!     r#"
//! keiretsu = 1
//! title = "A lab buys compute"
//! as_of = 2025-12-31
//! horizon = "3 years"
//! [parties]
//! lab = { name = "The lab" }
//! cloud = { name = "The cloud" }
//! [contracts.compute]
//! type = "supply"
//! buyer = "lab"
//! seller = "cloud"
//! from = "2026-01"
//! minimum = "$360M over 3 years"
//! because = "an example"
//! "#,
//! );
//! assert!(session.diagnostics().is_empty());
//!
//! // A question, in the names of the model. Faces send the same as JSON.
//! let question = Question { reading: Some("firm".into()), ..Question::of("commitments", ["lab"]) };
//! let answer = session.ask(&question, &Control::default())?;
//! let keys = [("payer", "lab"), ("payee", "cloud")];
//! let total = answer.number(("commitments", "pairs"), &keys, "total").unwrap();
//! assert_eq!(total.amount(), Some(360e6));
//!
//! // The same question where a statement has other words.
//! let changed = question.with("compute.minimum", "more than $400M over 3 years");
//! let answer = session.ask(&changed, &Control::default())?;
//! let total = answer.number(("commitments", "pairs"), &keys, "total").unwrap();
//! assert_eq!(total.bound(), Some(keiretsu::values::Bound::AtLeast));
//! # Ok::<(), keiretsu::AskError>(())
//! ```
//!
//! A session is cheap to clone, and threads may share it; each question has its own [`Control`] for progress
//! and cancellation. Runs made for one question are kept for the next.
//!
//! Invariants: files are written whole or not at all; a model with errors is never run. Absent: finance,
//! which is in contracts, methods and measures.

mod answer;
mod asks;
mod beyond;
mod cache;
mod changed;
mod control;
mod correlations;
mod diff;
mod distribution;
mod error;
pub mod examples;
pub mod expect;
mod explain;
pub mod findings;
mod folder;
pub mod glossary;
pub mod import;
pub mod input;
mod lazy_runs;
pub mod limits;
mod measure_runs;
pub mod outline;
pub mod output;
mod page;
mod partial;
pub mod platform_log;
mod position;
mod question;
mod reading;
mod report;
mod request;
mod resolved;
mod runner;
mod scenario;
pub mod schema;
mod session;
pub mod show;
mod watching;

pub use answer::{Answer, AnswerPart};
pub use asks::listed_measures;
pub use control::{Control, Progress};
pub use diff::diff;
pub use error::{AskError, OpenError, system_words};
pub use folder::Folder;
pub use jiff::civil::Date as Day;
pub use keiretsu_engine::PATHS_MAX;
pub use page::page;
pub use partial::Partial;
pub use position::{Position, Positions, boundary};
pub use question::{PathsRequest, Question, StatementChange};
pub use reading::Dates;
pub use resolved::day;
pub use session::Session;

// Every type that the signatures above name.
pub use keiretsu_engine::MergeError;
pub use keiretsu_measures as measures;
pub use keiretsu_model as model;
pub use keiretsu_program as program;
pub use keiretsu_values as values;
