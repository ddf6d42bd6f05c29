//! What commitments say first: the largest pair, the largest promise, and of how many nothing is known.

use keiretsu_values::{Finding, Set, Table, Value};

use super::tables::{CONTRACTS, PAIRS, YEARS};
use crate::telling::{Noun, Picked, are, counted};

const PAIR: Noun = ("pair", "pairs");
const PERIOD: Noun = ("amount of a period", "amounts of a period");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let (pairs, years) = (Picked::of(tables, PAIRS.name), Picked::of(tables, YEARS.name));
    if pairs.is_empty() && years.is_empty() {
        return vec![Finding::text("No party has committed money to another.")];
    }
    let mut all = of_pairs(&pairs);
    all.extend(of_years(&years));
    if all.is_empty() {
        let contracts = Picked::of(tables, CONTRACTS.name).len().max(1);
        let what = counted(contracts, ("commitment", "commitments"));
        let why = if is_bounded(&pairs, "total") || is_bounded(&years, "amount") {
            "what each can be is in its row"
        } else {
            "all are undisclosed"
        };
        all.push(Finding::text(format!("Of {what} no amount is known: {why}.")));
    }
    all
}

fn of_pairs(pairs: &Picked<'_>) -> Vec<Finding> {
    let one = pairs.in_one_reading("reading");
    let first = one.readable("total").largest("total").map(|row| {
        let told = row.say("{payer} has committed {total} to {payee} ({reading}), ");
        let told = told.and(one.largest_of("total", PAIR));
        let headline = row.beside("reading", "headline");
        match headline.filter(|headline| headline.value("total") != row.value("total")) {
            Some(headline) => told.and("; at the headline ").then(headline.say("{total}.")),
            None => told.and("."),
        }
    });
    let promised = pairs.with("reading", "headline");
    let open = promised.most(|row| {
        let open = row.amount("conditional").unwrap_or(0.0) + row.amount("announced").unwrap_or(0.0);
        (0.0 < open).then_some(open)
    });
    let open = open.map(|row| {
        row.say(
            "Most that is not firm: {payer} to {payee}, {conditional} on conditions and {announced} \
                 announced.",
        )
    });
    let unknown = one.unknown("total");
    let unknown = unknown.first().map(|row| {
        let (hidden, all) = (unknown.len(), counted(one.len(), PAIR));
        let what = if is_bounded(&one, "total") { "no amount can be read" } else { "nothing is disclosed" };
        row.say(&format!("Of {hidden} of {all} {what}: {{payer}} to {{payee}} is one."))
    });
    first.into_iter().chain(open).chain(unknown).collect()
}

/// Whether something is known of a number that cannot be read: an end that is not zero.
fn ends(value: &Value) -> bool {
    let Set { low, high } = value.set();
    high.is_finite() || 0.0 < low.abs() && low.is_finite()
}

fn is_bounded(rows: &Picked<'_>, column: &str) -> bool {
    !rows.unknown(column).that(|row| row.value(column).is_some_and(ends)).is_empty()
}

fn of_years(years: &Picked<'_>) -> Vec<Finding> {
    let one = years.in_one_reading("reading").that(|row| row.word("year") != "undated");
    let told = one.readable("amount").largest("amount").map(|row| {
        let told = row.say("{payer} owes {payee} {amount} in {year} on {contract} ({reading}), ");
        told.and(one.largest_of("amount", PERIOD)).and(".")
    });
    let hidden = one.unknown("amount").len();
    let hidden = (0 < hidden)
        .then(|| Finding::text(format!("{} {} not disclosed.", counted(hidden, PERIOD), are(hidden))));
    told.into_iter().chain(hidden).collect()
}
