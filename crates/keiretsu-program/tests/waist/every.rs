//! A program with every primitive, and a value in every field.

use keiretsu_values::Set;

use keiretsu_program::{
    Builder, Copula, Cover, Credits, CurveId, DefaultCosts, Distribution, EstateClaim, Event, Factor,
    FactorId, Feed, Funding, Holding, Issue, Jump, Month, Occurrence, Op, Outstanding, PartyId, PastFlow,
    Possible, Process, Program, Reg, Slot, SlotId, Tag,
};

/// Builds it.
pub fn every() -> Program {
    let mut b = Builder::new(Month::new(2025, 12), 3);
    let growth = b.curve(vec![1.0, 1.01, 1.01, 1.02]);
    let (lab, cloud, segment) = (b.party(), b.party(), b.party());
    b.party_mut(segment).purse = cloud;
    let cash = slots(&mut b);
    let a = factors(&mut b, growth, cash);
    events(&mut b, cash);
    registers(&mut b, [lab, cloud]);
    let flow = flows(&mut b, [lab, cloud, segment], a);
    b.credits(Credits {
        grantor: cloud,
        recipient: lab,
        grant: a,
        expiry: 2,
        flows: vec![flow],
        grows: Some(a),
    });
    b.credits(Credits {
        grantor: cloud,
        recipient: lab,
        grant: a,
        expiry: u32::MAX,
        flows: vec![],
        grows: None,
    });
    let claim = b.claim(EstateClaim { debtor: lab, creditor: cloud, amount: a, rank: 1, lapses: true });
    let call = b.flow(a, PartyId::OUTSIDE, lab, Tag::Guarantee);
    let (limit, cushion, flows) = (Some(a), Some(a), vec![flow]);
    b.cover(Cover {
        call,
        flows,
        share: a,
        limit,
        cushion,
        claims: vec![Outstanding { claim, falls: a }],
        worth: Some(a),
        grows: Some(a),
    });
    b.past(PastFlow {
        month: Month::new(2025, 1),
        amount: f64::NAN,
        from: cloud,
        to: lab,
        tag: Tag::Interest,
    });
    let party = b.party_mut(lab);
    party.cash = Some(cash);
    party.value = Some(a);
    party.recovery = Some(a);
    party.default_costs = Some(DefaultCosts { kept_assets: 0.75, kept_received: 0.5 });
    let market = Some(keiretsu_program::EventId(1));
    party.funding = Some(Funding {
        keep: 3.0,
        raise: 12.0,
        price: Some(a),
        most: Some(a),
        market,
        default: true,
        grace: 1,
    });
    b.finish()
}

fn slots(b: &mut Builder) -> SlotId {
    let sampled = Distribution::Lognormal { mu: -1.5, sigma: 0.25 };
    let open = Some(Possible { set: Set { low: 0.5, high: f64::INFINITY }, vague: true });
    let possible = [None, open, None];
    let cash = b.slot(Slot { firm: 0.25, expected: 0.5, headline: 0.75, sampled, possible });
    b.slot(Slot {
        firm: f64::NAN,
        expected: 1e300,
        headline: -2.0,
        sampled: Distribution::Uniform { low: 1.0, high: 2.0 },
        possible: [None; 3],
    });
    cash
}

fn factors(b: &mut Builder, growth: CurveId, slot: SlotId) -> Reg {
    let half_life = b.constant(2.0);
    let jump = Jump { rate: slot, mean: slot, spread: slot };
    let of = |process| Factor { start: slot, growth, process };
    b.factor(of(Process::Central));
    b.factor(of(Process::Geometric { volatility: slot }));
    b.factor(of(Process::MeanReverting { volatility: slot, half_life }));
    b.factor(of(Process::Jump { volatility: slot, jump }));
    let level = b.op(Op::Factor(FactorId(1)));
    let formula = b.factor(of(Process::Formula(level)));
    b.op(Op::Factor(formula));
    b.correlate(FactorId(2), FactorId(1), 0.5);
    b.copula(Copula::StudentT { freedom: 4.0 });
    level
}

fn events(b: &mut Builder, chance: SlotId) {
    b.event(Event { occurrence: Occurrence::Once { chance, by: 2 } });
    b.event(Event { occurrence: Occurrence::TwoState { now: true, shuts: chance, reopens: chance } });
    b.event(Event { occurrence: Occurrence::Settled { at: 2 } });
    b.event(Event { occurrence: Occurrence::Settled { at: u32::MAX } });
    b.event(Event { occurrence: Occurrence::Unknown });
}

fn registers(b: &mut Builder, [lab, cloud]: [PartyId; 2]) {
    let account = b.account(2.5);
    let a = b.number(3.0);
    b.feed(account, Feed::Value(a));
    let ops = [
        Op::Curve(CurveId(0)),
        Op::Event(keiretsu_program::EventId(0)),
        Op::Add(a, a),
        Op::Sub(a, a),
        Op::Mul(a, a),
        Op::Div(a, a),
        Op::Min(a, a),
        Op::Max(a, a),
        Op::AtLeast(a, a),
        Op::MoreThan(a, a),
        Op::And(a, a),
        Op::Or(a, a),
        Op::Not(a),
        Op::Choose { when: a, then: a, otherwise: a },
        Op::Lag { of: a, months: 3 },
        Op::Latch { when: a, lapse: 2 },
        Op::Latch { when: a, lapse: u32::MAX },
        Op::Rise(a),
        Op::Account(account),
        Op::Cash(lab),
        Op::Defaulted(cloud),
    ];
    for op in ops {
        b.op(op);
    }
}

fn flows(b: &mut Builder, [lab, cloud, segment]: [PartyId; 3], amount: Reg) -> keiretsu_program::FlowId {
    for tag in Tag::ALL {
        b.flow(amount, PartyId::OUTSIDE, segment, tag);
    }
    let stake = Some(SlotId(0));
    let holding = b.holding(Holding { owner: cloud, issuer: lab, stake, mark: stake });
    b.holding(Holding { owner: cloud, issuer: PartyId::OUTSIDE, stake: None, mark: None });
    let flow = b.flow(amount, cloud, lab, Tag::Equity);
    let terms = b.flow_mut(flow);
    terms.rank = 1;
    terms.survives = true;
    terms.issue = Some(Issue { holding, pre_money: amount, in_kind: Some(amount) });
    b.feed(keiretsu_program::AccountId(0), Feed::Payment(flow));
    flow
}
