//! What to run and what to watch.

use crate::{
    CoverId, CreditsId, EventId, FactorId, FlowId, HoldingId, Observations, PartyId, Program, Reading, Reg,
    SlotId,
};

/// A run: a pure function of (program, this). Threads are not part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSpec {
    /// A reading, or paths.
    pub mode: Mode,
    /// What differs from the program, applied in order.
    pub overlays: Vec<Overlay>,
    /// What is kept.
    pub probes: Vec<Probe>,
    /// The groups of which own money is followed; each is a list of parties.
    pub own_money: Vec<Vec<PartyId>>,
    /// Which of a party's money is spent first.
    pub convention: OwnMoney,
    /// The quantiles that a simulation keeps of every probe, each between 0 and 1.
    pub quantiles: Vec<f64>,
    /// Of every probe, the mean of the worst `1 - a` of the paths is kept for each of these `a`.
    pub tails: Vec<f64>,
    /// What would be lost if a party failed, for probes of [`Quantity::Exposure`].
    pub exposures: Vec<ExposureSpec>,
    /// Whether a reading also says what each number may be.
    pub possible: bool,
}

/// What would be lost if a party failed: the sum of some quantities less others, not below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExposureSpec {
    /// Dues, registers and holdings that are lost.
    pub parts: Vec<Quantity>,
    /// Those that stand against it.
    pub less: Vec<Quantity>,
    /// The party that fails.
    pub debtor: PartyId,
}

impl RunSpec {
    /// A run of a reading that watches these probes.
    pub fn reading(reading: Reading, probes: Vec<Probe>) -> Self {
        Self::new(Mode::Reading(reading), probes)
    }

    /// A simulation that watches these probes.
    pub fn paths(paths: Paths, probes: Vec<Probe>) -> Self {
        Self::new(Mode::Paths(paths), probes)
    }

    fn new(mode: Mode, probes: Vec<Probe>) -> Self {
        Self {
            mode,
            overlays: vec![],
            probes,
            own_money: vec![],
            convention: OwnMoney::ProRata,
            quantiles: Observations::QUANTILES.to_vec(),
            tails: vec![],
            exposures: vec![],
            possible: false,
        }
    }

    /// Everything that is watched: by probes, and by exposures.
    pub fn quantities(&self) -> impl Iterator<Item = Quantity> {
        let parts = self.exposures.iter().flat_map(|exposure| exposure.parts.iter().chain(&exposure.less));
        self.probes.iter().map(|probe| probe.quantity).chain(parts.copied())
    }
}

/// How uncertainty is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// Central paths; words and conditions as the reading says.
    Reading(Reading),
    /// Random draws.
    Paths(Paths),
}

/// A range of paths of a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Key of the random numbers.
    pub seed: u64,
    /// The first path.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// The most paths with exact quantiles; beyond it they come from a sketch with a stated error.
    pub exact_limit: u64,
}

/// Which of a party's money is spent first, when own money is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnMoney {
    /// Every payment carries the payer's average fraction.
    #[default]
    ProRata,
    /// First in, first out.
    Fifo,
    /// Last in, first out.
    Lifo,
}

/// A change to the program for this run only, in the months `from..=until`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlay {
    /// What is changed.
    pub target: Target,
    /// How.
    pub change: Change,
    /// First month index.
    pub from: u32,
    /// Last month index.
    pub until: u32,
}

/// What an overlay changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A parameter (for the whole run: `from` and `until` are not read).
    Slot(SlotId),
    /// A factor's level as others read it; its own process continues undisturbed.
    Factor(FactorId),
    /// An event or a condition that stands (`Set(1.0)`) or does not (`Set(0.0)`).
    Event(EventId),
    /// A register, whatever it is.
    Register(Reg),
    /// A party that defaults in month `from`, whatever its cash.
    Default(PartyId),
}

/// How an overlay changes its target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// To this.
    Set(f64),
    /// Times this.
    Scale(f64),
    /// Plus this.
    Shift(f64),
}

/// Something to keep, over a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probe {
    /// What.
    pub quantity: Quantity,
    /// Over which span.
    pub span: Span,
}

/// What can be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// What is due on a flow in cash, after service credits.
    Due(FlowId),
    /// What is paid on a flow in cash.
    Payment(FlowId),
    /// Net cash of a party (its purse) in the month: received less paid.
    Net(PartyId),
    /// Cash of a party at the end of the month.
    Cash(PartyId),
    /// What a party raised from outside.
    Raised(PartyId),
    /// Whether a party has defaulted by the end of the month.
    Defaulted(PartyId),
    /// What a party failed to pay in the month.
    Shortfall(PartyId),
    /// A factor's level.
    Factor(FactorId),
    /// A register's value.
    Register(Reg),
    /// Equity value of a party.
    Value(PartyId),
    /// Value of a holding.
    Holding(HoldingId),
    /// Stake of a holding.
    Stake(HoldingId),
    /// Service credits used.
    CreditsUsed(CreditsId),
    /// Service credits expired.
    CreditsExpired(CreditsId),
    /// Service credits left.
    CreditsLeft(CreditsId),
    /// What was paid on the calls of a cover so far.
    Drawn(CoverId),
    /// Receipts of a party that are money of the own-money group `group`.
    OwnReceipts {
        /// Position in [`RunSpec::own_money`].
        group: u32,
        /// Who receives.
        party: PartyId,
    },
    /// What would be lost, just before the defaults of the month; nothing once the party has failed.
    /// Position in [`RunSpec::exposures`].
    Exposure(u32),
    /// The same in the month in which the party fails, else nothing.
    ExposureAtDefault(u32),
}

impl Quantity {
    /// Whether spans longer than a month add up months (flows) or take the last one (stocks).
    pub fn is_flow(self) -> bool {
        matches!(
            self,
            Self::Due(_)
                | Self::Payment(_)
                | Self::Net(_)
                | Self::Raised(_)
                | Self::Shortfall(_)
                | Self::CreditsUsed(_)
                | Self::CreditsExpired(_)
                | Self::OwnReceipts { .. }
                | Self::ExposureAtDefault(_)
        )
    }
}

/// The spans of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// One number a month, `t = 1..=T`.
    Month,
    /// One number a calendar quarter.
    Quarter,
    /// One number a calendar year.
    Year,
    /// One number for the whole run.
    Whole,
}

impl Span {
    /// The month indices `(first, last)` of each of its pieces, in order.
    pub fn pieces(self, program: &Program) -> Vec<(u32, u32)> {
        match self {
            Self::Month => (1..=program.months).map(|t| (t, t)).collect(),
            Self::Whole => vec![(1, program.months)],
            Self::Quarter => calendar_pieces(program, 3),
            Self::Year => calendar_pieces(program, 12),
        }
    }
}

/// The months of the run, cut after each so many months of the calendar year.
fn calendar_pieces(program: &Program, length: i32) -> Vec<(u32, u32)> {
    let ends = |t: &u32| *t == program.months || program.month(*t).of_year() % length == 0;
    let mut first = 1;
    let piece = |last| (std::mem::replace(&mut first, last + 1), last);
    (1..=program.months).filter(ends).map(piece).collect()
}
