//! What returns say first: the stake that is worth most, the best multiple, and the stakes without a mark.

use keiretsu_values::{Finding, Table};

use super::STAKES;
use crate::telling::{Noun, Picked, counted, or_else};

const VALUE: Noun = ("value of a stake", "values of stakes");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, STAKES.name);
    if all.is_empty() {
        return vec![Finding::text("No party holds a stake in another.")];
    }
    let one = all.in_one_reading("reading");
    let largest = one.readable("value").largest("value").map(|row| {
        row.say(
            "{owner} holds {value} of {issuer} ({basis}, {on}, {reading}) for {paid_in} paid in: MOIC \
                 {moic}.",
        )
    });
    let gain = one.readable("moic").largest("moic").filter(|row| {
        one.readable("value").largest("value").is_none_or(|top| top.word("stake") != row.word("stake"))
    });
    let gain = gain
        .map(|row| row.say("The highest multiple is that of {owner} in {issuer}: {moic} ({basis}, {on})."));
    let hidden = one.unknown("moic").len();
    let hidden = (0 < hidden).then(|| {
        let all = counted(one.len(), VALUE);
        Finding::text(format!(
            "For {hidden} of {all} no multiple can be told: mark, cost or stake is unknown."
        ))
    });
    or_else([largest, gain, hidden], "No stake has a value that can be read.")
}
