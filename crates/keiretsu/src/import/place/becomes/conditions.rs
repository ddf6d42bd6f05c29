//! Conditions in words: events of undisclosed chance, named as they read.

use super::People;
use crate::import::dates;
use crate::import::names::slug;
use crate::import::row::Row;

/// What leads to a condition, in small letters.
const LEADS: [&str; 36] = [
    "released on",
    "released upon",
    "released once",
    "released if",
    "released",
    "obligatory on",
    "obliged on",
    "conditional on",
    "conditional upon",
    "contingent on",
    "contingent upon",
    "subject to",
    "dependent on",
    "dependent upon",
    "depends on",
    "depending on",
    "tied to",
    "payable on",
    "payable when",
    "due on",
    "due when",
    "vests with",
    "vests on",
    "vests when",
    "vesting on",
    "vesting with",
    "tranches vest with",
    "only if",
    "only when",
    "provided that",
    "if",
    "when",
    "once",
    "upon",
    "on",
    "after",
];

/// Words that say little in a name.
const EMPTY: [&str; 14] =
    ["a", "an", "the", "is", "are", "be", "been", "has", "have", "its", "their", "of", "specific", "certain"];

/// The most words of a name.
const LONGEST: usize = 5;

/// The event that a row depends on; its chance is left to the analyst.
pub fn event(row: &Row, people: &mut People, stem: &str) -> String {
    let words = row.cell("condition");
    let happened = dates::dated_after(words, &["met on", "met in", "satisfied on", "fulfilled on"]);
    if words.is_empty() {
        return people.happening(&format!("{stem} condition"), "a condition that is not public", happened);
    }
    let name = name(words).unwrap_or_else(|| format!("{stem} condition"));
    people.happening(&name, words, happened)
}

/// The last day on which a condition may be met: that of the row, or of its words.
pub fn lapse(row: &Row) -> Option<String> {
    let stated = row.when("end").map(|when| when.last.to_string());
    stated.or_else(|| {
        dates::dated_after(row.cell("condition"), &["lapses on", "lapses", "expires on", "expires"])
    })
}

/// A short name from a condition: its first words, without what leads to it.
fn name(condition: &str) -> Option<String> {
    let small = condition.to_lowercase();
    let end =
        [";", ":", ". ", " that ", " which ", ", ", " ("].iter().filter_map(|stop| small.find(stop)).min();
    let mut rest = small[..end.unwrap_or(small.len())].trim();
    while let Some(lead) = LEADS.iter().find_map(|lead| rest.strip_prefix(lead)?.strip_prefix(' ')) {
        rest = lead.trim();
    }
    let words: Vec<&str> =
        rest.split_whitespace().filter(|word| !EMPTY.contains(word)).take(LONGEST).collect();
    let said = slug(&words.join(" "));
    let says = 1 < words.len() || words.first().is_some_and(|word| word.len() > 3);
    says.then_some(said)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_condition_is_named_by_its_first_words() {
        for (words, expected) in [
            ("released on specific commercial milestones that are not public", "commercial-milestones"),
            ("if performance milestones are met", "performance-milestones-met"),
            (
                "obligatory on an IPO filing or a redacted event; may buy earlier",
                "ipo-filing-or-redacted-event",
            ),
            ("depends on the continued success of the league", "continued-success-league"),
        ] {
            assert_eq!(name(words).as_deref(), Some(expected), "{words}");
        }
        assert_eq!(name("vests with GW"), None);
        assert_eq!(name("if"), None);
    }
}
