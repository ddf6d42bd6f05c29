//! The oracle on cases worked out by hand from `docs/MONTH.md`.

use keiretsu_program::{
    Builder, Change, Credits, DefaultCosts, EstateClaim, Event, Factor, Feed, FlowId, Funding, Holding,
    HoldingId, Jump, Month, Occurrence, Op, Overlay, PartyId, PastFlow, Process, Quantity, Reading, Tag,
    Target,
};
use keiretsu_testkit::oracle::{Draws, History, World, interpret};

const FUNDING: Funding =
    Funding { keep: 0.0, raise: 0.0, price: None, most: None, market: None, default: true, grace: 0 };

pub(super) fn web(months: u32, parties: u32) -> Builder {
    let mut b = Builder::new(Month::new(2025, 12), months);
    for _ in 0..parties {
        b.party();
    }
    b
}

/// A party that has this much and can be short.
fn poor(b: &mut Builder, party: u32, cash: f64) {
    let cash = b.constant(cash);
    let party = b.party_mut(PartyId(party));
    (party.cash, party.funding) = (Some(cash), Some(FUNDING));
}

pub(super) fn pays(b: &mut Builder, from: u32, to: u32, amount: f64, rank: u8) -> FlowId {
    let amount = b.number(amount);
    let flow = b.flow(amount, PartyId(from), PartyId(to), Tag::Service);
    b.flow_mut(flow).rank = rank;
    flow
}

pub(super) fn expected(b: &Builder) -> History {
    interpret(b.program(), World::Reading(Reading::Expected), &[], &[])
}

/// Month by month, from 1.
#[track_caller]
pub(super) fn series(history: &History, quantity: Quantity, wanted: &[f64]) {
    let found: Vec<f64> = history.months[1..].iter().map(|month| month.read(quantity)).collect();
    let same = |(a, b): (&f64, &f64)| a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-12 * b.abs().max(1.0);
    let all = found.len() == wanted.len() && found.iter().zip(wanted).all(same);
    assert!(all, "{quantity:?} is {found:?}, not {wanted:?}");
}

#[test]
fn a_ring_clears_as_eisenberg_and_noe_say() {
    // a = 5 + b / 3 and b = a, so both pay 7.5.
    let mut b = web(1, 3);
    poor(&mut b, 1, 5.0);
    poor(&mut b, 2, 0.0);
    let flows = [pays(&mut b, 1, 2, 20.0, 2), pays(&mut b, 2, 1, 10.0, 2), pays(&mut b, 2, 3, 20.0, 2)];
    let history = expected(&b);
    for (flow, paid) in flows.into_iter().zip([7.5, 2.5, 5.0]) {
        series(&history, Quantity::Payment(flow), &[paid]);
    }
    series(&history, Quantity::Shortfall(PartyId(2)), &[22.5]);
    assert!(!history.unsettled);
}

#[test]
fn better_ranks_are_paid_first_and_equal_ones_pro_rata() {
    let mut b = web(1, 3);
    poor(&mut b, 1, 10.0);
    let flows = [pays(&mut b, 1, 2, 8.0, 2), pays(&mut b, 1, 3, 6.0, 1), pays(&mut b, 1, 3, 4.0, 2)];
    let history = expected(&b);
    for (flow, paid) in flows.into_iter().zip([8.0 / 3.0, 6.0, 4.0 / 3.0]) {
        series(&history, Quantity::Payment(flow), &[paid]);
    }
}

#[test]
fn a_ring_without_cash_pays_everything() {
    // The greatest solution: nobody needs more than what he is owed.
    let mut b = web(1, 2);
    poor(&mut b, 1, 0.0);
    poor(&mut b, 2, 0.0);
    let flows = [pays(&mut b, 1, 2, 10.0, 2), pays(&mut b, 2, 1, 10.0, 2)];
    let history = expected(&b);
    for flow in flows {
        series(&history, Quantity::Payment(flow), &[10.0]);
    }
    series(&history, Quantity::Defaulted(PartyId(1)), &[0.0]);
}

#[test]
fn who_cannot_be_short_goes_below_zero() {
    let mut b = web(2, 2);
    pays(&mut b, 1, 2, 10.0, 2);
    let history = expected(&b);
    series(&history, Quantity::Cash(PartyId(1)), &[-10.0, -20.0]);
    series(&history, Quantity::Cash(PartyId(2)), &[10.0, 20.0]);
}

#[test]
fn a_segment_pays_from_its_purse() {
    let mut b = web(1, 3);
    b.party_mut(PartyId(2)).purse = PartyId(1);
    poor(&mut b, 1, 4.0);
    let inside = pays(&mut b, 1, 2, 100.0, 1);
    let flow = pays(&mut b, 2, 3, 10.0, 2);
    let history = expected(&b);
    series(&history, Quantity::Payment(inside), &[100.0]);
    series(&history, Quantity::Payment(flow), &[4.0]);
    series(&history, Quantity::Cash(PartyId(2)), &[0.0]);
}

#[test]
fn who_runs_short_raises_and_dilutes() {
    // Burn 12, after 10 - 12 = -2: raises 3 * 12 + 2 = 38 at 100 and stands at 36; then after is 24, which is
    // not below 2 * 12; then after is 12, which is: 36 - 12 = 24 more.
    let mut b = web(3, 1);
    poor(&mut b, 1, 10.0);
    pays(&mut b, 1, 0, 12.0, 2);
    let price = Some(b.number(100.0));
    b.party_mut(PartyId(1)).funding = Some(Funding { keep: 2.0, raise: 3.0, price, ..FUNDING });
    let stake = Some(b.constant(0.5));
    let holding = b.holding(Holding { owner: PartyId(0), issuer: PartyId(1), stake, mark: None });
    let history = expected(&b);
    series(&history, Quantity::Raised(PartyId(1)), &[38.0, 0.0, 24.0]);
    series(&history, Quantity::Cash(PartyId(1)), &[36.0, 24.0, 36.0]);
    let diluted = 0.5 * 100.0 / 138.0;
    series(&history, Quantity::Stake(holding), &[diluted, diluted, diluted * 100.0 / 124.0]);
    let firm = interpret(b.program(), World::Reading(Reading::Firm), &[], &[]);
    series(&firm, Quantity::Raised(PartyId(1)), &[0.0; 3]);
}

#[test]
fn a_shut_or_unknown_market_raises_nothing() {
    for (occurrence, raised) in [
        (Occurrence::Settled { at: 1 }, 14.0),
        (Occurrence::Settled { at: 2 }, 0.0),
        (Occurrence::Unknown, 0.0),
    ] {
        let mut b = web(1, 1);
        poor(&mut b, 1, 10.0);
        pays(&mut b, 1, 0, 12.0, 2);
        let (price, market) = (Some(b.number(100.0)), Some(b.event(Event { occurrence })));
        b.party_mut(PartyId(1)).funding = Some(Funding { raise: 1.0, price, market, ..FUNDING });
        series(&expected(&b), Quantity::Raised(PartyId(1)), &[raised]);
    }
}

/// Cash 10 against 40 to p2, recovery 16, half of both lost; p3 claims 6 first; p2 holds a quarter.
fn failing(grace: u32) -> Builder {
    let mut b = web(3, 3);
    poor(&mut b, 1, 10.0);
    pays(&mut b, 1, 2, 40.0, 2);
    let (recovery, claimed, stake) = (b.number(16.0), b.number(6.0), b.constant(0.25));
    let value = b.number(1000.0);
    let party = b.party_mut(PartyId(1));
    party.recovery = Some(recovery);
    party.value = Some(value);
    party.default_costs = Some(DefaultCosts { kept_assets: 0.5, kept_received: 0.5 });
    party.funding = Some(Funding { grace, ..FUNDING });
    b.claim(EstateClaim {
        debtor: PartyId(1),
        creditor: PartyId(3),
        amount: claimed,
        rank: 1,
        lapses: false,
    });
    b.holding(Holding { owner: PartyId(2), issuer: PartyId(1), stake: Some(stake), mark: None });
    b
}

#[test]
fn an_estate_pays_by_rank_at_the_end_of_the_month() {
    let mut b = failing(0);
    let defaulted = b.op(Op::Defaulted(PartyId(1)));
    let history = expected(&b);
    series(&history, Quantity::Payment(FlowId(0)), &[10.0, 0.0, 0.0]);
    series(&history, Quantity::Defaulted(PartyId(1)), &[1.0, 1.0, 1.0]);
    series(&history, Quantity::Register(defaulted), &[0.0, 1.0, 1.0]);
    // Half of the recovery is 8: 6 to p3, then 2 of the 30 that p2 did not get; nothing is left for owners.
    series(&history, Quantity::Cash(PartyId(3)), &[6.0, 6.0, 6.0]);
    series(&history, Quantity::Cash(PartyId(2)), &[12.0, 12.0, 12.0]);
    series(&history, Quantity::Cash(PartyId(1)), &[0.0; 3]);
    series(&history, Quantity::Value(PartyId(1)), &[0.0; 3]);
    series(&history, Quantity::Holding(HoldingId(0)), &[0.0; 3]);
}

#[test]
fn grace_forgives_short_months_in_a_row() {
    series(&expected(&failing(1)), Quantity::Defaulted(PartyId(1)), &[0.0, 1.0, 1.0]);
    series(&expected(&failing(3)), Quantity::Defaulted(PartyId(1)), &[0.0; 3]);
}

#[test]
fn a_felled_party_leaves_cash_to_creditors_and_owners() {
    let mut b = failing(0);
    let more = b.constant(100.0);
    b.party_mut(PartyId(1)).cash = Some(more);
    let target = Target::Default(PartyId(1));
    let fell = Overlay { target, change: Change::Set(1.0), from: 2, until: 2 };
    let history = interpret(b.program(), World::Reading(Reading::Expected), &[fell], &[]);
    // Month 2: 100 - 80 = 20 left, half of it lost to outside, 10 + 8 = 18, 6 to p3, 12 left for owners.
    series(&history, Quantity::Defaulted(PartyId(1)), &[0.0, 1.0, 1.0]);
    series(&history, Quantity::Cash(PartyId(1)), &[60.0, 0.0, 0.0]);
    series(&history, Quantity::Cash(PartyId(2)), &[40.0, 83.0, 83.0]);
    series(&history, Quantity::Cash(PartyId::OUTSIDE), &[0.0, 10.0 - 8.0 + 9.0, 11.0]);
    series(&history, Quantity::Holding(HoldingId(0)), &[250.0, 0.0, 0.0]);
}

#[test]
fn credits_settle_before_cash_and_expire() {
    let mut b = web(3, 2);
    let flows = vec![pays(&mut b, 1, 2, 4.0, 2), pays(&mut b, 1, 2, 3.0, 2)];
    let grant = b.curve_of(|t| if t == 1 { 12.0 } else { 0.0 });
    let account = b.account(1.0);
    b.feed(account, Feed::Payment(FlowId(1)));
    let (grantor, recipient) = (PartyId(2), PartyId(1));
    let pool = b.credits(Credits { grantor, recipient, grant, expiry: 2, flows, grows: None });
    let reads = b.op(Op::Account(account));
    let history = expected(&b);
    series(&history, Quantity::CreditsUsed(pool), &[7.0, 5.0, 0.0]);
    series(&history, Quantity::CreditsLeft(pool), &[5.0, 0.0, 0.0]);
    series(&history, Quantity::CreditsExpired(pool), &[0.0, 0.0, 0.0]);
    series(&history, Quantity::Due(FlowId(1)), &[0.0, 2.0, 3.0]);
    series(&history, Quantity::Register(reads), &[1.0, 4.0, 7.0]);
}

#[test]
fn what_is_left_of_credits_expires() {
    let mut b = web(2, 2);
    let flows = vec![pays(&mut b, 1, 2, 4.0, 2)];
    let grant = b.curve_of(|t| if t == 1 { 12.0 } else { 0.0 });
    let pool = b.credits(Credits {
        grantor: PartyId(2),
        recipient: PartyId(1),
        grant,
        expiry: 1,
        flows,
        grows: None,
    });
    let history = expected(&b);
    series(&history, Quantity::CreditsExpired(pool), &[8.0, 0.0]);
    series(&history, Quantity::CreditsLeft(pool), &[0.0, 0.0]);
}

#[test]
fn own_money_comes_back_through_a_ring() {
    // a -> b 10, b -> c 10, c -> a 10; b has 10 of its own, so half of what it pays on is a's.
    let mut b = web(2, 3);
    poor(&mut b, 2, 10.0);
    for (from, to) in [(1, 2), (2, 3), (3, 1)] {
        pays(&mut b, from, to, 10.0, 2);
    }
    let group = vec![PartyId(1)];
    let history = interpret(b.program(), World::Reading(Reading::Expected), &[], &[group]);
    // Month 2: b starts with 10, half of it a's: (10 * 0.5 + 10) / 20.
    series(&history, Quantity::OwnReceipts { group: 0, party: PartyId(1) }, &[5.0, 7.5]);
    series(&history, Quantity::OwnReceipts { group: 0, party: PartyId(2) }, &[10.0, 10.0]);
}

#[test]
fn own_money_of_the_past_is_still_there() {
    let mut b = web(1, 2);
    poor(&mut b, 2, 10.0);
    let past = |month, amount, from, to| {
        let (month, from, to) = (Month::new(2025, month), PartyId(from), PartyId(to));
        PastFlow { month, amount, from, to, tag: Tag::Equity }
    };
    b.past(past(3, 30.0, 1, 2));
    b.past(past(5, 10.0, 0, 2));
    pays(&mut b, 2, 1, 4.0, 2);
    let group = vec![PartyId(1)];
    let history = interpret(b.program(), World::Reading(Reading::Firm), &[], &[group]);
    series(&history, Quantity::OwnReceipts { group: 0, party: PartyId(1) }, &[3.0]);
}

#[test]
fn a_condition_latches_or_lapses() {
    let mut b = web(4, 1);
    let peak = b.curve_of(|t| if t == 2 { 1.0 } else { 0.0 });
    let never = b.number(0.0);
    let event = b.event(Event { occurrence: Occurrence::Unknown });
    let unknown = b.op(Op::Event(event));
    let latch = |b: &mut Builder, when, lapse| b.op(Op::Latch { when, lapse });
    let (met, late) = (latch(&mut b, peak, 2), latch(&mut b, peak, 1));
    let (unmet, dark) = (latch(&mut b, never, 3), latch(&mut b, unknown, 3));
    let cases = [
        (Reading::Firm, [[0.0, 1.0, 1.0, 1.0], [0.0; 4], [0.0; 4], [0.0; 4]]),
        (Reading::Expected, [[0.0, 1.0, 1.0, 1.0], [0.0; 4], [0.0; 4], [f64::NAN; 4]]),
        (Reading::Headline, [[0.0, 1.0, 1.0, 1.0], [1.0; 4], [0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0]]),
    ];
    for (reading, wanted) in cases {
        let history = interpret(b.program(), World::Reading(reading), &[], &[]);
        for (reg, wanted) in [met, late, unmet, dark].into_iter().zip(wanted) {
            series(&history, Quantity::Register(reg), &wanted);
        }
    }
}

#[test]
fn events_are_unknown_chances_or_draws() {
    let mut b = web(2, 1);
    let (chance, half) = (b.constant(0.75), b.constant(1.0 - 0.5f64.powi(12)));
    let once = b.event(Event { occurrence: Occurrence::Once { chance, by: 2 } });
    let shuts = Occurrence::TwoState { now: true, shuts: half, reopens: half };
    let state = b.event(Event { occurrence: shuts });
    let (once, state) = (b.op(Op::Event(once)), b.op(Op::Event(state)));
    let (once, state) = (Quantity::Register(once), Quantity::Register(state));
    let history = expected(&b);
    series(&history, once, &[0.5, 0.75]);
    series(&history, state, &[0.5, 0.5]);
    let firm = interpret(b.program(), World::Reading(Reading::Firm), &[], &[]);
    series(&firm, once, &[f64::NAN; 2]);
    series(&firm, state, &[1.0, 1.0]);
    let months = vec![vec![]; 2];
    let uniforms = vec![vec![0.6, 0.4], vec![0.4, 0.6]];
    let slots = b.program().slots.iter().map(|slot| slot.expected).collect();
    let draws = Draws { slots, normals: months, jumps: vec![vec![]; 2], uniforms };
    let path = interpret(b.program(), World::Path(&draws), &[], &[]);
    series(&path, once, &[0.0, 1.0]);
    series(&path, state, &[0.0, 0.0]);
}

#[test]
fn processes_step_by_their_exact_transition() {
    let mut b = web(2, 1);
    let (start, half, two) = (b.constant(100.0), b.constant(0.5), b.constant(2.0));
    let growth = b.curve(vec![1.0, 1.1, 1.2]);
    let jump = Jump { rate: two, mean: half, spread: half };
    let mut of = |process| Quantity::Factor(b.factor(Factor { start, growth, process }));
    let central = of(Process::Central);
    let geometric = of(Process::Geometric { volatility: half });
    let reverting = of(Process::MeanReverting { volatility: half, half_life: two });
    let jumping = of(Process::Jump { volatility: half, jump });
    let slots = b.program().slots.iter().map(|slot| slot.expected).collect();
    let jumps = vec![vec![vec![]; 4], vec![vec![], vec![], vec![], vec![0.25, -1.0]]];
    let draws = Draws { slots, normals: vec![vec![0.5; 4], vec![-2.0; 4]], jumps, uniforms: vec![vec![]; 2] };
    let history = interpret(b.program(), World::Path(&draws), &[], &[]);
    series(&history, central, &[110.0, 132.0]);
    // In closed form: the drift and the normals of both months together.
    let closed = |t: f64, normals: f64| (-0.125 * t / 12.0 + 0.5 * normals / 12f64.sqrt()).exp();
    let (first, second) = (110.0 * closed(1.0, 0.5), 132.0 * closed(2.0, -1.5));
    series(&history, geometric, &[first, second]);
    let drift = |t: f64| (-2.0 * 0.5 * t / 12.0).exp();
    let two_jumps = 1.5 * 1.5 * (-0.25f64 + 0.5 * (0.25 - 1.0)).exp();
    series(&history, jumping, &[first * drift(1.0), second * drift(2.0) * two_jumps]);
    let k = 2f64.ln() / 2.0;
    let variance = |t: f64| 0.25 * (1.0 - (-2.0 * k * t / 12.0).exp()) / (2.0 * k);
    let (z1, decay) = (0.5 * variance(1.0).sqrt(), (-k / 12.0).exp());
    let z2 = decay * z1 - 2.0 * variance(1.0).sqrt();
    let levels = [110.0 * (z1 - variance(1.0) / 2.0).exp(), 132.0 * (z2 - variance(2.0) / 2.0).exp()];
    series(&history, reverting, &levels);
}

#[test]
fn overlays_change_what_others_read() {
    let mut b = web(3, 1);
    let (start, two) = (b.constant(5.0), b.number(2.0));
    let growth = b.curve(vec![1.0, 2.0, 2.0, 2.0]);
    let factor = b.factor(Factor { start, growth, process: Process::Central });
    let level = b.op(Op::Factor(factor));
    let twice = b.mul(level, two);
    let overlay = |target, change| Overlay { target, change, from: 2, until: 2 };
    let overlays = [
        overlay(Target::Factor(factor), Change::Set(10.0)),
        overlay(Target::Register(twice), Change::Scale(3.0)),
        overlay(Target::Register(twice), Change::Shift(1.0)),
        overlay(Target::Slot(start), Change::Shift(1.0)),
    ];
    let history = interpret(b.program(), World::Reading(Reading::Firm), &overlays, &[]);
    series(&history, Quantity::Factor(factor), &[12.0, 10.0, 48.0]);
    series(&history, Quantity::Register(twice), &[24.0, 61.0, 96.0]);
}
