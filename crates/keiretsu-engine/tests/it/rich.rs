//! A web that has one of everything, so that a test of sameness misses nothing.

use keiretsu_program::{
    Builder, Copula, Cover, Credits, DefaultCosts, Distribution, EstateClaim, Event, Factor, FactorId, Feed,
    Funding, Holding, Issue, Jump, Month, Occurrence, Op, Outstanding, PartyId, PastFlow, Probe, Process,
    Program, Quantity, Reg, Slot, Span, Tag,
};

/// Months that are run.
pub const MONTHS: u32 = 30;

/// The program. Parties: a lab, a cloud, a chip maker, an investor, a segment of the cloud.
pub fn program() -> Program {
    let mut program = Builder::new(Month::new(2025, 10), MONTHS);
    let [lab, cloud, chips, investor, segment] = [0; 5].map(|_| program.party());
    program.party_mut(segment).purse = cloud;
    for (party, cash) in [(lab, 80.0), (cloud, 300.0), (chips, 50.0)] {
        program.party_mut(party).cash = Some(program_constant(&mut program, cash));
    }
    let [price, index, demand] = factors(&mut program);
    let (price, index, demand) =
        (program.op(Op::Factor(price)), program.op(Op::Factor(index)), program.op(Op::Factor(demand)));
    service(&mut program, [lab, segment, cloud, chips], [price, demand]);
    equity(&mut program, [lab, investor, chips], [index, demand]);
    let sales = program.number(22.0);
    let sales = program.mul(sales, demand);
    program.flow(sales, PartyId::OUTSIDE, lab, Tag::Revenue);
    let wafers = program.number(9.0);
    let wafers = program.mul(wafers, price);
    program.flow(wafers, cloud, chips, Tag::Capex);
    program.past(PastFlow {
        month: Month::new(2025, 3),
        amount: 40.0,
        from: investor,
        to: lab,
        tag: Tag::Equity,
    });
    program.finish()
}

fn program_constant(program: &mut Builder, value: f64) -> keiretsu_program::SlotId {
    program.constant(value)
}

fn factors(program: &mut Builder) -> [FactorId; 3] {
    let uncertain = Distribution::Lognormal { mu: -1.2, sigma: 0.3 };
    let volatility = program.slot(Slot { sampled: uncertain, ..Slot::constant(0.3) });
    let (half_life, fixed) = (program.constant(0.7), program.constant(0.25));
    let jump =
        Jump { rate: program.constant(0.8), mean: program.constant(-0.3), spread: program.constant(0.2) };
    let mut factor = |process| {
        let growth = (0..=MONTHS).map(|t| if t == 0 { 1.0 } else { 1.01 }).collect();
        let (start, growth) = (program.constant(1.0), program.curve(growth));
        program.factor(Factor { start, growth, process })
    };
    let price = factor(Process::MeanReverting { volatility, half_life });
    let index = factor(Process::Jump { volatility: fixed, jump });
    let demand = factor(Process::Geometric { volatility });
    program.correlate(price, demand, 0.5);
    program.correlate(index, demand, -0.3);
    program.copula(Copula::StudentT { freedom: 5.0 });
    [price, index, demand]
}

/// Take-or-pay with credits, that a default ends and turns into a claim.
fn service(program: &mut Builder, [lab, segment, cloud, chips]: [PartyId; 4], [price, demand]: [Reg; 2]) {
    let (minimum, rate) = (program.number(24.0), program.number(20.0));
    let usage = program.mul(rate, demand);
    let usage = program.mul(usage, price);
    let owed = program.max(minimum, usage);
    let flow = program.flow(owed, lab, segment, Tag::Service);
    let grant = program.curve_of(|t| if t == 2 { 30.0 } else { 0.0 });
    program.credits(Credits {
        grantor: segment,
        recipient: lab,
        grant,
        expiry: 5,
        flows: vec![flow],
        grows: None,
    });
    let account = program.account(0.0);
    program.feed(account, Feed::Payment(flow));
    let paid = program.op(Op::Account(account));
    let share = program.number(0.02);
    let share = program.mul(share, paid);
    program.flow(share, cloud, PartyId::OUTSIDE, Tag::Costs);
    let remaining = program.curve_of(|t| 5.0 * f64::from(MONTHS - t));
    let claim = program.claim(EstateClaim {
        debtor: lab,
        creditor: segment,
        amount: remaining,
        rank: 2,
        lapses: true,
    });
    let (nothing, share, limit) = (program.number(0.0), program.number(0.8), program.number(90.0));
    let call = program.flow(nothing, chips, segment, Tag::Guarantee);
    let falls = program.number(5.0);
    let (flows, claims) = (vec![flow], vec![Outstanding { claim, falls }]);
    program.cover(Cover {
        call,
        flows,
        share,
        limit: Some(limit),
        cushion: None,
        claims,
        worth: None,
        grows: None,
    });
}

/// A tranche that a threshold sets free, raises that a market may refuse, and stakes in the lab.
fn equity(program: &mut Builder, [lab, investor, chips]: [PartyId; 3], [index, demand]: [Reg; 2]) {
    let chance = program.constant(0.4);
    let launch = program.event(Event { occurrence: Occurrence::Once { chance, by: 12 } });
    let (shuts, reopens) = (program.constant(0.3), program.constant(0.6));
    let market = program.event(Event { occurrence: Occurrence::TwoState { now: true, shuts, reopens } });
    let (barrier, launched) = (program.number(1.1), program.op(Op::Event(launch)));
    let reached = program.op(Op::AtLeast(demand, barrier));
    let when = program.op(Op::Or(reached, launched));
    let met = program.op(Op::Latch { when, lapse: 20 });
    let (paid, amount) = (program.op(Op::Rise(met)), program.number(35.0));
    let tranche = program.mul(amount, paid);
    let scale = program.number(300.0);
    let value = program.mul(scale, index);
    let stake = program.constant(0.1);
    let old = Holding {
        owner: chips,
        issuer: lab,
        stake: Some(stake),
        mark: Some(program_constant(program, 30.0)),
    };
    program.holding(old);
    let bought = program.holding(Holding { owner: investor, issuer: lab, stake: None, mark: None });
    let flow = program.flow(tranche, investor, lab, Tag::Equity);
    let pre_money = program.op(Op::Lag { of: value, months: 2 });
    program.flow_mut(flow).issue = Some(Issue { holding: bought, pre_money, in_kind: None });
    let recovery = program.number(15.0);
    let party = program.party_mut(lab);
    party.value = Some(value);
    party.recovery = Some(recovery);
    party.default_costs = Some(DefaultCosts { kept_assets: 0.7, kept_received: 1.0 });
    party.funding = Some(Funding {
        keep: 1.5,
        raise: 6.0,
        price: Some(value),
        most: None,
        market: Some(market),
        default: true,
        grace: 1,
    });
}

/// Everything that can be watched about it, in months, and the cash of all in years.
pub fn probes(program: &Program) -> Vec<Probe> {
    let month = |quantity| Probe { quantity, span: Span::Month };
    let mut probes = vec![];
    for party in (0..program.parties.len() as u32).map(PartyId) {
        probes.extend([Quantity::Net(party), Quantity::Cash(party), Quantity::Defaulted(party)].map(month));
        probes.extend([Quantity::Shortfall(party), Quantity::Raised(party)].map(month));
        probes.push(month(Quantity::OwnReceipts { group: 0, party }));
        probes.push(Probe { quantity: Quantity::Net(party), span: Span::Year });
        probes.push(Probe { quantity: Quantity::Cash(party), span: Span::Whole });
    }
    for holding in (0..program.holdings.len() as u32).map(keiretsu_program::HoldingId) {
        probes.extend([Quantity::Holding(holding), Quantity::Stake(holding)].map(month));
    }
    let pool = keiretsu_program::CreditsId(0);
    probes.extend([Quantity::CreditsUsed(pool), Quantity::CreditsExpired(pool)].map(month));
    probes
}
