//! The limits of keiretsu: one list, which the code enforces and the manual prints.
//!
//! Limits of the text of a model are in `keiretsu_model::limits`, those of runs in `keiretsu_engine`, the
//! others here. Input beyond a limit is refused with a message; nothing is cut off in silence.

use keiretsu_engine::{MEMORY_BYTES_MAX, PATHS_MAX};
use keiretsu_model::{Kind, limits as text};
use keiretsu_values::{Cell, ColumnSpec, Currency, Table, TableSpec};

/// The most entries of a model's folder: more is no folder of a model, but a home or a disk.
pub const FOLDER_ENTRIES_MAX: usize = 100_000;
/// The most factors that hang together by correlations of which the nearest possible ones are looked for.
pub const NEAREST_FACTORS_MAX: usize = 100;
/// The largest file of `calc`.
pub const CALC_BYTES_MAX: u64 = 256 << 20;
/// The largest table of `import`.
pub const IMPORT_BYTES_MAX: u64 = 64 << 20;
/// The most rows of a table of `import`.
pub const IMPORT_ROWS_MAX: usize = 50_000;
/// The largest log of `measure neutrality --log`.
pub const LOG_BYTES_MAX: u64 = 4 << 30;
/// The largest question in a file.
pub const QUESTION_BYTES_MAX: u64 = 1 << 20;
/// The most rows of the tables of one answer.
pub const TABLE_ROWS_MAX: usize = 2_000_000;
/// The largest file that is looked into to see whether it is an earlier result.
pub const RESULT_BYTES_MAX: u64 = 1 << 30;
/// Limit of diagnostics of one code shown to people.
pub const FINDINGS_SHOWN_MAX: usize = 50;
/// Limit of diagnostics of one code listed for programs.
pub const FINDINGS_LISTED_MAX: usize = 1_000;

/// The kinds with a limit, and the reason.
const KINDS: [(Kind, &str); 10] = [
    (Kind::Party, "some measures have a row for each pair of them"),
    (Kind::Contract, "each becomes flows of every month"),
    (Kind::Holding, "as contracts"),
    (Kind::Factor, "their correlations are a matrix, drawn every month"),
    (Kind::Event, "as factors"),
    (Kind::Scenario, "each is a run"),
    (Kind::Source, "as contracts"),
    (Kind::Report, "as contracts"),
    (Kind::Platform, "as contracts"),
    (Kind::Product, "as contracts"),
];

/// A limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The limited quantity.
    pub of: String,
    /// The most.
    pub most: String,
    /// Why.
    pub reason: &'static str,
}

impl Limit {
    /// A limit of a number.
    pub fn count(of: &str, most: usize, reason: &'static str) -> Self {
        limit(of, count(most), reason)
    }
}

/// All limits, but for those of the methods of `calc`.
pub fn all() -> Vec<Limit> {
    [of_text(), of_runs(), of_inputs(), of_outputs()].concat()
}

/// Every limit.
pub(crate) const LIMITS: TableSpec = TableSpec::new(
    "limits",
    "limits",
    "What keiretsu takes at the most",
    &[&[
        ColumnSpec::text("of", "the thing that is limited"),
        ColumnSpec::text("most", "the most that is taken"),
        ColumnSpec::text("reason", "the reason for the limit"),
    ]],
)
.of_each("limit");

/// Limits as a table.
pub fn table(limits: Vec<Limit>) -> Table {
    let mut table = Table::declared(&LIMITS, Currency::USD);
    for limit in limits {
        table.push(vec![Cell::text(limit.of), Cell::text(limit.most), Cell::text(limit.reason)]);
    }
    table.note("Beyond a limit there is a message, and nothing is cut off in silence.");
    table
}

fn limit(of: impl Into<String>, most: impl Into<String>, reason: &'static str) -> Limit {
    Limit { of: of.into(), most: most.into(), reason }
}

fn of_text() -> Vec<Limit> {
    let mut limits = vec![
        limit("a file of a model", bytes(text::MAX_FILE_BYTES), "a wrong file takes no memory"),
        limit("a line of it", bytes(text::MAX_LINE_BYTES as u64), "messages show lines"),
        limit("files of a model", count(text::MAX_FILES), "thousands of contracts fit into one"),
        limit("entries of a model's folder", count(FOLDER_ENTRIES_MAX), "more is a home or a disk"),
    ];
    limits.extend(KINDS.map(|(kind, reason)| limit(kind.table(), count(text::most(kind)), reason)));
    limits.extend([
        limit("parties in a role of a contract", count(text::MAX_MEMBERS), "each is a contract in a run"),
        limit("characters of a figure", count(text::MAX_WORDS), "a figure is a phrase"),
        limit("characters of a formula", count(text::MAX_LENGTH), "a formula can use another"),
        limit("depth of a formula", count(text::MAX_DEPTH), "it is read with the stack"),
        limit(
            "formulas that read each other in a chain",
            count(text::MAX_CHAIN),
            "they are followed with the stack",
        ),
        limit("years over which an amount falls", count(text::MAX_YEARS as usize), "more is a slip"),
        limit("months of the horizon", count(text::MAX_MONTHS as usize), "a century"),
        limit(
            "correlated factors in one group to be repaired",
            count(NEAREST_FACTORS_MAX),
            "the nearest possible matrix takes many decompositions",
        ),
    ]);
    limits
}

fn of_runs() -> Vec<Limit> {
    vec![
        limit("paths of a run", count(PATHS_MAX as usize), "hours; more are several runs"),
        limit("memory of a run", bytes(MEMORY_BYTES_MAX), "the same on every machine"),
        limit(
            "memory of a command",
            "15/16 of what is free when it begins",
            "it says so and ends, with status 3",
        ),
    ]
}

fn of_inputs() -> Vec<Limit> {
    vec![
        limit("what is read", "plain files and standard input", "a pipe may wait, a device has no end"),
        limit("a file of `calc`", bytes(CALC_BYTES_MAX), "it is read whole"),
        limit("a table of `import`", bytes(IMPORT_BYTES_MAX), "it is read whole"),
        limit("rows of it", count(IMPORT_ROWS_MAX), "each becomes a statement of a model"),
        limit("a log of `measure neutrality`", bytes(LOG_BYTES_MAX), "it is read whole"),
    ]
}

fn of_outputs() -> Vec<Limit> {
    vec![
        limit("rows of an answer", count(TABLE_ROWS_MAX), "ask for a party, or by year"),
        limit("findings of one code, to people", count(FINDINGS_SHOWN_MAX), "the others are counted"),
        limit("findings of one code, in JSON and CSV", count(FINDINGS_LISTED_MAX), "the others are counted"),
        limit(
            "a result that `-o` knows again",
            bytes(RESULT_BYTES_MAX),
            "it is read to see whether it changed",
        ),
    ]
}

/// A number of bytes as people say it.
pub fn bytes(count: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(size, _)| *size <= count && count.is_multiple_of(*size)) {
        Some((size, unit)) => format!("{} {unit}", count / size),
        None => format!("{count} bytes"),
    }
}

/// A count with its thousands apart.
fn count(count: usize) -> String {
    let digits = count.to_string();
    let mut apart = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if 0 < place && (digits.len() - place).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        assert_eq!((bytes(32 << 20), bytes(5)), ("32 MiB".to_owned(), "5 bytes".to_owned()));
        assert_eq!(
            (count(60), count(1_200), count(1_000_000)),
            ("60".into(), "1,200".into(), "1,000,000".into())
        );
    }

    #[test]
    fn every_limit_has_a_reason_and_is_there_once() {
        let all = all();
        let mut names: Vec<&str> = all.iter().map(|limit| limit.of.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all.len());
        assert!(all.iter().all(|limit| !limit.reason.is_empty() && !limit.most.is_empty()));
    }
}
