//! What visibility says first: the most money that cannot be seen, and what is unknown.

use keiretsu_values::{Finding, Table};

use super::PAIRS;
use crate::telling::{Noun, Picked, counted, or_else};

const PAIR: Noun = ("pair", "pairs");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, PAIRS.name);
    if all.is_empty() {
        return vec![Finding::text("No party has a right against another or money at risk with it.")];
    }
    let blind = all.with("sees", "no");
    let most = blind.readable("unseen_firm").largest("unseen_firm").map(|row| {
        let told = row.say("Without a right to see: {unseen_firm} of firm money of {holder} in {against}, ");
        told.and(blind.largest_of("unseen_firm", PAIR)).and(".")
    });
    let seen = all
        .with("sees", "yes")
        .readable("at_risk_firm")
        .largest("at_risk_firm")
        .map(|row| row.say("{holder} may see {at_risk_firm} of firm money in {against}: {rights}."));
    let hidden = blind.unknown("unseen_firm").len();
    let hidden = (0 < hidden).then(|| {
        Finding::text(format!("For {hidden} of {} the money at risk is unknown.", counted(all.len(), PAIR)))
    });
    or_else([most, seen, hidden], "No firm money is at risk unseen.")
}
