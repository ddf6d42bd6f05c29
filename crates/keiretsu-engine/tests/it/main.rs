//! Tests of the engine: a module for each topic, in one binary.

#![expect(clippy::disallowed_methods, reason = "tests take the platform's functions, not those they check")]

mod in_kind;
mod once;
mod own_money;
mod partial;
mod processes;
mod readings;
mod rich;
mod sameness;
mod worlds;
