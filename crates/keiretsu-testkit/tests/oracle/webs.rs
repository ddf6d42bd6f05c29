//! The engine against the oracle on random webs.

use std::fmt::Write;

use keiretsu_program::{CoverId, Observations, Outstanding, Program, Quantity, Reading, RunSpec};
use keiretsu_testkit::oracle::{World, interpret};
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

/// An engine in which the beneficiary of a guarantee loses nothing first.
fn without_cushions(program: &Program, spec: &RunSpec) -> Result<Observations, String> {
    let mut program = program.clone();
    program.covers.iter_mut().for_each(|cover| cover.cushion = None);
    (ORACLE.run)(&program, spec)
}

#[test]
fn a_fault_in_guarantees_is_found_and_shrunk() {
    let plan = Plan { seed: 1, count: 100, paths: 0 };
    let report = run(&plan, &Engine { run: without_cushions, ..ORACLE });
    let failure = report.failures.first().expect("cushions matter");
    assert!(failure.case.program.covers.len() == 1 && failure.case.program.flows.len() <= 3, "{failure}");
}

/// What must hold of every guarantee, whoever is short; and that many webs call on one.
#[test]
fn guarantees_pay_no_more_than_they_promise_and_no_more_than_is_missing() {
    let (mut called, mut at_limit, mut after_default) = (0, 0, 0);
    for seed in 1..=600 {
        let case = generate(seed);
        let world = World::Reading(Reading::Expected);
        let history = interpret(&case.program, world, &case.overlays, &case.groups);
        let read = |quantity, t: usize| history.months[t].read(quantity);
        for (index, cover) in case.program.covers.iter().enumerate() {
            let drawn = |t| read(Quantity::Drawn(CoverId(index as u32)), t);
            let paid = |flow, t| read(Quantity::Payment(flow), t);
            for t in 1..history.months.len() {
                let grows = cover.grows.map_or(1.0, |reg| read(Quantity::Register(reg), t));
                let now = drawn(t) - drawn(t - 1) * grows;
                let tiny = 1e-9 * history.largest;
                assert!(now >= 0.0 && now <= paid(cover.call, t) + tiny, "seed {seed}, month {t}");
                let limit = cover.limit.map_or(f64::INFINITY, |reg| read(Quantity::Register(reg), t));
                let undrawn = limit - drawn(t);
                assert!(now <= 0.0 || undrawn >= -tiny, "seed {seed}, month {t}: {undrawn} left");
                at_limit += u32::from(now > 0.0 && undrawn <= tiny);
                let due: f64 = cover.flows.iter().map(|&flow| read(Quantity::Due(flow), t)).sum();
                let got: f64 = cover.flows.iter().map(|&flow| paid(flow, t)).sum();
                let over = |one: &&Outstanding| {
                    let debtor = case.program.claims[one.claim.at()].debtor;
                    read(Quantity::Defaulted(debtor), t - 1) > 0.5
                };
                let falls = |one: &Outstanding| read(Quantity::Register(one.falls), t).max(0.0);
                let claims: f64 = cover.claims.iter().filter(over).map(falls).sum();
                let ended = claims > 0.0;
                let most = due + claims + tiny;
                assert!(got + now <= most, "seed {seed}, month {t}: {got} + {now} > {due} + {claims}");
                called += u32::from(now > 0.0);
                after_default += u32::from(now > 0.0 && ended);
            }
        }
    }
    assert!(called > 300 && at_limit > 30 && after_default > 100, "{called} {at_limit} {after_default}");
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
