//! Runs of a part of a program against runs of the whole, to the bit.

use keiretsu_engine::{run, run_on_top, run_watched_part};
use keiretsu_program::{
    Change, CoverId, CreditsId, FactorId, FlowId, HoldingId, Observations, Overlay, PartyId, Possible, Probe,
    Program, Quantity, Reading, Reg, RunSpec, Span, Target,
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
            for overlays in [vec![fails], vec![other], vec![fails, other]] {
                let all = [&spec.overlays[..], &overlays].concat();
                let Ok(own) = run(&program, &RunSpec { overlays: all, ..spec.clone() }, 1) else { continue };
                let top = run_on_top(&program, &spec, &base, &overlays, &|_, _| true).expect("it ran");
                for (at, probe) in spec.probes.iter().enumerate() {
                    assert_eq!(words(&top, at), words(&own, at), "{seed} {reading:?} {probe:?} {overlays:?}");
                    moved += usize::from(words(&own, at) != words(&base, at));
                }
            }
        }
    }
    assert!(1_000 < moved, "{moved}");
}
