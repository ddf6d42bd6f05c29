//! What reverse stress says first: the likeliest way, what moves in it, and that other ways are less likely.

use keiretsu_values::{Finding, Table, Unit};

use super::{LIKELIEST, MOVES};
use crate::telling::{Picked, PickedRow, or_else};

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let ways = Picked::of(tables, LIKELIEST.name);
    let likeliest = ways.first().map(|row| {
        row.say(
            "The likeliest way is {scenario}, in {happens_in}: shocks {distance} standard deviations out, \
             plausibility {plausibility}.",
        )
    });
    let moves = Picked::of(tables, MOVES.name);
    let moved = ways.first().and_then(|way| {
        let mine = moves.with("scenario", &way.word("scenario"));
        mine.most(|row| row.amount("deviations").map(f64::abs)).or(mine.first())
    });
    // A level in a unit that no table has, dollars a gigawatt and year, is a bare number that says nothing.
    let is_bare = |row: &PickedRow<'_>| matches!(row.unit("base"), Some(Unit::Number { .. }));
    let moved = moved.map(|row| {
        row.say(if is_bare(&row) {
            "In it {what} moves most: {becomes}."
        } else {
            "In it {what} moves most: from {base} to {stressed} ({becomes})."
        })
    });
    or_else([likeliest, moved], "No scenario within the distance searched makes it happen.")
}
