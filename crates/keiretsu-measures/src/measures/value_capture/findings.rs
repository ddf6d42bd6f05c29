//! What value capture says first: the largest part of each of the first parties, and what cannot be told.

use keiretsu_values::{Finding, Table};

use super::CAPTURED;
use crate::telling::{Noun, Picked, counted, or_else};

const PART: Noun = ("part", "parts");
/// What it costs a party, and what others capture.
const NOT_CAPTURED: [&str; 3] = ["own assets, at cost", "left with partners", "given away"];

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, CAPTURED.name);
    if all.is_empty() {
        return vec![Finding::text("No party compared owns, sells or holds anything in the web.")];
    }
    let one = all.with("reading", "expected");
    let one = if one.is_empty() { all.in_one_reading("reading") } else { one };
    let own = one.that(|row| !NOT_CAPTURED.contains(&row.word("part").as_str()));
    let captured = own.readable("nominal").largest("nominal").map(|row| {
        row.say(
            "{party} captures most through its {part}: {nominal} ({reading}), {present} in present value.",
        )
    });
    let left = one
        .with("part", "left with partners")
        .readable("nominal")
        .largest("nominal")
        .map(|row| row.say("{nominal} is left with the partners of {party} ({reading})."));
    let hidden = one.unknown("nominal").len();
    let hidden = (0 < hidden).then(|| {
        let all = counted(one.len(), PART);
        Finding::text(format!("{hidden} of {all} are unknown: a margin, a mark or an amount is not stated."))
    });
    or_else([captured, left, hidden], "No part of the value can be read.")
}
