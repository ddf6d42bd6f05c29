//! What diversification says first: the narrowest supply, the broadest, and where shares are not stated.

use keiretsu_values::{Finding, Table};

use super::SUPPLIERS;
use crate::telling::{Noun, Picked, PickedRow, counted, or_else};

const SUPPLY: Noun = ("supply", "supplies");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, SUPPLIERS.name);
    if all.is_empty() {
        return vec![Finding::text("No product, platform or party has suppliers in the web.")];
    }
    let known = all.readable("effective_number");
    let single = known.that(|row| row.amount("effective_number").is_some_and(|number| number < 1.0 + 1e-9));
    let narrowest = known.smallest("effective_number").map(|row| {
        let told = row.say(&format!(
            "{} ({{what}}) rests on {{rests_on}}: {{largest_share}} on the largest, an effective number of \
             {{effective_number}}",
            named(&row)
        ));
        match single.len() {
            0 | 1 => told.and("."),
            several => told.and(format!("; {several} rest on one supplier alone.")),
        }
    });
    let broadest = known.largest("effective_number").filter(|_| 1 < known.len()).map(|row| {
        let is = "({what}): an effective number of {effective_number}.";
        row.say(&format!("The broadest is {} {is}", named(&row)))
    });
    let hidden = all.unknown("effective_number").len();
    let hidden = (0 < hidden).then(|| {
        Finding::text(format!("For {hidden} of {} shares are not stated.", counted(all.len(), SUPPLY)))
    });
    or_else([narrowest, broadest, hidden], "No supplier has a share that can be read.")
}

/// A product and a platform have names of their own, a party its title.
fn named(row: &PickedRow<'_>) -> &'static str {
    if ["product", "platform"].contains(&row.word("what").as_str()) { "{name}" } else { "{operator}" }
}
