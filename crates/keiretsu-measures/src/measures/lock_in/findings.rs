//! What lock-in says first: the dearest exit, what would strand, and what leaving costs but cannot be told.

use keiretsu_values::{Finding, Table};

use super::LEAVING;
use super::built::BUILT;
use crate::telling::{Noun, Picked, counted, or_else};

const PAIR: Noun = ("pair", "pairs");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, LEAVING.name);
    if all.is_empty() {
        return vec![Finding::text("No party is contracted to buy from another.")];
    }
    let one = all.in_one_reading("reading");
    let dearest = one.readable("leaving").largest("leaving").map(|row| {
        let told = row.say("Leaving {seller} would cost {buyer} {leaving} ({reading}), ");
        let told = told.and(one.largest_of("leaving", PAIR));
        match row.amount("months") {
            Some(_) => told.then(row.say("; that is {months} of payments.")),
            None => told.and("."),
        }
    });
    let built = Picked::of(tables, BUILT.name).in_one_reading("reading");
    let stranded = built.readable("uncovered").largest("uncovered").map(|row| {
        row.say(
            "If {buyer} left, {uncovered} of what {seller} builds would strand beyond what is still \
                 contracted.",
        )
    });
    let held = built.readable("stranded").largest("stranded").filter(|_| stranded.is_none()).map(|row| {
        row.say(
            "{seller} builds {stranded} for {buyer} that could serve no other; payments still due cover it.",
        )
    });
    let covered = held.filter(|_| built.unknown("uncovered").is_empty());
    let hidden = one.unknown("leaving").len();
    let hidden = (0 < hidden).then(|| {
        Finding::text(format!("For {hidden} of {} the cost of leaving is unknown.", counted(one.len(), PAIR)))
    });
    or_else([dearest, stranded, covered, hidden], "Leaving costs nothing that can be read.")
}
