//! What diversification says first: the narrowest supply, the broadest, and where shares are not stated.

use keiretsu_values::{Finding, Table};

use super::SUPPLIERS;
use crate::telling::{Noun, Picked, counted, or_else};

const SUPPLY: Noun = ("supply", "supplies");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, SUPPLIERS.name);
    if all.is_empty() {
        return vec![Finding::text("No product, platform or party has suppliers in the web.")];
    }
    let known = all.readable("effective_number");
    let single = known.that(|row| row.amount("effective_number").is_some_and(|number| number < 1.0 + 1e-9));
    let narrowest = known.smallest("effective_number").map(|row| {
        let told = row.say(
            "{name} ({what}) rests on {rests_on}: {largest_share} on the largest, an effective number of \
             {effective_number}",
        );
        match single.len() {
            0 | 1 => told.and("."),
            several => told.and(format!("; {several} rest on one supplier alone.")),
        }
    });
    let broadest = known
        .largest("effective_number")
        .filter(|_| 1 < known.len())
        .map(|row| row.say("The broadest is {name} ({what}): an effective number of {effective_number}."));
    let hidden = all.unknown("effective_number").len();
    let hidden = (0 < hidden).then(|| {
        Finding::text(format!("For {hidden} of {} shares are not stated.", counted(all.len(), SUPPLY)))
    });
    or_else([narrowest, broadest, hidden], "No supplier has a share that can be read.")
}
