//! Lives in another currency: at a rate that holds they are those in the currency of the tables, at one that
//! changes they are the same seen from every day.

use std::collections::BTreeMap;

use keiretsu_program::{Probe, Quantity, Reading, Reg, RunSpec, Span};

use super::lives::LIVES;
use super::{MONTHS, START, falls, same_as_committed, same_future, seen_from};
use crate::lowering::Lowered;
use crate::side::SideTable;

/// Lives in which amounts of two currencies meet, the first of them kept.
const MIXED: [(&str, &str); 8] = [
    (
        "use of a total in another currency",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"€36M over 3 years\"\nusage = \"$1.5M/month\"",
    ),
    (
        "use in another currency of a total",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"$36M over 3 years\"\nusage = \"€1.5M/month\"",
    ),
    (
        "a prepayment in another currency",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nuntil = \"2028-02\"\nminimum = \"€1M/month\"\nprepayment = \"€6M\"\n\
        usage = \"$2M/month\"\nprepaid = \"2026-01\"",
    ),
    (
        "credits in another currency",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-08\"\n\
        rent = \"$1M/month\"\nterm = \"30 months\"\n[contracts.c]\ntype = \"credits\"\ngrantor = \"b\"\n\
        recipient = \"a\"\nusable_on = \"l\"\namount = \"€10M\"\non = \"2025-10 to 2026-07\"",
    ),
    (
        "credits for bills in another currency",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2025-09\"\n\
        minimum = \"€36M over 3 years\"\nusage = \"€1.5M/month\"\n\
        [contracts.c]\ntype = \"credits\"\ngrantor = \"b\"\n\
        recipient = \"a\"\nusable_on = \"s\"\namount = \"$10M\"\non = \"2025-10 to 2026-07\"",
    ),
    (
        "a backstop with a cap in another currency",
        "[contracts.u]\ntype = \"backstop\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = 2025-08-15\n\
        until = 2028-08-14\noffered = \"3 GW\"\nsold = \"1 GW\"\nprice = \"$12M/GW/yr\"\n\
        cap = \"up to €25M\"",
    ),
    (
        "a share of revenue with a cap in another currency",
        "[contracts.r]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\nfrom = 2025-08-15\n\
        until = 2028-08-14\nrate = \"10%\"\nbase = \"$120M/yr\"\ncap = \"€25M\"",
    ),
    (
        "a share of revenue in another currency than its cap",
        "[contracts.r]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\nfrom = 2025-08-15\n\
        until = 2028-08-14\nrate = \"10%\"\nbase = \"€120M/yr\"\ncap = \"$25M\"",
    ),
];

/// Beside lives, contracts and what they read of parties and factors.
const OTHERS: [(&str, &str); 7] = [
    (
        "a guarantee that is called",
        "[parties.c]\n[parties.tenant]\ncash = \"$25M\"\nrecovery = \"$14M\"\n\
        funding = { keep = \"1 month of burn\", raise = \"1 month of burn\", else = \"default\" }\n\
        [contracts.l]\ntype = \"supply\"\nbuyer = \"tenant\"\nseller = \"a\"\nfrom = \"2025-07\"\n\
        until = \"2026-06\"\nminimum = \"$10M/month\"\n\
        [contracts.g]\ntype = \"guarantee\"\nguarantor = \"c\"\nbeneficiary = \"a\"\ncovers = \"l\"\n\
        limit = \"$33M\"\ncushion = \"$8M\"\nfee = \"$1.2M/yr\"",
    ),
    (
        "a guarantee of no contract",
        "[contracts.g]\ntype = \"guarantee\"\nguarantor = \"a\"\nbeneficiary = \"b\"\n\
        limit = \"up to $5M\"\nwhen = \"f >= $12M/yr\"\n\
        [factors.f]\nstart = \"$10M/yr\"\ngrowth = \"20%\"",
    ),
    (
        "a warrant",
        "[parties.i]\nvalue = \"f * 50 years\"\n[factors.f]\nstart = \"$10M/yr\"\ngrowth = \"20%\"\n\
        [contracts.w]\ntype = \"warrant\"\nholder = \"a\"\nissuer = \"i\"\nshare = \"5%\"\n\
        strike = \"$30M\"\nexpiry = \"2029-01\"",
    ),
    (
        "a loan with collateral and a covenant",
        "[parties.d]\ncash = \"$30M\"\ncosts = \"$6M/yr\"\n\
        [contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"d\"\namount = \"$12M\"\nrate = \"12%\"\n\
        drawn = \"2025-08\"\nmaturity = \"2028-05\"\nundrawn_fee = \"1%\"\n\
        covenants.c = { requires = \"cash(d) >= $20M\" }\n\
        collateral = { value = \"f * 1 year\", call_at = \"80%\" }\n\
        [factors.f]\nstart = \"$14M/yr\"\ngrowth = \"-20%\"",
    ),
    (
        "a line that keeps cash",
        "[parties.d]\ncash = \"$5M\"\ncosts = \"$6M/yr\"\n\
        [contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"d\"\namount = \"$12M\"\nrate = \"12%\"\n\
        drawn = \"2025-08\"\nmaturity = \"2028-05\"\nrepayment = \"revolving\"\nkeeps = \"$4M\"",
    ),
    (
        "a right to terminate",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2025-08\"\n\
        until = \"2028-01\"\nminimum = \"$12M/yr\"\nusage = \"f\"\nterminated_when = \"f >= $20M/yr\"\n\
        termination_fee = \"$3M\"\n\
        [factors.f]\npath = { 2025 = \"$10M/yr\", 2028 = \"$40M/yr\" }\nvolatility = \"20%\"",
    ),
    (
        "amounts that are open",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$10M to $20M\", on = \"2026-02\" }\n\
        tranches.u = { amount = { figure = \"up to $9M\", expect = \"$4M\" }, when = \"2026-09\" }\n\
        [contracts.k]\ntype = \"capex\"\nspender = \"a\"\nfrom = \"2025-08\"\nuntil = \"2027-07\"\n\
        amount = \"about $24M\"",
    ),
];

fn in_euros(rate: &str, text: &str) -> String {
    format!("[currencies]\nEUR = {rate}\n{}", text.replace('$', "€"))
}

/// A rate that changes three times in the life.
const STEPS: &str = "{ 2025-01 = \"$1.00\", 2025-12 = \"$1.25\", 2026-07 = \"$2.00\", 2027-03 = \"$0.80\" }";

#[test]
fn at_a_rate_that_changes_the_future_is_the_same_seen_from_every_day() {
    let own = LIVES.into_iter().map(|(name, text)| (name, in_euros(STEPS, text)));
    let mixed = MIXED.into_iter().map(|(name, text)| (name, format!("[currencies]\nEUR = {STEPS}\n{text}")));
    same_future(own.chain(mixed));
}

#[test]
fn at_a_rate_that_changes_dues_are_what_is_committed_and_what_is_paid() {
    same_as_committed(LIVES.into_iter().map(|(name, text)| (name, in_euros(STEPS, text))));
}

/// What a reading has of a life: dues, exposures and claims by month, commitments.
fn observed(lowered: &Lowered, reading: Reading) -> BTreeMap<String, f64> {
    let mut all: BTreeMap<String, f64> =
        falls(lowered, reading).into_iter().map(|(key, amount)| (format!("{key:?}"), amount)).collect();
    let registers = registers(&lowered.side).chain(lowered.program.claims.iter().map(|claim| claim.amount));
    let registers: Vec<Reg> = registers.collect();
    let probe = |register: &Reg| Probe { quantity: Quantity::Register(*register), span: Span::Month };
    let spec = RunSpec::reading(reading, registers.iter().map(probe).collect());
    let seen = keiretsu_engine::run(&lowered.program, &spec, 1).expect("a run");
    for (at, series) in seen.series.iter().enumerate() {
        all.extend(series.mean.iter().enumerate().map(|(t, amount)| (format!("register {at} {t}"), *amount)));
    }
    for (number, commitment) in lowered.side.commitments.iter().enumerate() {
        for (what, value) in [("amount", commitment.amount(reading)), ("left", commitment.left(reading))] {
            all.extend(value.amount().map(|amount| (format!("commitment {number} {what}"), amount)));
        }
    }
    all
}

fn registers(side: &SideTable) -> impl Iterator<Item = Reg> {
    let unused = side.prepayments.iter().filter_map(|line| line.unused);
    side.exposures.iter().map(|exposure| exposure.register).chain(unused)
}

#[test]
fn at_a_rate_that_holds_all_is_as_in_the_currency_of_the_tables() {
    let mut wrong = Vec::new();
    for (name, text) in LIVES.into_iter().chain(OTHERS) {
        let own = seen_from(START, MONTHS, text).1;
        for rate in ["\"$1.25\"", "{ 2025-01 = \"$1.25\", 2026-07 = \"$1.25\" }", "\"1 / 0.8\""] {
            let other = seen_from(START, MONTHS, &in_euros(rate, text)).1;
            for reading in Reading::ALL {
                let [own, other] = [&own, &other].map(|lowered| observed(lowered, reading));
                assert_eq!(own.len(), other.len(), "{name} at {rate}");
                for (what, amount) in own {
                    let found = other.get(&what).copied().unwrap_or(f64::NAN);
                    if (found - amount * 1.25).abs() > 0.01 {
                        wrong.push(format!("{name} at {rate}, {}: {what} {found}", reading.name()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn without_books_a_program_is_the_same() {
    for (name, text) in LIVES {
        let plain = seen_from(START, MONTHS, text).1;
        let with = seen_from(START, MONTHS, &format!("[currencies]\nEUR = {STEPS}\n{text}")).1;
        let [plain, with] = [plain, with].map(|lowered| keiretsu_program::to_bytes(&lowered.program));
        assert!(plain == with, "{name}");
    }
}
