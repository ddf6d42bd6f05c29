//! Turns the benchmark specification's M2 and M3 into printed rates: `cargo bench -p keiretsu-methods`.
//!
//! Networks and series follow the specification's distributions from a generator of our own (`SplitMix64`),
//! so the figures compare with those of other programs, the single numbers do not.

use keiretsu_methods::circularity::monthly::{Convention, Month, MonthlyWeb, OUTSIDE as ELSEWHERE, Payment};
use keiretsu_methods::clearing::{Debt, Network, OUTSIDE, Workspace, clear, clear_small, default_waves};
use keiretsu_methods::irr_many::{RateFound, xirr_many};
use std::time::Instant;

const RUNS: u32 = 15;

fn main() {
    for firms in [1_000, 10_000, 100_000] {
        m2_clearing(firms);
    }
    small_clearing();
    m3_xirr();
    circularity(100, 20_000, false);
    circularity(20, 4_000, true);
}

/// `SplitMix64` (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform on (0, 1).
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) * (1.0 / (1_u64 << 53) as f64)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.uniform() * n as f64) as usize
    }
}

/// CPU seconds of this thread so far where the system tells (Linux, in steps of some milliseconds).
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds * 1e-9)
}

/// CPU seconds a call on one thread, else wall seconds: the mean of at least `RUNS` calls and a second.
fn seconds(mut run: impl FnMut()) -> f64 {
    run();
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let mut calls = 0;
    while calls < RUNS || start.elapsed().as_secs_f64() < 1.0 {
        run();
        calls += 1;
    }
    let wall = start.elapsed().as_secs_f64();
    let used = cpu_seconds().zip(cpu).map_or(wall, |(end, start)| end - start);
    used / f64::from(calls)
}

fn m3_xirr() {
    let (series, flows) = (100_000, 40);
    let mut random = Random(11);
    let (mut days, mut amounts) = (Vec::new(), Vec::new());
    for _ in 0..series {
        let mut day = 0_i32;
        for k in 0..flows {
            day += if k == 0 { 0 } else { 20 + random.below(101) as i32 };
            days.push(day);
            amounts.push(if k == 0 { -100.0 } else { 1.0 + 5.0 * random.uniform() });
        }
    }
    let mut out = vec![RateFound::NoRate; series];
    let time = seconds(|| xirr_many(&days, &amounts, flows, &mut out).expect("equal lengths"));
    let worst = (0..series).map(|k| residual(&days[k * flows..], &amounts[k * flows..][..flows], out[k]));
    println!(
        "M3 xirr: {series} series of {flows} flows in {:.1} ms CPU, {:.2} M series/s, worst residual {:.1e}",
        time * 1e3,
        series as f64 / time * 1e-6,
        worst.fold(0.0, f64::max),
    );
}

/// Present value over the sum of absolute present values; infinite if there is not one rate.
fn residual(days: &[i32], amounts: &[f64], found: RateFound) -> f64 {
    let RateFound::OneRate(rate) = found else { return f64::INFINITY };
    let terms = |k: usize| amounts[k] * (1.0 + rate).powf(-f64::from(days[k]) / 365.0);
    let value: f64 = (0..amounts.len()).map(terms).sum();
    value.abs() / (0..amounts.len()).map(|k| terms(k).abs()).sum::<f64>()
}

/// A standard normal, by Box and Muller.
fn normal(random: &mut Random) -> f64 {
    (-2.0 * random.uniform().ln()).sqrt() * (std::f64::consts::TAU * random.uniform()).cos()
}

fn m2_web(firms: usize) -> (Vec<Debt>, Vec<f64>) {
    let mut random = Random(7);
    let mut debts = Vec::new();
    let (mut due, mut incoming) = (vec![0.0; firms], vec![0.0; firms]);
    for _ in 0..10 * firms {
        let (debtor, creditor) = (random.below(firms), random.below(firms));
        let amount = normal(&mut random).exp();
        if debtor != creditor {
            due[debtor] += amount;
            incoming[creditor] += amount;
            debts.push(Debt { debtor: debtor as u32, creditor: creditor as u32, rank: 0, amount });
        }
    }
    let asset = |k: usize| 0.9 * f64::max(0.0, due[k] - incoming[k]) + 0.05 * due[k] * random.uniform();
    let assets = (0..firms).map(asset).collect();
    (debts, assets)
}

fn m2_clearing(firms: usize) {
    let (debts, assets) = m2_web(firms);
    let build = seconds(|| drop(Network::new(firms, &debts, &[])));
    let network = Network::new(firms, &debts, &[]).expect("a network");
    let time = seconds(|| drop(clear(&network, &assets, &[])));
    let waves_time = seconds(|| drop(default_waves(&network, &assets, &[])));
    let cleared = clear(&network, &assets, &[]).expect("payments");
    let waves = default_waves(&network, &assets, &[]).expect("waves");
    println!(
        "M2 clearing: {firms} firms, {} debts: {:.2} ms CPU (from a list: + {:.2} ms), {} sweeps, \
         {} systems, {} defaults, residual {:.1e}, exact {}; waves of default: {:.2} ms, {} waves",
        debts.len(),
        time * 1e3,
        build * 1e3,
        cleared.sweeps,
        cleared.rounds,
        cleared.defaulted.iter().filter(|d| **d).count(),
        cleared.residual,
        cleared.exact,
        waves_time * 1e3,
        waves.iter().max().unwrap_or(&0),
    );
}

/// Months of a web of 30 parties with 150 debts of two ranks, some to the outside, about a fifth in default.
fn small_clearing() {
    let (parties, months) = (30, 1000);
    let mut random = Random(3);
    let webs: Vec<(Vec<Debt>, Vec<f64>)> = (0..months)
        .map(|_| {
            let mut debts = Vec::new();
            while debts.len() < 150 {
                let (debtor, creditor) = (random.below(parties) as u32, random.below(parties + 2) as u32);
                let creditor = if (creditor as usize) < parties { creditor } else { OUTSIDE };
                let rank = random.below(2) as u32;
                if debtor != creditor {
                    debts.push(Debt { debtor, creditor, rank, amount: random.uniform() });
                }
            }
            (debts, (0..parties).map(|_| 1.5 * random.uniform()).collect())
        })
        .collect();
    let mut workspace = Workspace::default();
    let mut paid = vec![0.0; 150];
    let mut defaults = 0;
    let time = seconds(|| {
        defaults = 0;
        for (debts, assets) in &webs {
            let outcome = clear_small(&mut workspace, debts, assets, &[], &mut paid).expect("payments");
            defaults += outcome.defaults;
        }
    });
    println!(
        "small clearing: {:.2} us CPU a call ({parties} parties, 150 debts, two ranks, {:.1} in default)",
        time * 1e6 / f64::from(months),
        f64::from(defaults) / f64::from(months),
    );
}

/// A web with dated payments over 120 months: each party has revenue and costs outside and some cash.
fn monthly_web(parties: usize, payments: usize) -> MonthlyWeb {
    let mut random = Random(5);
    let mut months = vec![Month { kept: vec![20.0; parties], ..Month::default() }];
    months.extend((0..120).map(|_| Month { kept: vec![0.0; parties], ..Month::default() }));
    for _ in 0..payments {
        let (payer, payee) = (random.below(parties) as u32, random.below(parties) as u32);
        if payer != payee {
            let at = 1 + random.below(120);
            months[at].payments.push(Payment { payer, payee, amount: random.uniform() });
        }
    }
    for at in 1..months.len() {
        let mut cash = months[at - 1].kept.clone();
        for party in 0..parties {
            let (revenue, costs) = (random.uniform(), 0.9 * random.uniform());
            let party_at = party as u32;
            let outside = |payer, payee, amount| Payment { payer, payee, amount };
            months[at].payments.push(outside(ELSEWHERE, party_at, revenue));
            months[at].payments.push(outside(party_at, ELSEWHERE, costs));
        }
        for payment in &months[at].payments {
            if let Some(cash) = cash.get_mut(payment.payee as usize) {
                *cash += payment.amount;
            }
            if let Some(cash) = cash.get_mut(payment.payer as usize) {
                *cash -= payment.amount;
            }
        }
        months[at].kept = cash.iter().map(|cash| cash.max(0.0)).collect();
    }
    MonthlyWeb::new(parties, &months).expect("a web")
}

/// Bounds and pro rata of one pair, or of all.
fn circularity(parties: usize, payments: usize, all: bool) {
    let web = monthly_web(parties, payments);
    let start = Instant::now();
    let (mut pairs, mut width, mut inside) = (0, 0.0, true);
    for a in 0..if all { parties as u32 } else { 1 } {
        for to in (0..if all { parties as u32 } else { 2 }).filter(|to| *to != a) {
            let bounds = web.bounds(a, Some(to)).expect("bounds");
            let back: f64 = web.returned(a, Some(to), Convention::ProRata).expect("returns").iter().sum();
            inside &= (bounds.lower - 1e-9..=bounds.upper + 1e-9).contains(&back);
            width += bounds.upper - bounds.lower;
            pairs += 1;
        }
    }
    let mean = width / f64::from(pairs);
    let took = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let whole = web.bounds(0, None).expect("bounds");
    println!(
        "circularity: {parties} parties, {payments} payments in 120 months, {pairs} pairs in {took:.3} s, \
         mean width {mean:.3}, pro rata inside {inside}; all that one party sends ({:.1}): {:.3} s",
        whole.sent,
        start.elapsed().as_secs_f64(),
    );
}
