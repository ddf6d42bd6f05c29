//! Dates and day counts as a user writes them.

use jiff::civil::Date;
use keiretsu_methods::day_count::{CONVENTIONS, DayCount};

use crate::faults::{DataFault, Faults};

/// Names of day counts, those that stand for each in messages first; capitals, spaces and hyphens do not
/// matter.
pub fn day_counts() -> Vec<(&'static str, DayCount)> {
    let named = CONVENTIONS.iter().map(|convention| (convention.name, convention.count));
    let also = CONVENTIONS
        .iter()
        .flat_map(|convention| convention.also.iter().map(|name| (*name, convention.count)));
    named.chain(also).collect()
}

/// A date, alone or in front of a time.
pub fn parsed(text: &str) -> Option<Date> {
    let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
    day.parse().ok()
}

/// A date; a fault if it is none.
pub fn date(text: &str, faults: &Faults, place: impl FnOnce() -> String) -> Option<Date> {
    let date = parsed(text);
    if date.is_none() {
        faults.push_with(|| DataFault {
            place: place(),
            message: format!("`{text}` is not a date"),
            hint: "write year, month and day: 2026-04-21".to_owned(),
        });
    }
    date
}
