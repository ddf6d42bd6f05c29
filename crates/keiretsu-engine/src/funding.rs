//! Who is short, who raises money, and what is paid: first clearing, raising, final clearing.
//!
//! Only paths on which somebody cannot pay in full go to the solver; on all others every due is paid,
//! which is the greatest clearing vector there.

use std::ops::Range;

use keiretsu_maths::lanes::Kernel;
use keiretsu_methods::clearing::{Debt, Workspace, clear_small};
use keiretsu_program::Funding;

use crate::calls::Calls;
use crate::cover::Part;
use crate::plan::Funded;
use crate::plan::tape::Code;
use crate::rows::{Arg, Place};
use crate::steps::{self, AnyAbove};
use crate::work::Work;

/// Memory for clearing one path after the other.
#[derive(Debug, Default)]
pub struct Clearing {
    workspace: Workspace,
    /// What each party may spend beside its receipts.
    pub assets: Vec<f64>,
    /// Debts of all tight paths, one path after the other.
    pub debts: Vec<Debt>,
    /// The flow of each debt.
    pub flows: Vec<usize>,
    /// What is paid on each debt.
    pub paid: Vec<f64>,
    /// What is due on each debt without calls.
    pub before: Vec<f64>,
    /// Memory for calls on guarantors.
    pub calls: Calls,
    /// What calls have paid this month.
    pub parts: Vec<Part>,
    /// Paths on which somebody could not pay in the first clearing, and where their debts are.
    tight: Vec<(usize, Range<usize>)>,
}

impl Work<'_> {
    /// Pays what is due, raising money where that is needed.
    pub fn settle(&mut self, t: u32) {
        let plan = self.plan;
        if plan.funded.is_empty() && plan.program.covers.is_empty() {
            return;
        }
        let count = plan.purses.len();
        for funded in &plan.funded {
            let receipts = plan.layout.receipts[funded.purse].expect("a funded purse has receipts");
            self.rows.row_mut(receipts).copy_from_slice(self.posts.row(count + funded.purse));
            let shortfall = plan.layout.shortfall[funded.purse].expect("a funded purse has a shortfall");
            self.rows.row_mut(shortfall).fill(0.0);
        }
        self.find_tight(t);
        let tight = std::mem::take(&mut self.clearing.tight);
        for (lane, debts) in &tight {
            self.solve(*lane, debts.clone(), false);
            self.clear_covered(*lane, debts, t);
            self.note_receipts(*lane, debts.clone());
        }
        for funded in &plan.funded {
            self.raise(funded, t);
        }
        for (lane, debts) in &tight {
            if self.raises(*lane) {
                self.without_calls(*lane, debts, t);
                self.solve(*lane, debts.clone(), true);
                self.clear_covered(*lane, debts, t);
            }
            self.draw_covers(*lane, debts, t);
            self.pay(*lane, debts.clone());
        }
        self.clearing.tight = tight;
        self.post_raised();
    }

    /// Paths on which somebody could not pay even if all others did, and their debts.
    fn find_tight(&mut self, t: u32) {
        let plan = self.plan;
        let count = plan.purses.len();
        let mut lanes = vec![];
        for funded in &plan.funded {
            let cash = self.rows.row(plan.layout.cash[funded.purse].expect("a funded purse has cash"));
            let (dues, into) = (self.posts.row(funded.purse), self.posts.row(count + funded.purse));
            if self.lanes.run(AnyTight { cash, dues, into }) {
                lanes.extend((0..cash.len()).filter(|lane| is_tight(cash[*lane], dues[*lane], into[*lane])));
            }
        }
        self.find_called(t, &mut lanes);
        lanes.sort_unstable();
        lanes.dedup();
        self.clearing.debts.clear();
        self.clearing.flows.clear();
        self.clearing.before.clear();
        self.clearing.parts.clear();
        self.clearing.tight.clear();
        for lane in lanes {
            let debts = self.list_debts(lane);
            self.clearing.tight.push((lane, debts));
        }
        self.clearing.paid.clear();
        self.clearing.paid.resize(self.clearing.debts.len(), 0.0);
    }

    fn list_debts(&mut self, lane: usize) -> Range<usize> {
        let plan = self.plan;
        let clearing = &mut self.clearing;
        let first = clearing.debts.len();
        // Flows on which calls may fall due come last where nothing else is due on them.
        let flows = plan.program.flows.iter().enumerate();
        let calls = plan.program.covers.iter().map(|cover| (cover.call.at(), true));
        for (at, is_call) in flows.map(|(at, _)| (at, false)).chain(calls) {
            let flow = &plan.program.flows[at];
            let (from, to) = (plan.purses[flow.from.at()], plan.purses[flow.to.at()]);
            let amount = self.rows.get(plan.layout.due[at].expect("with funding every flow is kept"), lane);
            if from != to && (amount > 0.0) != is_call {
                let (debtor, creditor) = (from as u32, to as u32);
                clearing.debts.push(Debt { debtor, creditor, rank: u32::from(flow.rank), amount });
                clearing.flows.push(at);
                clearing.before.push(amount);
            }
        }
        first..clearing.debts.len()
    }

    /// The greatest clearing vector of one path, with what was raised or without.
    fn solve(&mut self, lane: usize, range: Range<usize>, raised: bool) {
        let plan = self.plan;
        let Clearing { workspace, assets, debts, paid, .. } = &mut self.clearing;
        assets.clear();
        // Who cannot be short always has what is due.
        assets.extend((0..plan.purses.len()).map(|at| self.posts.get(at, lane)));
        for funded in &plan.funded {
            let cash = plan.layout.cash[funded.purse].expect("a funded purse has cash");
            assets[funded.purse] = self.rows.get(cash, lane).max(0.0);
            if raised {
                let raised = plan.layout.raised[funded.purse].expect("it may raise");
                assets[funded.purse] += self.rows.get(raised, lane);
            }
        }
        let debts = &debts[range.clone()];
        let some = debts.iter().rposition(|debt| debt.amount > 0.0).map_or(0, |last| last + 1);
        let (paid, none) = paid[range].split_at_mut(some);
        none.fill(0.0);
        if clear_small(workspace, &debts[..some], assets, &[], paid).is_err() {
            // An infinite amount: the path is given up, whatever was paid.
            self.failed[lane] = true;
            paid.fill(0.0);
        }
    }

    /// What each funded purse receives in the first clearing.
    fn note_receipts(&mut self, lane: usize, range: Range<usize>) {
        let plan = self.plan;
        for funded in &plan.funded {
            let row = plan.layout.receipts[funded.purse].expect("a funded purse has receipts");
            *self.rows.cell(row, lane) = 0.0;
        }
        for at in range {
            let to = self.clearing.debts[at].creditor as usize;
            if let Some(row) = plan.layout.receipts[to] {
                *self.rows.cell(row, lane) += self.clearing.paid[at];
            }
        }
    }

    /// Whether anybody raises money on a path.
    fn raises(&self, lane: usize) -> bool {
        let rows = self.plan.funded.iter().filter_map(|funded| self.plan.layout.raised[funded.purse]);
        rows.into_iter().any(|row| self.rows.get(row, lane) > 0.0)
    }

    /// What a party raises, decided on the first clearing.
    fn raise(&mut self, funded: &Funded, t: u32) {
        let plan = self.plan;
        let layout = &plan.layout;
        let at = funded.purse;
        let [last, before] = layout.outflows[at].expect("a funded purse has outflows");
        let (raised, cash) =
            (layout.raised[at].expect("it may raise"), layout.cash[at].expect("it has cash"));
        let receipts = layout.receipts[at].expect("a funded purse has receipts");
        let month = plan.table.month(t);
        let dues = self.posts.row(at);
        if let Some(price) = funded.price {
            let (raised, rows) = self.rows.split(raised);
            self.lanes.run(Raise {
                raised,
                dues,
                receipts: rows.row(receipts),
                outflows: [rows.row(last), rows.row(before)],
                cash: rows.row(cash),
                price: rows.arg(price, month),
                most: rows.arg(funded.most.unwrap_or(Place::Fixed(f64::INFINITY)), month),
                market: rows.arg(funded.market, month),
                gone: layout.defaulted[at].map(|row| rows.row(row)),
                policy: funded.funding,
                months: f64::from(t.min(3)),
            });
        }
        self.set(before, Place::Row(last), t);
        let (out, rows) = self.rows.split(last);
        let (a, b) = (Arg::Many(self.posts.row(at)), Arg::Many(rows.row(receipts)));
        self.lanes.run(steps::Apply { code: Code::Sub, out, a, b });
        if funded.price.is_some() && self.lanes.run(AnyAbove { row: self.rows.row(raised), limit: 0.0 }) {
            self.dilute_for(at, raised, funded.price, t);
        }
    }

    /// Writes what was paid on one path, which may be less than what was due.
    fn pay(&mut self, lane: usize, range: Range<usize>) {
        let plan = self.plan;
        let layout = &plan.layout;
        if !self.short {
            self.short = true;
            for at in 0..plan.program.flows.len() {
                let Some(paid) = layout.paid[at] else { continue };
                let due = layout.due[at].expect("with funding every flow is kept");
                let (out, others) = self.rows.split(paid);
                out.copy_from_slice(others.row(due));
            }
        }
        let count = plan.purses.len();
        for funded in &plan.funded {
            let row = layout.shortfall[funded.purse].expect("a funded purse has a shortfall");
            *self.rows.cell(row, lane) = self.posts.get(funded.purse, lane);
        }
        (0..2 * count).for_each(|row| *self.posts.cell(row, lane) = 0.0);
        for at in range {
            let (flow, paid, debt) =
                (self.clearing.flows[at], self.clearing.paid[at], self.clearing.debts[at]);
            if let Some(row) = layout.paid[flow] {
                *self.rows.cell(row, lane) = paid;
            }
            *self.posts.cell(debt.debtor as usize, lane) += paid;
            *self.posts.cell(count + debt.creditor as usize, lane) += paid;
            debug_assert!(0.0 <= paid && paid <= debt.amount * (1.0 + 1e-9), "paid beyond what was due");
        }
        for funded in &plan.funded {
            let row = layout.shortfall[funded.purse].expect("a funded purse has a shortfall");
            let owed = self.rows.get(row, lane);
            *self.rows.cell(row, lane) = (owed - self.posts.get(funded.purse, lane)).max(0.0);
        }
    }

    /// Raised money comes from outside.
    fn post_raised(&mut self) {
        let plan = self.plan;
        let count = plan.purses.len();
        for funded in &plan.funded {
            let raised = self.rows.row(plan.layout.raised[funded.purse].expect("it may raise"));
            let (out, into) = self.posts.two(0, count + funded.purse);
            self.lanes.run(steps::Post { out, into, amount: Arg::Many(raised) });
        }
    }
}

/// Whether a party could not pay even if all others did.
#[expect(clippy::inline_always, reason = "the body of a loop compiled for each instruction set")]
#[inline(always)]
fn is_tight(cash: f64, dues: f64, into: f64) -> bool {
    crate::logic::due(cash) + into - dues < 0.0
}

/// Whether a party is tight on any path.
struct AnyTight<'a> {
    cash: &'a [f64],
    dues: &'a [f64],
    into: &'a [f64],
}

impl Kernel for AnyTight<'_> {
    type Output = bool;

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) -> bool {
        let rows = self.cash.iter().zip(self.dues).zip(self.into);
        rows.fold(false, |any, ((cash, dues), into)| any | is_tight(*cash, *dues, *into))
    }
}

/// What a party raises on each path.
struct Raise<'a> {
    raised: &'a mut [f64],
    dues: &'a [f64],
    /// Of the first clearing.
    receipts: &'a [f64],
    /// Net outflows of last month and of the month before.
    outflows: [&'a [f64]; 2],
    cash: &'a [f64],
    price: Arg<'a>,
    most: Arg<'a>,
    market: Arg<'a>,
    gone: Option<&'a [f64]>,
    policy: Funding,
    /// Months over which burn is the mean.
    months: f64,
}

impl Kernel for Raise<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) {
        let [last, before] = self.outflows;
        for (lane, raised) in self.raised.iter_mut().enumerate() {
            let (dues, received) = (self.dues[lane], self.receipts[lane]);
            let burn = (dues - received + last[lane] + before[lane]) / self.months;
            let burn = crate::logic::due(burn);
            let after = self.cash[lane] + received - dues;
            let wanted = self.policy.raise * burn - after;
            let low = (after < 0.0) | (after < self.policy.keep * burn);
            let gone = self.gone.is_some_and(|gone| gone[lane] > 0.5);
            // A chance (in the expected reading) stands from one half on.
            let most = self.most.at(lane);
            let can = (self.market.at(lane) >= 0.5) & (self.price.at(lane) > 0.0) & (most > 0.0) & !gone;
            *raised = if low & (wanted > 0.0) & can { wanted.min(most) } else { 0.0 };
        }
    }
}
