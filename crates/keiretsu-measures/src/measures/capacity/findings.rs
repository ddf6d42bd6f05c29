//! What capacity says first: the largest deal in power, its price, and power sold beyond what can be built.

use keiretsu_values::{Finding, Table};

use super::{BY_DEAL, BY_YEAR};
use crate::telling::{Noun, Picked, counted, or_else};

const DEAL: Noun = ("deal", "deals");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let (deals, years) = (Picked::of(tables, BY_DEAL.name), Picked::of(tables, BY_YEAR.name));
    if deals.is_empty() && years.is_empty() {
        return vec![Finding::text("No contract provides power.")];
    }
    let one = deals.in_one_reading("reading");
    let largest = one.readable("power").largest("power").map(|row| {
        let told = row.say("{provider} is to provide {power} to {user} ({reading})");
        let headline = row.beside("reading", "headline");
        let told = match headline.filter(|headline| headline.value("power") != row.value("power")) {
            Some(headline) => told.and(", at the headline ").then(headline.say("{power}")),
            None => told,
        };
        told.and(", ").and(one.largest_of("power", DEAL)).and(".")
    });
    let promised = deals.with("reading", "headline").readable("power").largest("power");
    let promised = promised.filter(|_| largest.is_none()).map(|row| {
        row.say("No power is firm; the most at the headline is {power} of {provider} for {user}.")
    });
    let price = one
        .readable("per_gw")
        .largest("per_gw")
        .map(|row| row.say("{contract} pays most for power: {per_gw}, {per_gw_year} a year ({reading})."));
    let twice = years.in_one_reading("reading").readable("sold_twice").largest("sold_twice").map(|row| {
        row.say("{provider} has sold {sold_twice} more for {year} than can be built by then ({reading}).")
    });
    let hidden = one.unknown("power").len();
    let hidden = (0 < hidden)
        .then(|| Finding::text(format!("The power of {hidden} of {} is unknown.", counted(one.len(), DEAL))));
    or_else([twice, largest, promised, price, hidden], "No power is contracted that can be read.")
}
