//! Programs and runs as bytes: what comes back, and what is refused.

use keiretsu_program::{
    Change, CoverId, ExposureSpec, Fault, FlowId, HoldingId, Mode, Overlay, OwnMoney, PartyId, Paths, Probe,
    Program, Quantity, Reading, Reg, RunSpec, Span, Target, WIRE_VERSION, WireError, fingerprint, to_bytes,
};

use crate::every::every;

fn from_bytes(bytes: &[u8]) -> Result<Program, WireError> {
    keiretsu_program::from_bytes(bytes)
}

/// The bytes with the hash that they ought to have, as somebody hostile would send them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    bytes.truncate(bytes.len().saturating_sub(16));
    let hash = bytes.iter().fold(BASIS, |hash, &byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    bytes.extend(hash.to_le_bytes());
    bytes
}

#[test]
fn a_program_comes_back_as_it_was() {
    let program = every();
    let bytes = to_bytes(&program);
    let back = from_bytes(&bytes).unwrap();
    // NaN differs from itself, so the programs are compared as what they print and as bytes.
    assert_eq!(format!("{back:?}"), format!("{program:?}"));
    assert_eq!(to_bytes(&back), bytes);
    assert_eq!(sealed(bytes.clone()), bytes);
}

#[test]
fn any_other_version_is_refused() {
    let mut bytes = to_bytes(&every());
    bytes[8] = 99;
    assert_eq!(from_bytes(&bytes), Err(WireError::Version { of: "program", found: 99, known: WIRE_VERSION }));
    bytes[0] = b'k';
    assert_eq!(from_bytes(&bytes), Err(WireError::Other { of: "program" }));
}

#[test]
fn every_unknown_is_the_same() {
    let (mut program, mut negative) = (every(), every());
    program.past[0].amount = f64::NAN;
    negative.past[0].amount = -f64::NAN;
    assert_eq!(fingerprint(&program), fingerprint(&negative));
    negative.past[0].amount = 0.0;
    assert_ne!(fingerprint(&program), fingerprint(&negative));
}

#[test]
fn a_cut_is_refused_at_every_length() {
    let bytes = to_bytes(&every());
    for length in 0..bytes.len() {
        let cut = &bytes[..length];
        assert!(from_bytes(cut).is_err(), "{length} of {} bytes", bytes.len());
        assert!(from_bytes(&sealed(cut.to_vec())).is_err(), "{length} of {} bytes", bytes.len());
    }
}

#[test]
fn more_bytes_are_refused() {
    let mut bytes = to_bytes(&every());
    bytes.push(0);
    assert_eq!(from_bytes(&bytes), Err(WireError::Hash));
    assert_eq!(from_bytes(&sealed(bytes)), Err(WireError::Long));
}

#[test]
fn a_flipped_bit_is_refused_or_at_least_verified() {
    let bytes = to_bytes(&every());
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            assert!(from_bytes(&flipped).is_err(), "bit {bit} of byte {at}");
            // With its hash mended it may be another program, but a sound one.
            let mended = sealed(flipped);
            if let Ok(program) = from_bytes(&mended) {
                assert_eq!(keiretsu_program::verify(&program), Ok(()));
                assert!(from_bytes(&to_bytes(&program)).is_ok());
            }
        }
    }
}

#[test]
fn a_length_beyond_the_input_costs_nothing() {
    let mut bytes = to_bytes(&every());
    // The list of parties starts after the magic, version, origin and months.
    bytes[20..24].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(from_bytes(&sealed(bytes)).is_err());
}

#[test]
fn a_program_with_a_fault_is_refused() {
    let mut program = every();
    program.flows[0].amount = Reg(1000);
    let what = "r1000 is not one of 24 registers".to_string();
    let faults = vec![Fault { part: "flow", index: 0, what }];
    assert_eq!(from_bytes(&to_bytes(&program)), Err(WireError::Faults(faults)));
    let error = from_bytes(&to_bytes(&program)).unwrap_err().to_string();
    assert!(error.contains("flow 0: r1000"), "{error}");
}

/// A run with something of everything.
fn run_spec() -> RunSpec {
    let quantities = [
        Quantity::Due(FlowId(1)),
        Quantity::OwnReceipts { group: 1, party: PartyId(2) },
        Quantity::Exposure(0),
        Quantity::Drawn(CoverId(3)),
    ];
    let spans = [Span::Month, Span::Quarter, Span::Year, Span::Whole];
    let probes = quantities.iter().zip(spans).map(|(quantity, span)| Probe { quantity: *quantity, span });
    let paths = Paths { seed: 7, first: 3, count: 1 << 40, exact_limit: 9 };
    let overlay = |target, change| Overlay { target, change, from: 2, until: u32::MAX };
    RunSpec {
        overlays: vec![
            overlay(Target::Register(Reg(5)), Change::Scale(0.5)),
            overlay(Target::Default(PartyId(1)), Change::Set(f64::NAN)),
        ],
        own_money: vec![vec![], vec![PartyId(1), PartyId(2)]],
        convention: OwnMoney::Lifo,
        tails: vec![0.975],
        exposures: vec![ExposureSpec {
            parts: vec![Quantity::Due(FlowId(0))],
            less: vec![Quantity::Holding(HoldingId(1))],
            debtor: PartyId(1),
        }],
        possible: true,
        ..RunSpec::paths(paths, probes.collect())
    }
}

#[test]
fn a_run_comes_back_as_it_was_and_damaged_ones_are_refused() {
    for spec in [run_spec(), RunSpec::reading(Reading::Headline, vec![])] {
        let bytes = to_bytes(&spec);
        let back: RunSpec = keiretsu_program::from_bytes(&bytes).unwrap();
        assert_eq!(format!("{back:?}"), format!("{spec:?}"));
        assert_eq!(fingerprint(&back), fingerprint(&spec));
        assert_eq!(from_bytes(&bytes), Err(WireError::Other { of: "program" }));
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(keiretsu_program::from_bytes::<RunSpec>(&flipped).is_err(), "byte {at}");
            // Whatever the bytes are, they are read or refused.
            let _ = keiretsu_program::from_bytes::<RunSpec>(&sealed(flipped));
            assert!(keiretsu_program::from_bytes::<RunSpec>(&sealed(bytes[..at].to_vec())).is_err(), "{at}");
        }
    }
}

#[test]
fn another_run_has_another_fingerprint() {
    let spec = run_spec();
    let mut others = vec![spec.clone(); 5];
    others[0].mode = Mode::Paths(Paths { seed: 8, first: 3, count: 1 << 40, exact_limit: 9 });
    others[1].quantiles.pop();
    others[2].probes[0].span = Span::Year;
    others[3].convention = OwnMoney::Fifo;
    others[4].overlays[0].until = 3;
    let prints: std::collections::BTreeSet<u128> = others.iter().chain([&spec]).map(fingerprint).collect();
    assert_eq!(prints.len(), 6);
}
