//! How long a model of many contracts takes to open, check and lower.
//!
//! `cargo bench -p keiretsu-testkit --bench check` prints a line for each size: seconds for each stage, the
//! best of a few rounds. Targets: under 0.1 s for 1,000 contracts, under 1 s for 10,000; ten times as much
//! for ten times as many. `cargo bench ... -- 3000` takes another size.

use std::fmt::Write as _;
use std::time::Instant;

use keiretsu::{Dates, Session};
use keiretsu_model::{MemoryFiles, Options};

/// Rounds of each size; the best counts, since everything else on the machine only adds.
const ROUNDS: usize = 5;
/// Contracts of a file.
const FILE: usize = 500;

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![1_000, 10_000] } else { asked };
    println!("contracts      KiB   open_s  check_s  lower_s verify_s  total_s  session_s");
    for contracts in sizes {
        let files = model(contracts);
        let bytes: usize = files.0.values().map(Vec::len).sum();
        let rounds = (0..ROUNDS).map(|_| round(&files));
        let best = rounds.reduce(|best, times| std::array::from_fn(|at| best[at].min(times[at])));
        let [open, check, lower, verify, session] = best.unwrap_or_default();
        let total = open + check + lower + verify;
        println!(
            "{contracts:9} {:8} {open:8.4} {check:8.4} {lower:8.4} {verify:8.4} {total:8.4} {session:10.4}",
            bytes >> 10
        );
    }
}

/// Seconds to open, check, lower, verify; and to open and check as the command line does.
fn round(files: &MemoryFiles) -> [f64; 5] {
    let specs = keiretsu_contracts::specs();
    let (opened, open) = timed(|| keiretsu_model::open(files, "keiretsu.toml", &Options::new(&specs)));
    let (found, check) = timed(|| keiretsu_contracts::check(&opened.model));
    let wrong = opened.diagnostics.first().or(found.first());
    assert_eq!(wrong, None, "the generated model is well");
    let (lowered, lower) = timed(|| keiretsu_contracts::lower(&opened.model));
    let (verified, verify) = timed(|| keiretsu_program::verify(&lowered.program));
    assert!(verified.is_ok(), "the program breaks no rule");
    let (_, session) = timed(|| Session::of(files, "keiretsu.toml", Dates::default()));
    [open, check, lower, verify, session]
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed().as_secs_f64())
}

/// A web of so many contracts of all types, a party for every ten, a factor for every twenty, an event for
/// every fifty, in files of 500 contracts.
fn model(contracts: usize) -> MemoryFiles {
    let (parties, factors, events) = (contracts / 10 + 2, contracts / 20 + 1, contracts / 50 + 1);
    let mut root = String::from(
        "keiretsu = 1\ntitle = \"Many\"\nas_of = 2026-01-31\nhorizon = \"10 years\"\n\
         include = [\"parties.toml\", \"deals/*.toml\"]\n\
         [sources.paper]\ntitle = \"A newspaper\"\ndate = 2026-01-15\n",
    );
    for at in 0..factors {
        let _ = writeln!(
            root,
            "[factors.f{at}]\nstart = \"about ${}B/yr\"\ngrowth = {{ 2026 = \"50%\", later = \"10%\" }}\n\
             volatility = \"30%\"\nbecause = \"a guess\"",
            at % 40 + 1
        );
    }
    for at in 0..events {
        let _ = writeln!(root, "[events.e{at}]\nchance = \"{}% by 2029-12\"", at % 90 + 5);
    }
    let mut who = String::new();
    for at in 0..parties {
        let factor = at % factors;
        let _ = writeln!(
            who,
            "[parties.p{at}]\nname = \"Party {at}\"\ncash = \"about ${}B\"\nrevenue = \"f{factor}\"\n\
             costs = \"60% * f{factor} + $1B/yr\"\nvalue = \"20x * f{factor}\"\nbecause = \"a guess\"",
            at % 30 + 1
        );
    }
    let mut files = MemoryFiles::root(&root).with("parties.toml", &who);
    for (number, first) in (0..contracts).step_by(FILE).enumerate() {
        let mut deals = String::new();
        for at in first..contracts.min(first + FILE) {
            contract(&mut deals, at, [parties, factors, events]);
        }
        files = files.with(&format!("deals/d{number}.toml"), &deals);
    }
    files
}

/// One contract, of a type that its number decides.
fn contract(text: &mut String, at: usize, [parties, factors, events]: [usize; 3]) {
    let (a, b) = (at % parties, (at * 7 + 1) % parties);
    let b = if a == b { (b + 1) % parties } else { b };
    let (factor, event) = (at % factors, at % events);
    let _ = writeln!(text, "[contracts.c{at}]\nsource = \"paper\"");
    // Every other condition reads what was paid on an earlier contract.
    let earlier = (at / 8) * 4;
    let paid = if at.is_multiple_of(8) { format!("paid(c{earlier}) >= $1B") } else { format!("e{event}") };
    // Every other supply says how its minimum spreads over the years.
    let ramp = if at % 8 == 1 { "{ 2026 = \"3%\", 2027 = \"6%\", rest = \"linear\" }" } else { "\"flat\"" };
    let _ = match at % 4 {
        0 => writeln!(
            text,
            "type = \"equity\"\ninvestor = \"p{a}\"\nissuer = \"p{b}\"\n[contracts.c{at}.tranches]\n\
             first = {{ amount = \"$2B\", on = 2026-03-15 }}\n[contracts.c{at}.tranches.later]\n\
             amount = \"up to $3B\"\nwhen = \"f{factor} >= $8B/yr and {paid}\"\nbefore = 2029-12-31\n\
             assumed = [\"when\"]"
        ),
        1 => writeln!(
            text,
            "type = \"supply\"\nbuyer = \"p{a}\"\nseller = \"p{b}\"\nfrom = \"2026-02\"\n\
             minimum = \"more than $10B over 10 years\"\nusage = \"40% * f{factor}\"\nmargin = \"30%\"\n\
             ramp = {ramp}\nassumed = [\"usage\", \"margin\", \"ramp\"]"
        ),
        2 => writeln!(
            text,
            "type = \"revenue_share\"\npayer = \"p{a}\"\npayee = \"p{b}\"\nrate = \"20%\"\n\
             base = \"f{factor}\"\nuntil = 2032"
        ),
        _ => writeln!(
            text,
            "type = \"right\"\nholder = \"p{a}\"\ngrantor = \"p{b}\"\nkinds = [\"information\"]\nuntil = 2032"
        ),
    };
}
