//! A program cut down to what a run's probes rest on: the same numbers, of less work.
//!
//! Most questions of a large web touch few of its contracts. Registers, flows, accounts, claims, covers,
//! pools, holdings and curves that nothing watched rests on are left out; parties, parameters, factors and
//! events keep their places, so that a party that nothing touches is just idle.
//!
//! Invariant: each probe sees the bits that it would see in the whole program. Absent: what could not be read
//! in what is left out.

mod graph;
mod known;
mod prints;

pub use known::Known;

use keiretsu_program::{
    Account, AccountId, ClaimId, Cover, CoverId, Credits, CreditsId, CurveId, EstateClaim, ExposureSpec,
    Factor, Feed, Flow, FlowId, Holding, HoldingId, Issue, Observations, Op, Outstanding, Overlay, Party,
    Probe, Process, Program, Quantity, Reg, RunSpec, Target, Unread,
};

use self::graph::{Graph, Vertex};

/// A part of a program, and the run of it.
pub struct Part {
    pub program: Program,
    pub spec: RunSpec,
    kept: Kept,
}

/// The things that are kept, by their places in the whole.
struct Kept {
    registers: Places,
    accounts: Places,
    flows: Places,
    pools: Places,
    claims: Places,
    covers: Places,
    holdings: Places,
    curves: Places,
    values: Vec<bool>,
    fates: Vec<bool>,
    factors: Vec<bool>,
}

/// Where each thing of a list has come, and which are there.
struct Places {
    new: Vec<Option<u32>>,
    old: Vec<usize>,
}

impl Places {
    fn of(kept: impl Iterator<Item = bool>) -> Self {
        let mut places = Self { new: vec![], old: vec![] };
        for (at, kept) in kept.enumerate() {
            places.new.push(kept.then_some(places.old.len() as u32));
            if kept {
                places.old.push(at);
            }
        }
        places
    }

    /// The new place of something that what is kept rests on.
    fn to(&self, at: usize) -> u32 {
        self.new[at].expect("what something kept rests on is kept")
    }

    fn back(&self, at: usize) -> u32 {
        self.old[at] as u32
    }
}

/// The part that a run rests on up to a month; none where it is about the whole, or names what there is not.
pub fn of(program: &Program, spec: &RunSpec, last: u32) -> Option<Part> {
    let graph = Graph::new(program, spec);
    let mut open = vec![];
    for quantity in spec.quantities() {
        open.extend(graph.watched(quantity, spec)?);
    }
    let mut reached = vec![false; graph.count];
    while let Some(node) = open.pop() {
        let index = graph.index(node);
        if !reached[index] {
            reached[index] = true;
            graph.needs(node, &mut |next| open.push(next));
        }
    }
    let kept = Kept::new(program, &graph, &reached);
    let mut part = Part { program: kept.program(program), spec: kept.spec(spec), kept };
    if last < program.months {
        part.program.months = last;
        part.program.curves.iter_mut().for_each(|curve| curve.truncate(last as usize + 1));
    }
    Some(part)
}

/// Whether each probe of a run may see something else where overlays come on top of it; none where that
/// cannot be said of them.
pub fn touched(program: &Program, spec: &RunSpec, overlays: &[Overlay]) -> Option<Vec<bool>> {
    let all = [&spec.overlays[..], overlays].concat();
    let changed = RunSpec { overlays: all, probes: vec![], ..spec.clone() };
    let graph = Graph::new(program, &changed);
    let mut open = vec![];
    for overlay in overlays {
        open.push(graph.index(graph.changed(overlay.target)?));
    }
    let readers = graph.readers();
    let mut reached = vec![false; graph.count];
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut reached[node], true) {
            open.extend(readers.of(node));
        }
    }
    let touched = |probe: &Probe| {
        let nodes = graph.watched(probe.quantity, spec)?;
        Some(nodes.into_iter().any(|node| reached[graph.index(node)]))
    };
    spec.probes.iter().map(touched).collect()
}

impl Part {
    /// What was seen, as of the whole.
    pub fn seen(&self, mut seen: Observations) -> Observations {
        let kept = &self.kept;
        for flow in &mut seen.left_out {
            *flow = FlowId(kept.flows.back(flow.at()));
        }
        for unread in &mut seen.unread {
            *unread = match *unread {
                Unread::Grant(pool) => Unread::Grant(CreditsId(kept.pools.back(pool.at()))),
                Unread::Recovery(party) => Unread::Recovery(party),
                Unread::Claim(claim) => Unread::Claim(ClaimId(kept.claims.back(claim.at()))),
                Unread::Cover(cover) => Unread::Cover(CoverId(kept.covers.back(cover.at()))),
            };
        }
        seen
    }
}

impl Kept {
    fn new(program: &Program, graph: &Graph<'_>, reached: &[bool]) -> Self {
        let places = |count: usize, node: fn(usize) -> Vertex| {
            Places::of((0..count).map(|at| reached[graph.index(node(at))]))
        };
        let those = |count: usize, node: fn(usize) -> Vertex| -> Vec<bool> {
            (0..count).map(|at| reached[graph.index(node(at))]).collect()
        };
        let registers = places(program.ops.len(), Vertex::Register);
        let mut curves = vec![false; program.curves.len()];
        program.factors.iter().for_each(|factor| curves[factor.growth.at()] = true);
        for at in &registers.old {
            if let Op::Curve(curve) = program.ops[*at] {
                curves[curve.at()] = true;
            }
        }
        Self {
            registers,
            accounts: places(program.accounts.len(), Vertex::Account),
            flows: places(program.flows.len(), Vertex::Flow),
            pools: places(program.credits.len(), Vertex::Pool),
            claims: places(program.claims.len(), Vertex::Claim),
            covers: places(program.covers.len(), Vertex::Cover),
            holdings: places(program.holdings.len(), Vertex::Holding),
            curves: Places::of(curves.into_iter()),
            values: those(program.parties.len(), Vertex::Value),
            fates: those(program.parties.len(), Vertex::Fate),
            factors: those(program.factors.len(), Vertex::Factor),
        }
    }

    fn program(&self, whole: &Program) -> Program {
        let curves = self.curves.old.iter().map(|at| whole.curves[*at].clone());
        Program {
            origin: whole.origin,
            months: whole.months,
            parties: whole.parties.iter().enumerate().map(|(at, party)| self.party(at, party)).collect(),
            slots: whole.slots.clone(),
            curves: curves.collect(),
            factors: whole.factors.iter().enumerate().map(|(at, factor)| self.factor(at, factor)).collect(),
            correlations: whole.correlations.clone(),
            copula: whole.copula,
            events: whole.events.clone(),
            ops: self.registers.old.iter().map(|at| self.op(whole.ops[*at])).collect(),
            accounts: self.accounts.old.iter().map(|at| self.account(&whole.accounts[*at])).collect(),
            flows: self.flows.old.iter().map(|at| self.flow(&whole.flows[*at])).collect(),
            credits: self.pools.old.iter().map(|at| self.pool(&whole.credits[*at])).collect(),
            claims: self.claims.old.iter().map(|at| self.claim(&whole.claims[*at])).collect(),
            covers: self.covers.old.iter().map(|at| self.cover(&whole.covers[*at])).collect(),
            holdings: self.holdings.old.iter().map(|at| whole.holdings[*at]).collect::<Vec<Holding>>(),
            past: whole.past.clone(),
            wholes: whole.wholes.clone(),
        }
    }

    fn spec(&self, whole: &RunSpec) -> RunSpec {
        let quantity = |quantity: &Quantity| self.quantity(*quantity);
        let exposure = |exposure: &ExposureSpec| ExposureSpec {
            parts: exposure.parts.iter().map(quantity).collect(),
            less: exposure.less.iter().map(quantity).collect(),
            debtor: exposure.debtor,
        };
        let overlay = |overlay: &Overlay| match overlay.target {
            Target::Register(reg) => {
                let reg = Reg(self.registers.new[reg.0 as usize]?);
                Some(Overlay { target: Target::Register(reg), ..*overlay })
            }
            _ => Some(*overlay),
        };
        let probe = |probe: &Probe| Probe { quantity: self.quantity(probe.quantity), span: probe.span };
        RunSpec {
            mode: whole.mode,
            overlays: whole.overlays.iter().filter_map(overlay).collect(),
            probes: whole.probes.iter().map(probe).collect(),
            own_money: whole.own_money.clone(),
            convention: whole.convention,
            quantiles: whole.quantiles.clone(),
            tails: whole.tails.clone(),
            exposures: whole.exposures.iter().map(exposure).collect(),
            possible: whole.possible,
        }
    }

    fn reg(&self, reg: Reg) -> Reg {
        Reg(self.registers.to(reg.0 as usize))
    }

    fn id_of_flow(&self, flow: FlowId) -> FlowId {
        FlowId(self.flows.to(flow.at()))
    }

    fn party(&self, at: usize, party: &Party) -> Party {
        let reg = |reg: Reg| self.reg(reg);
        let fate = self.fates[party.purse.at()];
        let funding = party.funding.filter(|_| fate).map(|funding| keiretsu_program::Funding {
            price: funding.price.map(reg),
            most: funding.most.map(reg),
            ..funding
        });
        Party {
            value: party.value.filter(|_| self.values[at]).map(reg),
            funding,
            recovery: party.recovery.and_then(|reg| self.registers.new[reg.0 as usize]).map(Reg),
            ..*party
        }
    }

    fn factor(&self, at: usize, factor: &Factor) -> Factor {
        let process = match factor.process {
            Process::Formula(reg) if self.factors[at] => Process::Formula(self.reg(reg)),
            Process::Formula(_) => Process::Central,
            process => process,
        };
        Factor { growth: CurveId(self.curves.to(factor.growth.at())), process, ..*factor }
    }

    fn op(&self, op: Op) -> Op {
        let reg = |reg: Reg| self.reg(reg);
        match op {
            Op::Slot(_) | Op::Factor(_) | Op::Event(_) | Op::Cash(_) | Op::Defaulted(_) => op,
            Op::Curve(curve) => Op::Curve(CurveId(self.curves.to(curve.at()))),
            Op::Add(a, b) => Op::Add(reg(a), reg(b)),
            Op::Sub(a, b) => Op::Sub(reg(a), reg(b)),
            Op::Mul(a, b) => Op::Mul(reg(a), reg(b)),
            Op::Div(a, b) => Op::Div(reg(a), reg(b)),
            Op::Min(a, b) => Op::Min(reg(a), reg(b)),
            Op::Max(a, b) => Op::Max(reg(a), reg(b)),
            Op::AtLeast(a, b) => Op::AtLeast(reg(a), reg(b)),
            Op::MoreThan(a, b) => Op::MoreThan(reg(a), reg(b)),
            Op::And(a, b) => Op::And(reg(a), reg(b)),
            Op::Or(a, b) => Op::Or(reg(a), reg(b)),
            Op::Not(a) => Op::Not(reg(a)),
            Op::Choose { when, then, otherwise } => {
                Op::Choose { when: reg(when), then: reg(then), otherwise: reg(otherwise) }
            }
            Op::Lag { of, months } => Op::Lag { of: reg(of), months },
            Op::Latch { when, lapse } => Op::Latch { when: reg(when), lapse },
            Op::Rise(of) => Op::Rise(reg(of)),
            Op::Account(account) => Op::Account(AccountId(self.accounts.to(account.at()))),
        }
    }

    fn account(&self, account: &Account) -> Account {
        let feed = |feed: &Feed| match *feed {
            Feed::Value(reg) => Feed::Value(self.reg(reg)),
            Feed::Payment(flow) => Feed::Payment(self.id_of_flow(flow)),
        };
        Account { opening: account.opening, feeds: account.feeds.iter().map(feed).collect() }
    }

    fn flow(&self, flow: &Flow) -> Flow {
        let issue = flow.issue.and_then(|issue| {
            Some(Issue {
                holding: HoldingId(self.holdings.new[issue.holding.at()]?),
                pre_money: self.reg(issue.pre_money),
                in_kind: issue.in_kind.map(|reg| self.reg(reg)),
            })
        });
        Flow { amount: self.reg(flow.amount), issue, ..*flow }
    }

    fn pool(&self, pool: &Credits) -> Credits {
        Credits {
            grant: self.reg(pool.grant),
            flows: pool.flows.iter().map(|flow| self.id_of_flow(*flow)).collect(),
            grows: pool.grows.map(|reg| self.reg(reg)),
            ..*pool
        }
    }

    fn claim(&self, claim: &EstateClaim) -> EstateClaim {
        EstateClaim { amount: self.reg(claim.amount), ..*claim }
    }

    fn cover(&self, cover: &Cover) -> Cover {
        let reg = |reg: Reg| self.reg(reg);
        let outstanding = |one: &Outstanding| Outstanding {
            claim: ClaimId(self.claims.to(one.claim.at())),
            falls: self.reg(one.falls),
        };
        Cover {
            call: self.id_of_flow(cover.call),
            flows: cover.flows.iter().map(|flow| self.id_of_flow(*flow)).collect(),
            share: reg(cover.share),
            limit: cover.limit.map(reg),
            cushion: cover.cushion.map(reg),
            claims: cover.claims.iter().map(outstanding).collect(),
            worth: cover.worth.map(reg),
            grows: cover.grows.map(reg),
        }
    }

    fn quantity(&self, quantity: Quantity) -> Quantity {
        let pool = |pool: CreditsId| CreditsId(self.pools.to(pool.at()));
        let holding = |holding: HoldingId| HoldingId(self.holdings.to(holding.at()));
        match quantity {
            Quantity::Due(flow) => Quantity::Due(self.id_of_flow(flow)),
            Quantity::Payment(flow) => Quantity::Payment(self.id_of_flow(flow)),
            Quantity::Register(reg) => Quantity::Register(self.reg(reg)),
            Quantity::Holding(at) => Quantity::Holding(holding(at)),
            Quantity::Stake(at) => Quantity::Stake(holding(at)),
            Quantity::CreditsUsed(at) => Quantity::CreditsUsed(pool(at)),
            Quantity::CreditsExpired(at) => Quantity::CreditsExpired(pool(at)),
            Quantity::CreditsLeft(at) => Quantity::CreditsLeft(pool(at)),
            Quantity::Drawn(cover) => Quantity::Drawn(CoverId(self.covers.to(cover.at()))),
            other => other,
        }
    }
}
