//! Removes an entry from a list of a program and renumbers what refers to the later ones.

use keiretsu_program::{Feed, Occurrence, Op, Process, Target};

use super::Case;

/// A list whose entries others refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Parties,
    Slots,
    Curves,
    Factors,
    Events,
    Ops,
    Accounts,
    Flows,
    Holdings,
    Claims,
}

impl List {
    /// From those that refer to those that are referred to.
    pub(super) const ALL: [Self; 10] = [
        Self::Claims,
        Self::Flows,
        Self::Holdings,
        Self::Accounts,
        Self::Ops,
        Self::Factors,
        Self::Events,
        Self::Slots,
        Self::Curves,
        Self::Parties,
    ];

    pub(super) fn len(self, case: &Case) -> usize {
        let p = &case.program;
        match self {
            Self::Parties => p.parties.len(),
            Self::Slots => p.slots.len(),
            Self::Curves => p.curves.len(),
            Self::Factors => p.factors.len(),
            Self::Events => p.events.len(),
            Self::Ops => p.ops.len(),
            Self::Accounts => p.accounts.len(),
            Self::Flows => p.flows.len(),
            Self::Holdings => p.holdings.len(),
            Self::Claims => p.claims.len(),
        }
    }
}

/// The case without an entry; none if something refers to it.
pub(super) fn without(case: &Case, list: List, index: usize) -> Option<Case> {
    let mut case = case.clone();
    let p = &mut case.program;
    match list {
        List::Parties => drop_at(&mut p.parties, index),
        List::Slots => drop_at(&mut p.slots, index),
        List::Curves => drop_at(&mut p.curves, index),
        List::Factors => drop_at(&mut p.factors, index),
        List::Events => drop_at(&mut p.events, index),
        List::Ops => drop_at(&mut p.ops, index),
        List::Accounts => drop_at(&mut p.accounts, index),
        List::Flows => drop_at(&mut p.flows, index),
        List::Holdings => drop_at(&mut p.holdings, index),
        List::Claims => drop_at(&mut p.claims, index),
    }
    let mut is_free = true;
    visit(&mut case, &mut |of, id| {
        if of == list && *id as usize >= index {
            is_free &= *id as usize > index;
            *id = id.saturating_sub(1);
        }
    });
    is_free.then_some(case)
}

/// Removes an entry.
pub(super) fn drop_at<T>(list: &mut Vec<T>, index: usize) {
    list.remove(index);
}

/// Shows every reference to an entry of a list.
pub(super) fn visit(case: &mut Case, see: &mut impl FnMut(List, &mut u32)) {
    let p = &mut case.program;
    for party in &mut p.parties {
        see(List::Parties, &mut party.purse.0);
        party.cash.iter_mut().for_each(|slot| see(List::Slots, &mut slot.0));
        party.value.iter_mut().chain(&mut party.recovery).for_each(|reg| see(List::Ops, &mut reg.0));
        if let Some(funding) = &mut party.funding {
            funding.price.iter_mut().for_each(|reg| see(List::Ops, &mut reg.0));
            funding.most.iter_mut().for_each(|reg| see(List::Ops, &mut reg.0));
            funding.market.iter_mut().for_each(|event| see(List::Events, &mut event.0));
        }
    }
    for flow in &mut p.flows {
        see(List::Ops, &mut flow.amount.0);
        see(List::Parties, &mut flow.from.0);
        see(List::Parties, &mut flow.to.0);
        if let Some(issue) = &mut flow.issue {
            see(List::Holdings, &mut issue.holding.0);
            see(List::Ops, &mut issue.pre_money.0);
            issue.in_kind.iter_mut().for_each(|reg| see(List::Ops, &mut reg.0));
        }
    }
    for pool in &mut p.credits {
        see(List::Parties, &mut pool.grantor.0);
        see(List::Parties, &mut pool.recipient.0);
        see(List::Ops, &mut pool.grant.0);
        pool.flows.iter_mut().for_each(|flow| see(List::Flows, &mut flow.0));
    }
    for claim in &mut p.claims {
        see(List::Parties, &mut claim.debtor.0);
        see(List::Parties, &mut claim.creditor.0);
        see(List::Ops, &mut claim.amount.0);
    }
    for holding in &mut p.holdings {
        see(List::Parties, &mut holding.owner.0);
        see(List::Parties, &mut holding.issuer.0);
        holding.stake.iter_mut().chain(&mut holding.mark).for_each(|slot| see(List::Slots, &mut slot.0));
    }
    for past in &mut p.past {
        see(List::Parties, &mut past.from.0);
        see(List::Parties, &mut past.to.0);
    }
    for feed in p.accounts.iter_mut().flat_map(|account| &mut account.feeds) {
        match feed {
            Feed::Value(reg) => see(List::Ops, &mut reg.0),
            Feed::Payment(flow) => see(List::Flows, &mut flow.0),
        }
    }
    for pair in &mut p.correlations {
        see(List::Factors, &mut pair.a.0);
        see(List::Factors, &mut pair.b.0);
    }
    visit_covers(case, see);
    visit_uncertain(case, see);
    case.program.ops.iter_mut().for_each(|op| visit_op(op, see));
    for member in case.groups.iter_mut().flatten() {
        see(List::Parties, &mut member.0);
    }
    for overlay in &mut case.overlays {
        match &mut overlay.target {
            Target::Slot(slot) => see(List::Slots, &mut slot.0),
            Target::Factor(factor) => see(List::Factors, &mut factor.0),
            Target::Event(event) => see(List::Events, &mut event.0),
            Target::Register(reg) => see(List::Ops, &mut reg.0),
            Target::Default(party) => see(List::Parties, &mut party.0),
        }
    }
}

fn visit_covers(case: &mut Case, see: &mut impl FnMut(List, &mut u32)) {
    for cover in &mut case.program.covers {
        let (limit, cushion, worth) = (cover.limit.as_mut(), cover.cushion.as_mut(), cover.worth.as_mut());
        let regs = [Some(&mut cover.share), limit, cushion, worth];
        regs.into_iter().flatten().for_each(|reg| see(List::Ops, &mut reg.0));
        cover.flows.iter_mut().chain([&mut cover.call]).for_each(|flow| see(List::Flows, &mut flow.0));
        for one in &mut cover.claims {
            see(List::Claims, &mut one.claim.0);
            see(List::Ops, &mut one.falls.0);
        }
    }
}

fn visit_uncertain(case: &mut Case, see: &mut impl FnMut(List, &mut u32)) {
    for factor in &mut case.program.factors {
        see(List::Slots, &mut factor.start.0);
        see(List::Curves, &mut factor.growth.0);
        match &mut factor.process {
            Process::Central => {}
            Process::Geometric { volatility } => see(List::Slots, &mut volatility.0),
            Process::MeanReverting { volatility, half_life } => {
                see(List::Slots, &mut volatility.0);
                see(List::Slots, &mut half_life.0);
            }
            Process::Jump { volatility, jump } => {
                for slot in [volatility, &mut jump.rate, &mut jump.mean, &mut jump.spread] {
                    see(List::Slots, &mut slot.0);
                }
            }
            Process::Formula(reg) => see(List::Ops, &mut reg.0),
        }
    }
    for event in &mut case.program.events {
        match &mut event.occurrence {
            Occurrence::Once { chance, .. } => see(List::Slots, &mut chance.0),
            Occurrence::TwoState { shuts, reopens, .. } => {
                see(List::Slots, &mut shuts.0);
                see(List::Slots, &mut reopens.0);
            }
            Occurrence::Settled { .. } | Occurrence::Unknown => {}
        }
    }
}

fn visit_op(op: &mut Op, see: &mut impl FnMut(List, &mut u32)) {
    let mut regs = |regs: &mut [&mut keiretsu_program::Reg]| {
        for reg in regs {
            see(List::Ops, &mut reg.0);
        }
    };
    match op {
        Op::Add(a, b)
        | Op::Sub(a, b)
        | Op::Mul(a, b)
        | Op::Div(a, b)
        | Op::Min(a, b)
        | Op::Max(a, b)
        | Op::AtLeast(a, b)
        | Op::MoreThan(a, b)
        | Op::And(a, b)
        | Op::Or(a, b) => regs(&mut [a, b]),
        Op::Not(a) | Op::Rise(a) => regs(&mut [a]),
        Op::Choose { when, then, otherwise } => regs(&mut [when, then, otherwise]),
        Op::Lag { of, .. } => regs(&mut [of]),
        Op::Latch { when, .. } => regs(&mut [when]),
        Op::Slot(slot) => see(List::Slots, &mut slot.0),
        Op::Curve(curve) => see(List::Curves, &mut curve.0),
        Op::Factor(factor) => see(List::Factors, &mut factor.0),
        Op::Event(event) => see(List::Events, &mut event.0),
        Op::Account(account) => see(List::Accounts, &mut account.0),
        Op::Cash(party) | Op::Defaulted(party) => see(List::Parties, &mut party.0),
    }
}
