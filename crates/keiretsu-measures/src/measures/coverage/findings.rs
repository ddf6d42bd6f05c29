//! What coverage says first: the most that is owed back, money without a payment back, and what is unknown.

use keiretsu_values::{Finding, Table, Value};

use super::COVERAGE;
use crate::telling::{Noun, Picked, counted, or_else};

const PAIR: Noun = ("pair", "pairs");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, COVERAGE.name);
    if all.is_empty() {
        return vec![Finding::text("No party has put money into another.")];
    }
    let firm = all.with("put_in_reading", "firm");
    let one = if firm.is_empty() { all.in_one_reading("put_in_reading") } else { firm };
    let covered = one.readable("coverage").largest("back").map(|row| {
        row.say(
            "{investor} put {put_in} into {party} ({put_in_reading}) and is owed {back} back: {coverage} \
             of it.",
        )
    });
    let bare = one.that(|row| row.value("back").is_some_and(Value::is_zero));
    let bare = bare.readable("put_in").largest("put_in").map(|row| {
        let count = bare.len();
        let rest = format!("; so for {} in all.", counted(count, PAIR));
        let told = row.say("Nothing is contracted back for the {put_in} that {investor} put into {party}");
        told.and(if count == 1 { "." } else { &rest })
    });
    let unknown = one.unknown("coverage").first().map(|row| {
        let (hidden, all) = (one.unknown("coverage").len(), counted(one.len(), PAIR));
        row.say(&format!(
            "For {hidden} of {all} coverage is unknown: {{investor}} in {{party}}, put in {{put_in}}, back \
             {{back}}."
        ))
    });
    or_else([covered, bare, unknown], "Nothing is put in and nothing is contracted back.")
}
