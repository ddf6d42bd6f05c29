//! The declared tables of an explanation.

use keiretsu_values::{ColumnSpec, TableSpec};

/// The number itself.
pub const NUMBER: TableSpec = TableSpec::new(
    "explain_number",
    "number",
    "A number, its formula and its operands",
    &[&[
        ColumnSpec::text("what", "the part of the explanation"),
        ColumnSpec::unit(),
        ColumnSpec::measured("is", "the part as a number"),
        ColumnSpec::text("words", "the part in words").instead_of("is"),
    ]],
);

/// The statements that it rests on.
pub const STATEMENTS: TableSpec = TableSpec::new(
    "explain_statements",
    "statements",
    "The statements that it rests on",
    &[&[
        ColumnSpec::text("statement", "the dotted path of the statement"),
        ColumnSpec::text("words", "its words in the text"),
        ColumnSpec::text("standing", "the standing of the commitment that it belongs to"),
        ColumnSpec::text("source", "the sources of the statement, or `assumed`").minor(),
        ColumnSpec::text("if", "the difference that was tried"),
        ColumnSpec::unit(),
        ColumnSpec::measured("number_becomes", "the number with that difference").titled("it becomes"),
        ColumnSpec::text("number_words", "its state where there is no number").instead_of("number_becomes"),
        ColumnSpec::share("moves_by", "the movement as a part of the number").titled("moves by"),
    ]],
)
.of_each("statement");

/// The share of each contract and holding.
pub const CONTRACTS: TableSpec = TableSpec::new(
    "explain_contracts",
    "contracts",
    "The share of each contract and holding",
    &[&[
        ColumnSpec::text("contract", "the contract or holding"),
        ColumnSpec::text("type", "the type of the contract, or `holding`"),
        ColumnSpec::unit(),
        ColumnSpec::measured("without_it", "the number had it never been signed").titled("without it"),
        ColumnSpec::text("without_words", "its state where there is no number").instead_of("without_it"),
        ColumnSpec::share("share", "the part of the number that goes with it").titled("its share"),
    ]],
)
.of_each("contract");

/// The disputed claims under it.
pub const CLAIMS: TableSpec = TableSpec::new(
    "explain_claims",
    "claims",
    "What each disputed claim would change",
    &[&[
        ColumnSpec::text("statement", "the dotted path of the statement"),
        ColumnSpec::text("counts", "the words that count").titled("what counts"),
        ColumnSpec::text("chosen_by", "the source or rule that chose them").titled("chosen by"),
        ColumnSpec::text("other_claim", "the words of another source").titled("other claim"),
        ColumnSpec::text("source", "that source"),
        ColumnSpec::unit(),
        ColumnSpec::measured("number_becomes", "the number with the other claim").titled("with it"),
        ColumnSpec::text("number_words", "its state where there is no number").instead_of("number_becomes"),
        ColumnSpec::share("moves_by", "the movement as a part of the number").titled("moves by"),
    ]],
)
.of_each("claim");

/// The assumptions among the statements.
pub const ASSUMPTIONS: TableSpec = TableSpec::new(
    "explain_assumptions",
    "assumptions",
    "The assumptions among them",
    &[&[
        ColumnSpec::text("assumption", "the statement without a source"),
        ColumnSpec::text("words", "its words in the text"),
        ColumnSpec::text("because", "the reason that the text gives"),
    ]],
)
.of_each("assumption");

/// The documents that the number rests on.
pub const SOURCES: TableSpec = TableSpec::new(
    "explain_sources",
    "sources",
    "The documents that say so",
    &[&[
        ColumnSpec::text("source", "the name of the document in the model"),
        ColumnSpec::text("title", "its title"),
        ColumnSpec::text("by", "its author or publisher"),
        ColumnSpec::text("date", "its date"),
        ColumnSpec::text("kind", "its tier: filing, release, press ..."),
        ColumnSpec::text("quote", "the quoted words and their page").minor(),
    ]],
)
.of_each("source");
