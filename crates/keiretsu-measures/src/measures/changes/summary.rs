//! The tables of a difference to its summary: how much changed, what became known or unknown, and why.
//!
//! Invariant: numbers are cells of the tables. Absent: counts as numbers with an address.

use std::collections::BTreeSet;

use keiretsu_values::{Finding, Table};

use super::{CAUSES, MOVED, TEXT};
use crate::telling::{Noun, Picked, PickedRow, counted};

const ANSWER: Noun = ("answer", "answers");
/// How many causes, or answers that became known, are named.
const NAMED: usize = 3;

/// The sentences that stand over the tables of a difference.
pub fn summary(tables: &[Table]) -> Vec<Finding> {
    let text = Picked::of(tables, TEXT.name);
    let moved = Picked::of(tables, MOVED.name);
    let mut all = vec![words(&text), answers(&moved)];
    all.extend(became("known", &moved.unknown("before").that(|row| row.amount("now").is_some())));
    all.extend(became("unknown", &moved.unknown("now").that(|row| row.amount("before").is_some())));
    all.extend(causes(tables));
    all
}

fn words(text: &Picked<'_>) -> Finding {
    let is_new = |row: &PickedRow<'_>| row.word("before").is_empty();
    let is_gone = |row: &PickedRow<'_>| row.word("now").is_empty();
    let (new, gone) = (text.that(is_new).len(), text.that(is_gone).len());
    let other = text.len() - new - gone;
    match text.len() {
        0 => Finding::text("The text says the same."),
        _ => Finding::text(format!(
            "Text: {} in other words, {new} new, {gone} gone.",
            counted(other, ("statement", "statements"))
        )),
    }
}

fn answers(moved: &Picked<'_>) -> Finding {
    if moved.is_empty() {
        return Finding::text("No answer moved.");
    }
    let most = moved.most(|row| row.amount("change").map(f64::abs));
    let told = format!("{} changed", counted(moved.len(), ANSWER));
    match most {
        Some(row) => Finding::text(told).then(row.say(", most: {answer}, from {before} to {now}.")),
        None => Finding::text(format!("{told}; none has a number on both sides.")),
    }
}

fn became(what: &str, rows: &Picked<'_>) -> Option<Finding> {
    let side = if what == "known" { "now" } else { "before" };
    let mut told = Finding::text(format!("Became {what}: "));
    for (at, row) in rows.by_size(side).into_iter().take(NAMED).enumerate() {
        let comma = if at == 0 { "" } else { "; " };
        let template = if what == "known" { "{answer}, {now}" } else { "{answer}, it was {before}" };
        told = told.and(comma).then(row.say(template));
    }
    let more = rows.len().saturating_sub(NAMED);
    let more = if more == 0 { ".".to_owned() } else { format!("; {more} more.") };
    (!rows.is_empty()).then(|| told.and(more))
}

/// The causes that moved an answer most, each once.
fn causes(tables: &[Table]) -> Option<Finding> {
    let all = Picked::of(tables, CAUSES.name).readable("effect");
    let mut named = BTreeSet::new();
    let mut rows = all.by_size_without_sign("effect");
    rows.retain(|row| named.insert(row.word("cause")));
    rows.truncate(NAMED);
    let mut told = Finding::text("What moved most: ");
    for (at, row) in rows.iter().enumerate() {
        let comma = if at == 0 { "" } else { "; " };
        told = told.and(comma).then(row.say("{cause} ({answer} by {effect})"));
    }
    (!rows.is_empty()).then(|| told.and("."))
}
