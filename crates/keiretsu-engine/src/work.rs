//! One block of paths, one month at a time, in the order of the page of record (docs/MONTH.md).
//!
//! Invariants, asserted in debug builds every month: payments sum to zero over parties (outside is one),
//! `0 <= paid <= due`, credits granted = used + expired + left, own-money fractions stay in `[0, 1]`.

use keiretsu_maths::lanes::Lanes;
use keiretsu_program::Feed;

use crate::funding::Clearing;
use crate::lots::{Lots, follows_lots};
use crate::moves::Columns;
use crate::own::Own;
use crate::plan::Plan;
use crate::plan::probes::Source;
use crate::plan::tape::{Due, Product, Step};
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
            clearing: Clearing::default(),
            own: Own::new(plan),
            lots: vec![Lots::default(); if follows_lots(plan) { width } else { 0 }],
            lanes: Lanes::best(),
            first_path: 0,
            gone: vec![false; plan.layout.lasting],
            short: false,
            failed: vec![false; width],
            wanted: 0..width,
            left_out: vec![false; plan.program.flows.len()],
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
        self.settle(t);
        self.issue(t);
        self.keep_cash();
        self.net();
        self.move_cash();
        self.default(t);
        self.feed(t);
        self.own_money(t);
        self.value(t);
        self.find_failed();
        self.watch(t);
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

    fn find_gone(&mut self) {
        for row in self.plan.layout.defaulted.iter().flatten() {
            self.gone[*row] = self.lanes.run(steps::AnyAbove { row: self.rows.row(*row), limit: 0.5 });
        }
    }

    fn run_tape(&mut self, t: u32) {
        let plan = self.plan;
        for step in &plan.tape.steps {
            self.step(step, t);
        }
    }

    fn step(&mut self, step: &Step, t: u32) {
        let month = self.plan.table.month(t);
        match *step {
            Step::Apply { code, out, a, b } => {
                let (out, others) = self.rows.split(out);
                let (a, b) = (others.arg(a, month), others.arg(b, month));
                self.lanes.run(steps::Apply { code, out, a, b });
            }
            Step::Choose { out, when, then, otherwise } => {
                let (out, others) = self.rows.split(out);
                let (when, then) = (others.arg(when, month), others.arg(then, month));
                let otherwise = others.arg(otherwise, month);
                self.lanes.run(steps::ChooseRows { out, when, then, otherwise });
            }
            Step::Latch { out, when, lapse, unmet } => {
                let (held, others) = self.rows.split(out);
                let when = others.arg(when, month);
                self.lanes.run(steps::LatchRow { held, when, t: t as usize, lapse, unmet });
            }
            // At as-of a value is its own past.
            Step::Lag { out, of, .. } if t == 0 => self.set(out, of, t),
            Step::Lag { out, ring, months, .. } => self.set(out, Place::Row(ring.row(t, months)), t),
            Step::Rise { out, of, ring } => self.rise(out, of, ring.row(t, 1), t),
            Step::Overlay { out, change, from, until } => {
                if (from..=until).contains(&t) {
                    steps::overlay(self.lanes, self.rows.row_mut(out), change);
                }
            }
            Step::Due(due) if t > 0 => self.due(due, t),
            Step::Product(product) if t > 0 => self.product(product, t),
            Step::Due(_) | Step::Product(_) => {}
        }
    }

    fn rise(&mut self, out: usize, of: Place, before: usize, t: u32) {
        let month = self.plan.table.month(t);
        let (out, others) = self.rows.split(out);
        if t == 0 {
            out.fill(0.0);
            return;
        }
        let (a, b) = (others.arg(of, month), others.arg(Place::Row(before), month));
        self.lanes.run(steps::Apply { code: crate::plan::tape::Code::Sub, out, a, b });
    }

    fn due(&mut self, due: Due, t: u32) {
        let month = self.plan.table.month(t);
        let is_plain = due.out.is_none() && !due.report && due.ended == [None; 2] && self.plan.width > 1;
        if let (true, Place::Row(amount), Some([from, to])) = (is_plain, due.amount, due.post) {
            let (out, into) = self.posts.two(from, to);
            self.lanes.run(steps::DuePost { out, into, amount: self.rows.row(amount) });
            return;
        }
        let row = due.out.unwrap_or(self.plan.layout.spare);
        let is_reading = self.plan.width == 1;
        let (out, others) = self.rows.split(row);
        let amount = others.arg(due.amount, month);
        self.lanes.run(steps::DueRow { out, amount });
        if is_reading && out[0].is_infinite() {
            // There is no other path to go on with: the due is left out.
            out[0] = 0.0;
            self.left_out[due.flow.at()] = true;
        }
        if due.report && !self.left_out[due.flow.at()] {
            let stands = |lane: usize| due.ended.iter().flatten().all(|row| others.row(*row)[lane] < 0.5);
            let unknown = |lane: usize| amount.at(lane).is_nan() && stands(lane);
            self.left_out[due.flow.at()] = self.wanted.clone().any(unknown);
        }
        self.post_due(due, row);
    }

    /// What is due where it is a product of two rows.
    fn product(&mut self, product: Product, t: u32) {
        let month = self.plan.table.month(t);
        let number = |place: Place| match place {
            Place::Fixed(value) => value,
            Place::Month(column) => month[column],
            Place::Row(_) => unreachable!("only the two levels are rows"),
        };
        let Product { left, right, floor, due } = product;
        let (a, b, floor) = (number(left.0), number(right.0), number(floor));
        if let (None, [None, None], Some([from, to])) = (due.out, due.ended, due.post) {
            let (x, y) = (self.rows.row(left.1), self.rows.row(right.1));
            let (out, into) = self.posts.two(from, to);
            self.lanes.run(steps::MeteredPost { out, into, metered: steps::Metered { a, x, b, y, floor } });
            return;
        }
        let row = due.out.unwrap_or(self.plan.layout.spare);
        let (out, others) = self.rows.split(row);
        let (x, y) = (others.row(left.1), others.row(right.1));
        self.lanes.run(steps::MeteredRow { out, metered: steps::Metered { a, x, b, y, floor } });
        self.post_due(due, row);
    }

    /// Ends what has ended, and posts the rest.
    fn post_due(&mut self, due: Due, row: usize) {
        let (out, others) = self.rows.split(row);
        for ended in due.ended.into_iter().flatten() {
            if self.gone[ended] {
                let ended = others.row(ended);
                self.lanes.run(steps::EndRow { out, ended });
            }
        }
        if let Some([from, to]) = due.post {
            let (out, into) = self.posts.two(from, to);
            self.lanes.run(steps::Post { out, into, amount: Arg::Many(self.rows.row(row)) });
        }
    }

    /// Registers that are looked back at are remembered.
    fn remember(&mut self, t: u32) {
        let plan = self.plan;
        for (at, ring) in plan.layout.rings.iter().enumerate() {
            let Some(ring) = *ring else { continue };
            let place = plan.tape.registers[at].expect("what is looked back at is computed");
            if t == 0 {
                (0..ring.length).for_each(|month| self.set(ring.first + month, place, t));
            } else {
                self.set(ring.row(t, 0), place, t);
            }
        }
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
