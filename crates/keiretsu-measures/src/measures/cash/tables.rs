//! The tables of cash.

use keiretsu_values::{ColumnSpec, TableSpec, Unit};

use super::NAME;
use crate::over_paths;

pub(in crate::measures) const BY_PERIOD: TableSpec = TableSpec::new(
    NAME,
    "by_period",
    "Cash received and paid",
    &[&[
        ColumnSpec::party("party", "the group that receives and pays"),
        ColumnSpec::reading(),
        ColumnSpec::period("time", "the calendar year or month, as far as it is run"),
        ColumnSpec::money("revenue", "revenue from outside the web; none where none is stated")
            .by(OF_KIND)
            .when_filled(),
        ColumnSpec::money("costs", "costs to outside the web; none where none are stated")
            .by(OF_KIND)
            .when_filled(),
        ColumnSpec::money("service", "payments for service").by(OF_KIND),
        ColumnSpec::money("capex", "payments for building").by(OF_KIND),
        ColumnSpec::money("equity", "payments for shares").by(OF_KIND),
        ColumnSpec::money("other", "raised money, fees, interest, shares of revenue and all other payments")
            .by("sum of all other payments received, less those paid"),
        ColumnSpec::money("net", "all that is received less all that is paid")
            .is("{revenue} + {costs} + {service} + {capex} + {equity} + {other}"),
        ColumnSpec::money("cash", "cash at the end of the period")
            .titled("cash at end")
            .by("cash at as-of + the net of every month until then, after clearing and raising"),
    ]],
)
.filled_by("parties with `revenue`, `costs` or contracts")
.of_each("party")
.at_a_glance("time", "cash")
.else_at_a_glance("net");

pub(in crate::measures) const OF_KIND: &str = "sum of payments of this kind received, less those paid";

pub(in crate::measures) const SHORT: TableSpec = TableSpec::new(
    NAME,
    "short",
    "When cash runs short",
    &[&[
        ColumnSpec::party("party", "the group whose cash it is"),
        ColumnSpec::reading(),
        ColumnSpec::money("cash_now", "cash at as-of").by("cash at as-of, as stated"),
        ColumnSpec::money("lowest_cash", "the lowest point of cash")
            .by("least of the cash at the end of each month"),
        ColumnSpec::date("lowest_in", "the month at whose end cash is lowest, or `unknown`"),
        ColumnSpec::date(
            "first_short",
            "the first month in which cash is below zero or something stays unpaid, or `unknown`; \
             none where there is none",
        ),
        ColumnSpec::number("runway", Unit::Months, "months until the first that is short")
            .by("whole months before the first in which cash is below zero"),
        ColumnSpec::money("gap", "what is missing at the end of the first year that is short")
            .titled("gap in that year")
            .by("cash below zero at the end of the first year that is short"),
        ColumnSpec::money("funding_need", "what is missing at the lowest point of cash")
            .by("what the lowest cash is below zero: max(0, -{lowest_cash})"),
        ColumnSpec::money("raised", "money raised within the run").by("sum of what it raised from outside"),
    ]],
)
.filled_by("parties with `cash`")
.of_each("party")
.by_size("gap");

pub(in crate::measures) const OVER_PATHS: TableSpec = TableSpec::new(
    NAME,
    "over_paths",
    "Cash over all paths",
    &[
        &[
            ColumnSpec::party("party", "the group that receives and pays"),
            ColumnSpec::text("what", "net, or cash at the end"),
            ColumnSpec::period("time", "the calendar year or month, as far as it is run"),
        ],
        &over_paths::MONEY,
    ],
)
.filled_by("parties with contracts")
.of_each("party")
.at_a_glance("time", "mean");
