//! Gives every quantity of a block its row: first what lasts from month to month, then what does not.
//!
//! Rows are handed out twice. The first time says how many last; the second time the others begin there. So
//! the rows of one thing stand in one struct, whichever of them last.

use keiretsu_program::{
    EventId, FactorId, Mode, Op, OwnMoney, Process, Program, Quantity, RunSpec, Span, Target,
};

use super::kinds::{Kinds, SlotKind};
use super::layout::{
    ClearedRows, CoverRows, EventRows, ExposureRows, FactorRows, FlowRows, FundedRows, GroupRows,
    HoldingRows, IssuerRows, Layout, MaybeRow, PoolRows, PurseRows, Ring, SettledRows,
};
use super::overlays::Overlays;
use super::reads::Reads;

/// Hands out rows.
pub struct Rooms<'a> {
    program: &'a Program,
    spec: &'a RunSpec,
    overlays: &'a Overlays,
    kinds: &'a Kinds,
    reads: &'a Reads,
    lasting: usize,
    passing: usize,
}

impl<'a> Rooms<'a> {
    /// The rows of everything but registers, and more rows.
    pub fn layout(
        program: &'a Program,
        spec: &'a RunSpec,
        overlays: &'a Overlays,
        kinds: &'a Kinds,
        reads: &'a Reads,
    ) -> (Layout, Self) {
        let mut rooms = Self { program, spec, overlays, kinds, reads, lasting: 0, passing: 0 };
        rooms.all();
        let mut rooms = Self { passing: rooms.lasting, lasting: 0, ..rooms };
        (rooms.all(), rooms)
    }

    /// One more row that does not last.
    pub fn row(&mut self) -> usize {
        self.passing += 1;
        self.passing - 1
    }

    /// One more row that lasts.
    fn lasting_row(&mut self) -> usize {
        self.lasting += 1;
        self.lasting - 1
    }

    fn row_if(&mut self, wanted: bool) -> MaybeRow {
        wanted.then(|| self.row())
    }

    fn lasting_if(&mut self, wanted: bool) -> MaybeRow {
        wanted.then(|| self.lasting_row())
    }

    fn all(&mut self) -> Layout {
        let (program, spec) = (self.program, self.spec);
        let (kinds, reads) = (self.kinds, self.reads);
        let slots = kinds.slots.iter();
        let slots = slots.map(|slot| self.lasting_if(SlotKind::differs(slot))).collect();
        let factors = self.factors();
        let events = (0..program.events.len()).map(|at| self.event(at)).collect();
        let (latches, rings) = (self.latches(), self.rings());
        let accounts = reads.accounts.iter().map(|read| self.lasting_if(*read)).collect();
        let purses = (0..program.parties.len()).map(|at| self.purse(at)).collect();
        let covers = program.covers.iter().map(|_| self.cover()).collect();
        let groups = spec.own_money.iter().map(|_| self.group()).collect();
        let holdings = (0..program.holdings.len()).map(|at| self.holding(at)).collect();
        let issuers = self.issuers();
        let sums = spec.probes.iter().map(|probe| self.lasting_if(probe.span != Span::Month)).collect();
        let flows = self.flows();
        let cleared = self.cleared(&flows);
        let pools = (0..program.credits.len()).map(|at| self.pool(at, &flows)).collect();
        let exposures = spec.exposures.iter().map(|_| self.exposure()).collect();
        let spare = self.row();
        Layout {
            lasting: self.lasting,
            total: self.passing,
            slots,
            factors,
            events,
            latches,
            rings,
            accounts,
            purses,
            issuers,
            holdings,
            flows,
            cleared,
            pools,
            covers,
            groups,
            exposures,
            sums,
            spare,
        }
    }

    fn factors(&mut self) -> Vec<FactorRows> {
        let used = factors_used(self.program, self.spec, self.kinds);
        (0..used.len()).map(|at| self.factor(at, used[at])).collect()
    }

    fn factor(&mut self, at: usize, used: bool) -> FactorRows {
        let process = self.program.factors[at].process;
        let differs = self.kinds.factors[at];
        let moves = differs && used && !matches!(process, Process::Formula(_));
        let reverts = matches!((self.spec.mode, process), (Mode::Paths(_), Process::MeanReverting { .. }));
        let overlaid = self.is_overlaid(Target::Factor(FactorId(at as u32)));
        FactorRows {
            level: self.lasting_if(moves),
            deviation: self.lasting_if(moves && reverts),
            read: self.row_if(differs && overlaid),
        }
    }

    fn event(&mut self, at: usize) -> EventRows {
        let differs = self.kinds.events[at];
        let overlaid = self.is_overlaid(Target::Event(EventId(at as u32)));
        EventRows { state: self.lasting_if(differs), read: self.row_if(differs && overlaid) }
    }

    fn is_overlaid(&self, target: Target) -> bool {
        self.overlays.changes(target)
    }

    fn latches(&mut self) -> Vec<MaybeRow> {
        let kinds = self.kinds;
        let held =
            |at: usize, op: &Op| matches!(op, Op::Latch { .. }) && kinds.needed[at] && kinds.registers[at];
        let ops = self.program.ops.iter().enumerate();
        ops.map(|(at, op)| self.lasting_if(held(at, op))).collect()
    }

    fn rings(&mut self) -> Vec<Option<Ring>> {
        let (program, kinds) = (self.program, self.kinds);
        let mut back = vec![0; program.ops.len()];
        // What is the same on every path is looked up in the table.
        for at in (0..back.len()).filter(|at| kinds.needed[*at] && kinds.registers[*at]) {
            let (of, months) = match program.ops[at] {
                // Further back than the run is as-of.
                Op::Lag { of, months } => (of, months.min(program.months.max(1))),
                Op::Rise(of) => (of, 1),
                _ => continue,
            };
            let longest = &mut back[of.0 as usize];
            *longest = months.max(*longest);
        }
        back.into_iter().map(|back| (back > 0).then(|| self.ring(back as usize))).collect()
    }

    fn ring(&mut self, length: usize) -> Ring {
        self.lasting += length;
        Ring { first: self.lasting - length, length }
    }

    fn purse(&mut self, at: usize) -> PurseRows {
        let (program, spec, kinds) = (self.program, self.spec, self.kinds);
        let funding = program.parties[at].funding;
        let is_purse = program.parties[at].purse.at() == at;
        let followed = !spec.own_money.is_empty();
        let read = self.reads.cash[at] || kinds.can_default[at] || followed || funding.is_some();
        let cash = self.lasting_if(is_purse && read);
        let is_funded = is_purse && can_be_short(program, kinds, at);
        PurseRows {
            cash,
            cash_before: self.row_if(followed && cash.is_some()),
            net: self.row_if(cash.is_some() || self.reads.net[at]),
            defaulted: self.lasting_if(is_purse && kinds.can_default[at]),
            streak: self.lasting_if(funding.is_some_and(|funding| funding.default)),
            funded: cash.filter(|_| is_funded).map(|cash| self.funded(cash)),
        }
    }

    fn funded(&mut self, cash: usize) -> FundedRows {
        FundedRows {
            cash,
            receipts: self.row(),
            raised: self.row(),
            shortfall: self.row(),
            outflow: self.lasting_row(),
            outflow_before: self.lasting_row(),
        }
    }

    fn cover(&mut self) -> CoverRows {
        CoverRows { drawn: self.lasting_row(), lost: self.lasting_row(), recovered: self.lasting_row() }
    }

    fn group(&mut self) -> GroupRows {
        let count = self.program.parties.len();
        let followed = if self.spec.convention == OwnMoney::ProRata { count } else { 0 };
        GroupRows {
            fractions: (0..followed).map(|_| self.lasting_row()).collect(),
            receipts: (0..count).map(|_| self.row()).collect(),
        }
    }

    fn holding(&mut self, at: usize) -> HoldingRows {
        let holding = &self.program.holdings[at];
        let mut issues = self.program.flows.iter().filter_map(|flow| flow.issue);
        let is_fed = issues.any(|issue| issue.holding.at() == at);
        HoldingRows {
            stake: self.lasting_row(),
            bought: self.lasting_if(holding.mark.is_some() && is_fed),
            value: self.row_if(self.reads.holdings[at]),
        }
    }

    fn issuers(&mut self) -> Vec<IssuerRows> {
        let mut held = vec![false; self.program.parties.len()];
        for holding in &self.program.holdings {
            held[holding.issuer.at()] = true;
        }
        let rows = |(at, held): (usize, bool)| IssuerRows {
            dilution: self.lasting_if(held),
            value: self.row_if(self.reads.values[at]),
            value_start: self.lasting_if(self.reads.value_starts[at]),
        };
        held.into_iter().enumerate().map(rows).collect()
    }

    /// Whether some flow may not be paid in full.
    fn is_cleared(&self) -> bool {
        let (program, kinds) = (self.program, self.kinds);
        let mut purses = (0..program.parties.len()).filter(|at| program.parties[*at].purse.at() == *at);
        !program.covers.is_empty() || purses.any(|at| can_be_short(program, kinds, at))
    }

    fn flows(&mut self) -> Vec<FlowRows> {
        let program = self.program;
        let fails = self.kinds.can_default.contains(&true);
        let followed = !self.spec.own_money.is_empty();
        let all = self.is_cleared() || fails || followed || !program.credits.is_empty();
        let reads = self.reads;
        let rows = |at: usize| FlowRows {
            due: self.row_if(all || reads.flows[at]),
            settled: self.row_if(reads.credited[at]),
        };
        (0..program.flows.len()).map(rows).collect()
    }

    fn cleared(&mut self, flows: &[FlowRows]) -> Vec<ClearedRows> {
        if !self.is_cleared() {
            return vec![];
        }
        let program = self.program;
        let mut partly: Vec<bool> = program
            .flows
            .iter()
            .map(|flow| can_be_short(program, self.kinds, program.parties[flow.from.at()].purse.at()))
            .collect();
        // What covers call is known last.
        program.covers.iter().for_each(|cover| partly[cover.call.at()] = true);
        let dues = flows.iter().zip(partly).filter_map(|(flow, partly)| Some((flow.due?, partly)));
        dues.map(|(due, partly)| ClearedRows { due, paid: if partly { self.row() } else { due } }).collect()
    }

    fn pool(&mut self, at: usize, flows: &[FlowRows]) -> PoolRows {
        let settled = self.program.credits[at].flows.iter().filter_map(|flow| {
            let FlowRows { due, settled } = flows[flow.at()];
            Some(SettledRows { due: due?, settled: settled? })
        });
        let flows = settled.collect();
        PoolRows { left: self.lasting_row(), used: self.row(), expired: self.row(), flows }
    }

    fn exposure(&mut self) -> ExposureRows {
        ExposureRows { at_risk: self.row(), lost: self.row() }
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
