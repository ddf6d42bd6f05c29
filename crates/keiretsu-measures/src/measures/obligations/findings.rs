//! What obligations say first: the largest that waits, who bears most, and what has no limit.

use keiretsu_values::{Finding, Table};

use super::tables::{BY_BEARER, EACH};
use crate::telling::{Noun, Picked, counted, or_else};

const OBLIGATION: Noun = ("obligation", "obligations");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let each = Picked::of(tables, EACH.name);
    if each.is_empty() {
        return vec![Finding::text("No obligation waits for a condition, a call or its date.")];
    }
    let bearers = Picked::of(tables, BY_BEARER.name);
    let all = bearers.with("bearer", "all").first().map(|row| {
        let of = counted(each.len(), OBLIGATION);
        row.say(&format!("{of} wait: {{at_most}} at the headline, {{weighed}} weighed by their chances."))
    });
    let largest = each.readable("at_most").largest("at_most").map(|row| {
        let told = row.say("{bearer} may owe {in_favour_of} {at_most} on {contract} ({kind}), ");
        told.and(each.largest_of("at_most", OBLIGATION)).and(".")
    });
    let most = bearers.that(|row| row.word("bearer") != "all").readable("at_most");
    let most = most
        .largest("at_most")
        .filter(|_| 1 < most.len())
        .map(|row| row.say("{bearer} bears most: {at_most} at the headline, {weighed} weighed."));
    let only = each
        .unknown("at_most")
        .first()
        .filter(|_| largest.is_none())
        .map(|row| row.say("What {bearer} may owe {in_favour_of} on {contract} is {at_most}."));
    or_else([all, largest, most, only], "What waits is unknown.")
}
