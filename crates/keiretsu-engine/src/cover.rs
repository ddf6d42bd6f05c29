//! Guarantees: what each cover answers for, what its calls came to, and what that leaves of it.

use std::ops::Range;

use keiretsu_program::{Cover, CoverId, Outstanding, Unread};

use crate::calls::{Answer, Calls, Covered, Item, Unpaid};
use crate::clearing::{CallPart, Clearing};
use crate::logic::due;
use crate::state::State;

/// How a cover stands on one path this month.
enum CoverState {
    /// Its own flow has ended, or it has not begun.
    Inactive,
    /// Something about it is unknown.
    Unreadable,
    /// It answers for what is missing.
    Active {
        /// The share of what is missing that it pays.
        share: f64,
        /// What of the limit is left.
        limit_left: f64,
        /// What of the cushion is left.
        cushion_left: f64,
        /// What estates have brought the beneficiary and it has not yet kept.
        recovered_left: f64,
    },
}

/// What has been drawn and lost first, in money of this month.
pub fn grow(state: &mut State<'_>, t: u32) {
    let plan = state.plan;
    for (cover, rows) in plan.program.covers.iter().zip(&plan.layout.covers) {
        for row in [rows.drawn, rows.lost] {
            state.grow(row, cover.grows, t);
        }
    }
}

/// Paths on which a call is due whoever can pay: something falls due of a claim on who has failed.
/// Covers that cannot be read are reported.
pub fn find_called(state: &mut State<'_>, t: u32, lanes: &mut Vec<usize>) {
    let plan = state.plan;
    for (at, cover) in plan.program.covers.iter().enumerate() {
        for lane in 0..state.width() {
            match stands(state, at, lane, t) {
                CoverState::Inactive => {}
                CoverState::Unreadable => {
                    state.note_unread(f64::NAN, Unread::Cover(CoverId(at as u32)), lane);
                }
                CoverState::Active { .. } => {
                    if cover.claims.iter().any(|one| falls(state, *one, lane, t) > Some(0.0)) {
                        lanes.push(lane);
                    }
                }
            }
        }
    }
}

fn stands(state: &State<'_>, at: usize, lane: usize, t: u32) -> CoverState {
    let plan = state.plan;
    let cover = &plan.program.covers[at];
    let read = |reg| state.register(reg, lane, t);
    let call = &plan.program.flows[cover.call.at()];
    let gone = state.is_gone(call.from.at(), lane) || state.is_gone(call.to.at(), lane);
    let share = read(cover.share);
    if (gone && !call.survives) || share <= 0.0 {
        return CoverState::Inactive;
    }
    let limit = cover.limit.map_or(f64::INFINITY, read);
    let cushion = cover.cushion.map_or(0.0, read);
    let dark = |one: &Outstanding| falls(state, *one, lane, t).is_some_and(|x| !x.is_finite());
    if share.is_nan() || limit.is_nan() || cushion.is_nan() || cover.claims.iter().any(dark) {
        return CoverState::Unreadable;
    }
    let rows = plan.layout.covers[at];
    let [drawn, lost, recovered] =
        [rows.drawn, rows.lost, rows.recovered].map(|row| state.rows.get(row, lane));
    CoverState::Active {
        share: share.min(1.0),
        limit_left: due(limit - drawn),
        cushion_left: due(cushion - lost),
        recovered_left: due(recovered / worth(state, cover, lane, t)),
    }
}

/// What would have fallen due of a claim, where its debtor has failed; NaN where unknown.
fn falls(state: &State<'_>, one: Outstanding, lane: usize, t: u32) -> Option<f64> {
    let claim = &state.plan.program.claims[one.claim.at()];
    let open = state.is_gone(claim.debtor.at(), lane) && !state.is_gone(claim.creditor.at(), lane);
    let amount = state.register(one.falls, lane, t);
    open.then_some(if amount.is_nan() { amount } else { amount.max(0.0) })
}

/// What money of this month is worth to a cover.
fn worth(state: &State<'_>, cover: &Cover, lane: usize, t: u32) -> f64 {
    cover.worth.map_or(1.0, |reg| state.register(reg, lane, t))
}

/// Repeats the clearing of a path with calls, if there are any. `assets` are those of the clearing.
pub fn clear(state: &mut State<'_>, clearing: &mut Clearing, lane: usize, range: &Range<usize>, t: u32) {
    let plan = state.plan;
    if plan.program.covers.is_empty() || state.failed[lane] {
        return;
    }
    let mut calls = std::mem::take(&mut clearing.calls);
    list_calls(state, clearing, &mut calls, lane, range, t);
    let debts = &mut clearing.debts[range.clone()];
    let paid = &mut clearing.paid[range.clone()];
    calls.evaluate(debts, paid, |_, _, _| {});
    if calls.any() && !calls.clear(debts, &clearing.assets, &plan.can_be_short, paid) {
        state.failed[lane] = true;
        paid.fill(0.0);
    }
    write_calls(state, clearing, &calls, lane, range);
    clearing.calls = calls;
}

/// What is covered on a path, and the covers that answer for it.
fn list_calls(
    state: &State<'_>,
    clearing: &Clearing,
    calls: &mut Calls,
    lane: usize,
    range: &Range<usize>,
    t: u32,
) {
    let plan = state.plan;
    let debt_of = |flow: usize| clearing.flows[range.clone()].iter().position(|at| *at == flow);
    calls.covered.clear();
    calls.answers.clear();
    calls.own.clear();
    calls.own.extend(clearing.debts[range.clone()].iter().map(|debt| debt.amount));
    for (at, cover) in plan.program.covers.iter().enumerate() {
        let CoverState::Active { share, limit_left, cushion_left, recovered_left } =
            stands(state, at, lane, t)
        else {
            continue;
        };
        let of_flow = |flow: usize| debt_of(flow).map_or(Unpaid::Nothing, Unpaid::Of);
        let flows = cover.flows.iter().map(|flow| (Item::Flow(flow.at()), of_flow(flow.at())));
        let of_claim = |one: &Outstanding| falls(state, *one, lane, t).map_or(Unpaid::Nothing, Unpaid::All);
        let claims = cover.claims.iter().map(|one| (Item::Claim(one.claim.at()), of_claim(one)));
        let mut items = vec![];
        for (item, missing) in flows.chain(claims) {
            let known = calls.covered.iter().position(|covered| covered.item == item);
            items.push(known.unwrap_or(calls.covered.len()));
            if known.is_none() {
                calls.covered.push(Covered::new(item, missing));
            }
        }
        let debt = debt_of(cover.call.at()).expect("the flow of a call is always listed");
        calls.answers.push(Answer {
            cover: at,
            debt,
            items,
            share,
            limit_left,
            cushion_left,
            recovered_left,
            cushion_used: 0.0,
            recovered_used: 0.0,
            call: 0.0,
        });
    }
}

/// What is due with the calls, on the flows and from those who can be short.
fn write_calls(state: &mut State<'_>, clearing: &Clearing, calls: &Calls, lane: usize, range: &Range<usize>) {
    let plan = state.plan;
    for answer in &calls.answers {
        let debt = range.start + answer.debt;
        let row = plan.layout.cleared[clearing.flows[debt]].due;
        *state.rows.cell(row, lane) = clearing.debts[debt].amount;
    }
    // From scratch and in the order in which payments are added, so that paid in full is no shortfall.
    (0..plan.purses.len()).for_each(|at| *state.posts.paid_on(at, lane) = 0.0);
    for debt in &clearing.debts[range.clone()] {
        *state.posts.paid_on(debt.debtor as usize, lane) += debt.amount;
    }
}

/// Takes the calls out of the dues of a path, for another clearing.
pub fn without_calls(
    state: &mut State<'_>,
    clearing: &mut Clearing,
    lane: usize,
    range: &Range<usize>,
    t: u32,
) {
    let plan = state.plan;
    for (at, cover) in plan.program.covers.iter().enumerate() {
        if let CoverState::Active { .. } = stands(state, at, lane, t) {
            let is_call = |debt: &usize| clearing.flows[*debt] == cover.call.at();
            let debt = range.clone().find(is_call).expect("the flow of a call is always listed");
            clearing.debts[debt].amount = clearing.before[debt];
        }
    }
    let owed = |at: usize| {
        let mine = clearing.debts[range.clone()].iter().filter(|debt| debt.debtor as usize == at);
        mine.map(|debt| debt.amount).sum::<f64>()
    };
    let owed: Vec<f64> = (0..plan.purses.len()).map(owed).collect();
    owed.into_iter().enumerate().for_each(|(at, owed)| *state.posts.paid_on(at, lane) = owed);
}

/// What the final clearing of a path leaves of its covers, and who has paid for what.
pub fn draw(state: &mut State<'_>, clearing: &mut Clearing, lane: usize, range: &Range<usize>, t: u32) {
    let plan = state.plan;
    if plan.program.covers.is_empty() || state.failed[lane] {
        return;
    }
    let mut calls = std::mem::take(&mut clearing.calls);
    list_calls(state, clearing, &mut calls, lane, range, t);
    let (debts, paid) = (&clearing.debts[range.clone()], &clearing.paid[range.clone()]);
    let mut parts = vec![];
    calls.evaluate(debts, paid, |cover, item, amount| {
        // Who answers for a claim has no estate to turn to any more.
        if let Item::Flow(flow) = item {
            parts.push((lane, cover, flow, amount));
        }
    });
    let share = |debt: usize| {
        if debts[debt].amount > 0.0 { paid[debt] / debts[debt].amount } else { 1.0 }
    };
    for answer in &calls.answers {
        let rows = plan.layout.covers[answer.cover];
        let worth = worth(state, &plan.program.covers[answer.cover], lane, t);
        let share = share(answer.debt);
        *state.rows.cell(rows.drawn, lane) += share * answer.call;
        *state.rows.cell(rows.lost, lane) += answer.cushion_used;
        *state.rows.cell(rows.recovered, lane) -= answer.recovered_used * worth;
        debug_assert!(
            share * answer.call <= answer.limit_left * (1.0 + 1e-9),
            "more is drawn than the limit"
        );
        let mine = parts.iter_mut().filter(|part: &&mut CallPart| part.1 == answer.cover);
        mine.for_each(|part| part.3 *= share);
    }
    clearing.parts.extend(parts);
    clearing.calls = calls;
}

/// What a claim of the list has brought counts for the covers that name it.
pub fn recover(state: &mut State<'_>, claim: usize, amount: f64, lane: usize, t: u32) {
    let plan = state.plan;
    for (at, cover) in plan.program.covers.iter().enumerate() {
        if cover.claims.iter().any(|listed| listed.claim.at() == claim) {
            let worth = worth(state, cover, lane, t);
            *state.rows.cell(plan.layout.covers[at].recovered, lane) += amount * worth;
        }
    }
}
