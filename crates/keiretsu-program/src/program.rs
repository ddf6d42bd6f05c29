//! The program: everything a run needs, as flat lists.

use keiretsu_values::ids;

use crate::{
    Account, Correlation, Cover, Credits, EstateClaim, Event, Factor, Flow, Holding, Month, Op, Party,
    PastFlow, Slot,
};

ids! {
    /// Position in [`Program::parties`]; 0 is `outside`.
    PartyId,
    /// Position in [`Program::slots`].
    SlotId,
    /// Position in [`Program::curves`].
    CurveId,
    /// Position in [`Program::factors`].
    FactorId,
    /// Position in [`Program::events`].
    EventId,
    /// Position in [`Program::accounts`].
    AccountId,
    /// Position in [`Program::flows`].
    FlowId,
    /// Position in [`Program::credits`].
    CreditsId,
    /// Position in [`Program::holdings`].
    HoldingId,
    /// Position in [`Program::claims`].
    ClaimId,
    /// Position in [`Program::covers`].
    CoverId,
}

impl PartyId {
    /// Everyone outside the web.
    pub const OUTSIDE: Self = Self(0);
}

/// How the normals of factors hang together beyond their correlations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Copula {
    /// Correlated normals: no dependence in the tails.
    Gaussian,
    /// Student's t with these degrees of freedom: joint extremes.
    StudentT {
        /// Degrees of freedom, above 2.
        freedom: f64,
    },
}

/// A lowered model. See [`crate::verify`] for what holds between its lists.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The month of `t = 0`; the first month that is run is the next one.
    pub origin: Month,
    /// `T`: how many months are run.
    pub months: u32,
    /// Parties; the first is `outside`.
    pub parties: Vec<Party>,
    /// Parameters.
    pub slots: Vec<Slot>,
    /// Numbers by month, each `T + 1` long (`t = 0..=T`), finite.
    pub curves: Vec<Vec<f64>>,
    /// Factors.
    pub factors: Vec<Factor>,
    /// Correlations of factors, each pair at most once.
    pub correlations: Vec<Correlation>,
    /// Tails of the joint distribution.
    pub copula: Copula,
    /// Events.
    pub events: Vec<Event>,
    /// Registers.
    pub ops: Vec<Op>,
    /// Running sums.
    pub accounts: Vec<Account>,
    /// Obligations.
    pub flows: Vec<Flow>,
    /// Service credits.
    pub credits: Vec<Credits>,
    /// What falls due on default.
    pub claims: Vec<EstateClaim>,
    /// Promises to pay what others do not.
    pub covers: Vec<Cover>,
    /// Stakes.
    pub holdings: Vec<Holding>,
    /// What was paid before the first month.
    pub past: Vec<PastFlow>,
    /// Parameters that are shares of one whole: whatever they turn out to be, together they are at most 1.
    pub wholes: Vec<Vec<SlotId>>,
}

impl Program {
    /// The calendar month of a month index.
    pub fn month(&self, t: u32) -> Month {
        self.origin.plus(t as i32)
    }

    /// The month index of a calendar month, if it is run.
    pub fn index(&self, month: Month) -> Option<u32> {
        u32::try_from(month.since(self.origin)).ok().filter(|t| (1..=self.months).contains(t))
    }

    /// The first and the last calendar year with a month that is run.
    pub fn years(&self) -> std::ops::RangeInclusive<i32> {
        self.month(1).year()..=self.month(self.months).year()
    }
}
