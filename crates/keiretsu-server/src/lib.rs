//! A model on disk to a page in the browser: one API over a session, and events whenever the text changes.
//!
//! ```no_run
//! use keiretsu_server::{Settings, start};
//! let server = start(&Settings { model: "examples/three-clouds".into(), ..Settings::default() })?;
//! println!("listening on {}", server.address());
//! server.wait();
//! # Ok::<(), keiretsu_server::StartError>(())
//! ```
//!
//! Invariants: an event carries a revision, its diagnostics and the answers of one text together; where a
//! new text has errors, the last one without them goes on answering. Nothing is served but the model, its
//! answers and the built page: no path of a request reaches the disk. Nothing is written unless the settings
//! say so, and then only files of the model, each whole, and never one that has changed meanwhile.
//! Every job, stream, body and connection has a limit ([`limits`]).
//! Absent: finance, names of the model, all of which the library resolves.

mod answering;
mod app;
mod clients;
mod guard;
mod jobs;
pub mod limits;
mod listening;
mod openapi;
mod refusal;
mod route;
mod routes;
mod running;
mod served;
mod watching;
mod wire;
mod writing;

pub use running::{Server, Settings, StartError, Stopper, start};
