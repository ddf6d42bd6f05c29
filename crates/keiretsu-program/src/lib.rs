//! The narrow waist: flat primitives that every contract lowers to and every engine runs.
//!
//! ```
//! use keiretsu_program::{Builder, Month, Tag};
//! let mut program = Builder::new(Month::new(2025, 12), 12);
//! let buyer = program.party();
//! let seller = program.party();
//! let minimum = program.number(5e6);
//! let usage = program.number(3e6);
//! let owed = program.max(usage, minimum);
//! program.flow(owed, buyer, seller, Tag::Service);
//! let program = program.finish();
//! assert_eq!(program.flows.len(), 1);
//! assert!(keiretsu_program::verify(&program).is_ok());
//! ```
//!
//! Invariants: a register reads only earlier registers, so the list is its own order of evaluation;
//! what would read the same month's outcome (cash, payments, defaults) reads the end of last month.
//! Absent: names, spans, sources, contract types. Ids only; a side table of the lowering maps back.

mod builder;
mod cover;
mod factor;
mod flow;
mod month;
mod observations;
mod op;
mod party;
mod program;
mod run;
mod slot;
mod text;
mod verify;
mod wire;

// Words of values that a program is made of.
pub use keiretsu_values::{Distribution, Reading, Tag};

pub use builder::Builder;
pub use cover::{Cover, Outstanding};
pub use factor::{Correlation, Event, Factor, Jump, Occurrence, Process};
pub use flow::{Account, Credits, EstateClaim, Feed, Flow, Issue, PastFlow};
pub use month::Month;
pub use observations::{Observations, Reach, ReadNotes, Series, SharedReach, Unread};
pub use op::{Op, ROUNDING, Reg};
pub use party::{DefaultCosts, Funding, Holding, Party};
pub use program::{
    AccountId, ClaimId, Copula, CoverId, CreditsId, CurveId, EventId, FactorId, FlowId, HoldingId, PartyId,
    Program, SlotId,
};
pub use run::{Change, ExposureSpec, Mode, Overlay, OwnMoney, Paths, Probe, Quantity, RunSpec, Span, Target};
pub use slot::{Possible, Slot};
pub use text::{Labels, disassemble};
pub use verify::{Fault, MONTHS_MAX, verify};
pub use wire::{Sent, WIRE_VERSION, Wire, WireError, fingerprint, from_bytes, to_bytes};
