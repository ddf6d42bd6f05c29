//! `cargo run -p keiretsu-testkit -- webs --count 1000 --seed 1 --paths 2`: oracle against engine.

use std::process::ExitCode;

use keiretsu_testkit::webs::{ENGINE, Plan, run};

const USAGE: &str = "usage: keiretsu-testkit webs [--count N] [--seed S] [--paths P]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(plan) = plan(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let report = run(&plan, &ENGINE);
    println!("{} agree, {} redrawn, {} differ", report.agreed, report.redrawn, report.differed);
    for failure in &report.failures {
        println!("\n{failure}");
    }
    if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What is asked for; none if it is not understood.
fn plan(arguments: &[String]) -> Option<Plan> {
    let (command, options) = arguments.split_first()?;
    let mut plan = Plan { seed: 1, count: 1000, paths: 0 };
    for option in options.chunks(2) {
        let [name, value] = option else { return None };
        let value = value.parse().ok()?;
        match name.as_str() {
            "--count" => plan.count = value,
            "--seed" => plan.seed = value,
            "--paths" => plan.paths = value,
            _ => return None,
        }
    }
    (command == "webs").then_some(plan)
}
