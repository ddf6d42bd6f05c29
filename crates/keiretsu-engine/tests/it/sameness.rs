//! The same bits, whatever the threads, the cut of the paths and what else is watched.

use crate::rich;
use keiretsu_engine::{draws, replay, run};
use keiretsu_program::{
    Builder, Factor, Month, Observations, Op, OwnMoney, PartyId, Paths, Probe, Process, Program, Quantity,
    RunSpec, Span, Tag,
};

fn spec(program: &Program, first: u64, count: u64, exact_limit: u64) -> RunSpec {
    let paths = Paths { seed: 11, first, count, exact_limit };
    let mut spec = RunSpec::paths(paths, rich::probes(program));
    // The investor's money, wherever it goes.
    spec.own_money = vec![vec![PartyId(4)]];
    spec
}

fn observe(program: &Program, spec: &RunSpec, threads: usize) -> Observations {
    run(program, spec, threads).expect("the program is sound")
}

/// All bits, so that unknown equals unknown.
fn bits(seen: &Observations) -> Vec<u64> {
    let numbers = |series: &keiretsu_program::Series| {
        let mut all = series.mean.clone();
        all.extend(&series.standard_error);
        all.extend(series.quantiles.iter().chain(&series.tails).flatten());
        all
    };
    seen.series.iter().flat_map(numbers).map(f64::to_bits).collect()
}

#[test]
fn threads_change_nothing() {
    let program = rich::program();
    for limit in [10_000, 100] {
        let spec = spec(&program, 100, 1500, limit);
        let one = observe(&program, &spec, 1);
        let defaults = mean(&one, &spec, Quantity::Defaulted(PartyId(1)));
        assert!(0.05 < defaults && defaults < 0.95, "some of the paths default, not {defaults}");
        for threads in [2, 3, 7] {
            assert_eq!(bits(&one), bits(&observe(&program, &spec, threads)), "{threads} threads");
        }
    }
}

/// The mean of a monthly probe in the last month.
fn mean(seen: &Observations, spec: &RunSpec, quantity: Quantity) -> f64 {
    let at = spec.probes.iter().position(|probe| *probe == Probe { quantity, span: Span::Month });
    *seen.series[at.expect("it is watched")].mean.last().expect("a month")
}

#[test]
fn conventions_of_own_money_do_not_depend_on_threads() {
    let program = rich::program();
    for convention in [OwnMoney::Fifo, OwnMoney::Lifo] {
        let mut spec = spec(&program, 0, 600, 10_000);
        spec.convention = convention;
        assert_eq!(bits(&observe(&program, &spec, 1)), bits(&observe(&program, &spec, 3)));
    }
}

#[test]
fn a_path_is_the_same_in_every_cut_and_in_its_replay() {
    let program = rich::program();
    for path in [0, 255, 256, 700] {
        let alone = spec(&program, path, 1, 10);
        let seen = observe(&program, &alone, 1);
        let replayed = replay(&program, &alone, path).expect("the program is sound");
        for (probe, series) in alone.probes.iter().zip(&seen.series) {
            if probe.span != Span::Month {
                continue;
            }
            for (t, value) in (1..).zip(&series.mean) {
                let again = replayed.get(probe.quantity, t).expect("everything is watched");
                assert_eq!(
                    value.to_bits(),
                    again.to_bits(),
                    "{:?} on path {path} in month {t}",
                    probe.quantity
                );
            }
        }
    }
    // The mean of a range is that of its paths.
    let range = spec(&program, 250, 20, 10_000);
    let seen = observe(&program, &range, 2);
    let quantity = Quantity::Cash(PartyId(2));
    let paths = (250..270).map(|path| replay(&program, &range, path).expect("sound"));
    let sum: f64 = paths.map(|path| path.get(quantity, rich::MONTHS).expect("watched")).sum();
    assert!((mean(&seen, &range, quantity) - sum / 20.0).abs() < 1e-9, "the mean of 20 paths");
}

#[test]
fn what_is_watched_changes_no_path() {
    let program = rich::program();
    let all = spec(&program, 0, 300, 10_000);
    let mut few = all.clone();
    few.probes = vec![Probe { quantity: Quantity::Net(PartyId(2)), span: Span::Month }];
    few.own_money = vec![];
    let at = all.probes.iter().position(|probe| *probe == few.probes[0]).expect("it is watched");
    let (all, few) = (observe(&program, &all, 1), observe(&program, &few, 1));
    assert_eq!(all.series[at], few.series[0]);
}

#[test]
fn a_sketch_is_within_its_error_of_the_exact_quantiles() {
    let program = rich::program();
    let exact = observe(&program, &spec(&program, 0, 2000, 10_000), 1);
    let sketched = observe(&program, &spec(&program, 0, 2000, 10), 2);
    assert_eq!(exact.quantile_error.to_bits(), 0.0_f64.to_bits());
    assert!(0.0 < sketched.quantile_error && sketched.quantile_error <= 0.001);
    for (exact, sketched) in exact.series.iter().zip(&sketched.series) {
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>();
        assert_eq!(bits(&exact.mean), bits(&sketched.mean), "means do not depend on the way");
        assert_eq!(bits(&exact.standard_error), bits(&sketched.standard_error));
        for (exact, sketched) in exact.quantiles.iter().flatten().zip(sketched.quantiles.iter().flatten()) {
            let close = (exact - sketched).abs() <= 0.001 * exact.abs() + 1e-9;
            assert!(close || exact.is_nan() && sketched.is_nan(), "{sketched} beside {exact}");
        }
    }
}

#[test]
fn a_path_that_overflows_is_in_no_figure() {
    let mut program = Builder::new(Month::new(2025, 12), 12);
    let (start, volatility) = (program.constant(1e300), program.constant(3.0));
    let growth = program.curve((0..13).map(|t| if t == 0 { 1.0 } else { 5.0 }).collect());
    let process = Process::Geometric { volatility };
    let wild = program.factor(Factor { start, growth, process });
    let level = program.op(Op::Factor(wild));
    let (a, b, small) = (program.party(), program.party(), program.number(1e-300));
    let rent = program.mul(small, level);
    program.flow(rent, a, b, Tag::Rent);
    let probe = Probe { quantity: Quantity::Net(b), span: Span::Month };
    for exact_limit in [1000, 1] {
        let paths = Paths { seed: 1, first: 0, count: 600, exact_limit };
        let seen = observe(program.program(), &RunSpec::paths(paths, vec![probe]), 1);
        assert!(0 < seen.failed && seen.failed < 600, "{} of 600 failed", seen.failed);
        assert!(bits(&seen).iter().all(|bits| !f64::from_bits(*bits).is_nan()));
        // The first month too has only the paths that last to the end.
        let good = (0..600).filter(|path| {
            !replay(program.program(), &RunSpec::paths(paths, vec![]), *path).expect("sound").failed
        });
        let levels: Vec<f64> = good.map(|path| draws_level(program.program(), paths, path)).collect();
        assert_eq!(levels.len() as u64, 600 - seen.failed);
        let mean = levels.iter().map(|level| 1e-300 * level / levels.len() as f64).sum::<f64>();
        assert!((seen.series[0].mean[0] / mean - 1.0).abs() < 1e-9);
    }
}

/// The level of the only factor in the first month.
fn draws_level(program: &Program, paths: Paths, path: u64) -> f64 {
    let replayed = replay(program, &RunSpec::paths(paths, vec![]), path).expect("sound");
    replayed.get(Quantity::Factor(keiretsu_program::FactorId(0)), 1).expect("watched")
}

#[test]
fn draws_are_those_of_the_run() {
    let program = rich::program();
    let spec = spec(&program, 0, 1, 10);
    let (path, found) = (300, draws(&program, &spec, 300).expect("these are paths"));
    let replayed = replay(&program, &spec, path).expect("sound");
    // The second factor jumps around 1 with volatility 0.25 and growth 1.01.
    let factor = keiretsu_program::FactorId(1);
    let mut level = 1.0;
    for t in 1..=rich::MONTHS {
        let at = t as usize - 1;
        let (e, n, size) = (found.normals[at][1], found.jump_counts[at][1], found.jump_normals[at][1]);
        let jumps = n * (0.7_f64.ln() - 0.02) + n.sqrt() * 0.2 * size;
        let dt = 1.0_f64 / 12.0;
        level *= 1.01 * (-0.0625 * dt / 2.0 + 0.25 * dt.sqrt() * e + 0.8 * 0.3 * dt + jumps).exp();
        let seen = replayed.get(Quantity::Factor(factor), t).expect("watched");
        assert!((seen / level - 1.0).abs() < 1e-12, "month {t}: {seen} beside {level}");
    }
}

#[test]
fn an_exposure_is_the_sum_of_its_parts_until_the_party_fails() {
    let program = rich::program();
    let (lab, flow) = (PartyId(1), keiretsu_program::FlowId(0));
    let holding = Quantity::Holding(keiretsu_program::HoldingId(0));
    let exposure = |parts, less| keiretsu_program::ExposureSpec { parts, less, debtor: lab };
    let exposures = vec![
        exposure(vec![holding, Quantity::Due(flow)], vec![]),
        exposure(vec![holding], vec![Quantity::Due(flow)]),
    ];
    let watched = [Quantity::Exposure(0), Quantity::ExposureAtDefault(0), Quantity::Exposure(1)];
    let same = |a: [f64; 3], b: [f64; 3]| a.map(f64::to_bits) == b.map(f64::to_bits);
    let mut failures = 0;
    for path in 0..40 {
        let paths = Paths { seed: 11, first: path, count: 1, exact_limit: 10 };
        let probes = watched.map(|quantity| Probe { quantity, span: Span::Month }).to_vec();
        let spec =
            RunSpec { exposures: exposures.clone(), tails: vec![0.95], ..RunSpec::paths(paths, probes) };
        let seen = observe(&program, &spec, 1);
        let alone = replay(&program, &RunSpec::paths(paths, vec![]), path).expect("the program is sound");
        let mut gone = false;
        for t in 1..=program.months {
            let [sum, lost, net] = [0, 1, 2].map(|at: usize| seen.series[at].mean[t as usize - 1]);
            let read = |quantity| alone.get(quantity, t).expect("it is watched");
            let (held, due) = (read(holding), read(Quantity::Due(flow)));
            let fails = read(Quantity::Defaulted(lab)) > 0.5;
            if gone {
                assert!(same([sum, lost, net], [0.0; 3]), "path {path}, month {t}");
            } else if fails {
                // What was held is worth nothing after the failure, and was lost in it.
                assert!(lost.to_bits() == sum.to_bits() && due < sum, "path {path}, month {t}");
                failures += 1;
            } else {
                let wanted = [held + due, 0.0, (held - due).max(0.0)];
                assert!(same([sum, lost, net], wanted), "path {path}, month {t}");
            }
            // The tail of one path is that path, to rounding.
            let tail = seen.series[0].tails[0][t as usize - 1];
            assert!((tail - sum).abs() <= 1e-12 * sum, "path {path}, month {t}");
            gone |= fails;
        }
    }
    assert!(failures > 3, "some paths fail: {failures}");
}
