//! The tables of commitments.

use keiretsu_values::{ColumnSpec, TableSpec};

use super::NAME;
use crate::cancels;

pub(in crate::measures) const PAIRS: TableSpec = TableSpec::new(
    NAME,
    "pairs",
    "Commitments between parties",
    &[
        &[
            ColumnSpec::party("payer", "the group that pays"),
            ColumnSpec::party("payee", "the group that is paid"),
            ColumnSpec::reading(),
            ColumnSpec::money("paid", "amounts that a source says were paid").adds().by(OF_STANDING),
            ColumnSpec::money("binding", "amounts that are owed").adds().by(OF_STANDING),
            ColumnSpec::money("conditional", "amounts that are owed if a condition holds")
                .adds()
                .by(OF_STANDING),
            ColumnSpec::money("announced", "amounts that are only announced").adds().by(OF_STANDING),
            ColumnSpec::money("total", "all that the payer has committed to the payee")
                .adds()
                .is("{paid} + {binding} + {conditional} + {announced}"),
        ],
        &cancels::ADDING,
    ],
)
.filled_by("contracts with amounts between two groups, as `[contracts.NAME]`")
.of_each("pair")
.by_size("total");

pub(in crate::measures) const OF_STANDING: &str =
    "sum of the amounts with this standing, as worded, read as the reading says";

pub(in crate::measures) const CONTRACTS: TableSpec = TableSpec::new(
    NAME,
    "contracts",
    "Commitments by contract",
    &[&[
        ColumnSpec::contract("the contract, or the tranche of it, that commits"),
        ColumnSpec::party("payer", "the party that pays"),
        ColumnSpec::party("payee", "the party that is paid"),
        ColumnSpec::text("kind", "what is paid for").minor().titled("for"),
        ColumnSpec::text("standing", STANDING),
        ColumnSpec::text("due", "the calendar years in which it falls due, or what it waits for").minor(),
        ColumnSpec::money("firm", "the amount in the firm reading")
            .by("the amount if it is paid or binding, else 0"),
        ColumnSpec::money("expected", "the amount in the expected reading").by(EXPECTED),
        ColumnSpec::money("headline", "the amount in the headline reading")
            .by("the most that the words say, whatever the condition"),
        ColumnSpec::text(
            "cancelling",
            "what is said of cancelling it: who can, on which notice, at which fee",
        )
        .titled("cancelling")
        .when_filled(),
        ColumnSpec::money("stands", "what would stand of the firm amount if it were cancelled today")
            .titled("firm if cancelled")
            .by("what has fallen due, what falls due within the notice, and the fee")
            .when_filled(),
    ]],
)
.filled_by("contracts with amounts between two groups, as `[contracts.NAME]`")
.of_each("commitment")
.by_size("headline");

pub(in crate::measures) const STANDING: &str =
    "paid, binding, conditional, announced, lapsed or terminated at as-of";
pub(in crate::measures) const EXPECTED: &str = "the chance of its condition x what is expected of the amount";

pub(in crate::measures) const YEARS: TableSpec = TableSpec::new(
    NAME,
    "years",
    "Commitments by calendar period in which they fall due",
    &[&[
        ColumnSpec::contract("the contract, or the tranche of it, that commits"),
        ColumnSpec::party("payer", "the party that pays"),
        ColumnSpec::party("payee", "the party that is paid"),
        ColumnSpec::text("standing", STANDING).minor(),
        ColumnSpec::reading(),
        ColumnSpec::text(
            "year",
            "the calendar year, quarter or month in which the amount falls due, or `undated`",
        ),
        ColumnSpec::money("amount", "the part of the commitment that falls due in the period")
            .by("the amount x the share of it that falls in the period, or in none for want of a date"),
    ]],
)
.filled_by("contracts with amounts between two groups, as `[contracts.NAME]`")
.of_each("commitment")
.by_size("amount")
.across("year", "amount");
