//! One block of paths, one month at a time, in the order of the page of record (docs/MONTH.md).
//!
//! Invariants, asserted in debug builds every month: payments sum to zero over parties (outside is one),
//! `0 <= paid <= due`, credits granted = used + expired + left, own-money fractions stay in `[0, 1]`.

use std::collections::BTreeSet;

use keiretsu_maths::lanes::Lanes;
use keiretsu_program::{Feed, Unread};

use crate::charges::Charge;
use crate::funding::Clearing;
use crate::lots::{Lots, follows_lots};
use crate::moves::Columns;
use crate::own::Own;
use crate::plan::Plan;
use crate::plan::probes::Source;
use crate::rows::{Arg, Place, Rows};
use crate::steps;

/// Memory for one block at a time, used again for the next.
pub struct Work<'p> {
    /// What to do.
    pub plan: &'p Plan<'p>,
    /// All rows: first those that last.
    pub rows: Rows,
    /// First what each purse pays, then what each receives.
    pub posts: Rows,
    /// Normals of the factors.
    pub columns: Columns,
    /// Memory for the charges of a month.
    pub charges: Vec<Charge>,
    /// Memory for clearing.
    pub clearing: Clearing,
    /// Memory for own money.
    pub own: Own,
    /// Lots of own money, by path; empty where none are followed.
    pub lots: Vec<Lots>,
    /// Instruction set.
    pub lanes: Lanes,
    /// Number of the first path of the block.
    pub first_path: u64,
    /// By row: whether it says of any path that a party has defaulted.
    pub gone: Vec<bool>,
    /// Whether somebody on some path paid less than what was due this month.
    pub short: bool,
    /// Paths on which something overflowed.
    pub failed: Vec<bool>,
    /// Paths that were asked for.
    pub wanted: std::ops::Range<usize>,
    /// Flows with an unknown amount.
    pub left_out: Vec<bool>,
    /// What else was unknown when it was asked for.
    pub unread: BTreeSet<Unread>,
}

impl<'p> Work<'p> {
    /// Memory for blocks of a run.
    pub fn new(plan: &'p Plan<'p>) -> Self {
        let width = plan.width;
        Self {
            plan,
            rows: Rows::new(plan.layout.total, width),
            posts: Rows::new(2 * plan.purses.len(), width),
            columns: Columns::new(plan),
            charges: Vec::with_capacity(plan.tape.charges.len()),
            clearing: Clearing::default(),
            own: Own::new(plan),
            lots: vec![Lots::default(); if follows_lots(plan) { width } else { 0 }],
            // One path needs no vectors, and the baseline needs no look at the machine.
            lanes: if width == 1 { Lanes::Baseline } else { Lanes::best() },
            first_path: 0,
            gone: vec![false; plan.layout.lasting],
            short: false,
            failed: vec![false; width],
            wanted: 0..width,
            left_out: vec![false; plan.program.flows.len()],
            unread: BTreeSet::new(),
        }
    }

    /// The as-of state of a block: factors and registers once, everything at its opening.
    pub fn start(&mut self, first_path: u64) {
        self.first_path = first_path;
        self.failed.fill(false);
        let lasting = self.plan.layout.lasting;
        self.rows.first_mut(lasting).fill(0.0);
        self.draw_slots();
        self.open();
        self.start_factors();
        self.start_events();
        self.run_tape(0);
        self.remember(0);
        self.open_values();
    }

    /// Month `t`, from 1.
    pub fn month(&mut self, t: u32) {
        self.posts.first_mut(2 * self.plan.purses.len()).fill(0.0);
        self.short = false;
        self.find_gone();
        self.move_factors(t);
        self.move_events(t);
        self.run_tape(t);
        self.remember(t);
        self.use_credits(t);
        self.grow_covers(t);
        self.settle(t);
        self.issue(t);
        self.keep_cash();
        self.net();
        self.move_cash();
        self.expose(t);
        self.default(t);
        self.expose_defaulted();
        self.feed(t);
        self.own_money(t);
        self.value(t);
        self.find_failed();
        self.watch(t);
        if cfg!(debug_assertions) {
            self.check_month();
        }
    }

    /// What must hold at the end of every month.
    fn check_month(&self) {
        let count = self.plan.purses.len();
        for lane in (0..self.rows.width()).filter(|lane| !self.failed[*lane]) {
            let sum = |first: usize| (first..first + count).map(|at| self.posts.get(at, lane)).sum::<f64>();
            let (paid, received) = (sum(0), sum(count));
            assert!(
                (paid - received).abs() <= 1e-9 * paid.max(1.0),
                "payments do not sum to zero over parties"
            );
            for row in &self.plan.layout.left {
                assert!(0.0 <= self.rows.get(*row, lane), "fewer than no credits are left");
            }
            for row in self.plan.layout.shortfall.iter().flatten() {
                assert!(0.0 <= self.rows.get(*row, lane), "more is paid than was due");
            }
        }
    }

    /// Accounts, cash, stakes and credits at their opening.
    fn open(&mut self) {
        let plan = self.plan;
        for (account, row) in plan.program.accounts.iter().zip(&plan.layout.accounts) {
            if let Some(row) = *row {
                self.rows.row_mut(row).fill(account.opening);
            }
        }
        for (at, row) in plan.layout.cash.iter().enumerate() {
            let slot = plan.program.parties[at].cash;
            if let (Some(row), Some(slot)) = (*row, slot) {
                self.set(row, plan.slots[slot.at()], 0);
            }
        }
        self.open_stakes();
        self.open_own();
        self.open_lots();
    }

    /// Copies a value of a month to a row.
    pub fn set(&mut self, row: usize, place: Place, t: u32) {
        if place == Place::Row(row) {
            return;
        }
        let month = self.plan.table.month(t);
        let (out, others) = self.rows.split(row);
        let a = others.arg(place, month);
        self.lanes.run(steps::Apply { code: crate::plan::tape::Code::Copy, out, a, b: a });
    }

    /// A value of a month.
    pub fn arg(&self, place: Place, t: u32) -> Arg<'_> {
        self.rows.arg(place, self.plan.table.month(t))
    }

    /// The row with what was paid on a flow.
    pub fn paid(&self, flow: usize) -> usize {
        let layout = &self.plan.layout;
        let due = layout.due[flow].expect("a flow whose payment is read is kept");
        if self.short { layout.paid[flow].unwrap_or(due) } else { due }
    }

    fn keep_cash(&mut self) {
        let plan = self.plan;
        for (row, before) in plan.layout.cash.iter().zip(&plan.layout.cash_before) {
            if let (Some(row), Some(before)) = (*row, *before) {
                self.set(before, Place::Row(row), 0);
            }
        }
    }

    /// Net cash of the month before estates.
    fn net(&mut self) {
        let plan = self.plan;
        let count = plan.purses.len();
        for (at, row) in plan.layout.net.iter().enumerate() {
            let Some(row) = *row else { continue };
            let (paid, received) = (self.posts.row(at), self.posts.row(count + at));
            let (a, b) = (Arg::Many(received), Arg::Many(paid));
            let out = self.rows.row_mut(row);
            self.lanes.run(steps::Apply { code: crate::plan::tape::Code::Sub, out, a, b });
        }
    }

    fn move_cash(&mut self) {
        let plan = self.plan;
        for (cash, net) in plan.layout.cash.iter().zip(&plan.layout.net) {
            let (Some(cash), Some(net)) = (*cash, *net) else { continue };
            let (out, others) = self.rows.split(cash);
            self.lanes.run(steps::AddTo { out, by: Arg::Many(others.row(net)) });
        }
        if self.short {
            self.empty_short();
        }
    }

    /// Who is short has nothing left, not even rounding.
    fn empty_short(&mut self) {
        let plan = self.plan;
        for funded in &plan.funded {
            let shortfall = plan.layout.shortfall[funded.purse].expect("a funded purse has a shortfall");
            let (cash, others) = self.rows.split(plan.layout.cash[funded.purse].expect("it has cash"));
            let short = others.row(shortfall);
            cash.iter_mut().zip(short).filter(|(_, short)| **short > 0.0).for_each(|(cash, _)| *cash = 0.0);
        }
    }

    fn feed(&mut self, t: u32) {
        let plan = self.plan;
        for (account, row) in plan.program.accounts.iter().zip(&plan.layout.accounts) {
            let Some(row) = *row else { continue };
            for feed in &account.feeds {
                match *feed {
                    Feed::Value(reg) => self.add(row, plan.register(reg), t),
                    Feed::Payment(flow) => {
                        self.add(row, Place::Row(self.paid(flow.at())), t);
                        if let Some(settled) = plan.layout.settled[flow.at()] {
                            self.add(row, Place::Row(settled), t);
                        }
                    }
                }
            }
        }
    }

    /// Adds a value of a month to a row.
    pub fn add(&mut self, row: usize, place: Place, t: u32) {
        let month = self.plan.table.month(t);
        let (out, others) = self.rows.split(row);
        let by = others.arg(place, month);
        self.lanes.run(steps::AddTo { out, by });
    }

    /// Probes of more than a month add up, or take the last month.
    fn watch(&mut self, t: u32) {
        let plan = self.plan;
        for watch in &plan.watches {
            let Some(sum) = watch.sum else { continue };
            let place = self.source(watch.source);
            if watch.begins(t) || !watch.adds {
                self.set(sum, place, t);
            } else {
                self.add(sum, place, t);
            }
        }
    }

    fn source(&self, source: Source) -> Place {
        match source {
            Source::At(place) => place,
            Source::Payment(flow) => Place::Row(self.paid(flow.at())),
        }
    }

    /// The numbers of a probe at the end of month `t`.
    pub fn watched(&self, probe: usize, t: u32) -> Arg<'_> {
        let watch = &self.plan.watches[probe];
        let place = watch.sum.map_or_else(|| self.source(watch.source), Place::Row);
        self.arg(place, t)
    }

    /// Gives up paths on which a factor, a due, a cash balance or a value is infinite.
    fn find_failed(&mut self) {
        let plan = self.plan;
        let count = plan.purses.len();
        for row in 0..2 * count {
            mark_infinite(&mut self.failed, self.posts.row(row));
        }
        let levels = plan.movers.iter().map(|mover| mover.read.unwrap_or(mover.level));
        let kept = plan.layout.cash.iter().chain(&plan.layout.values).chain(&plan.layout.holdings);
        for row in levels.chain(kept.flatten().copied()) {
            mark_infinite(&mut self.failed, self.rows.row(row));
        }
    }
}

/// Marks the columns in which a number is infinite. Unknown is not.
fn mark_infinite(failed: &mut [bool], row: &[f64]) {
    // A sum of zeros, unless something is infinite or unknown: then look closer.
    let (chunks, rest) = row.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += value * 0.0;
        }
    }
    let sum: f64 = sums.iter().sum::<f64>() + rest.iter().map(|value| value * 0.0).sum::<f64>();
    if sum.is_nan() {
        for (failed, value) in failed.iter_mut().zip(row) {
            *failed |= value.is_infinite();
        }
    }
}

#[cfg(test)]
mod tests {
    use keiretsu_maths::moves::BLOCK;
    use keiretsu_program::{Paths, RunSpec};

    use super::*;
    use crate::rich;

    /// Every probe of a few months, as bits, computed by one instruction set.
    fn bits(plan: &Plan, lanes: Lanes) -> Vec<u64> {
        let mut work = Work::new(plan);
        work.lanes = lanes;
        work.start(512);
        let mut bits = vec![];
        for t in 1..=rich::MONTHS {
            work.month(t);
            for probe in 0..plan.watches.len() {
                let seen = work.watched(probe, t);
                bits.extend((0..BLOCK).map(|lane| seen.at(lane).to_bits()));
            }
        }
        bits
    }

    #[test]
    fn instruction_sets_give_the_same_bits() {
        let program = rich::program();
        let paths = Paths { seed: 5, first: 0, count: 1, exact_limit: 1 };
        let spec = RunSpec::paths(paths, rich::probes(&program));
        let spec = RunSpec { own_money: vec![vec![keiretsu_program::PartyId(4)]], ..spec };
        let plan = Plan::new(&program, &spec, BLOCK).expect("the program is sound");
        let baseline = bits(&plan, Lanes::Baseline);
        for lanes in Lanes::ALL.into_iter().filter(|lanes| lanes.available()) {
            assert!(bits(&plan, lanes) == baseline, "{lanes:?} differs from the baseline");
        }
    }
}
