//! What each thing of a program rests on: registers, flows, accounts, and the state of those that can fail.
//!
//! Invariant: what a node needs is all that its numbers of any month are made of, in the order of
//! `docs/MONTH.md`; too much is slow, too little is wrong. Own money needs everything and has no node.

use keiretsu_program::{
    AccountId, ClaimId, CoverId, CreditsId, FactorId, Feed, FlowId, HoldingId, Op, PartyId, Process, Program,
    Quantity, Reg, RunSpec, Target,
};

/// A part of a program, or of the state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vertex {
    Register(usize),
    Factor(usize),
    Account(usize),
    Flow(usize),
    Pool(usize),
    Claim(usize),
    Cover(usize),
    Holding(usize),
    /// Equity value of a party.
    Value(usize),
    /// Cash of a purse: all that it pays and receives.
    Cash(usize),
    /// Whether a purse that can be short, or is made to fail, is or has, and what it pays then.
    Fate(usize),
    /// What a purse leaves if it fails, and to whom.
    Estate(usize),
}

/// How many kinds of node there are.
pub const KINDS: usize = 12;

/// Which nodes need each node, as numbers.
pub struct Readers {
    ends: Vec<usize>,
    all: Vec<usize>,
}

impl Readers {
    pub fn of(&self, node: usize) -> &[usize] {
        let first = if node == 0 { 0 } else { self.ends[node - 1] };
        &self.all[first..self.ends[node]]
    }
}

/// A program with a run of it, ready to say what rests on what.
pub struct Graph<'a> {
    program: &'a Program,
    purses: Vec<usize>,
    /// Purses that can be short or fail.
    pub frail: Vec<bool>,
    /// Registers that an overlay changes.
    pub overlaid: Vec<bool>,
    /// Flows that each purse pays or receives.
    flows: Vec<Vec<usize>>,
    /// Pools that settle each flow, and covers whose calls fall due on it.
    settled: Vec<Vec<Vertex>>,
    /// Frail purses of which each purse may inherit.
    bequests: Vec<Vec<usize>>,
    /// Where the nodes of each kind begin.
    pub first: [usize; KINDS],
    /// How many nodes there are.
    pub count: usize,
}

impl<'a> Graph<'a> {
    pub fn new(program: &'a Program, spec: &RunSpec) -> Self {
        let parties = program.parties.len();
        let purses: Vec<usize> = program.parties.iter().map(|party| party.purse.at()).collect();
        let mut frail: Vec<bool> = program.parties.iter().map(|party| party.funding.is_some()).collect();
        let mut overlaid = vec![false; program.ops.len()];
        for overlay in &spec.overlays {
            match overlay.target {
                Target::Default(party) => frail[purses[party.at()]] = true,
                Target::Register(reg) => overlaid[reg.0 as usize] = true,
                _ => {}
            }
        }
        let mut flows = vec![vec![]; parties];
        for (at, flow) in program.flows.iter().enumerate() {
            let (from, to) = (purses[flow.from.at()], purses[flow.to.at()]);
            flows[from].push(at);
            if from != to {
                flows[to].push(at);
            }
        }
        let mut settled = vec![vec![]; program.flows.len()];
        for (at, pool) in program.credits.iter().enumerate() {
            pool.flows.iter().for_each(|flow| settled[flow.at()].push(Vertex::Pool(at)));
        }
        for (at, cover) in program.covers.iter().enumerate() {
            settled[cover.call.at()].push(Vertex::Cover(at));
        }
        let counts = [
            program.ops.len(),
            program.factors.len(),
            program.accounts.len(),
            program.flows.len(),
            program.credits.len(),
            program.claims.len(),
            program.covers.len(),
            program.holdings.len(),
            parties,
            parties,
            parties,
            parties,
        ];
        let mut count = 0;
        let first = counts.map(|more| {
            count += more;
            count - more
        });
        let bequests = vec![vec![]; parties];
        let mut graph = Self { program, purses, frail, overlaid, flows, settled, bequests, first, count };
        graph.find_bequests();
        graph
    }

    fn find_bequests(&mut self) {
        for purse in (0..self.frail.len()).filter(|purse| self.frail[*purse]) {
            let program = self.program;
            let claims = program.claims.iter().filter(|claim| self.purse(claim.debtor) == purse);
            let stakes = program.holdings.iter().filter(|holding| self.purse(holding.issuer) == purse);
            let payees = self.flows[purse].iter().flat_map(|flow| {
                let flow = &program.flows[*flow];
                [flow.from, flow.to]
            });
            let guarantors = program.covers.iter().map(|cover| program.flows[cover.call.at()].from);
            let heirs = claims.map(|claim| claim.creditor).chain(stakes.map(|holding| holding.owner));
            let heirs = heirs.chain(payees).chain(guarantors).chain([PartyId::OUTSIDE]);
            for heir in heirs.map(|party| self.purse(party)).collect::<std::collections::BTreeSet<_>>() {
                self.bequests[heir].push(purse);
            }
        }
    }

    fn purse(&self, party: PartyId) -> usize {
        self.purses[party.at()]
    }

    /// A node as a number below [`Self::count`].
    pub fn index(&self, node: Vertex) -> usize {
        let (kind, at) = match node {
            Vertex::Register(at) => (0, at),
            Vertex::Factor(at) => (1, at),
            Vertex::Account(at) => (2, at),
            Vertex::Flow(at) => (3, at),
            Vertex::Pool(at) => (4, at),
            Vertex::Claim(at) => (5, at),
            Vertex::Cover(at) => (6, at),
            Vertex::Holding(at) => (7, at),
            Vertex::Value(at) => (8, at),
            Vertex::Cash(at) => (9, at),
            Vertex::Fate(at) => (10, at),
            Vertex::Estate(at) => (11, at),
        };
        self.first[kind] + at
    }

    /// All nodes, in the order of their numbers.
    pub fn nodes(&self) -> impl Iterator<Item = Vertex> {
        let kinds: [fn(usize) -> Vertex; KINDS] = [
            Vertex::Register,
            Vertex::Factor,
            Vertex::Account,
            Vertex::Flow,
            Vertex::Pool,
            Vertex::Claim,
            Vertex::Cover,
            Vertex::Holding,
            Vertex::Value,
            Vertex::Cash,
            Vertex::Fate,
            Vertex::Estate,
        ];
        let ends = self.first.into_iter().skip(1).chain([self.count]);
        let sizes = self.first.into_iter().zip(ends).map(|(first, end)| end - first);
        kinds.into_iter().zip(sizes).flat_map(|(kind, size)| (0..size).map(kind))
    }

    /// Who reads each node.
    pub fn readers(&self) -> Readers {
        let mut pairs = vec![];
        for (reader, node) in self.nodes().enumerate() {
            self.needs(node, &mut |needed| pairs.push((self.index(needed), reader)));
        }
        let mut ends = vec![0; self.count];
        for (needed, _) in &pairs {
            ends[*needed] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut all = vec![0; pairs.len()];
        let mut free = ends.clone();
        for (needed, reader) in pairs {
            free[needed] -= 1;
            all[free[needed]] = reader;
        }
        Readers { ends, all }
    }

    /// What a watched quantity reads; none for own money, which needs all.
    pub fn watched(&self, quantity: Quantity, spec: &RunSpec) -> Option<Vec<Vertex>> {
        let cash = |party: PartyId| vec![self.cash(party)];
        Some(match quantity {
            Quantity::Due(FlowId(at)) | Quantity::Payment(FlowId(at)) => vec![Vertex::Flow(at as usize)],
            Quantity::Net(party) | Quantity::Cash(party) | Quantity::Shortfall(party) => cash(party),
            Quantity::Raised(party) | Quantity::Defaulted(party) => vec![Vertex::Fate(self.purse(party))],
            Quantity::Factor(FactorId(at)) => vec![Vertex::Factor(at as usize)],
            Quantity::Register(Reg(at)) => vec![Vertex::Register(at as usize)],
            Quantity::Value(party) => vec![Vertex::Value(party.at())],
            Quantity::Holding(HoldingId(at)) | Quantity::Stake(HoldingId(at)) => {
                vec![Vertex::Holding(at as usize)]
            }
            Quantity::CreditsUsed(CreditsId(at))
            | Quantity::CreditsExpired(CreditsId(at))
            | Quantity::CreditsLeft(CreditsId(at)) => vec![Vertex::Pool(at as usize)],
            Quantity::Drawn(CoverId(at)) => vec![Vertex::Cover(at as usize)],
            Quantity::OwnReceipts { .. } => return None,
            Quantity::Exposure(at) | Quantity::ExposureAtDefault(at) => {
                let terms = &spec.exposures[at as usize];
                let mut nodes = vec![Vertex::Fate(self.purse(terms.debtor))];
                for part in terms.parts.iter().chain(&terms.less) {
                    nodes.extend(self.watched(*part, spec)?);
                }
                nodes
            }
        })
    }

    /// What an overlay changes; none for what many things read and few overlays change.
    pub fn changed(&self, target: Target) -> Option<Vertex> {
        match target {
            Target::Register(Reg(at)) => Some(Vertex::Register(at as usize)),
            Target::Factor(FactorId(at)) => Some(Vertex::Factor(at as usize)),
            Target::Default(party) => Some(Vertex::Fate(self.purse(party))),
            Target::Slot(_) | Target::Event(_) => None,
        }
    }

    /// Hands over what a node needs.
    pub fn needs(&self, node: Vertex, need: &mut impl FnMut(Vertex)) {
        match node {
            Vertex::Register(at) => self.register(at, need),
            Vertex::Factor(at) => {
                if let Process::Formula(reg) = self.program.factors[at].process {
                    need(register(reg));
                }
            }
            Vertex::Account(at) => {
                for feed in &self.program.accounts[at].feeds {
                    need(match *feed {
                        Feed::Value(reg) => register(reg),
                        Feed::Payment(flow) => Vertex::Flow(flow.at()),
                    });
                }
            }
            Vertex::Flow(at) => {
                let flow = &self.program.flows[at];
                need(register(flow.amount));
                self.settled[at].iter().for_each(|node| need(*node));
                for party in [flow.from, flow.to] {
                    need(self.fate(party));
                }
            }
            Vertex::Pool(at) => {
                let pool = &self.program.credits[at];
                [Some(pool.grant), pool.grows].into_iter().flatten().for_each(|reg| need(register(reg)));
                pool.flows.iter().for_each(|flow| need(Vertex::Flow(flow.at())));
                need(self.fate(pool.grantor));
            }
            Vertex::Claim(at) => {
                let claim = &self.program.claims[at];
                need(register(claim.amount));
                for party in [claim.debtor, claim.creditor] {
                    need(self.fate(party));
                }
            }
            Vertex::Cover(at) => self.cover(at, need),
            Vertex::Holding(at) => self.holding(at, need),
            Vertex::Value(at) => {
                self.program.parties[at].value.into_iter().for_each(|reg| need(register(reg)));
                need(self.fate(PartyId(at as u32)));
            }
            Vertex::Cash(purse) => {
                self.flows[purse].iter().for_each(|flow| need(Vertex::Flow(*flow)));
                self.bequests[purse].iter().for_each(|from| need(Vertex::Estate(*from)));
                need(Vertex::Estate(purse));
            }
            // Who is made to fail does so whatever it has, and pays in full until then.
            Vertex::Fate(purse) if self.can_be_short(purse) => self.state_of(purse, need),
            Vertex::Estate(purse) if self.frail[purse] => {
                need(Vertex::Fate(purse));
                self.state_of(purse, need);
            }
            Vertex::Fate(_) | Vertex::Estate(_) => {}
        }
    }

    fn can_be_short(&self, purse: usize) -> bool {
        self.program.parties[purse].funding.is_some()
    }

    /// The cash of a party's purse.
    pub fn cash(&self, party: PartyId) -> Vertex {
        Vertex::Cash(self.purse(party))
    }

    /// The fate of a party's purse.
    pub fn fate(&self, party: PartyId) -> Vertex {
        Vertex::Fate(self.purse(party))
    }

    fn register(&self, at: usize, need: &mut impl FnMut(Vertex)) {
        let op = self.program.ops[at];
        op.operands().for_each(|reg| need(register(reg)));
        match op {
            Op::Factor(FactorId(at)) => need(Vertex::Factor(at as usize)),
            Op::Account(AccountId(at)) => need(Vertex::Account(at as usize)),
            Op::Cash(party) => need(Vertex::Cash(self.purse(party))),
            Op::Defaulted(party) => need(self.fate(party)),
            _ => {}
        }
    }

    fn cover(&self, at: usize, need: &mut impl FnMut(Vertex)) {
        let cover = &self.program.covers[at];
        let terms = [Some(cover.share), cover.limit, cover.cushion, cover.worth, cover.grows];
        terms.into_iter().flatten().for_each(|reg| need(register(reg)));
        need(Vertex::Flow(cover.call.at()));
        cover.flows.iter().for_each(|flow| need(Vertex::Flow(flow.at())));
        for one in &cover.claims {
            need(Vertex::Claim(one.claim.at()));
            need(register(one.falls));
        }
        // What estates pay on what is covered is not called any more.
        let covered = cover.flows.iter().map(|flow| self.program.flows[flow.at()].from);
        let claimed = cover.claims.iter().map(|one| self.program.claims[one.claim.at()].debtor);
        covered.chain(claimed).for_each(|party| need(Vertex::Estate(self.purse(party))));
    }

    /// A stake moves with all that is issued to holders of the same issuer.
    fn holding(&self, at: usize, need: &mut impl FnMut(Vertex)) {
        let issuer = self.program.holdings[at].issuer;
        need(Vertex::Value(issuer.at()));
        let of_issuer = |holding: HoldingId| self.program.holdings[holding.at()].issuer == issuer;
        for (at, holding) in self.program.holdings.iter().enumerate() {
            if holding.issuer == issuer {
                need(Vertex::Holding(at));
            }
        }
        for (at, flow) in self.program.flows.iter().enumerate() {
            if let Some(issue) = flow.issue.filter(|issue| of_issuer(issue.holding)) {
                need(Vertex::Flow(at));
                need(register(issue.pre_money));
                issue.in_kind.into_iter().for_each(|reg| need(register(reg)));
            }
        }
    }

    /// All that a purse has and owes.
    fn state_of(&self, purse: usize, need: &mut impl FnMut(Vertex)) {
        need(Vertex::Cash(purse));
        let mine = |party: PartyId| self.purse(party) == purse;
        for (at, party) in self.program.parties.iter().enumerate().filter(|(at, _)| self.purses[*at] == purse)
        {
            need(Vertex::Value(at));
            let funding = party.funding.iter().flat_map(|funding| [funding.price, funding.most]);
            funding.chain([party.recovery]).flatten().for_each(|reg| need(register(reg)));
        }
        for (at, claim) in self.program.claims.iter().enumerate() {
            if mine(claim.debtor) || mine(claim.creditor) {
                need(Vertex::Claim(at));
            }
        }
        for (at, holding) in self.program.holdings.iter().enumerate() {
            if mine(holding.issuer) || mine(holding.owner) {
                need(Vertex::Holding(at));
            }
        }
        for (at, cover) in self.program.covers.iter().enumerate() {
            let call = self.program.flows[cover.call.at()];
            let debtor = |claim: ClaimId| self.program.claims[claim.at()].debtor;
            let covered = cover.flows.iter().map(|flow| self.program.flows[flow.at()].from);
            let claimed = cover.claims.iter().map(|one| debtor(one.claim));
            if [call.from, call.to].into_iter().chain(covered).chain(claimed).any(mine) {
                need(Vertex::Cover(at));
            }
        }
    }
}

fn register(reg: Reg) -> Vertex {
    Vertex::Register(reg.0 as usize)
}
