//! Joins steps that are often met together into one loop, with the same arithmetic and so the same bits.
//!
//! A metered charge with a minimum, `max((a x) (b y) scale, floor)`, is six steps and one flow; joined, its
//! numbers never leave the registers of the processor; and charges that nothing but the purses reads are
//! computed and posted together, a few paths at a time. What is joined may still be read by others: then its
//! steps stay, and only the flow's own copy is joined.

use super::reuse::each_row;
use super::tape::{Code, Product, Step, Tape};
use crate::rows::Place;

/// Joins what can be joined and drops steps that nobody reads any more. Rows from `base` on belong to
/// registers, each written by one step; `pinned` are read after the tape.
pub fn fuse(tape: &mut Tape, base: usize, count: usize, pinned: &[Place]) {
    let mut written = vec![None; count];
    for (at, step) in tape.steps.iter().enumerate() {
        if let Step::Apply { out, .. } = step
            && base <= *out
        {
            written[*out - base] = Some(at);
        }
    }
    let source = |place: Place| match place {
        Place::Row(row) if base <= row => written[row - base],
        _ => None,
    };
    for at in 0..tape.steps.len() {
        if let Step::Due(due) = tape.steps[at]
            && !due.report
            && let Some(product) = product(&tape.steps, &source, due.amount)
        {
            tape.steps[at] = Step::Product(Product { due, ..product });
        }
    }
    drop_unread(tape, base, count, pinned);
    gather(tape, base);
}

/// The product that an amount is, if it is one.
fn product(steps: &[Step], source: &impl Fn(Place) -> Option<usize>, amount: Place) -> Option<Product> {
    let apply = |place: Place, wanted: Code| match steps[source(place)?] {
        Step::Apply { code, a, b, .. } if code == wanted => Some((a, b)),
        _ => None,
    };
    let (floor, inner) = match apply(amount, Code::MaxKnown) {
        Some((floor, inner @ Place::Row(_)) | (inner @ Place::Row(_), floor)) if !is_row(floor) => {
            (floor, inner)
        }
        // What is due is never negative.
        _ => (Place::Fixed(0.0), amount),
    };
    let (left, right) = apply(inner, Code::Mul)?;
    let scaled = |place: Place| match (apply(place, Code::Mul), place) {
        (Some((Place::Row(row), by) | (by, Place::Row(row))), _) if !is_row(by) => Some((by, row)),
        (_, Place::Row(row)) => Some((Place::Fixed(1.0), row)),
        _ => None,
    };
    // A rate billed by the month: one row, or the product of two, times a number.
    let (scale, (left, right)) = match (left, right) {
        (rate @ Place::Row(_), scale) | (scale, rate @ Place::Row(_)) if !is_row(scale) => {
            match apply(rate, Code::Mul) {
                Some((left, right)) if is_row(left) && is_row(right) => (scale, (left, Some(right))),
                _ => (scale, (rate, None)),
            }
        }
        _ => (Place::Fixed(1.0), (left, Some(right))),
    };
    let right = match right {
        Some(right) => Some(scaled(right)?),
        None => None,
    };
    let due = super::tape::Due { amount, ..super::tape::Due::NOTHING };
    Some(Product { left: scaled(left)?, right, scale, floor, due })
}

/// Brings products that are only posted together, so that one loop over a few paths does many of them. Each
/// waits for the next thing that is posted, so that what a purse pays is added up in the same order.
fn gather(tape: &mut Tape, base: usize) {
    let mut waiting: Vec<Product> = vec![];
    let mut steps = vec![];
    for step in tape.steps.drain(..) {
        if let Step::Product(product) = step
            && is_charge(&product, base)
        {
            waiting.push(product);
            continue;
        }
        let posts = match step {
            Step::Due(due) | Step::Product(Product { due, .. }) => due.post.is_some(),
            _ => false,
        };
        if posts {
            flush(&mut waiting, &mut tape.charges, &mut steps);
        }
        steps.push(step);
    }
    flush(&mut waiting, &mut tape.charges, &mut steps);
    tape.steps = steps;
}

fn flush(waiting: &mut Vec<Product>, charges: &mut Vec<Product>, steps: &mut Vec<Step>) {
    if !waiting.is_empty() {
        steps.push(Step::Charges { first: charges.len(), count: waiting.len() });
        charges.append(waiting);
    }
}

/// Whether nothing reads what is due but those who pay and receive it, and it waits at no cost: the rows it
/// reads are there anyway.
fn is_charge(product: &Product, base: usize) -> bool {
    let due = &product.due;
    let there = product.left.1 < base && product.right.is_none_or(|right| right.1 < base);
    there && due.out.is_none() && due.ended == [None; 2] && due.post.is_some()
}

fn is_row(place: Place) -> bool {
    matches!(place, Place::Row(_))
}

/// Steps whose result nobody reads, from the last to the first.
fn drop_unread(tape: &mut Tape, base: usize, count: usize, pinned: &[Place]) {
    let mut read = vec![false; count];
    for place in pinned {
        if let Place::Row(row) = *place
            && base <= row
        {
            read[row - base] = true;
        }
    }
    let mut kept = vec![];
    for mut step in tape.steps.drain(..).rev() {
        if let Step::Apply { out, .. } = step
            && base <= out
            && !read[out - base]
        {
            continue;
        }
        each_row(&mut step, &mut |row| {
            if base <= *row {
                read[*row - base] = true;
            }
        });
        kept.push(step);
    }
    kept.reverse();
    tape.steps = kept;
}
