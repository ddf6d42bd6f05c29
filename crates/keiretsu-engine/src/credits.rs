//! Service credits: granted, used before cash, expired. Then what is still due is posted.

use keiretsu_program::{CreditsId, Unread};

use crate::plan::layout::SettledRows;
use crate::plan::tape::{Metered, Step};
use crate::rows::{Arg, Place};
use crate::state::State;
use crate::steps;

/// Pools in order: each grants, then settles its flows in order.
pub fn use_all(state: &mut State<'_>, t: u32) {
    let plan = state.plan;
    if plan.program.credits.is_empty() {
        return;
    }
    for settled in plan.layout.flows.iter().filter_map(|rows| rows.settled) {
        state.rows.row_mut(settled).fill(0.0);
    }
    for at in 0..plan.program.credits.len() {
        use_pool(state, at, t);
    }
    post_dues(state);
}

fn use_pool(state: &mut State<'_>, at: usize, t: u32) {
    let plan = state.plan;
    let pool = &plan.program.credits[at];
    let rows = &plan.layout.pools[at];
    state.rows.row_mut(rows.used).fill(0.0);
    state.rows.row_mut(rows.expired).fill(0.0);
    if t > pool.expiry {
        return;
    }
    state.grow(rows.left, pool.grows, t);
    grant(state, at, t);
    for flow in &rows.flows {
        use_on(state, [rows.left, rows.used], *flow);
    }
    if t == pool.expiry {
        state.set(rows.expired, Place::Row(rows.left), t);
        state.rows.row_mut(rows.left).fill(0.0);
    }
}

/// A grant that is unknown while the grantor stands is noted.
fn note_grant(state: &mut State<'_>, at: usize, grantor: Option<usize>, t: u32) {
    let grant = state.plan.register(state.plan.program.credits[at].grant);
    if matches!(state.arg(grant, t), Arg::One(amount) if !amount.is_nan()) {
        return;
    }
    for lane in 0..state.width() {
        let stands = grantor.is_none_or(|row| state.rows.get(row, lane) < 0.5);
        if stands {
            let amount = state.arg(grant, t).at(lane);
            state.note_unread(amount, Unread::Grant(CreditsId(at as u32)), lane);
        }
    }
}

/// An unknown grant is left out; a defaulted grantor grants nothing.
fn grant(state: &mut State<'_>, at: usize, t: u32) {
    let plan = state.plan;
    let pool = &plan.program.credits[at];
    let grantor = plan.layout.purses[plan.purses[pool.grantor.at()]].defaulted;
    let month = plan.table.month(t);
    note_grant(state, at, grantor, t);
    let spare = plan.layout.spare;
    let (out, others) = state.rows.split(spare);
    let amount = others.arg(plan.register(pool.grant), month);
    state.lanes.run(steps::DueRow { out, amount });
    if let Some(grantor) = grantor {
        state.lanes.run(steps::EndRow { out, ended: others.row(grantor) });
    }
    state.add(plan.layout.pools[at].left, Place::Row(spare), t);
}

/// Settles what is due on a flow as far as what is left of a pool reaches.
fn use_on(state: &mut State<'_>, [left, used]: [usize; 2], flow: SettledRows) {
    let SettledRows { due, settled } = flow;
    for lane in 0..state.width() {
        let use_now = state.rows.get(left, lane).min(state.rows.get(due, lane));
        *state.rows.cell(left, lane) -= use_now;
        *state.rows.cell(due, lane) -= use_now;
        *state.rows.cell(used, lane) += use_now;
        *state.rows.cell(settled, lane) += use_now;
        debug_assert!(0.0 <= state.rows.get(left, lane), "credits beyond what is left");
    }
}

/// What credits have left of each flow, in the order of flows.
fn post_dues(state: &mut State<'_>) {
    let plan = state.plan;
    for step in &plan.tape.steps {
        let (Step::Due(due) | Step::Metered(Metered { due, .. })) = step else {
            continue;
        };
        let flow = &plan.program.flows[due.flow.at()];
        let (from, to) = (plan.purses[flow.from.at()], plan.purses[flow.to.at()]);
        if from != to {
            let row = due.out.expect("with credits every flow is kept");
            state.posts.post(state.lanes, from, to, state.rows.row(row));
        }
    }
}
