//! What the text of a model may hold at the most.
//!
//! The manual prints these in one table with all other limits (`keiretsu limits`), so each is stated once,
//! here. They are far above what people write, and low enough that whatever stays below them is read within
//! seconds.

use crate::names::Kind;

/// The largest file that is read.
pub const MAX_FILE_BYTES: u64 = 32 << 20;
/// The longest line that is read: no one writes more, and messages must stay readable.
pub const MAX_LINE_BYTES: usize = 1 << 20;
/// The most files that a model may include.
pub const MAX_FILES: usize = 2_000;
/// The longest figure that is read, in characters.
pub const MAX_WORDS: usize = 400;
/// The longest formula that is read, in characters.
pub const MAX_LENGTH: usize = 4_000;
/// The deepest nesting of brackets and signs in a formula.
pub const MAX_DEPTH: usize = 60;
/// The longest chain of formulas that read each other: lowering follows it with the stack.
pub const MAX_CHAIN: usize = 500;
/// How many parties a role of a contract may have.
pub const MAX_MEMBERS: usize = 100;
/// The longest run, in months.
pub const MAX_MONTHS: u32 = 1_200;

/// The longest duration, such as the time over which an amount falls, in years.
pub const MAX_YEARS: f64 = 1_000.0;

/// How many of a kind a model may have.
pub const fn most(kind: Kind) -> usize {
    match kind {
        Kind::Party => 20_000,
        // Their correlations are a matrix, and every path draws them every month.
        Kind::Factor | Kind::Event => 2_000,
        // Each is a run, or a question to the model.
        Kind::Scenario | Kind::Expectation => 1_000,
        Kind::Source
        | Kind::Contract
        | Kind::Alternative
        | Kind::Holding
        | Kind::Platform
        | Kind::Product
        | Kind::Report => 100_000,
    }
}
