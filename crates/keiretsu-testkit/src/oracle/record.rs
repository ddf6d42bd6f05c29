//! What goes in and what comes out: draws, and the numbers of each month.

use std::collections::BTreeSet;

use keiretsu_program::{FlowId, Program, Quantity, Reading, Unread};

/// What a program is interpreted in.
#[derive(Clone, Copy, Debug)]
pub enum World<'a> {
    /// Central paths, and figures as this reading takes them.
    Reading(Reading),
    /// One path.
    Path(&'a Draws),
}

impl World<'_> {
    /// Whether it is a path.
    pub fn is_path(self) -> bool {
        matches!(self, Self::Path(_))
    }

    /// Whether it is this reading.
    pub fn is(self, reading: Reading) -> bool {
        matches!(self, Self::Reading(this) if this == reading)
    }
}

/// The random numbers of one path. Lists by month start with month 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draws {
    /// Each slot as drawn, before overlays.
    pub slots: Vec<f64>,
    /// By month and factor: the correlated normal `e`, after the t copula.
    pub normals: Vec<Vec<f64>>,
    /// By month and factor: the normal of each jump of the month.
    pub jumps: Vec<Vec<Vec<f64>>>,
    /// By month and event: uniform on 0 to 1; it fires if this is below its hazard.
    pub uniforms: Vec<Vec<f64>>,
}

/// Everything there is to know about a run.
#[derive(Clone, Debug)]
pub struct History {
    /// `t = 0..=T`.
    pub months: Vec<Record>,
    /// Flows of which some month's amount was unknown.
    pub left_out: BTreeSet<FlowId>,
    /// What else was unknown when it was asked for.
    pub unread: BTreeSet<Unread>,
    /// Whether something overflowed.
    pub failed: bool,
    /// The largest amount due.
    pub largest: f64,
    /// Whether some clearing could not be solved exactly.
    pub unsettled: bool,
    /// How close the closest decision about money was.
    pub closest_money: f64,
    /// How close the closest comparison of registers was, as a share of what was compared.
    pub closest_share: f64,
}

impl Default for History {
    fn default() -> Self {
        Self {
            months: vec![],
            left_out: BTreeSet::new(),
            unread: BTreeSet::new(),
            failed: false,
            largest: 0.0,
            unsettled: false,
            closest_money: f64::INFINITY,
            closest_share: f64::INFINITY,
        }
    }
}

impl History {
    /// Part of the largest flow within which engine and oracle need not agree.
    pub const TOLERANCE: f64 = 1e-9;

    /// Whether rounding could have decided something: whoever compares draws another web.
    pub fn is_marginal(&self) -> bool {
        let money = self.closest_money <= Self::TOLERANCE * self.largest;
        self.unsettled || money || self.closest_share <= Self::TOLERANCE
    }

    /// Nothing at all is no gap: what is exactly zero is so by the page, not by rounding.
    pub(super) fn money_gap(&mut self, gap: f64) {
        if gap.abs() > 0.0 {
            self.closest_money = self.closest_money.min(gap.abs());
        }
    }

    pub(super) fn share_gap(&mut self, gap: f64) {
        self.closest_share = self.closest_share.min(gap.abs());
    }
}

/// One month: a list for each kind, by id.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each is the `Quantity` of its name")]
pub struct Record {
    pub factors: Vec<f64>,
    pub events: Vec<f64>,
    pub registers: Vec<f64>,
    pub due: Vec<f64>,
    pub paid: Vec<f64>,
    /// What service credits settled on each flow.
    pub settled: Vec<f64>,
    pub net: Vec<f64>,
    pub cash: Vec<f64>,
    pub raised: Vec<f64>,
    pub shortfall: Vec<f64>,
    pub defaulted: Vec<f64>,
    pub value: Vec<f64>,
    pub holding: Vec<f64>,
    pub stake: Vec<f64>,
    pub used: Vec<f64>,
    pub expired: Vec<f64>,
    pub left: Vec<f64>,
    /// Paid on the calls of each cover so far.
    pub drawn: Vec<f64>,
    /// By group and party.
    pub own_receipts: Vec<Vec<f64>>,
}

impl Record {
    pub(super) fn blank(program: &Program, groups: usize) -> Self {
        let zeros = |count: usize| vec![0.0; count];
        let [flows, parties] = [program.flows.len(), program.parties.len()];
        let [holdings, credits] = [program.holdings.len(), program.credits.len()];
        Self {
            due: zeros(flows),
            paid: zeros(flows),
            settled: zeros(flows),
            net: zeros(parties),
            cash: zeros(parties),
            raised: zeros(parties),
            shortfall: zeros(parties),
            defaulted: zeros(parties),
            value: zeros(parties),
            holding: zeros(holdings),
            stake: zeros(holdings),
            used: zeros(credits),
            expired: zeros(credits),
            left: zeros(credits),
            own_receipts: vec![zeros(parties); groups],
            ..Self::default()
        }
    }

    /// The number of a probe of this month.
    pub fn read(&self, quantity: Quantity) -> f64 {
        match quantity {
            Quantity::Due(flow) => self.due[flow.at()],
            Quantity::Payment(flow) => self.paid[flow.at()],
            Quantity::Net(party) => self.net[party.at()],
            Quantity::Cash(party) => self.cash[party.at()],
            Quantity::Raised(party) => self.raised[party.at()],
            Quantity::Defaulted(party) => self.defaulted[party.at()],
            Quantity::Shortfall(party) => self.shortfall[party.at()],
            Quantity::Factor(factor) => self.factors[factor.at()],
            Quantity::Register(reg) => self.registers[reg.0 as usize],
            Quantity::Value(party) => self.value[party.at()],
            Quantity::Holding(holding) => self.holding[holding.at()],
            Quantity::Stake(holding) => self.stake[holding.at()],
            Quantity::CreditsUsed(pool) => self.used[pool.at()],
            Quantity::CreditsExpired(pool) => self.expired[pool.at()],
            Quantity::CreditsLeft(pool) => self.left[pool.at()],
            // What a run adds up, not what happens in a month.
            Quantity::Exposure(_) | Quantity::ExposureAtDefault(_) => f64::NAN,
            Quantity::Drawn(cover) => self.drawn[cover.at()],
            Quantity::OwnReceipts { group, party } => self.own_receipts[group as usize][party.at()],
        }
    }

    /// Section "Overflow".
    pub(super) fn overflows(&self) -> bool {
        let lists = [&self.factors, &self.due, &self.cash, &self.value, &self.holding];
        lists.iter().any(|list| list.iter().any(|x| x.is_infinite()))
    }
}
