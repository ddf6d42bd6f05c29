//! Worlds that are run side by side are what each of them is alone.

use keiretsu_engine::{run, run_worlds};
use keiretsu_program::{
    Change, EventId, FactorId, Overlay, PartyId, Program, Reading, Reg, RunSpec, SlotId, Target,
};

use crate::rich;

fn overlay(target: Target, change: Change, from: u32, until: u32) -> Overlay {
    Overlay { target, change, from, until }
}

/// A world for each thing that can be changed, and some with several changes.
fn worlds(program: &Program) -> Vec<Vec<Overlay>> {
    let every = |count: usize| (0..count as u32).collect::<Vec<u32>>();
    let slots = every(program.slots.len()).into_iter().flat_map(|at| {
        let slot = Target::Slot(SlotId(at));
        [overlay(slot, Change::Scale(1.5), 0, 0), overlay(slot, Change::Set(0.25), 0, 0)]
    });
    let factors = every(program.factors.len()).into_iter().flat_map(|at| {
        let factor = Target::Factor(FactorId(at));
        [overlay(factor, Change::Scale(0.4), 3, 20), overlay(factor, Change::Set(f64::NAN), 5, 9)]
    });
    let events = every(program.events.len()).into_iter().flat_map(|at| {
        let event = Target::Event(EventId(at));
        [overlay(event, Change::Set(1.0), 2, 12), overlay(event, Change::Set(0.0), 1, 30)]
    });
    let registers = every(program.ops.len()).into_iter().map(|at| {
        let change = if at % 2 == 0 { Change::Scale(0.7) } else { Change::Shift(3.0) };
        overlay(Target::Register(Reg(at)), change, 4, 15)
    });
    let parties = every(program.parties.len()).into_iter().skip(1);
    let defaults = parties.map(|at| overlay(Target::Default(PartyId(at)), Change::Set(1.0), 3 + at, 3 + at));
    let single: Vec<Overlay> = slots.chain(factors).chain(events).chain(registers).chain(defaults).collect();
    let pairs = single.windows(40).step_by(7).map(|few| vec![few[0], few[39], few[0]]);
    let alone = single.iter().map(|one| vec![*one]);
    [vec![]].into_iter().chain(alone).chain(pairs).collect()
}

type Numbers = Vec<Vec<f64>>;

fn beside(program: &Program, spec: &RunSpec, worlds: &[Vec<Overlay>], last: u32) -> Vec<Numbers> {
    let mut all = vec![];
    let done = run_worlds(program, spec, worlds, last, &|_, _| true, &mut |seen| all.push(seen.to_vec()));
    done.expect("the program is sound");
    all
}

#[test]
fn what_comes_after_the_last_month_is_not_run() {
    let program = rich::program();
    let mut spec = RunSpec::reading(Reading::Expected, rich::probes(&program));
    spec.own_money = vec![vec![PartyId(4)]];
    let worlds = worlds(&program);
    let (all, few) = (beside(&program, &spec, &worlds, 99), beside(&program, &spec, &worlds, 7));
    let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
    for (all, few) in all.iter().zip(&few) {
        // The first probe is one of months.
        assert_eq!(bits(&all[0][..7]), bits(&few[0][..7]));
        assert!(few[0][7..].iter().all(|x| x.is_nan()));
    }
}

#[test]
fn a_world_beside_others_is_what_it_is_alone() {
    let program = rich::program();
    let worlds = worlds(&program);
    assert!(100 < worlds.len(), "more than one block of worlds");
    for reading in Reading::ALL {
        let mut spec = RunSpec::reading(reading, rich::probes(&program));
        spec.own_money = vec![vec![PartyId(4)]];
        spec.overlays = vec![overlay(Target::Factor(FactorId(2)), Change::Scale(0.9), 2, 25)];
        let beside = beside(&program, &spec, &worlds, rich::MONTHS);
        assert_eq!(beside.len(), worlds.len());
        for (world, numbers) in worlds.iter().zip(&beside) {
            let mut alone = spec.clone();
            alone.overlays.extend(world);
            let seen = run(&program, &alone, 1).expect("the program is sound");
            for ((probe, series), numbers) in spec.probes.iter().zip(&seen.series).zip(numbers) {
                let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
                let same = series
                    .mean
                    .iter()
                    .zip(numbers)
                    .all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()));
                assert!(
                    same && series.mean.len() == numbers.len(),
                    "{probe:?} in {world:?}, {reading:?}: {:?} alone, {:?} beside others",
                    bits(&series.mean),
                    bits(numbers)
                );
            }
        }
    }
}
