//! What concentration says first: the largest part of a backlog or revenue, the narrowest supply, what was
//! published.

use keiretsu_values::{Finding, Table};

use super::reported::REPORTED;
use super::tables::BY_COUNTERPARTY;
use crate::telling::{Noun, Picked, are, counted, or_else};

const TOTAL: Noun = ("total", "totals");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let all = Picked::of(tables, BY_COUNTERPARTY.name);
    let reported = Picked::of(tables, REPORTED.name);
    let published = reported
        .readable("share")
        .largest("share")
        .map(|row| row.say("As published, {counterparty} is {share} of the {of} of {party} ({on})."));
    if all.is_empty() {
        let nothing = "No party has a backlog, revenue, supply or funding from another.";
        return published.into_iter().chain([Finding::text(nothing)]).collect();
    }
    let one = all.in_one_reading("reading");
    let named = |word: &str| !["total", "outside", "not explained by the web"].contains(&word);
    let parts = one.that(|row| named(&row.word("counterparty"))).readable("share");
    let sold = parts.that(|row| ["backlog", "revenue"].contains(&row.word("of").as_str()));
    let sold = sold
        .largest("amount")
        .map(|row| row.say("{counterparty} is {share} of the {of} of {party}: {amount} ({reading})."));
    let bought = parts
        .with("of", "supply")
        .largest("amount")
        .map(|row| row.say("{counterparty} is {share} of the supply of {party}: {amount} ({reading})."));
    let totals = one.with("counterparty", "total");
    let hidden = totals.unknown("effective_number").len();
    let hidden = (0 < hidden).then(|| {
        let totals = counted(totals.len(), TOTAL);
        Finding::text(format!(
            "Of {totals}, {hidden} {} unknown in part: shares cannot be told.",
            are(hidden)
        ))
    });
    or_else([sold, bought, published, hidden], "No part of a total comes from a named party.")
}
