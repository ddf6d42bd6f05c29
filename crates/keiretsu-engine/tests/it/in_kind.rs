//! Units that no cash of the month buys, computed by hand.

use keiretsu_engine::run;
use keiretsu_program::{Builder, Holding, Issue, Month, Op, Probe, Quantity, Reading, RunSpec, Span, Tag};

const UNKNOWN: f64 = f64::NAN;

fn builder(months: u32) -> Builder {
    Builder::new(Month::new(2025, 12), months)
}

/// The months of some quantities in a reading; unknown is printed as NaN.
fn check(program: &Builder, reading: Reading, quantities: &[Quantity], expected: &[&[f64]]) {
    let probe = |&quantity| Probe { quantity, span: Span::Month };
    let spec = RunSpec::reading(reading, quantities.iter().map(probe).collect());
    let seen = run(program.program(), &spec, 1).expect("the program is sound");
    for ((series, expected), quantity) in seen.series.iter().zip(expected).zip(quantities) {
        assert_eq!(format!("{:?}", series.mean), format!("{expected:?}"), "{quantity:?} in {reading:?}");
    }
}

#[test]
fn units_in_kind_come_before_those_for_a_payment_and_move_no_cash() {
    let mut program = builder(2);
    let (investor, issuer, founder) = (program.party(), program.party(), program.party());
    let stake = program.constant(1.0);
    let founders = program.holding(Holding { owner: founder, issuer, stake: Some(stake), mark: None });
    let bought = program.holding(Holding { owner: investor, issuer, stake: None, mark: None });
    let money = program.curve(vec![0.0, 100.0, 0.0]);
    let note = program.curve(vec![0.0, 30.0, 0.0]);
    let (money, note) = (program.op(Op::Curve(money)), program.op(Op::Curve(note)));
    let (pre, at_cap, nothing) = (program.number(300.0), program.number(270.0), program.number(0.0));
    // The payment stands first in the text; the note converts before it all the same.
    let round = program.flow(money, investor, issuer, Tag::Equity);
    program.flow_mut(round).issue = Some(Issue { holding: bought, pre_money: pre, in_kind: None });
    let conversion = program.flow(nothing, founder, issuer, Tag::Equity);
    program.flow_mut(conversion).issue =
        Some(Issue { holding: founders, pre_money: at_cap, in_kind: Some(note) });
    let watched = [Quantity::Stake(bought), Quantity::Stake(founders), Quantity::Payment(conversion)];
    let months: [&[f64]; 3] = [&[0.25, 0.25], &[0.75, 0.75], &[0.0, 0.0]];
    check(&program, Reading::Firm, &watched, &months);
}

#[test]
fn an_unknown_gift_leaves_every_stake_unknown() {
    let mut program = builder(1);
    let (holder, issuer, founder) = (program.party(), program.party(), program.party());
    let stake = program.constant(1.0);
    let founders = program.holding(Holding { owner: founder, issuer, stake: Some(stake), mark: None });
    let given = program.holding(Holding { owner: holder, issuer, stake: None, mark: None });
    let (pre, unknown, nothing) = (program.number(9.0), program.number(f64::NAN), program.number(0.0));
    let flow = program.flow(nothing, holder, issuer, Tag::Equity);
    program.flow_mut(flow).issue = Some(Issue { holding: given, pre_money: pre, in_kind: Some(unknown) });
    let watched = [Quantity::Stake(founders), Quantity::Stake(given)];
    check(&program, Reading::Firm, &watched, &[&[UNKNOWN], &[UNKNOWN]]);
}
