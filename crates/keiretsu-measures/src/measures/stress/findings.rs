//! What stress says first: the largest fall and the largest rise in money, and what no scenario moves.

use keiretsu_values::{Finding, Table};

use super::MOVED;
use crate::telling::{Noun, Picked, counted, or_else};

const FIGURE: Noun = ("figure", "figures");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, MOVED.name);
    if all.is_empty() {
        return vec![Finding::text("No scenario moves a figure at the end of the run.")];
    }
    let known = all.readable("change");
    let fall = known.smallest("change").filter(|row| row.amount("change").is_some_and(|by| by < 0.0));
    let fall = fall.map(|row| {
        row.say("In the scenario {scenario}, {figure} falls most: {change}, from {base} to {stressed}.")
    });
    let rise = known.largest("change").filter(|row| row.amount("change").is_some_and(|by| 0.0 < by));
    let rise = rise.map(|row| {
        row.say("In the scenario {scenario}, {figure} rises most: by {change}, from {base} to {stressed}.")
    });
    let hidden = all.unknown("change").len();
    let hidden = (0 < hidden)
        .then(|| Finding::text(format!("How {hidden} of {} change is unknown.", counted(all.len(), FIGURE))));
    or_else([fall, rise, hidden], "No scenario moves a figure by an amount that can be read.")
}
