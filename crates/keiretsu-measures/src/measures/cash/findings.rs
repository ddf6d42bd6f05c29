//! What cash says first: who is short and when, the worst year, and whose cash cannot be told.

use keiretsu_values::{Finding, Table};

use super::tables::{BY_PERIOD, SHORT};
use crate::telling::{Noun, Picked, PickedRow, counted, or_else};

const PARTY: Noun = ("party", "parties");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let (periods, short) = (Picked::of(tables, BY_PERIOD.name), Picked::of(tables, SHORT.name));
    if periods.is_empty() && short.is_empty() {
        // Who states no cash is left out, whatever it pays.
        let hidden = tables.iter().any(|table| table.name == SHORT.name && !table.left_out.is_empty());
        return vec![Finding::text(if hidden {
            "Who is short cannot be told: no party states its cash."
        } else {
            "No party receives or pays anything within the horizon."
        })];
    }
    let mut all = of_short(&short);
    all.extend(of_periods(&periods));
    all
}

fn of_short(short: &Picked<'_>) -> Vec<Finding> {
    if short.is_empty() {
        return vec![];
    }
    let one = short.in_one_reading("reading");
    let runs_short = one.that(|row| row.amount("runway").is_some());
    let first = runs_short.smallest("runway").map(|row| {
        row.say(
            "{party} is short first, in {first_short} ({reading}): {gap} is missing by the end of that year.",
        )
    });
    let known = one.that(|row| row.amount("lowest_cash").is_some());
    let lowest = known.smallest("lowest_cash");
    // Below zero as read, and in no month for sure.
    let below = |row: &PickedRow<'_>| row.amount("lowest_cash").is_some_and(|cash| cash < 0.0);
    let doubtful = lowest.as_ref().is_some_and(below) && first.is_none();
    let told = lowest.map(|row| {
        if doubtful {
            return row.say(
                "Whether {party} is short cannot be told: its lowest cash is {lowest_cash} ({reading}).",
            );
        }
        match row.word("lowest_in").as_str() {
            "" | "unknown" => row.say("The lowest cash is that of {party}: {lowest_cash} ({reading})."),
            _ => row.say("The lowest cash is that of {party}: {lowest_cash} in {lowest_in} ({reading})."),
        }
    });
    let rest = match (first.is_some() || doubtful, known.len(), one.len() - known.len()) {
        (false, 0, _) => Some("Whether a party is short cannot be told: no cash is known.".to_owned()),
        (false, 1, 0) => Some("It is not short.".to_owned()),
        (false, told, 0) => Some(format!("None of {} is short.", counted(told, PARTY))),
        (false, told, hidden) => Some(format!(
            "Of {} whose cash is known none is short; that of {hidden} is not known.",
            counted(told, PARTY)
        )),
        (true, _, 0) => None,
        (true, _, hidden) => {
            Some(format!("Of {} nothing can be told.", counted(hidden, ("other party", "other parties"))))
        }
    };
    first.into_iter().chain(told).chain(rest.map(Finding::text)).collect()
}

fn of_periods(periods: &Picked<'_>) -> Vec<Finding> {
    if periods.is_empty() {
        return vec![];
    }
    let one = periods.in_one_reading("reading");
    let known = one.that(|row| row.amount("cash").is_some());
    let lowest = known.smallest("cash").map(|row| {
        let short = row.amount("cash").is_some_and(|cash| cash < 0.0);
        let word = if short { "Short of cash" } else { "Lowest cash" };
        row.say(&format!("{word}: {{party}}, {{cash}} at the end of {{time}} ({{reading}})."))
    });
    let spent = one.readable("net").that(|row| row.amount("net").is_some_and(|net| net < 0.0));
    let spent = spent.smallest("net").map(|row| {
        row.say("The most that goes out in one period, net: {party} in {time}, {net} ({reading}).")
    });
    let received = one.readable("net").that(|row| row.amount("net").is_some_and(|net| 0.0 < net));
    let received = received.largest("net").filter(|_| spent.is_none()).map(|row| {
        row.say("The most that comes in in one period, net: {party} in {time}, {net} ({reading}).")
    });
    let (all, told) = (one.distinct("party"), known.distinct("party"));
    let untold = (told < all).then(|| {
        Finding::text(match (told, all) {
            (0, 1) => "Its cash cannot be told.".to_owned(),
            (0, all) => format!("The cash of none of {} can be told.", counted(all, PARTY)),
            (told, all) => format!("The cash of {} of {all} parties cannot be told.", all - told),
        })
    });
    or_else([lowest, spent, received, untold], "Nothing is received or paid on balance in any period.")
}
