//! Small programs in the three readings, computed by hand.

use keiretsu_engine::run;
use keiretsu_program::{
    Builder, Change, Event, Feed, Funding, Holding, Issue, Month, Observations, Occurrence, Op, Overlay,
    PartyId, Probe, Quantity, Reading, RunSpec, Slot, Span, Tag, Target,
};

const UNKNOWN: f64 = f64::NAN;

fn builder(months: u32) -> Builder {
    Builder::new(Month::new(2025, 12), months)
}

fn monthly(quantity: Quantity) -> Probe {
    Probe { quantity, span: Span::Month }
}

/// The months of some quantities in a reading; unknown is printed as NaN.
fn check(program: &Builder, reading: Reading, quantities: &[Quantity], expected: &[&[f64]]) {
    let seen =
        observe(program, &RunSpec::reading(reading, quantities.iter().copied().map(monthly).collect()));
    for ((series, expected), quantity) in seen.series.iter().zip(expected).zip(quantities) {
        assert_eq!(format!("{:?}", series.mean), format!("{expected:?}"), "{quantity:?} in {reading:?}");
    }
}

fn observe(program: &Builder, spec: &RunSpec) -> Observations {
    run(program.program(), spec, 1).expect("the program is sound")
}

#[test]
fn take_or_pay_owes_the_greater() {
    let mut program = builder(3);
    let (buyer, seller) = (program.party(), program.party());
    let usage = program.curve(vec![0.0, 3.0, 5.0, 9.0]);
    let (usage, minimum) = (program.op(Op::Curve(usage)), program.number(5.0));
    let owed = program.max(usage, minimum);
    program.flow(owed, buyer, seller, Tag::Service);
    for reading in Reading::ALL {
        let watched = [Quantity::Net(seller), Quantity::Net(buyer), Quantity::Cash(seller)];
        check(&program, reading, &watched, &[&[5.0, 5.0, 9.0], &[-5.0, -5.0, -9.0], &[5.0, 10.0, 19.0]]);
    }
}

#[test]
fn unmet_condition_lapses_in_each_reading_as_it_should() {
    let mut program = builder(4);
    let (from, to) = (program.party(), program.party());
    let chance = program.slot(Slot::constant(0.5));
    let event = program.event(Event { occurrence: Occurrence::Once { chance, by: 2 } });
    let when = program.op(Op::Event(event));
    let met = program.op(Op::Latch { when, lapse: 3 });
    let paid = program.op(Op::Rise(met));
    let hundred = program.number(100.0);
    let amount = program.mul(hundred, paid);
    program.flow(amount, from, to, Tag::Equity);
    let due = [Quantity::Net(to)];
    check(&program, Reading::Firm, &due, &[&[0.0, 0.0, 0.0, 0.0]]);
    check(&program, Reading::Headline, &due, &[&[0.0, 0.0, 100.0, 0.0]]);
    let seen = observe(&program, &RunSpec::reading(Reading::Expected, vec![monthly(due[0])]));
    // 1 - 0.5^(t / 2), until it lapses.
    let by: Vec<f64> = (0..4).map(|t| 100.0 * (1.0 - 0.5_f64.powf(f64::from(t) / 2.0))).collect();
    for (t, seen) in seen.series[0].mean.iter().enumerate() {
        let expected = if t < 3 { by[t + 1] - by[t] } else { 0.0 };
        assert!((seen - expected).abs() < 1e-12, "month {}: {seen} is not {expected}", t + 1);
    }
}

#[test]
fn credits_are_used_before_cash_and_expire() {
    let mut program = builder(4);
    let (buyer, seller) = (program.party(), program.party());
    let owed = program.number(10.0);
    let flow = program.flow(owed, buyer, seller, Tag::Service);
    let grant = program.curve(vec![0.0, 25.0, 0.0, 8.0, 5.0]);
    let grant = program.op(Op::Curve(grant));
    let flows = vec![flow];
    let pool = program.credits(keiretsu_program::Credits {
        grantor: seller,
        recipient: buyer,
        grant,
        expiry: 3,
        flows,
        grows: None,
    });
    let account = program.account(0.0);
    program.feed(account, Feed::Payment(flow));
    let sum = program.op(Op::Account(account));
    let watched = [
        Quantity::Payment(flow),
        Quantity::CreditsUsed(pool),
        Quantity::CreditsExpired(pool),
        Quantity::CreditsLeft(pool),
        Quantity::Register(sum),
    ];
    check(
        &program,
        Reading::Firm,
        &watched,
        &[
            &[0.0, 0.0, 0.0, 10.0],
            &[10.0, 10.0, 10.0, 0.0],
            &[0.0, 0.0, 3.0, 0.0],
            &[15.0, 5.0, 0.0, 0.0],
            &[0.0, 10.0, 20.0, 30.0],
        ],
    );
}

/// A start-up with cash 100 that owes 60 a month to a supplier, held by an investor.
fn startup(program: &mut Builder, funding: Funding) -> (PartyId, PartyId, PartyId) {
    let (startup, supplier, investor) = (program.party(), program.party(), program.party());
    let cash = program.constant(100.0);
    let owed = program.number(60.0);
    program.flow(owed, startup, supplier, Tag::Service);
    program.party_mut(startup).cash = Some(cash);
    program.party_mut(startup).funding = Some(funding);
    (startup, supplier, investor)
}

#[test]
fn a_party_below_what_it_keeps_raises_and_dilutes() {
    let mut program = builder(2);
    let price = program.number(150.0);
    let policy = Funding {
        keep: 1.0,
        raise: 2.0,
        price: Some(price),
        most: None,
        market: None,
        default: true,
        grace: 0,
    };
    let (startup, _, investor) = startup(&mut program, policy);
    let stake = program.constant(0.4);
    let holding = Holding { owner: investor, issuer: startup, stake: Some(stake), mark: None };
    let holding = program.holding(holding);
    program.party_mut(startup).value = Some(price);
    // After the first month 40 is left, below a month's burn of 60: it raises 2 x 60 - 40 = 80.
    // Then 120 - 60 = 60 is not below 60.
    let watched = [
        Quantity::Raised(startup),
        Quantity::Cash(startup),
        Quantity::Stake(holding),
        Quantity::Holding(holding),
    ];
    let stake = 0.4 * (150.0 / 230.0);
    check(
        &program,
        Reading::Headline,
        &watched,
        &[&[80.0, 0.0], &[120.0, 60.0], &[stake, stake], &[stake * 150.0, stake * 150.0]],
    );
    // Nobody raises in the firm reading: 40, then short by 20.
    let watched = [Quantity::Raised(startup), Quantity::Shortfall(startup), Quantity::Defaulted(startup)];
    check(&program, Reading::Firm, &watched, &[&[0.0, 0.0], &[0.0, 20.0], &[0.0, 1.0]]);
}

#[test]
fn an_estate_pays_by_rank_then_owners() {
    let mut program = builder(3);
    let funding =
        Funding { keep: 0.0, raise: 0.0, price: None, most: None, market: None, default: true, grace: 0 };
    let (startup, supplier, investor) = startup(&mut program, funding);
    let bank = program.party();
    let (recovery, secured, unsecured) = (program.number(90.0), program.number(50.0), program.number(80.0));
    program.party_mut(startup).recovery = Some(recovery);
    let claim = |creditor, amount, rank| keiretsu_program::EstateClaim {
        debtor: startup,
        creditor,
        amount,
        rank,
        lapses: false,
    };
    program.claim(claim(bank, secured, 1));
    program.claim(claim(investor, unsecured, 2));
    // Month 2: 40 of 60 is paid. Estate 90: 50 to the bank, then 40 over 80 + 20 unpaid.
    let watched = [
        Quantity::Net(supplier),
        Quantity::Net(bank),
        Quantity::Net(investor),
        Quantity::Cash(startup),
        Quantity::Shortfall(startup),
        Quantity::Net(PartyId::OUTSIDE),
    ];
    check(
        &program,
        Reading::Firm,
        &watched,
        &[
            &[60.0, 48.0, 0.0],
            &[0.0, 50.0, 0.0],
            &[0.0, 32.0, 0.0],
            &[40.0, 0.0, 0.0],
            &[0.0, 20.0, 0.0],
            &[0.0, -90.0, 0.0],
        ],
    );
}

#[test]
fn what_creditors_leave_goes_to_owners_by_stake() {
    let mut program = builder(2);
    let (firm, owner) = (program.party(), program.party());
    let cash = program.constant(100.0);
    program.party_mut(firm).cash = Some(cash);
    program.party_mut(firm).default_costs =
        Some(keiretsu_program::DefaultCosts { kept_assets: 0.8, kept_received: 1.0 });
    let stake = program.constant(0.25);
    program.holding(Holding { owner, issuer: firm, stake: Some(stake), mark: None });
    let probes = [Quantity::Net(owner), Quantity::Net(PartyId::OUTSIDE), Quantity::Cash(firm)];
    let mut spec = RunSpec::reading(Reading::Firm, probes.iter().copied().map(monthly).collect());
    spec.overlays =
        vec![Overlay { target: Target::Default(firm), change: Change::Set(1.0), from: 1, until: 1 }];
    let seen = observe(&program, &spec);
    // 100 x 0.8 = 80: a quarter to the owner, the rest and the 20 lost to outside.
    assert_eq!(seen.series[0].mean, [20.0, 0.0]);
    assert_eq!(seen.series[1].mean, [80.0, 0.0]);
    assert_eq!(seen.series[2].mean, [0.0, 0.0]);
}

#[test]
fn an_issue_dilutes_and_adds() {
    let mut program = builder(2);
    let (investor, issuer, founder) = (program.party(), program.party(), program.party());
    let stake = program.constant(1.0);
    let founders = program.holding(Holding { owner: founder, issuer, stake: Some(stake), mark: None });
    let bought = program.holding(Holding { owner: investor, issuer, stake: None, mark: None });
    let unfed = program.holding(Holding { owner: founder, issuer, stake: None, mark: None });
    let money = program.curve(vec![0.0, 100.0, 0.0]);
    let (money, pre) = (program.op(Op::Curve(money)), program.number(300.0));
    let flow = program.flow(money, investor, issuer, Tag::Equity);
    program.flow_mut(flow).issue = Some(Issue { holding: bought, pre_money: pre, in_kind: None });
    let watched = [Quantity::Stake(founders), Quantity::Stake(bought), Quantity::Stake(unfed)];
    let months: [&[f64]; 3] = [&[0.75, 0.75], &[0.25, 0.25], &[UNKNOWN, UNKNOWN]];
    check(&program, Reading::Firm, &watched, &months);
}

#[test]
fn a_mark_moves_with_the_issuer_s_value() {
    let mut program = builder(2);
    let (owner, issuer) = (program.party(), program.party());
    let value = program.curve(vec![50.0, 100.0, 25.0]);
    let value = program.op(Op::Curve(value));
    program.party_mut(issuer).value = Some(value);
    let mark = program.constant(8.0);
    let holding = program.holding(Holding { owner, issuer, stake: None, mark: Some(mark) });
    check(&program, Reading::Firm, &[Quantity::Holding(holding)], &[&[16.0, 4.0]]);
}

#[test]
fn unknown_amounts_are_left_out_and_reported() {
    let mut program = builder(2);
    let (a, b) = (program.party(), program.party());
    let (unknown, known) = (program.curve(vec![0.0; 3]), program.number(2.0));
    let zero = program.op(Op::Curve(unknown));
    let unknown = program.op(Op::Div(known, zero));
    let flow = program.flow(unknown, a, b, Tag::Service);
    program.flow(known, a, b, Tag::Service);
    let seen = observe(&program, &RunSpec::reading(Reading::Firm, vec![monthly(Quantity::Net(b))]));
    assert_eq!(seen.series[0].mean, [2.0, 2.0]);
    assert_eq!(seen.left_out, [flow]);
}

#[test]
fn a_choice_by_what_is_no_truth_is_unknown() {
    let mut program = builder(3);
    let (a, b) = (program.party(), program.party());
    let account = program.account(0.0);
    let half = program.number(0.5);
    program.feed(account, Feed::Value(half));
    let when = program.op(Op::Account(account));
    let (five, one) = (program.number(5.0), program.number(1.0));
    let chosen = program.op(Op::Choose { when, then: five, otherwise: one });
    let owed = program.max(one, chosen);
    let flow = program.flow(owed, a, b, Tag::Fee);
    let mut spec = RunSpec::reading(Reading::Firm, vec![monthly(Quantity::Net(b))]);
    assert_eq!(observe(&program, &spec).series[0].mean, [1.0, 3.0, 5.0]);
    assert_eq!(observe(&program, &spec).left_out, []);
    let (target, change) = (Target::Register(when), Change::Scale(3.0));
    spec.overlays.push(Overlay { target, change, from: 3, until: 3 });
    assert_eq!(observe(&program, &spec).series[0].mean, [1.0, 3.0, 0.0]);
    assert_eq!(observe(&program, &spec).left_out, [flow]);
}

#[test]
fn lags_and_spans_look_back() {
    let mut program = builder(14);
    let ramp = program.curve_of(f64::from);
    let lagged = program.op(Op::Lag { of: ramp, months: 3 });
    let account = program.account(1.0);
    program.feed(account, Feed::Value(ramp));
    let sum = program.op(Op::Account(account));
    let (late, far) =
        (program.op(Op::Lag { of: sum, months: 2 }), program.op(Op::Lag { of: sum, months: 40 }));
    let watched = [lagged, sum, late, far].map(Quantity::Register);
    let seen = observe(&program, &RunSpec::reading(Reading::Firm, watched.map(monthly).to_vec()));
    assert_eq!(seen.series[0].mean[..5], [0.0, 0.0, 0.0, 1.0, 2.0]);
    assert_eq!(seen.series[1].mean[..5], [1.0, 2.0, 4.0, 7.0, 11.0]);
    assert_eq!(seen.series[2].mean[..5], [1.0, 1.0, 1.0, 2.0, 4.0]);
    assert_eq!(seen.series[3].mean, [1.0; 14]);
    let (from, to) = (program.party(), program.party());
    program.flow(ramp, from, to, Tag::Rent);
    let years = [Quantity::Net(to), Quantity::Cash(to)].map(|quantity| Probe { quantity, span: Span::Year });
    let seen = observe(&program, &RunSpec::reading(Reading::Firm, years.to_vec()));
    assert_eq!(seen.series[0].mean, [78.0, 27.0]);
    assert_eq!(seen.series[1].mean, [78.0, 105.0]);
}

#[test]
fn overlays_change_what_others_read() {
    let mut program = builder(3);
    let (a, b) = (program.party(), program.party());
    let slot = program.slot(Slot::constant(2.0));
    let two = program.read(slot);
    let three = program.number(3.0);
    let owed = program.mul(two, three);
    program.flow(owed, a, b, Tag::Fee);
    let mut spec = RunSpec::reading(Reading::Firm, vec![monthly(Quantity::Net(b))]);
    let change = |target, change, from, until| Overlay { target, change, from, until };
    spec.overlays = vec![
        change(Target::Slot(slot), Change::Scale(10.0), 0, 0),
        change(Target::Register(owed), Change::Shift(1.0), 2, 3),
        change(Target::Register(owed), Change::Scale(2.0), 3, 3),
    ];
    assert_eq!(observe(&program, &spec).series[0].mean, [60.0, 61.0, 122.0]);
}

#[test]
fn own_money_comes_back_in_part() {
    let mut program = builder(2);
    let (group, other) = (program.party(), program.party());
    let cash = program.constant(30.0);
    program.party_mut(other).cash = Some(cash);
    let (out, back) = (program.curve(vec![0.0, 10.0, 0.0]), program.number(20.0));
    let out = program.op(Op::Curve(out));
    program.flow(out, group, other, Tag::Equity);
    program.flow(back, other, group, Tag::Service);
    let probe = monthly(Quantity::OwnReceipts { group: 0, party: group });
    let mut spec = RunSpec::reading(Reading::Firm, vec![probe]);
    spec.own_money = vec![vec![group]];
    // Pro rata: 10 of 40. First in, first out: the old 30 pay the first 20 and half of the second. Last in:
    // 10.
    for (convention, expected) in [
        (keiretsu_program::OwnMoney::ProRata, [5.0, 5.0]),
        (keiretsu_program::OwnMoney::Fifo, [0.0, 10.0]),
        (keiretsu_program::OwnMoney::Lifo, [10.0, 0.0]),
    ] {
        spec.convention = convention;
        assert_eq!(observe(&program, &spec).series[0].mean, expected, "{convention:?}");
    }
}

#[test]
fn events_are_what_each_reading_knows() {
    let mut program = builder(2);
    let chance = program.slot(Slot::constant(0.19));
    let settled = program.event(Event { occurrence: Occurrence::Settled { at: 2 } });
    let once = program.event(Event { occurrence: Occurrence::Once { chance, by: 2 } });
    let state = Occurrence::TwoState { now: true, shuts: chance, reopens: chance };
    let state = program.event(Event { occurrence: state });
    let regs = [settled, once, state].map(|event| Quantity::Register(program.op(Op::Event(event))));
    for reading in [Reading::Firm, Reading::Headline] {
        check(&program, reading, &regs, &[&[0.0, 1.0], &[UNKNOWN, UNKNOWN], &[1.0, 1.0]]);
    }
    let seen = observe(&program, &RunSpec::reading(Reading::Expected, regs.map(monthly).to_vec()));
    let m = 1.0 - 0.81_f64.powf(1.0 / 12.0);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} is not {b}");
    close(seen.series[1].mean[0], 0.1);
    close(seen.series[1].mean[1], 0.19);
    close(seen.series[2].mean[0], 1.0 - m);
    close(seen.series[2].mean[1], (1.0 - m) * (1.0 - m) + m * m);
}

#[test]
fn a_probe_of_nothing_is_refused() {
    let program = builder(1);
    let spec = RunSpec::reading(Reading::Firm, vec![monthly(Quantity::Net(PartyId(9)))]);
    let refused = run(program.program(), &spec, 1);
    assert_eq!(refused, Err(keiretsu_engine::RunError::UnknownTarget));
}
