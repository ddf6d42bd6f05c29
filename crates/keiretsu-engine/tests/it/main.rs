//! Tests of the engine: a module for each topic, in one binary.

mod in_kind;
mod own_money;
mod processes;
mod readings;
mod rich;
mod sameness;
