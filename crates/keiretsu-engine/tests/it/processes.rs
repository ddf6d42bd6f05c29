//! Processes and events against their closed forms.

use keiretsu_engine::{RunError, run, run_watched};
use keiretsu_program::{
    Builder, Change, Copula, Distribution, Event, Factor, FactorId, Jump, Month, Observations, Occurrence,
    Op, Overlay, Paths, Probe, Process, Quantity, RunSpec, Slot, Span, Target,
};
use std::sync::atomic::{AtomicU32, Ordering};

/// Standard errors that a right figure stays within; of the few dozen asked here none is expected beyond.
const Z_MAX: f64 = 4.5;
const PATHS: u64 = 40_000;
const MONTHS: u32 = 24;

fn builder() -> Builder {
    Builder::new(Month::new(2025, 12), MONTHS)
}

fn factor(program: &mut Builder, start: f64, growth: f64, process: Process) -> FactorId {
    let (start, growth) = (program.constant(start), growth.powf(1.0 / 12.0));
    let growth = program.curve((0..=MONTHS).map(|t| if t == 0 { 1.0 } else { growth }).collect());
    program.factor(Factor { start, growth, process })
}

fn simulate(program: &Builder, quantities: &[Quantity]) -> Observations {
    let probes = quantities.iter().map(|quantity| Probe { quantity: *quantity, span: Span::Month }).collect();
    let paths = Paths { seed: 42, first: 0, count: PATHS, exact_limit: PATHS };
    run(program.program(), &RunSpec::paths(paths, probes), 2).expect("the program is sound")
}

/// The mean of a series in its last month.
fn check(seen: &Observations, at: usize, expected: f64) {
    let (mean, error) = (seen.series[at].mean.last(), seen.series[at].standard_error.last());
    let z = (mean.expect("a month") - expected) / error.expect("a month");
    assert!(z.abs() < Z_MAX, "series {at}: {mean:?} is {z:.1} standard errors from {expected}");
}

/// A register with the square of another.
fn square(program: &mut Builder, factor: FactorId) -> [Quantity; 2] {
    let level = program.op(Op::Factor(factor));
    [Quantity::Register(level), Quantity::Register(program.mul(level, level))]
}

#[test]
fn geometric_factors_have_their_moments() {
    let mut program = builder();
    let volatility = program.constant(0.3);
    let growth = factor(&mut program, 5.0, 1.1, Process::Geometric { volatility });
    let watched = square(&mut program, growth);
    let seen = simulate(&program, &watched);
    let mean: f64 = 5.0 * 1.21;
    check(&seen, 0, mean);
    check(&seen, 1, mean * mean * (0.09_f64 * 2.0).exp());
    // The median of a log-normal lies below its mean.
    let median = seen.series[0].quantiles[2].last().expect("a month");
    assert!((median / (mean * (-0.09_f64).exp()) - 1.0).abs() < 0.01, "median {median}");
}

#[test]
fn reverting_factors_keep_their_central_path() {
    let mut program = builder();
    let (volatility, half_life) = (program.constant(0.4), program.constant(0.5));
    let price = factor(&mut program, 2.0, 0.9, Process::MeanReverting { volatility, half_life });
    let watched = square(&mut program, price);
    let seen = simulate(&program, &watched);
    let k = std::f64::consts::LN_2 / 0.5;
    let variance = 0.16 * (1.0 - (-4.0 * k).exp()) / (2.0 * k);
    check(&seen, 0, 2.0 * 0.81);
    check(&seen, 1, (2.0 * 0.81_f64).powi(2) * variance.exp());
}

#[test]
fn jumps_do_not_move_the_mean() {
    let mut program = builder();
    let (volatility, rate) = (program.constant(0.2), program.constant(1.5));
    let (mean, spread) = (program.constant(-0.2), program.constant(0.3));
    let jump = Jump { rate, mean, spread };
    let index = factor(&mut program, 1.0, 1.05, Process::Jump { volatility, jump });
    let watched = square(&mut program, index);
    let seen = simulate(&program, &watched);
    check(&seen, 0, 1.05 * 1.05);
    // E[J^2] = (1 + m)^2 exp(d^2); the second moment grows by s^2 + rate (E[J^2] - 1 - 2 m).
    let second = 0.64 * 0.09_f64.exp();
    let growth = 0.04 + 1.5 * (second - 1.0 + 0.4);
    check(&seen, 1, 1.05_f64.powi(4) * (growth * 2.0).exp());
}

#[test]
fn drawn_parameters_have_their_distribution() {
    let mut program = builder();
    let mut drawn = |sampled| {
        let slot = program.slot(Slot { sampled, ..Slot::constant(1.0) });
        program.read(slot)
    };
    let (a, b) = (
        drawn(Distribution::Lognormal { mu: 0.5, sigma: 0.4 }),
        drawn(Distribution::Uniform { low: -1.0, high: 3.0 }),
    );
    let seen = simulate(&program, &[Quantity::Register(a), Quantity::Register(b)]);
    check(&seen, 0, (0.5 + 0.08_f64).exp());
    check(&seen, 1, 1.0);
    let quartile = seen.series[1].quantiles[1].last().expect("a month");
    assert!(quartile.abs() < 0.05, "the first quartile of [-1, 3] is 0, not {quartile}");
}

#[test]
fn events_happen_with_their_chance() {
    let mut program = builder();
    let chance = program.constant(0.3);
    let (shuts, reopens) = (program.constant(0.5), program.constant(0.8));
    let once = program.event(Event { occurrence: Occurrence::Once { chance, by: 12 } });
    let market = Occurrence::TwoState { now: true, shuts, reopens };
    let market = program.event(Event { occurrence: market });
    let watched = [once, market].map(|event| Quantity::Register(program.op(Op::Event(event))));
    let seen = simulate(&program, &watched);
    check(&seen, 0, 1.0 - 0.7_f64.powi(2));
    let (shuts, reopens) = (1.0 - 0.5_f64.powf(1.0 / 12.0), 1.0 - 0.2_f64.powf(1.0 / 12.0));
    let stands = (0..MONTHS).fold(1.0, |p, _| p * (1.0 - shuts) + (1.0 - p) * reopens);
    check(&seen, 1, stands);
    let year = seen.series[0].mean[11];
    assert!((year - 0.3).abs() < 0.012, "0.3 by month 12, not {year}");
}

#[test]
fn first_passage_is_latched() {
    let mut program = builder();
    let volatility = program.constant(0.3);
    let index = factor(&mut program, 1.0, 1.0, Process::Geometric { volatility });
    let (level, barrier) = (program.op(Op::Factor(index)), program.number(1.2));
    let when = program.op(Op::AtLeast(level, barrier));
    let met = program.op(Op::Latch { when, lapse: u32::MAX });
    let seen = simulate(&program, &[Quantity::Register(when), Quantity::Register(met)]);
    // Reflection principle with the monthly barrier moved out by 0.5826 s sqrt(dt) (Broadie, Glasserman and
    // Kou 1997), in log terms with drift -s^2/2; good to about 0.002.
    let s = 0.3_f64;
    let b = 1.2_f64.ln() + 0.5826 * s * (1.0_f64 / 12.0).sqrt();
    let (m, root) = (-s * s / 2.0 * 2.0, s * 2.0_f64.sqrt());
    let phi = keiretsu_maths::normal::normal_cdf;
    let chance = phi((m - b) / root) + (-b).exp() * phi((-b - m) / root);
    let last = MONTHS as usize - 1;
    let (now, ever) = (seen.series[0].mean[last], seen.series[1].mean[last]);
    assert!(now < ever && (ever - chance).abs() < 0.01, "{ever} beside {chance}");
    assert!(seen.series[1].mean.is_sorted(), "a latch never opens again");
}

#[test]
fn correlations_are_those_asked_for_under_both_copulas() {
    for copula in [Copula::Gaussian, Copula::StudentT { freedom: 4.0 }] {
        let mut program = builder();
        program.copula(copula);
        let volatility = program.constant(0.2);
        let pair = [0, 1].map(|_| factor(&mut program, 1.0, 1.0, Process::Geometric { volatility }));
        program.correlate(pair[1], pair[0], 0.7);
        let (a, b) = (program.op(Op::Factor(pair[0])), program.op(Op::Factor(pair[1])));
        let product = program.mul(a, b);
        let spec = Paths { seed: 3, first: 0, count: 20_000, exact_limit: PATHS };
        let probes =
            [a, b, product].map(|reg| Probe { quantity: Quantity::Register(reg), span: Span::Month });
        let seen = run(program.program(), &RunSpec::paths(spec, probes.to_vec()), 1).expect("sound");
        check(&seen, 0, 1.0);
        let (mean, error) = (seen.series[2].mean[0], seen.series[2].standard_error[0]);
        // Of t normals brought back to normal margins the correlation is a little less than 0.7.
        let exact = (0.7 * 0.04 / 12.0_f64).exp();
        let slack = if copula == Copula::Gaussian { 0.0 } else { 0.0003 };
        assert!((mean - exact).abs() < Z_MAX * error + slack, "{copula:?}: {mean} beside {exact}");
    }
}

#[test]
fn senseless_parameters_are_refused() {
    let mut program = builder();
    let (volatility, half_life) = (program.constant(0.2), program.constant(0.5));
    let process = Process::MeanReverting { volatility, half_life };
    let bad = factor(&mut program, 1.0, 1.0, process);
    let spec = RunSpec::paths(Paths { seed: 1, first: 0, count: 10, exact_limit: 10 }, vec![]);
    let mut shifted = spec.clone();
    let (target, change) = (Target::Slot(half_life), Change::Shift(-0.5));
    shifted.overlays.push(Overlay { target, change, from: 0, until: 0 });
    let refused = run(program.program(), &shifted, 1);
    assert_eq!(refused, Err(RunError::Parameter { factor: bad, slot: half_life, value: 0.0 }));

    let mut program = builder();
    let volatility = program.constant(0.2);
    let three = [0, 1, 2].map(|_| factor(&mut program, 1.0, 1.0, Process::Geometric { volatility }));
    for (a, b, rho) in [(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)] {
        program.correlate(three[a], three[b], rho);
    }
    let refused = run(program.program(), &spec, 1);
    assert!(matches!(refused, Err(RunError::Correlation { nearest }) if nearest.len() == 9));
    let none = RunSpec::paths(Paths { seed: 1, first: 0, count: 0, exact_limit: 10 }, vec![]);
    assert_eq!(run(builder().program(), &none, 1), Err(RunError::PathCount { count: 0 }));
}

#[test]
fn a_watched_run_has_the_same_bits_and_can_be_stopped() {
    let mut program = builder();
    let volatility = program.constant(0.3);
    let level = factor(&mut program, 100.0, 1.0, Process::Geometric { volatility });
    let probes = vec![Probe { quantity: Quantity::Factor(level), span: Span::Month }];
    // Exact, and sketched, and no simulation.
    let paths = [PATHS, 100].map(|exact_limit| Paths { seed: 1, first: 0, count: PATHS, exact_limit });
    let [exact, sketched] = paths.map(|paths| RunSpec::paths(paths, probes.clone()));
    let reading = RunSpec::reading(keiretsu_program::Reading::Expected, probes);
    for spec in [exact, sketched, reading] {
        for threads in [1, 2] {
            let last = AtomicU32::new(0);
            let sees = |done: u32, total: u32| {
                assert!(done <= total, "{done} of {total}");
                last.fetch_max(if done == total { u32::MAX } else { done }, Ordering::Relaxed);
                true
            };
            let watched = run_watched(program.program(), &spec, threads, &sees);
            assert_eq!(watched, run(program.program(), &spec, threads));
            assert_eq!(last.into_inner(), u32::MAX, "the end is told");
            let stops = |done: u32, total: u32| done < total / 2;
            let stopped = run_watched(program.program(), &spec, threads, &stops);
            assert_eq!(stopped, Err(RunError::Interrupted));
            let at_the_end = |done: u32, total: u32| done < total;
            let stopped = run_watched(program.program(), &spec, threads, &at_the_end);
            assert_eq!(stopped, Err(RunError::Interrupted));
        }
    }
}
