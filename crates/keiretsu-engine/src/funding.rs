//! Who is short, who raises money, and what is paid: first clearing, raising, final clearing.
//!
//! Only paths on which a party cannot pay in full go to the solver; on all others every due is paid,
//! which is the greatest clearing vector there.

use keiretsu_maths::lanes::Kernel;
use keiretsu_program::Funding;

use crate::clearing::Clearing;
use crate::cover;
use crate::plan::Funded;
use crate::plan::tape::Code;
use crate::rows::{Arg, Place};
use crate::stakes;
use crate::state::State;
use crate::steps::{self, AnyAbove};

/// Pays what is due, raising money where that is needed.
pub fn settle(state: &mut State<'_>, clearing: &mut Clearing, t: u32) {
    let plan = state.plan;
    if plan.layout.cleared.is_empty() {
        return;
    }
    for funded in &plan.funded {
        let received = state.posts.received(funded.purse);
        state.rows.row_mut(funded.rows.receipts).copy_from_slice(received);
        state.rows.row_mut(funded.rows.shortfall).fill(0.0);
    }
    let lanes = find_tight(state, t);
    clearing.list(state, &lanes);
    let tight = std::mem::take(&mut clearing.tight);
    for (lane, debts) in &tight {
        clearing.solve(state, *lane, debts.clone(), false);
        cover::clear(state, clearing, *lane, debts, t);
        clearing.note_receipts(state, *lane, debts.clone());
    }
    for funded in &plan.funded {
        raise(state, funded, t);
    }
    for (lane, debts) in &tight {
        if raises(state, *lane) {
            cover::without_calls(state, clearing, *lane, debts, t);
            clearing.solve(state, *lane, debts.clone(), true);
            cover::clear(state, clearing, *lane, debts, t);
        }
        cover::draw(state, clearing, *lane, debts, t);
        clearing.pay(state, *lane, debts.clone());
    }
    clearing.tight = tight;
    // Raised money comes from outside.
    for funded in &plan.funded {
        state.posts.post(state.lanes, 0, funded.purse, state.rows.row(funded.rows.raised));
    }
}

/// Paths on which a party could not pay even if all others did, and those on which a call is due.
fn find_tight(state: &mut State<'_>, t: u32) -> Vec<usize> {
    let mut lanes = vec![];
    for funded in &state.plan.funded {
        let cash = state.rows.row(funded.rows.cash);
        let (dues, into) = (state.posts.paid(funded.purse), state.posts.received(funded.purse));
        if state.lanes.run(AnyTight { cash, dues, into }) {
            lanes.extend((0..cash.len()).filter(|lane| is_tight(cash[*lane], dues[*lane], into[*lane])));
        }
    }
    cover::find_called(state, t, &mut lanes);
    lanes.sort_unstable();
    lanes.dedup();
    lanes
}

/// Whether a party raises money on a path.
fn raises(state: &State<'_>, lane: usize) -> bool {
    state.plan.funded.iter().any(|funded| state.rows.get(funded.rows.raised, lane) > 0.0)
}

/// What a party raises, decided on the first clearing.
fn raise(state: &mut State<'_>, funded: &Funded, t: u32) {
    let (plan, rows) = (state.plan, funded.rows);
    let month = plan.table.month(t);
    if let Some(price) = funded.price {
        let dues = state.posts.paid(funded.purse);
        let (raised, others) = state.rows.split(rows.raised);
        state.lanes.run(Raise {
            raised,
            dues,
            receipts: others.row(rows.receipts),
            outflows: [others.row(rows.outflow), others.row(rows.outflow_before)],
            cash: others.row(rows.cash),
            price: others.arg(price, month),
            most: others.arg(funded.most.unwrap_or(Place::Fixed(f64::INFINITY)), month),
            market: others.arg(funded.market, month),
            gone: plan.layout.purses[funded.purse].defaulted.map(|row| others.row(row)),
            policy: funded.funding,
            months: f64::from(t.min(3)),
        });
    }
    state.set(rows.outflow_before, Place::Row(rows.outflow), t);
    let (out, others) = state.rows.split(rows.outflow);
    let (a, b) = (Arg::Many(state.posts.paid(funded.purse)), Arg::Many(others.row(rows.receipts)));
    state.lanes.run(steps::Apply { code: Code::Sub, out, a, b });
    if let Some(price) = funded.price
        && state.lanes.run(AnyAbove { row: state.rows.row(rows.raised), limit: 0.0 })
    {
        stakes::dilute_for(state, funded.purse, rows.raised, price, t);
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
