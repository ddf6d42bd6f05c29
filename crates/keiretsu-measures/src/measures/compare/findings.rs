//! What a comparison says first: what comes back for what was put in, what cannot be seen, the worst risk.

use keiretsu_values::{Finding, Table};

use super::SIDES;
use super::risks::RISKS;
use crate::telling::{Picked, or_else};

/// How many parties a sentence names.
const NAMED: usize = 4;

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let sides = Picked::of(tables, SIDES.name);
    if sides.is_empty() {
        return vec![Finding::text("No party is compared: none is named, and none holds a part of another.")];
    }
    let coverage =
        listed(&sides, "coverage of firm money", "Contracted back for each unit of firm money put in");
    let unseen = listed(&sides, "firm money at risk unseen", "Firm money at risk without a right to see");
    let put_in = listed(&sides, "money put in: firm", "Firm money put in").filter(|_| coverage.is_none());
    let risks = Picked::of(tables, RISKS.name).with("change_of", "exposure to partners, peak");
    let worst = Picked::of(tables, RISKS.name).with("change_of", "what partners pay").readable("change");
    let worst = worst.smallest("change").filter(|row| row.amount("change").is_some_and(|by| by < 0.0));
    let worst = worst.or_else(|| risks.readable("change").largest("change")).map(|row| {
        row.say(
            "The risk that changes most: in the scenario {scenario}, {change_of} changes by {change} \
                 for {party}.",
        )
    });
    or_else([coverage, put_in, unseen, worst], "Nothing that is compared can be read.")
}

/// The numbers of a question, the largest first, those that cannot be read last.
fn listed(sides: &Picked<'_>, question: &str, title: &str) -> Option<Finding> {
    let rows = sides.with("question", question);
    let mut rows = rows.by_size("value");
    rows.truncate(NAMED);
    let mut told = Finding::text(format!("{title}: "));
    for (at, row) in rows.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        told = told.and(comma).then(row.say("{party} {value}"));
    }
    (!rows.is_empty()).then(|| told.and("."))
}
