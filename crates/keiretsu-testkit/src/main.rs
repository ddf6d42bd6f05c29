//! `cargo run -p keiretsu-testkit -- webs --count 1000 --seed 1 --paths 2`: oracle against engine;
//! `cargo run -p keiretsu-testkit -- platform-log --count 600 --seed 1`: a synthetic log for `neutrality`.

use std::process::ExitCode;

use keiretsu_testkit::platform_log::Synthetic;
use keiretsu_testkit::webs::{ENGINE, Plan, run};

const USAGE: &str = "usage: keiretsu-testkit webs [--count N] [--seed S] [--paths P]\n       \
                     keiretsu-testkit platform-log [--count N] [--seed S]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, plan)) = plan(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    if command == "platform-log" {
        let situations = u32::try_from(plan.count).unwrap_or(u32::MAX);
        print!("{}", Synthetic { seed: plan.seed, situations, ..Synthetic::default() }.csv());
        return ExitCode::SUCCESS;
    }
    let report = run(&plan, &ENGINE);
    println!("{} agree, {} redrawn, {} differ", report.agreed, report.redrawn, report.differed);
    for failure in &report.failures {
        println!("\n{failure}");
    }
    if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What is asked for; none if it is not understood.
fn plan(arguments: &[String]) -> Option<(&str, Plan)> {
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
    matches!(command.as_str(), "webs" | "platform-log").then_some((command, plan))
}
