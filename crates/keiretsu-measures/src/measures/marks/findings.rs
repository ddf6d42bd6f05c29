//! What marks say first: the largest gain on paper, what of it is in profits, and the marks without a cost.

use keiretsu_values::{Finding, Table};

use super::tables::{GAINS, ROUNDS};
use crate::telling::{Noun, Picked, counted, or_else};

const MARK: Noun = ("mark", "marks");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, GAINS.name);
    if all.is_empty() {
        return vec![Finding::text("No holding is marked.")];
    }
    let one = all.in_one_reading("reading");
    let gain = one.readable("gain").largest("gain").map(|row| {
        row.say(
            "{owner} gains {gain} on paper, unrealised: {holding} cost {cost} and is marked {mark} \
                 ({reading}).",
        )
    });
    let profit = one.readable("in_profit").largest("in_profit").map(|row| {
        let told = row.say("{in_profit} of gains on {holding} is in the profits of {owner}");
        match row.amount("share_of_profit") {
            Some(_) => told.then(row.say(", {share_of_profit} of a year's.")),
            None => told.and("; its profit of a year is not known."),
        }
    });
    let rounds = Picked::of(tables, ROUNDS.name).in_one_reading("reading");
    let lost = rounds
        .readable("lost")
        .largest("lost")
        .map(|row| row.say("At {round}, the profits of its holder would lose {lost} on {holding}."));
    let hidden = one.unknown("gain").len();
    let hidden = (0 < hidden)
        .then(|| Finding::text(format!("For {hidden} of {} no gain can be told.", counted(one.len(), MARK))));
    or_else([gain, profit, lost, hidden], "No mark differs from its cost.")
}
