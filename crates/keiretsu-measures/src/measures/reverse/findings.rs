//! What reverse stress says first: the likeliest way, what moves in it, and that other ways are less likely.

use keiretsu_values::{Finding, Table};

use super::{LIKELIEST, MOVES};
use crate::telling::{Picked, or_else};

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
    let moved = moved.map(|row| row.say("In it {what} moves most: from {base} to {stressed} ({becomes})."));
    or_else([likeliest, moved], "No scenario within the distance searched makes it happen.")
}
