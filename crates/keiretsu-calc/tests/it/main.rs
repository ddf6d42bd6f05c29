//! Tests of methods on a user's own data: a module for each topic in one binary, so that the crates are
//! linked once. `cargo test -p keiretsu-calc --test it MODULE::` runs one topic.

#![expect(clippy::disallowed_methods, reason = "tests take the platform's functions, not those they check")]

mod captable;
mod cases;
mod choice;
mod clearing;
mod harness;
mod loan;
mod returns;
