//! Builds a program, one primitive at a time; equal registers are made once.

use std::collections::BTreeMap;

use crate::{
    Account, AccountId, ClaimId, Copula, Correlation, Cover, CoverId, Credits, CreditsId, CurveId,
    EstateClaim, Event, EventId, Factor, FactorId, Feed, Flow, FlowId, Holding, HoldingId, Month, Op, Party,
    PartyId, PastFlow, Program, Reg, Slot, SlotId, Tag,
};

/// A program under construction.
#[derive(Clone, Debug)]
pub struct Builder {
    program: Program,
    known: BTreeMap<Op, Reg>,
    numbers: BTreeMap<u64, SlotId>,
    curves: BTreeMap<Vec<u64>, CurveId>,
}

impl Builder {
    /// An empty program with `outside` as its only party, run for `months` months after `origin`.
    pub fn new(origin: Month, months: u32) -> Self {
        let program = Program {
            origin,
            months,
            parties: vec![],
            slots: vec![],
            curves: vec![],
            factors: vec![],
            correlations: vec![],
            copula: Copula::Gaussian,
            events: vec![],
            ops: vec![],
            accounts: vec![],
            flows: vec![],
            credits: vec![],
            claims: vec![],
            covers: vec![],
            holdings: vec![],
            past: vec![],
            wholes: vec![],
        };
        let mut builder =
            Self { program, known: BTreeMap::new(), numbers: BTreeMap::new(), curves: BTreeMap::new() };
        builder.party();
        builder
    }

    /// The program as it stands.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The finished program.
    pub fn finish(self) -> Program {
        self.program
    }

    /// A new party with its own purse.
    pub fn party(&mut self) -> PartyId {
        let id = PartyId(self.program.parties.len() as u32);
        self.program.parties.push(Party {
            purse: id,
            cash: None,
            value: None,
            funding: None,
            recovery: None,
            default_costs: None,
        });
        id
    }

    /// A party to be filled in.
    pub fn party_mut(&mut self, id: PartyId) -> &mut Party {
        &mut self.program.parties[id.at()]
    }

    /// A new parameter.
    pub fn slot(&mut self, slot: Slot) -> SlotId {
        self.program.slots.push(slot.without_overflow());
        SlotId(self.program.slots.len() as u32 - 1)
    }

    /// A register that reads a parameter.
    pub fn read(&mut self, slot: SlotId) -> Reg {
        self.op(Op::Slot(slot))
    }

    /// The parameter that is this number in every reading, made once for each number.
    pub fn constant(&mut self, value: f64) -> SlotId {
        if let Some(&slot) = self.numbers.get(&value.to_bits()) {
            return slot;
        }
        let slot = self.slot(Slot::constant(value));
        self.numbers.insert(value.to_bits(), slot);
        slot
    }

    /// A register that is this number.
    pub fn number(&mut self, value: f64) -> Reg {
        let slot = self.constant(value);
        self.read(slot)
    }

    /// A list of numbers by month, `t = 0..=T`, made once for each list.
    ///
    /// # Panics
    /// If it is not `T + 1` long.
    pub fn curve(&mut self, values: Vec<f64>) -> CurveId {
        assert_eq!(values.len(), self.program.months as usize + 1, "a curve has T + 1 entries");
        let bits: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
        let next = CurveId(self.program.curves.len() as u32);
        let id = *self.curves.entry(bits).or_insert(next);
        if id == next {
            self.program.curves.push(values);
        }
        id
    }

    /// A curve computed from the month index.
    pub fn curve_of(&mut self, value: impl Fn(u32) -> f64) -> Reg {
        let values = (0..=self.program.months).map(value).collect();
        let curve = self.curve(values);
        self.op(Op::Curve(curve))
    }

    /// A register for an op; an equal one is made once.
    pub fn op(&mut self, op: Op) -> Reg {
        let next = Reg(self.program.ops.len() as u32);
        let reg = *self.known.entry(op).or_insert(next);
        if reg == next {
            self.program.ops.push(op);
        }
        reg
    }

    /// `a + b`.
    pub fn add(&mut self, a: Reg, b: Reg) -> Reg {
        self.op(Op::Add(a, b))
    }

    /// `a - b`.
    pub fn sub(&mut self, a: Reg, b: Reg) -> Reg {
        self.op(Op::Sub(a, b))
    }

    /// `a * b`.
    pub fn mul(&mut self, a: Reg, b: Reg) -> Reg {
        self.op(Op::Mul(a, b))
    }

    /// The greater of two.
    pub fn max(&mut self, a: Reg, b: Reg) -> Reg {
        self.op(Op::Max(a, b))
    }

    /// The lesser of two.
    pub fn min(&mut self, a: Reg, b: Reg) -> Reg {
        self.op(Op::Min(a, b))
    }

    /// A new factor.
    pub fn factor(&mut self, factor: Factor) -> FactorId {
        self.program.factors.push(factor);
        FactorId(self.program.factors.len() as u32 - 1)
    }

    /// A factor to be filled in.
    pub fn factor_mut(&mut self, id: FactorId) -> &mut Factor {
        &mut self.program.factors[id.at()]
    }

    /// A correlation between the normals of two factors, in either order.
    pub fn correlate(&mut self, a: FactorId, b: FactorId, rho: f64) {
        self.program.correlations.push(Correlation { a: a.min(b), b: a.max(b), rho });
    }

    /// How joint extremes behave.
    pub fn copula(&mut self, copula: Copula) {
        self.program.copula = copula;
    }

    /// A new event.
    pub fn event(&mut self, event: Event) -> EventId {
        self.program.events.push(event);
        EventId(self.program.events.len() as u32 - 1)
    }

    /// A new running sum; feeds may be added later.
    pub fn account(&mut self, opening: f64) -> AccountId {
        self.program.accounts.push(Account { opening, feeds: vec![] });
        AccountId(self.program.accounts.len() as u32 - 1)
    }

    /// Lets an account stand at a sum when the run begins.
    pub fn open(&mut self, account: AccountId, opening: f64) {
        self.program.accounts[account.at()].opening = opening;
    }

    /// Lets an account grow by a register or by payments.
    pub fn feed(&mut self, account: AccountId, feed: Feed) {
        self.program.accounts[account.at()].feeds.push(feed);
    }

    /// A new obligation of the middle rank that ends with either party.
    pub fn flow(&mut self, amount: Reg, from: PartyId, to: PartyId, tag: Tag) -> FlowId {
        self.program.flows.push(Flow { amount, from, to, tag, rank: 2, survives: false, issue: None });
        FlowId(self.program.flows.len() as u32 - 1)
    }

    /// An obligation to be filled in.
    pub fn flow_mut(&mut self, id: FlowId) -> &mut Flow {
        &mut self.program.flows[id.at()]
    }

    /// A payment before the first month.
    pub fn past(&mut self, past: PastFlow) {
        self.program.past.push(past);
    }

    /// Parameters that are shares of one whole.
    pub fn whole(&mut self, shares: Vec<SlotId>) {
        if !self.program.wholes.contains(&shares) {
            self.program.wholes.push(shares);
        }
    }

    /// A pool of service credits.
    pub fn credits(&mut self, credits: Credits) -> CreditsId {
        self.program.credits.push(credits);
        CreditsId(self.program.credits.len() as u32 - 1)
    }

    /// A claim that a default raises.
    pub fn claim(&mut self, claim: EstateClaim) -> ClaimId {
        self.program.claims.push(claim);
        ClaimId(self.program.claims.len() as u32 - 1)
    }

    /// A claim to be filled in.
    pub fn claim_mut(&mut self, id: ClaimId) -> &mut EstateClaim {
        &mut self.program.claims[id.at()]
    }

    /// A promise to pay what others do not.
    pub fn cover(&mut self, cover: Cover) -> CoverId {
        self.program.covers.push(cover);
        CoverId(self.program.covers.len() as u32 - 1)
    }

    /// A stake.
    pub fn holding(&mut self, holding: Holding) -> HoldingId {
        self.program.holdings.push(holding);
        HoldingId(self.program.holdings.len() as u32 - 1)
    }
}
