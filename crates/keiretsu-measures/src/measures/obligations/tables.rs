//! The tables of `obligations`.

use keiretsu_values::{ColumnSpec, TableSpec};

use super::NAME;

/// The row of all obligations.
pub(super) const ALL: &str = "all";

pub(super) const EACH: TableSpec = TableSpec::new(
    NAME,
    "each",
    "Contingent and hidden obligations",
    &[&[
        ColumnSpec::contract("the contract, or the tranche of it, that obliges"),
        ColumnSpec::text("kind", "guarantee, backstop, open tranche, undrawn loan, or another kind"),
        ColumnSpec::party("bearer", "the group that would pay"),
        ColumnSpec::party("in_favour_of", "the group that would be paid").minor(),
        ColumnSpec::text("trigger", "what makes the obligation due"),
        AT_MOST,
        ColumnSpec::money("weighed", "the amount in the expected reading")
            .adds()
            .titled("weighed by its chance"),
        MEAN,
        ColumnSpec::money("standard_error", "standard error of the mean")
            .minor()
            .by("standard deviation over paths / square root of their number")
            .when_filled(),
    ]],
)
.of_each("obligation")
.by_size("at_most");

pub(super) const BY_BEARER: TableSpec = TableSpec::new(
    NAME,
    "by_bearer",
    "Contingent and hidden obligations, by bearer",
    &[&[ColumnSpec::party("bearer", "the group that would pay, or `all`")], &SUMS],
)
.of_each("bearer")
.by_size("at_most");

pub(super) const BY_TRIGGER: TableSpec = TableSpec::new(
    NAME,
    "by_trigger",
    "Contingent and hidden obligations, by trigger",
    &[&[ColumnSpec::text("trigger", "what makes the obligations due, or `all`")], &SUMS],
)
.of_each("trigger")
.by_size("at_most");

const SUMS: [ColumnSpec; 3] =
    [AT_MOST, ColumnSpec::money("weighed", "the amount in the expected reading"), MEAN];

const AT_MOST: ColumnSpec =
    ColumnSpec::money("at_most", "the most that can fall due, as worded").adds().titled("amount, headline");
const MEAN: ColumnSpec = ColumnSpec::money("mean", "mean over all paths of what falls due within the run")
    .adds()
    .by("sum over paths / their number")
    .when_filled();
