//! The life of contracts: what falls due is one schedule, and the same one whatever day it is seen from.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use keiretsu_model::{MemoryFiles, Model, Options, Standing, open};
use keiretsu_program::{FlowId, Month, Probe, Quantity, Reading, RunSpec, Span};

use crate::Lowered;

/// The day from which the whole life is seen.
const START: Date = date(2025, 6, 30);
/// The months of the whole life.
const MONTHS: i32 = 60;

/// Contracts of every type that commits, each over some months after the start: name and text.
const LIVES: [(&str, &str); 41] = [
    (
        "a yearly minimum",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-08\"\nuntil = \"2028-01\"\nminimum = \"$12M/yr\"",
    ),
    (
        "a quarterly minimum from the middle of a month",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = 2025-08-15\nuntil = 2027-08-14\nminimum = \"$3M per quarter\"",
    ),
    (
        "a monthly minimum that is amended",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-08\"\nuntil = \"2027-07\"\nminimum = \"$1M/month\"\n\
        amendments = [{ on = 2026-05-10, set = { minimum = \"$2M/month\", until = \"2028-01\" } }]",
    ),
    (
        "a total with a ramp",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"$36M over 3 years\"\nramp = \"linear\"",
    ),
    (
        "a total amended to nothing new",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"$24M over 2 years\"\n\
        amendments = [{ on = 2026-03-10, set = { minimum = \"$24M over 2 years\" } }]",
    ),
    (
        "a minimum that becomes another kind",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nuntil = \"2028-02\"\nminimum = \"$12M/yr\"\n\
        amendments = [{ on = 2026-12-01, set = { minimum = \"$1.5M/month\" } }]",
    ),
    (
        "a prepayment of a total",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"$50M over 30 months\"\nprepayment = \"30%\"",
    ),
    (
        "a prepayment of monthly bills",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nuntil = \"2028-02\"\nminimum = \"$1M/month\"\nprepayment = \"$6M\"\n\
        prepaid = \"2026-01\"",
    ),
    (
        "use ahead of a total",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"$36M over 3 years\"\nusage = \"$1.5M/month\"",
    ),
    (
        "use behind a yearly minimum that may be made up",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nuntil = \"2028-02\"\nminimum = \"$18M/yr\"\ncarry = true\nusage = \"$1M/month\"",
    ),
    (
        "use of a quarterly minimum and a prepayment",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nuntil = \"2028-02\"\nminimum = \"$6M per quarter\"\n\
        usage = \"$1M/month\"\nprepayment = \"$10M\"",
    ),
    (
        "a lease that grows",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = 2025-09-15\n\
        rent = \"$1.2M/yr\"\nterm = \"30 months\"\nescalator = \"10%\"",
    ),
    (
        "a lease for a total",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-09\"\n\
        rent = \"$30M\"\nterm = \"30 months\"\nescalator = \"3%\"\n\
        amendments = [{ on = 2026-08-01, set = { rent = \"$36M\" } }]",
    ),
    (
        "a lease amended to nothing new",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\n\
        from = \"2025-09\"\nrent = \"$30M\"\nterm = \"30 months\"\nescalator = \"3%\"\n\
        amendments = [{ on = 2026-08-01, set = { rent = \"$30M\" } }]",
    ),
    (
        "a lease with other terms",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-09\"\n\
        rent = \"$1.2M/yr\"\nterm = \"12 months\"\nescalator = \"10%\"\n\
        amendments = [{ on = 2026-02-20, set = { term = \"40 months\" } }, \
        { on = 2027-02-01, set = { escalator = \"20%\", rent = \"$1.5M/yr\" } }]",
    ),
    (
        "a lease that is left early",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-09\"\n\
        rent = \"$1.2M/yr\"\nterm = \"30 months\"\n\
        amendments = [{ on = 2026-02-20, set = { term = \"9 months\" } }]",
    ),
    (
        "a lease that is renewed",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-09\"\n\
        rent = \"$1.2M/yr\"\nterm = \"10 months\"\nescalator = \"10%\"\n\
        renewal = { options = 2, term = \"8 months\", when = \"2025-08\", rent_share = \"90%\" }\n\
        residual = { guaranteed = \"up to $5M\", value = \"$3M\", cap = \"$1.5M\" }",
    ),
    (
        "a building programme",
        "[contracts.k]\ntype = \"capex\"\nspender = \"a\"\nfrom = 2025-08-20\nuntil = 2027-08-19\n\
        amount = \"$24M\"\nramp = \"linear\"\nsuppliers = { b = \"60%\" }",
    ),
    (
        "a building programme that grows",
        "[contracts.k]\ntype = \"capex\"\nspender = \"a\"\nfrom = \"2025-08\"\n\
        until = \"2027-07\"\namount = \"$24M\"\nsuppliers = { b = \"60%\" }\n\
        amendments = [{ on = 2026-05-01, set = { amount = \"$48M\", until = \"2028-07\" } }, \
        { on = 2027-01-01, set = { suppliers = { b = \"25%\" } } }]",
    ),
    (
        "building at a rate",
        "[contracts.k]\ntype = \"capex\"\nspender = \"a\"\nfrom = \"2025-08\"\nuntil = \"2027-07\"\n\
        amount = \"$12M/yr\"\namendments = [{ on = 2026-05-10, set = { amount = \"$24M/yr\" } }]",
    ),
    (
        "a bullet",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\n\
        drawn = \"2025-08\"\nmaturity = \"2027-05\"\nfrequency = \"quarterly\"",
    ),
    (
        "a loan drawn over months",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\ndrawn = \"2025-08 to 2026-07\"\nmaturity = \"2027-05\"\nfrequency = \"half-yearly\"",
    ),
    (
        "equal parts",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\n\
        drawn = 2025-08-10\nmaturity = \"2027-05\"\nrepayment = \"linear\"\nfrequency = \"quarterly\"\n\
        grace = \"6 months\"",
    ),
    (
        "an annuity",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\n\
        drawn = \"2025-08\"\nmaturity = \"2027-05\"\nrepayment = \"annuity\"",
    ),
    (
        "an annuity at a new rate",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\ndrawn = \"2025-08\"\nmaturity = \"2027-05\"\nrepayment = \"annuity\"\n\
        amendments = [{ on = 2026-04-10, set = { rate = \"6%\", spread = \"3%\" } }]",
    ),
    (
        "interest that is added",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$20M\"\n\
        rate = \"6%\"\ninterest = \"added\"\ndrawn = 2025-08-10\nmaturity = \"2027-05\"",
    ),
    (
        "a loan put off",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$20M\"\nrate = \"6%\"\n\
        drawn = \"2025-08\"\nmaturity = \"2026-09\"\namendments = [\
        { on = 2026-03-10, set = { maturity = \"2027-09\", repayment = \"linear\" } }]",
    ),
    (
        "a loan amended to nothing new",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\n\
        amount = \"$20M\"\nrate = \"6%\"\ndrawn = \"2025-08 to 2026-10\"\nmaturity = \"2027-09\"\n\
        amendments = [{ on = 2026-03-10, set = { amount = \"$20M\", maturity = \"2027-09\" } }]",
    ),
    (
        "a loan that is not all drawn as signed",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\n\
        amount = \"$20M\"\nrate = \"6%\"\ndrawn = \"2025-08 to 2026-07\"\nmaturity = \"2027-09\"\n\
        standing = \"paid\"\n\
        amendments = [{ on = 2026-03-10, set = { amount = \"$40M\" } }]",
    ),
    (
        "a line in use",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$10M\"\nrate = \"6%\"\n\
        drawn = \"2025-07\"\nmaturity = \"2027-05\"\nrepayment = \"revolving\"\nusage = \"$10M\"",
    ),
    (
        "capital over months",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$24M\", on = \"2025-08 to 2027-07\" }",
    ),
    (
        "capital that grows",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$24M\", on = \"2025-08 to 2027-07\" }\n\
        tranches.u = { amount = \"$5M\", on = 2027-01-10 }\n\
        amendments = [{ on = 2026-05-10, set = { \
        tranches = { t = { amount = \"$48M\", on = \"2025-08 to 2027-07\" } } } }]",
    ),
    (
        "capital put off",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$24M\", on = \"2026-12\" }\n\
        amendments = [{ on = 2026-05-10, set = { tranches = { t = { amount = \"$30M\", \
        on = \"2027-03\" } } } }]",
    ),
    (
        "capital on a condition",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$24M\", when = \"2027-09\" }\n\
        amendments = [{ on = 2026-05-10, set = { tranches = { t = { amount = \"$30M\", \
        when = \"2027-09\" } } } }]",
    ),
    (
        "a loan on a condition",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\nwhen = \"2025-10 and 2026-02\"\nmaturity = \"2027-05\"\nrepayment = \"linear\"",
    ),
    (
        "a lease on a condition",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\n\
        begins_when = \"2026-02\"\nrent = \"$1.2M/yr\"\nterm = \"18 months\"\nescalator = \"10%\"\n\
        amendments = [{ on = 2026-08-01, set = { rent = \"$1.5M/yr\" } }]",
    ),
    (
        "a note that converts on a date",
        "[contracts.n]\ntype = \"convertible\"\nholder = \"a\"\nissuer = \"b\"\n\
        rate = \"12%\"\nprice = \"$500M\"\nconverts_when = \"2026-03\"\n\
        tranches.t = { amount = \"$12M\", on = \"2025-08 to 2026-03\" }",
    ),
    (
        "credits",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-08\"\n\
        rent = \"$1M/month\"\nterm = \"30 months\"\n[contracts.c]\ntype = \"credits\"\ngrantor = \"b\"\n\
        recipient = \"a\"\nusable_on = \"l\"\namount = \"$10M\"\non = \"2025-10 to 2026-07\"\n\
        amendments = [{ on = 2026-04-10, set = { amount = \"$25M\" } }]",
    ),
    (
        "a backstop",
        "[contracts.u]\ntype = \"backstop\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = 2025-08-15\n\
        until = 2028-08-14\noffered = \"3 GW\"\nsold = \"1 GW\"\nprice = \"$12M/GW/yr\"\n\
        cap = \"up to $25M\"\n\
        amendments = [{ on = 2026-04-10, set = { cap = \"up to $40M\" } }]",
    ),
    (
        "a share of revenue",
        "[contracts.r]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\nfrom = 2025-08-15\n\
        until = 2028-08-14\nrate = \"10%\"\nbase = \"$120M/yr\"\ncap = \"$25M\"\n\
        amendments = [{ on = 2026-04-10, set = { rate = \"20%\" } }]",
    ),
    (
        "a note",
        "[contracts.n]\ntype = \"convertible\"\nholder = \"a\"\nissuer = \"b\"\nrate = \"12%\"\n\
        maturity = \"2027-05\"\ntranches.t = { amount = \"$12M\", on = \"2025-08 to 2026-07\" }",
    ),
];

fn seen_from(as_of: Date, months: i32, text: &str) -> (Model, Lowered) {
    let world = format!(
        "keiretsu = 1\nas_of = {as_of}\nhorizon = \"{months} months\"\n[parties]\na = {{}}\n\
        b = {{}}\n{text}\n"
    );
    let specs = crate::specs();
    let opened = open(&MemoryFiles::root(&world), "keiretsu.toml", &Options::new(&specs));
    let mut found = opened.found.clone();
    found.extend(crate::check(&opened.model));
    assert!(found.is_empty(), "{world}\n{found:?}");
    let lowered = crate::lower(&opened.model);
    assert!(keiretsu_program::verify(&lowered.program).is_ok(), "{text}");
    (opened.model, lowered)
}

/// What falls due by flow and month.
type Falls = BTreeMap<(String, u32, u32, Month), f64>;

fn falls(lowered: &Lowered, reading: Reading) -> Falls {
    let program = &lowered.program;
    let probe = |at| Probe { quantity: Quantity::Due(FlowId(at as u32)), span: Span::Month };
    let probes = (0..program.flows.len()).map(probe).collect();
    let seen = keiretsu_engine::run(program, &RunSpec::reading(reading, probes), 1).expect("a run");
    let mut all = Falls::new();
    for ((flow, label), series) in program.flows.iter().zip(&lowered.side.flows).zip(&seen.series) {
        for t in 1..=program.months {
            let amount = series.mean[t as usize - 1];
            if amount.abs() > 1e-3 {
                // What is paid ahead is a part of what is owed.
                let name = label.name.trim_end_matches(".prepayment").to_owned();
                let key = (name, flow.from.0, flow.to.0, program.month(t));
                *all.entry(key).or_default() += amount;
            }
        }
    }
    all
}

fn same(left: &Falls, right: &Falls) -> Result<(), String> {
    for key in left.keys().chain(right.keys()) {
        let [left, right] = [left, right].map(|falls| falls.get(key).copied().unwrap_or(0.0));
        // Cents of millions: sums in another order.
        if (left - right).abs() > 0.01 {
            return Err(format!("{} in {}: {left} is not {right}", key.0, key.3));
        }
    }
    Ok(())
}

fn month(day: Date) -> Month {
    Month::new(i32::from(day.year()), i32::from(day.month()))
}

#[test]
fn the_future_is_the_same_seen_from_every_day() {
    let mut wrong = Vec::new();
    for (name, text) in LIVES {
        let whole = seen_from(START, MONTHS, text).1;
        let lives = Reading::ALL.map(|reading| falls(&whole, reading));
        assert!(lives.iter().any(|life| !life.is_empty()), "{name} has nothing");
        for passed in 1..36 {
            let end = START.saturating_add(passed.months()).last_of_month();
            for as_of in [end, end.saturating_sub(9.days())] {
                let seen = seen_from(as_of, MONTHS - passed, text).1;
                for (reading, life) in Reading::ALL.into_iter().zip(&lives) {
                    let seen = falls(&seen, reading);
                    if let Err(why) = same(&after(&seen, end), &after(life, end)) {
                        wrong.push(format!("{name}, {}, from {as_of}: {why}", reading.name()));
                    }
                }
            }
        }
    }
    let shown = &wrong[..wrong.len().min(40)];
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), shown.join("\n"));
}

/// What falls in later months: of the month of as-of some may be past.
fn after(falls: &Falls, day: Date) -> Falls {
    let mine = falls.iter().filter(|(key, _)| month(day) < key.3);
    mine.map(|(key, amount)| (key.clone(), *amount)).collect()
}

#[test]
fn dues_are_what_is_committed_and_what_is_paid() {
    for (name, text) in LIVES {
        for passed in [0, 7, 14] {
            let as_of = START.saturating_add(passed.months()).last_of_month();
            let (model, lowered) = seen_from(as_of, MONTHS - passed, text);
            let life = falls(&lowered, Reading::Firm);
            let mut promised = Falls::new();
            let (mut owed, mut past) = (0.0, 0.0);
            for commitment in &lowered.side.commitments {
                let firm = matches!(commitment.standing, Standing::Paid | Standing::Binding);
                if !firm || !commitment.is_cash() || commitment.dues.is_empty() {
                    continue;
                }
                let contract = &model.contract(commitment.contract).expect("a contract").name;
                let whole = commitment
                    .tranche
                    .as_ref()
                    .map_or_else(|| contract.clone(), |t| format!("{contract}.{t}"));
                for due in &commitment.dues {
                    let amount = due.amounts[0].amount().expect("a number");
                    owed += amount;
                    if due.past {
                        past += amount;
                    } else {
                        let key = (whole.clone(), commitment.from.0, commitment.to.0, month(due.on));
                        *promised.entry(key).or_default() += amount;
                    }
                }
                assert!(
                    (commitment.amount(0).amount().expect("a number")
                        - commitment.dues.iter().filter_map(|due| due.amounts[0].amount()).sum::<f64>())
                    .abs()
                        < 0.01,
                    "{name}"
                );
            }
            if promised.is_empty() && owed == 0.0 {
                continue;
            }
            // Interest of a loan, and what credits settle, are in no commitment of cash.
            let of_commitments = |falls: &Falls| -> Falls {
                let mine = falls.iter().filter(|(key, _)| promised.keys().any(|known| known.0 == key.0));
                mine.map(|(key, amount)| (key.clone(), *amount)).collect()
            };
            if !text.contains("credits") && !text.contains("usage") {
                same(&promised, &of_commitments(&life))
                    .unwrap_or_else(|why| panic!("{name}, {passed}: {why}"));
            }
            let moved: f64 = lowered
                .program
                .past
                .iter()
                .zip(&lowered.side.past)
                .filter(|(_, label)| !label.name.ends_with("interest"))
                .map(|(past, _)| past.amount)
                .sum();
            assert!((moved - past).abs() < 0.01, "{name}, {passed}: {moved} were paid, {past} fell due");
        }
    }
}
