//! The benchmark of record, M1: a Monte Carlo of a contract web, as an ordinary program. What the web
//! is, `crates/keiretsu-testkit/benches/peers/README.md` says.
//!
//! `cargo bench -p keiretsu-engine --bench m1 -- [PATHS] [THREADS] [RUNS] [VARIANT]`, where the
//! variant is one of plain, text, copula, clearing, own and reading.
//!
//! Prints one line of JSON a run, then the checks: means of contracts against their closed form, and
//! quantiles against `m1_reference.json`.

#![expect(clippy::disallowed_methods, reason = "closed forms take the platform's functions")]

#[path = "../../keiretsu-testkit/src/cases.rs"]
mod cases;

use std::time::Instant;

use keiretsu_engine::run;
use keiretsu_program::{
    Builder, Copula, Factor, FactorId, FlowId, Funding, Month, Observations, Op, PartyId, Paths, Probe,
    Process, Program, Quantity, Reg, RunSpec, Slot, Span, Tag,
};

const MONTHS: u32 = 120;
const DRIVERS: usize = 20;
const CONTRACTS: usize = 50;
const TRANCHES: usize = 6;
const PARTIES: usize = 12;
const DT: f64 = 1.0 / 12.0;

/// What beside the plain web is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Variant {
    Plain,
    /// The plain web in the registers that the text of a model lowers to.
    Text,
    Clearing,
    Own,
    /// The plain web under a Student t copula.
    Copula,
}

fn main() {
    let args: Vec<String> = std::env::args().filter(|arg| arg != "--bench").collect();
    let number = |at: usize, other: u64| args.get(at).and_then(|arg| arg.parse().ok()).unwrap_or(other);
    let (paths, threads, runs) = (number(1, 10_000), number(2, 1) as usize, number(3, 3));
    let variant = match args.get(4).map(String::as_str) {
        Some("text") => Variant::Text,
        Some("clearing") => Variant::Clearing,
        Some("copula") => Variant::Copula,
        Some("own") => Variant::Own,
        _ => Variant::Plain,
    };
    if args.get(4).is_some_and(|arg| arg == "reading") {
        time_readings();
        return;
    }
    let (program, contracts) = web(variant);
    let mut quantiles = vec![];
    for number in 0..runs {
        let seen = timed(&program, variant, paths, threads, 1000 + number);
        quantiles.push(seen);
    }
    if matches!(variant, Variant::Plain | Variant::Text) {
        compare(&quantiles, paths);
    }
    if variant == Variant::Plain {
        check_means(&program, &contracts);
    }
}

fn drift(d: usize) -> f64 {
    0.05 - 0.002 * d as f64
}

fn volatility(d: usize) -> f64 {
    0.10 + 0.02 * d as f64
}

fn correlation(i: usize, j: usize) -> f64 {
    0.3 + 0.7 * (-(i.abs_diff(j) as f64) / 5.0).exp()
}

/// Usage driver, price driver, usage times rate, minimum.
fn contract(k: usize) -> (usize, usize, f64, f64, f64) {
    let (usage, rate) = (1.0 + 0.1 * (k % 7) as f64, 2.0 + 0.25 * (k % 5) as f64);
    (10 + (7 * k) % 10, k % 10, usage, rate, 0.9 * usage * rate)
}

/// The web of the specification; party `p` of it is party `p + 1` of the program.
fn web(variant: Variant) -> (Program, Vec<FlowId>) {
    let mut program = Builder::new(Month::new(2025, 12), MONTHS);
    let parties: Vec<PartyId> = (0..PARTIES).map(|_| program.party()).collect();
    let factors: Vec<FactorId> = (0..DRIVERS).map(|d| driver(&mut program, d)).collect();
    for i in 0..DRIVERS {
        (0..i).for_each(|j| program.correlate(factors[j], factors[i], correlation(i, j)));
    }
    let contracts = (0..CONTRACTS).map(|k| {
        let (u, p, usage, rate, minimum) = contract(k);
        let payer = k % PARTIES;
        let payee = (5 * k + 3) % PARTIES;
        let payee = if payee == payer { (payer + 1) % PARTIES } else { payee };
        if variant == Variant::Text {
            let owed = as_lowered(&mut program, (factors[u], factors[p]), usage * rate, minimum);
            return program.flow(owed, parties[payer], parties[payee], Tag::Service);
        }
        let (usage, rate, minimum) = (program.number(usage), program.number(rate), program.number(minimum));
        let (x, y) = (program.op(Op::Factor(factors[u])), program.op(Op::Factor(factors[p])));
        let (usage, rate) = (program.mul(usage, x), program.mul(rate, y));
        let metered = program.mul(usage, rate);
        let owed = program.max(minimum, metered);
        program.flow(owed, parties[payer], parties[payee], Tag::Service)
    });
    let contracts = contracts.collect();
    for j in 0..TRANCHES {
        let (level, barrier) =
            (program.op(Op::Factor(factors[3 * j])), program.number(1.10 + 0.05 * j as f64));
        let when = program.op(Op::AtLeast(level, barrier));
        let met = program.op(Op::Latch { when, lapse: u32::MAX });
        let (paid, amount) = (program.op(Op::Rise(met)), program.number(50.0 + 10.0 * j as f64));
        let paid = if variant == Variant::Text {
            let held = program.curve_of(|t| f64::from(u8::from(t > 0)));
            program.mul(paid, held)
        } else {
            paid
        };
        let paid = program.mul(amount, paid);
        program.flow(paid, parties[j], parties[11 - j], Tag::Equity);
    }
    if variant == Variant::Copula {
        program.copula(Copula::StudentT { freedom: 4.0 });
    }
    if matches!(variant, Variant::Clearing | Variant::Own) {
        for party in &parties {
            let cash = program.constant(100.0);
            program.party_mut(*party).cash = Some(cash);
        }
    }
    if variant == Variant::Clearing {
        let price = program.number(500.0);
        for party in &parties {
            program.party_mut(*party).funding = Some(Funding {
                keep: 1.0,
                raise: 6.0,
                price: (party.0 % 2 == 0).then_some(price),
                most: None,
                market: None,
                default: true,
                grace: 2,
            });
        }
    }
    (program.finish(), contracts)
}

/// What is owed under a `supply` contract with `minimum = "$.. / month"` and
/// `usage = "$.. / month * x * y"`.
fn as_lowered(program: &mut Builder, of: (FactorId, FactorId), metered: f64, minimum: f64) -> Reg {
    let (metered, twelfth) = (program.number(metered), program.number(DT));
    let usage = program.op(Op::Div(metered, twelfth));
    let x = program.op(Op::Factor(of.0));
    let usage = program.mul(usage, x);
    let y = program.op(Op::Factor(of.1));
    let usage = program.mul(usage, y);
    let held = program.curve_of(|t| f64::from(u8::from(t > 0)));
    let a_month = program.mul(held, twelfth);
    let usage = program.mul(usage, a_month);
    let minimum = program.number(minimum * 12.0);
    let minimum = program.mul(minimum, a_month);
    let counts = program.slot(Slot { firm: 0.0, ..Slot::constant(1.0) });
    let counts = program.read(counts);
    let nothing = program.number(0.0);
    let counted = program.op(Op::Choose { when: counts, then: usage, otherwise: nothing });
    program.max(counted, minimum)
}

fn driver(program: &mut Builder, d: usize) -> FactorId {
    let growth = (drift(d) * DT).exp();
    let growth = (0..=MONTHS).map(|t| if t == 0 { 1.0 } else { growth }).collect();
    let (start, growth) = (program.constant(1.0), program.curve(growth));
    let volatility = program.constant(volatility(d));
    program.factor(Factor { start, growth, process: Process::Geometric { volatility } })
}

/// One run, and a line of JSON with its times.
fn timed(program: &Program, variant: Variant, paths: u64, threads: usize, seed: u64) -> Observations {
    let net = |party: usize| Probe { quantity: Quantity::Net(PartyId(party as u32 + 1)), span: Span::Month };
    let mut probes: Vec<Probe> = (0..PARTIES).map(net).collect();
    let mut spec = RunSpec::paths(Paths { seed, first: 0, count: paths, exact_limit: 10_000_000 }, vec![]);
    if variant == Variant::Own {
        spec.own_money = vec![vec![PartyId(1)]];
        let quantity = Quantity::OwnReceipts { group: 0, party: PartyId(1) };
        probes.push(Probe { quantity, span: Span::Month });
    }
    if variant == Variant::Clearing {
        let gone = |party: usize| Probe {
            quantity: Quantity::Defaulted(PartyId(party as u32 + 1)),
            span: Span::Whole,
        };
        probes.extend((0..PARTIES).map(gone));
    }
    spec.probes = probes;
    // What the benchmark of record asks for.
    spec.quantiles = vec![0.05, 0.5, 0.95];
    let (cpu, wall) = (cpu_seconds(), Instant::now());
    let seen = run(program, &spec, threads).expect("the specification is sound");
    let (cpu, wall) = (cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
    let steps = paths as f64 * f64::from(MONTHS) * CONTRACTS as f64;
    let gone: f64 = if variant == Variant::Clearing {
        seen.series[PARTIES..].iter().map(|series| series.mean[0]).sum()
    } else {
        0.0
    };
    println!(
        "{{\"bench\":\"M1\",\"variant\":\"{variant:?}\",\"paths\":{paths},\"threads\":{threads},\
         \"wall_s\":{wall:.4},\"cpu_s\":{cpu:.3},\"psc_per_cpu_s\":{:.3e},\"psc_per_wall_s\":{:.3e},\
         \"defaults_a_path\":{gone:.3}}}",
        steps / cpu,
        steps / wall,
    );
    seen
}

/// CPU seconds of this process, user and system, of all threads; to a hundredth.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(f64::NAN);
    (ticks(11) + ticks(12)) / 100.0
}

/// z of every quantile against the reference, a line for each seed.
fn compare(runs: &[Observations], paths: u64) {
    let text = cases::read("m1_reference.json");
    let reference: serde_json::Value = serde_json::from_str(&text).expect("the reference is JSON");
    for seen in runs {
        let mut z = vec![];
        for q in 0..3 {
            for t in 0..MONTHS as usize {
                for party in 0..PARTIES {
                    let at = |name: &str| reference[name][q][t][party].as_f64().expect("a number");
                    let error = at("se1") * (1.0 / paths as f64 + 1e-6).sqrt();
                    // The reference is rounded, and on an atom its error is zero (hence the floor).
                    let error = error.max(1e-5 * (1.0 + at("q").abs()));
                    z.push(((seen.series[party].quantiles[q][t] - at("q")) / error).abs());
                }
            }
        }
        z.sort_unstable_by(f64::total_cmp);
        let beyond = z.iter().filter(|z| **z > 4.0).count() as f64 / z.len() as f64;
        let bulk = &z[..z.len() - z.len() / 200];
        let rms = (bulk.iter().map(|z| z * z).sum::<f64>() / bulk.len() as f64).sqrt();
        println!("{{\"check\":\"quantiles\",\"rms_z\":{rms:.3},\"share_beyond_4\":{beyond:.4}}}");
    }
}

/// Means of every contract in a few months against their closed form.
fn check_means(program: &Program, contracts: &[FlowId]) {
    let due = |flow: &FlowId| Probe { quantity: Quantity::Due(*flow), span: Span::Month };
    let probes = contracts.iter().map(due).collect();
    let spec = RunSpec::paths(Paths { seed: 7, first: 0, count: 50_000, exact_limit: 10_000_000 }, probes);
    let seen = run(program, &spec, 1).expect("the specification is sound");
    let mut worst: f64 = 0.0;
    for (k, series) in seen.series.iter().enumerate() {
        for t in [1, 12, 60, 120] {
            let z = (series.mean[t - 1] - closed_form(k, t as f64)) / series.standard_error[t - 1];
            worst = worst.max(z.abs());
        }
    }
    println!("{{\"check\":\"contract means\",\"worst_z_of_200\":{worst:.2}}}");
    assert!(worst < 5.0, "a contract's mean is off");
}

/// E max(M, Y) of a log-normal Y (Black 1976 on the sum of two drivers).
fn closed_form(k: usize, t: f64) -> f64 {
    let (u, p, usage, rate, minimum) = contract(k);
    let (su, sp, c) = (volatility(u), volatility(p), correlation(u, p));
    let mean = usage * rate * ((drift(u) + drift(p) + c * su * sp) * t * DT).exp();
    let s = ((su * su + sp * sp + 2.0 * c * su * sp) * t * DT).sqrt();
    let d1 = ((mean / minimum).ln() + s * s / 2.0) / s;
    let phi = keiretsu_maths::normal::normal_cdf;
    minimum + mean * phi(d1) - minimum * phi(d1 - s)
}

/// The three readings of 1,000 contracts over 120 months, with everybody's cash and every due watched.
fn time_readings() {
    let mut program = Builder::new(Month::new(2025, 12), MONTHS);
    let parties: Vec<PartyId> = (0..100).map(|_| program.party()).collect();
    let mut probes: Vec<Probe> = vec![];
    for k in 0..1000 {
        let usage = program.curve_of(|t| f64::from((k * 7 + t) % 13));
        let (rate, minimum) = (program.number(f64::from(k % 50)), program.number(f64::from(k % 90) * 4.0));
        let usage = program.mul(rate, usage);
        let owed = program.max(usage, minimum);
        let paid = program.account(0.0);
        let so_far = program.op(Op::Account(paid));
        let limit = program.number(1e6);
        let left = program.sub(limit, so_far);
        let owed = program.min(owed, left);
        let flow =
            program.flow(owed, parties[k as usize % 100], parties[(k as usize * 3 + 1) % 100], Tag::Service);
        program.feed(paid, keiretsu_program::Feed::Payment(flow));
        probes.push(Probe { quantity: Quantity::Due(flow), span: Span::Month });
    }
    probes.extend(parties.iter().map(|party| Probe { quantity: Quantity::Cash(*party), span: Span::Year }));
    let started = Instant::now();
    for reading in keiretsu_program::Reading::ALL {
        let seen = run(program.program(), &RunSpec::reading(reading, probes.clone()), 1).expect("sound");
        assert!(seen.failed == 0);
    }
    println!(
        "{{\"bench\":\"readings\",\"contracts\":1000,\"wall_ms\":{:.1}}}",
        started.elapsed().as_secs_f64() * 1e3
    );
}
