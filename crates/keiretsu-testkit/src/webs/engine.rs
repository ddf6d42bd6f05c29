//! The engine, as the comparison calls it.

use std::panic::catch_unwind;

use keiretsu_program::{Observations, Program, RunSpec};

use super::compare::Engine;
use crate::oracle::Draws;

/// The engine.
pub const ENGINE: Engine = Engine { run, draws };

/// A panic is a refusal too, so that the web which provokes it is shrunk and printed.
fn run(program: &Program, spec: &RunSpec) -> Result<Observations, String> {
    match catch_unwind(|| keiretsu_engine::run(program, spec, 1)) {
        Ok(result) => result.map_err(|error| format!("{error:?}")),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
            Err(format!("panicked: {}", text.unwrap_or_default()))
        }
    }
}

fn draws(_program: &Program, _spec: &RunSpec) -> Draws {
    Draws::default()
}
