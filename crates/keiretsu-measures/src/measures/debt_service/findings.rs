//! What debt service says first: the thinnest cover, and what has to be refinanced.

use keiretsu_values::{Finding, Table};

use super::tables::{COVER, MATURITIES};
use crate::telling::{Noun, Picked, PickedRow, counted, or_else};

const BORROWER: Noun = ("borrower", "borrowers");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let cover = Picked::of(tables, COVER.name).in_one_reading("reading");
    if cover.is_empty() {
        return vec![Finding::text("No party that is asked for owes a debt to another.")];
    }
    // Who lives on revenue alone has a cover of nothing by contracts, which is not the thinnest.
    let lives_on_revenue = |row: &PickedRow<'_>| {
        let forecast = row.amount("dscr_forecast_min").is_some_and(|least| 0.0 < least);
        forecast && row.amount("dscr_average").is_some_and(|mean| mean <= 0.0)
    };
    let known = cover.that(|row| row.amount("dscr_min").is_some() && !lives_on_revenue(row));
    let others = cover.that(lives_on_revenue).len();
    let lowest = known.smallest("dscr_min").map(|row| {
        let told = row.say("Thinnest cover by contracts: {party}, {dscr_min} in {dscr_min_in} ({reading})");
        match cover.unknown("dscr_min").len() {
            0 => told.and("."),
            unknown => told.and(format!("; {} unknown.", counted(unknown, BORROWER))),
        }
    });
    let revenue = (0 < others).then(|| {
        let who = counted(others, BORROWER);
        Finding::text(format!("Paid by no contract, but by the revenue that is stated: {who}."))
    });
    let unread = cover.unknown("dscr_min").first().filter(|_| lowest.is_none());
    let unread = unread.map(|row| row.say("How contracts cover the debt service of {party} is {dscr_min}."));
    let due = Picked::of(tables, MATURITIES.name).in_one_reading("reading").readable("to_refinance");
    let missing = due
        .largest("to_refinance")
        .map(|row| row.say("Most to refinance: {party}, {to_refinance} in {time} ({reading})."));
    or_else([lowest, revenue, unread, missing], "No debt makes anything due within the run.")
}
