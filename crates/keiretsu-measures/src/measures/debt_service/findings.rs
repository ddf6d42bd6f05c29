//! What debt service says first: the thinnest cover, and what has to be refinanced.

use keiretsu_values::{Finding, Table};

use super::tables::{COVER, MATURITIES};
use crate::telling::{Noun, Picked, counted, or_else};

const BORROWER: Noun = ("borrower", "borrowers");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let cover = Picked::of(tables, COVER.name).in_one_reading("reading");
    if cover.is_empty() {
        return vec![Finding::text("No party that is asked for owes a debt to another.")];
    }
    let known = cover.that(|row| row.amount("dscr_min").is_some());
    let lowest = known.smallest("dscr_min").map(|row| {
        let told = row.say("Thinnest cover by contracts: {party}, {dscr_min} in {dscr_min_in} ({reading})");
        match cover.unknown("dscr_min").len() {
            0 => told.and("."),
            unknown => told.and(format!("; {} unknown.", counted(unknown, BORROWER))),
        }
    });
    let unread = cover.unknown("dscr_min").first().filter(|_| lowest.is_none());
    let unread = unread.map(|row| row.say("How contracts cover the debt service of {party} is {dscr_min}."));
    let due = Picked::of(tables, MATURITIES.name).in_one_reading("reading").readable("to_refinance");
    let missing = due
        .largest("to_refinance")
        .map(|row| row.say("Most to refinance: {party}, {to_refinance} in {time} ({reading})."));
    or_else([lowest, unread, missing], "No debt makes anything due within the run.")
}
