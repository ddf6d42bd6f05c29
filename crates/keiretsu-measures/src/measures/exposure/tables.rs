//! Layers of exposure by pair: in one month with the peak beside it, or over time.

use keiretsu_program::Reading;
use keiretsu_values::{Cell, Column, Table, Value};

use super::pairs::{Kind, Pair};
use super::{NAME, last_month, name_columns, names};
use crate::{Period, Query, Seen, Subject};

/// One row for each pair and reading: in the month asked for, with the greatest of all months beside it.
pub(super) fn at_once(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, pairs: &[Pair]) -> Table {
    let t = subject.month_asked(query).unwrap_or(1);
    let mut columns = name_columns();
    columns.extend(Kind::ALL.map(|kind| subject.money(kind.word())));
    columns.extend([subject.money("exposure"), subject.money("peak"), Column::date("peak_at").titled("in")]);
    let title = format!("Exposure in {}, before recovery", subject.program.month(t));
    let mut table = subject.table(NAME, title, columns);
    for pair in pairs {
        for reading in query.readings() {
            if last_month(subject, pair, seen, reading) < t {
                continue;
            }
            let mut row = names(subject, pair, reading);
            let peak = peak(subject, pair, seen, reading);
            let empty = row_of(&mut row, &mut table, pair, seen, reading, t);
            if empty && peak.0.is_zero() {
                continue;
            }
            row.extend([Cell::Value(peak.0), Cell::text(peak.1)]);
            table.push(row);
        }
    }
    table
}

/// One row for each pair, reading, and year or month, at its end.
pub(super) fn over_time(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, pairs: &[Pair]) -> Table {
    let mut columns = name_columns();
    columns.push(Column::date("at").titled("end of"));
    columns.extend(Kind::ALL.map(|kind| subject.money(kind.word())));
    columns.push(subject.money("exposure"));
    let mut table = subject.table(NAME, "Exposure over time, before recovery", columns);
    let last = subject.program.months;
    let monthly = query.by == Some(Period::Month);
    let ends = |t: &u32| monthly || *t == last || subject.program.month(*t).of_year() == 12;
    for pair in pairs {
        for reading in query.readings() {
            for t in (1..=last_month(subject, pair, seen, reading)).filter(ends) {
                let mut row = names(subject, pair, reading);
                row.push(Cell::text(subject.program.month(t).to_string()));
                if !row_of(&mut row, &mut table, pair, seen, reading, t) {
                    table.push(row);
                }
            }
        }
    }
    table
}

/// The layers and their sum; whether there is nothing in them at all.
fn row_of(
    row: &mut Vec<Cell>,
    table: &mut Table,
    pair: &Pair,
    seen: &Seen<'_>,
    reading: Reading,
    t: u32,
) -> bool {
    let (layers, net) = pair.total(seen, reading, t);
    let mut empty = net.is_zero();
    for (kind, total) in layers {
        empty &= total.left_out.is_empty();
        // What is unknown altogether says so itself.
        for what in total.left_out.iter().filter(|_| total.value().amount().is_some()) {
            let (name, why) = what.split_once(": ").unwrap_or((what, ""));
            table.leave_out(format!("{name} ({}): {why}", kind.word()));
        }
        row.push(if total.is_empty() { Cell::Empty } else { Cell::Value(total.value()) });
    }
    row.push(Cell::Value(net));
    empty
}

/// The greatest exposure of all months, and the first month in which it is reached.
fn peak(subject: &Subject<'_>, pair: &Pair, seen: &Seen<'_>, reading: Reading) -> (Value, String) {
    let mut best: Option<Value> = None;
    let mut month = String::new();
    for t in 1..=last_month(subject, pair, seen, reading) {
        let (_, value) = pair.total(seen, reading, t);
        // Rounding makes no new peak.
        let more = |most: f64| value.amount().is_some_and(|amount| most + 1e-9 * most.abs() < amount);
        if best.as_ref().is_none_or(|best| best.amount().is_none_or(more)) && value.amount().is_some() {
            month = subject.program.month(t).to_string();
        }
        best = Some(best.map_or(value.clone(), |best| best.max(&value)));
    }
    (best.unwrap_or(Value::exact(0.0)), month)
}
