//! The table of concentration by counterparty.

use keiretsu_values::{ColumnSpec, TableSpec, Unit};

use super::NAME;
use crate::cancels;

pub(super) const BY_COUNTERPARTY: TableSpec = TableSpec::new(
    NAME,
    "by_counterparty",
    "Concentration by counterparty",
    &[
        &[
            ColumnSpec::party("party", "the group whose total it is"),
            ColumnSpec::text("of", "the question: backlog, revenue, supply or funding"),
            ColumnSpec::reading(),
            ColumnSpec::party(
                "counterparty",
                "the group that has a part of the total, `outside`, `not explained by the web`, or `total`",
            ),
            ColumnSpec::money("amount", "the counterparty's part of the total").by(AMOUNT),
            ColumnSpec::share("share", "the part as a share of the total").by(SHARE),
            ColumnSpec::number(
                "hhi",
                Unit::Number { digits: 0 },
                "the Herfindahl-Hirschman index, of totals only",
            )
            .titled("HHI")
            .by("sum of the squares of all shares in per cent"),
            ColumnSpec::number(
                "effective_number",
                Unit::Number { digits: 1 },
                "the number of equal counterparties with the same index, of totals only",
            )
            .by("10,000 / {hhi}"),
        ],
        &cancels::COLUMNS,
    ],
)
.filled_by("contracts under which a group is paid by others")
.of_each("counterparty")
.by_size("amount");

pub(super) const AMOUNT: &str = "what comes from the counterparty, or goes to it, by the question in `of`";
pub(super) const SHARE: &str = "the amount / the total of the question";
