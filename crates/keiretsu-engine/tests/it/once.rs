//! What falls once at most, against all the months in which it can fall.

use keiretsu_engine::run;
use keiretsu_program::{
    Builder, Change, Event, EventId, Month, Observations, Occurrence, Op, Overlay, PartyId, Probe, Program,
    Quantity, Reading, RunSpec, Span, Tag, Target,
};

const MONTHS: u32 = 14;

/// Two payments hang on the first event, one there and one back; another, of a growing amount, on the second.
/// What both parties pay each month is certain.
fn web(lapse: u32, limit: f64) -> (Program, [PartyId; 2], [keiretsu_program::FlowId; 3]) {
    let mut b = Builder::new(Month::new(2025, 10), MONTHS);
    let (a, c) = (b.party(), b.party());
    let slot = b.constant(50.0);
    b.party_mut(a).cash = Some(slot);
    let rises = |b: &mut Builder| {
        let event = b.event(Event { occurrence: Occurrence::Unknown });
        let when = b.op(Op::Event(event));
        let met = b.op(Op::Latch { when, lapse });
        b.op(Op::Rise(met))
    };
    let (first, second) = (rises(&mut b), rises(&mut b));
    let (ten, four, limit) = (b.number(10.0), b.number(4.0), b.number(limit));
    let growing = b.curve_of(|t| 3.0 + f64::from(t));
    let growing = b.min(growing, limit);
    let there = b.mul(ten, first);
    let back = b.mul(first, four);
    let other = b.mul(growing, second);
    let rent = b.number(1.0);
    b.flow(rent, a, c, Tag::Rent);
    let flows = [
        b.flow(there, a, c, Tag::Equity),
        b.flow(back, c, a, Tag::Service),
        b.flow(other, a, c, Tag::Equity),
    ];
    (b.finish(), [a, c], flows)
}

fn spec(parties: [PartyId; 2], flows: [keiretsu_program::FlowId; 3]) -> RunSpec {
    let of_flow = flows.into_iter().flat_map(|flow| [Quantity::Due(flow), Quantity::Payment(flow)]);
    let of_party = parties.into_iter().flat_map(|party| [Quantity::Net(party), Quantity::Cash(party)]);
    let quantities: Vec<Quantity> = of_flow.chain(of_party).collect();
    let spans = [Span::Month, Span::Quarter, Span::Year, Span::Whole];
    let probes = spans
        .into_iter()
        .flat_map(|span| quantities.iter().map(move |quantity| Probe { quantity: *quantity, span }));
    RunSpec::reading(Reading::Expected, probes.collect())
}

/// The run in which each event happens in a month, or never.
fn world(program: &Program, spec: &RunSpec, months: [u32; 2]) -> Observations {
    let event = |(at, month): (u32, u32)| {
        let overlay = |change, from, until| Overlay {
            target: Target::Event(EventId(at)),
            change: Change::Set(change),
            from,
            until,
        };
        [overlay(0.0, 0, month - 1), overlay(1.0, month, MONTHS + 1)]
    };
    let overlays = (0..).zip(months).flat_map(event).collect();
    run(program, &RunSpec { overlays, ..spec.clone() }, 1).expect("it runs")
}

/// Least and most of each number over all worlds.
fn enumerated(program: &Program, spec: &RunSpec) -> Vec<Vec<(f64, f64)>> {
    let mut ends: Vec<Vec<(f64, f64)>> = vec![];
    for first in 1..=MONTHS + 1 {
        for second in 1..=MONTHS + 1 {
            let seen = world(program, spec, [first, second]);
            if ends.is_empty() {
                let none = |series: &keiretsu_program::Series| vec![(f64::MAX, f64::MIN); series.mean.len()];
                ends = seen.series.iter().map(none).collect();
            }
            for (ends, series) in ends.iter_mut().zip(&seen.series) {
                for (end, x) in ends.iter_mut().zip(&series.mean) {
                    *end = (end.0.min(*x), end.1.max(*x));
                }
            }
        }
    }
    ends
}

#[test]
fn what_falls_once_counts_once_over_all_months_in_which_it_can_fall() {
    for (lapse, limit) in [(u32::MAX, 100.0), (9, 100.0), (u32::MAX, 7.5), (2, 100.0)] {
        let (program, parties, flows) = web(lapse, limit);
        let spec = spec(parties, flows);
        let seen = run(&program, &RunSpec { possible: true, ..spec.clone() }, 1).expect("it runs");
        let ends = enumerated(&program, &spec);
        for ((probe, series), ends) in spec.probes.iter().zip(&seen.series).zip(&ends) {
            assert!(!series.possible.is_empty(), "{probe:?} is open");
            // The least and the most are those of some world: nothing wider, nothing narrower.
            for (piece, (reach, (least, most))) in series.possible.iter().zip(ends).enumerate() {
                let set = reach.possible.set;
                let near = |a: f64, b: f64| (a - b).abs() <= 1e-9;
                let what = format!("{probe:?} {piece}: {set:?}, in worlds {least} to {most}");
                assert!(near(set.low, *least) && near(set.high, *most), "{what}");
            }
        }
    }
}
