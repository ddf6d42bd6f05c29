//! Runs of a part of a program against runs of the whole, to the bit.

use keiretsu_engine::{Known, PriorRun, run, run_on_top, run_watched_part};
use keiretsu_program::{
    Change, CoverId, CreditsId, FactorId, Feed, FlowId, HoldingId, Observations, Op, Overlay, PartyId,
    Possible, Probe, Process, Program, Quantity, Reading, Reg, RunSpec, SlotId, Span, Target,
};
use keiretsu_testkit::webs::generate;
use keiretsu_values::Set;

/// Everything that can be watched but own money.
fn quantities(program: &Program) -> Vec<Quantity> {
    let flows = (0..program.flows.len() as u32).map(FlowId);
    let mut all: Vec<Quantity> = flows.flat_map(|at| [Quantity::Due(at), Quantity::Payment(at)]).collect();
    for party in (0..program.parties.len() as u32).map(PartyId) {
        all.extend([Quantity::Net(party), Quantity::Cash(party), Quantity::Raised(party)]);
        all.extend([Quantity::Defaulted(party), Quantity::Shortfall(party), Quantity::Value(party)]);
    }
    all.extend((0..program.factors.len() as u32).map(|at| Quantity::Factor(FactorId(at))));
    all.extend((0..program.ops.len() as u32).map(|at| Quantity::Register(Reg(at))));
    let holdings = (0..program.holdings.len() as u32).map(HoldingId);
    all.extend(holdings.flat_map(|at| [Quantity::Holding(at), Quantity::Stake(at)]));
    for pool in (0..program.credits.len() as u32).map(CreditsId) {
        all.extend([
            Quantity::CreditsUsed(pool),
            Quantity::CreditsExpired(pool),
            Quantity::CreditsLeft(pool),
        ]);
    }
    all.extend((0..program.covers.len() as u32).map(|at| Quantity::Drawn(CoverId(at))));
    all
}

/// A web with some open figures, and a run of a reading of it that watches everything.
fn case(seed: u64, reading: Reading) -> (Program, RunSpec) {
    let mut case = generate(seed);
    for (at, slot) in case.program.slots.iter_mut().enumerate() {
        let read = slot.read(reading);
        if (seed + at as u64).is_multiple_of(3) && read.is_finite() {
            let set = Set { low: read.min(read * 1.5), high: f64::max(read, read * 1.5) };
            slot.possible[reading] = Some(Possible { set, vague: at.is_multiple_of(2) });
        }
    }
    let probe = |quantity| Probe { quantity, span: Span::Month };
    let probes = quantities(&case.program).into_iter().map(probe).collect();
    let spec = RunSpec { overlays: case.overlays, possible: true, ..RunSpec::reading(reading, probes) };
    (case.program, spec)
}

fn words(seen: &Observations, at: usize) -> String {
    format!("{:?}", seen.series[at])
}

/// One month of it: the number, and what it may be if that is more than the number.
fn month(seen: &Observations, at: usize, t: usize) -> String {
    let series = &seen.series[at];
    let reach = series.possible.get(t).filter(|reach| reach.unread || !reach.possible.is_only());
    format!("{:?} {reach:?}", series.mean[t])
}

#[test]
fn a_part_of_a_web_sees_what_the_whole_sees() {
    let mut compared = 0;
    for seed in 1..=150 {
        for reading in Reading::ALL {
            let (program, spec) = case(seed, reading);
            let Ok(whole) = run(&program, &spec, 1) else { continue };
            // Probes by themselves, and a few together.
            for (first, step) in (0..spec.probes.len()).step_by(7).map(|first| (first, 1 + first % 11)) {
                let places: Vec<usize> =
                    (first..spec.probes.len()).step_by(step).take(1 + first % 3).collect();
                let probes = places.iter().map(|at| spec.probes[*at]).collect();
                let part = run_watched_part(&program, &RunSpec { probes, ..spec.clone() }, &|_, _| true);
                let part = part.expect("the whole ran");
                for (at, place) in places.iter().enumerate() {
                    let probe = spec.probes[*place];
                    assert_eq!(words(&part, at), words(&whole, *place), "{seed} {reading:?} {probe:?}");
                    compared += 1;
                }
            }
        }
    }
    assert!(2_000 < compared, "{compared}");
}

#[test]
fn overlays_on_top_of_a_run_change_what_a_run_of_its_own_changes() {
    let mut moved = 0;
    for seed in 1..=150 {
        for reading in Reading::ALL {
            let (program, spec) = case(seed, reading);
            let Ok(base) = run(&program, &spec, 1) else { continue };
            let party = PartyId(1 + seed as u32 % (program.parties.len() as u32 - 1));
            let reg = Reg((seed as usize * 7 % program.ops.len()) as u32);
            let overlay = |target, change| Overlay { target, change, from: 1 + seed as u32 % 3, until: 12 };
            let fails = overlay(Target::Default(party), Change::Set(1.0));
            let other = overlay(Target::Register(reg), Change::Set(0.0));
            let mut made: Vec<(Vec<Overlay>, Observations)> = vec![(vec![], base.clone())];
            for overlays in [vec![fails], vec![other], vec![fails, other]] {
                let all = [&spec.overlays[..], &overlays].concat();
                let Ok(own) = run(&program, &RunSpec { overlays: all, ..spec.clone() }, 1) else { continue };
                let made_so = |(overlays, seen)| PriorRun { overlays, probes: &spec.probes, seen };
                let below: Vec<PriorRun<'_>> =
                    made.iter().map(|(some, seen)| made_so((&some[..], seen))).collect();
                let top = run_on_top(&program, &spec, &below, &overlays, program.months, &|_, _| true)
                    .expect("it ran");
                let last = 1 + seed as u32 % program.months;
                let short =
                    run_on_top(&program, &spec, &below, &overlays, last, &|_, _| true).expect("it ran");
                for (at, probe) in spec.probes.iter().enumerate() {
                    let months = 0..last as usize;
                    for t in months {
                        assert_eq!(
                            month(&short, at, t),
                            month(&own, at, t),
                            "{seed} {reading:?} {probe:?} {t}"
                        );
                    }
                    assert_eq!(words(&top, at), words(&own, at), "{seed} {reading:?} {probe:?} {overlays:?}");
                    moved += usize::from(words(&own, at) != words(&base, at));
                }
                made.push((overlays.clone(), own));
            }
        }
    }
    assert!(1_000 < moved, "{moved}");
}

/// The program with one thing changed, added or left out.
fn changed(program: &Program, seed: u64) -> Program {
    let mut other = program.clone();
    let slot = seed as usize * 5 % other.slots.len();
    match seed % 4 {
        0 => other.slots[slot].expected *= 1.01,
        1 => {
            // One register more at the front: all others move up.
            let later = |reg: Reg| Reg(reg.0 + 1);
            other.ops = shifted(&other.ops, later);
            other.flows.iter_mut().for_each(|flow| flow.amount = later(flow.amount));
            strip(&mut other, later);
        }
        2 => other.months += 1,
        _ => {
            for reading in Reading::ALL {
                other.slots[slot].possible[reading] = Some(Possible { set: Set::ALL, vague: true });
            }
        }
    }
    if other.months != program.months {
        other.months = program.months;
        let last = other.curves.len().saturating_sub(1);
        other.curves.iter_mut().skip(last).flatten().for_each(|number| *number *= 1.5);
    }
    other
}

fn shifted(ops: &[Op], to: impl Fn(Reg) -> Reg) -> Vec<Op> {
    let op = |op: &Op| match *op {
        Op::Add(a, b) => Op::Add(to(a), to(b)),
        Op::Sub(a, b) => Op::Sub(to(a), to(b)),
        Op::Mul(a, b) => Op::Mul(to(a), to(b)),
        Op::Div(a, b) => Op::Div(to(a), to(b)),
        Op::Min(a, b) => Op::Min(to(a), to(b)),
        Op::Max(a, b) => Op::Max(to(a), to(b)),
        Op::AtLeast(a, b) => Op::AtLeast(to(a), to(b)),
        Op::MoreThan(a, b) => Op::MoreThan(to(a), to(b)),
        Op::And(a, b) => Op::And(to(a), to(b)),
        Op::Or(a, b) => Op::Or(to(a), to(b)),
        Op::Not(a) => Op::Not(to(a)),
        Op::Choose { when, then, otherwise } => {
            Op::Choose { when: to(when), then: to(then), otherwise: to(otherwise) }
        }
        Op::Lag { of, months } => Op::Lag { of: to(of), months },
        Op::Latch { when, lapse } => Op::Latch { when: to(when), lapse },
        Op::Rise(of) => Op::Rise(to(of)),
        other => other,
    };
    [Op::Slot(SlotId(0))].into_iter().chain(ops.iter().map(op)).collect()
}

/// Moves all else that names a register.
fn strip(program: &mut Program, to: impl Fn(Reg) -> Reg) {
    for factor in &mut program.factors {
        if let Process::Formula(reg) = &mut factor.process {
            *reg = to(*reg);
        }
    }
    for feed in program.accounts.iter_mut().flat_map(|account| &mut account.feeds) {
        if let Feed::Value(reg) = feed {
            *reg = to(*reg);
        }
    }
    for issue in program.flows.iter_mut().filter_map(|flow| flow.issue.as_mut()) {
        issue.pre_money = to(issue.pre_money);
        issue.in_kind = issue.in_kind.map(&to);
    }
    for pool in &mut program.credits {
        pool.grant = to(pool.grant);
        pool.grows = pool.grows.map(&to);
    }
    program.claims.iter_mut().for_each(|claim| claim.amount = to(claim.amount));
    for cover in &mut program.covers {
        cover.share = to(cover.share);
        for term in [&mut cover.limit, &mut cover.cushion, &mut cover.worth, &mut cover.grows] {
            *term = term.map(&to);
        }
        cover.claims.iter_mut().for_each(|one| one.falls = to(one.falls));
    }
    for party in &mut program.parties {
        party.value = party.value.map(&to);
        party.recovery = party.recovery.map(&to);
        if let Some(funding) = &mut party.funding {
            funding.price = funding.price.map(&to);
            funding.most = funding.most.map(&to);
        }
    }
}

#[test]
fn what_is_known_of_a_run_is_right_beside_a_program_that_differs() {
    let mut same = 0;
    for seed in 1..=200 {
        for reading in Reading::ALL {
            let (program, spec) = case(seed, reading);
            let moves = |overlay: &Overlay| !matches!(overlay.target, Target::Register(_));
            let spec = RunSpec { overlays: spec.overlays.iter().copied().filter(moves).collect(), ..spec };
            let Ok(base) = run(&program, &spec, 1) else { continue };
            let known = Known::new(&program, &spec, base.clone());
            let other = changed(&program, seed);
            let Ok(own) = run(&other, &spec, 1) else { continue };
            let beside = known.run(&other, &spec, &|_, _| true).expect("it ran");
            for (at, probe) in spec.probes.iter().enumerate() {
                assert_eq!(words(&beside, at), words(&own, at), "{seed} {reading:?} {probe:?}");
                same += usize::from(words(&own, at) == words(&base, at));
            }
        }
    }
    assert!(1_000 < same, "{same}");
}

#[test]
fn nothing_is_run_again_where_nothing_differs() {
    let (program, spec) = case(7, Reading::Expected);
    let spec = RunSpec { overlays: vec![], ..spec };
    let known = Known::new(&program, &spec, run(&program, &spec, 1).expect("it runs"));
    let never = known.run(&program, &spec, &|_, _| false).expect("there is nothing to interrupt");
    assert_eq!(never.series.len(), spec.probes.len());
}
