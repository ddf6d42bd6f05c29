//! What changed between two versions of a model, in text and in answers, and which change caused what.
//!
//! Asked by `keiretsu diff OLD NEW`, where each is a model, or a model as it stood on a day: `mine@2026-03`.
//!
//! ```toml
//! # file: old/keiretsu.toml
//! keiretsu = 1
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = "$100M"
//! because = "an example"
//!
//! [factors.price]
//! start   = "$10M/yr"
//! because = "an example"
//!
//! [factors.size]
//! start   = "2x"
//! because = "an example"
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! usage   = "price * size"
//! because = "an example"
//! ```
//!
//! ```toml
//! # file: new/keiretsu.toml
//! keiretsu = 1
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = "$110M"
//! because = "an example"
//!
//! [factors.price]
//! start   = "$20M/yr"
//! because = "an example"
//!
//! [factors.size]
//! start   = "3x"
//! because = "an example"
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! usage   = "price * size"
//! because = "an example"
//! ```
//!
//! By hand: two years cost 2 x 10 x 2 = 40 before and 2 x 20 x 3 = 120 now, so the lowest cash falls from 60
//! to -10. Cash itself adds 10. The price alone costs 40 more, and with the larger size 60 more: on average
//! 50; the size alone 20 more, and at the new price 40 more: on average 30. Together 10 - 50 - 30 = -70.
//!
//! ```console
//! $ keiretsu diff old new
//! What changed in the text
//! as of 2025-12-31
//!
//! Text: 3 statements in other words, 0 new, 0 gone.
//! 3 answers changed, most: lowest cash of Lab, expected, from $60M to -$10M.
//! What moved most: factors.price.start (lowest cash of Lab, expected by -$50M); factors.size.start
//!   (lowest cash of Lab, expected by -$30M); parties.lab.cash (lowest cash of Lab, firm by $10M).
//!
//! what                 before   now      source before  source now  place
//! ──────────────────────────────────────────────────────────────────────────────────
//! parties.lab.cash     $100M    $110M                               keiretsu.toml:11
//! factors.price.start  $10M/yr  $20M/yr                             keiretsu.toml:15
//! factors.size.start   2x       3x                                  keiretsu.toml:19
//!
//! What moved in the answers
//! as of 2025-12-31
//!
//! answer                        before    now  change
//! ───────────────────────────────────────────────────
//! lowest cash of Lab, expected    $60M  -$10M   -$70M
//! lowest cash of Lab, headline    $60M  -$10M   -$70M
//! lowest cash of Lab, firm       $100M  $110M    $10M
//!
//! Which change caused how much
//! as of 2025-12-31
//!
//! answer                        cause                effect
//! ─────────────────────────────────────────────────────────
//! lowest cash of Lab, expected  factors.price.start   -$50M
//! lowest cash of Lab, headline  factors.price.start   -$50M
//! lowest cash of Lab, expected  factors.size.start    -$30M
//! lowest cash of Lab, headline  factors.size.start    -$30M
//! lowest cash of Lab, firm      parties.lab.cash       $10M
//! lowest cash of Lab, expected  parties.lab.cash       $10M
//! lowest cash of Lab, headline  parties.lab.cash       $10M
//!
//! Shapley values of 3 changes, exact over all orders.
//! ```
//!
//! - The text is compared by its tables and values, whatever their order and files; reasons and titles too.
//! - The answers are what each pair is committed to and how far that covers the money put in (firm and
//!   headline), and the lowest cash of each party that states it. Only what moved is shown.
//! - Causes are Shapley values (Shapley 1953): what a change adds to an answer, averaged over all orders in
//!   which the changes could have been made, so that they sum to the whole difference and no order is
//!   favoured. They come from models with some of the changes made: all of them up to ten changes that move
//!   anything, else orders drawn with a fixed seed, said beside the table. Changes that only make sense
//!   together (a contract and what it refers to) count as one.
//!
//! Absent: renames (they are a removal and an addition), causes of answers that are unknown on either side.

mod summary;

use std::collections::BTreeMap;

use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit, Value};

use super::{cash, commitments, coverage};
use crate::Subject;

pub use summary::summary;

/// The measure's name.
pub const NAME: &str = "changes";
/// The measures whose tables hold the answers.
pub const ANSWERS: [&str; 3] = ["commitments", "coverage", "cash"];

/// Changes in the text between two versions.
pub const TEXT: TableSpec = TableSpec::new(
    NAME,
    "text",
    "What changed in the text",
    &[&[
        ColumnSpec::text("what", "the table and term whose words changed"),
        ColumnSpec::text("before", "its words in the old version"),
        ColumnSpec::text("now", "its words in the new version"),
        ColumnSpec::text("source_before", "the sources of the old words").minor(),
        ColumnSpec::text("source_now", "the sources of the new words").minor(),
        ColumnSpec::text("place", "file and line of the words").minor(),
    ]],
)
.of_each("change");

/// The answers that moved.
pub const MOVED: TableSpec = TableSpec::new(
    NAME,
    "moved",
    "What moved in the answers",
    &[&[
        ColumnSpec::text("answer", "the answer that moved"),
        ColumnSpec::unit(),
        ColumnSpec::measured("before", "the answer in the old version"),
        ColumnSpec::measured("now", "the answer in the new version"),
        ColumnSpec::measured("change", "how much it moved").is("{now} - {before}"),
    ]],
)
.of_each("answer")
.by_size("change")
.unfolded();

/// Which change caused how much.
pub const CAUSES: TableSpec = TableSpec::new(
    NAME,
    "causes",
    "Which change caused how much",
    &[&[
        ColumnSpec::text("answer", "the answer that moved"),
        ColumnSpec::text("cause", "the change of the text, or several that only make sense together"),
        ColumnSpec::unit(),
        ColumnSpec::measured("effect", "the part of the answer's movement that the change causes")
            .by("Shapley value: what the change adds, averaged over all orders of the changes"),
    ]],
)
.of_each("cause")
.by_size("effect")
.unfolded();

/// An answer that is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchedAnswer {
    /// Its place: measure and keys, by the names of things. The same in both versions.
    pub key: String,
    /// The subject, for people.
    pub what: String,
    /// Its unit.
    pub unit: Unit,
    /// How much.
    pub value: Value,
}

/// Where answers stand: the table, the keys that name a row, the number, and its name for people.
struct Place {
    spec: &'static TableSpec,
    keys: &'static [&'static str],
    number: &'static str,
    name: fn(&[String]) -> String,
}

const PLACES: [Place; 3] = [
    Place {
        spec: &commitments::PAIRS,
        keys: &["payer", "payee", "reading"],
        number: "total",
        name: |words| format!("commitments of {} to {}, {}", words[0], words[1], words[2]),
    },
    Place {
        spec: &coverage::COVERAGE,
        keys: &["investor", "party", "put_in_reading"],
        number: "coverage",
        name: |words| format!("coverage of what {} put into {}, {}", words[0], words[1], words[2]),
    },
    Place {
        spec: &cash::SHORT,
        keys: &["party", "reading"],
        number: "lowest_cash",
        name: |words| format!("lowest cash of {}, {}", words[0], words[1]),
    },
];

/// The answers in the tables of [`ANSWERS`], in their order; the expected commitments, which only repeat the
/// headline or need a simulation, are left out.
pub fn answers(tables: &[Table]) -> Vec<WatchedAnswer> {
    let place = |table: &Table| {
        PLACES.iter().find(|place| place.spec.measure == table.measure && place.spec.name == table.name)
    };
    tables.iter().filter_map(|table| Some((table, place(table)?))).flat_map(of_table).collect()
}

fn of_table((table, place): (&Table, &Place)) -> Vec<WatchedAnswer> {
    let (Some(number), Some(keys)) = (
        table.column(place.number),
        place.keys.iter().map(|key| table.column(key)).collect::<Option<Vec<usize>>>(),
    ) else {
        return vec![];
    };
    let answer = |row: usize| {
        let cells: Vec<&Cell> = keys.iter().map(|key| &table.rows[row][*key]).collect();
        let words = |of: fn(&Cell) -> Option<String>| -> Vec<String> {
            cells.iter().map(|cell| of(cell).unwrap_or_default()).collect()
        };
        let names = words(Cell::key);
        let repeats = place.spec.measure == commitments::NAME
            && names.last().is_some_and(|reading| reading == Reading::Expected.name());
        let value = table.rows[row][number].value().filter(|_| !repeats)?.clone();
        let key = format!("{} {}", place.spec.measure, names.join(", "));
        Some(WatchedAnswer {
            key,
            what: (place.name)(&words(Cell::label)),
            unit: table.unit(row, number)?,
            value,
        })
    };
    (0..table.rows.len()).filter_map(answer).collect()
}

/// An answer in both versions; `None` where a version has no such answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerPair {
    /// Its place.
    pub key: String,
    /// The subject, for people.
    pub what: String,
    /// Its unit.
    pub unit: Unit,
    /// Before and now.
    pub values: [Option<Value>; 2],
}

impl AnswerPair {
    /// By how much it moved, where both are known.
    pub fn change(&self) -> Option<f64> {
        let amount = |at: usize| self.values[at].as_ref().and_then(Value::amount);
        Some(amount(1)? - amount(0)?)
    }

    /// Whether it moved by more than rounding, or became known, unknown, new or gone.
    pub fn moved(&self) -> bool {
        let amount = |at: usize| self.values[at].as_ref().and_then(Value::amount);
        match (amount(0), amount(1)) {
            (Some(old), Some(new)) => 1e-9 * old.abs().max(new.abs()) < (new - old).abs(),
            (None, None) => self.values[0].is_some() != self.values[1].is_some(),
            _ => true,
        }
    }
}

/// The answers of two versions side by side.
pub fn pairs(old: &[WatchedAnswer], new: &[WatchedAnswer]) -> Vec<AnswerPair> {
    let by_name = |list: &[WatchedAnswer]| -> BTreeMap<String, WatchedAnswer> {
        list.iter().map(|answer| (answer.key.clone(), answer.clone())).collect()
    };
    let (before, now) = (by_name(old), by_name(new));
    let gone = old.iter().filter(|answer| !now.contains_key(&answer.key));
    let all = new.iter().chain(gone);
    let pair = |answer: &WatchedAnswer| AnswerPair {
        key: answer.key.clone(),
        what: answer.what.clone(),
        unit: answer.unit,
        values: [&before, &now].map(|side| side.get(&answer.key).map(|answer| answer.value.clone())),
    };
    all.map(pair).collect()
}

/// The answers that moved.
pub fn moved_table(subject: &Subject<'_>, pairs: &[AnswerPair]) -> Table {
    let mut table = subject.table(&MOVED);
    for pair in pairs.iter().filter(|pair| pair.moved()) {
        let cell = |value: &Option<Value>| value.clone().map_or(Cell::Empty, Cell::Value);
        let change = match pair.change() {
            Some(change) => Cell::exact(change),
            // An answer that is new or gone has not moved from anywhere.
            None if pair.values.contains(&None) => Cell::Empty,
            None => Cell::Value(Value::unknown("unknown on one side")),
        };
        let [before, now] = pair.values.each_ref().map(cell);
        table.push(vec![Cell::text(&pair.what), Cell::Unit(pair.unit), before, now, change]);
    }
    table
}

/// The contribution of each change: for each answer that moved the causes by size, then the unexplained rest.
pub fn causes_table(
    subject: &Subject<'_>,
    moved: &[&AnswerPair],
    causes: &[String],
    values: &[Vec<f64>],
) -> Table {
    let mut table = subject.table(&CAUSES);
    for (pair, values) in moved.iter().zip(values) {
        let Some(change) = pair.change() else { continue };
        let mut push = |cause: &str, effect: Value| {
            let words = [Cell::text(&pair.what), Cell::text(cause)];
            table.push(words.into_iter().chain([Cell::Unit(pair.unit), Cell::Value(effect)]).collect());
        };
        if values.iter().any(|value| value.is_nan()) {
            push("the changes cannot be told apart", Value::unknown("unknown with only some of them made"));
            continue;
        }
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|a, b| values[*b].abs().total_cmp(&values[*a].abs()));
        // A billionth of the change is rounding.
        let counts = |value: f64| 1e-9 * change.abs() < value.abs();
        for at in order.into_iter().filter(|at| counts(values[*at])) {
            push(&causes[at], Value::exact(values[at]));
        }
        let rest = change - values.iter().sum::<f64>();
        if 1e-6 * change.abs() < rest.abs() {
            push("definitions that are new or gone", Value::exact(rest));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(what: &str, value: Value) -> WatchedAnswer {
        WatchedAnswer { key: what.to_owned(), what: what.to_owned(), unit: Unit::Multiple, value }
    }

    #[test]
    fn what_moved_and_what_did_not() {
        let old = [
            answer("a", Value::exact(1.0)),
            answer("b", Value::exact(2.0)),
            answer("gone", Value::exact(3.0)),
            answer("c", Value::unknown("why")),
        ];
        let new = [
            answer("a", Value::exact(1.5)),
            answer("b", Value::exact(2.0 + 1e-12)),
            answer("c", Value::exact(4.0)),
        ];
        let pairs = pairs(&old, &new);
        let moved: Vec<&str> =
            pairs.iter().filter(|pair| pair.moved()).map(|pair| pair.what.as_str()).collect();
        assert_eq!(moved, ["a", "c", "gone"]);
        assert_eq!(pairs[0].change(), Some(0.5));
        assert_eq!(pairs[2].change(), None);
    }
}
