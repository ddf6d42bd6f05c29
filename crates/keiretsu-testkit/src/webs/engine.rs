//! The engine, as the comparison calls it.

use std::panic::catch_unwind;

use keiretsu_program::{Mode, Observations, Program, RunSpec};

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

fn draws(program: &Program, spec: &RunSpec) -> Draws {
    let Mode::Paths(paths) = spec.mode else { return Draws::default() };
    let draws = keiretsu_engine::draws(program, spec, paths.first).expect("a range of paths");
    // The engine sums the logarithms of `n` jumps with one normal: as if each had it over the root of `n`.
    let each = |(&count, &normal): (&f64, &f64)| vec![normal / count.sqrt(); count as usize];
    let month = |(counts, normals): (&Vec<f64>, &Vec<f64>)| counts.iter().zip(normals).map(each).collect();
    let jumps = draws.jump_counts.iter().zip(&draws.jump_normals).map(month).collect();
    Draws { slots: draws.slots, normals: draws.normals, jumps, uniforms: draws.events }
}
