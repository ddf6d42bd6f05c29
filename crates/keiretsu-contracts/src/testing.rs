//! Text in, dated flows out: what the tests of contract types are written with.

use keiretsu_model::{Diagnostic, MemoryFiles, Opened, Options, open};
use keiretsu_program::{FlowId, HoldingId, PartyId, Probe, Program, Quantity, Reading, RunSpec, Span};

/// Two parties, a factor that doubles in a year, and an event that is 75% likely by the second month.
const WORLD: &str = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"3 years\"\n[parties]\na = {}\nb = {}\n\
    [factors.level]\nstart = \"$1M\"\ngrowth = \"100%\"\n[events.likely]\nchance = \"75% by 2026-02\"\n";

fn opened(text: &str) -> (Opened, Vec<Diagnostic>) {
    let specs = crate::specs();
    let opened = open(&MemoryFiles::root(&format!("{WORLD}{text}")), "keiretsu.toml", &Options::new(&specs));
    let mut diagnostics = opened.diagnostics.clone();
    diagnostics.extend(crate::check(&opened.model));
    (opened, diagnostics)
}

/// Asserts what is due in a reading, one line a flow and month: `2026-01  a -> b  $5.0M  service`.
pub fn check(text: &str, reading: &str, expected: &str) {
    let (opened, diagnostics) = opened(text);
    let wrong: Vec<String> =
        diagnostics.iter().map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message)).collect();
    assert!(wrong.is_empty(), "{text}\n{}", wrong.join("\n"));
    let lowered = crate::lower(&opened.model);
    assert!(keiretsu_program::verify(&lowered.program).is_ok(), "{text}");
    assert_eq!(due(&lowered.program, named(reading), &opened).join("\n"), expected, "{text}");
}

/// Asserts that a text is refused, or warned of, with this code and no other.
pub fn refuses(text: &str, code: &str) {
    let (_, diagnostics) = opened(text);
    let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, [code], "{text}\n{diagnostics:?}");
}

/// The codes of everything that is found in a text.
pub fn codes(text: &str) -> Vec<&'static str> {
    opened(text).1.iter().map(|diagnostic| diagnostic.code).collect()
}

/// Asserts that a text can be run in every reading.
pub fn runs(text: &str) {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.code.starts_with('W')), "{text}\n{diagnostics:?}");
    let lowered = crate::lower(&opened.model);
    let verified = keiretsu_program::verify(&lowered.program);
    assert!(verified.is_ok(), "{text}\n{verified:?}");
    for reading in Reading::ALL {
        let spec = RunSpec::reading(reading, vec![]);
        assert!(keiretsu_engine::run(&lowered.program, &spec, 1).is_ok(), "{text}");
    }
}

fn due(program: &Program, reading: Reading, opened: &Opened) -> Vec<String> {
    let probe = |at| Probe { quantity: Quantity::Due(FlowId(at as u32)), span: Span::Month };
    let probes: Vec<Probe> = (0..program.flows.len()).map(probe).collect();
    let seen = keiretsu_engine::run(program, &RunSpec::reading(reading, probes), 1).expect("a run");
    let name = |party: PartyId| opened.model.parties[party.at()].name.clone();
    let mut lines = Vec::new();
    for t in 1..=program.months {
        for (flow, series) in program.flows.iter().zip(&seen.series) {
            let amount = series.mean[t as usize - 1];
            if amount > 0.5 {
                let (from, to) = (name(flow.from), name(flow.to));
                let month = program.month(t);
                lines.push(format!("{month}  {from} -> {to}  ${:.1}M  {}", amount / 1e6, flow.tag.name()));
            }
        }
    }
    lines
}

/// What contracts commit to in a reading, in millions: what was due by as-of, and what is still to come; an
/// unread part of either counts nothing.
pub fn committed(text: &str, reading: &str) -> [f64; 2] {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
    let reading = named(reading);
    let (mut past, mut to_come) = (0.0, 0.0);
    for commitment in crate::lower(&opened.model).side.commitments {
        to_come += commitment.undated[reading].amount().unwrap_or(0.0) / 1e6;
        for due in commitment.dues {
            let amount = due.amounts[reading].amount().unwrap_or(0.0) / 1e6;
            *(if due.past { &mut past } else { &mut to_come }) += amount;
        }
    }
    [past, to_come]
}

/// The commitments of a text.
pub fn promised(text: &str) -> Vec<crate::side::Commitment> {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
    crate::lower(&opened.model).side.commitments
}

/// What nothing dates of what contracts commit to in a reading, in millions: of `a` to `b`, and back.
pub fn undated(text: &str, reading: Reading) -> [f64; 2] {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
    let a = opened.model.find_party("a");
    let mut sums = [0.0; 2];
    for commitment in crate::lower(&opened.model).side.commitments {
        let amount = commitment.undated[reading].amount().unwrap_or(0.0) / 1e6;
        sums[usize::from(Some(commitment.from) != a)] += amount;
    }
    sums
}

/// The amount of the first commitment of a text in the firm reading.
pub fn firm_of_first(text: &str) -> keiretsu_values::Value {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
    let commitments = crate::lower(&opened.model).side.commitments;
    commitments.first().expect("a commitment").amount(Reading::Firm)
}

/// Asserts that two lists of numbers are the same up to rounding.
pub fn same(found: &[f64], by_hand: &[f64]) {
    let near = found.iter().zip(by_hand).all(|(found, by_hand)| (found - by_hand).abs() < 1e-6);
    assert!(near && found.len() == by_hand.len(), "{found:?} is not {by_hand:?}");
}

/// Asserts who is exposed to whom by what, in the firm reading, in the first and in the twelfth month.
pub fn exposed(text: &str, expected: &[(&str, &str, &str, [f64; 2])]) {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.code.starts_with('W')), "{text}\n{diagnostics:?}");
    let lowered = crate::lower(&opened.model);
    assert!(keiretsu_program::verify(&lowered.program).is_ok(), "{text}");
    assert_eq!(lowered.side.claims.len(), lowered.program.claims.len(), "a contract for each claim");
    let probe = |register| Probe { quantity: Quantity::Register(register), span: Span::Month };
    let probes = lowered.side.exposures.iter().map(|exposure| probe(exposure.register)).collect();
    let spec = RunSpec::reading(Reading::Firm, probes);
    let seen = keiretsu_engine::run(&lowered.program, &spec, 1).expect("a run");
    let name = |party: keiretsu_model::PartyRef| opened.model.party(party).name.clone();
    let lines = lowered.side.exposures.iter().zip(&seen.series).map(|(exposure, series)| {
        let more = if exposure.at_least.is_some() { ", or more" } else { "" };
        let layer = format!("{:?}{more}", exposure.layer);
        (name(exposure.creditor), name(exposure.debtor), layer, [series.mean[0], series.mean[11]])
    });
    let lines: Vec<_> = lines.collect();
    assert_eq!(lines.len(), expected.len(), "{text}\n{lines:?}");
    for (found, wanted) in lines.iter().zip(expected) {
        assert_eq!((&*found.0, &*found.1, &*found.2), (wanted.0, wanted.1, wanted.2), "{text}");
        let near = found.3.iter().zip(wanted.3).all(|(found, wanted)| (found - wanted).abs() < 1.0);
        assert!(near, "{text}\n{found:?} is not {wanted:?}");
    }
}

/// What falls due in each month over all flows.
pub fn dues(text: &str, reading: &str) -> Vec<f64> {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
    let lowered = crate::lower(&opened.model);
    let probe = |at| Probe { quantity: Quantity::Due(FlowId(at as u32)), span: Span::Month };
    let probes: Vec<Probe> = (0..lowered.program.flows.len()).map(probe).collect();
    let seen = keiretsu_engine::run(&lowered.program, &RunSpec::reading(named(reading), probes), 1);
    let seen = seen.expect("a run");
    (0..lowered.program.months as usize)
        .map(|t| seen.series.iter().map(|series| series.mean[t]).sum())
        .collect()
}

/// The months in which what falls due may be something else than what is read.
pub fn open_months(text: &str, reading: &str) -> Vec<usize> {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
    let lowered = crate::lower(&opened.model);
    let probe = |at| Probe { quantity: Quantity::Due(FlowId(at as u32)), span: Span::Month };
    let probes: Vec<Probe> = (0..lowered.program.flows.len()).map(probe).collect();
    let spec = RunSpec { possible: true, ..RunSpec::reading(named(reading), probes) };
    let seen = keiretsu_engine::run(&lowered.program, &spec, 1).expect("a run");
    let open = |at: usize| {
        seen.series.iter().any(|series| series.possible.get(at).is_some_and(|r| !r.possible.set.is_point()))
    };
    (0..lowered.program.months as usize).filter(|at| open(*at)).map(|at| at + 1).collect()
}

/// The stake of a holding at the end of a month.
pub fn stake(text: &str, reading: &str, name: &str, month: u32) -> f64 {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
    let lowered = crate::lower(&opened.model);
    let at = lowered.side.holdings.iter().position(|label| label.name == name).expect("a holding");
    let probe = Probe { quantity: Quantity::Stake(HoldingId(at as u32)), span: Span::Month };
    let spec = RunSpec::reading(named(reading), vec![probe]);
    let seen = keiretsu_engine::run(&lowered.program, &spec, 1).expect("a run");
    seen.series[0].mean[month as usize - 1]
}

/// Net cash of a party in a month.
pub fn net(text: &str, reading: &str, party: &str, month: u32) -> f64 {
    let (opened, diagnostics) = opened(text);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
    let lowered = crate::lower(&opened.model);
    let party = opened.model.find_party(party).expect("a party");
    let probe = Probe { quantity: Quantity::Net(PartyId(party.0)), span: Span::Month };
    let spec = RunSpec::reading(named(reading), vec![probe]);
    let seen = keiretsu_engine::run(&lowered.program, &spec, 1).expect("a run");
    seen.series[0].mean[month as usize - 1]
}

fn named(reading: &str) -> Reading {
    Reading::ALL.into_iter().find(|known| known.name() == reading).expect("a reading")
}
