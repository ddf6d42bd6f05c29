//! What circularity says first: what is proved to come back, what cannot be told, and the convention's share.

use keiretsu_values::{Finding, Table};

use super::PAIRS;
use super::whole::WEB;
use crate::telling::{Noun, Picked, PickedRow, counted, or_else};

const PAIR: Noun = ("pair", "pairs");
/// A share below this is no proof of anything: it rounds to nothing for readers.
const LEAST: f64 = 0.0005;

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let pairs = Picked::of(tables, PAIRS.name);
    if pairs.is_empty() {
        return vec![Finding::text("No party sends money to another that could come back.")];
    }
    let one = pairs.in_one_reading("reading");
    let proved = one.that(|row| row.amount("lower_share").is_some_and(|share| LEAST < share));
    let proved = proved.largest("lower").map(|row| {
        row.say(
            "Of the {sent} from {from} to {to}, at least {lower_share} is proved to come back ({reading}), \
             {middle_share} by the convention of the question.",
        )
    });
    let none_proved = proved.is_none().then(|| {
        Finding::text(format!("Of none of {} is money proved to come back.", counted(one.len(), PAIR)))
    });
    let convention = one.readable("middle_share").largest("middle").filter(|_| proved.is_none()).map(|row| {
        row.say(
            "By the convention of the question, {middle} comes back of the {sent} from {from} to {to}: \
             {middle_share} \
             ({reading}).",
        )
    });
    let open = one.that(is_open).len();
    let open = (0 < open).then(|| {
        let all = counted(one.len(), PAIR);
        Finding::text(format!(
            "For {open} of {all} it cannot be told: anything from none to all may come back."
        ))
    });
    let web = Picked::of(tables, WEB.name).in_one_reading("reading").readable("reciprocity").first();
    let web = web.map(|row| {
        row.say(
            "Of {paid} that parties pay each other, {reciprocity} is paid both ways by two of them \
                 ({reading}).",
        )
    });
    or_else([proved, none_proved, convention, open, web], "What comes back is unknown.")
}

/// Whether bounds say nothing.
fn is_open(row: &PickedRow<'_>) -> bool {
    let at = |column| row.amount(column);
    let (lower, upper) = (at("lower_share"), at("upper_share"));
    lower.is_none_or(|share| share <= LEAST) && upper.is_none_or(|share| 1.0 - LEAST <= share)
}
