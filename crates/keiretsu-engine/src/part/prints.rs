//! Fingerprints of the things of a program: two with the same one have the same numbers in every month.
//!
//! Registers, flows, claims and values are known by what they are made of. Parameters, which may be shared,
//! and all that may rest on itself through earlier months (accounts, cash, pools ...) have tokens instead. A
//! thing of another program takes the token of its counterpart as long as both are made of the same things.

use std::fmt::Debug;

use keiretsu_maths::splitmix::SplitMix;
use keiretsu_program::{Mode, Occurrence, Op, Overlay, Process, Program, RunSpec, SlotId, Target};

use super::graph::{Graph, Vertex};

/// A fingerprint of 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Print(u64, u64);

impl Print {
    pub fn of(kind: u64) -> Self {
        Self(SplitMix(kind).word(), SplitMix(!kind).word())
    }

    #[must_use]
    pub fn and(self, word: u64) -> Self {
        Self(SplitMix(self.0 ^ word).word(), SplitMix(self.1.rotate_left(29).wrapping_add(word)).word())
    }

    #[must_use]
    pub fn with(self, other: Self) -> Self {
        self.and(other.0).and(other.1)
    }

    /// With anything that says in words all that it is.
    #[must_use]
    fn saying(self, thing: &impl Debug) -> Self {
        format!("{thing:?}").bytes().fold(self, |print, byte| print.and(byte.into()))
    }
}

/// Tokens of parameters, and of nodes that have one, by number.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub slots: Vec<u64>,
    pub nodes: Vec<u64>,
}

/// A program, about to be fingerprinted.
pub struct Printing<'a> {
    pub graph: Graph<'a>,
    program: &'a Program,
    spec: &'a RunSpec,
    curves: Vec<Print>,
}

/// Whether a node is known by a token.
pub fn has_token(node: Vertex) -> bool {
    matches!(
        node,
        Vertex::Account(_)
            | Vertex::Pool(_)
            | Vertex::Cover(_)
            | Vertex::Holding(_)
            | Vertex::Cash(_)
            | Vertex::Fate(_)
            | Vertex::Estate(_)
    )
}

impl<'a> Printing<'a> {
    pub fn new(program: &'a Program, spec: &'a RunSpec) -> Self {
        let bits = |print: Print, number: &f64| print.and(number.to_bits());
        let curve = |curve: &Vec<f64>| curve.iter().fold(Print::of(1), bits);
        let curves = program.curves.iter().map(curve).collect();
        Self { graph: Graph::new(program, spec), program, spec, curves }
    }

    /// Tokens by place.
    pub fn own_tokens(&self) -> Tokens {
        Tokens {
            slots: (0..self.program.slots.len() as u64).collect(),
            nodes: (0..self.graph.count as u64).collect(),
        }
    }

    /// What each parameter is in this run.
    pub fn slots(&self) -> Vec<Print> {
        let Mode::Reading(reading) = self.spec.mode else { unreachable!("a reading") };
        let slot = |(at, slot): (usize, &keiretsu_program::Slot)| {
            let possible = slot.possible(reading);
            let ends = [slot.read(reading), possible.set.low, possible.set.high];
            let print = ends.iter().fold(Print::of(2), |print, end| print.and(end.to_bits()));
            self.overlaid(print.and(possible.vague.into()), Target::Slot(SlotId(at as u32)))
        };
        let alone: Vec<Print> = self.program.slots.iter().enumerate().map(slot).collect();
        let mut slots = alone.clone();
        // Of shares of one whole each may be what the others leave.
        for (at, whole) in self.program.wholes.iter().enumerate() {
            let print =
                whole.iter().fold(Print::of(14).and(at as u64), |print, slot| print.with(alone[slot.at()]));
            for (share, slot) in whole.iter().enumerate() {
                slots[slot.at()] = slots[slot.at()].with(print).and(share as u64);
            }
        }
        slots
    }

    /// With what overlays make of it.
    fn overlaid(&self, print: Print, target: Target) -> Print {
        let mine = self.spec.overlays.iter().filter(|overlay| overlay.target == target);
        mine.fold(print, |print, Overlay { change, from, until, .. }| {
            print.saying(change).and((*from).into()).and((*until).into())
        })
    }

    /// What a node with a token is, apart from what it is made of.
    pub fn alone(&self, node: Vertex) -> Print {
        let (program, print) = (self.program, Print::of(3));
        match node {
            Vertex::Account(at) => {
                let account = &program.accounts[at];
                print.and(account.opening.to_bits()).and(account.feeds.len() as u64)
            }
            Vertex::Pool(at) => {
                let pool = &program.credits[at];
                let sides = print.and(pool.grantor.0.into()).and(pool.recipient.0.into());
                sides.and(pool.expiry.into()).and(pool.flows.len() as u64).and(pool.grows.is_some().into())
            }
            Vertex::Cover(at) => {
                let cover = &program.covers[at];
                let terms = [cover.limit, cover.cushion, cover.worth, cover.grows];
                let print = terms.iter().fold(print, |print, term| print.and(term.is_some().into()));
                print.and(cover.flows.len() as u64).and(cover.claims.len() as u64)
            }
            Vertex::Holding(at) => {
                let holding = &program.holdings[at];
                let print = print.and(holding.owner.0.into()).and(holding.issuer.0.into());
                print.and(holding.stake.is_some().into()).and(holding.mark.is_some().into())
            }
            Vertex::Fate(purse) | Vertex::Estate(purse) if self.graph.frail[purse] => self.fate(purse),
            Vertex::Cash(at) | Vertex::Fate(at) | Vertex::Estate(at) => print.and(at as u64),
            _ => unreachable!("it has no token"),
        }
    }

    fn fate(&self, purse: usize) -> Print {
        let mine = self.program.parties.iter().enumerate().filter(|(_, party)| party.purse.at() == purse);
        mine.fold(Print::of(4).and(purse as u64), |print, (at, party)| {
            let funding = party.funding.map(|funding| {
                let terms = (funding.price.is_some(), funding.most.is_some(), funding.market);
                (funding.keep, funding.raise, terms, funding.default, funding.grace)
            });
            let print = print.saying(&(at, funding, party.recovery.is_some(), party.default_costs));
            self.overlaid(print, Target::Default(keiretsu_program::PartyId(at as u32)))
        })
    }

    /// What each event is.
    fn events(&self, slots: &[u64]) -> Vec<Print> {
        let event = |(at, event): (usize, &keiretsu_program::Event)| {
            let print = match event.occurrence {
                Occurrence::Once { chance, .. } => Print::of(5).and(slots[chance.at()]),
                Occurrence::TwoState { shuts, reopens, .. } => {
                    Print::of(6).and(slots[shuts.at()]).and(slots[reopens.at()])
                }
                Occurrence::Settled { .. } | Occurrence::Unknown => Print::of(7),
            };
            let print = match event.occurrence {
                Occurrence::Once { by, .. } => print.and(by.into()),
                Occurrence::TwoState { now, .. } => print.saying(&now),
                other => print.saying(&other),
            };
            self.overlaid(print, Target::Event(keiretsu_program::EventId(at as u32)))
        };
        self.program.events.iter().enumerate().map(event).collect()
    }

    /// The fingerprint of every node, those with a token by it.
    pub fn prints(&self, tokens: &Tokens) -> Vec<Print> {
        let mut all: Vec<Print> = tokens.nodes.iter().map(|token| Print::of(8).and(*token)).collect();
        let events = self.events(&tokens.slots);
        for at in 0..self.program.ops.len() {
            all[at] = self.register(at, tokens, &events, &all);
        }
        let plain = self.graph.nodes().enumerate().skip(self.program.ops.len());
        for (index, node) in plain.filter(|(_, node)| !has_token(*node)) {
            all[index] = match node {
                Vertex::Factor(at) => self.factor(at, tokens, &all),
                Vertex::Flow(at) => {
                    let flow = &self.program.flows[at];
                    let sides = Print::of(9).and(flow.from.0.into()).and(flow.to.0.into());
                    let print = sides.and(flow.rank.into()).and(flow.survives.into()).saying(&flow.tag);
                    self.made_of(print, node, &all)
                }
                Vertex::Claim(at) => {
                    let claim = &self.program.claims[at];
                    let sides = Print::of(10).and(claim.debtor.0.into()).and(claim.creditor.0.into());
                    self.made_of(sides.and(claim.rank.into()).and(claim.lapses.into()), node, &all)
                }
                _ => self.made_of(Print::of(11), node, &all),
            };
        }
        all
    }

    fn made_of(&self, print: Print, node: Vertex, all: &[Print]) -> Print {
        let mut print = print;
        self.graph.needs(node, &mut |needed| print = print.with(all[self.graph.index(needed)]));
        print
    }

    fn factor(&self, at: usize, tokens: &Tokens, all: &[Print]) -> Print {
        let factor = &self.program.factors[at];
        let print = if let Process::Formula(reg) = factor.process {
            Print::of(12).with(all[reg.0 as usize])
        } else {
            // In a reading all others keep to their central path.
            let start = Print::of(13).and(tokens.slots[factor.start.at()]);
            start.with(self.curves[factor.growth.at()])
        };
        self.overlaid(print, Target::Factor(keiretsu_program::FactorId(at as u32)))
    }

    fn register(&self, at: usize, tokens: &Tokens, events: &[Print], all: &[Print]) -> Print {
        let op = self.program.ops[at];
        let print = match op {
            Op::Slot(slot) => Print::of(20).and(tokens.slots[slot.at()]),
            Op::Curve(curve) => Print::of(21).with(self.curves[curve.at()]),
            Op::Factor(factor) => Print::of(22).with(self.factor(factor.at(), tokens, all)),
            Op::Event(event) => Print::of(23).with(events[event.at()]),
            Op::Add(..) => Print::of(24),
            Op::Sub(..) => Print::of(25),
            Op::Mul(..) => Print::of(26),
            Op::Div(..) => Print::of(27),
            Op::Min(..) => Print::of(28),
            Op::Max(..) => Print::of(29),
            Op::AtLeast(..) => Print::of(30),
            Op::MoreThan(..) => Print::of(31),
            Op::And(..) => Print::of(32),
            Op::Or(..) => Print::of(33),
            Op::Not(_) => Print::of(34),
            Op::Choose { .. } => Print::of(35),
            Op::Lag { months, .. } => Print::of(36).and(months.into()),
            Op::Latch { lapse, .. } => Print::of(37).and(lapse.into()),
            Op::Rise(_) => Print::of(38),
            Op::Account(account) => Print::of(39).with(all[self.graph.index(Vertex::Account(account.at()))]),
            Op::Cash(party) => Print::of(40).with(all[self.graph.index(self.graph.cash(party))]),
            Op::Defaulted(party) => Print::of(41).with(all[self.graph.index(self.graph.fate(party))]),
        };
        let print = op.operands().fold(print, |print, reg| print.with(all[reg.0 as usize]));
        if self.graph.overlaid[at] {
            self.overlaid(print, Target::Register(keiretsu_program::Reg(at as u32)))
        } else {
            print
        }
    }

    /// What a node with a token is made of.
    pub fn whole(&self, node: Vertex, tokens: &Tokens, all: &[Print]) -> Print {
        let slot = |print: Print, slot: Option<SlotId>| match slot {
            Some(slot) => print.and(tokens.slots[slot.at()]),
            None => print.and(u64::MAX),
        };
        let mut print = self.alone(node);
        match node {
            Vertex::Cash(purse) => {
                let mine = self.program.parties.iter().filter(|party| party.purse.at() == purse);
                print = mine.fold(print, |print, party| slot(print, party.cash));
            }
            Vertex::Holding(at) => {
                let holding = &self.program.holdings[at];
                print = slot(slot(print, holding.stake), holding.mark);
                let issues = self.program.flows.iter().filter_map(|flow| flow.issue);
                let same = |at: usize| self.program.holdings[at].issuer == holding.issuer;
                for issue in issues.filter(|issue| same(issue.holding.at())) {
                    let bought = self.graph.index(Vertex::Holding(issue.holding.at()));
                    print = print.with(all[bought]).and(issue.in_kind.is_some().into());
                }
            }
            Vertex::Fate(purse) if self.graph.frail[purse] => {
                let events = self.events(&tokens.slots);
                let funding = self.program.parties.iter().filter_map(|party| party.funding);
                let markets = funding.filter_map(|funding| funding.market);
                print = markets.fold(print, |print, event| print.with(events[event.at()]));
            }
            _ => {}
        }
        self.made_of(print, node, all)
    }
}
