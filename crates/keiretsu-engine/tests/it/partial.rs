//! Partial results of ranges that tile the paths of a run are the run, to the last bit.

use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::rich;
use keiretsu_engine::{MergeError, Missing, Partial, RunError, replay, run, run_partial};
use keiretsu_program::{
    Builder, CoverId, CreditsId, Event, ExposureSpec, Factor, FactorId, FlowId, HoldingId, Mode, Month,
    Observations, Occurrence, Op, OwnMoney, PartyId, Paths, Probe, Process, Program, Quantity, Reg, RunSpec,
    Span, Tag, WireError, from_bytes, to_bytes,
};

const FIRST: u64 = 100;
const COUNT: u64 = 1500;

/// Every kind of probe, over every span, with tails and exposures.
fn spec(program: &Program, exact_limit: u64) -> RunSpec {
    let paths = Paths { seed: 11, first: FIRST, count: COUNT, exact_limit };
    let more = [
        Quantity::Due(FlowId(0)),
        Quantity::Payment(FlowId(0)),
        Quantity::Factor(FactorId(2)),
        Quantity::Register(Reg(0)),
        Quantity::Value(PartyId(1)),
        Quantity::Holding(HoldingId(1)),
        Quantity::CreditsLeft(CreditsId(0)),
        Quantity::Drawn(CoverId(0)),
        Quantity::Exposure(0),
        Quantity::ExposureAtDefault(0),
    ];
    let mut probes = rich::probes(program);
    for span in [Span::Month, Span::Quarter, Span::Year, Span::Whole] {
        probes.extend(more.map(|quantity| Probe { quantity, span }));
    }
    let parts = vec![Quantity::Due(FlowId(0)), Quantity::Holding(HoldingId(0))];
    RunSpec {
        own_money: vec![vec![PartyId(4)]],
        tails: vec![0.9, 0.99],
        exposures: vec![ExposureSpec { parts, less: vec![], debtor: PartyId(1) }],
        ..RunSpec::paths(paths, probes)
    }
}

/// All there is, NaN as bits.
fn bits(seen: &Observations) -> Vec<u64> {
    let numbers = |series: &keiretsu_program::Series| {
        let mut all = series.mean.clone();
        all.extend(&series.standard_error);
        all.extend(series.quantiles.iter().chain(&series.tails).flatten());
        all
    };
    let mut bits: Vec<u64> = seen.series.iter().flat_map(numbers).map(f64::to_bits).collect();
    bits.extend([seen.failed, seen.quantile_error.to_bits(), seen.unread.len() as u64]);
    bits.extend(seen.left_out.iter().map(|flow| u64::from(flow.0)));
    bits
}

/// The ranges between uneven cuts of the paths.
fn ranges(spec: &RunSpec, cuts: &[u64]) -> Vec<Range<u64>> {
    let Mode::Paths(Paths { first, count, .. }) = spec.mode else { unreachable!("these are paths") };
    let starts = [first].into_iter().chain(cuts.iter().copied());
    starts.zip(cuts.iter().copied().chain([first + count])).map(|(start, end)| start..end).collect()
}

/// A range, there and back.
fn part(program: &Program, spec: &RunSpec, range: Range<u64>, threads: usize) -> Partial {
    let part = run_partial(program, spec, range, threads, &|_, _| true).expect("the program is sound");
    let bytes = to_bytes(&part);
    let back = from_bytes(&bytes).expect("bytes of a partial result");
    assert_eq!(to_bytes(&back), bytes);
    back
}

/// Merges neighbours of the list, then neighbours of what comes out, until one is left.
fn merged_as_a_tree(mut parts: Vec<Partial>) -> Partial {
    while 1 < parts.len() {
        let mut next: Vec<Partial> = vec![];
        let mut parts_left = parts.into_iter();
        while let Some(mut one) = parts_left.next() {
            if let Some(other) = parts_left.next() {
                one.merge(other).expect("no path is in both");
            }
            next.push(from_bytes(&to_bytes(&one)).expect("merged results have bytes too"));
        }
        parts = next;
    }
    parts.pop().expect("a part")
}

/// The ranges of these cuts, merged in several orders and shapes, are the run.
fn check(program: &Program, spec: &RunSpec, whole: &Observations, cuts: &[u64], threads: usize) {
    let parts: Vec<Partial> =
        ranges(spec, cuts).into_iter().map(|range| part(program, spec, range, threads)).collect();
    let count = parts.len();
    let shuffled: Vec<Partial> = (0..count).map(|at| parts[(at * 3 + 2) % count].clone()).collect();
    let mut one_by_one = shuffled[0].clone();
    for (at, part) in shuffled[1..].iter().enumerate() {
        assert!(one_by_one.finish().is_err(), "{at} parts are not all");
        one_by_one.merge(part.clone()).expect("no path is in both");
    }
    let tree = merged_as_a_tree(shuffled);
    assert_eq!(to_bytes(&one_by_one), to_bytes(&tree), "the shape of the merges");
    for merged in [one_by_one, tree] {
        let seen = merged.finish().expect("all paths are there");
        assert!(bits(&seen) == bits(whole), "{count} ranges, {threads} threads");
        assert_eq!((seen.left_out, seen.unread), (whole.left_out.clone(), whole.unread.clone()));
    }
}

/// Seven ranges: some of less than a block, one without the first path of any block.
const SEVEN: [u64; 6] = [101, 257, 300, 310, 1024, 1599];

#[test]
fn ranges_in_any_order_are_one_run() {
    let program = rich::program();
    for exact_limit in [COUNT, COUNT - 1] {
        let spec = spec(&program, exact_limit);
        let whole = run(&program, &spec, 1).expect("the program is sound");
        for (cuts, threads) in [([].as_slice(), 2), (&[777], 1), (&SEVEN, 1), (&SEVEN, 2)] {
            check(&program, &spec, &whole, cuts, threads);
        }
    }
}

#[test]
fn lots_of_own_money_are_the_same_in_any_range() {
    let program = rich::program();
    for convention in [OwnMoney::Fifo, OwnMoney::Lifo] {
        for exact_limit in [COUNT, 10] {
            let mut spec = spec(&program, exact_limit);
            spec.convention = convention;
            let whole = run(&program, &spec, 1).expect("the program is sound");
            check(&program, &spec, &whole, &SEVEN, 2);
        }
    }
}

#[test]
fn a_path_is_the_same_in_any_range() {
    let program = rich::program();
    let probe = Probe { quantity: Quantity::Cash(PartyId(2)), span: Span::Month };
    for path in [511, 512, 700] {
        let mut alone = spec(&program, 10);
        alone.probes = vec![probe];
        let replayed = replay(&program, &alone, path).expect("sound");
        alone.mode = Mode::Paths(Paths { seed: 11, first: path, count: 1, exact_limit: 1 });
        let seen = part(&program, &alone, path..path + 1, 1).finish().expect("all of one path");
        for (t, value) in (1..).zip(&seen.series[0].mean) {
            let again = replayed.get(probe.quantity, t).expect("watched");
            assert_eq!(value.to_bits(), again.to_bits(), "path {path} in month {t}");
        }
    }
}

/// A rent that overflows on some paths, and a fee that is unknown until an event.
fn troubled() -> (Program, RunSpec) {
    let mut program = Builder::new(Month::new(2025, 12), 12);
    let (start, volatility) = (program.constant(1e300), program.constant(3.0));
    let growth = program.curve((0..13).map(|t| if t == 0 { 1.0 } else { 5.0 }).collect());
    let wild = program.factor(Factor { start, growth, process: Process::Geometric { volatility } });
    let level = program.op(Op::Factor(wild));
    let (a, b, small) = (program.party(), program.party(), program.number(1e-300));
    let rent = program.mul(small, level);
    program.flow(rent, a, b, Tag::Rent);
    let chance = program.constant(0.5);
    let event = program.event(Event { occurrence: Occurrence::Once { chance, by: 12 } });
    let (one, opened) = (program.number(1.0), program.op(Op::Event(event)));
    let fee = program.op(Op::Div(one, opened));
    program.flow(fee, a, b, Tag::Fee);
    // Of at least 1e300, so beyond all numbers; nobody pays it, so no path fails for it.
    let square = program.mul(level, level);
    let quantities =
        [Quantity::Net(b), Quantity::Register(fee), Quantity::Register(level), Quantity::Register(square)];
    let probes = quantities.map(|quantity| Probe { quantity, span: Span::Month }).to_vec();
    let paths = Paths { seed: 1, first: 0, count: 900, exact_limit: 900 };
    (program.finish(), RunSpec::paths(paths, probes))
}

#[test]
fn what_fails_or_is_unknown_on_some_paths_does_so_in_any_cut() {
    let (program, spec) = troubled();
    for exact_limit in [900, 1] {
        let mut spec = spec.clone();
        spec.mode = Mode::Paths(Paths { seed: 1, first: 0, count: 900, exact_limit });
        let seen = run(&program, &spec, 2).expect("sound");
        assert!(0 < seen.failed && seen.failed < 900, "{} of 900 failed", seen.failed);
        assert_eq!(seen.left_out, [FlowId(1)]);
        assert!(seen.series[1].mean[0].is_nan(), "the fee is unknown on some path");
        let square = &seen.series[3];
        assert_eq!(square.mean[11].to_bits(), f64::INFINITY.to_bits());
        assert!(square.quantiles.iter().all(|pieces| pieces[11].is_nan()));
        check(&program, &spec, &seen, &[250, 300, 700], 2);
    }
}

#[test]
fn what_does_not_belong_together_is_not_merged() {
    let program = rich::program();
    let mut spec = spec(&program, 10);
    spec.probes.truncate(2);
    let made = |program: &Program, spec: &RunSpec, range| part(program, spec, range, 1);
    let mut all = made(&program, &spec, 300..600);
    let before = to_bytes(&all);

    let mut other_spec = spec.clone();
    other_spec.quantiles.pop();
    assert_eq!(all.merge(made(&program, &other_spec, 600..700)), Err(MergeError::Spec));
    let Mode::Paths(paths) = spec.mode else { unreachable!("these are paths") };
    other_spec = RunSpec { mode: Mode::Paths(Paths { count: COUNT + 1, ..paths }), ..spec.clone() };
    assert_eq!(all.merge(made(&program, &other_spec, 600..700)), Err(MergeError::Spec));
    let mut other_program = program.clone();
    other_program.past[0].amount += 1.0;
    assert_eq!(all.merge(made(&other_program, &spec, 600..700)), Err(MergeError::Program));

    assert_eq!(all.merge(made(&program, &spec, 300..600)), Err(MergeError::Doubled(300..600)));
    assert_eq!(all.merge(made(&program, &spec, 400..500)), Err(MergeError::Doubled(400..500)));
    assert_eq!(all.merge(made(&program, &spec, 599..601)), Err(MergeError::Overlap(599..600)));
    assert_eq!(all.merge(made(&program, &spec, 100..700)), Err(MergeError::Overlap(300..600)));
    assert_eq!(to_bytes(&all), before, "what is refused changes nothing");

    all.merge(made(&program, &spec, 700..800)).expect("a hole is allowed");
    assert_eq!(all.ranges(), [300..600, 700..800]);
    assert_eq!(all.finish(), Err(Missing(100..300)));
    all.merge(made(&program, &spec, 100..300)).expect("no path is in both");
    assert_eq!(all.finish(), Err(Missing(600..700)));
    all.merge(made(&program, &spec, 600..700)).expect("no path is in both");
    assert_eq!((all.ranges().len(), all.finish()), (1, Err(Missing(800..1600))));
}

#[test]
fn a_range_outside_of_the_run_is_refused() {
    let program = rich::program();
    let spec = spec(&program, 10);
    let refused = |range: Range<u64>| run_partial(&program, &spec, range, 1, &|_, _| true).map(|_| ());
    for range in [99..200, 100..100, 1500..1601, 0..10] {
        let Range { start: first, end } = range;
        assert_eq!(refused(range), Err(RunError::Range { first, end }));
    }
    let reading = RunSpec::reading(keiretsu_program::Reading::Firm, vec![]);
    let no_paths = run_partial(&program, &reading, 0..1, 1, &|_, _| true);
    assert_eq!(no_paths.map(|_| ()), Err(RunError::NotPaths));
    let mut levels = spec.clone();
    levels.tails = vec![1.5];
    assert_eq!(run(&program, &levels, 1), Err(RunError::Level { level: 1.5 }));
}

#[test]
fn a_range_is_watched_and_stopped_as_a_run_is() {
    let program = rich::program();
    for exact_limit in [COUNT, 1] {
        // One of them has no block of its own.
        for range in [100..900, 300..310] {
            let spec = spec(&program, exact_limit);
            let ends = AtomicU32::new(0);
            let sees = |done: u32, total: u32| {
                assert!(done <= total, "{done} of {total}");
                ends.fetch_add(u32::from(done == total), Ordering::Relaxed);
                true
            };
            run_partial(&program, &spec, range.clone(), 2, &sees).expect("sound");
            assert_eq!(ends.into_inner(), 1, "the end is told once");
            let stopped = run_partial(&program, &spec, range, 2, &|done, total| done < total);
            assert_eq!(stopped.map(|_| ()), Err(RunError::Interrupted));
        }
    }
}

/// Small results: with values, and with sketches.
static SMALL: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| [small(30), small(1)]);

fn small(exact_limit: u64) -> Vec<u8> {
    let program = rich::program();
    let mut spec = spec(&program, exact_limit);
    let whole = |quantity| Probe { quantity, span: Span::Whole };
    spec.probes = vec![whole(Quantity::Cash(PartyId(2))), whole(Quantity::Defaulted(PartyId(1)))];
    spec.mode = Mode::Paths(Paths { seed: 11, first: 0, count: 30, exact_limit });
    to_bytes(&part(&program, &spec, 0..30, 1))
}

/// The bytes with the hash that they ought to have, as somebody hostile would send them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let fields = bytes.len().saturating_sub(16);
    let hash = bytes[..fields].iter().fold(BASIS, |hash, &byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    bytes.truncate(fields);
    bytes.extend(hash.to_le_bytes());
    bytes
}

/// Whatever the bytes are, they are refused, or can be used.
fn use_or_refuse(bytes: &[u8], good: &Partial) {
    let Ok(part) = from_bytes::<Partial>(bytes) else { return };
    // Every NaN is written as the same one, so it is the second writing that must agree.
    let again = to_bytes(&part);
    assert!(to_bytes(&from_bytes::<Partial>(&again).expect("read before")) == again);
    let _ = part.finish();
    let _ = part.clone().merge(part.clone());
    let _ = good.clone().merge(part);
}

#[test]
fn damage_is_refused_and_forged_bytes_do_no_harm() {
    for bytes in SMALL.iter() {
        let good: Partial = from_bytes(bytes).expect("a partial result");
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(from_bytes::<Partial>(&flipped).is_err(), "bit {} of byte {at}", at % 8);
            use_or_refuse(&sealed(flipped), &good);
            let cut = &bytes[..at];
            assert!(from_bytes::<Partial>(cut).is_err(), "{at} of {} bytes", bytes.len());
            assert!(from_bytes::<Partial>(&sealed(cut.to_vec())).is_err(), "{at} of {} bytes", bytes.len());
        }
        let mut other = bytes.clone();
        other[8] = 99;
        let version = WireError::Version { of: "partial result", found: 99, known: 1 };
        assert_eq!(from_bytes::<Partial>(&other).map(|_| ()), Err(version));
    }
}

#[test]
fn another_version_of_the_engine_is_not_merged() {
    let bytes = &SMALL[1];
    let mut good: Partial = from_bytes(bytes).expect("a partial result");
    // The version stands first, behind magic, version of the bytes and its own length.
    let mut other = bytes.clone();
    other[16] = b'9';
    let other: Partial = from_bytes(&sealed(other)).expect("sound but for its version");
    let found = other.version().to_owned();
    assert_eq!(good.merge(other), Err(MergeError::Version(found)));
}

proptest::proptest! {
    #[test]
    fn garbage_is_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        proptest::prop_assert!(from_bytes::<Partial>(&bytes).is_err());
        proptest::prop_assert!(from_bytes::<RunSpec>(&bytes).is_err());
    }

    /// Behind an honest head and with an honest hash, nothing panics either, and no length is believed.
    #[test]
    fn forged_bytes_are_refused_or_can_be_used(
        at in 0.0..1.0_f64,
        forged in proptest::collection::vec(proptest::num::u8::ANY, 1..40),
        exact in proptest::bool::ANY,
    ) {
        let bytes = &SMALL[usize::from(exact)];
        let good: Partial = from_bytes(bytes).expect("a partial result");
        let mut other = bytes.clone();
        let first = 12 + ((bytes.len() - 12) as f64 * at) as usize;
        let end = (first + forged.len()).min(bytes.len());
        other[first..end].copy_from_slice(&forged[..end - first]);
        use_or_refuse(&sealed(other), &good);
    }
}
