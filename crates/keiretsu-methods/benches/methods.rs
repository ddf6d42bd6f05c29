//! Prints the time of a month's clearing and of circularity: `cargo bench -p keiretsu-methods`. Large
//! clearing and rates of return are work of record (`keiretsu-bench` of the testkit).

use keiretsu_maths::splitmix::SplitMix;
use keiretsu_methods::circularity::monthly::{
    Convention, MonthFlows, MonthlyWeb, OUTSIDE as ELSEWHERE, Payment,
};
use keiretsu_methods::clearing::{Debt, OUTSIDE, Workspace, clear_small};
use std::time::Instant;

const RUNS: u32 = 15;

fn main() {
    small_clearing();
    circularity(100, 20_000, false);
    circularity(20, 4_000, true);
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

/// Months of a web of 30 parties with 150 debts of two ranks, some to the outside, about a fifth in default.
fn small_clearing() {
    let (parties, months) = (30, 1000);
    let mut random = SplitMix(3);
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
    let mut random = SplitMix(5);
    let mut months = vec![MonthFlows { kept: vec![20.0; parties], ..MonthFlows::default() }];
    months.extend((0..120).map(|_| MonthFlows { kept: vec![0.0; parties], ..MonthFlows::default() }));
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
