//! Makes a failing web smaller for as long as it still fails.

use keiretsu_program::{
    Copula, Cover, Distribution, Event, Flow, Funding, Occurrence, Op, Party, PartyId, Process, Slot, SlotId,
    verify,
};

use super::Case;
use super::ids::{List, drop_at, visit, without};

/// The smallest case found that still fails: no single step leaves it failing.
pub fn shrink(case: &Case, fails: &dyn Fn(&Case) -> bool) -> Case {
    let mut smallest = case.clone();
    loop {
        let before = size(&smallest);
        for kind in 0..KINDS {
            take(&mut smallest, kind, fails);
        }
        if size(&smallest) == before {
            return smallest;
        }
    }
}

const KINDS: usize = 8;

/// Takes every step of a kind after which the case still fails and is smaller.
fn take(case: &mut Case, kind: usize, fails: &dyn Fn(&Case) -> bool) {
    let mut at = 0;
    loop {
        let Some(candidates) = steps(case, kind, at) else { return };
        let smaller = |next: &Case| size(next) < size(case) && verify(&next.program).is_ok() && fails(next);
        match candidates.into_iter().find(smaller) {
            Some(next) => *case = next,
            None => at += 1,
        }
    }
}

/// What can be tried at a position; none beyond the last one.
fn steps(case: &Case, kind: usize, at: usize) -> Option<Vec<Case>> {
    match kind {
        0 => fewer_months(case, at),
        1 => fewer_extras(case, at),
        2 => plainer_parties(case, at),
        3 => plainer_flows(case, at),
        4 => plainer_registers(case, at),
        5 => plainer_uncertainty(case, at),
        6 => plainer_slots(case, at),
        _ => {
            let mut lists =
                List::ALL.into_iter().flat_map(|list| (0..list.len(case)).map(move |i| (list, i)));
            let (list, index) = lists.nth(at)?;
            Some(without(case, list, index).into_iter().collect())
        }
    }
}

/// Smaller is what has less of everything. Weights only order the steps.
fn size(case: &Case) -> usize {
    let p = &case.program;
    let party = |(at, x): (usize, &Party)| {
        let funding = x.funding.map_or(0, |f| {
            1 + usize::from(f.price.is_some())
                + usize::from(f.most.is_some())
                + usize::from(f.market.is_some())
        });
        let rest = [x.cash.is_some(), x.value.is_some(), x.recovery.is_some(), x.default_costs.is_some()];
        let segment = usize::from(x.purse.at() != at);
        1 + segment + funding + rest.into_iter().filter(|&has| has).count()
    };
    let flow = |x: &Flow| {
        1 + usize::from(x.survives)
            + usize::from(x.issue.is_some())
            + usize::from(x.rank != 1)
            + usize::from(x.issue.is_some_and(|issue| issue.in_kind.is_some()))
    };
    let cover = |x: &Cover| {
        let terms = [x.limit, x.cushion, x.worth].into_iter().flatten().count();
        1 + x.flows.len() + x.claims.len() + terms
    };
    let op = |x: &Op| 1 + x.operands().count() + usize::from(!matches!(x, Op::Slot(_)));
    let slot = |x: &Slot| {
        let point =
            matches!(x.sampled, Distribution::Point(value) if value.to_bits() == x.expected.to_bits());
        let same = x.firm.to_bits() == x.expected.to_bits() && x.headline.to_bits() == x.expected.to_bits();
        1 + usize::from(!(point && same))
    };
    let lists = List::ALL.iter().map(|list| list.len(case)).sum::<usize>();
    let uncertain = p.factors.iter().filter(|x| x.process != Process::Central).count();
    let events = p.events.iter().filter(|x| !matches!(x.occurrence, Occurrence::Settled { .. })).count();
    let pools: usize = p.credits.iter().map(|pool| 1 + pool.flows.len()).sum();
    let feeds: usize = p.accounts.iter().map(|account| account.feeds.len()).sum();
    let groups: usize = case.groups.iter().map(|group| 1 + group.len()).sum();
    p.months as usize
        + lists
        + p.parties.iter().enumerate().map(party).sum::<usize>()
        + p.flows.iter().map(flow).sum::<usize>()
        + p.ops.iter().map(op).sum::<usize>()
        + p.slots.iter().map(slot).sum::<usize>()
        + uncertain
        + events
        + pools
        + feeds
        + groups
        + p.covers.iter().map(cover).sum::<usize>()
        + p.past.len()
        + p.correlations.len()
        + case.overlays.len()
        + usize::from(p.copula != Copula::Gaussian)
}

/// A copy with a change.
fn with(case: &Case, change: impl FnOnce(&mut Case)) -> Case {
    let mut copy = case.clone();
    change(&mut copy);
    copy
}

fn fewer_months(case: &Case, at: usize) -> Option<Vec<Case>> {
    let cut = |months: u32| {
        with(case, |c| {
            c.program.months = months;
            c.program.curves.iter_mut().for_each(|curve| curve.truncate(months as usize + 1));
        })
    };
    let months = case.program.months;
    (at == 0).then(|| [months / 2, months - 1].into_iter().filter(|&m| m >= 1).map(cut).collect())
}

fn fewer_extras(case: &Case, at: usize) -> Option<Vec<Case>> {
    let p = &case.program;
    let mut all: Vec<Case> = vec![];
    all.extend((0..case.overlays.len()).map(|i| with(case, |c| drop_at(&mut c.overlays, i))));
    all.extend((0..case.groups.len()).map(|i| with(case, |c| drop_at(&mut c.groups, i))));
    all.extend((0..case.groups.len()).map(|i| with(case, |c| c.groups[i].truncate(1))));
    all.extend((0..p.covers.len()).map(|i| with(case, |c| drop_at(&mut c.program.covers, i))));
    for cover in 0..p.covers.len() {
        let flows = 0..p.covers[cover].flows.len();
        all.extend(flows.map(|i| with(case, |c| drop_at(&mut c.program.covers[cover].flows, i))));
        let claims = 0..p.covers[cover].claims.len();
        all.extend(claims.map(|i| with(case, |c| drop_at(&mut c.program.covers[cover].claims, i))));
        all.push(with(case, |c| c.program.covers[cover].limit = None));
        all.push(with(case, |c| c.program.covers[cover].cushion = None));
        all.push(with(case, |c| c.program.covers[cover].worth = None));
    }
    all.extend((0..p.past.len()).map(|i| with(case, |c| drop_at(&mut c.program.past, i))));
    all.extend((0..p.correlations.len()).map(|i| with(case, |c| drop_at(&mut c.program.correlations, i))));
    all.extend((0..p.credits.len()).map(|i| with(case, |c| drop_at(&mut c.program.credits, i))));
    for pool in 0..p.credits.len() {
        let flows = 0..p.credits[pool].flows.len();
        all.extend(flows.map(|i| with(case, |c| drop_at(&mut c.program.credits[pool].flows, i))));
    }
    for account in 0..p.accounts.len() {
        let feeds = 0..p.accounts[account].feeds.len();
        all.extend(feeds.map(|i| with(case, |c| drop_at(&mut c.program.accounts[account].feeds, i))));
    }
    all.push(with(case, |c| c.program.copula = Copula::Gaussian));
    all.into_iter().nth(at).map(|case| vec![case])
}

fn plainer_parties(case: &Case, at: usize) -> Option<Vec<Case>> {
    let party = |change: fn(&mut Party)| with(case, |c| change(&mut c.program.parties[at]));
    let funding =
        |change: fn(&mut Funding)| with(case, |c| c.program.parties[at].funding.iter_mut().for_each(change));
    (at < case.program.parties.len()).then(|| {
        vec![
            with(case, |c| c.program.parties[at].purse = PartyId(at as u32)),
            party(|x| x.funding = None),
            party(|x| x.cash = None),
            party(|x| x.value = None),
            party(|x| x.recovery = None),
            party(|x| x.default_costs = None),
            funding(|x| x.price = None),
            funding(|x| x.most = None),
            funding(|x| x.market = None),
        ]
    })
}

fn plainer_flows(case: &Case, at: usize) -> Option<Vec<Case>> {
    let flow = |change: fn(&mut Flow)| with(case, |c| change(&mut c.program.flows[at]));
    (at < case.program.flows.len()).then(|| {
        vec![
            flow(|x| x.issue = None),
            flow(|x| x.issue.iter_mut().for_each(|issue| issue.in_kind = None)),
            flow(|x| x.survives = false),
            flow(|x| x.rank = 1),
        ]
    })
}

/// Reads of a register become reads of one of its operands; or the register becomes a parameter.
fn plainer_registers(case: &Case, at: usize) -> Option<Vec<Case>> {
    // Later registers first: they are the ones that flows read.
    let index = case.program.ops.len().checked_sub(at + 1)?;
    let op = case.program.ops[index];
    let instead = |to: u32| {
        with(case, |c| {
            visit(c, &mut |list, id| {
                if list == List::Ops && *id as usize == index {
                    *id = to;
                }
            });
            // Nobody reads it any more.
            if let Some(smaller) = without(c, List::Ops, index) {
                *c = smaller;
            }
        })
    };
    let mut all: Vec<Case> = op.operands().map(|reg| instead(reg.0)).collect();
    let slots = (0..case.program.slots.len() as u32).map(SlotId);
    all.extend(slots.take(4).map(|slot| with(case, |c| c.program.ops[index] = Op::Slot(slot))));
    Some(all)
}

fn plainer_uncertainty(case: &Case, at: usize) -> Option<Vec<Case>> {
    let factors = case.program.factors.len();
    if at < factors {
        return Some(vec![with(case, |c| c.program.factors[at].process = Process::Central)]);
    }
    let event = |occurrence| with(case, |c| c.program.events[at - factors] = Event { occurrence });
    let settled = [Occurrence::Settled { at: 0 }, Occurrence::Settled { at: u32::MAX }];
    (at - factors < case.program.events.len()).then(|| settled.map(event).into())
}

fn plainer_slots(case: &Case, at: usize) -> Option<Vec<Case>> {
    let slot = case.program.slots.get(at)?;
    Some(vec![with(case, |c| c.program.slots[at] = Slot::constant(slot.expected))])
}
