//! The tables of marks: gains on paper, and what the next round would do to them.

use keiretsu_values::{ColumnSpec, TableSpec};

use super::NAME;
use crate::measures::returns::HOLDING;

const ACCOUNTING: ColumnSpec = ColumnSpec::text("accounting", "how the holder accounts for it");

pub(super) const GAINS: TableSpec = TableSpec::new(
    NAME,
    "gains",
    "Gains on paper, by accounting class",
    &[&[
        HOLDING,
        ColumnSpec::party("owner", "the party that holds it").minor(),
        ACCOUNTING,
        ColumnSpec::reading(),
        ColumnSpec::money("cost", "what had been paid in by the day of the mark"),
        ColumnSpec::money("mark", "what it is said to be worth").titled("mark, unrealised"),
        ColumnSpec::money("gain", "the mark beyond its cost").titled("gain on paper").is("{mark} - {cost}"),
        ColumnSpec::money("in_profit", "what of the gain is in the holder's profits")
            .minor()
            .titled("of it in profits")
            .by("at fair value {gain}, else a loss alone"),
        ColumnSpec::money("profit", "the holder's profit of a year, as stated or reported")
            .minor()
            .titled("holder's profit in a year"),
        ColumnSpec::share("share_of_profit", "what is in profits as a part of a year's profit")
            .titled("in profits ÷ profit")
            .by("{in_profit} / {profit}, where there is a profit"),
    ]],
)
.filled_by("`[holdings.NAME]` with `cost` and `value`")
.of_each("mark")
.by_size("gain");

pub(super) const ROUNDS: TableSpec = TableSpec::new(
    NAME,
    "rounds",
    "What the next round would do to the marks",
    &[&[
        HOLDING,
        ACCOUNTING,
        ColumnSpec::reading(),
        ColumnSpec::text("round", "the price of the issuer's next round").titled("next round"),
        ColumnSpec::money("mark_after", "the mark after the round"),
        ColumnSpec::money("change", "how much more it is than the mark before").titled("change of the mark"),
        ColumnSpec::money("lost", "what the holder's profits would lose").titled("lost in profits"),
        ColumnSpec::share("share_of_profit", "what is lost as a part of a year's profit")
            .titled("lost ÷ profit")
            .by("{lost} / a year's profit, where there is one"),
    ]],
)
.filled_by("`equity` contracts in the issuers of marked holdings")
.of_each("mark")
.by_size("lost");
