//! Which row of a block holds what, thing by thing: the rows of a purse, of a cover, of a pool of credits.

/// A row, where there is one.
pub type MaybeRow = Option<usize>;

/// The past of a register: as many rows as months are looked back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ring {
    /// Its first row.
    pub first: usize,
    /// How many rows.
    pub length: usize,
}

impl Ring {
    /// The row of a number of months before month `t`.
    pub fn row(self, t: u32, months_ago: u32) -> usize {
        let month = i64::from(t) - i64::from(months_ago);
        self.first + month.rem_euclid(self.length as i64) as usize
    }
}

/// The rows of a factor that differs between paths.
#[derive(Clone, Copy, Debug)]
pub struct FactorRows {
    /// Its level, overlays apart; none for a formula, and where nothing reads it.
    pub level: MaybeRow,
    /// The deviation of a mean-reverting one.
    pub deviation: MaybeRow,
    /// Its level as others read it, where an overlay changes it.
    pub read: MaybeRow,
}

/// The rows of an event that differs between paths.
#[derive(Clone, Copy, Debug)]
pub struct EventRows {
    /// Its state, overlays apart.
    pub state: MaybeRow,
    /// Its state as others read it, where an overlay changes it.
    pub read: MaybeRow,
}

/// The rows of a purse.
#[derive(Clone, Copy, Debug)]
pub struct PurseRows {
    /// Cash; none where nothing reads it.
    pub cash: MaybeRow,
    /// Cash of the end of last month, where own money is followed.
    pub cash_before: MaybeRow,
    /// Net cash of the month, where it is read.
    pub net: MaybeRow,
    /// Whether it has defaulted; none where it cannot.
    pub defaulted: MaybeRow,
    /// Short months in a row; none where they lead to no default.
    pub streak: MaybeRow,
    /// What funding needs; none where it cannot be short.
    pub funded: Option<FundedRows>,
}

/// The rows of a purse that can be short.
#[derive(Clone, Copy, Debug)]
pub struct FundedRows {
    /// Cash.
    pub cash: usize,
    /// Receipts of the first clearing.
    pub receipts: usize,
    /// What it raised.
    pub raised: usize,
    /// What it failed to pay.
    pub shortfall: usize,
    /// Net outflow of last month.
    pub outflow: usize,
    /// Net outflow of the month before.
    pub outflow_before: usize,
}

/// The rows of an issuer.
#[derive(Clone, Copy, Debug)]
pub struct IssuerRows {
    /// Dilution since as-of; none where it has no holder.
    pub dilution: MaybeRow,
    /// Equity value, where it is read.
    pub value: MaybeRow,
    /// Equity value at as-of, where marks are rebased to it.
    pub value_start: MaybeRow,
}

/// The rows of a holding.
#[derive(Clone, Copy, Debug)]
pub struct HoldingRows {
    /// Its stake.
    pub stake: usize,
    /// What was bought since as-of beside a mark: a stake, or what was paid where the issuer has no value.
    pub bought: MaybeRow,
    /// Its value, where it is read.
    pub value: MaybeRow,
}

/// The rows of a flow.
#[derive(Clone, Copy, Debug)]
pub struct FlowRows {
    /// What is due, after credits; none where it is only posted.
    pub due: MaybeRow,
    /// What credits settled.
    pub settled: MaybeRow,
}

/// The rows of a flow that may not be paid in full.
#[derive(Clone, Copy, Debug)]
pub struct ClearedRows {
    /// What is due.
    pub due: usize,
    /// What is paid; the same row where the payer cannot be short, and pays what is due.
    pub paid: usize,
}

/// The rows of a pool of service credits.
#[derive(Clone, Debug)]
pub struct PoolRows {
    /// What is left.
    pub left: usize,
    /// What was used this month.
    pub used: usize,
    /// What expired this month.
    pub expired: usize,
    /// Those of the flows that it settles.
    pub flows: Vec<SettledRows>,
}

/// The rows of a flow that credits settle.
#[derive(Clone, Copy, Debug)]
pub struct SettledRows {
    /// What is due.
    pub due: usize,
    /// What credits settled.
    pub settled: usize,
}

/// The rows of a cover.
#[derive(Clone, Copy, Debug)]
pub struct CoverRows {
    /// What calls have drawn.
    pub drawn: usize,
    /// What the beneficiary has lost first.
    pub lost: usize,
    /// What estates have brought and the beneficiary has not yet kept.
    pub recovered: usize,
}

/// The rows of a group of which own money is followed, by purse.
#[derive(Clone, Debug)]
pub struct GroupRows {
    /// The fraction of cash that is the group's; empty where lots are followed.
    pub fractions: Vec<usize>,
    /// What was received of the group's money this month.
    pub receipts: Vec<usize>,
}

/// The rows of an exposure.
#[derive(Clone, Copy, Debug)]
pub struct ExposureRows {
    /// What would be lost if the party failed.
    pub at_risk: usize,
    /// What is lost where it does.
    pub lost: usize,
}

/// Rows by what they hold. Rows below `lasting` survive the month.
#[derive(Clone, Debug)]
pub struct Layout {
    /// How many rows last.
    pub lasting: usize,
    /// How many rows there are.
    pub total: usize,
    /// Parameters that differ, by slot.
    pub slots: Vec<MaybeRow>,
    /// By factor.
    pub factors: Vec<FactorRows>,
    /// By event.
    pub events: Vec<EventRows>,
    /// What latches hold, by register.
    pub latches: Vec<MaybeRow>,
    /// What registers were, by register.
    pub rings: Vec<Option<Ring>>,
    /// Running sums, by account.
    pub accounts: Vec<MaybeRow>,
    /// By party.
    pub purses: Vec<PurseRows>,
    /// By party.
    pub issuers: Vec<IssuerRows>,
    /// By holding.
    pub holdings: Vec<HoldingRows>,
    /// By flow.
    pub flows: Vec<FlowRows>,
    /// By flow, where some flow may not be paid in full; else empty.
    pub cleared: Vec<ClearedRows>,
    /// By pool of credits.
    pub pools: Vec<PoolRows>,
    /// By cover.
    pub covers: Vec<CoverRows>,
    /// By group of which own money is followed.
    pub groups: Vec<GroupRows>,
    /// By exposure that is watched.
    pub exposures: Vec<ExposureRows>,
    /// What probes of more than a month have seen so far, by probe.
    pub sums: Vec<MaybeRow>,
    /// Room for one row.
    pub spare: usize,
}
