//! Lets registers share rows: a row is free again after the last step that reads it.

use super::tape::{DueStep, Metered, Step, Tape};
use crate::rows::Place;

/// Renumbers the rows from `base` on. `pinned` are read after the tape. Returns how many rows remain in use.
pub fn share_rows(tape: &mut Tape, base: usize, count: usize, pinned: &[Place]) -> usize {
    let mut last = vec![0; count];
    for (at, step) in tape.steps.iter_mut().enumerate() {
        each_row(step, &mut |row| note(&mut last, base, *row, at));
    }
    for place in pinned {
        if let Place::Row(row) = *place {
            note(&mut last, base, row, usize::MAX);
        }
    }
    let mut renamed = vec![usize::MAX; count];
    let mut free: Vec<usize> = vec![];
    let mut used = 0;
    for at in 0..tape.steps.len() {
        let mut ended = vec![];
        each_row(&mut tape.steps[at], &mut |row| {
            if *row < base {
                return;
            }
            let name = *row - base;
            if renamed[name] == usize::MAX {
                renamed[name] = free.pop().unwrap_or_else(|| {
                    used += 1;
                    base + used - 1
                });
            }
            if last[name] == at && !ended.contains(&renamed[name]) {
                ended.push(renamed[name]);
            }
            *row = renamed[name];
        });
        free.extend(ended);
    }
    for place in tape.registers.iter_mut().flatten() {
        if let Place::Row(row) = place
            && *row >= base
        {
            *row = renamed[*row - base];
        }
    }
    used
}

fn note(last: &mut [usize], base: usize, row: usize, at: usize) {
    if row >= base {
        last[row - base] = at.max(last[row - base]);
    }
}

/// Calls `see` with every row that a step reads or writes.
pub fn each_row(step: &mut Step, see: &mut dyn FnMut(&mut usize)) {
    let place = |place: &mut Place, see: &mut dyn FnMut(&mut usize)| {
        if let Place::Row(row) = place {
            see(row);
        }
    };
    match step {
        Step::Apply { out, a, b, .. } => {
            place(a, see);
            place(b, see);
            see(out);
        }
        Step::Choose { out, when, then, otherwise } => {
            place(when, see);
            place(then, see);
            place(otherwise, see);
            see(out);
        }
        Step::Latch { out, when, .. } => {
            place(when, see);
            see(out);
        }
        Step::Rise { out, of, .. } | Step::Lag { out, of, .. } => {
            place(of, see);
            see(out);
        }
        Step::Overlay { out, .. } | Step::Curve { out, .. } => see(out),
        Step::Due(DueStep { amount, .. }) => place(amount, see),
        // They read no rows of registers.
        Step::Charges { .. } => {}
        Step::Metered(Metered { left, right, scale, floor, .. }) => {
            // The amount has been taken apart into these.
            place(&mut left.0, see);
            see(&mut left.1);
            if let Some(right) = right {
                place(&mut right.0, see);
                see(&mut right.1);
            }
            place(scale, see);
            place(floor, see);
        }
    }
}
