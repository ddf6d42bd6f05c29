//! The numbers of one block of paths, and what is known of them so far.

use std::collections::BTreeSet;
use std::ops::Range;

use keiretsu_maths::lanes::Lanes;
use keiretsu_program::{FlowId, Reg, Unread};

use crate::logic;
use crate::plan::Plan;
use crate::plan::overlays::Held;
use crate::plan::tape::Code;
use crate::posts::Posts;
use crate::rows::{Arg, Place, Rows};
use crate::steps;

/// A block of paths.
pub struct State<'p> {
    /// What to do.
    pub plan: &'p Plan<'p>,
    /// All rows: first those that last.
    pub rows: Rows,
    /// What is paid and received this month.
    pub posts: Posts,
    /// Instruction set.
    pub lanes: Lanes,
    /// Number of the first path of the block.
    pub first_path: u64,
    /// By row: whether it says of any path that a party has defaulted.
    pub gone: Vec<bool>,
    /// Whether on some path less was paid than was due this month.
    pub short: bool,
    /// Paths on which something overflowed.
    pub failed: Vec<bool>,
    /// Paths that were asked for.
    pub wanted: Range<usize>,
    /// Flows with an unknown amount.
    pub left_out: Vec<bool>,
    /// What else was unknown when it was asked for.
    pub unread: BTreeSet<Unread>,
}

impl<'p> State<'p> {
    /// Memory for a block of a run.
    pub fn new(plan: &'p Plan<'p>) -> Self {
        let width = plan.width;
        Self {
            plan,
            rows: Rows::new(plan.layout.total, width),
            posts: Posts::new(plan.purses.len(), width),
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

    /// Nothing known of a block yet.
    pub fn clear(&mut self, first_path: u64) {
        self.first_path = first_path;
        self.failed.fill(false);
        self.rows.first_mut(self.plan.layout.lasting).fill(0.0);
    }

    /// Nothing paid yet in a month.
    pub fn begin_month(&mut self) {
        self.posts.clear();
        self.short = false;
        for row in self.plan.layout.purses.iter().filter_map(|rows| rows.defaulted) {
            self.gone[row] = self.lanes.run(steps::AnyAbove { row: self.rows.row(row), limit: 0.5 });
        }
    }

    /// How many paths.
    pub fn width(&self) -> usize {
        self.rows.width()
    }

    /// A value of a month.
    pub fn arg(&self, place: Place, t: u32) -> Arg<'_> {
        self.rows.arg(place, self.plan.table.month(t))
    }

    /// A register of a month on one path.
    pub fn register(&self, reg: Reg, lane: usize, t: u32) -> f64 {
        self.arg(self.plan.register(reg), t).at(lane)
    }

    /// Copies a value of a month to a row.
    pub fn set(&mut self, row: usize, place: Place, t: u32) {
        if place == Place::Row(row) {
            return;
        }
        let month = self.plan.table.month(t);
        let (out, others) = self.rows.split(row);
        let a = others.arg(place, month);
        self.lanes.run(steps::Apply { code: Code::Copy, out, a, b: a });
    }

    /// Adds a value of a month to a row.
    pub fn add(&mut self, row: usize, place: Place, t: u32) {
        let month = self.plan.table.month(t);
        let (out, others) = self.rows.split(row);
        let by = others.arg(place, month);
        self.lanes.run(steps::AddTo { out, by });
    }

    /// Applies an overlay in its months, in the worlds in which it holds.
    pub fn overlay(&mut self, row: usize, held: Held, t: u32) {
        if !held.holds(t) {
            return;
        }
        match held.world {
            None => steps::overlay(self.lanes, self.rows.row_mut(row), held.overlay.change),
            Some(world) => {
                let cell = self.rows.cell(row, world);
                *cell = logic::changed(held.overlay.change, *cell);
            }
        }
    }

    /// What was counted in a row in other money, at its worth of this month; an unknown worth changes
    /// nothing.
    pub fn grow(&mut self, row: usize, by: Option<Reg>, t: u32) {
        let Some(by) = by else { return };
        for lane in 0..self.width() {
            let by = self.register(by, lane, t);
            if by.is_finite() {
                *self.rows.cell(row, lane) *= by;
            }
        }
    }

    /// The row with what was paid on a flow.
    pub fn paid(&self, flow: usize) -> usize {
        let layout = &self.plan.layout;
        match layout.cleared.get(flow) {
            Some(rows) if self.short => rows.paid,
            _ => layout.flows[flow].due.expect("a flow whose payment is read is kept"),
        }
    }

    /// Cash of a purse where it is known, else nothing.
    pub fn cash_known(&self, purse: usize, lane: usize) -> f64 {
        let row = self.plan.layout.purses[purse].cash.filter(|_| self.plan.cash_known[purse]);
        row.map_or(0.0, |row| logic::due(self.rows.get(row, lane)))
    }

    /// Whether a party has defaulted.
    pub fn is_gone(&self, party: usize, lane: usize) -> bool {
        let row = self.plan.layout.purses[self.plan.purses[party]].defaulted;
        row.is_some_and(|row| self.rows.get(row, lane) > 0.5)
    }

    /// Notes what was unknown when it was asked for, on a path that is asked for.
    pub fn note_unread(&mut self, amount: f64, what: Unread, lane: usize) {
        if amount.is_nan() && self.wanted.contains(&lane) {
            self.unread.insert(what);
        }
    }

    /// Gives up paths on which a factor, a due, a cash balance or a value is infinite.
    pub fn find_failed(&mut self) {
        let layout = &self.plan.layout;
        for row in self.posts.all() {
            mark_infinite(&mut self.failed, row);
        }
        let levels = self.plan.movers.iter().map(|mover| mover.read.unwrap_or(mover.level));
        let cash = layout.purses.iter().filter_map(|rows| rows.cash);
        let values = layout.issuers.iter().filter_map(|rows| rows.value);
        let holdings = layout.holdings.iter().filter_map(|rows| rows.value);
        for row in levels.chain(cash).chain(values).chain(holdings) {
            mark_infinite(&mut self.failed, self.rows.row(row));
        }
    }

    /// What must hold at the end of every month.
    pub fn check_month(&mut self) {
        let purses = self.plan.purses.len();
        for lane in (0..self.width()).filter(|lane| !self.failed[*lane]) {
            let paid: f64 = (0..purses).map(|at| self.posts.paid(at)[lane]).sum();
            let received: f64 = (0..purses).map(|at| self.posts.received(at)[lane]).sum();
            assert!(
                (paid - received).abs() <= 1e-9 * paid.max(1.0),
                "payments do not sum to zero over parties"
            );
            for pool in &self.plan.layout.pools {
                assert!(0.0 <= self.rows.get(pool.left, lane), "fewer than no credits are left");
            }
            for funded in &self.plan.funded {
                assert!(0.0 <= self.rows.get(funded.rows.shortfall, lane), "more is paid than was due");
            }
        }
    }
}

/// The flows that are marked.
pub fn marked(flows: &[bool]) -> Vec<FlowId> {
    let flows = flows.iter().enumerate().filter(|(_, marked)| **marked);
    flows.map(|(at, _)| FlowId(at as u32)).collect()
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
