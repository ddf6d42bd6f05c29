//! The engine against the oracle on random webs.

use std::fmt::Write;

use keiretsu_program::{Observations, Program, RunSpec};
use keiretsu_testkit::webs::{ENGINE, Engine, ORACLE, Plan, generate, run};

#[test]
fn a_web_is_a_function_of_its_seed() {
    let text = |seed| format!("{:?}", generate(seed));
    assert_eq!(text(7), text(7));
    assert_ne!(text(7), text(8));
}

/// An engine that takes all debts for equal.
fn without_ranks(program: &Program, spec: &RunSpec) -> Result<Observations, String> {
    let mut program = program.clone();
    program.flows.iter_mut().for_each(|flow| flow.rank = 1);
    (ORACLE.run)(&program, spec)
}

#[test]
fn a_planted_fault_is_found_and_shrunk() {
    let plan = Plan { seed: 1, count: 60, paths: 0 };
    let report = run(&plan, &Engine { run: without_ranks, ..ORACLE });
    let failure = report.failures.iter().find(|failure| failure.kind == "Payment").expect("ranks matter");
    let program = &failure.case.program;
    assert!(program.flows.len() <= 3 && program.months == 1, "{failure}");
    assert!(failure.to_string().contains("rank 2"), "{failure}");
}

#[track_caller]
fn agrees(plan: &Plan) {
    let report = run(plan, &ENGINE);
    let mut shown = String::new();
    for failure in &report.failures {
        write!(shown, "\n{failure}").expect("text takes all");
    }
    assert_eq!(report.differed, 0, "{shown}");
    assert!(report.redrawn < report.agreed / 3, "{} redrawn, {} agree", report.redrawn, report.agreed);
}

#[test]
fn engine_and_oracle_agree_in_every_reading() {
    agrees(&Plan { seed: 1, count: 2000, paths: 0 });
}

/// Fewer webs: for one path the engine draws the random numbers of a whole block.
#[test]
fn engine_and_oracle_agree_path_by_path() {
    agrees(&Plan { seed: 1_000_000, count: 250, paths: 1 });
}
