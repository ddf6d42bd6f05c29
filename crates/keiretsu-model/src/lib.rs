//! Text to model: TOML with positions, figures in words, conditions and formulas, claims of several sources.
//!
//! ```
//! use keiretsu_model::{MemoryFiles, Options, open};
//! let files = MemoryFiles::root(
//!     r#"
//! keiretsu = 1
//! title = "Two parties"
//! as_of = 2026-01-01
//! [parties]
//! lab = { name = "Lab" }
//! "#,
//! );
//! let opened = open(&files, "keiretsu.toml", &Options::new(&[]));
//! assert!(opened.diagnostics.is_empty());
//! assert_eq!(opened.model.parties.len(), 2, "`outside` is always a party");
//! ```
//!
//! Invariants: a model without errors has every name bound and every unit checked; it is immutable.
//! Absent: simulation, what a contract type means, I/O beyond the [`Files`] trait.

mod alternatives;
mod bindings;
mod changed;
mod circles;
mod conflict;
mod content;
mod contract;
mod currency;
pub mod date;
mod diagnostic;
mod document;
pub mod edit;
mod expectation;
mod factor;
pub mod figure;
pub mod files;
pub mod formula;
mod head;
mod holdings;
pub mod lexer;
pub mod limits;
mod loops;
mod members;
mod model;
mod names;
mod open;
mod parser;
mod party;
mod range;
mod reader;
pub mod record;
mod report;
mod scenario;
mod settled;
mod share;
mod source;
mod span;
pub mod spec;
mod spreads;
mod statements;
mod syndicate;
mod tables;
mod trade;
mod tree;
mod units;
mod watched;
mod web;

pub use keiretsu_values::suggest;

pub use alternatives::{ALTERNATIVE_TERMS, Alternative};
pub use changed::{TextChange, changes, mixed};
pub use conflict::{CONFLICTS, kind as conflict_kind};
pub use contract::{Contract, ContractPart, Standing, Version};
pub use date::When;
pub use diagnostic::{Diagnostic, Severity, has_errors};
pub use document::{Document, SourceFile};
pub use expectation::{EXPECTATION_TERMS, Expectation};
pub use factor::{Chance, Correlation, EVENT_TERMS, Event, FACTOR_TERMS, Factor, Process};
pub use files::{FileError, Files, MemoryFiles};
pub use members::{Member, Portion};
pub use model::{Assumption, Model};
pub use names::{ContractRef, EventRef, FactorRef, Kind, PartyRef, RESERVED, SourceRef};
pub use open::{Opened, Options, fingerprint, open, open_document};
pub use parser::FUNCTIONS;
pub use party::{DEFAULT_TERMS, Funding, PARTY_TERMS, Party, ROLES};
pub use range::Range;
pub use report::{REPORT_TERMS, REPORTED, Report};
pub use scenario::{How, SCENARIO_TERMS, Scenario, ScenarioChange, Target};
pub use share::{PartyShare, RoleShare, StatedShare};
pub use source::{SOURCE_TERMS, Source, TIERS};
pub use span::{FileId, Span};
pub use spec::{ContractSpec, Sharing, Term, TermKind};
pub use tables::{ModelTable, TABLES};
pub use watched::{Taken, Watched};
pub use web::{HOLDING_TERMS, Holding, PLATFORM_TERMS, PRODUCT_TERMS, Platform, Product};
