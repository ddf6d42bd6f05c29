//! Tests of the numbers: a module for each topic, in one binary.

#![expect(clippy::disallowed_methods, reason = "tests take the platform's functions, not those they check")]

mod accuracy;
mod bits;
#[path = "../../../keiretsu-testkit/src/cases.rs"]
mod cases;
mod distributions;
mod draws;
mod philox;
mod quantiles;
