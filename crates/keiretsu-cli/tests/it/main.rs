//! Tests of the binary: a module for each topic in one test binary, so that the crates are linked once.
//! `cargo test -p keiretsu-cli --test it MODULE::` runs one topic.

#![expect(clippy::disallowed_methods, reason = "tests take the platform's functions, not those they check")]

mod bad_input;
mod calc;
mod circularity;
mod commands;
mod debtrank;
mod diff;
mod harness;
mod import;
mod import_whole;
mod output;
mod reverse;
mod screens;
mod sensitivity;
mod serve;
