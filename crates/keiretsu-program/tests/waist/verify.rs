//! What a program must be, by what is refused.

use keiretsu_program::*;

use crate::every::every;

/// Breaks the program of every primitive and expects one fault.
fn refuses(damage: impl Fn(&mut Program), fault: &str) {
    finds(damage, &[fault.to_string()]);
}

/// Breaks the program of every primitive and expects these faults.
fn finds(damage: impl Fn(&mut Program), faults: &[String]) {
    let mut program = every();
    damage(&mut program);
    let found = verify(&program).expect_err(&faults[0]);
    assert_eq!(found.iter().map(Fault::to_string).collect::<Vec<_>>(), faults);
}

#[test]
fn a_program_of_every_primitive_stands() {
    assert_eq!(verify(&every()), Ok(()));
    assert_eq!(verify(&Builder::new(Month::new(2025, 12), MONTHS_MAX).finish()), Ok(()));
}

#[test]
fn all_faults_are_found_at_once() {
    let mut program = every();
    program.claims[0].rank = 0;
    program.past[0].amount = -1.0;
    program.origin = Month(i32::MAX);
    assert_eq!(verify(&program).unwrap_err().len(), 3);
}

#[test]
fn time_has_bounds() {
    refuses(|p| p.origin = Month(120_000), "program 0: its origin is not in the years 0 to 9999");
    let mut program = Builder::new(Month::new(2025, 12), 0).finish();
    assert_eq!(verify(&program).unwrap_err()[0].to_string(), "program 0: runs 0 months, not 1 to 1200");
    program.months = MONTHS_MAX + 1;
    assert_eq!(verify(&program).unwrap_err()[0].to_string(), "program 0: runs 1201 months, not 1 to 1200");
    let freedom = |freedom| move |p: &mut Program| p.copula = Copula::StudentT { freedom };
    let fault = "program 0: a t copula has more than 2 degrees of freedom";
    refuses(freedom(2.0), fault);
    refuses(freedom(f64::NAN), fault);
}

#[test]
fn outside_is_there_and_never_short() {
    refuses(|p| p.parties[0].recovery = Some(Reg(0)), "party 0: outside never runs short");
    refuses(|p| p.parties[0].funding = p.parties[1].funding, "party 0: outside never runs short");
    let mut program = Builder::new(Month::new(2025, 12), 1).finish();
    program.parties.clear();
    assert_eq!(verify(&program).unwrap_err()[0].to_string(), "party 0: there is no outside");
    program.parties = every().parties;
    program.parties[0].purse = PartyId(1);
    assert_eq!(verify(&program).unwrap_err()[0].to_string(), "party 0: outside has its own purse");
}

#[test]
fn purses_are_purses() {
    refuses(|p| p.parties[3].purse = PartyId(4), "party 3: p4 is not one of 4 parties");
    let segment = "party 3: a segment has no cash, funding or default of its own";
    refuses(|p| p.parties[3].cash = Some(SlotId(0)), segment);
    refuses(|p| p.parties[3].recovery = Some(Reg(0)), segment);
    let chain = |p: &mut Program| {
        let segment = p.parties[3];
        p.parties.push(Party { purse: PartyId(3), ..segment });
    };
    refuses(chain, "party 4: its purse is a segment itself");
}

#[test]
fn funding_and_costs_are_sane() {
    type Change = fn(&mut Funding);
    let change = |change: Change| move |p: &mut Program| change(p.parties[1].funding.as_mut().unwrap());
    refuses(change(|f| f.keep = -1.0), "party 1: keeps a negative or infinite number of months");
    refuses(change(|f| f.raise = f64::NAN), "party 1: raises a negative or infinite number of months");
    refuses(change(|f| f.price = Some(Reg(99))), "party 1: r99 is not one of 24 registers");
    refuses(change(|f| f.market = Some(EventId(5))), "party 1: e5 is not one of 5 events");
    let costs = |p: &mut Program| p.parties[1].default_costs.as_mut().unwrap().kept_assets = 1.5;
    refuses(costs, "party 1: a kept share is 0 to 1");
    refuses(|p| p.parties[1].cash = Some(SlotId(9)), "party 1: s9 is not one of 4 slots");
    refuses(|p| p.parties[1].value = Some(Reg(24)), "party 1: r24 is not one of 24 registers");
}

#[test]
fn slots_and_curves_are_finite_or_unknown() {
    refuses(|p| p.slots[1].firm = f64::INFINITY, "slot 1: a reading is infinite");
    let sampled = |sampled| move |p: &mut Program| p.slots[1].sampled = sampled;
    refuses(sampled(Distribution::Point(f64::INFINITY)), "slot 1: its point is infinite");
    let fault = "slot 1: a log-normal has a finite mean and a finite deviation of at least 0";
    refuses(sampled(Distribution::Lognormal { mu: 0.0, sigma: -1.0 }), fault);
    refuses(sampled(Distribution::Lognormal { mu: f64::NAN, sigma: 1.0 }), fault);
    let fault = "slot 1: a uniform has two finite ends, the lower one first";
    refuses(sampled(Distribution::Uniform { low: 2.0, high: 1.0 }), fault);
    refuses(|p| p.curves[0].truncate(3), "curve 0: has 3 entries, not 4");
    refuses(|p| p.curves[0][2] = f64::NAN, "curve 0: an entry is not finite");
}

#[test]
fn factors_have_processes_that_exist() {
    refuses(|p| p.factors[0].start = SlotId(4), "factor 0: s4 is not one of 4 slots");
    refuses(|p| p.factors[0].growth = CurveId(1), "factor 0: c1 is not one of 1 curves");
    let process = |process| move |p: &mut Program| p.factors[1].process = process;
    let (negative, one) = (SlotId(1), SlotId(0)); // -2 in the headline reading of slot 1
    let volatility = "factor 1: the volatility of s1 is out of range";
    refuses(process(Process::Geometric { volatility: negative }), volatility);
    let half_life = "factor 1: the half-life of s1 is out of range";
    refuses(process(Process::MeanReverting { volatility: one, half_life: negative }), half_life);
    let jump = Jump { rate: one, mean: negative, spread: one };
    refuses(
        process(Process::Jump { volatility: one, jump }),
        "factor 1: the mean of jumps of s1 is out of range",
    );
    let growth = |growth: f64, t: usize| move |p: &mut Program| p.curves[0][t] = growth;
    let each = |what: &str| [0, 1, 2, 3].map(|index| format!("factor {index}: {what}"));
    finds(growth(1.5, 0), &each("the growth of t = 0 is 1"));
    finds(growth(-1.0, 2), &each("a growth multiplier is negative"));
}

#[test]
fn correlations_are_of_pairs_once() {
    refuses(|p| p.correlations[0].b = FactorId(5), "correlation 0: f5 is not one of 5 factors");
    refuses(|p| p.correlations[0].a = FactorId(2), "correlation 0: the lesser factor comes first");
    refuses(|p| p.correlations[0].rho = -1.1, "correlation 0: a correlation is -1 to 1");
    refuses(|p| p.correlations.push(p.correlations[0]), "correlation 1: the pair is stated twice");
}

#[test]
fn events_have_chances() {
    let event = |occurrence| move |p: &mut Program| p.events[0] = Event { occurrence };
    let (sane, wild) = (SlotId(0), SlotId(1));
    let month = "event 0: its month is at least 1";
    refuses(event(Occurrence::Once { chance: sane, by: 0 }), month);
    let chance = "event 0: the chance of s1 is out of range";
    refuses(event(Occurrence::Once { chance: wild, by: 1 }), chance);
    let shuts = Occurrence::TwoState { now: false, shuts: wild, reopens: sane };
    refuses(event(shuts), "event 0: the chance to shut of s1 is out of range");
    let reopens = Occurrence::TwoState { now: false, shuts: sane, reopens: SlotId(4) };
    refuses(event(reopens), "event 0: s4 is not one of 4 slots");
}

#[test]
fn registers_read_earlier_ones() {
    let last = |op| move |p: &mut Program| *p.ops.last_mut().unwrap() = op;
    refuses(last(Op::Not(Reg(23))), "op 23: reads r23, which is not an earlier register");
    refuses(last(Op::Add(Reg(0), Reg(99))), "op 23: reads r99, which is not an earlier register");
    refuses(last(Op::Slot(SlotId(4))), "op 23: s4 is not one of 4 slots");
    refuses(last(Op::Curve(CurveId(4))), "op 23: c4 is not one of 1 curves");
    refuses(last(Op::Factor(FactorId(5))), "op 23: f5 is not one of 5 factors");
    refuses(last(Op::Event(EventId(5))), "op 23: e5 is not one of 5 events");
    refuses(last(Op::Account(AccountId(1))), "op 23: a1 is not one of 1 accounts");
    refuses(last(Op::Cash(PartyId(4))), "op 23: p4 is not one of 4 parties");
    refuses(last(Op::Defaulted(PartyId(4))), "op 23: p4 is not one of 4 parties");
    refuses(last(Op::Lag { of: Reg(0), months: 0 }), "op 23: a lag is at least a month");
}

#[test]
fn a_formula_stands_before_it_is_read() {
    let late = |p: &mut Program| p.factors[4].process = Process::Formula(Reg(1));
    refuses(late, "op 1: reads, through a formula, r1, which is not an earlier register");
    let nowhere = |p: &mut Program| p.factors[4].process = Process::Formula(Reg(99));
    let read = "op 1: reads, through a formula, r99, which is not an earlier register";
    finds(nowhere, &["factor 4: r99 is not one of 24 registers".into(), read.into()]);
}

#[test]
fn flows_and_accounts_name_what_exists() {
    refuses(|p| p.accounts[0].opening = f64::INFINITY, "account 0: its opening is infinite");
    refuses(|p| p.accounts[0].feeds[0] = Feed::Value(Reg(24)), "account 0: r24 is not one of 24 registers");
    refuses(|p| p.accounts[0].feeds[0] = Feed::Payment(FlowId(15)), "account 0: w15 is not one of 15 flows");
    refuses(|p| p.flows[0].amount = Reg(24), "flow 0: r24 is not one of 24 registers");
    refuses(|p| p.flows[0].to = PartyId(4), "flow 0: p4 is not one of 4 parties");
    refuses(|p| p.flows[0].rank = 0, "flow 0: a rank is at least 1");
    let issue = |change: fn(&mut Issue)| move |p: &mut Program| change(p.flows[13].issue.as_mut().unwrap());
    refuses(issue(|i| i.pre_money = Reg(24)), "flow 13: r24 is not one of 24 registers");
    refuses(issue(|i| i.holding = HoldingId(2)), "flow 13: h2 is not one of 2 holdings");
    let other = "flow 13: issues units of another party than the payee";
    refuses(issue(|i| i.holding = HoldingId(1)), other);
    refuses(|p| p.holdings[0].owner = PartyId(0), "flow 13: buys units for another party than the payer");
}

#[test]
fn claims_credits_and_holdings_name_what_exists() {
    refuses(|p| p.credits[0].grantor = PartyId(4), "credits 0: p4 is not one of 4 parties");
    refuses(|p| p.credits[0].flows[0] = FlowId(15), "credits 0: w15 is not one of 15 flows");
    refuses(|p| p.credits[1].grant = Reg(24), "credits 1: r24 is not one of 24 registers");
    refuses(|p| p.claims[0].rank = 0, "claim 0: a rank is at least 1");
    refuses(|p| p.claims[0].debtor = PartyId(0), "claim 0: outside never defaults");
    refuses(|p| p.claims[0].creditor = PartyId(1), "claim 0: a claim is on somebody else");
    refuses(|p| p.holdings[1].owner = PartyId(0), "holding 1: a party holds no units of its own");
    refuses(|p| p.holdings[1].stake = Some(SlotId(1)), "holding 1: the stake of s1 is out of range");
    refuses(|p| p.holdings[1].mark = Some(SlotId(1)), "holding 1: the mark of s1 is out of range");
}

#[test]
fn the_past_is_over() {
    refuses(|p| p.past[0].month = p.origin.plus(1), "past 0: is not before or at the origin");
    refuses(|p| p.past[0].amount = -1.0, "past 0: its amount is negative or infinite");
    refuses(|p| p.past[0].from = PartyId(4), "past 0: p4 is not one of 4 parties");
}

#[test]
fn covers_are_of_what_others_owe_the_beneficiary() {
    let flow = every().covers[0].flows[0];
    refuses(|p| p.covers[0].flows.push(flow), "cover 0: covers a flow twice");
    refuses(|p| p.covers[0].claims[0].claim = ClaimId(9), "cover 0: #9 is not one of 1 claims");
    refuses(|p| p.covers[0].flows[0] = FlowId(99), "cover 0: w99 is not one of 15 flows");
    refuses(|p| p.covers.push(p.covers[0].clone()), "cover 1: its call is the call of another cover");
    let call = |p: &mut Program, from, to| {
        let call = p.covers[0].call.at();
        (p.flows[call].from, p.flows[call].to) = (PartyId(from), PartyId(to));
    };
    refuses(|p| call(p, 1, 1), "cover 0: its guarantor is its beneficiary");
    refuses(|p| call(p, 2, 1), "cover 0: covers what its guarantor owes himself");
    refuses(|p| call(p, 0, 3), "cover 0: covers a flow to another than its beneficiary");
}
