//! What exposure says first: who would lose most on whom, and of how many pairs that cannot be told.

use keiretsu_values::{Finding, Table};

use super::over_all::AT_DEFAULT;
use super::tables::{AT_ONCE, OVER_TIME};
use crate::telling::{Noun, Picked, counted, or_else};

const PAIR: Noun = ("pair", "pairs");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let once = Picked::of(tables, AT_ONCE.name).in_one_reading("reading");
    let time = Picked::of(tables, OVER_TIME.name).in_one_reading("reading");
    let largest = once.readable("exposure").largest("exposure").map(|row| {
        let told = row.say("{creditor} would lose {exposure} if {debtor} failed ({reading}), ");
        let told = told.and(once.largest_of("exposure", PAIR));
        match row.amount("peak") {
            Some(_) => told.then(row.say("; its peak is {peak} in {peak_at}.")),
            None => told.and("; its peak is unknown."),
        }
    });
    let later = time.readable("exposure").largest("exposure").map(|row| {
        row.say(
            "{creditor} would lose {exposure} if {debtor} failed in {at} ({reading}), the most of all \
                 months.",
        )
    });
    let second = once.readable("exposure").that(|row| {
        once.readable("exposure").largest("exposure").is_some_and(|top| {
            (top.word("creditor"), top.word("debtor")) != (row.word("creditor"), row.word("debtor"))
        })
    });
    let second =
        second.largest("exposure").map(|row| row.say("Next is {creditor} with {exposure} on {debtor}."));
    let failing = Picked::of(tables, AT_DEFAULT.name).readable("exposure_at_default");
    let failing = failing.largest("exposure_at_default").map(|row| {
        row.say(
            "{debtor} fails on {chance_of_default} of paths; {creditor} then has {exposure_at_default} at \
             stake.",
        )
    });
    let hidden = once.unknown("exposure");
    let hidden = hidden.first().map(|row| {
        let (count, all) = (hidden.len(), counted(once.len(), PAIR));
        row.say(&format!("For {count} of {all} it cannot be told: {{creditor}} on {{debtor}} is one."))
    });
    let nothing = if once.is_empty() && time.is_empty() {
        "No party would lose anything if another failed."
    } else {
        "Nothing that can be read is exposed: what would be lost is unknown or nothing."
    };
    or_else([failing, largest, later, second, hidden], nothing)
}
