//! Tests of the library: a module for each topic in one binary, so that the crates are linked once.
//! `cargo test -p keiretsu --test it MODULE::` runs one topic.

#![expect(clippy::disallowed_methods, reason = "tests take the platform's functions, not those they check")]

mod ai_web;
mod asked;
mod cash;
mod changes;
mod circularity;
mod commitments;
mod credit_web;
mod declared;
mod explain;
mod failure;
mod fuzz;
mod hostile;
mod import_random;
mod import_rows;
mod inclusion;
mod measured;
mod measured_losses;
mod messages;
mod neutrality;
mod one_reading;
mod report;
mod schema;
mod session;
mod stated;
mod unsaid;
