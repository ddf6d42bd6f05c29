//! What debt service says first: the thinnest cover, what has to be refinanced, the shortest tail.

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
        let told =
            "{party} covers its debt service least by contracts: {dscr_min} in {dscr_min_in} ({reading})";
        let told = row.say(told);
        match cover.unknown("dscr_min").len() {
            0 => told.and("."),
            unknown => told.and(format!("; of {} that cannot be read.", counted(unknown, BORROWER))),
        }
    });
    let unread = cover.unknown("dscr_min").first().filter(|_| lowest.is_none());
    let unread = unread.map(|row| row.say("How contracts cover the debt service of {party} is {dscr_min}."));
    let due = Picked::of(tables, MATURITIES.name).in_one_reading("reading").readable("to_refinance");
    let missing = due.largest("to_refinance").map(|row| {
        row.say("{party} has most to refinance in one period: {to_refinance} in {time} ({reading}).")
    });
    let ends_first = cover.that(|row| row.amount("tail").is_some_and(|months| months < 0.0));
    let tail = ends_first.smallest("tail").map(|row| {
        row.say("Contracts of {party} end on {contracts_end}, its last debt on {maturity}: {tail}.")
    });
    or_else([lowest, unread, missing, tail], "No debt makes anything due within the run.")
}
