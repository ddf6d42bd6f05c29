//! Computes registers and dues of a month, step by step of the tape.

use keiretsu_program::Mode;

use crate::charges::{Charge, ChargeRow, PostCharges};
use crate::plan::tape::{Code, DueStep, Metered, Step};
use crate::rows::{Arg, Place};
use crate::state::State;
use crate::steps;

/// Computes what the tape says, in its order.
pub fn run_tape(state: &mut State<'_>, charges: &mut Vec<Charge>, t: u32) {
    let plan = state.plan;
    for step in &plan.tape.steps {
        run_step(state, charges, step, t);
    }
}

fn run_step(state: &mut State<'_>, charges: &mut Vec<Charge>, step: &Step, t: u32) {
    let plan = state.plan;
    let month = plan.table.month(t);
    match *step {
        Step::Apply { code, out, a, b } => {
            let (out, others) = state.rows.split(out);
            let (a, b) = (others.arg(a, month), others.arg(b, month));
            state.lanes.run(steps::Apply { code, out, a, b });
        }
        Step::Choose { out, when, then, otherwise } => {
            let (out, others) = state.rows.split(out);
            let (when, then) = (others.arg(when, month), others.arg(then, month));
            let otherwise = others.arg(otherwise, month);
            state.lanes.run(steps::ChooseRows { out, when, then, otherwise });
        }
        Step::Latch { out, when, lapse, unmet } => {
            let (held, others) = state.rows.split(out);
            let when = others.arg(when, month);
            state.lanes.run(steps::LatchRow { held, when, t: t as usize, lapse, unmet });
        }
        // At as-of a value is its own past.
        Step::Lag { out, of, .. } if t == 0 => state.set(out, of, t),
        Step::Lag { out, ring, months, .. } => state.set(out, Place::Row(ring.row(t, months)), t),
        Step::Rise { out, of, ring } => rise(state, out, of, ring.row(t, 1), t),
        Step::Curve { out, curve } => {
            state.rows.row_mut(out).fill(plan.program.curves[curve.at()][t as usize]);
        }
        Step::Overlay { out, held } => state.overlay(out, held, t),
        Step::Due(due) if t > 0 => run_due(state, due, t),
        Step::Metered(product) if t > 0 => run_product(state, product, t),
        Step::Charges { first, count } if t > 0 => {
            run_charges(state, charges, &plan.tape.charges[first..first + count], t);
        }
        Step::Due(_) | Step::Metered(_) | Step::Charges { .. } => {}
    }
}

fn rise(state: &mut State<'_>, out: usize, of: Place, before: usize, t: u32) {
    let month = state.plan.table.month(t);
    let (out, others) = state.rows.split(out);
    if t == 0 {
        out.fill(0.0);
        return;
    }
    let (a, b) = (others.arg(of, month), others.arg(Place::Row(before), month));
    state.lanes.run(steps::Apply { code: Code::Sub, out, a, b });
}

fn run_due(state: &mut State<'_>, due: DueStep, t: u32) {
    let month = state.plan.table.month(t);
    let is_reading = matches!(state.plan.spec.mode, Mode::Reading(_));
    let is_plain = due.out.is_none() && !due.report && due.ended == [None; 2] && !is_reading;
    if let (true, Place::Row(amount), Some(post)) = (is_plain, due.amount, due.post) {
        let (out, into) = state.posts.two(post);
        state.lanes.run(steps::DuePost { out, into, amount: state.rows.row(amount) });
        return;
    }
    let row = due.out.unwrap_or(state.plan.layout.spare);
    let (out, others) = state.rows.split(row);
    let amount = others.arg(due.amount, month);
    state.lanes.run(steps::DueRow { out, amount });
    // There is no other path to continue with: the due is left out.
    for infinite in out.iter_mut().filter(|due| is_reading && due.is_infinite()) {
        *infinite = 0.0;
        state.left_out[due.flow.at()] = true;
    }
    if due.report && !state.left_out[due.flow.at()] {
        let stands = |lane: usize| due.ended.iter().flatten().all(|row| others.row(*row)[lane] < 0.5);
        let unknown = |lane: usize| amount.at(lane).is_nan() && stands(lane);
        state.left_out[due.flow.at()] = state.wanted.clone().any(unknown);
    }
    post_due(state, due, row);
}

/// What is due where it is a product of rows.
fn run_product(state: &mut State<'_>, product: Metered, t: u32) {
    let charge = charge(&product, state.plan.table.month(t));
    let row = product.due.out.unwrap_or(state.plan.layout.spare);
    let (out, others) = state.rows.split(row);
    let (x, y) = (others.row(charge.x), charge.y.map(|y| others.row(y)));
    state.lanes.run(ChargeRow { out, charge, x, y });
    post_due(state, product.due, row);
}

/// Products that are only posted.
fn run_charges(state: &mut State<'_>, charges: &mut Vec<Charge>, products: &[Metered], t: u32) {
    let plan = state.plan;
    let month = plan.table.month(t);
    charges.clear();
    charges.extend(products.iter().map(|product| charge(product, month)));
    let rows = state.rows.first(plan.layout.total);
    let posts = state.posts.all_mut();
    state.lanes.run(PostCharges { charges, rows, posts, width: plan.width });
}

/// Ends what has ended, and posts the rest.
fn post_due(state: &mut State<'_>, due: DueStep, row: usize) {
    let (out, others) = state.rows.split(row);
    for ended in due.ended.into_iter().flatten() {
        if state.gone[ended] {
            let ended = others.row(ended);
            state.lanes.run(steps::EndRow { out, ended });
        }
    }
    if let Some(post) = due.post {
        let (out, into) = state.posts.two(post);
        state.lanes.run(steps::Post { out, into, amount: Arg::Many(state.rows.row(row)) });
    }
}

/// Registers that are looked back at are remembered.
pub fn remember(state: &mut State<'_>, t: u32) {
    let plan = state.plan;
    for (at, ring) in plan.layout.rings.iter().enumerate() {
        let Some(ring) = *ring else { continue };
        let place = plan.tape.registers[at].expect("what is looked back at is computed");
        if t == 0 {
            (0..ring.length).for_each(|month| state.set(ring.first + month, place, t));
        } else {
            state.set(ring.row(t, 0), place, t);
        }
    }
}

/// A product with the numbers of a month.
fn charge(product: &Metered, month: &[f64]) -> Charge {
    let number = |place: Place| match place {
        Place::Fixed(value) => value,
        Place::Month(column) => month[column],
        Place::Row(_) => unreachable!("only the levels are rows"),
    };
    Charge {
        a: number(product.left.0),
        x: product.left.1,
        b: product.right.map_or(1.0, |right| number(right.0)),
        y: product.right.map(|right| right.1),
        floor: number(product.floor),
        scale: number(product.scale),
        post: product.due.post.unwrap_or_default(),
    }
}
