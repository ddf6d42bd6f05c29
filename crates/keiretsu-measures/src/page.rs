//! Tables of measures to the sections of one page on a model.
//!
//! Invariants: sentences quote cells of the tables; of each question the page says the most first and what
//! cannot be told. Absent: the counts of statements and the command lines' layout (the facade, views).

use std::collections::BTreeMap;

use keiretsu_values::{Finding, PageSection, Table};

use crate::telling::{Picked, PickedRow, counted};

/// The measures whose tables a page is made of, in the order of its sections.
pub const MEASURES: [&str; 6] = ["commitments", "cash", "coverage", "exposure", "domino", "obligations"];

/// How many rows a sentence names.
const NAMED: usize = 3;

/// The section of a measure, from its own tables and findings.
pub fn section(measure: &str, tables: &[Table]) -> PageSection {
    let own = || tables.first().map(|table| table.findings.clone()).unwrap_or_default().into_iter();
    let (title, findings): (&str, Vec<Finding>) = match measure {
        "commitments" => ("Who pays whom", payments(tables)),
        "cash" => ("Who is short, and when", own().take(2).collect()),
        "coverage" => ("What comes back", back(tables)),
        "exposure" => ("The largest exposures, before recovery", exposures(tables)),
        "domino" => ("Who fails with whom", losses(tables).into_iter().chain(own().nth(1)).collect()),
        _ => ("What waits", own().take(1).collect()),
    };
    let findings = if findings.is_empty() { own().take(1).collect() } else { findings };
    let flags = if measure == "cash" { " --by total" } else { "" };
    PageSection {
        title: title.to_owned(),
        findings,
        next: format!("keiretsu measure MODEL {measure}{flags}"),
    }
}

fn payments(tables: &[Table]) -> Vec<Finding> {
    let pairs = Picked::of(tables, "pairs").in_one_reading("reading");
    let told = |row: PickedRow<'_>| match row.beside("reading", "headline") {
        Some(most) if most.value("total") != row.value("total") => {
            row.say("{payer} to {payee} {total}").and(", at the headline ").then(most.say("{total}"))
        }
        _ => row.say("{payer} to {payee} {total}"),
    };
    listed("Committed, firm: ", &pairs, ["total"; 2], told).into_iter().collect()
}

fn back(tables: &[Table]) -> Vec<Finding> {
    let rows = Picked::of(tables, "coverage").with("put_in_reading", "firm");
    let told = |row: PickedRow<'_>| row.say("{party} to {investor} {back} for {put_in} put in, {coverage}");
    listed("Contracted back, firm: ", &rows, ["back", "coverage"], told).into_iter().collect()
}

fn exposures(tables: &[Table]) -> Vec<Finding> {
    let pairs = Picked::of(tables, "at_once").in_one_reading("reading");
    listed("", &pairs, ["exposure"; 2], |row| row.say("{creditor} on {debtor} {exposure}"))
        .into_iter()
        .collect()
}

fn losses(tables: &[Table]) -> Option<Finding> {
    let all = Picked::of(tables, "losses");
    listed("Lost in clearing: ", &all, ["clearing"; 2], |row| {
        row.say("{party} {clearing} if {failing} fails")
    })
}

/// The largest rows of a column in one sentence, of those that have another number too; and how many have it
/// unknown.
fn listed(
    title: &str,
    rows: &Picked<'_>,
    [column, needed]: [&str; 2],
    told: impl Fn(PickedRow<'_>) -> Finding,
) -> Option<Finding> {
    let known = rows.readable(needed).readable(column);
    let mut sentence = Finding::text(title);
    for (at, row) in known.by_size(column).into_iter().take(NAMED).enumerate() {
        let comma = if at == 0 { "" } else { "; " };
        sentence = sentence.and(comma).then(told(row));
    }
    let rest = known.len().saturating_sub(NAMED);
    let more = if rest == 0 { String::new() } else { format!("; {rest} more") };
    let hidden = match rows.unknown(needed).len() {
        0 => String::new(),
        hidden => format!("; {hidden} cannot be told"),
    };
    (!known.is_empty()).then(|| sentence.and(format!("{more}{hidden}.")))
}

/// What the answers rest on most, and the dispute that moves most, of the table `rests`.
pub fn rests(table: &Table) -> Option<Finding> {
    let tables = std::slice::from_ref(table);
    let all = Picked::of(tables, table.name);
    let told = |row: PickedRow<'_>| row.say("{input} ({why}) moves {answer} by {moves_by}");
    let mut rows = all.that(|row| row.word("why") != "disputed").by_size("moves_by");
    rows.truncate(NAMED - 1);
    rows.extend(all.with("why", "disputed").largest("moves_by"));
    let mut sentence = Finding::default();
    for (at, row) in rows.iter().enumerate() {
        sentence = sentence.and(if at == 0 { "" } else { "; " }).then(told(*row));
    }
    let rest = all.len() - rows.len();
    let rest = if rest == 0 { ".".to_owned() } else { format!("; {rest} more.") };
    (!rows.is_empty()).then(|| sentence.and(rest))
}

/// Who fails on most paths by the end, of the table of failures.
pub fn failures(tables: &[Table]) -> Finding {
    let all = Picked::of(tables, "failures");
    let first = all.readable("chance").largest("chance");
    let told = first.map(|row| {
        row.say(
            "{party} fails most often: on {chance} of paths by the end of {time} (standard error \
                 {standard_error}).",
        )
    });
    let nothing = if all.is_empty() {
        "No party can fail: none states its cash and its `funding`."
    } else {
        "No party fails on any path."
    };
    told.unwrap_or_else(|| Finding::text(nothing))
}

/// What, once known, would tell most numbers: the reasons of unknown cells by their number.
pub fn unknown(tables: &[Table]) -> Finding {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = 0;
    for value in tables.iter().flat_map(|table| table.rows.iter().flatten()).filter_map(|cell| cell.value()) {
        let Some(reason) = value.reason() else { continue };
        all += 1;
        // A reason that names a thing has it before a colon; the others name nothing that could be found.
        if reason.contains(": ") {
            *reasons.entry(reason).or_default() += 1;
        }
    }
    let numbers = counted(all, ("number is", "numbers are"));
    if all == 0 {
        return Finding::text("No number here is unknown.");
    }
    let mut first: Vec<(&str, usize)> = reasons.into_iter().collect();
    first.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let first: Vec<String> =
        first.into_iter().take(NAMED).map(|(reason, count)| format!("{reason} ({count})")).collect();
    if first.is_empty() {
        return Finding::text(format!("{numbers} unknown here."));
    }
    Finding::text(format!("{numbers} unknown here, most for: {}.", first.join("; ")))
}
