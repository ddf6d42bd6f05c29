//! Tests of the server over its sockets: a module for each topic in one test binary.
//! `cargo test -p keiretsu-server --test it MODULE::` runs one topic.

mod asking;
mod editing;
mod events;
mod guarding;
mod harness;
