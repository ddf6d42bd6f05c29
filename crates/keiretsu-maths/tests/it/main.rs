//! Tests of the numbers: a module for each topic, in one binary.

mod accuracy;
mod bits;
#[path = "../../../keiretsu-testkit/src/cases.rs"]
mod cases;
mod distributions;
mod draws;
mod philox;
mod quantiles;
