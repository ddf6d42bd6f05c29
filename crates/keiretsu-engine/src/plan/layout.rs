//! Gives every quantity of a block its row: first what lasts from month to month, then what does not.

use keiretsu_program::{Mode, Op, OwnMoney, Process, Program, Quantity, RunSpec, Span, Target};

use super::kinds::Kinds;
use super::overlays::Overlays;
use super::reads::Reads;

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
    /// The row of so many months before month `t`.
    pub fn row(self, t: u32, months_ago: u32) -> usize {
        let month = i64::from(t) - i64::from(months_ago);
        self.first + month.rem_euclid(self.length as i64) as usize
    }
}

/// Rows by what they hold. Rows below `lasting` survive the month.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// How many rows last.
    pub lasting: usize,
    /// How many rows there are.
    pub total: usize,
    /// Parameters that differ, by slot.
    pub slots: Vec<MaybeRow>,
    /// Levels of factors that differ between paths, overlays apart.
    pub levels: Vec<MaybeRow>,
    /// Deviations of mean-reverting factors.
    pub deviations: Vec<MaybeRow>,
    /// Levels as others read them, where an overlay changes them.
    pub factors: Vec<MaybeRow>,
    /// States of events, overlays apart.
    pub states: Vec<MaybeRow>,
    /// Events as others read them, where an overlay changes them.
    pub events: Vec<MaybeRow>,
    /// What latches hold, by register.
    pub latches: Vec<MaybeRow>,
    /// What registers were, by register.
    pub rings: Vec<Option<Ring>>,
    /// Running sums.
    pub accounts: Vec<MaybeRow>,
    /// Cash, by purse; none where nobody reads it.
    pub cash: Vec<MaybeRow>,
    /// Whether a purse has defaulted; none where it cannot.
    pub defaulted: Vec<MaybeRow>,
    /// Short months in a row, by purse.
    pub streak: Vec<MaybeRow>,
    /// Net outflows of last month and of the month before, by purse.
    pub outflows: Vec<Option<[usize; 2]>>,
    /// Stakes, by holding.
    pub stakes: Vec<MaybeRow>,
    /// Dilution since as-of, by issuer.
    pub dilution: Vec<MaybeRow>,
    /// What was bought since as-of of marked holdings: a stake, or what was paid where the issuer has no
    /// value.
    pub bought: Vec<MaybeRow>,
    /// Value at as-of, by party.
    pub value_start: Vec<MaybeRow>,
    /// What is left of service credits.
    pub left: Vec<usize>,
    /// Drawn, what the beneficiary has lost first, and what estates have brought and it has not yet kept, by
    /// cover.
    pub covers: Vec<[usize; 3]>,
    /// Own-money fraction of last month: by group, then by purse.
    pub fractions: Vec<Vec<usize>>,
    /// What probes of more than a month have seen so far.
    pub sums: Vec<MaybeRow>,

    /// What is due on a flow, after credits; none where it is only posted.
    pub due: Vec<MaybeRow>,
    /// What is paid on a flow, where it may be less than what is due.
    pub paid: Vec<MaybeRow>,
    /// What credits settled of a flow.
    pub settled: Vec<MaybeRow>,
    /// Credits used and expired this month, by pool.
    pub used: Vec<[usize; 2]>,
    /// Receipts of the first clearing, by funded purse.
    pub receipts: Vec<MaybeRow>,
    /// What a purse raised.
    pub raised: Vec<MaybeRow>,
    /// What a purse failed to pay.
    pub shortfall: Vec<MaybeRow>,
    /// Net cash of the month, by purse, where it is read.
    pub net: Vec<MaybeRow>,
    /// Cash of the end of last month, by purse, where own money is followed.
    pub cash_before: Vec<MaybeRow>,
    /// Equity value, by party, where it is read.
    pub values: Vec<MaybeRow>,
    /// Value of a holding, where it is read.
    pub holdings: Vec<MaybeRow>,
    /// Own-money receipts: by group, then by purse.
    pub own: Vec<Vec<usize>>,
    /// What would be lost if a party failed, and what is lost where it does.
    pub exposures: Vec<[usize; 2]>,
    /// Room for one row.
    pub spare: usize,
}

/// Hands out rows.
pub struct Rooms<'a> {
    program: &'a Program,
    spec: &'a RunSpec,
    overlays: &'a Overlays,
    kinds: &'a Kinds,
    reads: Reads,
    next: usize,
}

impl<'a> Rooms<'a> {
    /// Nothing handed out yet.
    pub fn new(program: &'a Program, spec: &'a RunSpec, overlays: &'a Overlays, kinds: &'a Kinds) -> Self {
        Self { program, spec, overlays, kinds, reads: Reads::new(program, spec, kinds), next: 0 }
    }

    /// One more row.
    pub fn row(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    /// So many more rows.
    pub fn rows(&mut self, count: usize) -> usize {
        self.next += count;
        self.next - count
    }

    fn maybe(&mut self, wanted: impl IntoIterator<Item = bool>) -> Vec<MaybeRow> {
        wanted.into_iter().map(|wanted| wanted.then(|| self.row())).collect()
    }

    fn is_overlaid(&self, target: Target) -> bool {
        self.overlays.changes(target)
    }

    /// Whether this party has its own cash.
    pub fn is_purse(&self, party: usize) -> bool {
        self.program.parties[party].purse.at() == party
    }

    /// The rows of a month that last.
    pub fn lasting(&mut self) -> Layout {
        let mut layout = Layout::default();
        self.draws(&mut layout);
        self.memories(&mut layout);
        self.money(&mut layout);
        self.equity(&mut layout);
        let longer: Vec<bool> = self.spec.probes.iter().map(|p| p.span != Span::Month).collect();
        layout.sums = self.maybe(longer);
        layout.lasting = self.next;
        layout
    }

    fn draws(&mut self, layout: &mut Layout) {
        let (program, kinds) = (self.program, self.kinds);
        layout.slots = self.maybe(kinds.slots.iter().map(super::kinds::SlotKind::differs));
        let used = factors_used(program, self.spec, kinds);
        let own = program.factors.iter().zip(&kinds.factors).zip(&used);
        let own = own.map(|((factor, differs), used)| {
            *differs && *used && !matches!(factor.process, Process::Formula(_))
        });
        let own: Vec<bool> = own.collect();
        layout.levels = self.maybe(own.iter().copied());
        let reverts = program.factors.iter().zip(&own);
        let paths = matches!(self.spec.mode, Mode::Paths(_));
        let reverts =
            reverts.map(|(f, own)| paths && *own && matches!(f.process, Process::MeanReverting { .. }));
        layout.deviations = self.maybe(reverts);
        layout.states = self.maybe(kinds.events.iter().copied());
    }

    fn memories(&mut self, layout: &mut Layout) {
        let (program, kinds) = (self.program, self.kinds);
        let mut back = vec![0; program.ops.len()];
        for (at, op) in program.ops.iter().enumerate().filter(|(at, _)| kinds.needed[*at]) {
            match *op {
                // What is the same on every path is looked up in the table.
                Op::Lag { of, months } if kinds.registers[at] => {
                    let longest = &mut back[of.0 as usize];
                    // Further back than the run is as-of.
                    *longest = months.min(program.months.max(1)).max(*longest);
                }
                Op::Rise(of) if kinds.registers[at] => back[of.0 as usize] = 1.max(back[of.0 as usize]),
                _ => {}
            }
        }
        let latch = |(at, op): (usize, &Op)| {
            matches!(op, Op::Latch { .. }) && kinds.needed[at] && kinds.registers[at]
        };
        let latches: Vec<bool> = program.ops.iter().enumerate().map(latch).collect();
        layout.latches = self.maybe(latches);
        layout.rings = back
            .into_iter()
            .map(|back| {
                let length = back as usize;
                (back > 0).then(|| Ring { first: self.rows(length), length })
            })
            .collect();
        layout.accounts = self.maybe(self.reads.accounts.clone());
    }

    fn money(&mut self, layout: &mut Layout) {
        let (program, spec) = (self.program, self.spec);
        let count = program.parties.len();
        let cash = |at: usize| {
            let read = self.reads.cash[at] || self.kinds.can_default[at] || !spec.own_money.is_empty();
            self.is_purse(at) && (read || program.parties[at].funding.is_some())
        };
        let cash: Vec<bool> = (0..count).map(cash).collect();
        layout.cash = self.maybe(cash);
        let defaulted: Vec<bool> =
            (0..count).map(|at| self.is_purse(at) && self.kinds.can_default[at]).collect();
        layout.defaulted = self.maybe(defaulted.iter().copied());
        let fails = |at: usize| program.parties[at].funding.is_some_and(|funding| funding.default);
        layout.streak = self.maybe((0..count).map(fails).collect::<Vec<bool>>());
        layout.outflows = (0..count).map(|at| self.is_funded(at).then(|| [self.row(), self.row()])).collect();
        layout.left = (0..program.credits.len()).map(|_| self.row()).collect();
        layout.covers = program.covers.iter().map(|_| [self.row(), self.row(), self.row()]).collect();
        let groups = self.spec.own_money.len();
        let followed = spec.convention == OwnMoney::ProRata;
        layout.fractions = (0..groups)
            .map(|_| if followed { (0..count).map(|_| self.row()).collect() } else { vec![] })
            .collect();
    }

    /// Whether a purse pays from its cash and can be short.
    fn is_funded(&self, at: usize) -> bool {
        self.is_purse(at) && can_be_short(self.program, self.kinds, at)
    }

    fn equity(&mut self, layout: &mut Layout) {
        let program = self.program;
        layout.stakes = self.maybe(vec![true; program.holdings.len()]);
        let mut held = vec![false; program.parties.len()];
        for holding in &program.holdings {
            held[holding.issuer.at()] = true;
        }
        layout.dilution = self.maybe(held);
        let fed =
            |at: usize| program.flows.iter().any(|flow| flow.issue.is_some_and(|i| i.holding.at() == at));
        let marked = program.holdings.iter().enumerate();
        let bought: Vec<bool> = marked.map(|(at, holding)| holding.mark.is_some() && fed(at)).collect();
        layout.bought = self.maybe(bought);
        layout.value_start = self.maybe(self.reads.value_starts.clone());
    }

    /// The rows that do not last, beside those of registers.
    pub fn passing(&mut self, layout: &mut Layout) {
        let program = self.program;
        let count = program.parties.len();
        let overlaid_factors: Vec<bool> = (0..program.factors.len())
            .map(|at| {
                self.kinds.factors[at]
                    && self.is_overlaid(Target::Factor(keiretsu_program::FactorId(at as u32)))
            })
            .collect();
        layout.factors = self.maybe(overlaid_factors);
        let overlaid_events: Vec<bool> = (0..program.events.len())
            .map(|at| {
                self.kinds.events[at] && self.is_overlaid(Target::Event(keiretsu_program::EventId(at as u32)))
            })
            .collect();
        layout.events = self.maybe(overlaid_events);
        self.flows(layout);
        layout.used = (0..program.credits.len()).map(|_| [self.row(), self.row()]).collect();
        let funded: Vec<bool> = (0..count).map(|at| self.is_funded(at)).collect();
        layout.receipts = self.maybe(funded.iter().copied());
        layout.shortfall = self.maybe(funded.iter().copied());
        layout.raised = self.maybe(funded.iter().copied());
        let own_money = !self.spec.own_money.is_empty();
        layout.cash_before =
            self.maybe((0..count).map(|at| own_money && layout.cash[at].is_some()).collect::<Vec<_>>());
        let net: Vec<bool> = (0..count).map(|at| layout.cash[at].is_some() || self.reads.net[at]).collect();
        layout.net = self.maybe(net);
        layout.values = self.maybe(self.reads.values.clone());
        layout.holdings = self.maybe(self.reads.holdings.clone());
        layout.own = self.spec.own_money.iter().map(|_| (0..count).map(|_| self.row()).collect()).collect();
        layout.exposures = self.spec.exposures.iter().map(|_| [self.row(), self.row()]).collect();
        layout.spare = self.row();
        layout.total = self.next;
    }

    fn flows(&mut self, layout: &mut Layout) {
        let program = self.program;
        let funded = (0..program.parties.len()).any(|at| self.is_funded(at));
        let fails = self.kinds.can_default.iter().any(|can| *can);
        let covered = !program.covers.is_empty();
        let all =
            covered || funded || fails || !program.credits.is_empty() || !self.spec.own_money.is_empty();
        let kept: Vec<bool> = self.reads.flows.iter().map(|read| all || *read).collect();
        layout.due = self.maybe(kept);
        // Who cannot be short pays what is due; what covers call is known last.
        let mut partly: Vec<bool> =
            program.flows.iter().map(|flow| self.is_funded(program.parties[flow.from.at()].purse.at())).collect();
        program.covers.iter().for_each(|cover| partly[cover.call.at()] = true);
        layout.paid = self.maybe(partly);
        layout.settled = self.maybe(self.reads.credited.clone());
    }
}

/// Whether a purse has a policy for running short, and cash that is stated and known.
pub fn can_be_short(program: &Program, kinds: &Kinds, at: usize) -> bool {
    program.parties[at].funding.is_some() && kinds.cash_known[at] && at != 0
}

/// Whether something reads a factor.
pub fn factors_used(program: &Program, spec: &RunSpec, kinds: &Kinds) -> Vec<bool> {
    let mut used = vec![false; program.factors.len()];
    for (op, needed) in program.ops.iter().zip(&kinds.needed) {
        if let Op::Factor(factor) = op {
            used[factor.at()] |= needed;
        }
    }
    for quantity in spec.quantities() {
        if let Quantity::Factor(factor) = quantity {
            used[factor.at()] = true;
        }
    }
    used
}
